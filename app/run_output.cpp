#include "app/run_output.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "app/output_json.hpp"
#include "app/run_page.hpp"
#include "engine/input/observed.hpp"
#include "engine/runs/memory.hpp"
#include "engine/runs/plan.hpp"
#include "sde/implicit_schemes.hpp"
#include "sde/ito_schemes.hpp"

namespace noisetrap {
namespace {

constexpr std::uint64_t most_points = 10000;  // of a whole path

WholePaths replay_whole_paths(const Config& config) {
    WholePaths whole;
    const auto& s = config.simulation;
    if (config.whole_paths.empty()) return whole;
    const std::uint64_t every = (s.steps + most_points - 1) / most_points;
    for (std::uint64_t step = 0; step < s.steps; step += every) whole.steps.push_back(step);
    whole.steps.push_back(s.steps);
    require_memory(config.whole_paths.size() * whole.steps.size() * 8, "whole paths; ask for fewer of them");
    for (const auto path : config.whole_paths) whole.paths.push_back({path, replay(s, 0, path, whole.steps)});
    return whole;
}

std::string text_of(const Estimate& e) {
    const auto error = std::isfinite(e.standard_error) ? fmt::format("{:.2g}", e.standard_error) : "unknown";
    return fmt::format("{:>12.6g} ± {:<9}", e.value, error);
}

/// Lines of the table. What is exact for the steps comes first for a recursion, whose steps are the matter; for an SDE they
/// are a means.
class Lines {
    bool recursion_;

    std::string theory_text(const Prediction& p) const {
        std::vector<std::string> parts;
        const auto add = [&](const char* name, double value) {
            if (std::isfinite(value)) parts.push_back(fmt::format("{} {:.6g}", name, value));
        };
        if (recursion_) add("exact", p.scheme);
        add(recursion_ ? "small-step SDE" : "theory", p.sde);
        if (!recursion_) add("this scheme", p.scheme);
        add("stationary", p.stationary);
        return fmt::format("  {}", fmt::join(parts, ", "));
    }

  public:
    explicit Lines(const Simulation& s) : recursion_(s.entry->formulation != Formulation::sde) {}
    std::string operator()(const std::string& name, const Finding& f) const {
        return fmt::format("  {:<22} {}{}\n", name, text_of(f.estimate), theory_text(f.theory));
    }
};

/// What paths pass when they leave: "|x| >= 2", "x*v >= 2", "-(v) >= 2".
std::string passage_text(const Simulation& s) {
    const auto of = s.observe.exit_of ? s.observe.exit_of->text : s.observe.of ? "x" : observed_text(s);
    const auto& o = s.observe;
    if (o.exit_side == ExitSide::both) return fmt::format("|{}| >= {:g}", of, o.exit_radius);
    if (o.exit_side == ExitSide::upper) return fmt::format("{} >= {:g}", of, o.exit_radius);
    return fmt::format("{} <= {:g}", of, -o.exit_radius);
}

std::uint64_t bytes_of_rows(const Config& config) {
    return config.rows * (row_bytes(config.simulation.observe) + 16);  // with their numbers and exit times
}

/// What data.h5 will take at most.
std::uintmax_t output_bytes(const Config& config) {
    const std::uintmax_t bins = config.histogram ? static_cast<std::uintmax_t>(config.histogram->bins) : 0;
    const auto per_time = 8 * (16 + 2 * config.quantiles.size() + 2 * config.cdf_at.size() + 3 * bins);
    const auto per_path = 8 * std::min(config.simulation.steps + 1, most_points + 2);
    return (1 << 20) + config.times.size() * per_time + config.whole_paths.size() * per_path +
           bytes_of_rows(config);
}

}  // namespace

Simulation run_of_rows(const Config& config) {
    auto first = config.simulation;
    first.paths = config.rows;
    return first;
}

void require_room(const OutputFolder& folder, const Config& config) {
    constexpr std::uint64_t copies = 3;  // as columns, in the file that is built, and as its bytes
    folder.require_space(output_bytes(config));
    require_memory(copies * bytes_of_rows(config), "observe.rows; ask for fewer of them");
}

std::string failed_text(std::uint64_t paths, const CatalogueEntry* entry) {
    std::string advice;
    if (entry && entry->formulation == Formulation::sde) {
        if (entry->method == ImplicitEuler::name || entry->method == Trapezoidal::name)
            advice = "; a step without a solution is such a failure";
        advice += "; make integrator.dt smaller";
        if (entry->method != Truncated::name) advice += ", or take a scheme for steep drifts (truncated)";
    }
    return fmt::format("{} paths failed (not finite) and are left out of every average{}\n", paths, advice);
}

/// "odds that x comes to 55 before it comes back to 0.01, by t = 100".
static std::string event_text(const Simulation& s) {
    const auto& f = *s.observe.families;
    auto text = fmt::format("odds that {} comes to {:g}", observed_text(s), f.level);
    if (std::isfinite(f.back)) text += fmt::format(" before it comes back to {:g}", f.back);
    return text + fmt::format(", by t = {:g}", s.time(s.steps));
}

static std::string rare_text(const Config& config, const RunFacts& facts, const Findings& findings) {
    const auto& s = config.simulation;
    const auto& f = *findings.rare;
    auto text = fmt::format(
        "{} under {}: {} families of {} walks x {} steps at most, {} precision, {} ({} threads, {}), {:.3g} "
        "s\n",
        s.entry->model, s.entry->method, s.paths, s.observe.families->walks, s.steps,
        precision_name(s.run.precision), facts.backend, facts.threads, facts.instruction_set,
        facts.wall_seconds);
    if (findings.non_finite)
        text +=
            fmt::format("{} families failed (a walk was not finite) and are left out\n", findings.non_finite);
    text += event_text(s) + "\n" + Lines(s)("odds", {f.odds, {}});
    if (std::isfinite(f.deviation))
        text += fmt::format("  {:<22} {:>12.3g} of the odds\n", "spread of a family", f.deviation);
    if (f.deviation > 1) text += "  so wide a spread tells little of the error: make rare.walks larger\n";
    if (f.empty > 0)
        text += fmt::format("  {} of {} families lost all their walks on the way: make rare.walks larger\n",
                            f.empty, s.paths);
    if (std::isfinite(f.plain_paths) && f.plain_paths > 0)
        text += fmt::format("  plain paths would need {:.2g} for an error as small\n", f.plain_paths);
    return text;
}

std::string findings_text(const Config& config, const RunFacts& facts, const Findings& f) {
    const auto& s = config.simulation;
    if (f.rare) return rare_text(config, facts, f);
    const Lines line(s);
    auto text = fmt::format(
        "{} under {}: {} paths x {} steps, {} precision, {} ({}{} threads, {}), {:.3g} s, {:.2e} "
        "path-steps/s\n",
        s.entry->model, s.entry->method, s.paths, s.steps, precision_name(s.run.precision), facts.backend,
        facts.ranks > 1 ? fmt::format("{} ranks of ", facts.ranks) : "", facts.threads, facts.instruction_set,
        facts.wall_seconds, facts.path_steps_per_second());
    if (f.non_finite) text += failed_text(f.non_finite, s.entry);
    const auto verdict = verdict_of(config, f);
    for (const auto& sentence : {verdict.trapped, verdict.stationary})
        if (!sentence.empty()) text += sentence + "\n";
    if (s.observe.of) text += fmt::format("observed, and called x here: {}\n", s.observe.of->text);
    if (s.observe.growth) text += line("growth rate", f.growth_rate);
    if (f.plain_growth_rate) text += line("  without control", {*f.plain_growth_rate, {}});
    if (f.spectrum) {
        for (std::size_t i = 0; i < f.spectrum->exponents.size(); ++i)
            text += line(fmt::format("exponent {}", i + 1), {f.spectrum->exponents[i], {}});
        text += line("their sum", {f.spectrum->sum, {}});
    }
    for (const auto& at : f.times) {
        const bool last = &at == &f.times.back() && at.t < s.time(s.steps);
        text += fmt::format("t = {:g}{}\n", at.t,
                            last ? fmt::format(" (the run ends at {:g})", s.time(s.steps)) : "");
        text += line(mean_is_idle(s) ? "mean (law has none)" : "mean", at.mean);
        text += line("mean log |x|", at.mean_log_abs);
        for (std::size_t i = 0; i < at.quantiles.size(); ++i)
            text += line(fmt::format("{:g} quantile", config.quantiles[i]), at.quantiles[i]);
        for (std::size_t i = 0; i < at.cdf.size(); ++i)
            text += line(fmt::format("P(X <= {:g})", config.cdf_at[i]), at.cdf[i]);
    }
    if (f.largest) {
        text += "largest |x| of a path\n";
        for (std::size_t i = 0; i < f.largest->radii.size(); ++i)
            text += line(fmt::format("P(largest > {:g})", f.largest->radii[i]), {f.largest->beyond[i], {}});
        for (std::size_t i = 0; i < f.largest->quantiles.size(); ++i)
            text += line(fmt::format("{:g} quantile", config.quantiles[i]), {f.largest->quantiles[i], {}});
    }
    if (f.inside) {
        text += fmt::format("time with |x| < {:g}\n", f.inside->radius);
        text += line("mean", {f.inside->mean_time, {}});
        for (std::size_t i = 0; i < f.inside->quantiles.size(); ++i)
            text += line(fmt::format("{:g} quantile", config.quantiles[i]), {f.inside->quantiles[i], {}});
    }
    if (f.first_passage) {
        const auto& p = *f.first_passage;
        text += fmt::format("first passage {}: {} of {} paths left ({} up, {} down)\n", passage_text(s),
                            p.exited, s.paths, p.upper, p.lower);
        text += line("mean time", p.mean_time);
        if (s.observe.exit_side == ExitSide::both) text += line("odds of the upper side", p.upper_odds);
        text += line("odds of no exit", p.inside_at_end);
    }
    return text;
}

std::string coarse_steps_warning(const Simulation& s) {
    if (s.entry->formulation != Formulation::sde) return "";
    const double of_sde = answer(Quantity::growth, Of::sde, {s}),
                 of_scheme = answer(Quantity::growth, Of::scheme, {s});
    if (!(of_sde * of_scheme < 0)) return "";
    const auto word = [](double x) { return x > 0 ? "grows" : "shrinks"; };
    return fmt::format(
        "at dt = {} the scheme {} itself {} ({:+.3g}) where the SDE {} ({:+.3g}); make integrator.dt smaller",
        s.dt, s.entry->method, word(of_scheme), of_scheme, word(of_sde), of_sde);
}

std::string short_run_warning(const Config& config, const Findings& findings) {
    constexpr double times = 5;
    const double rate = answer(Quantity::relaxation, Of::sde, {config.simulation});
    if (findings.times.empty() || std::isnan(findings.times.back().mean_log_abs.theory.stationary) ||
        !(findings.times.back().t * rate < times))
        return "";
    return fmt::format(
        "x comes to its stationary law at the rate {:.3g}, so that t = {:g} is too early for the stationary "
        "values; "
        "integrator.t_end={:.3g} is {:g} times of relaxation",
        rate, findings.times.back().t, times / rate, times);
}

void write_run(const OutputFolder& folder, const Config& config, const RunResult& result,
               const Findings& findings, const Progress& progress) {
    KeptPaths kept{replay_whole_paths(config), {}};
    if (config.rows) {
        const auto simulation = run_of_rows(config);
        kept.rows = RowTable(simulation);
        run_rows(simulation, std::ref(kept.rows), progress);
    }
    folder.write("config.toml", to_toml(config.resolved, false));
    folder.write("summary.json", summary_json(config, result.facts, findings).dump(2) + "\n");
    write_hdf5(folder, config, result.ensembles[0], findings, kept);
}

}  // namespace noisetrap
