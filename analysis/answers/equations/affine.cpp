// SDEs whose drift and amplitudes are affine in x: all of them are the linear SDE about their fixed point.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/answers/equations/functions.hpp"
#include "analysis/answers/equations/rows.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/laws/moments.hpp"
#include "sde/schemes.hpp"

namespace noisetrap::equations {
namespace {

/// The axis at x of a formula whose slopes are the same everywhere.
Axis axis_at(const FormulaFunctions& functions, double x) {
    Axis axis{functions.drift(x).slope, 0, 0, 0};
    double both = 0;
    for (const auto& amplitude : functions.amplitudes) {
        const auto [value, slope] = amplitude(x);
        axis.sigma = std::hypot(axis.sigma, slope);
        axis.tau = std::hypot(axis.tau, value);
        both += value * slope;
    }
    if (both != 0) axis.rho = std::clamp(both / (axis.sigma * axis.tau), -1.0, 1.0);
    return axis;
}
Axis axis_at_zero(const Question& q) { return axis_at(functions_of(q), 0); }

/// About the fixed point of an affine drift, which is none where the drift is constant.
struct Shifted {
    double x;
    Axis axis;
};
Shifted shifted(const Question& q) {
    const auto functions = functions_of(q);
    const auto [constant, slope] = functions.drift(0);
    if (slope == 0) throw std::domain_error("a constant drift has no fixed point");
    return {-constant / slope, axis_at(functions, -constant / slope)};
}
FirstTwoMoments affine_moments(const Question& q) {
    const auto [x, axis] = shifted(q);
    if (!q.starts_at_a_point()) throw std::domain_error("paths start at many points");
    auto moments = sde_moments(axis.a, axis.sigma, axis.tau, axis.rho, q.run.x0 - x, q.t);
    moments.first += x;
    return moments;
}

}  // namespace

Axis given_axis(const Question& q) { return axis_at(given_functions(q), 0); }

Answers affine_rows() {
    using enum Quantity;
    constexpr std::string_view any = every_method, euler = EulerMaruyama::name, milstein = Milstein::name;
    const AxisOf axis = axis_at_zero;
    const auto of_axis = [=](double (*value)(const Axis&, double dt)) {
        return [=](const Question& q) { return value(axis(q), q.dt()); };
    };
    return {{any, growth, Of::sde, "a - sigma^2/2 (Ito), whatever moves x = 0", on(axis, sde_growth)},
            {euler, growth, Of::scheme, "E log|A|/dt",
             of_axis([](const Axis& a, double dt) { return euler_growth_rate(a.a, a.sigma, dt); })},
            {milstein, growth, Of::scheme, "E log|A|/dt", of_axis([](const Axis& a, double dt) {
                 return scheme_growth_rate<Milstein>(a.a, a.sigma, dt);
             })},
            {euler, small_step, Of::sde, "a - sigma^2/2", on(axis, sde_growth)},
            {euler, mean_square, Of::sde, "2a + sigma^2 (Ito)", on(axis, sde_mean_square)},
            {euler, mean_square, Of::scheme, "(log E A^2)/dt", mean_square_rate(axis, euler_step)},
            {any, mean, Of::sde, "moment equation about the fixed point",
             [](const Question& q) { return affine_moments(q).first; }},
            {any, variance, Of::sde, "moment equation about the fixed point",
             [](const Question& q) { return affine_moments(q).variance; }},
            {any, relaxation, Of::sde, "that of the linear SDE about the fixed point",
             [](const Question& q) { return sde_relaxation(shifted(q).axis, q); }}};
}

}  // namespace noisetrap::equations
