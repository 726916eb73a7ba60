// Claims about a remedy that changes the noise: variance reduction (SVRG), one inner loop, many, and what
// they cost.
#include <fmt/core.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"
#include "validation/law_tests.hpp"
#include "validation/remedy_answers.hpp"

namespace noisetrap {
namespace {

constexpr const char* svrg_section = "remedy: variance reduction";

/// Odds that two steps from the landmark lead to less than its distance: z[1] = a, z[2] = a (1 + A), and
/// |x| < |x*| where -2 < z < 0; per step at learning rate l a and l sigma.
double odds_of_overshooting(double a, double sigma) {
    const boost::math::normal factor(1 + a, sigma);
    return boost::math::cdf(factor, -1) - boost::math::cdf(factor, -1 - 2 / a);
}

Simulation svrg(const ParameterValues& model, double learning_rate, std::uint64_t interval,
                std::uint64_t steps, std::uint64_t paths) {
    return under("noisy-saddle", "svrg", model,
                 {{"learning_rate", learning_rate}, {"interval", static_cast<double>(interval)}}, 1, steps,
                 paths);
}

Claim never_nearer(Laboratory& laboratory) {
    constexpr double a = 0.2, sigma = 1;
    constexpr std::uint64_t steps = 100;
    auto simulation = svrg(saddle(a, sigma, 0, "two-point"), 1, steps, steps, 1 << 17);
    for (std::uint64_t n = 1; n <= steps; ++n) simulation.observe.steps.push_back(n);
    const auto columns = laboratory.collect(simulation).front();
    auto nearest = columns.log_abs.front();
    for (const auto& column : columns.log_abs)
        for (std::size_t i = 0; i < column.size(); ++i) nearest[i] = std::min(nearest[i], column[i]);
    return {svrg_section, "share of paths that are ever nearer than the landmark",
            fmt::format("two-point, a = {}, sigma = {} < 1 + a, m = {}", a, sigma, steps),
            share_within(nearest, 1), 0};
}

Panel overshooting(Laboratory& laboratory, std::vector<Claim>& claims) {
    constexpr double a = 0.5, sigma = 2;
    const std::vector<double> learning_rates = {0.3, 0.5, 0.7, 1, 1.4, 2};
    std::vector<Estimate> measured;
    for (double l : learning_rates) {
        auto simulation = svrg(saddle(a, sigma), l, 2, 2, 1 << 20);
        simulation.observe.steps = {2};
        measured.push_back(share_within(laboratory.collect(simulation).front().log_abs[0], 1));
    }
    claims.push_back({svrg_section, "a step that overshoots: P(|x[2]| < |x*|)",
                      fmt::format("gaussian, a = {}, sigma = {}, l = 1", a, sigma), measured[3],
                      odds_of_overshooting(a, sigma)});
    std::vector<double> exact;
    const auto dense = even(0.05, 2, 80);
    for (double l : dense) exact.push_back(odds_of_overshooting(l * a, l * sigma));
    Panel panel("Small steps never lead back", "learning rate l", "P(|x[2]| < |x*|)");
    panel.theory("exact", dense, exact).points("measured", learning_rates, measured);
    return panel;
}

/// The SDE in time steps h, by learning rate 1, a h and sigma sqrt(h). At this step the loop's law is nearer
/// to the limit than 0.002 at any point.
void loop_law(Laboratory& laboratory, std::vector<Claim>& claims, std::vector<Panel>& panels) {
    constexpr double a = 0.1, sigma = 1, h = 1.0 / 256, time = 80;
    constexpr auto steps = static_cast<std::uint64_t>(time / h);
    auto simulation = svrg(saddle(a * h, sigma * std::sqrt(h)), 1, steps, steps, 1 << 15);
    simulation.observe.steps = {steps / 2, steps};
    auto columns = std::move(laboratory.collect(simulation).front());
    for (auto& column : columns.value)
        for (double& x : column) x -= 1;
    const auto text = fmt::format("a = {}, sigma = {}, time step 1/256, t = {}", a, sigma, time);
    claims.push_back(
        stopped_moving({svrg_section, "x/x* has stopped moving in the second half of a loop", text},
                       columns.value[0], columns.value[1]));
    auto& z = columns.value[1];
    std::sort(z.begin(), z.end());
    const auto law = stationary_law(a, sigma, sigma, -1);
    const auto cdf = [&law](double x) { return law.cdf(x + 1); };
    claims.push_back(
        whole_law({svrg_section, "x/x* - 1 is inverse gamma at the end of a long loop", text}, z, cdf));
    append_law_panels(panels, "The end of a long loop", "x/x* − 1", z, cdf);
}

constexpr double epoch_a = 0.01, epoch_sigma = 0.2;
const std::vector<std::uint64_t> intervals = {10, 30, 100, 200, 400, 800, 1600};

std::string epoch_text(std::uint64_t interval) {
    return fmt::format("a = {}, sigma = {}, m = {}", epoch_a, epoch_sigma, interval);
}

struct Gain {
    Panel panel;
    double best;  // number of inner steps
};

/// `exact` is the growth in one epoch of 0, 1, 2, ... steps, here and below.
Gain gain_for_its_price(Laboratory& laboratory, const std::vector<double>& exact,
                        std::vector<Claim>& claims) {
    auto one_loop = svrg(saddle(epoch_a, epoch_sigma), 1, intervals.back(), intervals.back(), 1 << 18);
    one_loop.observe.steps = intervals;
    one_loop.observe.quantiles = false;
    const auto loop_ends = laboratory.run(one_loop).front().times;
    const auto cost_of = [&](double m) {  // of an epoch, in gradients
        return one_loop.entry->cost(one_loop.ensembles[0], {{"interval", m}, {"samples", 1000.0}})
            .of(static_cast<std::uint64_t>(m));
    };
    std::vector<Estimate> per_gradient;
    for (std::size_t i = 0; i < intervals.size(); ++i) {
        const auto growth = loop_ends[i].log_abs.moments.mean_estimate();
        per_gradient.push_back(scaled(growth, 1 / cost_of(static_cast<double>(intervals[i]))));
        if (intervals[i] == 10 || intervals[i] == 1600)
            claims.push_back({svrg_section, "growth E log|x/x*| in one epoch of m steps",
                              epoch_text(intervals[i]), growth, exact[intervals[i]]});
    }
    std::vector<double> m, curve;
    for (std::uint64_t i = 1; i < exact.size(); i += i < 100 ? 1 : 10) {
        m.push_back(static_cast<double>(i));
        curve.push_back(exact[i] / cost_of(m.back()));
    }
    const auto best =
        m[static_cast<std::size_t>(std::max_element(curve.begin(), curve.end()) - curve.begin())];
    Panel cost("Gain for its price, N = 1000 samples", "inner steps m of an epoch",
               "log growth per gradient");
    cost.x_scale("log").theory("exact", m, curve).points("measured", doubles(intervals), per_gradient);
    const double by_descent = std::log1p(epoch_a) / 1000;
    cost.mark("best", best).reference("gradient descent", {1, m.back()}, {by_descent, by_descent});
    return {cost, best};
}

Panel epoch_by_epoch(Laboratory& laboratory, const std::vector<double>& exact, std::vector<Claim>& claims) {
    constexpr std::uint64_t epochs = 8, interval = 100;
    auto many_loops = svrg(saddle(epoch_a, epoch_sigma), 1, interval, epochs * interval, 1 << 17);
    many_loops.observe.quantiles = false;
    std::vector<double> epoch, line;
    for (std::uint64_t k = 1; k <= epochs; ++k) {
        many_loops.observe.steps.push_back(k * interval);
        epoch.push_back(static_cast<double>(k));
        line.push_back(epoch.back() * exact[interval]);
    }
    std::vector<Estimate> after;
    const auto summary = laboratory.run(many_loops).front();
    for (const auto& at : summary.times) after.push_back(at.log_abs.moments.mean_estimate());
    claims.push_back({svrg_section, "every epoch multiplies alike: E log|x/x[0]|/8 after 8 epochs",
                      epoch_text(interval), scaled(after.back(), 1.0 / epochs), exact[interval]});
    Panel geometric("Geometric escape, m = 100", "epochs", "E log|x/x[0]|");
    geometric.theory("exact", epoch, line).points("measured", epoch, after);
    return geometric;
}

}  // namespace

Evidence remedy_svrg(Laboratory& laboratory) {
    Evidence evidence;
    evidence.claims.push_back(never_nearer(laboratory));
    std::vector<Panel> loop = {overshooting(laboratory, evidence.claims)};
    loop_law(laboratory, evidence.claims, loop);
    auto exact = svrg_loop_growth(epoch_a, epoch_sigma, intervals.back());
    for (double& growth : exact) growth = WrongTheory::of(growth);
    const auto [cost, best] = gain_for_its_price(laboratory, exact, evidence.claims);
    const auto geometric = epoch_by_epoch(laboratory, exact, evidence.claims);
    evidence.figures["remedy-svrg"] =
        figure("Variance reduction escapes where SGD is trapped",
               fmt::format("*a* = 0.01, *σ* = 0.2; SGD falls by E log|*x*| = −0.011 a step. Left: epoch by "
                           "epoch |*x*| grows by the same factor on average. Right: the growth of an epoch "
                           "over its price of 2*m* + *N* gradients is best near *m* = {:.0f}, far above that "
                           "of gradient descent, which pays *N* gradients a step.",
                           best),
               {geometric, cost});
    evidence.figures["remedy-svrg-loop"] =
        figure("An inner loop leads away from its landmark x*",
               "Left, *a* = 0.5, *σ* = 2: paths come nearer than their landmark only if a step overshoots, "
               "and the odds of that vanish faster than any power of the learning rate. Middle and right: "
               "the SDE's *a* = 0.1, *σ* = 1 in time steps of 1/256; a loop of time 80 ends with *x*/*x** − "
               "1 inverse gamma distributed.",
               loop);
    return evidence;
}

}  // namespace noisetrap
