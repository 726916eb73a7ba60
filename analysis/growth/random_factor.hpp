// E log|A| of a factor with several noises.
#pragma once

#include <vector>

#include "engine/noise/law.hpp"

namespace noisetrap {

/// A = mean + sum of deviation Z, Z independent, of mean 0 and variance 1.
struct RandomFactor {
    struct Noise {
        Law law;
        double deviation;
    };
    double mean;
    std::vector<Noise> noises;

    /// The Gaussian noises as one, and none that vanishes.
    RandomFactor reduced() const;
    double deviation() const;
};

/// E log|A|: of one noise by mean_log_abs; of more by summing over two-point ones and integrating over uniform ones, to
/// 1e-9. Throws std::domain_error where there are more than 12 of the first or 2 of the second beside each other.
double mean_log_abs(const RandomFactor&);

/// The root kappa of E|A|^kappa = 1 of a factor with one noise, once reduced; throws where there are more.
double tail_index(const RandomFactor&);

}  // namespace noisetrap
