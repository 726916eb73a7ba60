// Claims about a remedy that changes the step: learning rates that shrink, and with them a dip, a return and
// a power law.
#include <fmt/core.h>

#include <cmath>

#include "analysis/statistics/significance.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"

namespace noisetrap {
namespace {

struct Annealing {
    double a, sigma, first_rate, horizon;

    double rate(std::uint64_t n) const { return first_rate / (1 + static_cast<double>(n) / horizon); }
    /// E log|x[n]/x[0]| for n = 0 ... steps.
    std::vector<double> exact(std::uint64_t steps) const {
        std::vector<double> growth = {0};
        for (std::uint64_t n = 0; n < steps; ++n)
            growth.push_back(growth.back() + step_growth(Law::gaussian, rate(n) * a, rate(n) * sigma));
        for (double& g : growth) g = WrongTheory::of(g);
        return growth;
    }
};

/// `exact` as of the schedule, to the last of the steps.
Panel growth_over_steps(const Annealing& schedule, const std::vector<double>& exact,
                        const std::vector<std::uint64_t>& steps, const std::vector<Estimate>& measured) {
    std::vector<double> n, curve, line_n, line;
    for (double x : even_ratios(1, 32768, 200)) {
        const auto step = static_cast<std::uint64_t>(std::llround(x));
        n.push_back(static_cast<double>(step));
        curve.push_back(exact[step]);
        if (step < 1000) continue;
        line_n.push_back(n.back());
        line.push_back(exact.back() -
                       schedule.a * schedule.first_rate * schedule.horizon * std::log(32768 / n.back()));
    }
    Panel panel("a = 1, σ = 5, l[n] = 0.2/(1 + n/100)", "steps n", "E log|x[n]/x[0]|");
    panel.x_scale("log").level("where it started", 0).theory("sum of E log|1 + l[k](a + σ Z)|", n, curve);
    panel.reference("power law n^20", line_n, line).points("measured", doubles(steps), measured);
    return panel;
}

}  // namespace

Evidence remedy_annealing(Laboratory& laboratory) {
    constexpr const char* section = "remedy: annealing";
    constexpr Annealing schedule{1, 5, 0.2, 100};
    const std::vector<std::uint64_t> steps = {10, 50, 100, 187, 350, 760, 1500, 4096, 32768};
    constexpr std::size_t at_50 = 1, minimum = 3, back = 5, late = 7, last = 8;
    auto simulation = under(
        "noisy-saddle", "annealed", saddle(schedule.a, schedule.sigma),
        {{"learning_rate", schedule.first_rate}, {"horizon", schedule.horizon}, {"schedule", "inverse"}}, 1,
        steps.back(), 1 << 16);
    simulation.observe.steps = steps;
    const auto columns = laboratory.collect(simulation).front();
    const auto exact = schedule.exact(steps.back());
    Evidence evidence;
    const auto text = fmt::format("a = {}, sigma = {}, l[n] = {}/(1 + n/{})", schedule.a, schedule.sigma,
                                  schedule.first_rate, schedule.horizon);
    std::vector<Estimate> measured;
    for (const auto& column : columns.log_abs) measured.push_back(Moments::of(column).mean_estimate());
    const auto claim = [&](std::size_t i, const char* statement) {
        evidence.claims.push_back(
            {section, statement, fmt::format("{}, n = {}", text, steps[i]), measured[i], exact[steps[i]]});
    };
    claim(at_50, "E log|x[n]/x[0]| falls at first");
    claim(minimum, "E log|x[n]/x[0]| at its minimum");
    claim(back, "E log|x[n]/x[0]| is back at 0");
    const double octaves = std::log(static_cast<double>(steps[last]) / static_cast<double>(steps[late]));
    evidence.claims.push_back(
        {section, "late power law: d E log|x|/d log n -> a l[0] horizon = 20",
         fmt::format("{}, n = {} to {}", text, steps[late], steps[last]),
         scaled(paired_difference(columns.log_abs[last], columns.log_abs[late]), 1 / octaves),
         (exact[steps[last]] - exact[steps[late]]) / octaves});
    evidence.figures["remedy-annealing"] = figure(
        "Annealing escapes in the end, after a deep dip",
        "The mean logarithm of |*x*| under a learning rate that falls like 1/*n*. While the rate is above "
        "its critical value paths fall into the saddle, here by a factor of 17 000 until *n* = 187; they "
        "are back at *n* = 760, and leave by a power law.",
        {growth_over_steps(schedule, exact, steps, measured)});
    return evidence;
}

}  // namespace noisetrap
