// Claims about the recursion x <- x + (a + xi) x + eta.
#include <fmt/core.h>

#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

#include "validation/claims.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"
#include "validation/law_tests.hpp"

namespace noisetrap {
namespace {

struct NamedLaw {
    const char* name;
    Law law;
};
constexpr NamedLaw laws[] = {
    {"gaussian", Law::gaussian}, {"uniform", Law::uniform}, {"two-point", Law::two_point}};

ParameterValues saddle(double a, double sigma, const char* law, double tau = 0, double rho = 0) {
    return {{"a", a}, {"sigma", sigma}, {"tau", tau}, {"rho", rho}, {"law", law}, {"eta_law", law}};
}

/// An ensemble of each model, 1000 steps from 1.
Simulation growing(const std::vector<ParameterValues>& models, std::uint64_t paths) {
    auto simulation = recursion({}, 1.0, 1000, paths);
    simulation.ensembles = models;
    simulation.observe.growth = true;
    return simulation;
}

/// Growth per step of each ensemble.
std::vector<Estimate> rates(Laboratory& laboratory, const Simulation& simulation) {
    std::vector<Estimate> rates;
    const auto n = static_cast<double>(simulation.steps);
    for (const auto& summary : laboratory.run(simulation)) {
        const auto log_growth = summary.log_growth.moments.mean_estimate();
        rates.push_back({log_growth.value / n, log_growth.standard_error / n});
    }
    return rates;
}

}  // namespace

Evidence recursion_growth(Laboratory& laboratory) {
    constexpr double a = 0.02;
    const std::vector<double> sigmas = {0.1, 0.25, 0.6, 1.2, 1.6};
    Evidence evidence;
    const auto dense = even(0.01, 1.7, 200);
    Panel panel("a = 0.02, τ = 0", "attractive noise σ  (1/step)", "growth rate γ  (1/step)");
    panel.level("trapped below", 0).y_limits(-0.5, 0.25);
    for (const auto& [name, law] : laws) {
        std::vector<ParameterValues> models;
        for (double sigma : sigmas) models.push_back(saddle(a, sigma, name));
        models.push_back(saddle(a, 0.3, name, 0.1, 0.5));
        const auto simulation = growing(models, 1 << 18);
        const auto measured = rates(laboratory, simulation);
        for (std::size_t i = 0; i < models.size(); ++i) {
            const bool both = i == sigmas.size();
            const double sigma = both ? 0.3 : sigmas[i];
            evidence.claims.push_back(
                {"recursion: growth rate",
                 both ? "E log|1 + a + xi| per step, with diffusive noise" : "E log|1 + a + xi| per step",
                 fmt::format("{}, a = {}, sigma = {}{}", name, a, sigma,
                             both ? ", tau = 0.1, rho = 0.5" : ""),
                 measured[i], exact(Quantity::growth, Of::scheme, {simulation, i})});
        }
        std::vector<double> curve;
        for (double sigma : dense) curve.push_back(step_growth(law, a, sigma));
        panel.theory(name, dense, curve)
            .points(name, sigmas,
                    {measured.begin(), measured.begin() + static_cast<std::ptrdiff_t>(sigmas.size())});
    }
    evidence.figures["recursion-growth"] = figure(
        "Growth rate of the recursion",
        "Measured growth rates of |*x*| for three laws of the attractive noise, on the exact E log|1 + *a* "
        "+ *ξ*|. All three are trapped between a lower and an upper edge.",
        {panel});
    return evidence;
}

/// The noise is the same for every sigma, so that the measured rate is a smooth function of it, whose root is
/// found like any other; its standard error is the rate's, over the slope.
Evidence recursion_window_edges(Laboratory& laboratory) {
    constexpr double a = 0.02;
    constexpr std::uint64_t paths = 1 << 17;
    Evidence evidence;
    for (const auto& [name, law] : laws)
        for (const bool upper : {false, true}) {
            const double of_window = exact(upper ? Quantity::window_upper : Quantity::window_lower,
                                           Of::scheme, {growing({saddle(a, 0, name)}, paths)});
            const auto rate = [&, name = name](double sigma) {
                const auto estimate = rates(laboratory, growing({saddle(a, sigma, name)}, paths)).front();
                laboratory.same_noise();
                return estimate;
            };
            std::uintmax_t evaluations = 30;
            const auto [low, high] = boost::math::tools::toms748_solve(
                [&](double sigma) { return rate(sigma).value; }, 0.8 * of_window, 1.2 * of_window,
                boost::math::tools::eps_tolerance<double>(30), evaluations);
            const double edge = (low + high) / 2, apart = 0.01 * edge;
            const double slope = (rate(edge + apart).value - rate(edge - apart).value) / (2 * apart);
            evidence.claims.push_back({"recursion: trap window",
                                       upper ? "upper edge: overshooting frees" : "lower edge: noise traps",
                                       fmt::format("{}, a = {}", name, a),
                                       {edge, rate(edge).standard_error / std::abs(slope)},
                                       of_window});
            laboratory.new_noise();
        }
    return evidence;
}

Evidence recursion_without_window(Laboratory& laboratory) {
    Evidence evidence;
    const auto dense = even(0.2, 2.0, 200);
    Panel panel("Gaussian noise", "attractive noise σ  (1/step)", "growth rate γ  (1/step)");
    panel.level("trapped below", 0);
    for (const double a : {0.25, 0.27807759, 0.3}) {
        const double sigma = boost::math::tools::brent_find_minima(
                                 [&](double s) { return step_growth(Law::gaussian, a, s); }, 0.3, 2.0, 40)
                                 .first;
        const auto simulation = growing({saddle(a, sigma, "gaussian")}, 1 << 18);
        const auto measured = rates(laboratory, simulation).front();
        evidence.claims.push_back({"recursion: trap window",
                                   a < 0.278   ? "smallest growth rate over sigma: trapped"
                                   : a < 0.279 ? "smallest growth rate over sigma: 0, the last trap"
                                               : "smallest growth rate over sigma: positive, no trap",
                                   fmt::format("gaussian, a = {}, sigma = {:.4f}", a, sigma), measured,
                                   exact(Quantity::growth, Of::scheme, {simulation})});
        std::vector<double> curve;
        for (double s : dense) curve.push_back(step_growth(Law::gaussian, a, s));
        panel.theory(fmt::format("a = {:.3f}", a), dense, curve)
            .points(fmt::format("a = {:.3f}", a), {sigma}, {measured});
    }
    evidence.figures["recursion-no-window"] =
        figure("The Gaussian trap closes",
               "Exact growth rates over *σ* and the measured minimum of each curve: beyond *a* = 0.278 no "
               "strength of "
               "Gaussian noise traps the recursion, while the SDE's formula knows no such limit.",
               {panel});
    return evidence;
}

Evidence recursion_binomial_law(Laboratory& laboratory) {
    constexpr double sigma = 0.1;
    Evidence evidence;
    const std::vector<std::uint64_t> steps = {2, 4, 10, 100, 1000};
    auto simulation = recursion(saddle(0, sigma, "two-point"), 1.0, steps.back(), 1 << 21);
    simulation.observe.steps = steps;
    const auto columns = laboratory.collect(simulation).front();
    std::vector<Estimate> inside;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto n = static_cast<int>(steps[i]);
        const auto parameters = fmt::format("two-point, sigma = {}, n = {}", sigma, n);
        std::uint64_t count = 0;
        for (double log_abs : columns.log_abs[i]) count += log_abs < 0;
        inside.push_back(proportion(count, columns.log_abs[i].size()));
        evidence.claims.push_back({"recursion: attractive noise", "P(|x[n]| < |x[0]|)", parameters,
                                   inside.back(), WrongTheory::of(odds_inside(n, sigma))});
        if (n <= 10)
            evidence.claims.push_back({"recursion: attractive noise",
                                       "E x[n] = x[0], though most paths shrink", parameters,
                                       Moments::of(columns.value[i]).mean_estimate(), 1});
        if (n == 10 || n == 1000)
            evidence.claims.push_back(whole_binomial_law(
                {"recursion: attractive noise", "whole law: k ~ Binomial(n, 1/2)", parameters},
                columns.log_abs[i], binomial_law(n, sigma)));
    }
    std::vector<double> all_n, exact;
    for (int n = 2; n <= 1000; n = n < 40 ? n + 1 : n * 21 / 20) {
        all_n.push_back(n);
        exact.push_back(odds_inside(n, sigma));
    }
    Panel panel("σ = 0.1, a = τ = 0", "steps n", "P(|x[n]| < |x[0]|)");
    panel.x_scale("log").theory("exact", all_n, exact);
    panel.points("measured", {steps.begin(), steps.end()}, inside);
    evidence.figures["recursion-binomial"] =
        figure("Pure attractive noise",
               "The odds of being nearer than at the start: E *x*[n] = *x*[0] for ever, and "
               "yet ever more paths come nearer.",
               {panel});
    return evidence;
}

Evidence recursion_diffusion(Laboratory& laboratory) {
    Evidence evidence;
    evidence.claims = diffusive_noise(laboratory).claims;
    for (auto& claim : evidence.claims) claim.section = "recursion: diffusive noise";
    return evidence;
}

Evidence recursion_moment_equations(Laboratory& laboratory) {
    Evidence evidence;
    evidence.claims = moments_of_both_noises(laboratory);
    for (auto& claim : evidence.claims) claim.section = "recursion: moments";
    return evidence;
}

Evidence recursion_tails(Laboratory& laboratory) {
    struct Case {
        NamedLaw law;
        double a, sigma;
        std::uint64_t steps, paths;
        double share;  // of the paths, beyond the threshold
    };
    // The tail beyond r has settled after a few times log(r) / |growth rate| steps.
    const Case cases[] = {{laws[0], 0.02, 0.3, 3000, 1 << 20, 0.003},
                          {laws[0], 0.1, 1.0, 600, 1 << 21, 0.003},
                          {laws[1], 0.1, 0.9, 600, 1 << 21, 0.003},
                          {laws[2], 0.1, 0.8, 400, 1 << 21, 0.003},
                          {laws[0], 0.002, 0.1, 30000, 1 << 18, 0.005}};
    Evidence evidence;
    std::vector<Panel> panels;
    for (const auto& c : cases) {
        auto simulation = recursion(saddle(c.a, c.sigma, c.law.name, 0.1), 0.0, c.steps, c.paths);
        simulation.observe.steps = {c.steps};
        auto log_abs = laboratory.collect(simulation).front().log_abs[0];
        std::sort(log_abs.begin(), log_abs.end());
        const double index = exact(Quantity::tail_index, Of::scheme, {simulation}),
                     limit = exact(Quantity::tail_index, Of::sde, {simulation});
        const bool small_steps = c.sigma <= 0.1;
        const std::string parameters =
            fmt::format("{}, a = {}, sigma = {}, tau = 0.1", c.law.name, c.a, c.sigma);
        Claim claim{"recursion: tail exponent",
                    small_steps ? "small steps: kappa -> 1 - 2a/sigma^2" : "E|A|^kappa = 1 (Kesten 1973)",
                    parameters, tail_index_above(log_abs, c.share), small_steps ? limit : index};
        if (small_steps) claim.discretisation = index - limit;
        evidence.claims.push_back(claim);
        panels.push_back(hill_panel(parameters, log_abs, index));
    }
    evidence.figures["recursion-tails"] = figure("Kesten's tail exponent",
                                                 "Maximum-likelihood tail exponents (Hill 1975) above rising "
                                                 "thresholds: they settle on the root *κ* of "
                                                 "E|*A*|^κ = 1.",
                                                 {panels[0], panels[1], panels[3]});
    return evidence;
}

}  // namespace noisetrap
