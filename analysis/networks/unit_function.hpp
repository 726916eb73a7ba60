// What a unit of a network does with the sum of its inputs, and its derivatives.
#pragma once

#include <array>
#include <cmath>
#include <numbers>

#include "engine/numbers/dual.hpp"

namespace noisetrap {

enum class UnitFunction : int { linear, tanh, relu, gelu, sigmoid };
inline constexpr const char* unit_function_names[] = {"linear", "tanh", "relu", "gelu", "sigmoid"};

/// The function and its first two derivatives at x. Those of relu jump at 0, where they are taken from the left.
inline std::array<double, 3> unit_derivatives(UnitFunction function, double x) {
    switch (function) {
        case UnitFunction::linear:
            return {x, 1, 0};
        case UnitFunction::tanh: {
            const double t = std::tanh(x), slope = 1 - t * t;
            return {t, slope, -2 * t * slope};
        }
        case UnitFunction::relu:
            return {x <= 0 ? 0 : x, x <= 0 ? 0.0 : 1.0, 0};
        case UnitFunction::gelu: {  // x times the normal distribution function (Hendrycks and Gimpel 2016)
            const double below = std::erfc(-x / std::numbers::sqrt2) / 2;
            const double density = std::exp(-x * x / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
            return {x * below, below + x * density, (2 - x * x) * density};
        }
        case UnitFunction::sigmoid: {
            const double s = 1 / (1 + std::exp(-x)), slope = s * (1 - s);
            return {s, slope, slope * (1 - 2 * s)};
        }
    }
    return {};
}

template <int order>
double unit_function(UnitFunction function, double x) {
    static_assert(order >= 0 && order <= 2);
    return unit_derivatives(function, x)[order];
}

/// The function and its derivative, each of the kind that x is: a backward pass needs both.
template <class X>
struct UnitValue {
    X value, slope;
};
inline UnitValue<double> unit_value(UnitFunction function, double x) {
    const auto f = unit_derivatives(function, x);
    return {f[0], f[1]};
}
inline UnitValue<Dual<double>> unit_value(UnitFunction function, Dual<double> x) {
    const auto f = unit_derivatives(function, x.value);
    return {{f[0], f[1] * x.slope}, {f[1], f[2] * x.slope}};
}

}  // namespace noisetrap
