// Minibatches of finitely many samples of the noisy saddle.
#include "models/finite_sum_saddle.hpp"

#include <cmath>

#include "analysis/answers/axis.hpp"
#include "analysis/answers/models.hpp"
#include "analysis/growth/remedies.hpp"
#include "models/optimisers.hpp"

namespace noisetrap {
namespace {

/// Of the mean over a batch, whose variance is exact for any samples.
Axis axis(const Question& q) {
    const auto saddle = q.model<FiniteSumSaddle>();
    const double l = q.method<Sgd>().learning_rate, batch = saddle.batch_size;
    const bool replaced = saddle.draws == 0;
    const double share =
        l * (replaced ? 1 / std::sqrt(batch) : deviation_without_replacement(1, batch, saddle.samples));
    return {l * saddle.a, share * saddle.sigma, share * saddle.tau, saddle.rho};
}

}  // namespace

Answers finite_sum_saddle_answers() {
    using enum Quantity;
    constexpr std::string_view sgd = Sgd::name;
    return {{sgd, growth, Of::sde, "l a - (l sigma)^2/2 of a batch's sigma", sde_growth(axis)},
            {sgd, growth, Of::gaussian_batch, "E log|1 + l(a + mean xi)|", recursion_growth(axis, gaussian)},
            {sgd, tail_index, Of::sde, "1 - 2a/(l sigma^2) of a batch's sigma", sde_tail(axis)},
            {sgd, tail_index, Of::gaussian_batch, "E|A|^kappa = 1 (Kesten 1973, Goldie 1991)",
             recursion_tail(axis, gaussian)},
            {sgd, small_step, Of::sde, "l a - (l sigma)^2/2 of a batch's sigma", sde_growth(axis), unlisted},
            {sgd, mean_square, Of::sde, "2 l a + (l sigma)^2 of a batch's sigma", sde_mean_square(axis),
             unlisted},
            {sgd, mean_square, Of::scheme, "log E A^2", mean_square_rate(euler_step<axis>), unlisted}};
}

}  // namespace noisetrap
