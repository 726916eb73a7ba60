// Two curvatures at random (Ziyin et al. 2022).
#include "models/random_curvature.hpp"

#include "analysis/answers/axis.hpp"
#include "analysis/answers/models.hpp"
#include "analysis/growth/remedies.hpp"
#include "models/optimisers.hpp"

namespace noisetrap {
namespace {

/// Curvatures -1 and 1 + q of equal odds.
Axis axis(const Question& q) {
    const double l = q.method<Sgd>().learning_rate, curvature = q.model<RandomCurvature>().q;
    return {l * curvature / 2, l * (1 + curvature / 2)};
}
double exact_growth(const Question& q) {
    return two_curvature_growth(q.model<RandomCurvature>().q, q.method<Sgd>().learning_rate);
}

}  // namespace

Answers random_curvature_answers() {
    using enum Quantity;
    constexpr std::string_view sgd = Sgd::name;
    return {{sgd, growth, Of::scheme, "log|(1 - l)(1 + l(1 + q))|/2 (Ziyin et al. 2022)", exact_growth},
            {sgd, growth, Of::sde, "l q/2 - (l(1 + q/2))^2/2", sde_growth(axis)},
            {sgd, small_step, Of::sde, "l q/2 - (l(1 + q/2))^2/2", sde_growth(axis), unlisted},
            {sgd, mean_square, Of::sde, "l q + (l(1 + q/2))^2", sde_mean_square(axis), unlisted},
            {sgd, mean_square, Of::scheme, "log E A^2", mean_square_rate(euler_step<axis>), unlisted}};
}

}  // namespace noisetrap
