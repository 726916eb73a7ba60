// A saddle whose two sides differ.
#include "models/two_sided_saddle.hpp"

#include "analysis/answers/answers.hpp"
#include "analysis/growth/remedies.hpp"
#include "models/optimisers.hpp"

namespace noisetrap {

/// The smaller the steps, the later a path changes sides: there is no SDE of both.
static double growth_over_sides(const Question& q) {
    const auto saddle = q.model<TwoSidedSaddle>();
    if (saddle.xi_law != Law::gaussian) return unknown;
    const double l = q.method<Sgd>().learning_rate;
    return two_sided_growth({l * saddle.a_plus, l * saddle.sigma_plus},
                            {l * saddle.a_minus, l * saddle.sigma_minus});
}

ModelAnswers two_sided_saddle_answers() {
    return {TwoSidedSaddle::name,
            {{Sgd::name, Quantity::long_run_growth, Of::scheme,
              "E log|A| over the stationary law of the sides", growth_over_sides}}};
}

}  // namespace noisetrap
