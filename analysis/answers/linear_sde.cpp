// dx = a x dt + sigma x dW + tau dV, d<W,V> = rho dt.
#include "models/linear_sde.hpp"

#include <cmath>

#include "analysis/answers/axis.hpp"
#include "analysis/answers/models.hpp"
#include "analysis/diffusions/exit_time.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/laws/log_normal.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {
namespace {

Axis axis(const Question& q) {
    const auto sde = q.model<LinearSde>();
    return {sde.a, sde.sigma, sde.tau, sde.rho};
}

/// Euler's + sigma^2 h (Z^2 - 1)/2, which is uncorrelated with Z and has the variance (sigma^2 h)^2/2.
StepMoments milstein_step(const Question& q) {
    const auto [drift, variance] = euler_step<axis>(q);
    return {drift, variance + variance * variance / 2};
}
/// A = e^(a h) exp(sigma sqrt(h) Z - sigma^2 h/2): growth, E A^2 and tail are those of the SDE.
StepMoments splitting_step(const Question& q) {
    const auto [drift, variance] = euler_step<axis>(q);
    return {std::expm1(drift), std::exp(2 * drift) * std::expm1(variance)};
}

template <double growth(double, double, double)>
double scheme_growth(const Question& q) {
    return growth(axis(q).a, axis(q).sigma, q.dt());
}
double euler_tail(const Question& q) {
    const auto [a, sigma, tau, rho] = axis(q);
    return axis(q).stays_noisy() ? euler_tail_index(a, sigma, q.dt()) : unknown;
}

bool is_log_normal(const Question& q) {
    const auto [a, sigma, tau, rho] = axis(q);
    return tau == 0 && sigma > 0 && q.t > 0 && q.run.x0 != 0 && q.starts_at_a_point();
}
LogNormalLaw log_normal(const Question& q) { return {axis(q).a, axis(q).sigma, q.t}; }
double log_normal_quantile(const Question& q) {
    if (!is_log_normal(q)) return unknown;
    return q.run.x0 * std::exp(log_normal(q).quantile_of_log(q.run.x0 > 0 ? q.at : 1 - q.at));
}
/// x/x0 is positive.
double log_normal_below(const Question& q, double x) {
    if (!is_log_normal(q)) return unknown;
    const double ratio = x / q.run.x0, below = ratio > 0 ? log_normal(q).cdf_of_log(std::log(ratio)) : 0;
    return q.run.x0 > 0 ? below : 1 - below;
}
double log_normal_cdf(const Question& q) { return log_normal_below(q, q.at); }
double log_normal_within(const Question& q) { return log_normal_below(q, q.at) - log_normal_below(q, -q.at); }

double mean_exit(const Question& q) {
    const auto [a, sigma, tau, rho] = axis(q);
    return q.starts_at_a_point() ? mean_exit_time(a, sigma, tau, rho, q.at, q.run.x0) : unknown;
}

}  // namespace

// Where the steps have the SDE's own value both rows have it; but Euler-Maruyama's small_step, which is the SDE's by
// definition, and splitting's tail index have no second row.
Answers linear_sde_answers() {
    using enum Quantity;
    constexpr std::string_view any = every_method, euler = EulerMaruyama::name, milstein = Milstein::name,
                               splitting = Splitting::name;
    Answers rows = {
        {any, growth, Of::sde, "a - sigma^2/2 (Ito); the origin attracts where it is negative",
         sde_growth(axis)},
        {euler, growth, Of::scheme, "E log|A|/dt", scheme_growth<euler_growth_rate>},
        {euler, tail_index, Of::scheme, "E|A|^kappa = 1 (Kesten 1973)", euler_tail},
        {euler, mean_square_factor, Of::scheme, "(1 + a dt)^2 + sigma^2 dt; stable below 1",
         square_factor(euler_step<axis>)},
        {milstein, growth, Of::scheme, "E log|A|/dt", scheme_growth<milstein_growth_rate>},
        {splitting, growth, Of::scheme, "a - sigma^2/2, at any step", sde_growth(axis), unlisted},
        {any, tail_index, Of::sde, "1 - 2a/sigma^2; no moment of this order or above", sde_tail(axis)}};
    append(rows, stationary_answers(any, axis));
    append(rows, {{any, mean, Of::sde, "moment equation", sde_moment(axis, &FirstTwoMoments::first)},
                  {any, variance, Of::sde, "moment equation", sde_moment(axis, &FirstTwoMoments::variance)},
                  {any, exit_time, Of::sde, "boundary value problem (Karlin and Taylor 1981)", mean_exit}});

    const char *step_rate = "[E(A - 1) - Var(A)/2]/dt", *square_rate = "(log E A^2)/dt",
               *recursion = "linear recursion",
               *on_its_way = "log|x0| + growth rate t, without diffusive noise",
               *log_normal_text = "log-normal law (Ito), without diffusive noise";
    append(
        rows,
        {{any, small_step, Of::sde, "a - sigma^2/2", sde_growth(axis), unlisted},
         {milstein, small_step, Of::scheme, step_rate, small_step_rate(milstein_step), unlisted},
         {splitting, small_step, Of::scheme, step_rate, small_step_rate(splitting_step), unlisted},
         {any, mean_square, Of::sde, "2a + sigma^2 (Ito)", sde_mean_square(axis), unlisted},
         {euler, mean_square, Of::scheme, square_rate, mean_square_rate(euler_step<axis>), unlisted},
         {milstein, mean_square, Of::scheme, square_rate, mean_square_rate(milstein_step), unlisted},
         {splitting, mean_square, Of::scheme, "2a + sigma^2, at any step", sde_mean_square(axis), unlisted},
         {euler, mean, Of::scheme, recursion, euler_moment(axis, &FirstTwoMoments::first), unlisted},
         {euler, variance, Of::scheme, recursion, euler_moment(axis, &FirstTwoMoments::variance), unlisted},
         {any, mean_log_abs, Of::sde, on_its_way, mean_log_abs_without_diffusion(axis, Of::sde), unlisted},
         {any, mean_log_abs, Of::scheme, on_its_way, mean_log_abs_without_diffusion(axis, Of::scheme),
          unlisted},
         {any, quantile, Of::sde, log_normal_text, log_normal_quantile, unlisted},
         {any, cdf, Of::sde, log_normal_text, log_normal_cdf, unlisted},
         {any, within, Of::sde, log_normal_text, log_normal_within, unlisted}});
    return rows;
}

}  // namespace noisetrap
