// E log|A| of a factor with several noises.
#pragma once

#include <vector>

#include "engine/noise/law.hpp"

namespace noisetrap {

/// A = mean + sum of deviation Z, Z independent.
struct RandomFactor {
    struct Noise {
        NoiseLaw law;
        double deviation;
    };
    double mean;
    std::vector<Noise> noises;

    /// The Gaussian noises as one, and none that vanishes.
    RandomFactor reduced() const;
    double deviation() const;
};

/// E log|A|: of one noise by mean_log_abs; of more by summing over two-point ones and jumps, integrating over uniform ones,
/// to 1e-9, and by the characteristic function of the others. Throws std::domain_error where there are more than 12
/// two-point noises, 2 with jumps or 2 uniform ones beside each other.
double mean_log_abs(const RandomFactor&);

/// The root kappa of E|A|^kappa = 1 of a factor with one noise, once reduced; throws where there are more.
double tail_index(const RandomFactor&);

}  // namespace noisetrap
