// A statement of the theory beside what a simulation gave.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "engine/summaries.hpp"

namespace noisetrap {

struct Claim {
    std::string section, statement, parameters;
    Estimate estimate;
    double theory = 0;
    /// What the time step had added and extrapolation took away; not a number where there is no time step.
    double discretisation = std::numeric_limits<double>::quiet_NaN();

    /// (estimate - theory) / standard error
    double z() const;
};

/// Two runs of a scheme of weak order 1, at dt and at dt/2: their extrapolation to dt = 0 (Talay and Tubaro
/// 1990), and the change from the finer run to it.
struct Extrapolated {
    Estimate estimate;
    double discretisation;
};
Extrapolated extrapolate(const Estimate& coarse, const Estimate& fine);

/// log(P(|X| > r1) / P(|X| > r2)) / log(r2 / r1), from counts of the same paths; r1 < r2.
Estimate tail_slope(std::uint64_t beyond_r1, std::uint64_t beyond_r2, double r1, double r2);

}  // namespace noisetrap
