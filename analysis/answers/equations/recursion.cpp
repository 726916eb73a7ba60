// Recursions of one variable, whose noise is linear in the formula.
#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <vector>

#include "analysis/answers/equations/functions.hpp"
#include "analysis/answers/equations/rows.hpp"

namespace noisetrap::equations {

double map_at(const FormulaFunctions& functions, double x) {
    return functions.next(x, std::vector<double>(functions.laws.size(), 0)).value;
}

LinearMap linear_map(const FormulaFunctions& functions, double x) {
    const std::vector<double> none(functions.laws.size(), 0);
    const auto mean = functions.next(x, none);
    LinearMap map{{mean.slope, {}}};
    double both = 0;
    std::optional<NoiseLaw> law;
    for (std::size_t i = 0; i < none.size(); ++i) {
        auto noises = none;
        noises[i] = 1;
        const auto moved = functions.next(x, noises);
        const double deviation = functions.deviations[i], slope = (moved.slope - mean.slope) * deviation,
                     push = (moved.value - mean.value) * deviation;
        map.factor.noises.push_back({functions.laws[i], slope});
        map.tau = std::hypot(map.tau, push);
        both += slope * push;
        if (slope == 0 && push == 0) continue;
        map.one_law = map.one_law && (!law || *law == functions.laws[i]);
        law = functions.laws[i];
    }
    if (both != 0) map.rho = std::clamp(both / (map.factor.deviation() * map.tau), -1.0, 1.0);
    return map;
}

namespace {

LinearMap map_at_zero(const Question& q) {
    if (!q.run.entry->formula->linear_in_noise)
        throw std::domain_error("the mean is that without noise where noise is linear alone");
    return linear_map(functions_of(q), 0);
}

Axis axis_of_map(const Question& q) {
    const auto map = map_at_zero(q);
    return {map.factor.mean - 1, map.factor.deviation(), map.tau, map.rho};
}

double map_growth(const Question& q) { return mean_log_abs(map_at_zero(q).factor); }
double map_tail(const Question& q) {
    const auto map = map_at_zero(q);
    return map.tau > 0 ? tail_index(map.factor) : unknown;
}

}  // namespace

Answers linear_map_rows() {
    using enum Quantity;
    constexpr auto any = every_method;
    const AxisOf axis = axis_of_map;
    Answers rows = {{any, growth, Of::scheme, "E log|A|; trapped where it is negative", map_growth},
                    {any, growth, Of::sde, "a - sigma^2/2 of A - 1", on(axis, sde_growth)},
                    {any, tail_index, Of::scheme, "E|A|^kappa = 1 (Kesten 1973, Goldie 1991)", map_tail},
                    {any, tail_index, Of::sde, "1 - 2a/sigma^2 of A - 1", on(axis, sde_tail)}};
    append(rows, stationary_answers(any, axis));
    append(rows, moment_answers(any, axis, Of::scheme));
    append(rows, moment_answers(any, axis, Of::sde, unlisted));
    append(rows, log_size_answers(any, axis));
    append(rows, factor_answers(any, axis));
    return rows;
}

Answers affine_map_rows() {
    using enum Quantity;
    return {{every_method, growth, Of::scheme, "E log|A|; trapped where it is negative", map_growth},
            {every_method, growth, Of::sde, "a - sigma^2/2 of A - 1", on(axis_of_map, sde_growth)}};
}

Answers map_rows() {
    using enum Quantity;
    const auto at_zero = [](const Question& q) {
        return map_at(functions_of(q), 0) == 0 && axis_of_map(q).tau == 0 ? map_growth(q) : unknown;
    };
    return {{every_method, growth_at_origin, Of::scheme, "E log|A|, linearised at x = 0", at_zero},
            {every_method, growth, Of::at_origin, "E log|A|, linearised at x = 0", at_zero, unlisted}};
}

Answers heavy_map_rows() {
    using enum Quantity;
    return {{every_method, growth, Of::scheme, "E log|A|; trapped where it is negative", map_growth},
            {every_method, tail_index, Of::scheme, "E|A|^kappa = 1 (Kesten 1973, Goldie 1991)", map_tail}};
}

}  // namespace noisetrap::equations
