// Claims about dx = a x dt + sigma x dW + tau dV on its way: growth, moments, laws.
#include <fmt/core.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "analysis/diffusions/diffusions.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"
#include "validation/law_tests.hpp"

namespace noisetrap {
namespace {

struct LinearAxis {
    double a, sigma, tau, rho;
    ParameterValues values() const { return {{"a", a}, {"sigma", sigma}, {"tau", tau}, {"rho", rho}}; }
    std::string text() const {
        return fmt::format("a = {}, sigma = {}, tau = {}, rho = {}", a, sigma, tau, rho);
    }
};

}  // namespace

Evidence sde_growth(Laboratory& laboratory) {
    const LinearAxis axes[] = {{0.3, 1, 0, 0},    {0.3, 1, 0.5, 0},      {0.3, 1, 0.5, 0.5},
                               {0.3, 1, 0.5, -1}, {0.5, 0.6, 0.5, 0.95}, {-0.2, 0.8, 1, -0.5}};
    constexpr double t_end = 64;
    Evidence evidence;
    // One launch for all; splitting has the SDE's growth rate exactly, at any step.
    auto simulation = sde("linear-sde", "splitting", {}, 1.0, t_end, 0.25, 1 << 21);
    simulation.ensembles.clear();
    for (const auto& axis : axes) simulation.ensembles.push_back(axis.values());
    simulation.observe.growth = true;
    const auto summaries = laboratory.run(simulation);
    for (std::size_t i = 0; i < summaries.size(); ++i) {
        const auto growth = summaries[i].log_growth.moments.mean_estimate();
        evidence.claims.push_back({"SDE: growth rate",
                                   "a - sigma^2/2 per unit time (splitting)",
                                   axes[i].text(),
                                   {growth.value / t_end, growth.standard_error / t_end},
                                   exact(Quantity::growth, Of::sde, {simulation, i})});
    }
    // Euler-Maruyama has it in the limit.
    const LinearAxis axis{0.1, 0.5, 0.5, 0.5};
    auto fine = euler_maruyama(axis.values(), 1.0, 16, 1.0 / 64, 1 << 21);
    fine.observe.growth = true;
    const auto levels = laboratory.collect_levels(fine);
    evidence.claims.push_back(extrapolated_claim(
        {"SDE: growth rate", "a - sigma^2/2 per unit time (Euler-Maruyama, dt -> 0)", axis.text()},
        levels.coarse.log_growth, levels.middle.log_growth, levels.fine.log_growth, 1, 1.0 / 16,
        exact(Quantity::growth, Of::sde, {fine})));
    return evidence;
}

Evidence sde_log_normal_law(Laboratory& laboratory) {
    const LinearAxis axis{0.3, 1, 0, 0};
    const std::vector<double> times = {0.5, 1, 4};
    auto simulation = sde("linear-sde", "splitting", axis.values(), 1.0, 4, 0.125, 1 << 21);
    observe_at(simulation, times);
    auto columns = laboratory.collect(simulation).front();
    Evidence evidence;
    std::vector<Panel> panels;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const LogNormalLaw law(axis.a, axis.sigma, times[i]);
        const auto text = fmt::format("a = {}, sigma = {}, t = {}", axis.a, axis.sigma, times[i]);
        const auto cdf = [law](double log_x) { return law.cdf_of_log(log_x); };
        auto& sample = columns.log_abs[i];
        std::sort(sample.begin(), sample.end());
        evidence.claims.push_back(whole_law(
            {"SDE: log-normal law", "log|x| ~ Normal((a - sigma^2/2) t, sigma^2 t)", text}, sample, cdf));
        const auto survival = [law](double log_x) { return law.survival_of_log(log_x); };
        if (i == 1)
            evidence.claims.push_back(anderson_darling(
                {"SDE: log-normal law", "as above, both tails weighted", text}, sample, cdf, survival));
        append_law_panels(panels, fmt::format("t = {}", times[i]), "log |x|", sample, cdf);
    }
    evidence.figures["sde-log-normal"] =
        figure("Log-normal law",
               "Without diffusive noise log|*x*| is normal at every time. Top: distribution functions; "
               "bottom: measured less exact, with the band that 99.9996 % of samples stay in.",
               panels);
    return evidence;
}

Evidence sde_moment_equations(Laboratory& laboratory) {
    const LinearAxis axis{0.3, 0.4, 0.5, -0.7};
    const std::vector<double> times = {0.5, 2};
    constexpr double dt = 1.0 / 16;
    auto fine = sde("linear-sde", "splitting", axis.values(), 1.0, 2, dt, 1 << 20);
    observe_at(fine, times);
    const auto levels = laboratory.collect_levels(fine);
    const auto squares = [](std::vector<double> column) {
        for (double& x : column) x *= x;
        return column;
    };
    Evidence evidence;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const Question at{fine, 0, times[i]};
        const double mean = exact(Quantity::mean, Of::sde, at),
                     square = mean * mean + exact(Quantity::variance, Of::sde, at);
        const auto text = fmt::format("{}, t = {}", axis.text(), times[i]);
        evidence.claims.push_back(extrapolated_claim({"SDE: moments", "E x", text}, levels.coarse.value[i],
                                                     levels.middle.value[i], levels.fine.value[i], 2, 1,
                                                     mean));
        evidence.claims.push_back(
            extrapolated_claim({"SDE: moments", "E x^2", text}, squares(levels.coarse.value[i]),
                               squares(levels.middle.value[i]), squares(levels.fine.value[i]), 2, 1, square));
    }
    return evidence;
}

Evidence sde_transient_law(Laboratory& laboratory) {
    constexpr double dt = 1.0 / 64;
    const std::vector<double> times = {0.5, 2, 8};
    Evidence evidence;
    std::vector<Panel> panels;
    for (const LinearAxis axis : {LinearAxis{0.3, 1, 0.5, 0.5}, LinearAxis{-0.4, 0.8, 0.3, -0.95}}) {
        auto simulation = sde("linear-sde", "splitting", axis.values(), 1.0, times.back(), dt, 1 << 21);
        observe_at(simulation, times);
        auto columns = laboratory.collect(simulation).front();
        const Grid grid{{-1e9, 1e9},
                        Spacing::symlog(-axis.rho * axis.tau / axis.sigma, axis.tau / axis.sigma)};
        const auto laws = transient_laws(diffusion_of("linear-sde", axis.values()), grid, 1.0, times);
        for (std::size_t i = 0; i < times.size(); ++i) {
            auto& sample = columns.value[i];
            std::sort(sample.begin(), sample.end());
            const auto cdf = [&law = laws[i]](double x) { return law.cdf(x); };
            Claim claim = whole_law({"SDE: transient law", "the Fokker-Planck equation's law from x0 = 1",
                                     fmt::format("{}, t = {}", axis.text(), times[i])},
                                    sample, cdf);
            evidence.claims.push_back(claim);
            if (axis.a > 0) {
                append_law_panels(panels, fmt::format("t = {}", times[i]), "x  (length)", sample, cdf);
            }
        }
    }
    evidence.figures["sde-transient"] =
        figure("Laws on their way",
               "From *x* = 1 towards the stationary law, *a* = 0.3, *σ* = 1, *τ* = *ρ* = 0.5: measured "
               "and by the Fokker–Planck equation.",
               panels);
    return evidence;
}

/// Three of the four rates at which the law with both noises is closed; splitting's bias at this step is far below what is noticed.
Evidence sde_law_at_the_edge(Laboratory& laboratory) {
    struct Case {
        double a;
        std::uint64_t paths;  // the third law is a quadrature at each of them
        const char* statement;
    };
    Evidence evidence;
    for (const auto& [a, paths, statement] :
         {Case{0.5, 1 << 20, "asinh(sigma x/tau)/sigma is a Brownian motion (Bougerol 1983)"},
          Case{1.5, 1 << 20, "at a = 3 sigma^2/2 it has a drift, up or down"},
          Case{-0.5, 1 << 16, "at a = -sigma^2/2 the law is closed too"}}) {
        const LinearAxis axis{a, 1, 0.5, 0};
        auto simulation = sde("linear-sde", "splitting", axis.values(), 0.1, 2, 1.0 / 64, paths);
        observe_at(simulation, {2});
        auto sample = laboratory.collect(simulation).front().value[0];
        std::sort(sample.begin(), sample.end());
        evidence.claims.push_back(
            whole_law({"SDE: laws at the edge", statement, fmt::format("{}, x0 = 0.1, t = 2", axis.text())},
                      sample, [&](double x) {
                          return exact(Quantity::cdf, Of::sde, {simulation, 0, 2, x});
                      }));
    }
    return evidence;
}

Evidence scheme_growth(Laboratory& laboratory) {
    struct Case {
        const char* scheme;
        double a, sigma, dt;
        std::uint64_t steps;
    };
    const double sqrt6 = std::sqrt(6.0);
    const Case cases[] = {{"euler-maruyama", 0.5, sqrt6, 0.25, 400},
                          {"euler-maruyama", 0.5, sqrt6, 1.0, 400},
                          {"euler-maruyama", 0.3, 1.0, 1.0 / 16, 1024},
                          {"milstein", 0.3, 1.0, 1.0 / 16, 1024},
                          {"milstein", 0.5, sqrt6, 0.25, 400}};
    Evidence evidence;
    for (const auto& c : cases) {
        auto simulation = sde("linear-sde", c.scheme, {{"a", c.a}, {"sigma", c.sigma}, {"tau", 0.0}}, 1.0,
                              static_cast<double>(c.steps) * c.dt, c.dt, 1 << 20);
        simulation.observe.growth = true;
        const auto growth = laboratory.run(simulation).front().log_growth.moments.mean_estimate();
        const auto n = static_cast<double>(c.steps);
        const double rate = exact(Quantity::growth, Of::scheme, {simulation}) * c.dt;
        evidence.claims.push_back(
            {"schemes: growth rate",
             rate < 0 ? "E log|A| per step: the trap is kept"
                      : "E log|A| per step: the step destroys the trap",
             fmt::format("{}, a = {}, sigma = {:.6g}, dt = {}", c.scheme, c.a, c.sigma, c.dt),
             {growth.value / n, growth.standard_error / n},
             rate});
    }
    return evidence;
}

/// Where E log|A| changes sign, and that mean squares grow long before paths do.
Evidence scheme_step_limit(Laboratory& laboratory) {
    const double a = 0.5, sigma = std::sqrt(6.0);
    Evidence evidence;
    std::vector<Estimate> measured;
    const auto dts = even_ratios(1.0 / 64, 2, 11), dense = even_ratios(1.0 / 64, 2, 200);
    for (double dt : dts) {
        constexpr double steps = 256;
        auto simulation = sde("linear-sde", "euler-maruyama", {{"a", a}, {"sigma", sigma}, {"tau", 0.0}}, 1.0,
                              steps * dt, dt, 1 << 19);
        simulation.observe.growth = true;
        const auto growth = laboratory.run(simulation).front().log_growth.moments.mean_estimate();
        measured.push_back({growth.value / (steps * dt), growth.standard_error / (steps * dt)});
        evidence.claims.push_back({"schemes: step limit",
                                   "Euler-Maruyama: E log|A| per step",
                                   fmt::format("a = 0.5, sigma = sqrt 6, dt = {:.4f}", dt),
                                   {growth.value / steps, growth.standard_error / steps},
                                   exact(Quantity::growth, Of::scheme, {simulation}) * dt});
    }
    std::vector<double> rates;
    for (double dt : dense) rates.push_back(euler_growth_rate(a, sigma, dt));
    Panel panel("a = 0.5, σ = √6", "time step dt  (time)", "growth rate γ  (1/time)");
    panel.x_scale("log").theory("exact E log|A|/dt", dense, rates).points("measured", dts, measured);
    panel.reference("SDE, a − σ²/2", {dense.front(), dense.back()},
                    {sde_growth_rate(a, sigma), sde_growth_rate(a, sigma)});
    panel.level("trapped below", 0);

    struct Case {
        double a, sigma, dt;
    };
    for (const auto& c : {Case{0.5, sigma, 0.25}, Case{-1, 0.5, 0.25}}) {
        constexpr std::uint64_t steps = 3;
        auto simulation = sde("linear-sde", "euler-maruyama", {{"a", c.a}, {"sigma", c.sigma}, {"tau", 0.0}},
                              1.0, steps * c.dt, c.dt, 1 << 22);
        simulation.observe.steps = {steps};
        auto square = laboratory.collect(simulation).front().value[0];
        for (double& x : square) x *= x;
        const double factor = exact(Quantity::mean_square_factor, Of::scheme, {simulation});
        evidence.claims.push_back({"schemes: step limit",
                                   factor < 1 ? "E x^2 after 3 steps: mean squares shrink, paths too"
                                              : "E x^2 after 3 steps: mean squares grow, paths shrink",
                                   fmt::format("a = {}, sigma = {:.6g}, dt = {}", c.a, c.sigma, c.dt),
                                   Moments::of(square).mean_estimate(), std::pow(factor, steps)});
    }
    evidence.figures["scheme-step-limit"] =
        figure("The step that destroys the trap",
               "Euler–Maruyama's own growth rate: beyond a step of about 0.3 the scheme "
               "escapes from a saddle that traps the SDE.",
               {panel});
    return evidence;
}

/// Splitting without diffusive noise is the exact solution along the same Brownian path.
Evidence scheme_strong_order(Laboratory& laboratory) {
    const LinearAxis axis{0.5, 0.5, 0, 0};
    constexpr std::uint64_t finest = 256;
    Evidence evidence;
    auto exact_run = sde("linear-sde", "splitting", axis.values(), 1.0, 1, 1.0 / finest, 1 << 19);
    exact_run.observe.steps = {finest};
    const auto exact = laboratory.collect(exact_run).front().value[0];
    std::vector<Panel> panels;
    Panel panel("a = σ = 0.5, T = 1", "time step dt  (time)", "RMS endpoint error");
    panel.x_scale("log").y_scale("log");
    for (const bool milstein : {false, true}) {
        const auto rms = milstein ? milstein_rms_error : euler_rms_error;
        std::vector<double> dts, curve, errors_exact;
        std::vector<Estimate> errors;
        for (const std::uint64_t steps : {16u, 32u, 64u, 128u, 256u}) {
            laboratory.same_noise();
            auto fine = exact_run;
            fine.entry = find_entry("linear-sde", milstein ? "milstein" : "euler-maruyama");
            const auto ends = laboratory.collect(coarsened(fine, finest / steps)).front().value[0];
            errors.push_back(rms_difference(ends, exact));
            dts.push_back(1.0 / static_cast<double>(steps));
            curve.push_back(rms(axis.a, axis.sigma, 1, static_cast<std::int64_t>(steps)));
            if (steps == 16 || steps == 64 || steps == 256)
                evidence.claims.push_back({"schemes: strong order",
                                           milstein ? "Milstein: RMS endpoint error, order 1"
                                                    : "Euler-Maruyama: RMS endpoint error, order 1/2",
                                           fmt::format("a = 0.5, sigma = 0.5, T = 1, N = {}", steps),
                                           errors.back(), curve.back()});
        }
        panel.theory(milstein ? "Milstein, exact" : "Euler–Maruyama, exact", dts, curve)
            .points(milstein ? "Milstein" : "Euler–Maruyama", dts, errors);
    }
    evidence.figures["scheme-strong-order"] = figure(
        "Strong order",
        "Root mean square endpoint errors along the same Brownian path, beside their exact values.", {panel});
    return evidence;
}

Evidence scheme_weak_order(Laboratory& laboratory) {
    Evidence evidence;
    // Euler-Maruyama: E X_T - E x_T = (1 + ah)^N - e^(aT), measured on the same Brownian paths.
    const LinearAxis axis{0.5, 0.5, 0, 0};
    auto exact_run = sde("linear-sde", "splitting", axis.values(), 1.0, 1, 1.0 / 64, 1 << 20);
    exact_run.observe.steps = {64};
    const auto exact = laboratory.collect(exact_run).front().value[0];
    std::vector<double> dts, curve;
    std::vector<Estimate> errors;
    for (const std::uint64_t steps : {4u, 16u, 64u}) {
        laboratory.same_noise();
        auto fine = exact_run;
        fine.entry = find_entry("linear-sde", "euler-maruyama");
        const auto ends = laboratory.collect(coarsened(fine, 64 / steps)).front().value[0];
        auto lost = paired_difference(exact, ends);
        dts.push_back(1.0 / static_cast<double>(steps));
        errors.push_back(lost);
        curve.push_back(mean_weak_error(axis.a, 1, static_cast<std::int64_t>(steps)));
        evidence.claims.push_back({"schemes: weak order", "Euler-Maruyama: error of E x, order 1",
                                   fmt::format("a = 0.5, sigma = 0.5, T = 1, N = {}", steps), lost,
                                   curve.back()});
    }
    Panel first("Euler–Maruyama, E x", "time step dt  (time)", "error of E x  (length)");
    first.x_scale("log").y_scale("log").theory("exact, order 1", dts, curve).points("measured", dts, errors);

    // Splitting: its own second moment; without correlation e^((2a + sigma^2) h) acts before or after the
    // noise.
    const LinearAxis noisy{-0.5, 0.5, 1, 0};
    std::vector<double> steps_taken, scheme_curve;
    std::vector<Estimate> measured;
    for (const double dt : {1.0, 0.5, 0.25}) {
        auto simulation = sde("linear-sde", "splitting", noisy.values(), 1.0, 4, dt, 1 << 22);
        simulation.observe.steps = {simulation.steps};
        auto square = laboratory.collect(simulation).front().value[0];
        for (double& x : square) x *= x;
        // x^2 -> e^(sigma^2 h) x^2 and x^2 -> e^(2 a h) x^2 + spread, in either order
        const double attracted = std::exp(noisy.sigma * noisy.sigma * dt), rest = std::exp(2 * noisy.a * dt);
        const double spread = noisy.tau * noisy.tau * (rest - 1) / (2 * noisy.a);
        double scheme = 1;
        for (std::uint64_t n = 0; n < simulation.steps; ++n)
            scheme = attracted * rest * scheme + spread * (attracted + 1) / 2;
        const double truth = sde_moments(noisy.a, noisy.sigma, noisy.tau, noisy.rho, 1, 4).second;
        const auto mean = Moments::of(square).mean_estimate();
        evidence.claims.push_back({"schemes: weak order", "splitting: its own E x^2, order 2 from the SDE's",
                                   fmt::format("{}, t = 4, dt = {}", noisy.text(), dt), mean, scheme,
                                   scheme - truth});
        steps_taken.push_back(dt);
        scheme_curve.push_back(std::abs(scheme - truth));
        measured.push_back({std::abs(mean.value - truth), mean.standard_error});
    }
    Panel second("splitting, E x²", "time step dt  (time)", "error of E x²  (length²)");
    second.x_scale("log").y_scale("log").theory("exact, order 2", steps_taken, scheme_curve);
    second.points("measured", steps_taken, measured);
    evidence.figures["scheme-weak-order"] = figure(
        "Weak order",
        "Errors of expectations: Euler–Maruyama's mean is off by a term of order dt, splitting's second "
        "moment by one of order dt².",
        {first, second});
    return evidence;
}

}  // namespace noisetrap
