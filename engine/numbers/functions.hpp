// More elementary functions, for arguments of any size: sines, arc tangent, hyperbolic functions, logarithm, powers.
// They are made as those of elementary.hpp are, and included there. In float they are the rounded values of the double
// ones, right to 0.5000001 units in the last place.
#pragma once

#include <cstdint>

#include "engine/numbers/hd.hpp"

namespace noisetrap {

/// x = quarter pi/2 + rest with |rest| <= pi/4. The first of three parts of pi/2 leaves an exact remainder, since both
/// numbers are multiples of 2^-52. Beyond 2^50 neighbouring numbers are further apart than the period: x is taken to
/// the nearest end.
struct QuarterTurns {
    double rest;
    std::int64_t quarter;
};

NOISETRAP_HD QuarterTurns quarter_turns(double x) {
    x = x > 0x1p50 ? 0x1p50 : x;
    x = x < -0x1p50 ? -0x1p50 : x;
    const double shifted = fma(x, 0x1.45f306dc9c883p-1, 0x1.8p52), n = shifted - 0x1.8p52;
    const double first = fma(n, -0x1.921fb54442d18p+0, x);
    const double rest = fma(n, 0x1.f1976b7ed8fbcp-110, fma(n, -0x1.1a62633145c07p-54, first));
    return {rest, bits_of<std::int64_t>(shifted)};
}

/// Of |r| <= pi/4.
NOISETRAP_HD double sine_of_rest(double r) {
    constexpr double c[] = {-0x1.5555555555555p-3, 0x1.1111111111110p-7,   -0x1.a01a01a019936p-13,
                            0x1.71de3a54605eep-19, -0x1.ae64541266378p-26, 0x1.61217ec01749dp-33,
                            -0x1.ab17a79237a19p-41};
    const double square = r * r;
    return fma(polynomial(square, c) * square, r, r);
}
NOISETRAP_HD double cosine_of_rest(double r) {
    constexpr double c[] = {0x1.5555555555555p-5,   -0x1.6c16c16c16966p-10, 0x1.a01a019f4e867p-16,
                            -0x1.27e4fa17a41b4p-22, 0x1.1eeb68b109173p-29,  -0x1.907d7aebd5e3dp-37};
    const double square = r * r;
    return fma(polynomial(square, c) * square, square, fma(-0.5, square, 1.0));
}

NOISETRAP_HD double sin(double x) {
    const auto turns = quarter_turns(x);
    const double sine = sine_of_rest(turns.rest), cosine = cosine_of_rest(turns.rest);
    const double value = (turns.quarter & 1) != 0 ? cosine : sine;
    return (turns.quarter & 2) != 0 ? -value : value;
}
NOISETRAP_HD double cos(double x) {
    const auto turns = quarter_turns(x);
    const double sine = sine_of_rest(turns.rest), cosine = cosine_of_rest(turns.rest);
    const double value = (turns.quarter & 1) != 0 ? sine : cosine;
    return ((turns.quarter + 1) & 2) != 0 ? -value : value;
}
NOISETRAP_HD double tan(double x) {
    const auto turns = quarter_turns(x);
    const double sine = sine_of_rest(turns.rest), cosine = cosine_of_rest(turns.rest);
    return (turns.quarter & 1) != 0 ? -cosine / sine : sine / cosine;
}

/// Brought below tan(pi/8) by atan x = pi/4 + atan((x - 1)/(x + 1)) and atan x = pi/2 - atan(1/x).
NOISETRAP_HD double atan(double x) {
    constexpr double c[] = {-0x1.5555555555555p-2, 0x1.9999999999349p-3,  -0x1.2492492435f94p-3,
                            0x1.c71c718525179p-4,  -0x1.745d0b24c84b9p-4, 0x1.3b1262ac559fcp-4,
                            -0x1.10fa72be60a88p-4, 0x1.dfe5f37f19c8bp-5,  -0x1.a097da67e4438p-5,
                            0x1.415dac51cd10bp-5,  -0x1.3a254249c2220p-6};
    constexpr double eighth = 0x1.a827999fcef32p-2, past = 0x1.3504f333f9de6p+1;  // tan(pi/8) and its inverse
    const double size = abs(x);
    const bool small = size<eighth, large = size> past;
    const double above = small   ? size
                         : large ? -1.0
                                 : size - 1,
                 below = small   ? 1.0
                         : large ? size
                                 : size + 1;
    const double u = above / below, square = u * u;
    const double base = small ? 0.0 : large ? 0x1.921fb54442d18p+0 : 0x1.921fb54442d18p-1;
    const double low = small ? 0.0 : large ? 0x1.1a62633145c07p-54 : 0x1.1a62633145c07p-55;
    const double angle = base + (fma(polynomial(square, c) * square, u, u) + low);
    return x < 0 ? -angle : angle;
}

/// (e^x - e^-x)/2, by Taylor's series where |x| < 1.
NOISETRAP_HD double sinh(double x) {
    constexpr double c[] = {1.0 / 6,
                            1.0 / 120,
                            1.0 / 5040,
                            1.0 / 362880,
                            1.0 / 39916800,
                            1.0 / 6227020800,
                            1.0 / 1307674368000.,
                            1.0 / 355687428096000.,
                            1.0 / 121645100408832000.};
    const double square = x * x, size = exp(abs(x)), far = 0.5 * size - 0.5 / size;
    const double near = fma(polynomial(square, c) * square, x, x);
    return abs(x) < 1 ? near : x < 0 ? -far : far;
}
NOISETRAP_HD double cosh(double x) {
    const double size = exp(abs(x));
    return 0.5 * size + 0.5 / size;
}

/// ln x of any x: -infinity of 0, not a number of negative ones.
NOISETRAP_HD double logarithm(double x) {
    const bool tiny = x < 0x1p-1022;
    const double value = log(tiny ? x * 0x1p54 : x) - (tiny ? 0x1.2b708872320e2p+5 : 0.0);  // 54 ln 2
    const double of_end = x == 0 ? -__builtin_inf() : x > 0 ? x : __builtin_nan("");
    return x > 0 && x < __builtin_inf() ? value : of_end;
}

/// x^p as e^(p ln |x|), to 2 + 2 |p ln x| units in the last place; of a negative x for whole p alone. It ends where exp
/// ends. Choices are made one after the other between numbers that are there: so GCC does it for several lanes at once.
NOISETRAP_HD double pow(double x, double p) {
    const double shifted = p + 0x1.8p52;
    const bool whole = shifted - 0x1.8p52 == p;
    const double of_odd = 1 - 2 * static_cast<double>(bits_of<std::int64_t>(shifted) & 1);
    const double sign = whole ? of_odd : __builtin_nan("");
    const double of_zero = p > 0 ? 0.0 : __builtin_inf();
    const double size = exp(p * logarithm(abs(x)));
    const double turned = sign * size;
    const double of_any = x < 0 ? turned : size;
    const double power = x == 0 ? of_zero : of_any;
    return p == 0 ? 1.0 : power;
}

NOISETRAP_HD float sin(float x) { return static_cast<float>(sin(static_cast<double>(x))); }
NOISETRAP_HD float cos(float x) { return static_cast<float>(cos(static_cast<double>(x))); }
NOISETRAP_HD float tan(float x) { return static_cast<float>(tan(static_cast<double>(x))); }
NOISETRAP_HD float atan(float x) { return static_cast<float>(atan(static_cast<double>(x))); }
NOISETRAP_HD float sinh(float x) { return static_cast<float>(sinh(static_cast<double>(x))); }
NOISETRAP_HD float cosh(float x) { return static_cast<float>(cosh(static_cast<double>(x))); }
NOISETRAP_HD float logarithm(float x) { return static_cast<float>(logarithm(static_cast<double>(x))); }
NOISETRAP_HD float pow(float x, float p) {
    return static_cast<float>(pow(static_cast<double>(x), static_cast<double>(p)));
}

/// x^n as products: x (x x) is x^3.
template <int n, class X>
NOISETRAP_HD X whole_power(X x) {
    static_assert(n >= 1);
    if constexpr (n == 1) {
        return x;
    } else if constexpr (n % 2 == 0) {
        const X root = whole_power<n / 2>(x);
        return root * root;
    } else {
        return x * whole_power<n - 1>(x);
    }
}

/// The smaller and the larger of two numbers; not a number where one is none.
template <class Real>
NOISETRAP_HD Real smaller_of(Real x, Real y) {
    return x < y || x != x ? x : y;
}
template <class Real>
NOISETRAP_HD Real larger_of(Real x, Real y) {
    return x > y || x != x ? x : y;
}
/// -1, 0 or 1.
template <class Real>
NOISETRAP_HD Real sign_of(Real x) {
    return x > 0 ? Real(1) : x < 0 ? Real(-1) : x;
}
/// 1 where x > 0, else 0.
template <class Real>
NOISETRAP_HD Real step_of(Real x) {
    return x > 0 ? Real(1) : x <= 0 ? Real(0) : x;
}

}  // namespace noisetrap
