// Claims about growth rates with the noise of each path as control variates: that they are the exact ones still, and how
// much they gain.
#include <fmt/core.h>

#include <cmath>

#include "analysis/statistics/control_variates.hpp"
#include "analysis/statistics/significance.hpp"
#include "validation/claims.hpp"
#include "validation/exact.hpp"

namespace noisetrap {
namespace {

/// Euler-Maruyama's steps, and the ratio of the variances of log growth without and with both controls: by quadrature of
/// log|1 + a h + sigma sqrt(h) z|, 1 and the first two Hermite polynomials of z.
struct Case {
    double a, sigma, dt, tau;
    std::uint64_t steps;
    double variance_ratio;
};
constexpr Case cases[] = {{0.3, 1.0, 1.0 / 64, 0.0, 640, 5116},
                          {0.3, 1.0, 1.0 / 64, 0.5, 640, 5116},
                          {0.1, 0.5, 0.1, 0.0, 400, 1767},
                          {0.1, 0.5, 1.0, 0.0, 400, 6.5}};

}  // namespace

Evidence growth_control(Laboratory& laboratory) {
    const char* section = "control variates";
    Evidence evidence;
    for (const auto& c : cases) {
        auto simulation = euler_maruyama({{"a", c.a}, {"sigma", c.sigma}, {"tau", c.tau}, {"rho", 0.0}}, 1.0,
                                         static_cast<double>(c.steps) * c.dt, c.dt, 1 << 17);
        simulation.observe.growth = simulation.observe.control = true;
        const auto summary = laboratory.run(simulation).front();
        const double per_time = 1 / simulation.time(c.steps);
        const auto controlled = scaled(controlled_mean(summary.growth_and_noise).value(), per_time),
                   plain = scaled(summary.log_growth.moments.mean_estimate(), per_time);
        const auto text = fmt::format("Euler-Maruyama, a = {}, sigma = {}, tau = {}, dt = {:.6g}", c.a,
                                      c.sigma, c.tau, c.dt);
        evidence.claims.push_back({section, "growth rate, regressed on the noise of each path", text,
                                   controlled, exact(Quantity::growth, Of::scheme, {simulation})});
        const double least = std::sqrt(0.9 * c.variance_ratio);
        evidence.claims.push_back(count_claim(
            section, fmt::format("the plain mean's error is {:.3g} times as large, or more", least), text,
            plain.standard_error >= least * controlled.standard_error, 1));
    }
    return evidence;
}

}  // namespace noisetrap
