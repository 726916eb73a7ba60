// Claims about a remedy that changes the shape of the loss: two linear pieces (ReLU) instead of a parabola,
// and a parabola interpolated between knots.
#include <fmt/core.h>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>

#include "analysis/diffusions/diffusions.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"
#include "validation/law_tests.hpp"

namespace noisetrap {
namespace {

/// dx = a p'(x) dt + sigma p'(x) dW + tau dV, per unit of time, taken in steps of time h.
struct Walk {
    double a, sigma, tau;
    double deviation(double slope) const { return std::hypot(sigma * slope, tau); }
};
constexpr Walk walk{0.3, 1.2, 0.3};
constexpr double walk_radius = 2;
constexpr const char* walk_text = "a = 0.3, sigma = 1.2, tau = 0.3";

Simulation walking(const char* loss, double h, double t_end, std::uint64_t paths, double spacing = 0) {
    const double root = std::sqrt(h);
    ParameterValues model = {{"a", walk.a * h}, {"sigma", walk.sigma * root}, {"tau", walk.tau * root}};
    if (spacing > 0) model["spacing"] = spacing;
    return under(loss, "sgd", model, {}, 0, static_cast<std::uint64_t>(std::llround(t_end / h)), paths);
}

/// Part of the paths with |x| < radius, at each observed step.
std::vector<Estimate> shares_inside(Laboratory& laboratory, const Simulation& s, double radius) {
    const auto columns = laboratory.collect(s).front();
    std::vector<Estimate> shares;
    for (const auto& column : columns.log_abs) shares.push_back(share_within(column, radius));
    return shares;
}

/// Looked at once a step, a path behaves as if the barrier were farther away by the mean overshoot: it is put
/// nearer by that much, and what is left is of order h (Broadie, Glasserman and Kou 1997).
Estimate exit_time_of(Laboratory& laboratory, const char* loss, double h, double spacing, double slope,
                      double t_end, std::uint64_t paths) {
    auto s = walking(loss, h, t_end, paths, spacing);
    s.observe.exit = ExitWatch::at_steps;
    s.observe.exit_radius = walk_radius - mean_overshoot * walk.deviation(slope) * std::sqrt(h);
    return scaled(laboratory.run(s).front().passage.restricted.mean_estimate(), h);
}

/// From steps h and h/4 to h = 0, for errors of order h.
Claim to_small_steps(const Words& words, const Estimate& coarse, const Estimate& fine, double theory) {
    return {
        words.section,
        words.statement,
        words.parameters,
        {(4 * fine.value - coarse.value) / 3, std::hypot(4 * fine.standard_error, coarse.standard_error) / 3},
        theory,
        (fine.value - coarse.value) / 3};
}

Claim exit_claim(Laboratory& laboratory, const char* statement, const char* loss, double spacing) {
    const auto at = [&](double h) { return exit_time_of(laboratory, loss, h, spacing, 1, 32, 1 << 18); };
    const auto coarse = at(1.0 / 32), fine = at(1.0 / 128);
    return to_small_steps(
        {"remedy: ReLU", statement,
         fmt::format("{}{}, R = {}, x0 = 0", walk_text,
                     spacing > 0 ? fmt::format(", knots {} apart", spacing) : "", walk_radius)},
        coarse, fine, mean_exit_time_piecewise_linear(walk.a, walk.deviation(1), walk_radius));
}

/// P(|x_t| < R) from 0 under dx = a sign(x) dt + s dW: |x| is a Brownian motion with drift a, reflected at 0.
double reflected_share(double a, double s, double radius, double t) {
    const boost::math::normal normal;
    const double root = s * std::sqrt(t);
    return boost::math::cdf(normal, (radius - a * t) / root) -
           std::exp(2 * a * radius / (s * s)) * boost::math::cdf(normal, (-radius - a * t) / root);
}

constexpr double late = 16;

/// The law of |x_t| under the quadratic saddle from x = 0.
struct QuadraticLaws {
    std::vector<double> times = {0.5, 1, 2, 4, 8, late, 2 * late}, shares_inside;
    double share_late = 0, median_late = 0;
};

QuadraticLaws quadratic_laws() {
    const Grid grid{{-1e9, 1e9}, Spacing::symlog(0, walk.tau / walk.sigma), 1024};
    const ParameterValues model = {{"a", walk.a}, {"sigma", walk.sigma}, {"tau", walk.tau}};
    QuadraticLaws quadratic;
    for (const auto& law : transient_laws(diffusion_of("linear-sde", model), grid, 0, quadratic.times)) {
        const auto share = [&](double r) { return law.cdf(r) - law.cdf(-r); };
        quadratic.shares_inside.push_back(share(walk_radius));
        if (law.time() != late) continue;
        quadratic.share_late = share(walk_radius);
        quadratic.median_late =
            boost::math::tools::bisect([&](double r) { return share(r) - 0.5; }, 0.0, 100.0,
                                       boost::math::tools::eps_tolerance<double>(20))
                .first;
    }
    return quadratic;
}

Claim share_claim(Laboratory& laboratory, const Words& words, const char* loss, double spacing, double t,
                  double theory) {
    const auto at = [&](double h) {
        auto s = walking(loss, h, t, 1 << 17, spacing);
        s.observe.steps = {s.steps};
        return shares_inside(laboratory, s, walk_radius).front();
    };
    const auto coarse = at(1.0 / 32), fine = at(1.0 / 128);
    return to_small_steps(words, coarse, fine, theory);
}

Panel shares_over_time(Laboratory& laboratory, const QuadraticLaws& quadratic) {
    const auto& times = quadratic.times;
    const auto dense = even_ratios(0.5, 32, 60);
    Panel panel(
        fmt::format("a = {}, σ = {}, τ = {}, R = {}, x0 = 0", walk.a, walk.sigma, walk.tau, walk_radius),
        "time t  (time)", "P(|x| < R)");
    panel.x_scale("log");
    const auto measured = [&](const char* loss, double spacing) {
        auto s = walking(loss, 1.0 / 64, times.back(), 1 << 14, spacing);
        for (double t : times) s.observe.steps.push_back(static_cast<std::uint64_t>(std::llround(t * 64)));
        return shares_inside(laboratory, s, walk_radius);
    };
    std::vector<double> relu;
    for (double t : dense) relu.push_back(reflected_share(walk.a, walk.deviation(1), walk_radius, t));
    panel.theory("two linear pieces (ReLU)", dense, relu).points("ReLU", times, measured("relu-saddle", 0));
    panel.theory("quadratic", times, quadratic.shares_inside)
        .points("quadratic", times, measured("noisy-saddle", 0));
    panel.points("knots 2 apart", times, measured("piecewise-linear-saddle", 2));
    return panel;
}

Panel sizes_over_spacing(Laboratory& laboratory, const QuadraticLaws& quadratic) {
    const auto spacings = even_ratios(1.0 / 16, 64, 11), far = even_ratios(1, 64, 2);
    std::vector<Estimate> medians;
    for (double d : spacings) {
        auto s = walking("piecewise-linear-saddle", 1.0 / 64, late, 1 << 14, d);
        s.observe.steps = {s.steps};
        const auto median = quantile_of(laboratory.collect(s).front().log_abs[0], 0.5);
        medians.push_back(scaled({1, median.standard_error}, std::exp(median.value)));
    }
    Panel panel(fmt::format("after time {}", late), "knot spacing d  (length)", "median of |x|  (length)");
    panel.x_scale("log").y_scale("log").points("measured", spacings, medians);
    panel.level("quadratic, exact", quadratic.median_late).reference("d", far, far);
    return panel;
}

Panel exits_over_spacing(Laboratory& laboratory) {
    std::vector<Estimate> measured;
    const auto spacings = even_ratios(1.0 / 16, 16, 9), straight = even_ratios(walk_radius, 16, 30);
    for (double d : spacings) {
        const bool wide = d > walk_radius;
        measured.push_back(exit_time_of(laboratory, "piecewise-linear-saddle", wide ? 1.0 / 2048 : 1.0 / 256,
                                        d, d < walk_radius ? walk_radius : d / 2, wide ? 4 : 64, 1 << 13));
    }
    std::vector<double> exact;
    for (double d : straight)
        exact.push_back(mean_exit_time_piecewise_linear(walk.a * d / 2, walk.deviation(d / 2), walk_radius));
    Panel panel("R = 2, x0 = 0", "knot spacing d  (length)", "mean exit time from |x| < R  (time)");
    panel.x_scale("log").points("measured", spacings, measured);
    panel.theory("d ≥ R: ReLU of slope d/2, exact", straight, exact);
    panel.level("quadratic, exact", mean_exit_time(walk.a, walk.sigma, walk.tau, 0, walk_radius, 0));
    return panel;
}

}  // namespace

Evidence remedy_relu(Laboratory& laboratory) {
    const auto quadratic = quadratic_laws();
    Evidence evidence;
    evidence.claims.push_back(
        exit_claim(laboratory, "R/a - s^2/(2a^2) (1 - e^(-2aR/s^2)): mean exit time", "relu-saddle", 0));
    evidence.claims.push_back(
        exit_claim(laboratory, "knots R apart: the ReLU's mean exit time", "piecewise-linear-saddle", 2));
    evidence.claims.push_back(
        share_claim(laboratory,
                    {"remedy: ReLU", "no trap: P(|x| < R) falls as of a reflected Brownian motion",
                     fmt::format("{}, R = {}, t = {}", walk_text, walk_radius, late)},
                    "relu-saddle", 0, late, reflected_share(walk.a, walk.deviation(1), walk_radius, late)));
    evidence.claims.push_back(
        share_claim(laboratory,
                    {"remedy: ReLU", "close knots bring the trap back: P(|x| < R) of the quadratic",
                     fmt::format("{}, knots 1/32 apart, R = {}, t = {}", walk_text, walk_radius, late)},
                    "piecewise-linear-saddle", 1.0 / 32, late, quadratic.share_late));
    evidence.figures["remedy-relu"] = figure(
        "A kink instead of a parabola",
        "Left: under the same noises a quadratic saddle keeps its paths, and one of two linear pieces "
        "(ReLU) loses them all. Middle: interpolated linearly between knots a parabola traps like the "
        "quadratic where the knots are close; where they are far apart paths stay no nearer than about "
        "their spacing *d*, the trap being made of many knots. Right: until its first knot a path cannot "
        "tell it from a ReLU.",
        {shares_over_time(laboratory, quadratic), sizes_over_spacing(laboratory, quadratic),
         exits_over_spacing(laboratory)});
    return evidence;
}

}  // namespace noisetrap
