// A network at a saddle, measured: the noise along the way out, what theory makes of it, and what whole matrices say.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "analysis/networks/network_config.hpp"

namespace noisetrap {

/// What is predicted for one learning rate and one batch size.
struct TrapPrediction {
    double learning_rate = 0;
    int batch = 1;
    double axis_rate = 0;        // of log distance per step, along e alone: E log|1 - l mean of h|
    double descent_rate = 0;     // of gradient descent, log(1 + l a)
    ProductGrowth product = {};  // of whole matrices at the fixed base point
    std::optional<ProductGrowth> transverse;  // beside the moving base point, where it moves
    bool is_exact = false;  // one axis is: all noise lies in one matrix, and no sample pushes
    std::optional<double>
        odds;  // then, of leaving from measure.start, unless a batch has too many different means

    /// The rate that decides: that of one axis where all noise lies in one matrix and the base rests, which is exact;
    /// else the last one that applies.
    ProductGrowth decisive = {};
    /// It over that of gradient descent: below 0 trapped, to 1 slowed, above 1 sped up.
    double ratio() const { return decisive.rate / descent_rate; }
    /// Steps leave the numbers, so that there is no rate to speak of.
    bool diverges() const { return std::isinf(decisive.rate) && decisive.rate > 0; }
    std::string verdict;
};

struct BatchThreshold {
    int batch;
    std::optional<double> learning_rate;  // l_c of one axis
    double sde_learning_rate;
};
struct RateThreshold {
    double learning_rate;
    std::optional<double> batch;  // b_c of one axis
    double sde_batch;
};

/// What one axis says over a range of learning rates, in even ratios, where nothing but one axis counts: a line for
/// figures. Without odds where they are not predicted.
struct AxisLine {
    int batch;
    std::vector<double> learning_rates, growth, odds;
};

struct Measurement {
    NetworkSaddle saddle;
    AxisNoise noise;
    /// No sample pushes along e at the point itself, so that a path cannot leave without being put aside ("Type II" of
    /// Ziyin et al. 2024); only then there is a trap in the strict sense.
    bool pushed = false;
    std::optional<double> noise_dimension;
    std::vector<BatchThreshold> by_batch;
    std::vector<RateThreshold> by_rate;
    std::vector<TrapPrediction> predictions;
};

/// The saddle and its noise; and, to that, what is predicted for every learning rate and batch size.
Measurement measure_point(const NetworkConfig&);
void predict(const NetworkConfig&, Measurement&);
/// Of a point where single samples do not push and one axis is exact.
AxisLine axis_line(const NetworkConfig&, const Measurement&, int batch, double from, double to);
/// From which learning rate on one axis is trapped.
BatchThreshold threshold_of(const NetworkConfig&, const Measurement&, int batch);
/// Both.
Measurement measure(const NetworkConfig&);

}  // namespace noisetrap
