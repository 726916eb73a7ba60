#include "app/run_page.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <optional>

#include "analysis/answers/answers.hpp"
#include "analysis/answers/equation.hpp"
#include "app/run_output.hpp"
#include "engine/catalogue/formula_facts.hpp"

namespace noisetrap {
namespace {

constexpr double certain = 4;  // standard errors
constexpr std::uint64_t paths_drawn = 5, points_drawn = 600, paths_beside_one = 64;
constexpr int bins = 60, radii = 41, strengths = 61;

// --- the verdict

/// The exact growth rate of the steps, or what was measured where it tells the sign; not a number where nothing does.
double known_growth(const Finding& growth) {
    if (std::isfinite(growth.theory.scheme)) return growth.theory.scheme;
    const auto& [value, error] = growth.estimate;
    return std::abs(value) > certain * error ? value : unknown;
}

/// The exact growth rate of log|x| near 0, of the steps or else of the SDE, where the equation is not linear.
double growth_at_origin(const Simulation& simulation) {
    if (const auto point = fixed_point_at_zero(simulation)) return point->growth;
    const double of_steps = answer(Quantity::growth_at_origin, Of::scheme, {simulation});
    return std::isfinite(of_steps) ? of_steps : answer(Quantity::growth_at_origin, Of::sde, {simulation});
}

/// Paths of an equation that is not linear may come together away from 0, as in the wells beside a saddle. That is no trap.
std::string trapped_sentence(const Config& config, const Findings& findings) {
    if (!config.simulation.observe.growth) return "";
    const double growth = known_growth(findings.growth_rate);
    const char* unit = config.simulation.entry->formulation == Formulation::sde ? "unit of time" : "step";
    if (std::isnan(growth) && std::isnan(findings.growth_rate.estimate.value))
        return "trapped or not: no growth rate was measured";
    if (std::isnan(growth)) return "trapped or not: the growth rate does not tell; more paths or steps would";
    // Of several variables that are not linear, paths may come together anywhere, as on a cycle: that is no trap.
    const auto* formula = config.simulation.entry->formula.get();
    if (formula && formula->is_system() && !formula->is_affine)
        return fmt::format("paths {}: log|dx| {} by {:.4g} a {}", growth < 0 ? "come together" : "part",
                           growth < 0 ? "falls" : "grows", std::abs(growth), unit);
    const double at_origin = growth < 0 ? growth_at_origin(config.simulation) : unknown;
    if (at_origin > 0)
        return fmt::format(
            "not trapped at 0, where log|x| grows by {:.4g} a {}; elsewhere paths come together: log|dx| "
            "falls by {:.4g}",
            at_origin, unit, -growth);
    return fmt::format("{}: log|dx| {} by {:.4g} a {}", growth < 0 ? "trapped" : "not trapped",
                       growth < 0 ? "falls" : "grows", std::abs(growth), unit);
}

/// How far an estimate lies from its stationary value, in standard errors; 0 where that is not known.
double distance(const Finding& f) {
    if (!std::isfinite(f.theory.stationary) || !(f.estimate.standard_error > 0)) return 0;
    return std::abs(f.estimate.value - f.theory.stationary) / f.estimate.standard_error;
}

std::string stationary_sentence(const Config& config, const Findings& findings) {
    if (findings.times.empty()) return "";
    const auto& last = findings.times.back();
    const auto knows = [](const Finding& f) { return std::isfinite(f.theory.stationary); };
    if (std::none_of(last.quantiles.begin(), last.quantiles.end(), knows)) return "";
    const auto farthest =
        std::max_element(last.quantiles.begin(), last.quantiles.end(),
                         [](const Finding& a, const Finding& b) { return distance(a) < distance(b); });
    const double off = distance(*farthest);
    if (off <= certain && !short_run_warning(config, findings).empty())
        return "";  // the warning says that it is too early
    if (off <= certain) return fmt::format("stationary at t = {:g}, as far as these paths tell", last.t);
    const auto at = static_cast<std::size_t>(farthest - last.quantiles.begin());
    return fmt::format(
        "not stationary yet: at t = {:g} the {:g} quantile lies {} standard errors from its limit", last.t,
        config.quantiles[at], fmt::format("{:.{}f}", off, off < 100 ? 1 : 0));
}

// --- a few paths

/// Fewer where that would cost more than a little of the run; none where the run itself was on another machine's kernels.
Json paths_json(const Config& config, const RunFacts& facts) {
    const auto& s = config.simulation;
    if (facts.backend == "cuda" || s.observe.families) return nullptr;
    const auto count =
        std::min({paths_drawn, s.paths, std::max<std::uint64_t>(1, s.paths / paths_beside_one)});
    std::vector<std::uint64_t> steps;
    const auto every = (s.steps + points_drawn - 1) / points_drawn;
    for (std::uint64_t step = 0; step < s.steps; step += every) steps.push_back(step);
    steps.push_back(s.steps);
    Json json = {{"t", Json::array()}, {"x", Json::array()}};
    for (const auto step : steps) json["t"].push_back(s.time(step));
    for (std::uint64_t path = 0; path < count; ++path) {
        Json x = Json::array();
        for (const double value : replay(s, 0, path, steps)) x.push_back(finite(value));
        json["x"].push_back(std::move(x));
    }
    return json;
}

// --- the law at the last time

/// The rows of a sketch in order.
class Ranks {
    const Sketch& sketch_;

    std::uint64_t up_to(std::int64_t bucket) const {
        std::uint64_t rows = 0;
        for (const auto* run : {&sketch_.negative(), &sketch_.other()}) {
            const auto end = std::clamp<std::int64_t>(bucket - run->first + 1, 0,
                                                      static_cast<std::int64_t>(run->counts.size()));
            rows = std::accumulate(run->counts.begin(), run->counts.begin() + end, rows);
        }
        return rows;
    }

  public:
    explicit Ranks(const Sketch& sketch) : sketch_(sketch) {}

    /// The edge of a bucket nearest to x on the side of zero.
    static double edge(double x) {
        constexpr auto rest = (std::uint64_t{1} << (52 - Sketch::mantissa_bits)) - 1;
        return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) & ~rest);
    }
    /// Rows that are not above an edge.
    std::uint64_t below(double edge) const { return up_to(Sketch::bucket(edge) - (edge > 0 ? 1 : 0)); }
    std::uint64_t total() const { return sketch_.total(); }
    double quantile(double p) const {
        return sketch_.at(static_cast<std::uint64_t>(p * static_cast<double>(total() - 1)));
    }
};

/// Of the steps that are taken, or of small ones.
double tail_index_of(const Simulation& s) {
    const double exact = answer(Quantity::tail_index, Of::scheme, {s});
    return std::isnan(exact) ? answer(Quantity::tail_index, Of::sde, {s}) : exact;
}

double stationary_cdf(const Config& config, double x) {
    return answer(Quantity::cdf, Of::stationary, {config.simulation, 0, 0, x});
}

/// Shares of the paths between neighbouring edges, as densities.
Json density_json(const Config& config, const Ranks& ranks) {
    const double low = ranks.quantile(0.1), high = ranks.quantile(0.9);
    std::vector<double> edges;
    for (int i = 0; i <= bins; ++i) {
        const double edge = Ranks::edge(std::lerp(low, high, i / static_cast<double>(bins)));
        if (edges.empty() || edge > edges.back()) edges.push_back(edge);
    }
    Json json = {{"lower", Json::array()},
                 {"upper", Json::array()},
                 {"value", Json::array()},
                 {"standard_error", Json::array()},
                 {"stationary", Json::array()}};
    for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
        const double width = edges[i + 1] - edges[i];
        const auto share = proportion(ranks.below(edges[i + 1]) - ranks.below(edges[i]), ranks.total());
        json["lower"].push_back(edges[i]);
        json["upper"].push_back(edges[i + 1]);
        json["value"].push_back(finite(share.value / width));
        json["standard_error"].push_back(finite(share.standard_error / width));
        json["stationary"].push_back(
            finite((stationary_cdf(config, edges[i + 1]) - stationary_cdf(config, edges[i])) / width));
    }
    return json;
}

/// P(|x| > r) over even ratios of r, from where nearly all paths lie farther out to where ten do.
Json tail_json(const Config& config, const Ranks& ranks) {
    const auto outside = [&](double r) { return ranks.total() - ranks.below(r) + ranks.below(-r); };
    const double ten = 10 / static_cast<double>(ranks.total());
    const double far = std::max(std::abs(ranks.quantile(std::min(0.5, ten))),
                                std::abs(ranks.quantile(std::max(0.5, 1 - ten))));
    double near = far;
    for (int octave = 0; octave < 2000 && near > 1e-300 &&
                         static_cast<double>(outside(near)) < 0.97 * static_cast<double>(ranks.total());
         ++octave)
        near /= 2;
    Json json = {{"r", Json::array()},
                 {"value", Json::array()},
                 {"standard_error", Json::array()},
                 {"stationary", Json::array()}};
    if (!(near > 0) || !std::isfinite(far)) return nullptr;
    for (int i = 0; i < radii; ++i) {
        const double r = Ranks::edge(near * std::pow(far / near, i / static_cast<double>(radii - 1)));
        const auto share = proportion(outside(r), ranks.total());
        json["r"].push_back(r);
        json["value"].push_back(finite(share.value));
        json["standard_error"].push_back(finite(share.standard_error));
        json["stationary"].push_back(finite(1 - (stationary_cdf(config, r) - stationary_cdf(config, -r))));
    }
    return json;
}

Json law_json(const Config& config, const EnsembleSummary& summary) {
    if (summary.times.empty() || summary.times.back().value.sketch.total() < paths_beside_one) return nullptr;
    const Ranks ranks(summary.times.back().value.sketch);
    return {{"t", config.times.back()},
            {"density", density_json(config, ranks)},
            {"tail", tail_json(config, ranks)},
            {"tail_index", finite(tail_index_of(config.simulation))}};
}

// --- growth over the noise

/// The name of the parameter that is the strength of the attractive noise.
std::string strength_of(const Simulation& s) {
    for (const char* name : {"sigma", "zeta"})
        for (const auto& parameter : s.entry->model_parameters)
            if (parameter.key == name) return name;
    return "";
}

/// Exact growth rates, of the steps and of small ones, from no noise to twice as much and to the end of the window.
Json growth_json(const Simulation& s) {
    const auto name = strength_of(s);
    const auto* exact = find_answer(*s.entry, Quantity::growth, Of::scheme);
    const auto* small = find_answer(*s.entry, Quantity::growth, Of::sde);
    if (name.empty() || !(exact || small)) return nullptr;
    const double here = std::get<double>(s.ensembles[0].at(name));
    const double edge = answer(Quantity::window_upper, Of::scheme, {s});
    const double top = std::isfinite(edge) ? std::max(2 * here, 1.15 * edge) : 2 * here;
    if (!(top > 0)) return nullptr;
    Json json = {{"parameter", name},
                 {"here", here},
                 {"strength", Json::array()},
                 {"exact", Json::array()},
                 {"small_step", Json::array()}};
    auto other = s;
    for (int i = 0; i < strengths; ++i) {
        const double strength = top * std::max(i, 1) / (strengths - 1);
        other.ensembles[0][name] = strength;
        json["strength"].push_back(strength);
        json["exact"].push_back(finite(exact ? value_of(*exact, {other}) : unknown));
        json["small_step"].push_back(finite(small ? value_of(*small, {other}) : unknown));
    }
    return json;
}

}  // namespace

Verdict verdict_of(const Config& config, const Findings& findings) {
    return {trapped_sentence(config, findings), stationary_sentence(config, findings)};
}

bool mean_is_idle(const Simulation& s) { return tail_index_of(s) <= 1; }

Json page_json(const Config& config, const RunResult& result, const Findings& findings) {
    const auto& s = config.simulation;
    const auto verdict = verdict_of(config, findings);
    return {{"summary", summary_json(config, result.facts, findings)},
            {"formulation", s.entry->formulation == Formulation::sde ? "sde" : "recursion"},
            {"equation", s.entry->equation},
            {"method_equation", s.entry->method_equation},
            {"trapped", verdict.trapped},
            {"stationary", verdict.stationary},
            {"mean_is_idle", mean_is_idle(s)},
            {"probabilities", config.quantiles},
            {"paths", paths_json(config, result.facts)},
            {"law", law_json(config, result.ensembles[0])},
            {"growth", s.observe.growth ? growth_json(s) : Json(nullptr)}};
}

}  // namespace noisetrap
