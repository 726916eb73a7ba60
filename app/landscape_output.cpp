#include "app/landscape_output.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "app/hdf5_file.hpp"
#include "engine/version.hpp"
#include "models/landscapes/landscapes.hpp"

namespace noisetrap {
namespace {

/// Spectra of more numbers than this are in data.h5 alone.
constexpr std::size_t most_in_json = 200000;

Json values_json(const LandscapeValues& values) {
    Json json = Json::object();
    for (const auto& [key, value] : values) std::visit([&, &k = key](const auto& v) { json[k] = v; }, value);
    return json;
}

std::string values_text(const LandscapeValues& values) {
    std::vector<std::string> parts;
    for (const auto& [key, value] : values) {
        const auto* number = std::get_if<double>(&value);
        parts.push_back(
            number ? fmt::format("{} = {:g}", key, *number)
                   : fmt::format("{} = [{:g}]", key, fmt::join(std::get<std::vector<double>>(value), ", ")));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string name_of(const std::vector<KnownPoint>& known, const FoundPoint& point) {
    return point.known ? known[*point.known].name : known.empty() ? "-" : "not on theory's list";
}

/// 4 (4 by symmetry).
std::string flat_text(const PointKind& kind) {
    if (!kind.index_is_exact) return "?";
    return kind.flat == 0
               ? "0"
               : fmt::format("{} ({} by symmetry)", kind.flat, std::min(kind.flat, kind.by_symmetry));
}

std::string point_line(const LandscapeFile& file, const Survey& survey, const FoundPoint& p) {
    std::string exact = "-";
    if (p.known) {
        const auto& known = survey.known[*p.known];
        exact = fmt::format("{:.6g}, index {}", known.loss, known.index);
    }
    return fmt::format("  {:<24} {:>6}  {:<10} {:>13.10g} {:>7}  {:<20} {:>10.4g} {:>10.4g}   {}\n",
                       name_of(survey.known, p), p.found, word_for(p.kind, file.landscape->size()),
                       p.kind.loss, index_text(p.kind.index, p.kind.index_is_exact), flat_text(p.kind),
                       p.kind.smallest, p.kind.largest, exact);
}

/// A table of rows of `width` numbers each.
void append(std::vector<double>& table, const std::vector<double>& row) {
    table.insert(table.end(), row.begin(), row.end());
}

std::vector<std::uint64_t> numbered(std::size_t count) {
    std::vector<std::uint64_t> numbers(count);
    for (std::size_t i = 0; i < count; ++i) numbers[i] = i;
    return numbers;
}

void write_ends(Hdf5File& file, const Survey& survey) {
    std::vector<std::uint64_t> outcomes, points;
    std::vector<double> losses, gradients;
    for (const auto& end : survey.ends) {
        outcomes.push_back(static_cast<std::uint64_t>(end.outcome));
        points.push_back(end.point.value_or(survey.points.size()));
        losses.push_back(end.loss), gradients.push_back(end.gradient);
    }
    file.coordinate<std::uint64_t>("start", numbered(survey.ends.size()), "1", "number of the start");
    file.dataset<std::uint64_t>("outcome", outcomes, {"start"}, "1",
                                "0 converged, 1 gradient-flat, 2 budget");
    file.dataset<std::uint64_t>("found_point", points, {"start"}, "1",
                                "place among the points; their number where it has not converged");
    file.dataset<double>("end_loss", losses, {"start"}, "1", "loss where the search ended");
    file.dataset<double>("end_gradient", gradients, {"start"}, "1", "length of the gradient there");
}

void write_points(Hdf5File& file, const Survey& survey, std::size_t parameters) {
    std::vector<std::uint64_t> found, index, flat, by_symmetry, known;
    std::vector<double> loss, gradient, threshold, at, spectrum;
    const std::size_t width = survey.points.front().kind.spectrum.size();
    for (const auto& p : survey.points) {
        found.push_back(p.found), index.push_back(p.kind.index), flat.push_back(p.kind.flat);
        by_symmetry.push_back(p.kind.by_symmetry), known.push_back(p.known.value_or(survey.known.size()));
        loss.push_back(p.kind.loss), gradient.push_back(p.kind.gradient),
            threshold.push_back(p.kind.threshold);
        auto row = p.kind.spectrum;
        row.resize(width, std::nan(""));
        append(at, p.at), append(spectrum, row);
    }
    file.coordinate<std::uint64_t>("point", numbered(survey.points.size()), "1",
                                   "points found, rising in loss");
    file.coordinate<std::uint64_t>("parameter", numbered(parameters), "1", "number of the parameter");
    file.coordinate<std::uint64_t>("eigenvalue", numbered(width), "1", "number of the eigenvalue, rising");
    file.dataset<std::uint64_t>("found", found, {"point"}, "starts", "that ended there");
    file.dataset<double>("loss", loss, {"point"}, "1", "value there");
    file.dataset<double>("gradient", gradient, {"point"}, "1", "length of the gradient");
    file.dataset<std::uint64_t>("index", index, {"point"}, "1",
                                "eigenvalues below minus the threshold; from below where n > 2000");
    file.dataset<std::uint64_t>("flat", flat, {"point"}, "1", "eigenvalues within the threshold");
    file.dataset<std::uint64_t>("by_symmetry", by_symmetry, {"point"}, "1", "directions of symmetries");
    file.dataset<double>("threshold", threshold, {"point"}, "1", "what counts as zero");
    file.dataset<std::uint64_t>("known_point", known, {"point"}, "1",
                                "place among the known points; their number where it is none");
    file.dataset<double>("at", at, {"point", "parameter"}, "1", "one of the family");
    file.dataset<double>("spectrum", spectrum, {"point", "eigenvalue"}, "1",
                         "of the Hessian, rising; Ritz values where n > 2000");
}

void write_known(Hdf5File& file, const Survey& survey) {
    std::vector<std::string> names;
    std::vector<std::uint64_t> index, flat;
    std::vector<double> loss, spectrum;
    for (const auto& known : survey.known) {
        names.push_back(known.name), loss.push_back(known.loss);
        index.push_back(known.index), flat.push_back(known.flat());
        append(spectrum, known.spectrum);
    }
    file.group("known");
    file.coordinate("known/name", names, "critical points that theory lists, rising in loss");
    file.coordinate<std::uint64_t>("known/eigenvalue", numbered(survey.known.front().spectrum.size()), "1",
                                   "number of the eigenvalue, rising");
    file.dataset<double>("known/loss", loss, {"known/name"}, "1", "exact");
    file.dataset<std::uint64_t>("known/index", index, {"known/name"}, "1", "exact");
    file.dataset<std::uint64_t>("known/flat", flat, {"known/name"}, "1", "exact");
    file.dataset<double>("known/spectrum", spectrum, {"known/name", "known/eigenvalue"}, "1", "exact");
}

}  // namespace

Json kind_json(const PointKind& kind, std::size_t parameters) {
    return {{"loss", finite(kind.loss)},
            {"gradient", finite(kind.gradient)},
            {"kind", word_for(kind, parameters)},
            {"index", kind.index},
            {"index_is_exact", kind.index_is_exact},
            {"flat", kind.index_is_exact ? Json(kind.flat) : Json(nullptr)},
            {"by_symmetry", kind.index_is_exact ? Json(kind.by_symmetry) : Json(nullptr)},
            {"threshold", kind.threshold},
            {"smallest", kind.smallest},
            {"largest", kind.largest}};
}

std::string index_text(std::size_t index, bool is_exact) {
    return fmt::format("{}{}", is_exact ? "" : ">= ", index);
}

std::string loss_text(const LandscapeFile& file) {
    const auto values = values_text(file.values);
    return fmt::format("{}: {}\n{} parameters{}{}\n", file.name, file.formula, file.landscape->size(),
                       values.empty() ? "" : "; ", values);
}

std::string survey_text(const LandscapeFile& file, const Survey& survey, double seconds) {
    const auto& s = file.survey;
    auto text = loss_text(file);
    if (file.at.empty())
        text += fmt::format(
            "{} starts by {}: {} converged, {} gradient-flat, {} neither within the budget; {:.3g} "
            "gradients, {:.3g} s\n",
            s.starts, search_names[static_cast<std::size_t>(s.search.method)],
            survey.count(Outcome::converged), survey.count(Outcome::gradient_flat),
            survey.count(Outcome::budget), static_cast<double>(survey.cost.total()), seconds);
    text += fmt::format("  {:<24} {:>6}  {:<10} {:>13} {:>7}  {:<20} {:>10} {:>10}   {}\n", "point", "found",
                        "kind", "loss", "index", "flat", "smallest", "largest", "exact loss, index");
    for (const auto& point : survey.points) text += point_line(file, survey, point);
    std::vector<std::string> missed;
    for (std::size_t k = 0; k < survey.known.size(); ++k)
        if (survey.found(k) == 0) missed.push_back(survey.known[k].name);
    if (survey.known.empty()) {
        text += file.law.value_or("theory's list of critical points is too long to be made") + "\n";
    } else if (file.at.empty()) {
        const std::size_t shown = std::min<std::size_t>(missed.size(), 12);
        text +=
            fmt::format("{} of {} known points found{}{}{}\n", survey.known.size() - missed.size(),
                        survey.known.size(), missed.empty() ? "" : "; not ",
                        fmt::join(missed.begin(), missed.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                        missed.size() > shown ? ", ..." : "");
    }
    return text;
}

Json landscape_json(const LandscapeFile& file) {
    return {{"noisetrap", version()},
            {"revision", revision()},
            {"landscape", file.name},
            {"formula", file.formula},
            {"source", file.source},
            {"law", file.law ? Json(*file.law) : Json(nullptr)},
            {"parameters", values_json(file.values)},
            {"size", file.landscape->size()}};
}

Json survey_json(const LandscapeFile& file, const Survey& survey) {
    const auto& s = file.survey;
    const std::size_t n = file.landscape->size();
    const bool with_spectra = (survey.points.size() + survey.known.size()) * n <= most_in_json;
    auto json = landscape_json(file);
    json.update(Json{
        {"method", file.at.empty() ? search_names[static_cast<std::size_t>(s.search.method)] : "one point"},
        {"starts", survey.ends.size()},
        {"seed", s.seed},
        {"spread", s.spread},
        {"budget", s.search.budget},
        {"tolerance", s.search.tolerance},
        {"outcomes",
         {{"converged", survey.count(Outcome::converged)},
          {"gradient_flat", survey.count(Outcome::gradient_flat)},
          {"budget", survey.count(Outcome::budget)}}},
        {"gradients", survey.cost.gradients},
        {"products", survey.cost.products},
        {"points", Json::array()},
        {"known", Json::array()}});
    for (const auto& p : survey.points) {
        Json point = {{"name", name_of(survey.known, p)},
                      {"known", p.known ? Json(*p.known) : Json(nullptr)},
                      {"found", p.found}};
        point.update(kind_json(p.kind, n));
        point["spectrum"] = with_spectra ? Json(p.kind.spectrum) : Json(nullptr);
        json["points"].push_back(point);
    }
    for (std::size_t k = 0; k < survey.known.size(); ++k) {
        const auto& p = survey.known[k];
        json["known"].push_back({{"name", p.name},
                                 {"found", survey.found(k)},
                                 {"loss", p.loss},
                                 {"index", p.index},
                                 {"flat", p.flat()},
                                 {"spectrum", with_spectra ? Json(p.spectrum) : Json(nullptr)}});
    }
    return json;
}

void begin_hdf5(Hdf5File& file, const LandscapeFile& landscape) {
    file.attribute("/", "noisetrap", version());
    file.attribute("/", "revision", revision());
    auto resolved = landscape.resolved;
    std::erase_if(resolved, [](const ResolvedKey& key) { return key.key.starts_with("run."); });
    file.text("configuration", to_toml(resolved, false));
}

void write_hdf5(const OutputFolder& folder, const LandscapeFile& landscape, const Survey& survey) {
    Hdf5File file;
    begin_hdf5(file, landscape);
    write_ends(file, survey);
    if (!survey.points.empty()) write_points(file, survey, landscape.landscape->size());
    if (!survey.known.empty()) write_known(file, survey);
    folder.write("data.h5", file.bytes());
}

}  // namespace noisetrap
