#include "analysis/critical/octopus_descent.hpp"

#include <cmath>

#include "analysis/require.hpp"

namespace noisetrap {
namespace {

/// After millions of millions of steps this holds a length to one part in a million.
using Logarithm = long double;

struct Descent {
    const OctopusChain& octopus;
    double rate;
    std::uint64_t steps = 0;

    Logarithm held() const { return std::log1p(-2 * static_cast<Logarithm>(rate) * octopus.L); }
    Logarithm leaving() const { return std::log1p(2 * static_cast<Logarithm>(rate) * octopus.gamma); }

    /// Steps in which an axis of that logarithm of a size grows beyond 1 for the first time, in units of tau.
    std::uint64_t steps_within(Logarithm size) const {
        return size > 0 ? 0 : static_cast<std::uint64_t>(std::floor(-size / leaving())) + 1;
    }
    /// Leaves an axis, from beyond tau on step by step; the axis after it goes along.
    void leave(Logarithm& axis, Logarithm& next) {
        if (axis >= std::log(Logarithm{2})) return;  // it has been left already
        const auto ahead = steps_within(axis);
        steps += ahead;
        next += static_cast<Logarithm>(ahead) * held();
        double size = static_cast<double>(std::exp(axis + static_cast<Logarithm>(ahead) * leaving()));
        while (size < 2) {
            const double e = size > 1 ? size - 1 : 0, beside = static_cast<double>(std::exp(next));
            size -= rate * octopus.stage().leaving_slope(OctopusWay<double>{size, e, beside});
            next += std::log1p(-2 * static_cast<Logarithm>(rate) * octopus.stage().hold(e));
            ++steps;
        }
    }
};

}  // namespace

std::uint64_t octopus_descent_steps(const OctopusChain& octopus, double rate, double start) {
    require(2 * rate * octopus.L < 1, "2 rate L must be below 1: axes that wait would become 0");
    Descent descent{octopus, rate};
    const Logarithm first = std::log(static_cast<Logarithm>(start) / octopus.tau);
    Logarithm axis = first;
    for (std::size_t i = 0; i < octopus.dimension; ++i) {
        Logarithm next = first + static_cast<Logarithm>(descent.steps) * descent.held();
        descent.leave(axis, next);
        axis = next;
    }
    return descent.steps;
}

double octopus_descent_growth(const OctopusChain& octopus, double rate) {
    const Descent descent{octopus, rate};
    return 1 - static_cast<double>(descent.held() / descent.leaving());
}

}  // namespace noisetrap
