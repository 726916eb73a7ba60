// Claims about the stationary law of dx = a x dt + sigma x dW + tau dV, under splitting.
#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "validation/claims.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"
#include "validation/law_tests.hpp"
#include "validation/mode_claim.hpp"

namespace noisetrap {
namespace {

constexpr const char* section = "SDE: stationary law";
constexpr double sigma = 1, tau = 0.5;

struct Case {
    double a, rho, dt, t_end;
    std::uint64_t paths;
    StationaryLaw law = stationary_law(a, sigma, tau, rho);

    std::string text() const {
        return fmt::format("a = {}, sigma = {}, tau = {}, rho = {}", a, sigma, tau, rho);
    }
    Simulation simulation() const {
        auto s = sde("linear-sde", "splitting", {{"a", a}, {"sigma", sigma}, {"tau", tau}, {"rho", rho}},
                     law.mode(), t_end, dt, paths);
        s.observe.steps = {s.steps / 2, s.steps};
        return s;
    }
};

/// What the time step leaves in the distribution function at the quartiles, from a run at twice the step on
/// the same Brownian paths; a third of the change by the order of the scheme.
double step_effect(Laboratory& laboratory, const Case& c) {
    auto fine = c.simulation();
    fine.paths /= 8;
    const auto at_fine = laboratory.collect(fine).front().value.back();
    laboratory.same_noise();
    const auto at_coarse = laboratory.collect(coarsened(fine, 2)).front().value.back();
    double largest = 0;
    for (const double p : {0.1, 0.25, 0.5, 0.75, 0.9}) {
        const double x = c.law.quantile(p);
        const auto below = [x](double value) { return value <= x; };
        largest = std::max(largest,
                           std::abs(share_of(at_fine, below).value - share_of(at_coarse, below).value) / 3);
    }
    return largest;
}

void gather(Laboratory& laboratory, const Case& c, Evidence& evidence, std::vector<Panel>& panels) {
    auto columns = std::move(laboratory.collect(c.simulation()).front());
    evidence.claims.push_back(stopped_moving(
        {section, fmt::format("has stopped moving between t = {} and {}", c.t_end / 2, c.t_end), c.text()},
        columns.value[0], columns.value[1]));
    auto& sample = columns.value[1];
    auto& log_sizes = columns.log_abs[1];
    const auto mean_log = Moments::of(log_sizes).mean_estimate();
    std::sort(sample.begin(), sample.end());
    std::sort(log_sizes.begin(), log_sizes.end());
    const auto cdf = [&c](double x) { return c.law.cdf(x); };
    const auto survival = [&c](double r) { return c.law.two_sided_survival(r); };

    auto whole = whole_law({section, fmt::format("{}: whole law", c.law.name()), c.text()}, sample, cdf);
    whole.discretisation = step_effect(laboratory, c);
    evidence.claims.push_back(whole);
    evidence.claims.push_back(mode_of_law({section, "mode rho sigma tau/(a - sigma^2)", c.text()}, sample,
                                          c.law, exact(Quantity::mode, Of::stationary, {c.simulation()})));
    evidence.claims.push_back({section, "E log|x|", c.text(), mean_log,
                               exact(Quantity::mean_log_abs, Of::stationary, {c.simulation()})});
    evidence.claims.push_back(tail_of_law(
        {section, fmt::format("tail: mean excess of log|x|, exponent {:.3g}", c.law.tail_index()), c.text()},
        log_sizes, 0.003, [&](double log_r) { return survival(std::exp(log_r)); }));
    if (c.rho == 0 || c.rho == 0.95 || c.rho == 1) {
        const auto title = fmt::format("{}, ρ = {}", c.law.name(), c.rho);
        append_law_panels(panels, title, "x  (length)", sample, cdf);
        panels.push_back(survival_panel(title, log_sizes, survival));
    }
}

/// Relaxation takes a multiple of sigma^2/(a - sigma^2/2)^2.
Evidence all_correlations(Laboratory& laboratory, double a, double t_end) {
    Evidence evidence;
    std::vector<Panel> panels;
    for (const double rho : {-1.0, -0.5, 0.0, 0.5, 0.95, 1.0})
        gather(laboratory, Case{a, rho, 1.0 / 16, t_end, 1 << 21}, evidence, panels);
    evidence.figures[a > 0 ? "stationary-repulsive" : "stationary-attractive"] = figure(
        fmt::format("Stationary laws, a = {}", a),
        fmt::format(
            "*a* = {}, *σ* = 1, *τ* = 0.5. Columns: distribution function; measured less exact with the "
            "Kolmogorov–Smirnov band; the heavy tail. Rows: Student t, Pearson IV, inverse gamma.",
            a),
        panels);
    return evidence;
}

}  // namespace

Evidence sde_stationary_repulsive(Laboratory& laboratory) { return all_correlations(laboratory, 0.1, 96); }
Evidence sde_stationary_attractive(Laboratory& laboratory) { return all_correlations(laboratory, -0.3, 32); }

/// The mean of |x| over n paths grows like n^(1/alpha - 1) where alpha < 1: it is the largest path's.
Evidence sde_no_mean(Laboratory& laboratory) {
    Evidence evidence;
    Panel panel("a = 0.3, σ = 1, τ = 0.5: α = 0.4", "paths n", "mean of |x| over n paths  (length)");
    panel.x_scale("log").y_scale("log");
    for (const double rho : {0.0, 1.0}) {
        const Case c{0.3, rho, 1.0 / 16, 256, 1 << 19};
        const auto log_sizes = laboratory.collect(c.simulation()).front().log_abs[1];
        std::vector<double> n, curve;
        std::vector<Estimate> growth, shown;
        // At least 128 blocks of the largest size, so that the error of their mean is known.
        const std::size_t largest = std::bit_floor(log_sizes.size() / 128),
                          smallest = std::max<std::size_t>(16, largest / 64);
        for (std::size_t block = smallest; block <= largest; block *= 2) {
            std::vector<double> log_means;
            for (std::size_t first = 0; first + block <= log_sizes.size(); first += block) {
                double sum = 0;
                for (std::size_t i = first; i < first + block; ++i) sum += std::exp(log_sizes[i]);
                log_means.push_back(std::log(sum / static_cast<double>(block)));
            }
            growth.push_back(Moments::of(log_means).mean_estimate());
            n.push_back(static_cast<double>(block));
            const double centre = std::exp(growth.back().value);
            shown.push_back({centre, centre * growth.back().standard_error});
        }
        const double span = std::log(n.back() / n.front()), exponent = 1 / c.law.tail_index() - 1;
        const Estimate& small = growth.front();
        const Estimate& large = growth.back();
        // Small and large blocks share paths: the sum of their errors is an upper bound.
        evidence.claims.push_back(
            {"SDE: no mean",
             "log-mean of |x| over n paths grows like n^(1/alpha - 1)",
             c.text(),
             {(large.value - small.value) / span, (large.standard_error + small.standard_error) / span},
             exponent});
        for (double x : n) curve.push_back(shown.back().value * std::pow(x / n.back(), exponent));
        panel.theory(fmt::format("n^(1/α − 1), ρ = {}", rho), n, curve)
            .points(fmt::format("ρ = {}", rho), n, shown);
    }
    evidence.figures["sde-no-mean"] =
        figure("Means that do not settle",
               "Geometric mean, over blocks of *n* paths, of the sample mean of |*x*|: with "
               "a tail exponent below 1 more paths give larger means for ever.",
               {panel});
    return evidence;
}

}  // namespace noisetrap
