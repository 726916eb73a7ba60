// dx = a x dt + sigma x dW + tau dV, d<W,V> = rho dt.
#include "models/linear_sde.hpp"

#include <cmath>
#include <stdexcept>

#include "analysis/answers/axis.hpp"
#include "analysis/answers/kept.hpp"
#include "analysis/diffusions/exit_law.hpp"
#include "analysis/diffusions/exit_problem.hpp"
#include "analysis/diffusions/exit_time.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/laws/edge_law.hpp"
#include "analysis/laws/log_normal.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {
namespace {

/// The axis as the equation has it.
Axis given_axis(const Question& q) {
    const auto sde = q.model<LinearSde>();
    return {sde.a, sde.sigma, sde.tau, sde.rho};
}
/// a and sigma of the Ito equation with the same solutions (Stratonovich's a x dt is a x dt + sigma^2/2 x dt). All that
/// belongs to A alone follows from them.
AxisOf factor_of(AxisOf given) {
    return [=](const Question& q) {
        auto axis = given(q);
        if (q.run.stratonovich) axis.a += axis.sigma * axis.sigma / 2;
        return axis;
    };
}
/// That Ito equation also has the constant drift rho sigma tau/2. Where it is not 0, what depends on additive noise has
/// no answer here.
AxisOf without_constant_drift(AxisOf factor) {
    return [=](const Question& q) {
        const auto axis = factor(q);
        if (q.run.stratonovich && axis.rho * axis.sigma * axis.tau != 0)
            throw std::domain_error("a constant drift beside the linear one");
        return axis;
    };
}

/// A = e^(a h) exp(sigma sqrt(h) Z - sigma^2 h/2): growth, E A^2 and tail are those of the SDE.
StepMoments splitting_step(const Axis& axis, double dt) {
    const auto [drift, variance] = euler_step(axis, dt);
    return {std::expm1(drift), std::exp(2 * drift) * std::expm1(variance)};
}

double euler_growth(const Axis& axis, const Question& q) {
    return euler_growth_rate(axis.a, axis.sigma, q.dt());
}
double euler_tail(const Axis& axis, const Question& q) {
    return stays_noisy(axis) ? euler_tail_index(axis.a, axis.sigma, q.dt()) : unknown;
}
double euler_factor(const Axis& axis, const Question& q) {
    const auto [drift, variance] = euler_step(axis, q.dt());
    return (1 + drift) * (1 + drift) + variance;
}

bool is_log_normal(const Axis& axis, const Question& q) {
    return axis.tau == 0 && axis.sigma > 0 && q.t > 0 && q.run.x0 != 0 && q.starts_at_a_point();
}
/// Whether the law is closed with diffusive noise too, as it is at four rates.
bool is_closed(const Axis& axis, const Question& q) {
    return axis.rho == 0 && has_edge_law(axis.a, axis.sigma, axis.tau) && q.t > 0 && q.starts_at_a_point();
}
EdgeLaw edge_law(const Axis& axis, const Question& q) {
    return {axis.a, axis.sigma, axis.tau, q.run.x0, q.t};
}
double law_quantile(const Axis& axis, const Question& q) {
    if (is_closed(axis, q)) return edge_law(axis, q).quantile(q.at);
    if (!is_log_normal(axis, q)) return unknown;
    const LogNormalLaw law(axis.a, axis.sigma, q.t);
    return q.run.x0 * std::exp(law.quantile_of_log(q.run.x0 > 0 ? q.at : 1 - q.at));
}
/// The odds of lying below x, by a closed law or a log-normal one, where x/x0 is positive.
double law_below(const Axis& axis, const Question& q, double x) {
    if (is_closed(axis, q)) return edge_law(axis, q).cdf(x);
    if (!is_log_normal(axis, q)) return unknown;
    const LogNormalLaw law(axis.a, axis.sigma, q.t);
    const double ratio = x / q.run.x0, below = ratio > 0 ? law.cdf_of_log(std::log(ratio)) : 0;
    return q.run.x0 > 0 ? below : 1 - below;
}
double law_cdf(const Axis& axis, const Question& q) { return law_below(axis, q, q.at); }
double law_within(const Axis& axis, const Question& q) {
    return law_below(axis, q, q.at) - law_below(axis, q, -q.at);
}

double mean_exit(const Axis& axis, const Question& q) {
    if (!q.starts_at_a_point()) return unknown;
    return mean_exit_time(axis.a, axis.sigma, axis.tau, axis.rho, q.at, q.run.x0);
}
/// Throws std::domain_error where the noise vanishes between the ends, or paths start beyond them.
const ExitLaw& exit_law(const Axis& axis, const Question& q) {
    if (!q.starts_at_a_point()) throw std::domain_error("paths start at many points");
    return kept<ExitLaw>(std::vector{axis.a, axis.sigma, axis.tau, axis.rho, q.at, q.run.x0}, [&] {
        const LinearDiffusion sde{axis.a, axis.sigma, axis.tau, axis.rho};
        const Diffusion diffusion{[sde](double x) { return sde.drift(x); },
                                  [sde](double x) { return sde.variance(x); }};
        return ExitLaw(diffusion, -q.at, q.at, q.run.x0);
    });
}
double exit_spread(const Axis& axis, const Question& q) { return exit_law(axis, q).variance(); }
double exit_upwards(const Axis& axis, const Question& q) { return exit_law(axis, q).odds_high(); }
double exit_decay(const Axis& axis, const Question& q) { return exit_law(axis, q).decay_rate(); }
double inside_still(const Axis& axis, const Question& q) {
    if (axis.rho == 0 && q.starts_at_a_point())
        if (const auto closed = edge_survival(axis.a, axis.sigma, axis.tau, q.at, q.run.x0, q.t))
            return *closed;
    return exit_law(axis, q).survival(q.t);
}

/// small_step or mean_square of a scheme, from E(A - 1) and Var A.
template <class Scheme>
Value moment_rate(AxisOf given, double rate(double drift, double variance)) {
    return [=](const Question& q) {
        const auto [a, sigma, tau, rho] = given(q);
        if (Scheme::takes == Takes::additive && sigma != 0) return unknown;
        const auto [drift, variance] = step_factor<Scheme>(a, sigma, q.dt(), q.run.stratonovich).moments();
        return rate(drift, variance) / q.dt();
    };
}
double small_step_of(double drift, double variance) { return sde_growth_rate(drift, std::sqrt(variance)); }
double log_mean_square(double drift, double variance) { return std::log1p(drift * (2 + drift) + variance); }

/// What every scheme has whose steps are x -> A x + B.
template <class... Schemes>
void append_schemes(Answers& rows, const AxisOf& given) {
    const char *step_rate = "[E(A - 1) - Var(A)/2]/dt", *square_rate = "(log E A^2)/dt";
    (append(rows, {{Schemes::name, Quantity::growth, Of::scheme, "E log|A|/dt", growth_under<Schemes>(given)},
                   {Schemes::name, Quantity::small_step, Of::scheme, step_rate,
                    moment_rate<Schemes>(given, small_step_of)},
                   {Schemes::name, Quantity::mean_square, Of::scheme, square_rate,
                    moment_rate<Schemes>(given, log_mean_square)}}),
     ...);
}

}  // namespace

// Where the steps have the SDE's own value both rows have it; but Euler-Maruyama's small_step, which is the SDE's by
// definition, and splitting's tail index have no second row.
Answers linear_rows(AxisOf given) {
    using enum Quantity;
    constexpr std::string_view any = every_method, euler = EulerMaruyama::name, splitting = Splitting::name;
    const auto factor_axis = factor_of(given), axis_of = without_constant_drift(factor_axis);
    const auto of_axis = [&](OnAxis value) { return on(axis_of, value); };
    const auto of_factor = [&](OnAxis value) { return on(factor_axis, value); };
    Answers rows = {
        {any, growth, Of::sde,
         meant("a - sigma^2/2 (Ito); the origin attracts where it is negative",
               "a (Stratonovich); the origin attracts where it is negative"),
         of_factor(sde_growth)},
        {euler, growth, Of::scheme, "E log|A|/dt", of_factor(euler_growth)},
        {euler, tail_index, Of::scheme, "E|A|^kappa = 1 (Kesten 1973)", of_axis(euler_tail)},
        {euler, mean_square_factor, Of::scheme,
         meant("(1 + a dt)^2 + sigma^2 dt; stable below 1",
               "(1 + (a + sigma^2/2) dt)^2 + sigma^2 dt; stable below 1"),
         of_factor(euler_factor)},
        {splitting, growth, Of::scheme, "a - sigma^2/2, at any step", of_factor(sde_growth), unlisted},
        {any, tail_index, Of::sde,
         meant("1 - 2a/sigma^2; no moment of this order or above",
               "-2a/sigma^2 (Stratonovich); no moment of this order or above"),
         of_axis(sde_tail)}};
    append_schemes<SplitEuler, Milstein, RkMilstein, EulerHeun, Heun, Midpoint, Sriw1, Sra1, Sra3, Pl1wm,
                   Ri1>(rows, given);
    append(rows, stationary_answers(any, axis_of));
    append(rows, moment_answers(any, axis_of, Of::sde));
    append(rows, moment_answers(euler, axis_of, Of::scheme, unlisted));
    append(rows, log_size_answers(any, axis_of));
    const char
        *step_rate = "[E(A - 1) - Var(A)/2]/dt",
        *square_rate = "(log E A^2)/dt",
        *closed =
            "closed law: log-normal without diffusive noise (Ito), or at a/sigma^2 = -1/2, 1/2, 3/2, 5/2 "
            "with rho = 0 (Bougerol 1983)",
        *exits = "backward equation (Karlin and Taylor 1981)";
    append(rows,
           {{any, exit_time, Of::sde, "boundary value problem (Karlin and Taylor 1981)", of_axis(mean_exit)},
            {any, small_step, Of::sde, meant("a - sigma^2/2", "a (Stratonovich)"), of_factor(sde_growth)},
            {splitting, small_step, Of::scheme, step_rate, small_step_rate(factor_axis, splitting_step)},
            {any, mean_square, Of::sde, meant("2a + sigma^2 (Ito)", "2a + 2 sigma^2 (Stratonovich)"),
             of_factor(sde_mean_square)},
            {euler, mean_square, Of::scheme, square_rate, mean_square_rate(factor_axis, euler_step)},
            {splitting, mean_square, Of::scheme, "2a + sigma^2, at any step", of_factor(sde_mean_square)},
            {any, quantile, Of::sde, closed, of_axis(law_quantile)},
            {any, cdf, Of::sde, closed, of_axis(law_cdf)},
            {any, within, Of::sde, closed, of_axis(law_within)},
            {any, exit_variance, Of::sde, exits, of_axis(exit_spread)},
            {any, exit_upper, Of::sde, exits, of_axis(exit_upwards)},
            {any, exit_rate, Of::sde, exits, of_axis(exit_decay)},
            {any, survival, Of::sde, exits, of_axis(inside_still)},
            {any, relaxation, Of::sde,
             "(a - sigma^2/2)^2/(2 sigma^2), or -a where a < -sigma^2/2 (spectrum of Poschl and Teller)",
             of_axis(sde_relaxation)}});
    return rows;
}

ModelAnswers linear_sde_answers() { return {LinearSde::name, linear_rows(given_axis)}; }

}  // namespace noisetrap
