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

double chain_exit_time(const Network& network, const DataSet& data, Draws draws, double learning_rate,
                       int batch, double from, double to) {
    // The expected time m that is spent in each unit of u = log w before the end is reached obeys
    // (s^2/2) m' + Lambda m = 1, mean Lambda and variance s^2 of a step (the derivative of the equation of mean first passage
    // times). Implicit steps keep to its slow solution, m = 1/Lambda where there is little noise.
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
        const double variance = *deviation * *deviation;
        m = i == 0 ? 1 / mean : (m * variance + 2 * step) / (variance + 2 * step * mean);
        if (u > std::log(from)) time += step * m;
    }
    return time;
}

}  // namespace noisetrap
