// x <- x + l[(a + xi) x + eta] under stochastic gradient descent, and with momentum.
#include "models/noisy_saddle.hpp"

#include "analysis/answers/axis.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/growth/heavy_ball_ratio.hpp"
#include "analysis/require.hpp"
#include "models/optimisers.hpp"

namespace noisetrap {
namespace {

NoiseLaw law_of(const Question& q) {
    const auto saddle = q.model<NoisySaddle>();
    return {saddle.xi_law, saddle.shape(saddle.xi_law)};
}

template <class Optimiser>
Axis axis_of(const Question& q) {
    const auto saddle = q.model<NoisySaddle>();
    const double l = q.method<Optimiser>().learning_rate;
    return {l * saddle.a, l * saddle.sigma, l * saddle.tau, saddle.rho};
}
/// Where mean and variance are asked of both noises.
Axis axis_with_variance(const Question& q) {
    const auto saddle = q.model<NoisySaddle>();
    require(facts_of(saddle.xi_law).standard && (saddle.tau == 0 || facts_of(saddle.eta_law).standard),
            "a stable law has no variance");
    return axis_of<Sgd>(q);
}

double step_growth(const Axis& axis, const Question& q) { return step_growth_of(law_of(q), axis); }
double step_tail(const Axis& axis, const Question& q) { return step_tail_of(law_of(q), axis); }

template <double TrapWindow::*edge>
double window_edge(const Axis& axis, const Question& q) {
    const double l = q.method<Sgd>().learning_rate;
    const auto window = trap_window(law_of(q), axis.a);
    return window && l > 0 ? (*window).*edge / l : unknown;
}

double heavy_ball(const Axis& axis, const Question& q) {
    const double momentum = q.method<Momentum>().momentum;
    if (momentum == 0) return step_growth(axis, q);
    if (axis.sigma != 0 && law_of(q).law != Law::gaussian) return unknown;
    return heavy_ball_growth_on_ratios({momentum, axis.a, axis.sigma});
}
/// heavy_ball_steps with h = 1: the limit of small l at any momentum, where a/(2 beta) and sigma/(2 beta) are
/// what counts, and of l -> 0 with 1 - m ~ sqrt(l).
double heavy_ball_sde(const Axis& axis, const Question& q) {
    return heavy_ball_sde_growth((1 - q.method<Momentum>().momentum) / 2, axis.a, axis.sigma);
}

}  // namespace

ModelAnswers noisy_saddle_answers() {
    using enum Quantity;
    constexpr std::string_view sgd = Sgd::name, ball = Momentum::name;
    const AxisOf axis = axis_of<Sgd>, standard = axis_with_variance, of_ball = axis_of<Momentum>;
    const char* edge = "E log|1 + l(a + xi)| = 0";
    Answers rows = {
        {sgd, growth, Of::scheme, "E log|1 + l(a + xi)|; trapped where it is negative",
         on(axis, step_growth)},
        {sgd, growth, Of::sde, "l a - (l sigma)^2/2", on(standard, sde_growth)},
        {sgd, window_lower, Of::scheme, edge, on(axis, window_edge<&TrapWindow::lower>)},
        {sgd, window_upper, Of::scheme, edge, on(axis, window_edge<&TrapWindow::upper>)},
        {sgd, tail_index, Of::scheme, "E|A|^kappa = 1 (Kesten 1973, Goldie 1991)", on(axis, step_tail)},
        {sgd, tail_index, Of::sde, "1 - 2a/(l sigma^2)", on(standard, sde_tail)},
        {ball, long_run_growth, Of::scheme, "E log|x[n+1]/x[n]| over the chain of ratios",
         on(of_ball, heavy_ball)},
        {ball, long_run_growth, Of::sde,
         "-beta + g(-(a + beta^2)) (Halperin 1965; Imkeller and Lederer 1999)", on(of_ball, heavy_ball_sde)}};
    append(rows, stationary_answers(sgd, standard));
    append(rows, moment_answers(sgd, standard, Of::scheme));
    append(rows, moment_answers(sgd, standard, Of::sde, unlisted));
    append(rows, log_size_answers(sgd, axis));
    append(rows, factor_answers(sgd, standard));
    return {NoisySaddle::name, rows};
}

}  // namespace noisetrap
