#include "analysis/networks/fitted.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/critical/ways_out.hpp"
#include "analysis/networks/network_landscape.hpp"
#include "analysis/networks/network_saddle.hpp"
#include "engine/noise/variates.hpp"

namespace noisetrap {
namespace {

double length_of(const Point& x) {
    double square = 0;
    for (const double each : x) square += each * each;
    return std::sqrt(square);
}

/// The root mean square length of the samples' gradients: what the length of their mean is measured against.
double sample_gradient(const Network& network, const DataSet& data, const Point& x) {
    NetworkGradient<double> gradient(network);
    Point of_sample(x.size());
    double square = 0;
    for (std::size_t i = 0; i < data.samples(); ++i) {
        gradient(x.data(), data.input_of(i), data.target_of(i), of_sample.data());
        square += length_of(of_sample) * length_of(of_sample) / static_cast<double>(data.samples());
    }
    return std::sqrt(square);
}

/// How long parameters may become before they are said to run off: outputs that answer large targets need large weights.
double farthest_of(const Network& network, const DataSet& data) {
    constexpr double farthest = 1e3;
    if (network.loss != NetworkLoss::square) return farthest;
    return farthest *
           std::max(1.0, length_of(data.target) / std::sqrt(static_cast<double>(data.target.size())));
}

/// Down to where the loss is flat; whether that was reached.
bool descend(const NetworkLandscape& loss, const Network& network, const DataSet& data, Point& x,
             StopToken stop) {
    constexpr int most_steps = 300;
    constexpr double flat = 1e-11, smallest = 1e-13, most_damping = 1e6;
    const double farthest = farthest_of(network, data);
    double damping = 0.1, here = loss.value(x);
    Point slope(x.size());
    for (int step = 0; step < most_steps && damping < most_damping; ++step) {
        stop.check();
        loss.gradient(x, slope);
        const double length = length_of(slope);
        if (length < smallest || length < flat * sample_gradient(network, data, x)) return true;
        auto next = x;
        saddle_free_newton_step(loss, next, 1, damping);
        const double there = loss.value(next);
        // Where the loss is the same to rounding a shorter gradient is what tells.
        Point after(x.size());
        loss.gradient(next, after);
        const bool better = there < here || (there <= here * (1 + 1e-14) && length_of(after) < length);
        if (!better || !std::isfinite(there)) {
            damping *= 4;
            continue;
        }
        damping /= 5;
        x = std::move(next), here = there;
        if (length_of(x) > farthest) return false;
    }
    return false;
}

/// A point of the larger network: every row, or column, of `smaller` with what belongs to the new unit behind it.
struct NewUnit {
    std::vector<double> inputs;  // weights
    double bias = 0;
    std::vector<double> outputs;  // one for each output
};
std::vector<double> with_unit(const Network& smaller, const std::vector<double>& values,
                              const NewUnit& added) {
    const std::size_t d = smaller.widths[0], h = smaller.widths[1], k = smaller.widths[2];
    auto at = values.begin() + static_cast<long>(h * d);
    std::vector<double> point(values.begin(), at);
    point.insert(point.end(), added.inputs.begin(), added.inputs.end());
    const auto take = [&](std::size_t count) {
        point.insert(point.end(), at, at + static_cast<long>(count));
        at += static_cast<long>(count);
    };
    if (smaller.bias) {
        take(h);
        point.push_back(added.bias);
    }
    for (std::size_t j = 0; j < k; ++j) {
        take(h);
        point.push_back(added.outputs[j]);
    }
    point.insert(point.end(), at, values.end());
    return point;
}

}  // namespace

bool is_minimum(const NetworkLandscape& loss, const std::vector<double>& point) {
    const auto n = static_cast<Eigen::Index>(point.size());
    Eigen::MatrixXd hessian(n, n);
    loss.hessian(point, {hessian.data(), point.size() * point.size()});
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(hessian, Eigen::EigenvaluesOnly);
    const auto& values = solver.eigenvalues();
    return values(0) >= -NetworkSaddle::flatness * values.cwiseAbs().maxCoeff();
}

std::optional<std::vector<double>> fitted(const Network& network, const DataSet& data, std::uint64_t starts,
                                          std::uint64_t seed, StopToken stop) {
    const NetworkLandscape loss(network, data, 0);
    const std::size_t n = network.parameters();
    std::optional<std::vector<double>> best;
    double lowest = INFINITY;
    for (std::uint64_t start = 0; start < starts; ++start) {
        Point x(n);
        for (std::size_t p = 0; p < n; ++p)
            x[p] = normal_of<double>(seed, Stream::first_noise, start * n + p);
        try {
            if (!descend(loss, network, data, x, stop) || !is_minimum(loss, x)) continue;
        } catch (const std::domain_error&) {  // it has left the numbers
            continue;
        }
        // Starts that end at the same minimum differ by rounding, and the first of them is kept.
        const double value = loss.value(x);
        if (!(value < lowest * (1 - 1e-9))) continue;
        lowest = value;
        best = x;
    }
    return best;
}

std::vector<double> with_zeroed_unit(const Network& smaller, const std::vector<double>& parameters) {
    return with_unit(smaller, parameters,
                     {std::vector<double>(smaller.widths[0]), 0, std::vector<double>(smaller.widths[2])});
}

std::vector<double> with_split_unit(const Network& smaller, const std::vector<double>& parameters,
                                    std::size_t unit) {
    const std::size_t d = smaller.widths[0], h = smaller.widths[1], k = smaller.widths[2];
    const std::size_t biases = h * d, outputs = biases + (smaller.bias ? h : 0);
    auto halved = parameters;
    NewUnit twin;
    for (std::size_t i = 0; i < d; ++i) twin.inputs.push_back(parameters[unit * d + i]);
    if (smaller.bias) twin.bias = parameters[biases + unit];
    for (std::size_t j = 0; j < k; ++j) {
        double& given = halved[outputs + j * h + unit];
        given /= 2;
        twin.outputs.push_back(given);
    }
    return with_unit(smaller, halved, twin);
}

}  // namespace noisetrap
