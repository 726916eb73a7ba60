// Schemes of strong order 3/2 for additive noise: the noise may depend on time, and not on x. Beside W a step takes
// the integral of W over it. Roessler, SIAM J. Numer. Anal. 48 (2010) 922.
#pragma once

#include "sde/scheme.hpp"

namespace noisetrap {

/// What the two have in common.
struct AdditiveNoise : SchemeNoise<Takes::additive, true> {
    static constexpr Calculus calculus = Calculus::either;
    static constexpr double strong_order = 1.5, order_of_several = 1.5, weak_order = 2;
    static constexpr bool looks_ahead = true, for_systems = true;

    /// from + G W over the whole step: the area with G at its start, the rest with G at its end.
    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X shaken(const Step& sde, X from, X x, Unit unit, const Noise& noise) {
        using Real = typename Step::Number;
        const X late = later(sde, 1).diffused(from, x, unit, WithoutAreas<Step::noises, Noise, Real>{noise});
        return sde.diffused(late, x, unit, Areas<Step::noises, Noise, Real>{noise});
    }
};

struct Sra1 : AdditiveNoise {
    static constexpr const char* name = "sra1";
    static constexpr int drifts = 2, amplitudes = 2;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        using Real = typename Step::Number;
        const auto c = [](double number) NOISETRAP_INLINED { return static_cast<Real>(number); };
        const Areas<Step::noises, Noise, Real> areas{noise};
        const X f1 = sde.drift(x, unit);
        const X y = later(sde, 1).diffused(x + c(0.75) * f1, x, unit, scaled(areas, c(1.5)));
        const X f2 = later(sde, 0.75).drift(y, unit);
        return shaken(sde, x + (c(1.0 / 3) * f1 + c(2.0 / 3) * f2), x, unit, noise);
    }
};

/// Without noise it has order 3.
struct Sra3 : AdditiveNoise {
    static constexpr const char* name = "sra3";
    static constexpr int drifts = 3, amplitudes = 2;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        using Real = typename Step::Number;
        const auto c = [](double number) NOISETRAP_INLINED { return static_cast<Real>(number); };
        const Areas<Step::noises, Noise, Real> areas{noise};
        const auto end = later(sde, 1);
        const X f1 = sde.drift(x, unit), f2 = end.drift(x + f1, unit);
        const X late = end.diffused(x + c(0.25) * (f1 + f2), x, unit, areas);
        const X y = sde.diffused(late, x, unit, scaled(areas, c(0.5)));
        const X f3 = later(sde, 0.5).drift(y, unit);
        return shaken(sde, x + (c(1.0 / 6) * (f1 + f2) + c(2.0 / 3) * f3), x, unit, noise);
    }
};

}  // namespace noisetrap
