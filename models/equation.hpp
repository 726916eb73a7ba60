// What the program writes for a model that is given as a formula is made of these. A value of the formula is a number,
// f(x/unit), or a length, unit f(x/unit). Where f vanishes at 0 its length is worked out without the unit, so that a
// path may fall to any size.
#pragma once

#include "engine/catalogue/params.hpp"
#include "engine/numbers/dual.hpp"
#include "engine/paths/process.hpp"
#include "models/families.hpp"

namespace noisetrap {

/// A value that depends on x, on noise alone or on nothing, as one of type X.
template <class X, class V>
NOISETRAP_HD X as(V value) {
    if constexpr (std::is_same_v<X, V>) {
        return value;
    } else {
        return X{} + value;
    }
}

/// x as a number.
template <class X, class Unit>
NOISETRAP_HD X in_units(X x, Unit unit) {
    return x * (static_cast<Unit>(1) / unit);
}

/// The length of the number 1, taken to the nearest end of a range in which 0 times it is 0.
NOISETRAP_HD double length_of_one(double unit) { return unit < 0x1p900 ? unit : 0x1p900; }
NOISETRAP_HD float length_of_one(float unit) { return unit < 0x1p100f ? unit : 0x1p100f; }
NOISETRAP_HD Zero length_of_one(Zero) { return {}; }

/// So small that u and u + O(u^3) are the same number, and f(u) and f(0) + u f'(0) are as near as f is known.
template <class X>
NOISETRAP_HD bool is_tiny(X number) {
    const auto size = abs(value_of(number));
    return size < (sizeof(size) == sizeof(float) ? 0x1p-12f : 0x1p-26f);
}

/// The length of f(a) for an odd f with f'(0) = 1, from the length and the number of a and the number f(a).
template <class X, class Unit>
NOISETRAP_HD X odd_length(X length, X number, X value, Unit unit) {
    return select(is_tiny(number), length, unit * value);
}

/// The length of f from its number, and near x = 0 from f(0) and f'(0).
template <class X, class Real>
NOISETRAP_HD X smooth_length(X x, X number, X value, Real at_zero, Real slope_at_zero, Real unit) {
    return select(is_tiny(number), fma(slope_at_zero, x, at_zero * unit), unit * value);
}

}  // namespace noisetrap
