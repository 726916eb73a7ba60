// What a kernel can do beside stepping x. Each feature is known when the kernel is compiled, so that a run pays for
// what it asks and for nothing else.
#pragma once

namespace noisetrap {

struct Feature {
    enum : unsigned {
        plain = 0,
        scaled = 1u << 0,     // lengths matter: a step can move x = 0, or the process is not linear
        tangent = 1u << 1,    // the derivative dx[n]/dx[0] is stepped beside x
        exits = 1u << 2,      // the first step with |x| >= radius
        bridges = 1u << 3,    // with `exits`: crossings between steps count too, by Brownian bridges
        coarse = 1u << 4,     // a step takes the noise of several finer ones
        largest = 1u << 5,    // the largest |x|
        inside = 1u << 6,     // the steps with |x| < inside_radius
        control = 1u << 7,    // the sums of the first noise and of its squares, as control variates
        one_sided = 1u << 8,  // with `exits`: through one side alone
        spectrum = 1u << 9,   // all Lyapunov exponents of the state
    };
};

/// Each feature as C++ writes it, in ascending order.
inline constexpr const char* feature_names[] = {
    "Feature::scaled",  "Feature::tangent", "Feature::exits",   "Feature::bridges",   "Feature::coarse",
    "Feature::largest", "Feature::inside",  "Feature::control", "Feature::one_sided", "Feature::spectrum"};

}  // namespace noisetrap
