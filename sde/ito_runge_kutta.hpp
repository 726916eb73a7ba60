// Runge-Kutta schemes for Ito equations whose expectations, or paths, are of higher order than Milstein's.
#pragma once

#include "sde/scheme.hpp"

namespace noisetrap {

/// Strong order 3/2 for one noise. Roessler, SIAM J. Numer. Anal. 48 (2010) 922, table 5.1; torchsde's "srid1".
struct Sriw1 : SchemeNoise<Takes::one, true> {
    static constexpr const char* name = "sriw1";
    static constexpr Calculus calculus = Calculus::ito;
    static constexpr double strong_order = 1.5, order_of_several = 0, weak_order = 2;
    static constexpr int drifts = 2, amplitudes = 4;
    static constexpr bool looks_ahead = true;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        using Real = typename Step::Number;
        const auto c = [](double number) NOISETRAP_INLINED { return static_cast<Real>(number); };
        const Real z = number_of<Real, 0>(noise), area = area_of<0, Step::noises, Real>(noise);
        const Real twice = c(0.5) * fma(z, z, c(-1)),      // I11/h
            thrice = c(1.0 / 6) * (z * fma(z, z, c(-3)));  // I111/h^(3/2)
        const auto quarter = later(sde, 0.25);
        const X f1 = sde.drift(x, unit), g1 = sde.amplitude(x, unit);
        const X g2 = quarter.amplitude(x + (c(0.25) * f1 + c(0.5) * g1), unit);
        const X g3 = later(sde, 1).amplitude(x + (f1 - g1), unit);
        const X inner = c(3) * g2 + c(0.5) * g3 - c(5) * g1;
        const X g4 = quarter.amplitude(x + (c(0.25) * f1 + inner), unit);
        const X f2 = later(sde, 0.75).drift(x + (c(0.75) * f1 + (c(1.5) * area) * g1), unit);
        const X drift = c(1.0 / 3) * f1 + c(2.0 / 3) * f2;
        const Real w1 = c(2) * area - z - twice - c(2) * thrice,
                   w2 = c(4.0 / 3) * (z + twice - area) + c(5.0 / 3) * thrice,
                   w3 = c(2.0 / 3) * (z - area - thrice) - c(1.0 / 3) * twice;
        return x + (drift + (w1 * g1 + w2 * g2 + w3 * g3 + thrice * g4));
    }
};

/// Weak order 2 for one noise (Platen; Kloeden and Platen 1992, section 15.1).
struct Pl1wm : SchemeNoise<Takes::one> {
    static constexpr const char* name = "pl1wm";
    static constexpr Calculus calculus = Calculus::ito;
    static constexpr double strong_order = 1, order_of_several = 0, weak_order = 2;
    static constexpr int drifts = 2, amplitudes = 3;
    static constexpr bool looks_ahead = true;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        using Real = typename Step::Number;
        const auto c = [](double number) NOISETRAP_INLINED { return static_cast<Real>(number); };
        const Real z = number_of<Real, 0>(noise);
        const auto end = later(sde, 1);
        const X f = sde.drift(x, unit), g = sde.amplitude(x, unit), drifted = x + f;
        const X above = end.amplitude(drifted + g, unit), below = end.amplitude(drifted - g, unit);
        const X drift = c(0.5) * (f + end.drift(drifted + z * g, unit));
        return x + (drift + ((c(0.25) * z) * (above + below + c(2) * g) +
                             (c(0.25) * fma(z, z, c(-1))) * (above - below)));
    }
};

/// Weak order 2 for several noises that need not commute (Roessler, SIAM J. Numer. Anal. 47 (2009) 1713, table 5.1).
/// A step takes one variate of three values and one coin for each noise, and follows no Brownian path.
struct Ri1 : SchemeNoise<Takes::any, true, Law::uniform, Law::two_point> {
    static constexpr const char* name = "ri1";
    static constexpr Calculus calculus = Calculus::ito;
    static constexpr double strong_order = 0, order_of_several = 0, weak_order = 2;
    static constexpr int drifts = 3, amplitudes = 5;
    static constexpr bool looks_ahead = true, for_systems = true;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        using Real = typename Step::Number;
        const auto c = [](double number) NOISETRAP_INLINED { return static_cast<Real>(number); };
        const ThreePoint<Noise, Real> jumps{noise};
        const auto middle = later(sde, 2.0 / 3);
        const X f1 = sde.drift(x, unit);
        const X f2 = middle.drift(sde.diffused(x + c(2.0 / 3) * f1, x, unit, jumps), unit);
        const X f3 = middle.drift(x + (f2 - c(1.0 / 3) * f1), unit);
        const X drifted = x + (c(0.25) * (f1 + f3) + c(0.5) * f2);
        return shaken(sde, drifted, x, x + f1, unit, noise, std::make_integer_sequence<int, Step::noises>{});
    }

    /// sqrt 3, 0 or -sqrt 3, with odds 1/6, 2/3 and 1/6: of a uniform variate, which lies between the outer two.
    template <class Real>
    static NOISETRAP_HD Real three_point(Real uniform) {
        const Real outer = static_cast<Real>(0x1.bb67ae8584caap+0),
                   edge = static_cast<Real>(0x1.279a74590331dp+0);
        return uniform > edge ? outer : uniform < -edge ? -outer : static_cast<Real>(0);
    }

  private:
    template <class Noise, class Real>
    struct ThreePoint {
        const Noise& noise;
        template <int i>
        NOISETRAP_HD Real get() const {
            return three_point(number_of<Real, i>(noise));
        }
    };
    /// The mixed integrals I_kl/h of noise k with each other noise l.
    template <int k, int noises, class Noise, class Real>
    struct Mixed {
        const Noise& noise;
        Real sign;
        template <int l>
        NOISETRAP_HD auto get() const {
            if constexpr (l == k || l >= noises) {
                return Zero{};
            } else {
                const ThreePoint<Noise, Real> jumps{noise};
                const Real both = jumps.template get<k>() * jumps.template get<l>();
                const Real coin =
                    k < l ? -number_of<Real, noises + k>(noise) : number_of<Real, noises + l>(noise);
                return sign * (static_cast<Real>(0.5) * (both + coin));
            }
        }
    };

    template <class Step, class X, class Unit, class Noise, int... k>
    static NOISETRAP_HD X shaken(const Step& sde, X from, X x, X drifted, Unit unit, const Noise& noise,
                                 std::integer_sequence<int, k...>) {
        ((from = shaken_along<k>(sde, from, x, drifted, unit, noise)), ...);
        return from;
    }
    /// from + what noise k adds.
    template <int k, class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X shaken_along(const Step& sde, X from, X x, X drifted, Unit unit,
                                       const Noise& noise) {
        using Real = typename Step::Number;
        const auto c = [](double number) NOISETRAP_INLINED { return static_cast<Real>(number); };
        const auto along = [](Real size) NOISETRAP_INLINED { return Along<k, Real>{size}; };
        const Real jump = ThreePoint<Noise, Real>{noise}.template get<k>(), plain = c(0.25) * jump,
                   twice = c(0.25) * fma(jump, jump, c(-1));
        const auto end = later(sde, 1);
        const X up = sde.diffused(drifted, x, unit, along(1)),
                down = sde.diffused(drifted, x, unit, along(-1));
        const X left = sde.diffused(x, x, unit, Mixed<k, Step::noises, Noise, Real>{noise, 1}),
                right = sde.diffused(x, x, unit, Mixed<k, Step::noises, Noise, Real>{noise, -1});
        const X outer = end.diffused(end.diffused(from, up, unit, along(plain + twice)), down, unit,
                                     along(plain - twice));
        return sde.diffused(sde.diffused(outer, left, unit, along(plain + c(0.5))), right, unit,
                            along(plain - c(0.5)));
    }
};

}  // namespace noisetrap
