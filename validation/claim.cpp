#include "validation/claim.hpp"

#include <cmath>

namespace noisetrap {

double Claim::z() const { return (estimate.value - theory) / estimate.standard_error; }

Extrapolated extrapolate(const Estimate& coarse, const Estimate& fine) {
    return {{2 * fine.value - coarse.value, std::hypot(2 * fine.standard_error, coarse.standard_error)},
            fine.value - coarse.value};
}

/// Of n1 paths beyond r1, n2 ~ Binomial(n1, q) are beyond r2; the slope is -log q / log(r2 / r1).
Estimate tail_slope(std::uint64_t beyond_r1, std::uint64_t beyond_r2, double r1, double r2) {
    const auto q = proportion(beyond_r2, beyond_r1);
    const double octaves = std::log(r2 / r1);
    return {-std::log(q.value) / octaves, q.standard_error / q.value / octaves};
}

}  // namespace noisetrap
