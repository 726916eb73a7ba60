#include "analysis/answers/axis.hpp"

#include <fmt/core.h>

#include <cmath>

#include "analysis/growth/growth.hpp"
#include "analysis/laws/stationary_law.hpp"

namespace noisetrap {
namespace {

StationaryLaw law_of(const Axis& axis) { return stationary_law(axis.a, axis.sigma, axis.tau, axis.rho); }

Value stationary(AxisOf axis, double (*of)(const StationaryLaw&, double at)) {
    return [=](const Question& q) {
        return answer(Quantity::growth, Of::scheme, q) < 0 ? of(law_of(axis(q)), q.at) : unknown;
    };
}

}  // namespace

bool Axis::stays_noisy() const { return tau > 0 && !(a == 0 && std::abs(rho) == 1); }

Value sde_growth(AxisOf axis) {
    return [=](const Question& q) { return sde_growth_rate(axis(q).a, axis(q).sigma); };
}

Value sde_mean_square(AxisOf axis) {
    return [=](const Question& q) { return 2 * axis(q).a + axis(q).sigma * axis(q).sigma; };
}

Value sde_tail(AxisOf axis) {
    return [=](const Question& q) {
        const double index = sde_tail_index(axis(q).a, axis(q).sigma);
        return axis(q).stays_noisy() && index > 0 ? index : unknown;
    };
}

Value sde_moment(AxisOf axis, double FirstTwoMoments::*moment) {
    return [=](const Question& q) {
        const auto [a, sigma, tau, rho] = axis(q);
        return q.starts_at_a_point() ? sde_moments(a, sigma, tau, rho, q.run.x0, q.t).*moment : unknown;
    };
}

Value small_step_rate(StepOf step) {
    return [=](const Question& q) {
        const auto [drift, variance] = step(q);
        return sde_growth_rate(drift, std::sqrt(variance)) / q.dt();
    };
}

/// log[(1 + drift)^2 + variance], with the digits of small steps.
Value mean_square_rate(StepOf step) {
    return [=](const Question& q) {
        const auto [drift, variance] = step(q);
        return std::log1p(drift * (2 + drift) + variance) / q.dt();
    };
}

Value square_factor(StepOf step) {
    return [=](const Question& q) {
        const auto [drift, variance] = step(q);
        return (1 + drift) * (1 + drift) + variance;
    };
}

Value euler_moment(AxisOf axis, double FirstTwoMoments::*moment) {
    return [=](const Question& q) {
        if (!q.starts_at_a_point()) return unknown;
        const auto [a, sigma, tau, rho] = axis(q);
        const double root = std::sqrt(q.dt());
        const auto steps = static_cast<std::int64_t>(std::llround(q.t / q.dt()));
        return recursion_moments(a * q.dt(), sigma * root, tau * root, rho, q.run.x0, steps).*moment;
    };
}

Value recursion_growth(AxisOf axis, LawOf law) {
    return [=](const Question& q) { return step_growth(law(q), axis(q).a, axis(q).sigma); };
}

Value recursion_tail(AxisOf axis, LawOf law) {
    return [=](const Question& q) {
        return axis(q).stays_noisy() ? tail_index(law(q), 1 + axis(q).a, axis(q).sigma) : unknown;
    };
}

Value mean_log_abs_without_diffusion(AxisOf axis, Of of) {
    return [=](const Question& q) {
        if (axis(q).tau != 0 || q.run.x0 == 0 || !q.starts_at_a_point()) return unknown;
        return std::log(std::abs(q.run.x0)) + answer(Quantity::growth, of, q) * q.t;
    };
}

void append(Answers& rows, const Answers& more) { rows.insert(rows.end(), more.begin(), more.end()); }

Answers stationary_answers(std::string_view method, AxisOf axis) {
    const Formula formula(
        [=](const Question& q) { return fmt::format("{} law (Wong 1964)", law_of(axis(q)).name()); });
    const auto row = [&](Quantity quantity, double (*value)(const StationaryLaw&, double at)) {
        return Answer{method, quantity, Of::stationary, formula, stationary(axis, value)};
    };
    using Law = StationaryLaw;
    return {row(Quantity::mode, [](const Law& law, double) { return law.mode(); }),
            row(Quantity::mean_log_abs, [](const Law& law, double) { return law.mean_log_abs(); }),
            row(Quantity::quantile, [](const Law& law, double p) { return law.quantile(p); }),
            row(Quantity::cdf, [](const Law& law, double x) { return law.cdf(x); }),
            row(Quantity::density, [](const Law& law, double x) { return law.density(x); })};
}

}  // namespace noisetrap
