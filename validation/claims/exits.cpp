// Claims about first exits from |x| < R.
#include <fmt/core.h>

#include <cmath>

#include "analysis/diffusions/diffusions.hpp"
#include "validation/claims.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"
#include "validation/law_tests.hpp"

namespace noisetrap {
namespace {

constexpr const char* section = "exit times";

struct Exit {
    const char* name;
    const char* model;
    const char* scheme;
    ParameterValues parameters;
    std::string text;
    double radius, x0, dt, t_end;
};

Simulation watching(const Exit& e, ExitWatch watch, std::uint64_t paths) {
    auto s = sde(e.model, e.scheme, e.parameters, e.x0, e.t_end, e.dt, paths);
    s.observe.exit = watch;
    s.observe.exit_radius = e.radius;
    return s;
}

/// In units of dt; with a bridge an exit lies in the middle of its step. Paths that have not left count as
/// leaving at the end: t_end is so late that there is about none.
std::vector<double> exit_times_of(const std::vector<double>& steps, double dt, double t_end, bool bridge) {
    std::vector<double> times;
    for (const auto step : steps)
        times.push_back(step == 0 ? t_end : (std::abs(step) - (bridge ? 0.5 : 0)) * dt);
    return times;
}

std::string parameters_of(const Exit& e) {
    return fmt::format("{}, R = {}, x0 = {}", e.text, e.radius, e.x0);
}

/// The mean over paths of a number that follows from the exit times, or from its square about their mean.
Claim mean_of_times(const Words& words, const Exit& e, const Levels& levels, bool squared, double theory) {
    const auto rows = [&](const PathColumns& columns, double factor) {
        auto times = exit_times_of(columns.exit_step, factor * e.dt, e.t_end, true);
        if (squared)
            for (const double mean = Moments::of(times).mean; double& t : times) t = (t - mean) * (t - mean);
        return times;
    };
    return extrapolated_claim(words, rows(levels.coarse, 4), rows(levels.middle, 2), rows(levels.fine, 1), 1,
                              1, theory);
}

Claim mean_time(Laboratory& laboratory, const Exit& e, std::uint64_t paths) {
    const auto simulation = watching(e, ExitWatch::with_bridge, paths);
    return mean_of_times({section, e.name, parameters_of(e)}, e, laboratory.collect_levels(simulation), false,
                         exact(Quantity::exit_time, Of::sde, {simulation, 0, 0, e.radius}));
}

Claim survival_until(const char* statement, const Exit& e, const Levels& levels, double t, double theory) {
    const auto inside = [&](const PathColumns& columns, double factor) {
        std::vector<double> rows;
        for (const auto step : columns.exit_step)
            rows.push_back(step == 0 || std::abs(step) * factor * e.dt > t ? 1.0 : 0.0);
        return rows;
    };
    return extrapolated_share({section, statement, fmt::format("{}, t = {}", parameters_of(e), t)}, levels, 1,
                              theory, inside);
}

/// Mean, variance and survival of an exit, and the odds of its side, from the same paths.
std::vector<Claim> whole_exit_law(Laboratory& laboratory, const Exit& e, const std::vector<double>& times) {
    const auto simulation = watching(e, ExitWatch::with_bridge, 1 << 18);
    const auto levels = laboratory.collect_levels(simulation);
    const auto known = [&](Quantity quantity, double t = 0) {
        return exact(quantity, Of::sde, {simulation, 0, t, e.radius});
    };
    const auto words = [&](const char* what) {
        return Words{section, fmt::format("{}: {}", e.name, what), parameters_of(e)};
    };
    const auto upwards = [](const PathColumns& columns, double) {
        std::vector<double> rows;
        for (const auto step : columns.exit_step) rows.push_back(step > 0 ? 1.0 : 0.0);
        return rows;
    };
    std::vector<Claim> claims = {
        mean_of_times(words("mean time"), e, levels, false, known(Quantity::exit_time)),
        mean_of_times(words("variance of the time"), e, levels, true, known(Quantity::exit_variance)),
        extrapolated_share(words("odds of the upper side"), levels, 1, known(Quantity::exit_upper), upwards)};
    for (const double t : times)
        claims.push_back(survival_until("P(T > t)", e, levels, t, known(Quantity::survival, t)));
    return claims;
}

Exit linear(const char* name, double a, double sigma, double tau, double rho, double radius, double x0,
            double dt, double t_end) {
    return {name,
            "linear-sde",
            "euler-maruyama",
            {{"a", a}, {"sigma", sigma}, {"tau", tau}, {"rho", rho}},
            fmt::format("a = {}, sigma = {:.3g}, tau = {}, rho = {}", a, sigma, tau, rho),
            radius,
            x0,
            dt,
            t_end};
}

}  // namespace

Evidence exit_times(Laboratory& laboratory) {
    Evidence evidence;
    for (const auto& e :
         {linear("inverted Ornstein-Uhlenbeck: Dawson's integral", 1, 0, 1, 0, 1, 0, 1.0 / 256, 16),
          linear("geometric Brownian motion", 0.5, 0.5, 0, 0, 2, 0.5, 1.0 / 128, 128)})
        evidence.claims.push_back(mean_time(laboratory, e, 1 << 19));
    const Exit flat{"piecewise linear saddle",
                    "piecewise-linear-sde",
                    "euler-maruyama",
                    {{"a", 0.5}, {"tau", 0.8}},
                    "a = 0.5, tau = 0.8",
                    2,
                    0,
                    1.0 / 256,
                    64};
    evidence.claims.push_back(mean_time(laboratory, flat, 1 << 19));
    return evidence;
}

/// The exits of the full model: at two rates where their law is a closed series, the edge of the trap among them, and where
/// it is that of the collocation solver.
Evidence exit_laws(Laboratory& laboratory) {
    struct Case {
        Exit exit;
        std::vector<double> times;
    };
    const Case cases[] = {
        {linear("at the edge of the trap", 0.5, 1, 0.5, 0, 2, 0.1, 1.0 / 128, 64), {1, 2, 5, 10}},
        {linear("three times the edge's rate", 1.5, 1, 0.5, 0, 2, 0.1, 1.0 / 128, 32), {1, 2, 5}},
        {linear("full model", 0.3, 1, 0.5, 0, 2, 0.1, 1.0 / 128, 128), {1, 2, 5, 10, 20}},
        {linear("full model, correlated", 0.5, 0.4, 0.3, 0.5, 3, 0, 1.0 / 64, 64), {2, 5, 10, 20}}};
    Evidence evidence;
    for (const auto& c : cases)
        for (auto& claim : whole_exit_law(laboratory, c.exit, c.times)) evidence.claims.push_back(claim);
    return evidence;
}

Evidence exit_non_monotone(Laboratory& laboratory) {
    constexpr double a = 0.3, tau = 0.5, radius = 2, x0 = 0.1;
    Evidence evidence;
    std::vector<double> sigmas = {0.25, 0.6, 1, 1.6, 2.5}, curve;
    std::vector<Estimate> measured;
    for (double sigma : sigmas) {
        const auto e = linear("noise first delays the exit, then hastens it", a, sigma, tau, 0, radius, x0,
                              sigma > 1.2 ? 1.0 / 1024 : 1.0 / 256, sigma > 1.2 ? 256 : 128);
        evidence.claims.push_back(mean_time(laboratory, e, 1 << 17));
        measured.push_back(evidence.claims.back().estimate);
    }
    const auto dense = even(0.02, 2.8, 80);
    for (double sigma : dense) curve.push_back(mean_exit_time(a, sigma, tau, 0, radius, x0));
    Panel panel("a = 0.3, τ = 0.5, ρ = 0, R = 2, x0 = 0.1", "attractive noise σ  (1/√time)",
                "mean exit time  (time)");
    panel.theory("exact", dense, curve).points("measured", sigmas, measured);
    evidence.figures["exit-non-monotone"] =
        figure("Exit times and attractive noise",
               "The mean time until |*x*| ≥ *R* first rises with the attractive noise, "
               "which holds paths back, and then falls, as large steps carry them out.",
               {panel});
    return evidence;
}

/// Watched at its steps only, a path behaves as if the barrier were farther away by the mean overshoot, up to
/// terms of order dt: both biases are extrapolated.
Evidence exit_bridge(Laboratory& laboratory) {
    Evidence evidence;
    const double truth = mean_exit_time(1, 0, 1, 0, 1, 0);
    std::vector<double> dts, curve, moved;
    std::vector<Estimate> with, without, bias;
    for (const double dt : {1.0 / 64, 1.0 / 256, 1.0 / 1024}) {
        const auto e = linear("", 1, 0, 1, 0, 1, 0, dt, 16);
        const auto times = [&](ExitWatch watch) {
            const auto columns = laboratory.collect(watching(e, watch, 1 << 19)).front();
            return exit_times_of(columns.exit_step, dt, e.t_end, watch == ExitWatch::with_bridge);
        };
        const auto bridged = times(ExitWatch::with_bridge);
        laboratory.same_noise();
        const auto plain = times(ExitWatch::at_steps);
        with.push_back(Moments::of(bridged).mean_estimate());
        without.push_back(Moments::of(plain).mean_estimate());
        bias.push_back(paired_difference(plain, bridged));
        dts.push_back(dt);
        curve.push_back(truth);
        moved.push_back(mean_exit_time(1, 0, 1, 0, 1 + mean_overshoot * std::sqrt(dt), 0));
    }
    // Without: c sqrt(dt) + O(dt); from dt and 4 dt, 2 b(dt)/sqrt(dt) - b(4 dt)/sqrt(4 dt) = c + O(dt).
    const double root = std::sqrt(dts[2]), apart = 1e-5;
    const double slope =
        (mean_exit_time(1, 0, 1, 0, 1 + apart, 0) - mean_exit_time(1, 0, 1, 0, 1 - apart, 0)) / (2 * apart);
    evidence.claims.push_back({section,
                               "bias without bridge, per sqrt(dt): 0.5826 tau dT/dR",
                               "a = 1, sigma = 0, tau = 1, R = 1, dt = 1/256 and 1/1024",
                               {2 * bias[2].value / root - bias[1].value / (2 * root),
                                std::hypot(2 * bias[2].standard_error, bias[1].standard_error / 2) / root},
                               mean_overshoot * slope});
    // With: of order dt; (4 T(dt) - T(4 dt))/3 has none of it.
    evidence.claims.push_back({section,
                               "with bridge: no bias of order sqrt(dt), T as dt -> 0",
                               "a = 1, sigma = 0, tau = 1, R = 1, dt = 1/256 and 1/1024",
                               {(4 * with[2].value - with[1].value) / 3,
                                std::hypot(4 * with[2].standard_error, with[1].standard_error) / 3},
                               truth,
                               (with[2].value - with[1].value) / 3});
    Panel panel("a = 1, σ = 0, τ = 1, R = 1, x0 = 0", "time step dt  (time)", "mean exit time  (time)");
    panel.x_scale("log").theory("exact", dts, curve).points("with bridge", dts, with);
    panel.reference("barrier moved by 0.5826 τ √dt", dts, moved).points("without bridge", dts, without);
    evidence.figures["exit-bridge"] =
        figure("The bridge",
               "Mean exit times with and without the Brownian bridge's crossings between steps: without it "
               "paths overstay by a term of order √dt.",
               {panel});
    return evidence;
}

Evidence exit_survival(Laboratory& laboratory) {
    const auto e = linear("", 0.3, 1, 0.5, 0.5, 2, 0.1, 1.0 / 256, 16);
    const std::vector<double> times = {0.5, 1, 2, 4, 8};
    const Grid grid{{-e.radius, e.radius, End::absorbing, End::absorbing}, Spacing::linear()};
    const auto laws = transient_laws(diffusion_of(e.model, e.parameters), grid, e.x0, times);
    const auto levels = laboratory.collect_levels(watching(e, ExitWatch::with_bridge, 1 << 20));
    Evidence evidence;
    std::vector<double> curve;
    std::vector<Estimate> measured;
    for (std::size_t i = 0; i < times.size(); ++i) {
        evidence.claims.push_back(survival_until("P(T > t), against the Fokker-Planck equation", e, levels,
                                                 times[i], laws[i].mass()));
        measured.push_back(evidence.claims.back().estimate);
        curve.push_back(laws[i].mass());
    }
    Panel panel(e.text, "time t  (time)", "P(T > t)");
    panel.y_scale("log").theory("Fokker–Planck", times, curve).points("measured", times, measured);
    evidence.figures["exit-survival"] = figure(
        "Survival",
        "Odds of not having left |*x*| < 2 yet, measured with Brownian bridges and extrapolated in the "
        "time step, and by the Fokker–Planck equation.",
        {panel});
    return evidence;
}

}  // namespace noisetrap
