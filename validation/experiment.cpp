#include "validation/experiment.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "analysis/sweeps/point_source.hpp"
#include "validation/networks.hpp"
#include "validation/swept_points.hpp"

namespace noisetrap {

std::uint64_t Laboratory::paths_of(std::uint64_t paths) const {
    return std::max<std::uint64_t>(
        fewest_paths, static_cast<std::uint64_t>(std::llround(static_cast<double>(paths) * paths_factor_)));
}

void Laboratory::prepare(Simulation& s) {
    s.run = settings_;
    s.seed = next_seed_++;
    s.paths = paths_of(s.paths);
}

void Laboratory::count(const RunFacts& facts) {
    const auto path_steps = facts_.path_steps + facts.path_steps;
    const double seconds = facts_.wall_seconds + facts.wall_seconds;
    facts_ = facts;
    facts_.path_steps = path_steps;
    facts_.wall_seconds = seconds;
}

void Laboratory::count(std::uint64_t path_steps, double seconds) {
    facts_.path_steps += path_steps;
    facts_.wall_seconds += seconds;
}

static double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Averages leave failed paths out: a claim must not.
static void require_none_failed(std::uint64_t failed) {
    if (failed != 0) throw std::runtime_error(fmt::format("{} paths failed (not finite)", failed));
}

static std::uint64_t failed_paths(const EnsembleSummary& e) {
    std::uint64_t failed =
        e.log_growth.not_a_number + e.log_growth.plus_infinite + e.passage.steps.not_a_number;
    for (const auto& at : e.times) failed += at.log_abs.not_a_number + at.log_abs.plus_infinite;
    return failed;
}

static std::uint64_t failed_paths(const PathColumns& e) {
    const auto not_finite = [](double x) {
        return std::isnan(x) || x == std::numeric_limits<double>::infinity();
    };
    auto failed = std::count_if(e.log_growth.begin(), e.log_growth.end(), not_finite) +
                  std::count(e.exit_step.begin(), e.exit_step.end(), failed_before_exit);
    for (const auto& column : e.log_abs) failed += std::count_if(column.begin(), column.end(), not_finite);
    return static_cast<std::uint64_t>(failed);
}

std::vector<EnsembleSummary> Laboratory::run(Simulation simulation) {
    prepare(simulation);
    return run_prepared(simulation);
}

std::vector<EnsembleSummary> Laboratory::run_as_written(Simulation simulation) {
    const auto paths = simulation.paths;
    prepare(simulation);
    simulation.paths = paths;
    return run_prepared(simulation);
}

std::vector<EnsembleSummary> Laboratory::run_prepared(const Simulation& simulation) {
    auto result = noisetrap::run(simulation, progress_);
    count(result.facts);
    for (const auto& ensemble : result.ensembles) require_none_failed(failed_paths(ensemble));
    return std::move(result.ensembles);
}

std::vector<PathColumns> Laboratory::collect(Simulation simulation) {
    prepare(simulation);
    auto result = noisetrap::collect(simulation, progress_);
    count(result.facts);
    for (const auto& ensemble : result.ensembles) require_none_failed(failed_paths(ensemble));
    return std::move(result.ensembles);
}

SweptPoints Laboratory::sweep(Sweep sweep) {
    const auto scaled = [this](std::uint64_t n, std::uint64_t least) {
        const auto fewer =
            static_cast<std::uint64_t>(std::llround(static_cast<double>(n) * std::min(1.0, paths_factor_)));
        return std::max(std::min(least, n), fewer);
    };
    SweptPoints swept{std::move(sweep), {}, {}};
    auto& s = swept.sweep.base;
    s.run = settings_;
    s.seed = next_seed_++;
    s.paths = scaled(s.paths, 64);
    if (auto& boundary = swept.sweep.boundary) boundary->most_batches = scaled(boundary->most_batches, 1);
    noisetrap::prepare(swept.sweep);
    const auto start = std::chrono::steady_clock::now();
    auto boundary = run_sweep(
        swept.sweep, swept.state, [](const SweepState&) {},
        [this](const SweepNews& news) {
            if (progress_) progress_(news.done, news.points, news.seconds);
        });
    count(path_steps_of(swept.sweep, swept.state, boundary), seconds_since(start));
    swept.found = findings_of(swept.sweep, swept.state, std::move(boundary));
    return swept;
}

std::vector<std::vector<Estimate>> Laboratory::measured_again(Sweep sweep, std::size_t times) {
    constexpr std::size_t at_once = 64;  // rows of so many points are in memory
    sweep.base.run = settings_;
    sweep.base.seed = next_seed_++;
    const auto source = point_source_of(sweep);
    const auto point = sweep.point(0);
    source->prepare({point});
    std::vector<std::vector<Estimate>> estimates;
    const auto start = std::chrono::steady_clock::now();
    while (estimates.size() < times) {
        const std::vector<SweepPoint> points(std::min(at_once, times - estimates.size()), point);
        for (const auto& result : source->measured(points, estimates.size())) {
            require_none_failed(result.failed);
            estimates.emplace_back(result.values.begin(), result.values.end());
        }
        if (progress_) progress_(estimates.size(), times, seconds_since(start));
    }
    count(times * sweep.base.paths * point.steps, seconds_since(start));
    return estimates;
}

Levels Laboratory::collect_levels(const Simulation& fine) {
    Levels levels;
    levels.fine = std::move(collect(fine).front());
    same_noise();
    levels.middle = std::move(collect(coarsened(fine, 2)).front());
    same_noise();
    levels.coarse = std::move(collect(coarsened(fine, 4)).front());
    return levels;
}

static Simulation bare(const CatalogueEntry* entry, const ParameterValues& model, double x0,
                       std::uint64_t steps, std::uint64_t paths) {
    Simulation s;
    s.entry = entry;
    s.ensembles = {model};
    s.x0 = x0;
    s.steps = steps;
    s.paths = paths;
    s.observe.quantiles = false;
    s.observe.growth = false;
    return s;
}

Escaped Laboratory::escape(EscapeConfig config) {
    config.run.stop = settings_.stop;
    config.run.threads = settings_.threads;
    config.seed = next_seed_++;
    config.paths = paths_of(config.paths);
    config.growth_paths = paths_of(config.growth_paths);
    auto result = noisetrap::escape(config, progress_);
    count(result.facts.path_steps, result.facts.wall_seconds);
    return {std::move(config), std::move(result)};
}

Simulation recursion(const ParameterValues& model, double x0, std::uint64_t steps, std::uint64_t paths) {
    return bare(find_entry("noisy-saddle", "sgd"), model, x0, steps, paths);
}

Simulation sde(const char* model_name, const char* scheme, const ParameterValues& model, double x0,
               double t_end, double dt, std::uint64_t paths) {
    const auto steps = static_cast<std::uint64_t>(std::llround(t_end / dt));
    auto s = bare(find_entry(model_name, scheme), model, x0, steps, paths);
    s.dt = dt;
    return s;
}

Simulation euler_maruyama(const ParameterValues& model, double x0, double t_end, double dt,
                          std::uint64_t paths) {
    return sde("linear-sde", "euler-maruyama", model, x0, t_end, dt, paths);
}

void observe_at(Simulation& s, const std::vector<double>& times) {
    for (double t : times) s.observe.steps.push_back(static_cast<std::uint64_t>(std::llround(t / s.dt)));
}

Simulation coarsened(Simulation s, std::uint64_t factor) {
    s.coarsening *= factor;
    s.dt *= static_cast<double>(factor);
    s.steps /= factor;
    for (auto& step : s.observe.steps) step /= factor;
    return s;
}

}  // namespace noisetrap
