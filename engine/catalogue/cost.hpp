// What steps cost, in gradients of single samples: the currency in which optimisers are compared.
#pragma once

#include <cmath>
#include <cstdint>

namespace noisetrap {

/// What a loss asks for its gradients.
struct LossCost {
    double gradient = 1;  // a stochastic gradient: the samples of its minibatch
    double full = 0;      // the full gradient: all samples; 0 where their number is not known
};

/// The gradients that n steps take: per_step n, and `landmark` at the first of every `interval` steps.
struct Cost {
    double per_step = 1, landmark = 0;
    std::uint64_t interval = 1;

    double of(std::uint64_t steps) const {
        return per_step * static_cast<double>(steps) +
               landmark * static_cast<double>(steps / interval + (steps % interval != 0));
    }
    /// The most steps that cost no more than `budget`, `most` at the utmost.
    std::uint64_t steps_within(double budget, std::uint64_t most) const {
        std::uint64_t low = 0, high = most;
        while (low < high) {
            const std::uint64_t middle = low + (high - low + 1) / 2;
            if (of(middle) <= budget) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
};

}  // namespace noisetrap
