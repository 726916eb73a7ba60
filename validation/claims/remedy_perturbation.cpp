// Claims about a remedy that adds noise of one's own: kicks at every step, from the origin, and where the
// gradient is 0.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"
#include "validation/law_tests.hpp"

namespace noisetrap {
namespace {

constexpr const char* kick_section = "remedy: noise of one's own";

struct KickedSde {
    double a, sigma, tau, radius;

    StationaryLaw law() const { return stationary_law(a, sigma, std::hypot(tau, radius), 0); }
    std::string text() const {
        return fmt::format("a = {}, sigma = {}, tau = {}, radius = {}", a, sigma, tau, radius);
    }
    /// From x0 = 0, in time steps h.
    Simulation in_steps(double h, double time, std::uint64_t paths) const {
        const double root = std::sqrt(h);
        auto s =
            under("noisy-saddle", "perturbed", saddle(a * h, sigma * root, tau * root),
                  {{"radius", radius * root}}, 0, static_cast<std::uint64_t>(std::llround(time / h)), paths);
        s.observe.steps = {s.steps};
        return s;
    }
};

/// Its law after a long time, and how near the saddle it stays.
Panel kicked_law(Laboratory& laboratory, std::vector<Claim>& claims) {
    const KickedSde sde{0.1, 1, 0.5, 1};
    auto sample = std::move(laboratory.collect(sde.in_steps(1.0 / 128, 80, 1 << 16)).front().value[0]);
    std::sort(sample.begin(), sample.end());
    const auto law = sde.law(), unkicked = KickedSde{sde.a, sde.sigma, sde.tau, 0}.law();
    const auto cdf = [&law](double x) { return law.cdf(x); };
    claims.push_back(
        whole_law({kick_section, "Student t: tau^2 becomes tau^2 + radius^2", sde.text()}, sample, cdf));
    auto panel = cdf_panel("Kicks of radius 1 at every step", "x  (length)", sample, cdf);
    std::vector<double> x, without;
    for (double p = 0.02; p < 0.985; p += 0.01)
        x.push_back(law.quantile(p)), without.push_back(unkicked.cdf(x.back()));
    panel.reference("without kicks", x, without);
    return panel;
}

Panel kicks_from_the_origin(Laboratory& laboratory, std::vector<Claim>& claims) {
    constexpr double r = 0.2, time = 80, h = 1.0 / 16;
    const std::vector<double> radii = {0.25, 1, 4, 16};
    std::vector<Estimate> measured;
    for (double radius : radii) {
        const KickedSde sde{0.1, 1, 0.5, radius};
        const auto within = [&](double step) {
            return share_within(laboratory.collect(sde.in_steps(step, time, 1 << 17)).front().log_abs[0], r);
        };
        const auto coarse = within(h), fine = within(h / 2);
        const auto limit = extrapolate(coarse, fine);
        measured.push_back(limit.estimate);
        if (radius == 1 || radius == 4)
            claims.push_back({kick_section, "P(|x| < 0.2) falls like 1/radius", sde.text(), limit.estimate,
                              1 - sde.law().two_sided_survival(r), limit.discretisation});
    }
    const auto dense = even_ratios(0.1, 30, 100);
    std::vector<double> exact, line;
    const double far = 1 - KickedSde{0.1, 1, 0.5, 1000}.law().two_sided_survival(r);
    for (double radius : dense) {
        exact.push_back(1 - KickedSde{0.1, 1, 0.5, radius}.law().two_sided_survival(r));
        line.push_back(far * 1000 / radius);
    }
    Panel panel("The harder, the rarer", "radius of the kicks  (length/√time)", "P(|x| < 0.2)");
    panel.x_scale("log").y_scale("log").y_limits(0.004, 1);
    panel.theory("exact", dense, exact)
        .reference("slope −1", dense, line)
        .points("measured", radii, measured);
    return panel;
}

/// A saddle without noise, from x0 = 0 itself. One kick, uniform on (-sqrt 3 radius, sqrt 3 radius), and
/// growth by 1 + a from there.
Panel kicks_where_it_is_flat(Laboratory& laboratory, std::vector<Claim>& claims) {
    constexpr double a = 0.1, radius = 0.01, threshold = 0.005, r = 1;
    const auto inside = [](double n) {
        return std::min(1.0, r / (std::sqrt(3.0) * radius * std::pow(1 + a, n)));
    };
    const std::vector<std::uint64_t> steps = {30, 45, 50, 60, 70, 80};
    const auto shares = [&](const char* optimiser, const ParameterValues& method) {
        auto simulation = under("noisy-saddle", optimiser, saddle(a, 0), method, 0, steps.back(), 1 << 18);
        simulation.observe.steps = steps;
        const auto columns = laboratory.collect(simulation).front();
        std::vector<Estimate> within;
        for (const auto& column : columns.log_abs) within.push_back(share_within(column, r));
        return within;
    };
    const auto kicked =
        shares("perturbed",
               {{"radius", radius}, {"threshold", threshold}, {"interval", 1000.0}, {"law", "uniform"}});
    const auto left_alone = shares("sgd", {});
    const auto text = fmt::format("a = {}, sigma = tau = 0, n = ", a);
    claims.push_back({kick_section, "one kick where the gradient is 0: P(|x[n]| < 1)",
                      fmt::format("{}60, radius = {}", text, radius), kicked[3], inside(60)});
    claims.push_back({kick_section,
                      "without a kick x[0] = 0 is for ever: P(|x[n]| < 1)",
                      fmt::format("{}80, sgd", text),
                      {left_alone.back().value, left_alone.back().standard_error},
                      1});
    std::vector<double> all, curve;
    for (int n = 0; n <= 80; ++n) all.push_back(n), curve.push_back(inside(n));
    Panel panel("A saddle without noise", "steps n", "P(|x[n]| < 1)");
    panel.theory("one kick of radius 0.01", all, curve)
        .points("one kick of radius 0.01", doubles(steps), kicked);
    panel.reference("no kick", {0, 80}, {1, 1}).points("no kick", doubles(steps), left_alone);
    panel.y_limits(0, 1.1);
    return panel;
}

}  // namespace

Evidence remedy_perturbation(Laboratory& laboratory) {
    Evidence evidence;
    const auto law = kicked_law(laboratory, evidence.claims);
    const auto near = kicks_from_the_origin(laboratory, evidence.claims);
    const auto flat = kicks_where_it_is_flat(laboratory, evidence.claims);
    evidence.figures["remedy-perturbation"] =
        figure("Kicks widen the trap, and free a path that rests",
               "Left and middle, *a* = 0.1, *σ* = 1, *τ* = 0.5: kicks at every step leave the trap as it is, "
               "but wider; paths are seen near the saddle less often, in proportion to 1/radius. Right, *a* "
               "= 0.1: without noise a path that starts at the saddle stays for ever; one kick where the "
               "gradient vanishes is enough.",
               {law, near, flat});
    return evidence;
}

}  // namespace noisetrap
