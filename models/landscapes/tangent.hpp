// A number and its slope along a direction: a Dual whose products and sums are rounded one by one. The library is compiled
// for processors of the oldest kind as well, on which a fused one is a call, and takes ten times as long.
#pragma once

#include "engine/numbers/dual.hpp"

namespace noisetrap {

struct Tangent {
    double value, slope;
};

template <>
struct BaseOf<Tangent> {
    using type = double;
};

inline double value_of(Tangent x) { return x.value; }
inline Tangent operator-(Tangent x) { return {-x.value, -x.slope}; }
inline Tangent operator+(Tangent x, Tangent y) { return {x.value + y.value, x.slope + y.slope}; }
inline Tangent operator-(Tangent x, Tangent y) { return {x.value - y.value, x.slope - y.slope}; }
inline Tangent operator+(Tangent x, double c) { return {x.value + c, x.slope}; }
inline Tangent operator+(double c, Tangent x) { return x + c; }
inline Tangent operator-(Tangent x, double c) { return {x.value - c, x.slope}; }
inline Tangent operator-(double c, Tangent x) { return {c - x.value, -x.slope}; }
inline Tangent operator*(double c, Tangent x) { return {c * x.value, c * x.slope}; }
inline Tangent operator*(Tangent x, double c) { return c * x; }
inline Tangent operator*(Tangent x, Tangent y) {
    return {x.value * y.value, x.value * y.slope + x.slope * y.value};
}
inline Tangent operator/(Tangent x, Tangent y) {
    const double ratio = x.value / y.value;
    return {ratio, (x.slope - ratio * y.slope) / y.value};
}
inline Tangent operator/(Tangent x, double c) { return {x.value / c, x.slope / c}; }
inline Tangent operator/(double c, Tangent x) { return Tangent{c, 0} / x; }
inline Tangent sqrt(Tangent x) {
    const double root = noisetrap::sqrt(x.value);
    return {root, x.slope / (2 * root)};
}
inline Tangent exp(Tangent x) {
    const double power = noisetrap::exp(x.value);
    return {power, power * x.slope};
}

}  // namespace noisetrap
