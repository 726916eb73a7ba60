#include "analysis/networks/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/diffusions/exit_time.hpp"
#include "analysis/networks/chain.hpp"
#include "analysis/networks/network_run.hpp"
#include "engine/error.hpp"
#include "engine/statistics/summaries.hpp"

namespace noisetrap {
namespace {

__extension__ typedef unsigned __int128 Wide;

/// What has become of the paths of one ensemble. Steps are whole numbers, so that their sums are exact and do not depend
/// on the order.
class ExitTally {
    EscapeOfSteps& into_;
    SketchTable& table_;
    Sketch sketch_;
    EdgeCounts ends_;
    Wide sum_ = 0, squares_ = 0;

  public:
    ExitTally(EscapeOfSteps& into, SketchTable& table)
        : into_(into), table_(table), ends_(into.survival_steps) {}

    void add(std::span<const double> exits) {
        std::vector<double> times;
        for (const double exit : exits) {
            ++into_.paths;
            ++(exit > 0           ? into_.left
               : exit == 0        ? into_.undecided
               : std::isinf(exit) ? into_.failed
                                  : into_.fell_in);
            if (exit != 0 && !std::isinf(exit)) ends_.add(std::abs(exit));
            if (!(exit > 0)) continue;
            const auto step = static_cast<std::uint64_t>(exit);
            sum_ += step;
            squares_ += static_cast<Wide>(step) * step;
            times.push_back(exit);
        }
        table_.add(times);
        sketch_.take(table_);
    }
    void finish() {
        auto& r = into_;
        r.odds = cautious_proportion(static_cast<double>(r.left), static_cast<double>(r.paths));
        r.odds.value = static_cast<double>(r.left) / static_cast<double>(r.paths);
        r.interval = wilson_interval(r.left, r.paths, 0.05);
        std::uint64_t ended = 0;
        for (std::size_t i = 0; i < r.survival_steps.size(); ++i) {
            ended += ends_.counts[i];
            r.survival.push_back(1 - static_cast<double>(ended) / static_cast<double>(r.paths));
        }
        if (r.left == 0) return;
        const auto n = static_cast<long double>(r.left);
        const long double mean = static_cast<long double>(sum_) / n;
        const long double variance = (static_cast<long double>(squares_) - mean * mean * n) / (n - 1);
        r.exit_time.value = static_cast<double>(mean);
        if (r.left > 1) r.exit_time.standard_error = static_cast<double>(std::sqrt(variance / n));
        r.median_exit = sketch_.at(r.left / 2, {1, 0});
    }
};

/// Some twenty steps, each the same factor after the one before.
std::vector<double> survival_steps(std::uint64_t steps) {
    constexpr int points = 20;
    std::vector<double> found;
    for (int i = 1; i <= points; ++i) {
        const double step = std::floor(std::pow(static_cast<double>(steps), i / static_cast<double>(points)));
        if (found.empty() || step > found.back()) found.push_back(step);
    }
    return found;
}

/// The mean growth of the log distance a step, over the paths: moments of blocks of rows in their order. Returns why that
/// is none where paths have come as far as steps are no longer linear.
std::string measure_growth(const NetworkRun& run, std::vector<EscapeOfSteps>& runs) {
    double farthest = -INFINITY;
    const auto simulation = run.growth();
    const auto& watched = simulation.observe.steps;
    std::vector<Moments> moments(runs.size());
    run_rows(simulation, [&](std::uint64_t ensemble, std::uint64_t, const Part& part) {
        const auto before = part.of(Column::log_abs, 0), after = part.of(Column::log_abs, 1);
        farthest = std::max(farthest, *std::max_element(after.begin(), after.end()));
        std::vector<double> growth;
        for (std::uint64_t i = 0; i < part.count; ++i)
            growth.push_back((after[i] - before[i]) / static_cast<double>(watched[1] - watched[0]));
        for (std::size_t i = 0; i < growth.size(); i += row_block)
            moments[ensemble].merge(Moments::of(
                std::span(growth).subspan(i, std::min<std::size_t>(row_block, growth.size() - i))));
    });
    if (farthest > std::log(growth_end))
        return "within escape.growth_steps paths came as far as steps are not linear: give fewer";
    for (std::size_t g = 0; g < runs.size(); ++g) runs[g].growth = moments[g].mean_estimate();
    return {};
}

/// Growth is that of displacements far below the rounding of parameters that are not 0.
std::string no_growth(const EscapeConfig& config, const EscapeResult& result) {
    if (config.growth_steps < 10) return "escape.growth_steps is below 10";
    if (!is_linear_optimiser(config.optimiser))
        return fmt::format("steps of {} are not in proportion to the distance", config.optimiser);
    if (result.measured.pushed) return "samples push paths off the point";
    if (!(result.measured.noise.a > 0)) return "nothing grows at a rate where the point has no curvature";
    for (const auto p : result.space.support)
        if (config.point[p] != 0) return "parameters that it needs are not 0 at the point";
    return {};
}

std::string no_prediction(const EscapeConfig& config) {
    if (config.optimiser != "sgd") return "theory is that of sgd";
    if (config.decay > 0) return "theory knows no weight decay";
    if (config.label_noise > 0) return "theory knows the noise of the samples alone";
    if (config.order == SampleOrder::reshuffled)
        return "theory takes batches that do not depend on each other";
    return {};
}

void set_beside(const EscapeConfig& config, const TrapPrediction& p, EscapeOfSteps& run) {
    if (p.odds && !config.along_way_out) {
        const double odds = std::clamp(*p.odds, 0.0, 1.0);
        run.predicted_odds.value = odds;
        const double error = std::sqrt(odds * (1 - odds) / static_cast<double>(run.paths));
        if (error > 0) run.predicted_odds.z = (run.odds.value - odds) / error;
    }
    if (!run.growth) return;
    run.predicted_growth.value = p.decisive.rate;
    const double error = std::hypot(run.growth->standard_error, p.decisive.error);
    if (error > 0) run.predicted_growth.z = (run.growth->value - p.decisive.rate) / error;
}

/// Where the point itself moves, growth is told by how long paths take: ln(far/start) over the rate, but for some steps at
/// both ends.
void predict_passage(const EscapeConfig& config, const TrapPrediction& p, EscapeOfSteps& run) {
    if (!p.transverse || !(p.transverse->rate > 4 * p.transverse->error)) return;
    run.predicted_time.value = std::log(config.escape.far / config.escape.start) / p.transverse->rate;
}

/// One axis that diffusive noise leaves, in continuous time.
void predict_exit_time(const EscapeConfig& config, const AxisNoise& noise, EscapeOfSteps& run) {
    if (!config.along_way_out) return;
    const double l = run.learning_rate, root = l / std::sqrt(run.batch);
    run.predicted_time.value = mean_exit_time(l * noise.a, root * noise.sigma, root * noise.tau, noise.rho,
                                              config.escape.far, config.escape.start);
}

/// Of a chain that starts with equal weights, at zero, all follows from one of them.
void predict_chain(const EscapeConfig& config, EscapeOfSteps& run) {
    if (!is_chain(config.network) || config.way_out != EscapeDirection::equal || config.any_angle) return;
    if (std::any_of(config.point.begin(), config.point.end(), [](double x) { return x != 0; })) return;
    const double root = std::sqrt(static_cast<double>(config.network.layers()));
    const double steps = chain_exit_time(config.network, config.data, config.draws, run.learning_rate,
                                         run.batch, config.escape.start / root, config.escape.far / root);
    if (std::isfinite(steps) && steps > 0) run.predicted_time.value = steps;
}

/// The odds are those of a start in the escape space, as configured.
NetworkConfig predicted_config(const EscapeConfig& config, const EscapeSpace& space) {
    NetworkConfig asked = config;
    const auto growing = static_cast<int>(space.growing);
    asked.angle = {growing, config.any_angle ? static_cast<int>(space.vectors) : growing};
    return asked;
}

/// Whole products are predicted for the learning rates that were run alone; of one axis a line costs little.
void draw_lines(const NetworkConfig& asked, EscapeResult& result) {
    const auto [least, most] = std::minmax_element(asked.learning_rates.begin(), asked.learning_rates.end());
    const auto& predictions = result.measured.predictions;
    if (!std::all_of(predictions.begin(), predictions.end(), [](const auto& p) { return p.is_exact; }))
        return;
    for (const int batch : asked.batches)
        result.lines.push_back(axis_line(asked, result.measured, batch, *least / 1.1, *most * 1.1));
}

void require_start(const EscapeConfig& config, const Measurement& measured) {
    if (config.escape.start > 0 || measured.pushed) return;
    throw InputError(
        "escape.start = 0 is the point itself, which no sample pushes a path off: give it a distance");
}

}  // namespace

EscapeResult escape(const EscapeConfig& config, const Progress& progress) {
    EscapeResult result;
    result.measured = measure_point(config);
    require_start(config, result.measured);
    result.space = escape_space(config.network, config.data, result.measured.saddle);
    result.along_way_out = config.along_way_out;
    const NetworkRun run(config, result.measured.saddle, result.space);
    for (const double rate : config.learning_rates)
        for (const int batch : config.batches) {
            auto& one = result.runs.emplace_back();
            one.learning_rate = rate;
            one.batch = batch;
            one.survival_steps = survival_steps(config.steps);
        }
    result.no_growth = no_growth(config, result);
    if (result.no_growth.empty()) result.no_growth = measure_growth(run, result.runs);
    SketchTable table;
    std::vector<ExitTally> tallies;
    for (auto& one : result.runs) tallies.emplace_back(one, table);
    result.facts = run_rows(
        run.escape(),
        [&](std::uint64_t ensemble, std::uint64_t, const Part& part) {
            tallies[ensemble].add(part.of(Column::exit_step));
        },
        progress);
    for (auto& tally : tallies) tally.finish();
    result.no_prediction = no_prediction(config);
    if (!(result.measured.noise.a > 0)) {
        for (auto& one : result.runs)
            if (result.no_prediction.empty()) predict_chain(config, one);
        return result;
    }
    // Of every batch the critical learning rate would be a long search where samples have many different curvatures.
    result.measured.by_batch.push_back(threshold_of(config, result.measured, 1));
    if (!result.no_prediction.empty()) return result;
    if (result.measured.pushed) {
        for (auto& one : result.runs) predict_exit_time(config, result.measured.noise, one);
        return result;
    }
    const auto asked = predicted_config(config, result.space);
    predict(asked, result.measured);
    draw_lines(asked, result);
    for (std::size_t g = 0; g < result.runs.size(); ++g) {
        set_beside(config, result.measured.predictions[g], result.runs[g]);
        predict_passage(config, result.measured.predictions[g], result.runs[g]);
    }
    return result;
}

}  // namespace noisetrap
