#include "analysis/networks/measurement.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "engine/error.hpp"

namespace noisetrap {
namespace {

constexpr int most_batch = 4096;

std::string verdict_of(const TrapPrediction& p, bool pushed) {
    constexpr double errors = 4;
    const auto& rate = p.decisive;
    if (p.diverges())
        return "diverges: steps leave the numbers, and there is no rate to speak of; take a smaller learning "
               "rate";
    const double away = errors * rate.error;
    if (pushed)
        return rate.rate + away < 0 ? "no trap in the strict sense: noise shrinks distances, and diffusive "
                                      "noise moves paths off the point"
                                    : "no trap: diffusive noise moves paths off the point";
    if (rate.rate + away < 0)
        return "trapped: a step shrinks the distance on the average, and paths fall into the point";
    if (rate.rate - away <= 0 && rate.error > 0)
        return "undecided: the growth rate lies within four standard errors of 0";
    const double error = rate.error / p.descent_rate;
    if (p.ratio() + errors * error < 1) return "slowed: paths leave, slower than by gradient descent";
    if (p.ratio() - errors * error > 1) return "sped up: paths leave faster than by gradient descent";
    return "as gradient descent: noise changes the growth rate by less than four standard errors";
}

/// Nothing where a batch has too many different means, or where no path falls in.
std::optional<double> odds_of(const NetworkConfig& config, const SampleGrowth& axis, double learning_rate,
                              int batch) {
    if (config.escape.near == 0) return {};
    const auto kappa = axis.tail_index(learning_rate, batch);
    if (!kappa) return {};
    return escape_odds(config.escape, *kappa, *axis.log_deviation(learning_rate, batch), config.angle);
}

BatchThreshold threshold_of(const SampleGrowth& axis, int batch) {
    return {batch, axis.critical_learning_rate(batch), axis.sde_learning_rate(batch)};
}

TrapPrediction predicted(const NetworkConfig& config, const Measurement& found, const SampleGrowth& axis,
                         double learning_rate, int batch) {
    TrapPrediction p;
    p.learning_rate = learning_rate;
    p.batch = batch;
    p.axis_rate = axis.growth(learning_rate, batch);
    p.descent_rate = std::log1p(learning_rate * found.noise.a);
    ProductRun run = config.products;
    run.learning_rate = learning_rate;
    run.batch = batch;
    run.without_replacement = config.draws == Draws::without_replacement;
    const bool moves = !found.pushed && found.saddle.sample_gradient > 1e-12;
    // The noise's dimension is worked out in float32.
    const bool one_matrix = found.noise_dimension && *found.noise_dimension < 1 + 1e-4;
    p.is_exact = !found.pushed && !moves && one_matrix;
    if (!p.is_exact || config.products_where_exact)
        p.product = product_growth(config.network, config.data, found.saddle, run);
    if (moves) {
        run.base_moves = true;
        p.transverse = product_growth(config.network, config.data, found.saddle, run);
    }
    p.decisive = p.transverse ? *p.transverse : one_matrix ? ProductGrowth{p.axis_rate, 0} : p.product;
    if (p.is_exact) p.odds = odds_of(config, axis, learning_rate, batch);
    p.verdict = verdict_of(p, found.pushed);
    return p;
}

}  // namespace

Measurement measure_point(const NetworkConfig& config) {
    Measurement found;
    found.saddle = saddle_at(config.network, config.data, config.point, config.tolerance, config.way_out);
    found.noise = axis_noise(found.saddle, config.of_population);
    found.pushed = is_pushed(found.saddle);
    found.noise_dimension = noise_dimension(config.network, config.data, found.saddle);
    return found;
}

static SampleGrowth axis_of(const NetworkConfig& config, const Measurement& found) {
    std::vector<double> q = found.saddle.curvature;
    for (double& x : q) x = -x;
    return SampleGrowth(std::move(q), config.draws, config.products.stop);
}

void predict(const NetworkConfig& config, Measurement& found) {
    const auto axis = axis_of(config, found);
    for (const double rate : config.learning_rates)
        for (const int batch : config.batches)
            found.predictions.push_back(predicted(config, found, axis, rate, batch));
}

AxisLine axis_line(const NetworkConfig& config, const Measurement& found, int batch, double from, double to) {
    constexpr int points = 61;
    const auto axis = axis_of(config, found);
    AxisLine line{batch, {}, {}, {}};
    for (int i = 0; i < points; ++i) {
        const double rate = from * std::pow(to / from, i / (points - 1.0));
        line.learning_rates.push_back(rate);
        line.growth.push_back(axis.growth(rate, batch));
        const auto odds = odds_of(config, axis, rate, batch);
        if (odds) line.odds.push_back(std::clamp(*odds, 0.0, 1.0));
    }
    if (line.odds.size() < line.growth.size()) line.odds.clear();
    return line;
}

BatchThreshold threshold_of(const NetworkConfig& config, const Measurement& found, int batch) {
    return threshold_of(axis_of(config, found), batch);
}

Measurement measure(const NetworkConfig& config) {
    auto found = measure_point(config);
    if (!(found.noise.a > 0))
        throw InputError(
            "measure.way_out = 'equal': the mean loss does not fall along this way out in second order, so "
            "that nothing grows there at a rate that could be told; noisetrap escape runs the network all "
            "the "
            "same");
    const auto axis = axis_of(config, found);
    for (const int batch : config.batches) found.by_batch.push_back(threshold_of(axis, batch));
    const bool with_replacement = config.draws == Draws::with_replacement;
    const int most =
        with_replacement ? most_batch : std::min<int>(most_batch, static_cast<int>(config.data.samples()));
    for (const double rate : config.learning_rates)
        found.by_rate.push_back({rate, axis.critical_batch(rate, most), axis.sde_batch(rate)});
    predict(config, found);
    return found;
}

}  // namespace noisetrap
