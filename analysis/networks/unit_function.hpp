// What a unit of a network does with the sum of its inputs, and its derivatives.
#pragma once

#include <cmath>
#include <numbers>

#include "engine/numbers/dual.hpp"

namespace noisetrap {

enum class UnitFunction : int { linear, tanh, relu, gelu, sigmoid };
inline constexpr const char* unit_function_names[] = {"linear", "tanh", "relu", "gelu", "sigmoid"};

/// The derivative of order 0, 1 or 2 at x. That of relu jumps at 0, where it is taken from the left.
template <int order>
double unit_function(UnitFunction function, double x) {
    static_assert(order >= 0 && order <= 2);
    switch (function) {
        case UnitFunction::linear:
            return order == 0 ? x : order == 1 ? 1 : 0;
        case UnitFunction::tanh: {
            const double t = std::tanh(x), slope = 1 - t * t;
            return order == 0 ? t : order == 1 ? slope : -2 * t * slope;
        }
        case UnitFunction::relu:
            return order == 2 || x <= 0 ? 0 : order == 0 ? x : 1;
        case UnitFunction::gelu: {  // x times the normal distribution function (Hendrycks and Gimpel 2016)
            const double below = std::erfc(-x / std::numbers::sqrt2) / 2;
            const double density = std::exp(-x * x / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
            return order == 0 ? x * below : order == 1 ? below + x * density : (2 - x * x) * density;
        }
        case UnitFunction::sigmoid: {
            const double s = 1 / (1 + std::exp(-x)), slope = s * (1 - s);
            return order == 0 ? s : order == 1 ? slope : slope * (1 - 2 * s);
        }
    }
    return 0;
}

template <int order>
Dual<double> unit_function(UnitFunction function, Dual<double> x) {
    return {unit_function<order>(function, x.value), unit_function<order + 1>(function, x.value) * x.slope};
}

}  // namespace noisetrap
