// Claims about the quartic well dx = (mu x - x^3) dt + zeta x dW ("stochastic collapse", Chen et al. 2023).
#include <fmt/core.h>

#include <algorithm>
#include <boost/math/constants/constants.hpp>
#include <cmath>

#include "analysis/diffusions/diffusions.hpp"
#include "validation/claims.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"
#include "validation/law_tests.hpp"

namespace noisetrap {
namespace {

constexpr const char* section = "quartic well";
constexpr double mu = 1.5;

Simulation well(const char* scheme, double zeta, double x0, double t_end, double dt, std::uint64_t paths) {
    return sde("quartic-well", scheme, {{"mu", mu}, {"zeta", zeta}}, x0, t_end, dt, paths);
}

}  // namespace

/// Paths start so near the origin that the cubic force is nothing for the whole run.
Evidence well_threshold(Laboratory& laboratory) {
    constexpr double t_end = 160, x0 = 1e-100;
    Evidence evidence;
    for (const double zeta : {1.0, 1.6, std::sqrt(3.0), 2.0, 2.5}) {
        auto simulation = well("splitting", zeta, x0, t_end, 1, 1 << 22);
        const double growth = exact(Quantity::growth_at_origin, Of::sde, {simulation});
        const double rate = std::abs(growth) < 1e-12 ? 0 : growth;  // the threshold itself
        simulation.observe.steps = {simulation.steps};
        const auto summary = laboratory.run(simulation).front().times[0].log_abs.moments.mean_estimate();
        evidence.claims.push_back({section,
                                   rate > 1e-9    ? "growth at the origin: mu - zeta^2/2 > 0, repelled"
                                   : rate > -1e-9 ? "growth at the origin: the threshold zeta^2 = 2 mu"
                                                  : "growth at the origin: mu - zeta^2/2 < 0, collapse",
                                   fmt::format("mu = {}, zeta = {:.4g}", mu, zeta),
                                   {(summary.value - std::log(x0)) / t_end, summary.standard_error / t_end},
                                   rate});
    }
    for (const char* scheme : {"euler-maruyama", "milstein"}) {
        constexpr double dt = 1.0 / 64, zeta = 2.5;
        auto simulation = well(scheme, zeta, x0, 16, dt, 1 << 20);
        simulation.observe.steps = {simulation.steps};
        const auto growth = laboratory.run(simulation).front().times[0].log_abs.moments.mean_estimate();
        const auto n = static_cast<double>(simulation.steps);
        evidence.claims.push_back({section,
                                   "the scheme's own growth per step at the origin",
                                   fmt::format("{}, mu = {}, zeta = {}, dt = 1/64", scheme, mu, zeta),
                                   {(growth.value - std::log(x0)) / n, growth.standard_error / n},
                                   exact(Quantity::growth, Of::at_origin, {simulation}) * dt});
    }
    // Away from the origin the linearised flow shrinks twice as fast as paths near the origin are repelled.
    // By Ito's formula E log|dx(t)/dx(0)| - 3 E log|x(t)/x(0)| = -2 (mu - zeta^2/2) t at every t; splitting
    // keeps that at every step.
    constexpr double t_away = 256;
    auto away = well("splitting", 1.0, 1.0, t_away, 0.5, 1 << 21);
    away.observe.growth = true;
    away.observe.steps = {away.steps};
    const auto columns = laboratory.collect(away).front();
    std::vector<double> rates;
    for (std::size_t i = 0; i < columns.log_growth.size(); ++i)
        rates.push_back((columns.log_growth[i] - 3 * columns.log_abs[0][i]) / t_away);
    evidence.claims.push_back({section, "growth of dx(t)/dx(0) less 3 times that of x",
                               fmt::format("mu = {}, zeta = 1, t = 256", mu),
                               Moments::of(rates).mean_estimate(),
                               exact(Quantity::long_run_growth, Of::sde, {away})});
    return evidence;
}

Evidence well_law(Laboratory& laboratory) {
    Evidence evidence;
    std::vector<Panel> panels;
    // Towards the threshold relaxation slows down like 2 zeta^2/(mu - zeta^2/2)^2.
    for (const double zeta : {0.7, 1.0, 1.1}) {
        const auto text = fmt::format("mu = {}, zeta = {}", mu, zeta);
        const double t_end = zeta > 1 ? 48 : 24;
        auto simulation = well("splitting", zeta, 1.0, t_end, 1.0 / 64, 1 << 21);
        simulation.observe.steps = {simulation.steps / 2, simulation.steps};
        auto columns = std::move(laboratory.collect(simulation).front());
        evidence.claims.push_back(
            stopped_moving({section, "has stopped moving between half the time and the end", text},
                           columns.value[0], columns.value[1]));
        auto& sample = columns.value[1];
        std::sort(sample.begin(), sample.end());
        const auto cdf = [zeta](double x) { return quartic_well_cdf(mu, zeta, x); };
        evidence.claims.push_back(whole_law({section, "x^2/zeta^2 is gamma distributed", text}, sample, cdf));
        append_law_panels(panels, fmt::format("ζ = {}", zeta), "x  (length)", sample, cdf);
    }
    for (const double zeta : {0.7, 1.1}) {
        auto simulation = well("splitting", zeta, 1.0, 32, 1.0 / 32, 1 << 20);
        simulation.observe.steps = {simulation.steps};
        const auto levels = laboratory.collect_levels(simulation);
        const auto squares = [](const PathColumns& columns) {
            auto rows = columns.value[0];
            for (double& x : rows) x *= x;
            return rows;
        };
        evidence.claims.push_back(extrapolated_claim(
            {section, "E x^2 = mu - zeta^2/2", fmt::format("mu = {}, zeta = {}", mu, zeta)},
            squares(levels.coarse), squares(levels.middle), squares(levels.fine), 2, 1,
            exact(Quantity::mean_square_size, Of::stationary, {simulation})));
    }
    // The way there, against the Fokker-Planck equation.
    constexpr double zeta = 1;
    const std::vector<double> times = {0.5, 1};
    auto simulation = well("splitting", zeta, 0.2, 1, 1.0 / 64, 1 << 21);
    observe_at(simulation, times);
    auto columns = laboratory.collect(simulation).front();
    const auto laws = transient_laws(diffusion_of("quartic-well", {{"mu", mu}, {"zeta", zeta}}),
                                     {{1e-12, 20}, Spacing::logarithmic()}, 0.2, times);
    for (std::size_t i = 0; i < times.size(); ++i) {
        std::sort(columns.value[i].begin(), columns.value[i].end());
        auto claim = whole_law({section, "on its way from x0 = 0.2: the Fokker-Planck equation's law",
                                fmt::format("mu = {}, zeta = {}, t = {}", mu, zeta, times[i])},
                               columns.value[i], [&](double x) { return laws[i].cdf(x); });
        evidence.claims.push_back(claim);
    }
    evidence.figures["quartic-well-law"] =
        figure("Quartic well below its threshold",
               "*x*²/*ζ*² is gamma distributed where *ζ*² < 2*μ*, *μ* = 1.5.", panels);
    return evidence;
}

/// Chen et al. (2023), fig. 1: paths start at 2 Z, and have collapsed where x^2 < 1e-30.
Evidence well_collapse(Laboratory& laboratory) {
    const double zeta = 2.5, threshold = 0.5 * std::log(1e-30);
    const std::vector<double> times = {10, 25, 50};
    const auto start = [](double x) {  // of |2 Z|
        return std::exp(-x * x / 8) / boost::math::constants::root_two_pi<double>();
    };
    const auto laws = transient_laws(diffusion_of("quartic-well", {{"mu", mu}, {"zeta", zeta}}),
                                     {{1e-90, 100}, Spacing::logarithmic()}, start, times);
    auto simulation = well("splitting", zeta, 0, 50, 1.0 / 32, 1 << 20);
    simulation.x0_deviation = 2;
    observe_at(simulation, times);
    const auto levels = laboratory.collect_levels(simulation);
    Evidence evidence;
    std::vector<double> curve;
    std::vector<Estimate> measured;
    for (std::size_t i = 0; i < times.size(); ++i) {
        curve.push_back(laws[i].cdf(1e-15));
        evidence.claims.push_back(
            extrapolated_share({section, "P(x^2 < 1e-30), against the Fokker-Planck equation",
                                fmt::format("mu = {}, zeta = {}, x0 = 2 Z, t = {}", mu, zeta, times[i])},
                               levels, 2, curve.back(), [&](const PathColumns& columns, double) {
                                   std::vector<double> rows;
                                   for (double log_abs : columns.log_abs[i])
                                       rows.push_back(log_abs < threshold ? 1.0 : 0.0);
                                   return rows;
                               }));
        measured.push_back(evidence.claims.back().estimate);
    }
    Panel panel("μ = 1.5, ζ = 2.5, x0 = 2 Z", "time t  (time)", "P(x² < 1e−30)");
    panel.theory("Fokker–Planck", times, curve).points("measured", times, measured);
    evidence.figures["quartic-well-collapse"] =
        figure("Stochastic collapse",
               "Odds of having come as near to the origin as *x*² < 1e−30, above the threshold *ζ*² > "
               "2*μ*.",
               {panel});
    return evidence;
}

}  // namespace noisetrap
