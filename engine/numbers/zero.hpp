// A number known at compile time to be zero: terms multiplied by it cost nothing.
#pragma once

#include "engine/numbers/hd.hpp"

namespace noisetrap {

struct Zero {};

template <class T>
NOISETRAP_HD constexpr Zero operator*(T, Zero) {
    return {};
}
template <class T>
NOISETRAP_HD constexpr Zero operator*(Zero, T) {
    return {};
}
NOISETRAP_HD constexpr Zero operator*(Zero, Zero) { return {}; }
template <class T>
NOISETRAP_HD constexpr T operator+(T x, Zero) {
    return x;
}
template <class T>
NOISETRAP_HD constexpr T operator+(Zero, T x) {
    return x;
}
NOISETRAP_HD constexpr Zero operator+(Zero, Zero) { return {}; }
template <class T>
NOISETRAP_HD constexpr T operator-(T x, Zero) {
    return x;
}
NOISETRAP_HD constexpr Zero operator-(Zero) { return {}; }
NOISETRAP_HD constexpr Zero operator-(Zero, Zero) { return {}; }

}  // namespace noisetrap
