// Schemes for Ito equations whose steps are one normal for each noise.
// Kloeden and Platen, "Numerical solution of stochastic differential equations" (1992), chapters 9 to 11.
#pragma once

#include "sde/scheme.hpp"

namespace noisetrap {

/// x + F(x) + G(x) z
struct EulerMaruyama : SchemeNoise<Takes::any> {
    static constexpr const char* name = "euler-maruyama";
    static constexpr Calculus calculus = Calculus::ito;
    static constexpr double strong_order = 0.5, order_of_several = 0.5, weak_order = 1;
    static constexpr int drifts = 1, amplitudes = 1;
    static constexpr bool for_systems = true;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        return sde.diffused(sde.drifted(x, unit), x, unit, noise);
    }
};

/// K + G(K) z, K = x + F(x): what StochasticDiffEq.jl calls EM().
struct SplitEuler : SchemeNoise<Takes::any> {
    static constexpr const char* name = "split-euler";
    static constexpr Calculus calculus = Calculus::ito;
    static constexpr double strong_order = 0.5, order_of_several = 0.5, weak_order = 1;
    static constexpr int drifts = 1, amplitudes = 1;
    static constexpr bool for_systems = true;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        const X drifted = sde.drifted(x, unit);
        return sde.diffused(drifted, drifted, unit, noise);
    }
};

/// Euler-Maruyama + b b' (z^2 - 1) / 2, b the amplitude of a single noise. With two independent noises of
/// which one multiplies x, the noises do not commute and the scheme would need Levy areas: it is not offered
/// there.
struct Milstein : SchemeNoise<Takes::one> {
    static constexpr const char* name = "milstein";
    static constexpr Calculus calculus = Calculus::ito;
    static constexpr double strong_order = 1, order_of_several = 0, weak_order = 1;
    static constexpr int drifts = 1, amplitudes = 1;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        using Real = typename Step::Number;
        const Real z = noise.template get<0>();
        const Dual<X> b = sde.amplitude(Dual<X>{x, one(x)}, unit);  // and its slope b'
        return sde.diffused(sde.drifted(x, unit), x, unit, noise) +
               ((static_cast<Real>(0.5) * b.slope) * b.value) * fma(z, z, static_cast<Real>(-1));
    }

  private:
    template <class Real>
    static NOISETRAP_HD Real one(Real) {
        return 1;
    }
    template <class Real>
    static NOISETRAP_HD Dual<Real> one(Dual<Real> x) {
        return {one(x.value), Real{}};
    }
};

/// Milstein's, with the difference G(x + F + G) - G(x) instead of G G' (Kloeden and Platen 1992, eq. 11.1.3).
struct RkMilstein : SchemeNoise<Takes::one> {
    static constexpr const char* name = "rk-milstein";
    static constexpr Calculus calculus = Calculus::ito;
    static constexpr double strong_order = 1, order_of_several = 0, weak_order = 1;
    static constexpr int drifts = 1, amplitudes = 2;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        using Real = typename Step::Number;
        const Real z = noise.template get<0>();
        const X drifted = sde.drifted(x, unit), b = sde.amplitude(x, unit);
        const X change = sde.amplitude(drifted + b, unit) - b;
        return sde.diffused(drifted, x, unit, noise) +
               (static_cast<Real>(0.5) * fma(z, z, static_cast<Real>(-1))) * change;
    }
};

/// x + F/(1 + |F|) + G z, where F grows faster than x: no step of the drift is longer than the unit of length
/// (Hutzenthaler, Jentzen and Kloeden 2012).
struct Tamed : SchemeNoise<Takes::any> {
    static constexpr const char* name = "tamed";
    static constexpr Calculus calculus = Calculus::ito;
    static constexpr double strong_order = 0.5, order_of_several = 0.5, weak_order = 1;
    static constexpr int drifts = 1, amplitudes = 1;
    static constexpr bool has_length = true;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        using Real = typename Step::Number;
        const X drift = sde.drift(x, unit);
        const X tamed = drift / (static_cast<Real>(1) + abs(drift * (static_cast<Real>(1) / unit)));
        return sde.diffused(x + tamed, x, unit, noise);
    }
};

/// x, or the place on the way from 0 to x whose distance is `bound`.
template <class X, class Real>
NOISETRAP_HD X within(X x, Real bound) {
    const Real size = abs(value_of(x));
    return select(size > bound, (bound / abs(x)) * x, x);
}
template <class X, int D, class Real>
NOISETRAP_HD State<X, D> within(const State<X, D>& x, Real bound) {
    const X size = sqrt(squared_length(x));
    return select(value_of(size) > bound, (bound / size) * x, x);
}

/// x + F(c) + G(c) z, c the x of at most h^(-1/2) units: coefficients that grow faster than x are cut off there (Mao 2015).
struct Truncated : SchemeNoise<Takes::any> {
    static constexpr const char* name = "truncated";
    static constexpr Calculus calculus = Calculus::ito;
    static constexpr double strong_order = 0.5, order_of_several = 0.5, weak_order = 1;
    static constexpr int drifts = 1, amplitudes = 1;
    static constexpr bool has_length = true, for_systems = true, bounded = true;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        const X cut = within(x, sde.reach() * unit);
        return sde.diffused(x + sde.drift(cut, unit), cut, unit, noise);
    }
};

}  // namespace noisetrap
