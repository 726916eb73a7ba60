// The normal law: its density, and the odds below a number, for numbers and duals. Made as the functions of elementary.hpp
// are.
#pragma once

#include "engine/numbers/dual.hpp"

namespace noisetrap {

/// The odds that a standard normal number lies below x, erfc(-x/sqrt 2)/2. With z = |x|/sqrt 2 and t = 2/(2 + z) that of
/// the nearer tail is t e^(P(t) - z^2)/2, P a series of Chebyshev polynomials (after Press et al., "Numerical Recipes",
/// section 6.2), by Clenshaw's rule.
NOISETRAP_HD double normal_below(double x) {
    constexpr double c[] = {
        -0x1.4d7ab6d479a61p+0,  0x1.48b043be61cf8p-1,   0x1.3f1a3fdd047b2p-6,   -0x1.394fcca79fc6cp-7,
        -0x1.f049e06073f95p-11, 0x1.80a8ba56aa79fp-12,  0x1.64b62509d78e2p-15,  -0x1.5437d46df3674p-16,
        -0x1.b4045bf3ab82ep-20, 0x1.5df28bff56fe4p-20,  0x1.0c75d14776c3ep-26,  -0x1.6e18471000f52p-24,
        0x1.c0ac572395fb0p-28,  0x1.5bace97b36ccfp-28,  -0x1.10810cfbab426p-30, -0x1.f3fb2f5c75c6cp-33,
        0x1.a8453647a8215p-34,  0x1.50ee4fe907594p-39,  -0x1.e48fa4ddcffcfp-38, 0x1.f78d4bbe8305dp-41,
        0x1.6082aa4eb3ddfp-42,  -0x1.fb97bc18977ccp-44, 0x1.b75e11fe90ba6p-52,  0x1.00062e98e5a55p-47,
        -0x1.b6fba552f88ccp-50, -0x1.b4266370b4162p-54, 0x1.170fcb52ea588p-53,  -0x1.03ca93a8dfd09p-55,
        0x1.d885407e7890bp-65};
    const double z = abs(x) * 0x1.6a09e667f3bcdp-1, t = 2 / (2 + z), place = fma(4.0, t, -2.0);
    double sum = 0, before = 0;
    NOISETRAP_UNROLL
    for (int i = 28; i > 0; --i) {
        const double next = fma(place, sum, c[i] - before);
        before = sum, sum = next;
    }
    const double tail = 0.5 * t * exp(fma(-z, z, fma(0.5, fma(place, sum, c[0]), -before)));
    return x < 0 ? tail : 1 - tail;
}
NOISETRAP_HD float normal_below(float x) { return static_cast<float>(normal_below(static_cast<double>(x))); }

template <class X>
NOISETRAP_HD X normal_density(const X& x) {
    const auto peak = static_cast<Base<X>>(0x1.9884533d43651p-2);  // 1/sqrt(2 pi)
    return peak * exp(static_cast<Base<X>>(-0.5) * (x * x));
}
template <class Real>
NOISETRAP_HD Dual<Real> normal_below(Dual<Real> x) {
    return {normal_below(x.value), normal_density(x.value) * x.slope};
}

}  // namespace noisetrap
