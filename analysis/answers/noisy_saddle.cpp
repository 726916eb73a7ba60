// x <- x + l[(a + xi) x + eta] under stochastic gradient descent, and with momentum.
#include "models/noisy_saddle.hpp"

#include <optional>

#include "analysis/answers/axis.hpp"
#include "analysis/answers/models.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/growth/heavy_ball_ratio.hpp"
#include "models/optimisers.hpp"

namespace noisetrap {
namespace {

template <class Optimiser>
Axis axis(const Question& q) {
    const auto saddle = q.model<NoisySaddle>();
    const double l = q.method<Optimiser>().learning_rate;
    return {l * saddle.a, l * saddle.sigma, l * saddle.tau, saddle.rho};
}
constexpr AxisOf of_sgd = axis<Sgd>, of_momentum = axis<Momentum>;

Law law_of_noise(const Question& q) { return q.model<NoisySaddle>().xi_law; }

template <double TrapWindow::*edge>
double window_edge(const Question& q) {
    const double l = q.method<Sgd>().learning_rate;
    const auto window = trap_window(law_of_noise(q), of_sgd(q).a);
    return window && l > 0 ? (*window).*edge / l : unknown;
}

double heavy_ball(const Question& q) {
    const auto [a, sigma, tau, rho] = of_momentum(q);
    const double momentum = q.method<Momentum>().momentum;
    if (momentum == 0) return step_growth(law_of_noise(q), a, sigma);
    return sigma == 0 || law_of_noise(q) == Law::gaussian ? heavy_ball_growth_on_ratios({momentum, a, sigma})
                                                          : unknown;
}
/// heavy_ball_steps with h = 1: the limit of small l at any momentum, where a/(2 beta) and sigma/(2 beta) are
/// what counts, and of l -> 0 with 1 - m ~ sqrt(l).
double heavy_ball_sde(const Question& q) {
    const auto [a, sigma, tau, rho] = of_momentum(q);
    return heavy_ball_sde_growth((1 - q.method<Momentum>().momentum) / 2, a, sigma);
}

}  // namespace

Answers noisy_saddle_answers() {
    using enum Quantity;
    constexpr std::string_view sgd = Sgd::name, ball = Momentum::name;
    const char* edge = "E log|1 + l(a + xi)| = 0";
    Answers rows = {{sgd, growth, Of::scheme, "E log|1 + l(a + xi)|; trapped where it is negative",
                     recursion_growth(of_sgd, law_of_noise)},
                    {sgd, growth, Of::sde, "l a - (l sigma)^2/2", sde_growth(of_sgd)},
                    {sgd, window_lower, Of::scheme, edge, window_edge<&TrapWindow::lower>},
                    {sgd, window_upper, Of::scheme, edge, window_edge<&TrapWindow::upper>},
                    {sgd, tail_index, Of::scheme, "E|A|^kappa = 1 (Kesten 1973, Goldie 1991)",
                     recursion_tail(of_sgd, law_of_noise)},
                    {sgd, tail_index, Of::sde, "1 - 2a/(l sigma^2)", sde_tail(of_sgd)}};
    append(rows, stationary_answers(sgd, of_sgd));

    const char* on_its_way = "log|x0| + growth rate n, without diffusive noise";
    append(
        rows,
        {{sgd, mean, Of::scheme, "linear recursion", euler_moment(of_sgd, &FirstTwoMoments::first)},
         {sgd, variance, Of::scheme, "linear recursion", euler_moment(of_sgd, &FirstTwoMoments::variance)},
         {sgd, mean, Of::sde, "moment equation", sde_moment(of_sgd, &FirstTwoMoments::first), unlisted},
         {sgd, variance, Of::sde, "moment equation", sde_moment(of_sgd, &FirstTwoMoments::variance),
          unlisted},
         {sgd, small_step, Of::sde, "l a - (l sigma)^2/2", sde_growth(of_sgd), unlisted},
         {sgd, mean_square, Of::sde, "2 l a + (l sigma)^2", sde_mean_square(of_sgd), unlisted},
         {sgd, mean_square, Of::scheme, "log E A^2", mean_square_rate(euler_step<of_sgd>), unlisted},
         {sgd, mean_log_abs, Of::sde, on_its_way, mean_log_abs_without_diffusion(of_sgd, Of::sde), unlisted},
         {sgd, mean_log_abs, Of::scheme, on_its_way, mean_log_abs_without_diffusion(of_sgd, Of::scheme),
          unlisted},
         {ball, long_run_growth, Of::scheme, "the mean of log|x[n+1]/x[n]| along the chain of ratios",
          heavy_ball},
         {ball, long_run_growth, Of::sde,
          "-beta + g(-(a + beta^2)) (Halperin 1965; Imkeller and Lederer 1999)", heavy_ball_sde}});
    return rows;
}

}  // namespace noisetrap
