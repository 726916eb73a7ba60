// The scheme that splits an equation into parts whose flows are known.
#pragma once

#include "sde/scheme.hpp"

namespace noisetrap {

/// The exact flow of the part with attractive noise between two half steps of the rest (Strang 1968). Where
/// the rest is noisy too it cannot be halved with one normal: it is taken whole, before or after at random,
/// which has the same order (Ninomiya and Victoir 2008). For dx = a x dt + sigma x dW + tau dV the growth
/// rate a - sigma^2/2 is exact at any step, and without diffusive noise so is the law.
struct Splitting {
    static constexpr const char* name = "splitting";
    static constexpr Calculus calculus = Calculus::ito;
    static constexpr Takes takes = Takes::any;
    static constexpr double strong_order = 0.5, order_of_several = 0.5, weak_order = 2;
    static constexpr int drifts = 2, amplitudes = 1;  // flows
    static constexpr bool converts = false, in_pairs = false, has_length = false, looks_ahead = false,
                          for_systems = false, remembers = false, langevin = false, bounded = false;
    static constexpr Law first_law = Law::gaussian, second_law = Law::two_point;
    template <class Step>
    static constexpr int noises = Step::noisy_rest ? 3 : 1;

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        return split(sde, x, unit, noise, noise.template get<2>());
    }
    template <class Step>
    static int active_noises(const Step& sde) {
        return sde.active_rest_noise() ? 3 : 1;
    }
    template <class Step>
    static Law law(const Step&, int i) {
        return i == 2 ? second_law : first_law;
    }

  private:
    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X split(const Step& sde, X x, Unit unit, const Noise& noise, Zero) {
        return sde.half_rest(sde.attracted(sde.half_rest(x, unit), unit, noise), unit);
    }
    template <class Step, class X, class Unit, class Noise, class Real>
    static NOISETRAP_HD X split(const Step& sde, X x, Unit unit, const Noise& noise, Real coin) {
        const Real before = coin > 0 ? static_cast<Real>(1) : static_cast<Real>(0);
        return sde.rest(sde.attracted(sde.rest(x, unit, noise, before), unit, noise), unit, noise,
                        static_cast<Real>(1) - before);
    }
};

}  // namespace noisetrap
