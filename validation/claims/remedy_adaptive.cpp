// Claims about a remedy that changes the form of the step: adaptive step sizes, by Adam, AMSGrad and their
// relatives, at a noisy saddle.
#include <fmt/core.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/interpolators/barycentric_rational.hpp>
#include <cmath>
#include <numeric>

#include "analysis/growth/heavy_ball.hpp"
#include "analysis/statistics/significance.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"
#include "validation/references.hpp"

namespace noisetrap {
namespace {

constexpr double adaptive_a = 0.003, adaptive_sigma = 0.3;

/// Steps until |x| > K l from x = l/2, when each step goes l outward with odds p or l inward: from the place
/// |x| = (k + 1/2) l it takes e_k = 1/p + (1 - p)/p e_{k-1} steps to get one place farther, e_0 = 1/p.
double sign_walk_exit(double p, int places) {
    double sum = 0, next = 0;
    for (int k = 0; k < places; ++k) {
        next = 1 / p + (1 - p) / p * next;
        sum += next;
    }
    return sum;
}

Claim memoryless_adam(Laboratory& laboratory) {
    constexpr int places = 30;
    constexpr double rate = 0.125, a = 0.01;
    auto s = under("noisy-saddle", "adam", saddle(a, adaptive_sigma),
                   {{"learning_rate", rate}, {"beta1", 0.0}, {"beta2", 0.0}, {"epsilon", 1e-30}}, rate / 2,
                   8000, 1 << 16);
    s.observe.exit = ExitWatch::at_steps;
    s.observe.exit_radius = places * rate;
    const double p = boost::math::cdf(boost::math::normal(), a / adaptive_sigma);
    return {"remedy: adaptive", "Adam without memory walks as at a ReLU saddle: mean exit step",
            fmt::format("a = {}, sigma = {}, beta1 = beta2 = 0, R = {} l", a, adaptive_sigma, places),
            laboratory.run(s).front().passage.restricted.mean_estimate(), sign_walk_exit(p, places)};
}

constexpr double ams_rate = 0.01, ams_beta1 = 0.9, ams_beta2 = 0.99, ams_epsilon = 1e-8;
const ParameterValues ams_method = {
    {"learning_rate", ams_rate}, {"beta1", ams_beta1}, {"beta2", ams_beta2}, {"epsilon", ams_epsilon}};

/// The growth of heavy balls with these logarithms of the rate, interpolated: it is smooth.
std::vector<double> heavy_ball_rates(const std::vector<double>& log_rates) {
    const auto [low, high] = std::minmax_element(log_rates.begin(), log_rates.end());
    const auto nodes = even(*low - 1e-9, *high + 1e-9, 10);
    std::vector<double> exact, growth;
    for (double log_rate : nodes) {
        const double rate = std::exp(log_rate);
        exact.push_back(heavy_ball_growth({ams_beta1, rate * adaptive_a, rate * adaptive_sigma}));
    }
    const boost::math::barycentric_rational<double> curve(nodes.data(), exact.data(), nodes.size(), 5);
    for (double log_rate : log_rates) growth.push_back(curve(log_rate));
    return growth;
}

struct FrozenGrowth {
    Estimate measured_minus_exact;
    double mean_exact;
};

/// The noise of each step is had from plain gradient descent with the same seed, x[n+1]/x[n] = 1 + a + xi;
/// from it the denominators, which the engine does not show, by AMSGrad in plain numbers. Paths that have come down to
/// 1e-4 of their largest |x| at step `chosen` are counted, from 200 steps later on, when they have forgotten that.
FrozenGrowth frozen_growth(Laboratory& laboratory, double x0) {
    constexpr std::uint64_t chosen = 1500, from = 1700, last = 2700;
    const auto model = saddle(adaptive_a, adaptive_sigma);
    auto plain = under("noisy-saddle", "sgd", model, {}, 1, chosen, 1 << 12);
    plain.observe.steps.resize(chosen);
    std::iota(plain.observe.steps.begin(), plain.observe.steps.end(), 1);
    const auto factors = laboratory.collect(plain).front();
    laboratory.same_noise();
    auto ams = under("noisy-saddle", "amsgrad", model, ams_method, x0, last, 1 << 12);
    ams.observe.steps = {chosen, from, last};
    const auto columns = laboratory.collect(ams).front();
    std::vector<double> rates, growth;
    for (std::size_t path = 0; path < columns.value[0].size(); ++path) {
        PlainAmsGrad host(ams_rate, ams_beta1, ams_beta2, ams_epsilon, x0);
        double before = 1, largest = 0;
        for (const auto& column : factors.value) {
            host.step((1 - column[path] / before) * host.x());
            before = column[path];
            largest = std::max(largest, std::abs(host.x()));
        }
        if (std::abs(columns.value[0][path]) > 1e-4 * largest) continue;
        rates.push_back(std::log(host.effective_rate()));
        growth.push_back((columns.log_abs[2][path] - columns.log_abs[1][path]) / (last - from));
    }
    const auto expected = heavy_ball_rates(rates);
    return {paired_difference(growth, expected), Moments::of(expected).mean};
}

constexpr double ams_start = 5 * ams_rate;

struct Method {
    const char* name;
    ParameterValues values;
};
const Method methods[] = {{"sgd", {}},
                          {"rmsprop", {{"learning_rate", ams_rate}, {"decay", ams_beta2}}},
                          {"adagrad", {{"learning_rate", ams_rate}}},
                          {"adam", ams_method},
                          {"amsgrad", ams_method}};

/// Where half of the paths are, and the part that is deep down.
std::vector<Panel> over_time(Laboratory& laboratory) {
    const auto model = saddle(adaptive_a, adaptive_sigma);
    const double deep = ams_start / 10000;
    std::vector<std::uint64_t> steps;
    for (std::uint64_t n = 400; n <= 8000; n += 400) steps.push_back(n);
    Panel size(fmt::format("a = {}, σ = {}, τ = 0, x0 = {}", adaptive_a, adaptive_sigma, ams_start),
               "steps n", "median of log10 |x|");
    Panel share("the same paths", "steps n", "P(|x| < x0/10000)");
    for (const auto& [name, values] : methods) {
        auto s = under("noisy-saddle", name, model, values, ams_start, steps.back(), 1 << 12);
        s.observe.steps = steps;
        const auto columns = laboratory.collect(s).front();
        std::vector<Estimate> medians, shares;
        for (const auto& column : columns.log_abs) {
            medians.push_back(scaled(quantile_of(column, 0.5), 1 / std::log(10)));
            shares.push_back(share_within(column, deep));
        }
        size.points(name, doubles(steps), medians);
        share.points(name, doubles(steps), shares);
    }
    const double slope = step_growth(Law::gaussian, adaptive_a, adaptive_sigma) / std::log(10);
    const double start = std::log10(ams_start), end = 8000;
    size.theory("sgd: E log|1 + a + ξ|", {0, end}, {start, start + end * slope}).y_limits(-20, 2);
    return {size, share};
}

}  // namespace

Evidence remedy_adaptive(Laboratory& laboratory) {
    Evidence evidence;
    evidence.claims.push_back(memoryless_adam(laboratory));
    const auto frozen = frozen_growth(laboratory, ams_start);
    evidence.claims.push_back({"remedy: adaptive",
                               "AMSGrad, once frozen: growth minus the heavy ball's at its rate",
                               fmt::format("a = {}, sigma = {}, beta2 = {}, mean of the heavy ball's {:.4f}",
                                           adaptive_a, adaptive_sigma, ams_beta2, frozen.mean_exact),
                               frozen.measured_minus_exact, 0});
    evidence.figures["remedy-adaptive"] = figure(
        "AMSGrad is trapped where Adam is not",
        "Left: half of the paths are below the median of |*x*|. Adam and RMSProp divide the gradient by its "
        "recent size, and with it the noise that is proportional to *x*: they wander off. Plain gradient "
        "descent "
        "is trapped, and so are most paths of AMSGrad, whose denominator never falls; AdaGrad's grows as "
        "well, "
        "and its steps become too small for a trap. Right: the part of the paths that are deep in the trap.",
        over_time(laboratory));
    return evidence;
}

}  // namespace noisetrap
