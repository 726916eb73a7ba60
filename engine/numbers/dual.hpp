// A number and its derivative by the start of the path (forward-mode differentiation; Wengert 1964). A
// process stepped with duals carries dx[n]/dx[0] along, the exact derivative of the map that is simulated.
#pragma once

#include "engine/numbers/elementary.hpp"

namespace noisetrap {

template <class Real>
struct Dual {
    Real value, slope;
};

/// The plain number beneath duals, and duals of duals.
template <class Real>
struct BaseOf {
    using type = Real;
};
template <class Real>
struct BaseOf<Dual<Real>> {
    using type = typename BaseOf<Real>::type;
};
template <class Real>
using Base = typename BaseOf<Real>::type;

/// The number without its derivatives.
NOISETRAP_HD float value_of(float x) { return x; }
NOISETRAP_HD double value_of(double x) { return x; }
template <class Real>
NOISETRAP_HD Base<Real> value_of(Dual<Real> x) {
    return value_of(x.value);
}

/// One of two numbers, without a branch.
NOISETRAP_HD float select(bool first, float x, float y) { return first ? x : y; }
NOISETRAP_HD double select(bool first, double x, double y) { return first ? x : y; }
template <class Real>
NOISETRAP_HD Dual<Real> select(bool first, Dual<Real> x, Dual<Real> y) {
    return {select(first, x.value, y.value), select(first, x.slope, y.slope)};
}

template <class Real>
NOISETRAP_HD Dual<Real> operator-(Dual<Real> x) {
    return {-x.value, -x.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> operator+(Dual<Real> x, Dual<Real> y) {
    return {x.value + y.value, x.slope + y.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> operator-(Dual<Real> x, Dual<Real> y) {
    return {x.value - y.value, x.slope - y.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> operator+(Dual<Real> x, Base<Real> c) {
    return {x.value + c, x.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> operator+(Base<Real> c, Dual<Real> x) {
    return {c + x.value, x.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> operator-(Dual<Real> x, Base<Real> c) {
    return {x.value - c, x.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> operator-(Base<Real> c, Dual<Real> x) {
    return {c - x.value, -x.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> operator*(Base<Real> c, Dual<Real> x) {
    return {c * x.value, c * x.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> operator*(Dual<Real> x, Base<Real> c) {
    return c * x;
}
template <class Real>
NOISETRAP_HD Dual<Real> operator*(Dual<Real> x, Dual<Real> y) {
    return {x.value * y.value, fma(x.value, y.slope, x.slope * y.value)};
}
template <class Real>
NOISETRAP_HD Dual<Real> operator/(Dual<Real> x, Dual<Real> y) {
    const Real ratio = x.value / y.value;
    return {ratio, fma(-ratio, y.slope, x.slope) / y.value};
}
template <class Real>
NOISETRAP_HD Dual<Real> operator/(Dual<Real> x, Base<Real> c) {
    return {x.value / c, x.slope / c};
}
template <class Real>
NOISETRAP_HD Dual<Real> operator/(Base<Real> c, Dual<Real> x) {
    const Real ratio = c / x.value;
    return {ratio, -ratio * x.slope / x.value};
}
template <class Real>
NOISETRAP_HD Dual<Real> sqrt(Dual<Real> x) {
    const Real root = sqrt(x.value);
    return {root, select(value_of(root) > 0, x.slope / (static_cast<Base<Real>>(2) * root), Real{})};
}
template <class Real>
NOISETRAP_HD Dual<Real> abs(Dual<Real> x) {
    return {abs(x.value), select(value_of(x.value) < 0, -x.slope, x.slope)};
}
template <class Real>
NOISETRAP_HD Dual<Real> tanh(Dual<Real> x) {
    const Real t = tanh(x.value);
    return {t, (static_cast<Base<Real>>(1) - t * t) * x.slope};
}

template <class Real>
NOISETRAP_HD Dual<Real> fma(Base<Real> a, Dual<Real> x, Dual<Real> y) {
    return {fma(a, x.value, y.value), fma(a, x.slope, y.slope)};
}
template <class Real>
NOISETRAP_HD Dual<Real> fma(Dual<Real> x, Base<Real> a, Dual<Real> y) {
    return fma(a, x, y);
}
template <class Real>
NOISETRAP_HD Dual<Real> fma(Base<Real> a, Dual<Real> x, Base<Real> c) {
    return {fma(a, x.value, c), a * x.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> fma(Base<Real> a, Base<Real> b, Dual<Real> y) {
    return {fma(a, b, y.value), y.slope};
}

template <class Real>
NOISETRAP_HD Dual<Real> fma(Dual<Real> x, Dual<Real> y, Dual<Real> z) {
    return {fma(x.value, y.value, z.value), fma(x.value, y.slope, fma(x.slope, y.value, z.slope))};
}
template <class Real>
NOISETRAP_HD Dual<Real> fma(Dual<Real> x, Base<Real> a, Base<Real> c) {
    return fma(a, x, c);
}
template <class Real>
NOISETRAP_HD Dual<Real> fma(Dual<Real> x, Dual<Real> y, Base<Real> c) {
    return {fma(x.value, y.value, c), fma(x.value, y.slope, x.slope * y.value)};
}

template <class Real>
NOISETRAP_HD Dual<Real> exp(Dual<Real> x) {
    const Real power = exp(x.value);
    return {power, power * x.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> logarithm(Dual<Real> x) {
    return {logarithm(x.value), x.slope / x.value};
}
template <class Real>
NOISETRAP_HD Dual<Real> sin(Dual<Real> x) {
    return {sin(x.value), cos(x.value) * x.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> cos(Dual<Real> x) {
    return {cos(x.value), -sin(x.value) * x.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> tan(Dual<Real> x) {
    const Real t = tan(x.value);
    return {t, (t * t + static_cast<Base<Real>>(1)) * x.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> atan(Dual<Real> x) {
    return {atan(x.value), x.slope / (x.value * x.value + static_cast<Base<Real>>(1))};
}
template <class Real>
NOISETRAP_HD Dual<Real> sinh(Dual<Real> x) {
    return {sinh(x.value), cosh(x.value) * x.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> cosh(Dual<Real> x) {
    return {cosh(x.value), sinh(x.value) * x.slope};
}
/// The slope p x^(p-1) x' holds at x = 0 too.
template <class Real>
NOISETRAP_HD Dual<Real> pow(Dual<Real> x, Base<Real> p) {
    return {pow(x.value, p), (p * pow(x.value, p - static_cast<Base<Real>>(1))) * x.slope};
}
template <class Real>
NOISETRAP_HD Dual<Real> pow(Dual<Real> x, Dual<Real> p) {
    return exp(p * logarithm(x));
}
template <class Real>
NOISETRAP_HD Dual<Real> pow(Base<Real> x, Dual<Real> p) {
    return exp(p * logarithm(x));
}

template <class Real>
NOISETRAP_HD Dual<Real> smaller_of(Dual<Real> x, Dual<Real> y) {
    return select(value_of(x) < value_of(y) || value_of(x) != value_of(x), x, y);
}
template <class Real>
NOISETRAP_HD Dual<Real> larger_of(Dual<Real> x, Dual<Real> y) {
    return select(value_of(x) > value_of(y) || value_of(x) != value_of(x), x, y);
}
template <class Real>
NOISETRAP_HD Dual<Real> smaller_of(Dual<Real> x, Base<Real> c) {
    return smaller_of(x, Dual<Real>{} + c);
}
template <class Real>
NOISETRAP_HD Dual<Real> smaller_of(Base<Real> c, Dual<Real> x) {
    return smaller_of(Dual<Real>{} + c, x);
}
template <class Real>
NOISETRAP_HD Dual<Real> larger_of(Dual<Real> x, Base<Real> c) {
    return larger_of(x, Dual<Real>{} + c);
}
template <class Real>
NOISETRAP_HD Dual<Real> larger_of(Base<Real> c, Dual<Real> x) {
    return larger_of(Dual<Real>{} + c, x);
}
template <class Real>
NOISETRAP_HD Dual<Real> sign_of(Dual<Real> x) {
    return {sign_of(x.value), Real{}};
}
template <class Real>
NOISETRAP_HD Dual<Real> step_of(Dual<Real> x) {
    return {step_of(x.value), Real{}};
}

}  // namespace noisetrap
