// Two curvatures at random (Ziyin et al. 2022).
#include "models/random_curvature.hpp"

#include "analysis/answers/axis.hpp"
#include "analysis/growth/remedies.hpp"
#include "models/optimisers.hpp"

namespace noisetrap {
namespace {

/// Curvatures -1 and 1 + q of equal odds.
Axis axis_of(const Question& q) {
    const double l = q.method<Sgd>().learning_rate, curvature = q.model<RandomCurvature>().q;
    return {l * curvature / 2, l * (1 + curvature / 2)};
}
double exact_growth(const Question& q) {
    return two_curvature_growth(q.model<RandomCurvature>().q, q.method<Sgd>().learning_rate);
}

}  // namespace

ModelAnswers random_curvature_answers() {
    constexpr std::string_view sgd = Sgd::name;
    Answers rows = {
        {sgd, Quantity::growth, Of::scheme, "log|(1 - l)(1 + l(1 + q))|/2 (Ziyin et al. 2022)", exact_growth},
        {sgd, Quantity::growth, Of::sde, "l q/2 - (l(1 + q/2))^2/2", on(axis_of, sde_growth)}};
    append(rows, factor_answers(sgd, axis_of));
    return {RandomCurvature::name, rows};
}

}  // namespace noisetrap
