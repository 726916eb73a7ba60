#include "analysis/networks/chain.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace noisetrap {

bool is_chain(const Network& network) {
    return network.kind == NetworkKind::layers && network.unit == UnitFunction::linear && !network.bias &&
           network.loss == NetworkLoss::square &&
           std::all_of(network.widths.begin(), network.widths.end(), [](std::size_t w) { return w == 1; });
}

/// Of the time that is spent in a unit of log w what is it a step further on: the mean and the variance of a step are taken
/// to be the same all along, which has m = 1/mean + (a rest that falls off as e^(-2 mean u/variance)) for a solution.
static double next_density(double m, double step, double mean, double variance) {
    // Without noise nothing passes where a step does not lead on.
    if (variance == 0) return mean > 0 ? 1 / mean : std::numeric_limits<double>::infinity();
    const double turns = 2 * mean * step / variance;
    if (turns == 0) return m + 2 * step / variance;
    return m * std::exp(-turns) - std::expm1(-turns) / mean;
}

double chain_exit_time(const Network& network, const DataSet& data, Draws draws, double learning_rate,
                       int batch, double from, double to) {
    // The expected time m that is spent in each unit of u = log w before the end is reached obeys
    // (s^2/2) m' + Lambda m = 1, mean Lambda and variance s^2 of a step (the derivative of the equation of mean first passage
    // times).
    constexpr int points = 600;
    constexpr double below = 1.5;  // in log w: how far beneath the start it begins
    const auto depth = static_cast<double>(network.layers());
    const double step = (std::log(to / from) + below) / points;
    double m = 0, time = 0, covariance = 0;
    for (std::size_t k = 0; k < data.samples(); ++k) covariance += data.input[k] * data.target[k];
    const double sign = covariance < 0 ? -1 : 1;  // of the first weight, and so of the product
    std::vector<double> q(data.samples());
    for (int i = 0; i <= points; ++i) {
        const double u = std::log(to) - (points - i) * step, w = std::exp(u), product = std::pow(w, depth);
        for (std::size_t k = 0; k < q.size(); ++k) {
            const double x = data.input[k];
            q[k] = x * (sign * data.target[k] - product * x);
        }
        const SampleGrowth axis(q, draws);
        const double rate = learning_rate * std::pow(w, depth - 2);
        // A batch of all samples is always the same, so that nothing is drawn.
        const bool whole = draws == Draws::without_replacement && static_cast<std::size_t>(batch) == q.size();
        const double mean = whole ? std::log(std::abs(1 + rate * axis.mean())) : axis.growth(rate, batch);
        const auto deviation = whole ? 0.0 : axis.log_deviation(rate, batch);
        if (!deviation) return std::numeric_limits<double>::quiet_NaN();
        // How long those take that have come back from the start is not known where nothing leads away from there.
        if (i == 0 && !(mean > 0)) return std::numeric_limits<double>::quiet_NaN();
        m = i == 0 ? 1 / mean : next_density(m, step, mean, *deviation * *deviation);
        if (u > std::log(from)) time += step * m;
    }
    return time;
}

}  // namespace noisetrap
