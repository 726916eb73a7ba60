// Schemes for Stratonovich equations. Where noises do not commute they have strong order 1/2.
// Kloeden and Platen, "Numerical solution of stochastic differential equations" (1992), chapter 11.
#pragma once

#include "sde/scheme.hpp"

namespace noisetrap {

/// x + F(x) + [G(x) + G(y)] z/2, y = x + G(x) z: what diffrax calls EulerHeun.
struct EulerHeun : SchemeNoise<Takes::any> {
    static constexpr const char* name = "euler-heun";
    static constexpr Calculus calculus = Calculus::stratonovich;
    static constexpr double strong_order = 1, order_of_several = 0.5, weak_order = 1;
    static constexpr int drifts = 1, amplitudes = 2;
    static constexpr bool looks_ahead = true, for_systems = true;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        const auto half = scaled(noise, static_cast<typename Step::Number>(0.5));
        const X y = sde.diffused(x, x, unit, noise);
        return later(sde, 1).diffused(sde.diffused(sde.drifted(x, unit), x, unit, half), y, unit, half);
    }
};

/// The trapezoidal rule along Euler's step: x + [F(x) + F(y)]/2 + [G(x) + G(y)] z/2, y = x + F(x) + G(x) z.
struct Heun : SchemeNoise<Takes::any> {
    static constexpr const char* name = "heun";
    static constexpr Calculus calculus = Calculus::stratonovich;
    static constexpr double strong_order = 1, order_of_several = 0.5, weak_order = 1;
    static constexpr int drifts = 2, amplitudes = 2;
    static constexpr bool looks_ahead = true, for_systems = true;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        const auto a_half = static_cast<typename Step::Number>(0.5);
        const auto half = scaled(noise, a_half);
        const auto end = later(sde, 1);
        const X before = sde.drift(x, unit), y = sde.diffused(x + before, x, unit, noise);
        const X drifted = x + a_half * (before + end.drift(y, unit));
        return end.diffused(sde.diffused(drifted, x, unit, half), y, unit, half);
    }
};

/// x + F(y) + G(y) z, y = x + [F(x) + G(x) z]/2.
struct Midpoint : SchemeNoise<Takes::any> {
    static constexpr const char* name = "midpoint";
    static constexpr Calculus calculus = Calculus::stratonovich;
    static constexpr double strong_order = 1, order_of_several = 0.5, weak_order = 1;
    static constexpr int drifts = 2, amplitudes = 2;
    static constexpr bool looks_ahead = true, for_systems = true;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        const auto a_half = static_cast<typename Step::Number>(0.5);
        const auto middle = later(sde, 0.5);
        const X y = sde.diffused(x + a_half * sde.drift(x, unit), x, unit, scaled(noise, a_half));
        return middle.diffused(x + middle.drift(y, unit), y, unit, noise);
    }
};

}  // namespace noisetrap
