#include "app/analyse_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

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

/// One column of numbers, a checkpoint each. JSON has null for what is not known.
template <class Place, class Of>
std::vector<double> column(const std::vector<Place>& places, Of of) {
    std::vector<double> values;
    for (const auto& place : places) values.push_back(of(place));
    return values;
}

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

/// Columns over checkpoints: the noise along the way out of each.
Json noise_json(const std::vector<PlaceNoise>& noise) {
    const auto of = [&](auto number) { return column(noise, number); };
    return {{"a", of([](const auto& p) { return p.noise.a; })},
            {"sigma", of([](const auto& p) { return p.noise.sigma; })},
            {"tau", of([](const auto& p) { return p.noise.tau; })},
            {"rho", of([](const auto& p) { return p.noise.rho; })},
            {"noise_over_signal", of([](const auto& p) { return p.noise_over_signal.value_or(not_known); })},
            {"ratio", of([](const auto& p) { return p.ratio.value_or(not_known); })}};
}

Json plateaus_json(const AnalysedRun& analysed) {
    Json plateaus = Json::array();
    const auto& run = analysed.run;
    const auto& found = analysed.found;
    for (const auto& visit : analysed.plateaus) {
        const auto& place = found.places[visit.place];
        plateaus.push_back(
            {{"from", run.steps[visit.plateau.first]},
             {"to", run.steps[visit.plateau.last]},
             {"is_end", visit.plateau.is_end},
             {"step", run.steps[visit.place]},
             {"checkpoint", visit.place},
             {"loss", place.loss},
             {"index", place.index},
             {"index_is_exact", place.index_is_exact},
             {"visit", place.visit ? Json(*place.visit) : Json(nullptr)},
             {"matrix_ratio",
              visit.matrix ? to_json(Estimate{visit.matrix->rate, visit.matrix->error}) : Json(nullptr)},
             {"verdict", visit.verdict}});
    }
    return plateaus;
}

Json features_json(const LandscapeFile& file, const FeatureMap& map) {
    const auto each = [&](auto of) {
        Json list = Json::array();
        for (const auto& gate : map.gates) list.push_back(of(gate));
        return list;
    };
    const bool pixels = std::any_of(file.resolved.begin(), file.resolved.end(), [](const ResolvedKey& key) {
        return key.key == "data.set" && key.value == "\"digits\"";
    });
    return {{"columns", file.problem->data.columns},
            {"side", pixels ? Json(8) : Json(nullptr)},
            {"off", each([](const GateFate& gate) { return gate.off; })},
            {"predicted", each([](const GateFate& gate) { return gate.predicted; })},
            {"by_origin", each([](const GateFate& gate) { return gate.by_origin; })},
            {"paths", map.paths},
            {"off_below", file.run.off_below},
            {"off_share", map.off_share},
            {"pairs", map.pairs},
            {"right", map.right},
            {"right_by_origin", map.right_by_origin},
            {"all_or_none", map.all_or_none}};
}

std::string plateau_lines(const AnalysedRun& analysed) {
    std::string text =
        "plateaus: stretches in which the loss falls at less than a quarter of the mean rate, and the end of "
        "the run\n";
    for (const auto& visit : analysed.plateaus) {
        const auto& place = analysed.found.places[visit.place];
        const auto near =
            place.visit ? fmt::format(", near {}", visit_name(analysed.found, *place.visit)) : "";
        text += fmt::format("  steps {:g} to {:g}{}: loss {:.6g}, index {}{}\n",
                            analysed.run.steps[visit.plateau.first], analysed.run.steps[visit.plateau.last],
                            visit.plateau.is_end ? " (the end)" : "", place.loss,
                            index_text(place.index, place.index_is_exact), near);
        if (analysed.noise.empty() || !(analysed.noise[visit.place].noise.a > 0)) continue;
        const auto& noise = analysed.noise[visit.place];
        text += fmt::format("    way out: a {:.4g}, sigma {:.4g}, tau {:.4g}", noise.noise.a,
                            noise.noise.sigma, noise.noise.tau);
        if (noise.ratio)
            text += fmt::format("; l sigma^2/(2 a b) {:.3g}, R {:.3g} of one axis", *noise.noise_over_signal,
                                *noise.ratio);
        if (visit.matrix)
            text += fmt::format(", {:.3g}({:.1g}) of whole matrices: {}", visit.matrix->rate,
                                visit.matrix->error, visit.verdict);
        text += "\n";
    }
    if (analysed.plateaus.empty()) text += "  none\n";
    return text;
}

std::string features_lines(const LandscapeFile& file, const FeatureMap& map) {
    const auto share = [&](std::uint64_t count) {
        return 100 * static_cast<double>(count) / static_cast<double>(map.pairs);
    };
    return fmt::format(
        "gates that noise has switched off, weights below {:g}: {:.1f} % of {} pairs of a path and a gate; "
        "{} of {} gates "
        "alike in nine tenths of the paths\n"
        "  right of them: {:.1f} % by the errors of the other gates, {:.1f} % by those at zero\n",
        file.run.off_below, 100 * map.off_share, map.pairs, map.all_or_none, map.gates.size(),
        share(map.right), share(map.right_by_origin));
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
    const auto& run = analysed.run;
    const auto& found = analysed.found;
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
    text += plateau_lines(analysed);
    if (analysed.features) text += features_lines(file, *analysed.features);
    return text;
}

Json analysis_json(const LandscapeFile& file, const AnalysedRun& analysed) {
    const auto& run = analysed.run;
    const auto& found = analysed.found;
    auto json = landscape_json(file);
    Json near = Json::array(), exact = Json::array(), ahead = Json::array();
    for (const auto& place : found.places) {
        near.push_back(place.visit ? Json(*place.visit) : Json(nullptr));
        ahead.push_back(place.ahead ? Json(*place.ahead) : Json(nullptr));
        exact.push_back(place.index_is_exact);
    }
    json.update(
        Json{{"checkpoints", run.points.size()},
             {"near", file.run.questions.near},
             {"searches", found.searches},
             {"searches_elsewhere", found.elsewhere},
             {"step", run.steps},
             {"loss", column(found.places, [](const auto& p) { return p.loss; })},
             {"gradient", column(found.places, [](const auto& p) { return p.gradient; })},
             {"smallest", column(found.places, [](const auto& p) { return p.smallest; })},
             {"bound", column(found.places, [](const auto& p) { return p.bound; })},
             {"largest", column(found.places, [](const auto& p) { return p.largest; })},
             {"index", column(found.places, [](const auto& p) { return static_cast<double>(p.index); })},
             {"index_is_exact", exact},
             {"downhill", column(found.places, [](const auto& p) { return p.downhill; })},
             {"ahead", ahead},
             {"visit", near},
             {"visits", visits_json(file, found)},
             {"plateaus", plateaus_json(analysed)},
             {"noise", analysed.noise.empty() ? Json(nullptr) : noise_json(analysed.noise)},
             {"learning_rate", file.run.taken.learning_rate},
             {"batch_size", file.run.taken.batch},
             {"title", file.run.title},
             {"caption", file.run.caption},
             {"features", analysed.features ? features_json(file, *analysed.features) : Json(nullptr)}});
    return json;
}

static void write_noise(Hdf5File& file, const std::vector<PlaceNoise>& noise) {
    const auto write = [&](const char* name, const char* meaning, auto of) {
        if (!noise.empty()) file.dataset<double>(name, column(noise, of), {"step"}, "1", meaning);
    };
    write("a", "minus the samples' mean curvature along the escape direction",
          [](const PlaceNoise& p) { return p.noise.a; });
    write("sigma", "its deviation over the samples", [](const PlaceNoise& p) { return p.noise.sigma; });
    write("tau", "deviation of the samples' slopes along it",
          [](const PlaceNoise& p) { return p.noise.tau; });
    write("noise_over_signal", "l sigma^2/(2 a b)",
          [](const PlaceNoise& p) { return p.noise_over_signal.value_or(not_known); });
    write("ratio", "growth rate of one axis over that of gradient descent",
          [](const PlaceNoise& p) { return p.ratio.value_or(not_known); });
}

void write_hdf5(const OutputFolder& folder, const LandscapeFile& landscape, const AnalysedRun& analysed) {
    const auto& run = analysed.run;
    const auto& found = analysed.found;
    Hdf5File file;
    begin_hdf5(file, landscape);
    std::vector<std::uint64_t> parameters, index, exact, visit;
    std::vector<double> ahead, escape;
    for (std::uint64_t i = 0; i < landscape.landscape->size(); ++i) parameters.push_back(i);
    for (const auto& place : found.places) {
        index.push_back(place.index), exact.push_back(place.index_is_exact);
        visit.push_back(place.visit.value_or(found.visits.size()));
        ahead.push_back(place.ahead.value_or(not_known));
        escape.insert(escape.end(), place.escape.begin(), place.escape.end());
    }
    file.coordinate<double>("step", run.steps, "steps", "when each checkpoint was kept");
    file.coordinate<std::uint64_t>("parameter", parameters, "1", "number of the parameter");
    const auto numbers = [&](const char* name, const std::vector<double>& values, const char* meaning) {
        file.dataset<double>(name, values, {"step"}, "1", meaning);
    };
    numbers("loss", column(found.places, [](const auto& p) { return p.loss; }), "value");
    numbers("gradient", column(found.places, [](const auto& p) { return p.gradient; }),
            "length of the gradient");
    numbers("smallest", column(found.places, [](const auto& p) { return p.smallest; }),
            "eigenvalue of the Hessian, or Ritz value");
    numbers("bound", column(found.places, [](const auto& p) { return p.bound; }),
            "an eigenvalue lies within it");
    numbers("largest", column(found.places, [](const auto& p) { return p.largest; }), "of the other end");
    numbers("threshold", column(found.places, [](const auto& p) { return p.threshold; }),
            "what counts as zero");
    numbers("downhill", column(found.places, [](const auto& p) { return p.downhill; }),
            "cosine between the escape direction and minus the gradient");
    numbers("ahead", ahead, "cosine between the escape direction and the way to the next checkpoint");
    numbers("distance",
            column(found.places, [](const auto& p) { return p.visit ? p.distance : std::nan(""); }),
            "to the critical point it is near to");
    file.dataset<std::uint64_t>("index", index, {"step"}, "1", "eigenvalues below minus the threshold");
    file.dataset<std::uint64_t>("index_is_exact", exact, {"step"}, "1", "0: there are at least so many");
    file.dataset<std::uint64_t>(
        "visit", visit, {"step"}, "1",
        "place among the points of analyse.json's visits; their number: near to none");
    file.dataset<double>("escape", escape, {"step", "parameter"}, "1",
                         "direction of the smallest eigenvalue, of length 1, downhill");
    write_noise(file, analysed.noise);
    folder.write("data.h5", file.bytes());
}

void write_checkpoints(const OutputFolder& folder, const TrainedPaths& trained) {
    Hdf5File file;
    std::vector<double> parameters;
    for (std::size_t k = 0; k < trained.steps.size(); ++k)
        parameters.insert(parameters.end(), trained.at(k, 0), trained.at(k, 0) + trained.parameters);
    const std::vector<double> steps(trained.steps.begin(), trained.steps.end());
    file.array("step", steps, {steps.size()}, "steps", "when each checkpoint was kept");
    file.array("parameters", parameters, {trained.steps.size(), trained.parameters}, "1",
               "of the first path, in the order of the network");
    if (trained.paths > 1)
        file.array("paths", trained.states, {trained.steps.size(), trained.paths, trained.parameters}, "1",
                   "the parameters of all paths");
    folder.write("checkpoints.h5", file.bytes());
}

}  // namespace noisetrap
