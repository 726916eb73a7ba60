// What a unit of a network does with the sum of its inputs: for numbers, duals, and packs of numbers.
#pragma once

#include "engine/numbers/normal_law.hpp"

namespace noisetrap {

enum class UnitFunction : int { linear, tanh, relu, gelu, sigmoid };
inline constexpr const char* unit_function_names[] = {"linear", "tanh", "relu", "gelu", "sigmoid"};

template <class X>
NOISETRAP_HD X unit_value(UnitFunction function, const X& sum) {
    using Real = Base<X>;
    switch (function) {
        case UnitFunction::linear:
            return sum;
        case UnitFunction::tanh:
            return tanh(sum);
        case UnitFunction::relu:
            return select(value_of(sum) > static_cast<Real>(0), sum, X{});
        case UnitFunction::gelu:  // Hendrycks and Gimpel 2016
            return sum * normal_below(sum);
        case UnitFunction::sigmoid:
            break;
    }
    return static_cast<Real>(1) / (exp(-sum) + static_cast<Real>(1));
}

/// The slope where `value` is that of `sum`. That of relu jumps at 0, where it is taken from the left.
template <class X>
NOISETRAP_HD X unit_slope(UnitFunction function, const X& sum, const X& value) {
    using Real = Base<X>;
    const X one = X{} + static_cast<Real>(1);
    switch (function) {
        case UnitFunction::linear:
            return one;
        case UnitFunction::tanh:
            return one - value * value;
        case UnitFunction::relu:
            return select(value_of(sum) > static_cast<Real>(0), one, X{});
        case UnitFunction::gelu:
            return fma(sum, normal_density(sum), normal_below(sum));
        case UnitFunction::sigmoid:
            break;
    }
    return value * (one - value);
}

}  // namespace noisetrap
