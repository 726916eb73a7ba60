// Both noises, correlated, with drift: the moments are exact at every step, and in the trap the tails are
// Kesten's.
#include <fmt/core.h>

#include <cmath>

#include "validation/exact.hpp"
#include "validation/experiment.hpp"

namespace noisetrap {
namespace {

constexpr const char* section = "both noises";

}  // namespace

std::vector<Claim> moments_of_both_noises(Laboratory& laboratory) {
    std::vector<Claim> claims;
    constexpr double a = 0.02, sigma = 0.2, tau = 0.1, rho = 0.5, x0 = 1;
    constexpr std::uint64_t n = 25;
    for (const char* law : {"gaussian", "uniform", "two-point"}) {
        auto simulation = recursion(
            {{"a", a}, {"sigma", sigma}, {"tau", tau}, {"rho", rho}, {"law", law}, {"eta_law", law}}, x0, n,
            1 << 20);
        simulation.observe.steps = {n};
        const auto summary = laboratory.run(simulation).front().times[0].value.moments;
        const Question at{simulation, 0, n};
        const auto parameters =
            fmt::format("{}, a = {}, sigma = {}, tau = {}, rho = {}, n = {}", law, a, sigma, tau, rho, n);
        claims.push_back(
            {section, "E x[n]", parameters, summary.mean_estimate(), exact(Quantity::mean, Of::scheme, at)});
        claims.push_back({section, "Var x[n]", parameters, summary.variance_estimate(),
                          exact(Quantity::variance, Of::scheme, at)});
    }
    return claims;
}

namespace {

std::uint64_t beyond(const EdgeCounts& counts, std::size_t below, std::size_t above) {
    std::uint64_t paths = 0;
    for (std::size_t i = 0; i <= below; ++i) paths += counts.counts[i];
    for (std::size_t i = above + 1; i < counts.counts.size(); ++i) paths += counts.counts[i];
    return paths;
}

void tail_claims(Laboratory& laboratory, std::vector<Claim>& claims) {
    struct Case {
        const char* name;
        double a, sigma;
        std::uint64_t steps;
    };
    // The tail at r2 is stationary after about log(r2) / (2 |growth rate|) steps and some.
    for (const Case& c : {Case{"gaussian", 0.1, 1.0, 400}, Case{"two-point", 0.1, 0.8, 300}}) {
        constexpr double r1 = 1e3, r2 = 1e5;
        auto simulation =
            recursion({{"a", c.a}, {"sigma", c.sigma}, {"tau", 0.1}, {"law", c.name}}, 0.0, c.steps, 1 << 21);
        simulation.observe.steps = {c.steps};
        simulation.observe.bin_edges = {{-r2, -r1, r1, r2}};
        const auto counts = laboratory.run(simulation).front().times[0].value.bins[0];
        claims.push_back({section, "Kesten tail exponent: E|A|^kappa = 1",
                          fmt::format("{}, a = {}, sigma = {}, tau = 0.1, {:g} < |x| < {:g}", c.name, c.a,
                                      c.sigma, r1, r2),
                          tail_slope(beyond(counts, 1, 2), beyond(counts, 0, 3), r1, r2),
                          exact(Quantity::tail_index, Of::scheme, {simulation})});
    }
}

}  // namespace

Experiment both_noises(Laboratory& laboratory) {
    Experiment e;
    e.claims = moments_of_both_noises(laboratory);
    tail_claims(laboratory, e.claims);
    return e;
}

}  // namespace noisetrap
