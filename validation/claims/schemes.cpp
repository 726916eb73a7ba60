// Claims about schemes that other libraries have: the growth rate of each is that of its own steps.
#include <fmt/core.h>

#include <cmath>

#include "validation/claims.hpp"
#include "validation/exact.hpp"

namespace noisetrap {
namespace {

struct Case {
    const char* scheme;
    double a, sigma, dt;
    const char* what;
};

/// Per step, of the linear SDE without additive noise.
Claim growth_claim(Laboratory& laboratory, const Case& c) {
    constexpr std::uint64_t steps = 256;
    auto simulation = sde("linear-sde", c.scheme, {{"a", c.a}, {"sigma", c.sigma}, {"tau", 0.0}}, 1.0,
                          static_cast<double>(steps) * c.dt, c.dt, 1 << 19);
    simulation.observe.growth = true;
    const auto growth = laboratory.run(simulation).front().log_growth.moments.mean_estimate();
    const auto n = static_cast<double>(steps);
    return {"schemes: growth rate",
            fmt::format("E log|A| per step, {}", c.what),
            fmt::format("{}, a = {}, sigma = {:.6g}, dt = {:.6g}", c.scheme, c.a, c.sigma, c.dt),
            {growth.value / n, growth.standard_error / n},
            exact(Quantity::growth, Of::scheme, {simulation}) * c.dt};
}

}  // namespace

/// The largest steps that keep Higham's trap were found by a program that shares nothing with this one.
Evidence schemes_of_others(Laboratory& laboratory) {
    const double sqrt6 = std::sqrt(6.0);
    const char *kept = "where the SDE's trap is kept", *below = "just below the step that loses the trap",
               *beyond = "just beyond the step that loses the trap";
    struct Edge {
        const char* scheme;
        double step;
    };
    Evidence evidence;
    for (const char* scheme : {"split-euler", "heun", "sriw1", "pl1wm", "ri1"})
        evidence.claims.push_back(growth_claim(laboratory, {scheme, 0.3, 1, 0.25, kept}));
    for (const auto& [scheme, step] :
         {Edge{"split-euler", 0.26118266}, Edge{"heun", 0.21938337}, Edge{"pl1wm", 0.51346612}}) {
        const auto shrinks = growth_claim(laboratory, {scheme, 0.5, sqrt6, 0.99 * step, below}),
                   grows = growth_claim(laboratory, {scheme, 0.5, sqrt6, 1.01 * step, beyond});
        require(shrinks.theory < 0 && grows.theory > 0, "the growth rate does not change sign where it must");
        evidence.claims.insert(evidence.claims.end(), {shrinks, grows});
    }
    return evidence;
}

}  // namespace noisetrap
