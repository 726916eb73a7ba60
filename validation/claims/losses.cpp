// Claims about losses whose traps are known exactly: two-sided, two curvatures at random, a two-layer unit,
// least squares, the octopus.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/critical/octopus_descent.hpp"
#include "analysis/critical/ways_out.hpp"
#include "analysis/growth/remedies.hpp"
#include "engine/noise/streams.hpp"
#include "engine/noise/variates.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"
#include "validation/law_tests.hpp"
#include "validation/many_dimensions.hpp"
#include "validation/references.hpp"

namespace noisetrap {
namespace {

constexpr const char* losses = "losses with exact answers";

Claim two_sided_claim(Laboratory& laboratory) {
    const auto s = under("two-sided-saddle", "sgd",
                         {{"a_plus", 0.05}, {"sigma_plus", 0.6}, {"a_minus", 0.2}, {"sigma_minus", 0.9}}, {},
                         1, 400, 1 << 16);
    return {losses, "two-sided quadratic: growth over the stationary signs",
            "a+ = 0.05, a- = 0.2, sigma+ = 0.6, sigma- = 0.9", later_growth(laboratory, s, 100),
            exact(Quantity::long_run_growth, Of::scheme, {s})};
}

std::vector<Claim> random_curvature_claims(Laboratory& laboratory, std::vector<Panel>& panels) {
    constexpr double q = 0.5;
    std::vector<Claim> claims;
    std::vector<Estimate> measured;
    const std::vector<double> rates = {0.2, 0.5, 1.5};
    for (double rate : rates) {
        const auto s =
            under("random-curvature", "sgd", {{"q", q}}, {{"learning_rate", rate}}, 1, 400, 1 << 16);
        measured.push_back(growth_of(laboratory, s));
        claims.push_back({losses,
                          rate < 0.3   ? "two curvatures at random: a small rate escapes the maximum"
                          : rate < 1.2 ? "two curvatures at random: SGD converges to the maximum"
                                       : "two curvatures at random: a large rate overshoots",
                          fmt::format("q = {}, l = {}", q, rate), measured.back(),
                          exact(Quantity::growth, Of::scheme, {s})});
    }
    const auto dense = even(0.01, 1.6, 200);
    std::vector<double> curve;
    for (double rate : dense) curve.push_back(two_curvature_growth(q, rate));
    const auto window = two_curvature_window(q);
    Panel panel("Two curvatures at random, q = 0.5", "learning rate l", "growth rate  (1/step)");
    panel.theory("exact", dense, curve).points("measured", rates, measured).level("trapped below", 0);
    panel.mark("window", window.lower).mark("window", window.upper).y_limits(-0.6, 0.4);
    panels.push_back(panel);
    return claims;
}

struct UnitCase {
    const char* statement;
    double signal, noise, rate, x0;
    std::uint64_t from, last;

    Simulation simulation() const {
        return under("two-layer-unit", "sgd", {{"signal", signal}, {"noise", noise}},
                     {{"learning_rate", rate}}, x0, last, 1 << 14);
    }
};

/// u is half the sum of u + w and u - w, the larger of which decides. Where they differ by more than the last
/// digit of u the smaller one is lost for ever, and it can be the wrong one: the rates of the two must be
/// well apart, beside how much they fluctuate.
Estimate two_layer_measured(Laboratory& laboratory, const UnitCase& c) {
    return later_growth(laboratory, c.simulation(), c.from);
}

Panel two_layer_panel(const std::vector<Claim>& claims, const UnitCase* cases) {
    Panel panel("Two-layer unit, noise 1, batch 1", "learning rate l", "growth rate of u + w  (1/step)");
    const auto dense = even(0.01, 0.8, 60);
    for (double signal : {0.1, 0.3}) {
        std::vector<double> exact, rates;
        std::vector<Estimate> measured;
        for (double rate : dense) exact.push_back(two_layer_growth({signal, 1}, rate, 1, +1));
        for (std::size_t i = 0; i < claims.size(); ++i)
            if (cases[i].signal == signal)
                rates.push_back(cases[i].rate), measured.push_back(claims[i].estimate);
        const auto label = fmt::format("E xy = {}", signal);
        panel.theory(label + ", exact", dense, exact).points(label, rates, measured);
        panel.mark(fmt::format("SDE, E xy = {}: trapped beyond", signal),
                   two_layer_critical_temperature({signal, 1}));
    }
    return panel.level("trapped below", 0);
}

std::vector<Claim> two_layer_claims(Laboratory& laboratory, std::vector<Panel>& panels) {
    const UnitCase cases[] = {
        {"two-layer unit: weak steps escape, in both descriptions", 0.3, 1, 0.1, 1e-250, 400, 1200},
        {"two-layer unit, weak signal: trapped in both descriptions", 0.1, 1, 0.2, 1e-20, 1500, 4500},
        {"two-layer unit, strong signal: escapes, trapped as an SDE", 0.3, 1, 0.3, 1e-250, 600, 1800}};
    std::vector<Claim> claims;
    for (const auto& c : cases)
        claims.push_back({losses, c.statement,
                          fmt::format("signal = {}, noise = {}, l = {}, l/l_SDE = {:.2f}", c.signal, c.noise,
                                      c.rate, c.rate / two_layer_critical_temperature({c.signal, c.noise})),
                          two_layer_measured(laboratory, c),
                          exact(Quantity::long_run_growth, Of::scheme, {c.simulation()})});
    panels.push_back(two_layer_panel(claims, cases));
    return claims;
}

Claim least_squares_claim(Laboratory& laboratory, std::vector<Panel>& panels) {
    constexpr double rate = 0.45;
    auto s = under("least-squares", "sgd", {{"dimension", 3.0}, {"feature", 1.0}, {"noise", 0.1}},
                   {{"learning_rate", rate}}, 0, 250, 1 << 20);
    s.observe.steps = {s.steps};
    auto log_abs = laboratory.collect(s).front().log_abs[0];
    std::sort(log_abs.begin(), log_abs.end());
    const double index = exact(Quantity::tail_index, Of::scheme, {s});
    const auto text = fmt::format("d = 3, s = 1, batch 1, l = {}", rate);
    panels.push_back(hill_panel("Least squares, " + text, log_abs, index));
    return {losses, "least squares: E R^kappa = 1, first coordinate", text, tail_index_above(log_abs, 0.01),
            index};
}

/// The first step with x_d > 2 tau, from 0.5 on each axis.
Estimate octopus_steps(Laboratory& laboratory, const char* optimiser, const ParameterValues& method,
                       std::size_t dimension, std::uint64_t steps, std::uint64_t paths) {
    auto s = under("octopus", optimiser, {{"dimension", static_cast<double>(dimension)}}, method, 0.5, steps,
                   paths);
    s.observe.exit = ExitWatch::at_steps;
    s.observe.exit_radius = 2 * std::exp(1.0);
    return laboratory.run(s).front().passage.restricted.mean_estimate();
}

/// The mean of those steps on the octopus of any number of axes, with the same kicks.
Estimate chain_steps(const OctopusChain& octopus, double radius, double threshold, std::uint64_t interval,
                     std::uint64_t paths, std::uint64_t seed) {
    const LandscapeOf landscape{octopus};
    double sum = 0, squares = 0;
    for (std::uint64_t path = 0; path < paths; ++path) {
        const auto kick = [&](std::uint64_t number) {
            Point moved(octopus.dimension);
            for (std::size_t i = 0; i < moved.size(); ++i)
                moved[i] = radius * variate_of<double>(seed, Stream::user_defined, path,
                                                       number * moved.size() + i, Law::uniform);
            return moved;
        };
        PerturbedDescent descent({0.25, radius, threshold, 0, interval - 1}, kick);
        Point x(octopus.dimension, 0.5);
        double steps = 0;
        for (; std::abs(x.back()) < 2 * octopus.tau; ++steps) descent.step(landscape, x);
        sum += steps, squares += steps * steps;
    }
    const auto n = static_cast<double>(paths);
    return {sum / n, std::sqrt((squares / n - sum * sum / (n * n)) / n)};
}

OctopusChain octopus_of(std::size_t axes) { return {axes, 1, 1, std::exp(1.0)}; }

/// Steps until all axes are left, for 1 to 20 axes.
struct OctopusByAxes {
    std::vector<double> axes, descent;
    std::vector<Estimate> perturbed;
};
OctopusByAxes octopus_by_axes(Laboratory& laboratory) {
    OctopusByAxes found;
    const auto paths = laboratory.paths_of(1 << 10);
    for (std::size_t d = 1; d <= 20; ++d) {
        found.axes.push_back(static_cast<double>(d));
        found.descent.push_back(static_cast<double>(octopus_descent_steps(octopus_of(d), 0.25, 0.5)));
        found.perturbed.push_back(chain_steps(octopus_of(d), 0.1, 0.5, 10, paths, laboratory.take_seed()));
    }
    return found;
}

/// `kernel`: the steps that the kernels' octopus takes, from one axis on.
nlohmann::ordered_json octopus_figure(const OctopusByAxes& chain, const std::vector<Estimate>& kernel) {
    Panel panel("L = γ = 1, l = 1/4, start 0.5 on each axis", "axes d", "steps until all are left");
    panel.y_scale("log").theory("gradient descent, exact", chain.axes, chain.descent);
    if (!kernel.empty())
        panel.points("gradient descent, step by step",
                     {chain.axes.begin(), chain.axes.begin() + std::ssize(kernel)}, kernel);
    panel.points("with kicks of 0.1", chain.axes, chain.perturbed);
    return figure(
        "The octopus: a saddle for every axis",
        "Each saddle draws the path to the next one. Gradient descent takes 2.7 times as many steps for "
        "every further axis, 1.5·10⁹ for 20; with kicks the same number for each.",
        {panel});
}

/// No change of slope from `first` to `last` by way of the middle, which lies halfway.
Estimate bend(const Estimate& first, const Estimate& middle, const Estimate& last) {
    return {last.value - 2 * middle.value + first.value,
            std::hypot(last.standard_error, 2 * middle.standard_error, first.standard_error)};
}

/// Gradient descent has no randomness: its steps are counted.
std::vector<Claim> octopus_claims(Laboratory& laboratory, Evidence& evidence) {
    constexpr std::size_t kicked_axes = 6, kernel_axes = 8;
    const std::string text = "L = gamma = 1, tau = e, l = 1/4, x0 = 0.5 on each axis";
    constexpr std::uint64_t most = 1500, most_of_descent = 10000;
    std::vector<Claim> claims;
    const ParameterValues kicked = {
        {"learning_rate", 0.25}, {"radius", 0.1}, {"threshold", 0.5}, {"interval", 10.0}, {"law", "uniform"}};
    std::vector<Estimate> plain, perturbed;
    for (std::size_t d = 1; d <= kernel_axes; ++d) {
        const auto exact_steps = PlainOctopus{d}.steps_of_descent(0.25, 0.5, most_of_descent);
        plain.push_back(
            octopus_steps(laboratory, "gradient-descent", {{"learning_rate", 0.25}}, d, most_of_descent, 1));
        if (d <= kicked_axes)
            perturbed.push_back(octopus_steps(laboratory, "perturbed", kicked, d, most, 1 << 16));
        claims.push_back(count_claim(losses, "octopus: steps of gradient descent",
                                     fmt::format("{}, d = {}", text, d), plain.back().value,
                                     static_cast<double>(exact_steps)));
    }
    claims.push_back({losses, "octopus: perturbed, axes 5 and 6 take as many steps as 3 and 4",
                      text + ", kicks of 0.1", bend(perturbed[1], perturbed[3], perturbed[5]), 0});
    const auto chain = octopus_by_axes(laboratory);
    const auto& chains = chain.perturbed;
    const auto &six = chains[kicked_axes - 1], &kernel = perturbed[kicked_axes - 1];
    claims.push_back({losses,
                      "octopus: perturbed, the chain of any length takes the steps of the kernel's",
                      text + ", kicks of 0.1, d = 6",
                      {six.value - kernel.value, std::hypot(six.standard_error, kernel.standard_error)},
                      0});
    claims.push_back({losses, "octopus: perturbed, axes 15 to 20 take as many steps as 9 to 14",
                      text + ", kicks of 0.1", bend(chains[7], chains[13], chains[19]), 0});
    claims.push_back(count_claim(losses, "octopus: powers of 2.7095 in steps of descent for 10 more axes",
                                 text + ", d = 20 beside 10",
                                 std::round(std::log(chain.descent[19] / chain.descent[9]) /
                                            std::log(octopus_descent_growth(octopus_of(20), 0.25))),
                                 10));
    evidence.figures["octopus"] = octopus_figure(chain, plain);
    return claims;
}

}  // namespace

nlohmann::ordered_json octopus_figure(Laboratory& laboratory) {
    return octopus_figure(octopus_by_axes(laboratory), {});
}

Evidence remedy_shapes(Laboratory& laboratory) {
    Evidence evidence;
    const auto add = [&](const std::vector<Claim>& claims) {
        evidence.claims.insert(evidence.claims.end(), claims.begin(), claims.end());
    };
    std::vector<Panel> panels;
    add({two_sided_claim(laboratory)});
    add(random_curvature_claims(laboratory, panels));
    add(two_layer_claims(laboratory, panels));
    add({least_squares_claim(laboratory, panels)});
    add(octopus_claims(laboratory, evidence));
    evidence.figures["losses"] = figure(
        "Losses with exact answers",
        "Two curvatures at random: gradient descent converges to a maximum within a window of learning "
        "rates. "
        "Two-layer unit: growth near the saddle, and from where on the SDE of the same noise is trapped, "
        "which "
        "at the stronger signal the steps themselves never are. Least squares: tail exponents above rising "
        "thresholds, and the root *κ* of E *R*^κ = 1.",
        panels);
    return evidence;
}

}  // namespace noisetrap
