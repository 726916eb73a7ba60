#include "app/output_json.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <system_error>

#include "engine/error.hpp"
#include "engine/input/observed.hpp"
#include "engine/version.hpp"

namespace noisetrap {
namespace {

Json at_probabilities(const std::vector<double>& probabilities, const auto& findings) {
    Json quantiles = Json::object();
    for (std::size_t i = 0; i < findings.size(); ++i)
        quantiles[fmt::format("{}", probabilities[i])] = to_json(findings[i]);
    return quantiles;
}

Json to_json(const TimeFindings& f, const Config& config) {
    Json at = {{"t", f.t},
               {"finite", f.finite},
               {"non_finite", f.non_finite},
               {"out_of_range", f.out_of_range},
               {"zero", f.zero},
               {"mean", to_json(f.mean)},
               {"variance", to_json(f.variance)},
               {"mean_log_abs", to_json(f.mean_log_abs)},
               {"variance_log_abs", to_json(f.variance_log_abs)},
               {"quantiles", at_probabilities(config.quantiles, f.quantiles)}};
    at["cdf"] = Json::array();
    for (std::size_t i = 0; i < f.cdf.size(); ++i) {
        Json entry = {{"x", config.cdf_at[i]}};
        entry.update(to_json(f.cdf[i]));
        at["cdf"].push_back(entry);
    }
    return at;
}

Json to_json(const PassageFindings& f, const Config& config) {
    const auto& s = config.simulation;
    return {{"radius", f.radius},
            {"of", watched_text(s)},
            {"side", exit_side_names[static_cast<int>(s.observe.exit_side)]},
            {"bridge", config.simulation.observe.exit == ExitWatch::with_bridge},
            {"exited", f.exited},
            {"upper", f.upper},
            {"lower", f.lower},
            {"not_exited", f.not_exited},
            {"mean_time", to_json(f.mean_time)},
            {"restricted_mean_time", to_json(f.restricted_mean)},
            {"upper_odds", to_json(f.upper_odds)},
            {"inside_at_end", to_json(f.inside_at_end)},
            {"quantiles", at_probabilities(config.quantiles, f.quantiles)}};
}

}  // namespace

const char* precision_name(Precision p) {
    constexpr const char* names[] = {"mixed", "double", "single"};
    return names[static_cast<int>(p)];
}

void refuse_standard_output() {
    if (errno == EPIPE) throw std::system_error(EPIPE, std::generic_category());
    throw InputError("standard output cannot be written");
}

void print_alone(const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        refuse_standard_output();
}

Json resolved_input(const std::vector<ResolvedKey>& resolved) {
    Json input = Json::object();
    for (const auto& key : resolved) input[key.key] = Json::parse(key.value, nullptr, false);
    return input;
}

Json finite(double x) { return std::isfinite(x) ? Json(x) : Json(nullptr); }

Json or_null(const std::optional<double>& x) { return x ? finite(*x) : Json(nullptr); }

Json to_json(const Estimate& e) {
    return {{"value", finite(e.value)}, {"standard_error", finite(e.standard_error)}};
}

Json to_json(const Finding& f) {
    Json json = to_json(f.estimate);
    json["theory"] = finite(f.theory.sde);
    json["theory_scheme"] = finite(f.theory.scheme);
    if (!std::isnan(f.theory.stationary)) json["theory_stationary"] = finite(f.theory.stationary);
    return json;
}

static Json quantiles_json(const std::vector<Estimate>& quantiles, const Config& config) {
    Json json = Json::array();
    for (std::size_t i = 0; i < quantiles.size(); ++i) {
        json.push_back(to_json(quantiles[i]));
        json.back()["probability"] = config.quantiles[i];
    }
    return json;
}

static Json to_json(const LargestFindings& f, const Config& config) {
    Json beyond = Json::array();
    for (std::size_t i = 0; i < f.radii.size(); ++i) {
        beyond.push_back(to_json(f.beyond[i]));
        beyond.back()["radius"] = f.radii[i];
    }
    return {{"beyond", beyond}, {"quantiles", quantiles_json(f.quantiles, config)}};
}

static Json to_json(const InsideFindings& f, const Config& config) {
    return {{"radius", f.radius},
            {"mean_time", to_json(f.mean_time)},
            {"quantiles", quantiles_json(f.quantiles, config)}};
}

static Json to_json(const SpectrumFindings& f) {
    Json exponents = Json::array();
    for (const auto& exponent : f.exponents) exponents.push_back(to_json(exponent));
    return {{"exponents", exponents}, {"sum", to_json(f.sum)}};
}

static Json to_json(const RareFindings& f, const Simulation& s) {
    const auto& families = *s.observe.families;
    return {{"coordinate", observed_text(s)},
            {"level", families.level},
            {"back", finite(families.back)},
            {"t_end", s.time(s.steps)},
            {"families", s.paths},
            {"walks", families.walks},
            {"odds", to_json(f.odds)},
            {"deviation_of_family", finite(f.deviation)},
            {"empty_families", f.empty},
            {"plain_paths", finite(f.plain_paths)}};
}

/// Where it is controlled, the plain mean stands beside it.
static Json growth_json(const Findings& findings) {
    Json json = to_json(findings.growth_rate);
    json["controlled"] = findings.plain_growth_rate.has_value();
    if (findings.plain_growth_rate) json["plain"] = to_json(*findings.plain_growth_rate);
    return json;
}

Json summary_json(const Config& config, const RunFacts& facts, const Findings& findings) {
    const auto& s = config.simulation;
    Json json = {{"noisetrap", version()},
                 {"revision", revision()},
                 {"model", s.entry->model},
                 {"method", s.entry->method},
                 {"input", resolved_input(config.resolved)},
                 {"observed", observed_text(s)},
                 {"seed", s.seed},
                 {"paths", s.paths},
                 {"steps", s.steps},
                 {"dt", s.dt},
                 {"t_end", s.time(s.steps)},
                 {"non_finite", findings.non_finite},
                 {"backend", facts.backend},
                 {"device", facts.device},
                 {"instruction_set", facts.instruction_set},
                 {"ranks", facts.ranks},
                 {"threads", facts.threads},
                 {"lanes", facts.lanes},
                 {"chunk", facts.chunk},
                 {"precision", precision_name(s.run.precision)},
                 {"arithmetic", s.run.arithmetic == Arithmetic::fast ? "fast" : "exact"},
                 {"wall_seconds", facts.wall_seconds},
                 {"path_steps", facts.path_steps},
                 {"path_steps_per_second", facts.path_steps_per_second()},
                 {"quantile_relative_error", Sketch::relative_error}};
    json["growth_rate"] = s.observe.growth ? growth_json(findings) : Json(nullptr);
    json["times"] = Json::array();
    for (const auto& at : findings.times) json["times"].push_back(to_json(at, config));
    if (findings.largest) json["largest"] = to_json(*findings.largest, config);
    if (findings.inside) json["inside"] = to_json(*findings.inside, config);
    if (findings.spectrum) json["spectrum"] = to_json(*findings.spectrum);
    if (findings.rare) {
        json["rare"] = to_json(*findings.rare, s);
        // How many steps walks take is not counted.
        for (const char* key : {"path_steps", "path_steps_per_second"}) json[key] = nullptr;
    }
    json["first_passage"] = findings.first_passage ? to_json(*findings.first_passage, config) : Json(nullptr);
    return json;
}

}  // namespace noisetrap
