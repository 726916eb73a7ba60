// (u w x - y)^2 near its origin ("noise balance", Ziyin et al. 2023).
#include "models/two_layer_unit.hpp"

#include <cmath>

#include "analysis/answers/axis.hpp"
#include "analysis/growth/remedies.hpp"
#include "models/optimisers.hpp"

namespace noisetrap {
namespace {

/// The faster of u + w and u - w, which are multiplied by 1 +- 2 l x y: E xy = signal, Var xy = 2 signal^2 +
/// noise^2. Its SDE is trapped iff l >= E[xy]/Var[xy].
Axis axis_of(const Question& q) {
    const auto unit = q.model<TwoLayerUnit>();
    const double l = q.method<Sgd>().learning_rate;
    return {2 * l * std::abs(unit.signal),
            2 * l * std::sqrt(2 * (unit.signal * unit.signal) + unit.noise * unit.noise)};
}
double exact_growth(const Question& q) {
    const auto unit = q.model<TwoLayerUnit>();
    return two_layer_growth({unit.signal, unit.noise}, q.method<Sgd>().learning_rate, 1,
                            unit.signal < 0 ? -1 : 1);
}

}  // namespace

ModelAnswers two_layer_unit_answers() {
    using enum Quantity;
    return {TwoLayerUnit::name,
            {{Sgd::name, long_run_growth, Of::scheme, "the larger E log|1 +- 2 l x y|, near the origin",
              exact_growth},
             {Sgd::name, long_run_growth, Of::sde, "2 l E xy - 2 l^2 Var xy, near the origin",
              on(axis_of, sde_growth)}}};
}

}  // namespace noisetrap
