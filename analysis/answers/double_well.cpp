// A well on either side of a noisy saddle: near 0 it is that saddle.
#include "models/double_well.hpp"

#include "analysis/answers/axis.hpp"
#include "models/optimisers.hpp"

namespace noisetrap {
namespace {

Axis axis_of(const Question& q) {
    const auto well = q.model<DoubleWell>();
    const double l = q.method<Sgd>().learning_rate;
    return {l * well.a, l * well.sigma};
}
double growth_near_zero(const Axis& axis, const Question& q) {
    const auto well = q.model<DoubleWell>();
    return step_growth_of({well.xi_law}, axis);
}

}  // namespace

ModelAnswers double_well_answers() {
    return {DoubleWell::name,
            {{Sgd::name, Quantity::growth_at_origin, Of::scheme, "E log|1 + l (a + xi)|, linearised at x = 0",
              on(axis_of, growth_near_zero)}}};
}

}  // namespace noisetrap
