// Elementary functions from +, -, *, fma, sqrt and integer operations alone (models also divide). IEEE 754
// fixes the result of each of these, so the bits are the same on every CPU and GPU, and loops over them
// vectorise. Compile with -ffp-contract=off (nvcc: --fmad=false): a fused operation stands here where it is
// written and nowhere else.
//
// The polynomials are minimax fits on the reduced interval; tests/engine/numbers/elementary_test.cpp states their
// errors.
#pragma once

#include <cstdint>

#include "engine/numbers/hd.hpp"
#include "engine/numbers/zero.hpp"

namespace noisetrap {

template <class To, class From>
NOISETRAP_HD constexpr To bits_of(From from) {
    return __builtin_bit_cast(To, from);
}

NOISETRAP_HD float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
NOISETRAP_HD double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
template <class A, class B>
NOISETRAP_HD auto fma(A a, B b, Zero) {
    return a * b;
}
template <class A, class C>
NOISETRAP_HD C fma(A, Zero, C c) {
    return c;
}
template <class B, class C>
NOISETRAP_HD C fma(Zero, B, C c) {
    return c;
}
template <class C>
NOISETRAP_HD C fma(Zero, Zero, C c) {
    return c;
}
template <class A>
NOISETRAP_HD Zero fma(A, Zero, Zero) {
    return {};
}
template <class B>
NOISETRAP_HD Zero fma(Zero, B, Zero) {
    return {};
}
NOISETRAP_HD Zero fma(Zero, Zero, Zero) { return {}; }

NOISETRAP_HD float sqrt(float x) { return __builtin_sqrtf(x); }
NOISETRAP_HD double sqrt(double x) { return __builtin_sqrt(x); }
NOISETRAP_HD float abs(float x) { return __builtin_fabsf(x); }
NOISETRAP_HD double abs(double x) { return __builtin_fabs(x); }

/// c[0] + c[1] t + ... + c[N-1] t^(N-1), by Horner's rule with fused operations.
template <class T, int N>
NOISETRAP_HD T polynomial(T t, const T (&c)[N]) {
    T sum = c[N - 1];
    NOISETRAP_UNROLL
    for (int i = N - 2; i >= 0; --i) sum = fma(sum, t, c[i]);
    return sum;
}

/// x = 2^exponent (1 + fraction) with 1 + fraction in [sqrt(1/2), sqrt 2); x positive, finite and normal.
template <class T>
struct Split {
    T exponent, fraction;
};

NOISETRAP_HD Split<float> split(float x) {
    const auto ix = bits_of<std::int32_t>(x);
    const std::int32_t e = (ix - 0x3f3504f3) >> 23;
    const auto mantissa =
        static_cast<std::int32_t>(static_cast<std::uint32_t>(ix) - (static_cast<std::uint32_t>(e) << 23));
    return {static_cast<float>(e), bits_of<float>(mantissa) - 1.0f};
}

NOISETRAP_HD Split<double> split(double x) {
    const auto ix = bits_of<std::int64_t>(x);
    const std::int64_t e = (ix - 0x3fe6a09e667f3bcdLL) >> 52;
    const auto mantissa =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(ix) - (static_cast<std::uint64_t>(e) << 52));
    // AVX2 cannot convert 64-bit integers; adding e to the bits of 1.5 * 2^52 does it on every machine.
    const double exponent = bits_of<double>(e + 0x4338000000000000LL) - 0x1.8p52;
    return {exponent, bits_of<double>(mantissa) - 1.0};
}

/// -2 ln x, the squared radius of Box and Muller; x positive, finite and normal.
NOISETRAP_HD float minus_two_log(float x) {
    constexpr float c[] = {-2.0f,          0x1.fffff8p-1f,  -0x1.5556fcp-1f, 0x1.000514p-1f, -0x1.98d11ap-2f,
                           0x1.534d96p-2f, -0x1.318864p-2f, 0x1.255856p-2f,  -0x1.665dccp-3f};
    const auto s = split(x);
    return fma(s.exponent, -0x1.62e430p+0f, polynomial(s.fraction, c) * s.fraction);
}

NOISETRAP_HD double minus_two_log(double x) {
    constexpr double c[] = {-2.0,
                            0x1.ffffffffffff8p-1,
                            -0x1.555555555518ap-1,
                            0x1.0000000000d3ep-1,
                            -0x1.9999999a35c4bp-2,
                            0x1.55555554ee779p-2,
                            -0x1.249248df5063ep-2,
                            0x1.ffffffa8e1c86p-3,
                            -0x1.c71c8f755310bp-3,
                            0x1.9999c6d768630p-3,
                            -0x1.7459a09527d13p-3,
                            0x1.554d6269f92b8p-3,
                            -0x1.3b4d3b515965ap-3,
                            0x1.254678899cd25p-3,
                            -0x1.0f2eaa0671809p-3,
                            0x1.eef5dd431ec41p-4,
                            -0x1.e9d3fb1f48727p-4,
                            0x1.160aed5ebcdccp-3,
                            -0x1.027653cc19881p-3,
                            0x1.cd5d8def5bfe1p-5};
    const auto s = split(x);
    return fma(s.exponent, -0x1.62e42fefa39efp+0, polynomial(s.fraction, c) * s.fraction);
}

/// ln x; x positive, finite and normal.
NOISETRAP_HD double log(double x) { return -0.5 * minus_two_log(x); }

/// e^x to 1 unit in the last place; x is taken to the nearest end of the range in which the result is normal.
/// x = n ln 2 + r with |r| <= ln(2)/2; n ln 2 in two parts, the first exact.
NOISETRAP_HD float exp(float x) {
    constexpr float c[] = {0.5f, 0x1.5554dcp-3f, 0x1.55551ap-5f, 0x1.120ba2p-7f, 0x1.6d113cp-10f};
    x = x > 88.0f ? 88.0f : x;
    x = x < -87.0f ? -87.0f : x;
    const float shifted = fma(x, 0x1.715476p+0f, 0x1.8p23f), n = shifted - 0x1.8p23f;
    const float r = fma(n, -0x1.7f7d1cp-20f, fma(n, -0x1.62e4p-1f, x));
    const auto power = bits_of<std::uint32_t>(shifted) << 23;
    const float mantissa = fma(polynomial(r, c), r * r, r) + 1.0f;
    return bits_of<float>(bits_of<std::uint32_t>(mantissa) + power);
}

NOISETRAP_HD double exp(double x) {
    constexpr double c[] = {0.5,
                            0x1.5555555555556p-3,
                            0x1.5555555553d4fp-5,
                            0x1.11111111109adp-7,
                            0x1.6c16c17893833p-10,
                            0x1.a01a01a7c8d47p-13,
                            0x1.a019b8ef67c6cp-16,
                            0x1.71de0d9c145d0p-19,
                            0x1.2891a8c1d838dp-22,
                            0x1.af38d53857513p-26};
    x = x > 709.0 ? 709.0 : x;
    x = x < -708.0 ? -708.0 : x;
    const double shifted = fma(x, 0x1.71547652b82fep+0, 0x1.8p52), n = shifted - 0x1.8p52;
    const double r = fma(n, -0x1.ef35793c76730p-45, fma(n, -0x1.62e42fefa3800p-1, x));
    const auto power = bits_of<std::uint64_t>(shifted) << 52;
    const double mantissa = fma(polynomial(r, c), r * r, r) + 1.0;
    return bits_of<double>(bits_of<std::uint64_t>(mantissa) + power);
}

/// e^x - 1, with its relative accuracy where x is small.
template <class T>
NOISETRAP_HD T exp_minus_one(T x) {
    const T far = exp(x) - static_cast<T>(1);
    constexpr T c[] = {static_cast<T>(1.0),
                       static_cast<T>(0.5),
                       static_cast<T>(0x1.5555555555555p-3),
                       static_cast<T>(0x1.5555555555555p-5),
                       static_cast<T>(0x1.1111111111111p-7),
                       static_cast<T>(0x1.6c16c16c16c17p-10),
                       static_cast<T>(0x1.a01a01a01a01ap-13),
                       static_cast<T>(0x1.a01a01a01a01ap-16),
                       static_cast<T>(0x1.71de3a556c734p-19)};
    const T near = x * polynomial(x, c);  // Taylor's series, to 1e-17 below 1/16
    return abs(x) < static_cast<T>(0.0625) ? near : far;
}

/// tanh x = sign(x) (1 - e^(-2|x|))/(1 + e^(-2|x|)), with its relative accuracy where x is small.
template <class T>
NOISETRAP_HD T tanh(T x) {
    const T decay = exp_minus_one(-2 * abs(x));
    const T size = -decay / (2 + decay);
    return x < 0 ? -size : size;
}

/// sin(pi v) and cos(pi v) for v in [-1/2, 1/2].
template <class T>
struct SineCosine {
    T sine, cosine;
};

NOISETRAP_HD SineCosine<float> sine_cosine_pi(float v) {
    constexpr float s[] = {0x1.921fb6p+1f, -0x1.4abbd8p+2f, 0x1.466b26p+1f, -0x1.328004p-1f, 0x1.407998p-4f};
    constexpr float c[] = {1.0f,           -0x1.3bd3ccp+2f, 0x1.03c1d8p+2f, -0x1.55ce5cp+0f,
                           0x1.e0dbdep-3f, -0x1.8c0b50p-6f};
    const float square = v * v;
    return {polynomial(square, s) * v, polynomial(square, c)};
}

NOISETRAP_HD SineCosine<double> sine_cosine_pi(double v) {
    constexpr double s[] = {0x1.921fb54442d18p+1,  -0x1.4abbce625be39p+2,  0x1.466bc67759fccp+1,
                            -0x1.32d2cce5e66ebp-1, 0x1.5078346ab756fp-4,   -0x1.e30741a6ba9a9p-8,
                            0x1.e8f023f73b686p-12, -0x1.6f0536efcca52p-16, 0x1.8f9e5a09925a1p-21};
    constexpr double c[] = {1.0,
                            -0x1.3bd3cc9be45dcp+2,
                            0x1.03c1f081b59a7p+2,
                            -0x1.55d3c7e3c0267p+0,
                            0x1.e1f506815e380p-3,
                            -0x1.a6d1efd029e40p-6,
                            0x1.f9d2561ec82e8p-10,
                            -0x1.b695b6509bf79p-14,
                            0x1.167c2b54a7725p-18};
    const double square = v * v;
    return {polynomial(square, s) * v, polynomial(square, c)};
}

/// x 2^exponent, with gradual underflow to 0 and overflow to infinity.
NOISETRAP_HD double scale_by_power_of_two(double x, std::int64_t exponent) {
    constexpr std::int64_t step = 1000;
    for (int i = 0; i < 2 && (exponent > step || exponent < -step); ++i) {
        const std::int64_t part = exponent > 0 ? step : -step;
        x *= bits_of<double>((part + 1023) << 52);
        exponent -= part;
    }
    if (exponent > step) exponent = step;
    if (exponent < -step) exponent = -step;
    return x * bits_of<double>((exponent + 1023) << 52);
}

// Functions of the C library have bits of their own on every machine: in a kernel they are refused. Host code that
// wants them says std::.
#define NOISETRAP_REFUSED(name) \
    float name(float) = delete; \
    double name(double) = delete;
NOISETRAP_REFUSED(asin)
NOISETRAP_REFUSED(acos)
NOISETRAP_REFUSED(exp2)
NOISETRAP_REFUSED(expm1)
NOISETRAP_REFUSED(log2)
NOISETRAP_REFUSED(log10)
NOISETRAP_REFUSED(log1p)
NOISETRAP_REFUSED(cbrt)
NOISETRAP_REFUSED(erf)
NOISETRAP_REFUSED(tgamma)
NOISETRAP_REFUSED(lgamma)
#undef NOISETRAP_REFUSED
float hypot(float, float) = delete;
double hypot(double, double) = delete;
float atan2(float, float) = delete;
double atan2(double, double) = delete;

}  // namespace noisetrap

#include "engine/numbers/functions.hpp"
