// Linear regression on one sample at a time.
#include "models/least_squares.hpp"

#include "analysis/answers/answers.hpp"
#include "analysis/growth/remedies.hpp"
#include "models/optimisers.hpp"

namespace noisetrap {
namespace {

LeastSquaresProblem problem(const Question& q) {
    const auto model = q.model<LeastSquares>();
    return {static_cast<int>(model.dimension), model.feature, 1};
}
double growth_of_distance(const Question& q) {
    return least_squares_growth(problem(q), q.method<Sgd>().learning_rate);
}
double tail_of_distance(const Question& q) {
    if (!(q.model<LeastSquares>().noise > 0)) return unknown;
    return least_squares_tail_index(problem(q), q.method<Sgd>().learning_rate);
}

}  // namespace

ModelAnswers least_squares_answers() {
    using enum Quantity;
    return {LeastSquares::name,
            {{Sgd::name, long_run_growth, Of::scheme, "E log R, R the factor of the distance",
              growth_of_distance},
             {Sgd::name, tail_index, Of::scheme, "E R^kappa = 1 (Kesten 1973)", tail_of_distance}}};
}

}  // namespace noisetrap
