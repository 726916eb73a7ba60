// Minibatches of finitely many samples of the noisy saddle.
#include "models/finite_sum_saddle.hpp"

#include <cmath>

#include "analysis/answers/axis.hpp"
#include "analysis/growth/remedies.hpp"
#include "models/optimisers.hpp"

namespace noisetrap {
namespace {

/// The axis of the mean over a batch, whose variance is exact for any samples.
Axis axis_of(const Question& q) {
    const auto saddle = q.model<FiniteSumSaddle>();
    const double l = q.method<Sgd>().learning_rate, batch = saddle.batch_size;
    const bool replaced = saddle.draws == 0;
    const double share =
        l * (replaced ? 1 / std::sqrt(batch) : deviation_without_replacement(1, batch, saddle.samples));
    return {l * saddle.a, share * saddle.sigma, share * saddle.tau, saddle.rho};
}
double gaussian_growth(const Axis& axis, const Question&) { return step_growth_of(Law::gaussian, axis); }
double gaussian_tail(const Axis& axis, const Question&) { return step_tail_of(Law::gaussian, axis); }

}  // namespace

ModelAnswers finite_sum_saddle_answers() {
    using enum Quantity;
    constexpr std::string_view sgd = Sgd::name;
    Answers rows = {
        {sgd, growth, Of::sde, "l a - (l sigma)^2/2 of a batch's sigma", on(axis_of, sde_growth)},
        {sgd, growth, Of::gaussian_batch, "E log|1 + l(a + mean xi)|", on(axis_of, gaussian_growth)},
        {sgd, tail_index, Of::sde, "1 - 2a/(l sigma^2) of a batch's sigma", on(axis_of, sde_tail)},
        {sgd, tail_index, Of::gaussian_batch, "E|A|^kappa = 1 (Kesten 1973, Goldie 1991)",
         on(axis_of, gaussian_tail)}};
    append(rows, factor_answers(sgd, axis_of));
    return {FiniteSumSaddle::name, rows};
}

}  // namespace noisetrap
