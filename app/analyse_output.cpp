#include "app/analyse_output.hpp"

#include <fmt/format.h>

#include <cmath>

#include "app/hdf5_file.hpp"
#include "app/landscape_output.hpp"

namespace noisetrap {
namespace {

constexpr std::size_t most_lines = 24;

/// What theory calls it, or a number.
std::string visit_name(const RunAnalysis& found, std::size_t visit) {
    const auto& known = found.visits[visit].point.known;
    return known ? found.known[*known].name : fmt::format("point {}", visit + 1);
}

std::string place_line(const AnalysedRun& analysed, std::size_t k) {
    const auto& place = analysed.found.places[k];
    const auto near = place.visit ? fmt::format("{} ({:.2g} away)", visit_name(analysed.found, *place.visit),
                                                place.distance)
                                  : "-";
    return fmt::format("  {:>10g} {:>13.8g} {:>11.4g} {:>11.5g} {:>9.2g} {:>7} {:>9.3f}   {}\n",
                       analysed.run.steps[k], place.loss, place.gradient, place.smallest, place.bound,
                       index_text(place.index, place.index_is_exact), place.downhill, near);
}

std::string visit_line(const LandscapeFile& file, const RunAnalysis& found, std::size_t number) {
    const auto& visit = found.visits[number];
    const auto& kind = visit.point.kind;
    return fmt::format("  {:<20} {:<10} {:>13.8g} {:>7} {:>11} {:>9g} {:>9g} {:>9g} {:>9.2g}\n",
                       visit_name(found, number), word_for(kind, file.landscape->size()), kind.loss,
                       index_text(kind.index, kind.index_is_exact), visit.point.found, visit.steps,
                       visit.from, visit.to, visit.closest);
}

/// One column of numbers, a checkpoint each.
template <class Of>
std::vector<double> column(const RunAnalysis& found, Of of) {
    std::vector<double> values;
    for (const auto& place : found.places) values.push_back(of(place));
    return values;
}

Json visits_json(const LandscapeFile& file, const RunAnalysis& found) {
    Json visits = Json::array();
    for (std::size_t v = 0; v < found.visits.size(); ++v) {
        const auto& visit = found.visits[v];
        auto json = kind_json(visit.point.kind, file.landscape->size());
        json["name"] = visit_name(found, v);
        json["known"] = visit.point.known ? Json(*visit.point.known) : Json(nullptr);
        json["checkpoints"] = visit.point.found;
        json["steps"] = visit.steps;
        json["from"] = visit.from;
        json["to"] = visit.to;
        json["closest"] = visit.closest;
        visits.push_back(json);
    }
    return visits;
}

}  // namespace

std::string analysis_text(const LandscapeFile& file, const AnalysedRun& analysed, double seconds) {
    const auto& [run, found] = analysed;
    auto text = loss_text(file);
    text += fmt::format("{} checkpoints from step {:g} to {:g}; {:.3g} s\n", run.points.size(),
                        run.steps.front(), run.steps.back(), seconds);
    text += fmt::format("  {:>10} {:>13} {:>11} {:>11} {:>9} {:>7} {:>9}   {}\n", "step", "loss",
                        "|gradient|", "smallest", "within", "index", "downhill", "near");
    const std::size_t count = run.points.size(), lines = std::min(count, most_lines);
    for (std::size_t line = 0; line < lines; ++line)
        text += place_line(analysed, lines == 1 ? 0 : line * (count - 1) / (lines - 1));
    if (lines < count) text += fmt::format("  {} of {} checkpoints are shown\n", lines, count);
    text += fmt::format(
        "critical points that the run came near, within {:g} (1 + |x|); {} searches, {} of which "
        "ended elsewhere\n",
        file.run.questions.near, found.searches, found.elsewhere);
    text += fmt::format("  {:<20} {:<10} {:>13} {:>7} {:>11} {:>9} {:>9} {:>9} {:>9}\n", "point", "kind",
                        "loss", "index", "checkpoints", "steps", "from", "to", "closest");
    for (std::size_t v = 0; v < found.visits.size(); ++v) text += visit_line(file, found, v);
    if (found.visits.empty()) text += "  none\n";
    return text;
}

Json analysis_json(const LandscapeFile& file, const AnalysedRun& analysed) {
    const auto& [run, found] = analysed;
    auto json = landscape_json(file);
    Json near = Json::array(), exact = Json::array(), ahead = Json::array();
    for (const auto& place : found.places) {
        near.push_back(place.visit ? Json(*place.visit) : Json(nullptr));
        ahead.push_back(place.ahead ? Json(*place.ahead) : Json(nullptr));
        exact.push_back(place.index_is_exact);
    }
    json.update(Json{{"checkpoints", run.points.size()},
                     {"near", file.run.questions.near},
                     {"searches", found.searches},
                     {"searches_elsewhere", found.elsewhere},
                     {"step", run.steps},
                     {"loss", column(found, [](const auto& p) { return p.loss; })},
                     {"gradient", column(found, [](const auto& p) { return p.gradient; })},
                     {"smallest", column(found, [](const auto& p) { return p.smallest; })},
                     {"bound", column(found, [](const auto& p) { return p.bound; })},
                     {"largest", column(found, [](const auto& p) { return p.largest; })},
                     {"index", column(found, [](const auto& p) { return static_cast<double>(p.index); })},
                     {"index_is_exact", exact},
                     {"downhill", column(found, [](const auto& p) { return p.downhill; })},
                     {"ahead", ahead},
                     {"visit", near},
                     {"visits", visits_json(file, found)}});
    return json;
}

void write_hdf5(const OutputFolder& folder, const LandscapeFile& landscape, const AnalysedRun& analysed) {
    const auto& [run, found] = analysed;
    Hdf5File file;
    begin_hdf5(file, landscape);
    std::vector<std::uint64_t> parameters, index, exact, visit;
    std::vector<double> ahead, escape;
    for (std::uint64_t i = 0; i < landscape.landscape->size(); ++i) parameters.push_back(i);
    for (const auto& place : found.places) {
        index.push_back(place.index), exact.push_back(place.index_is_exact);
        visit.push_back(place.visit.value_or(found.visits.size()));
        ahead.push_back(place.ahead.value_or(std::nan("")));
        escape.insert(escape.end(), place.escape.begin(), place.escape.end());
    }
    file.coordinate<double>("step", run.steps, "steps", "when each checkpoint was kept");
    file.coordinate<std::uint64_t>("parameter", parameters, "1", "number of the parameter");
    const auto numbers = [&](const char* name, const std::vector<double>& values, const char* meaning) {
        file.dataset<double>(name, values, {"step"}, "1", meaning);
    };
    numbers("loss", column(found, [](const auto& p) { return p.loss; }), "value");
    numbers("gradient", column(found, [](const auto& p) { return p.gradient; }), "length of the gradient");
    numbers("smallest", column(found, [](const auto& p) { return p.smallest; }),
            "eigenvalue of the Hessian, or Ritz value");
    numbers("bound", column(found, [](const auto& p) { return p.bound; }), "an eigenvalue lies within it");
    numbers("largest", column(found, [](const auto& p) { return p.largest; }), "of the other end");
    numbers("threshold", column(found, [](const auto& p) { return p.threshold; }), "what counts as zero");
    numbers("downhill", column(found, [](const auto& p) { return p.downhill; }),
            "cosine between the escape direction and minus the gradient");
    numbers("ahead", ahead, "cosine between the escape direction and the way to the next checkpoint");
    numbers("distance", column(found, [](const auto& p) { return p.visit ? p.distance : std::nan(""); }),
            "to the critical point it is near to");
    file.dataset<std::uint64_t>("index", index, {"step"}, "1", "eigenvalues below minus the threshold");
    file.dataset<std::uint64_t>("index_is_exact", exact, {"step"}, "1", "0: there are at least so many");
    file.dataset<std::uint64_t>(
        "visit", visit, {"step"}, "1",
        "place among the points of analyse.json's visits; their number: near to none");
    file.dataset<double>("escape", escape, {"step", "parameter"}, "1",
                         "direction of the smallest eigenvalue, of length 1, downhill");
    folder.write("data.h5", file.bytes());
}

}  // namespace noisetrap
