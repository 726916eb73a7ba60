#include "analysis/answers/axis.hpp"

#include <fmt/core.h>

#include <cmath>

#include "analysis/growth/growth.hpp"
#include "analysis/laws/moments.hpp"
#include "analysis/laws/stationary_law.hpp"

namespace noisetrap {
namespace {

StationaryLaw law_of(const Axis& axis) { return stationary_law(axis.a, axis.sigma, axis.tau, axis.rho); }

FirstTwoMoments moments_of_sde(const Axis& axis, const Question& q) {
    return sde_moments(axis.a, axis.sigma, axis.tau, axis.rho, q.run.x0, q.t);
}
FirstTwoMoments moments_of_euler(const Axis& axis, const Question& q) {
    const double dt = q.dt(), root = std::sqrt(dt);
    return recursion_moments(axis.a * dt, axis.sigma * root, axis.tau * root, axis.rho, q.run.x0,
                             std::llround(q.t / dt));
}
template <FirstTwoMoments moments(const Axis&, const Question&), double FirstTwoMoments::*moment>
double moment_of(const Axis& axis, const Question& q) {
    return q.starts_at_a_point() ? moments(axis, q).*moment : unknown;
}

template <Of of>
double log_size(const Axis& axis, const Question& q) {
    if (axis.tau != 0 || q.run.x0 == 0 || !q.starts_at_a_point()) return unknown;
    return std::log(std::abs(q.run.x0)) + answer(Quantity::growth, of, q) * q.t;
}

}  // namespace

Formula meant(const char* ito, const char* stratonovich) {
    return Formula([=](const Question& q) { return q.run.stratonovich ? stratonovich : ito; });
}

double sde_growth(const Axis& axis, const Question&) { return sde_growth_rate(axis.a, axis.sigma); }
double sde_mean_square(const Axis& axis, const Question&) { return 2 * axis.a + axis.sigma * axis.sigma; }
double sde_tail(const Axis& axis, const Question&) {
    const double index = sde_tail_index(axis.a, axis.sigma);
    return stays_noisy(axis) && index > 0 ? index : unknown;
}

double sde_relaxation(const Axis& axis, const Question&) {
    const double half = axis.sigma * axis.sigma / 2, growth = axis.a - half;
    if (!stays_noisy(axis) || !(growth < 0)) return unknown;
    return axis.a < -half ? -axis.a : growth * growth / (4 * half);
}

bool stays_noisy(const Axis& axis) { return axis.tau > 0 && !(axis.a == 0 && std::abs(axis.rho) == 1); }

double step_growth_of(NoiseLaw law, const Axis& axis) { return step_growth(law, axis.a, axis.sigma); }
double step_tail_of(NoiseLaw law, const Axis& axis) {
    return stays_noisy(axis) ? tail_index(law, 1 + axis.a, axis.sigma) : unknown;
}

StepMoments euler_step(const Axis& axis, double dt) { return {axis.a * dt, axis.sigma * axis.sigma * dt}; }

Value small_step_rate(AxisOf axis, StepOf step) {
    return [=](const Question& q) {
        const auto [drift, variance] = step(axis(q), q.dt());
        return sde_growth_rate(drift, std::sqrt(variance)) / q.dt();
    };
}

/// log[(1 + drift)^2 + variance], with the digits of small steps.
Value mean_square_rate(AxisOf axis, StepOf step) {
    return [=](const Question& q) {
        const auto [drift, variance] = step(axis(q), q.dt());
        return std::log1p(drift * (2 + drift) + variance) / q.dt();
    };
}

void append(Answers& rows, const Answers& more) { rows.insert(rows.end(), more.begin(), more.end()); }

Answers stationary_answers(std::string_view method, AxisOf axis) {
    const auto row = [=](Quantity quantity, double (*value)(const StationaryLaw&, double at)) {
        const auto name = [=](const Question& q) { return law_of(axis(q)).name(); };
        return Answer{method, quantity, Of::stationary,
                      Formula([=](const Question& q) { return fmt::format("{} law (Wong 1964)", name(q)); }),
                      [=](const Question& q) {
                          const bool trapped = answer(Quantity::growth, Of::scheme, q) < 0;
                          return trapped ? value(law_of(axis(q)), q.at) : unknown;
                      }};
    };
    return {row(Quantity::mode, [](const StationaryLaw& law, double) { return law.mode(); }),
            row(Quantity::mean_log_abs, [](const StationaryLaw& law, double) { return law.mean_log_abs(); }),
            row(Quantity::quantile, [](const StationaryLaw& law, double p) { return law.quantile(p); }),
            row(Quantity::cdf, [](const StationaryLaw& law, double x) { return law.cdf(x); }),
            row(Quantity::density, [](const StationaryLaw& law, double x) { return law.density(x); })};
}

Answers moment_answers(std::string_view method, AxisOf axis, Of of, bool listed) {
    constexpr auto first = &FirstTwoMoments::first, variance = &FirstTwoMoments::variance;
    const bool sde = of == Of::sde;
    const char* formula = sde ? "moment equation" : "linear recursion";
    return {{method, Quantity::mean, of, formula,
             on(axis, sde ? moment_of<moments_of_sde, first> : moment_of<moments_of_euler, first>), listed},
            {method, Quantity::variance, of, formula,
             on(axis, sde ? moment_of<moments_of_sde, variance> : moment_of<moments_of_euler, variance>),
             listed}};
}

Answers factor_answers(std::string_view method, AxisOf axis) {
    return {{method, Quantity::small_step, Of::sde, "a - sigma^2/2", on(axis, sde_growth)},
            {method, Quantity::mean_square, Of::sde, "2a + sigma^2", on(axis, sde_mean_square)},
            {method, Quantity::mean_square, Of::scheme, "log E A^2", mean_square_rate(axis, euler_step)}};
}

Answers log_size_answers(std::string_view method, AxisOf axis) {
    const char* formula = "log|x0| + growth rate times time, without diffusive noise";
    return {{method, Quantity::mean_log_abs, Of::sde, formula, on(axis, log_size<Of::sde>), unlisted},
            {method, Quantity::mean_log_abs, Of::scheme, formula, on(axis, log_size<Of::scheme>), unlisted}};
}

}  // namespace noisetrap
