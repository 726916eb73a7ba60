// One step of an SDE whose coefficients are per step (time step 1): each scheme is a function and its facts.
// Kloeden and Platen, "Numerical solution of stochastic differential equations" (1992), chapters 9 and 10.
#pragma once

#include "engine/elementary.hpp"
#include "engine/law.hpp"
#include "engine/process.hpp"

namespace noisetrap {

/// x + drift(x) + diffusion(x) z
struct EulerMaruyama {
    static constexpr const char* name = "euler-maruyama";
    static constexpr double strong_order = 0.5, weak_order = 1;
    template <class Step>
    static constexpr int noises = Step::noises;
    static constexpr bool takes(int) { return true; }

    template <class Step, class X, class Unit, class Noise>
    static HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        return sde.diffused(sde.drifted(x, unit), x, unit, noise);
    }
    template <class Step>
    static int active_noises(const Step& sde) {
        return sde.active_noises();
    }
    static HD Law law(int) { return Law::gaussian; }
};

/// Euler-Maruyama + b b' (z^2 - 1) / 2, b the amplitude of a single noise. With two independent noises of
/// which one multiplies x, the noises do not commute and the scheme would need Levy areas: it is not offered
/// there.
struct Milstein {
    static constexpr const char* name = "milstein";
    static constexpr double strong_order = 1, weak_order = 1;
    template <class Step>
    static constexpr int noises = 1;
    static constexpr bool takes(int n) { return n == 1; }

    template <class Step, class X, class Unit, class Noise>
    static HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        using Real = typename Step::Number;
        const Real z = noise.template get<0>();
        const Real half_slope = static_cast<Real>(0.5) * sde.amplitude_slope();
        return sde.diffused(sde.drifted(x, unit), x, unit, noise) +
               (half_slope * sde.amplitude(x, unit)) * fma(z, z, static_cast<Real>(-1));
    }
    template <class Step>
    static int active_noises(const Step& sde) {
        return sde.active_noises();
    }
    static HD Law law(int) { return Law::gaussian; }
};

/// The exact flow of the part proportional to x, dx = a x dt + sigma x dW, between two flows of the rest
/// (Strang 1968). Where the rest is noisy it cannot be halved with one normal: it is taken whole, before or
/// after at random, which has the same order (Ninomiya and Victoir 2008). Exact in law where there is no
/// rest; the growth rate near x = 0 and the sign of x are exact always.
struct Splitting {
    static constexpr const char* name = "splitting";
    static constexpr double strong_order = 0.5, weak_order = 2;
    template <class Step>
    static constexpr int noises = Step::noisy_rest ? 3 : 1;
    static constexpr bool takes(int n) { return n != 2; }

    template <class Step, class X, class Unit, class Noise>
    static HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        using Real = typename Step::Number;
        const Real before = share_before<Real>(noise.template get<2>());
        return sde.rest(sde.proportional(sde.rest(x, unit, noise, before), unit, noise), unit, noise,
                        static_cast<Real>(1) - before);
    }
    template <class Step>
    static int active_noises(const Step& sde) {
        return sde.active_rest_noise() ? 3 : 1;
    }
    static HD Law law(int i) { return i == 2 ? Law::two_point : Law::gaussian; }

  private:
    template <class Real>
    static HD Real share_before(Real coin) {
        return coin > 0 ? static_cast<Real>(1) : static_cast<Real>(0);
    }
    template <class Real>
    static HD Real share_before(Zero) {
        return static_cast<Real>(0.5);
    }
};

/// A model under a scheme, as a process.
template <class Step, class Scheme>
struct Discretised {
    static constexpr int noises = Scheme::template noises<Step>;
    static constexpr bool takes(int n) { return Scheme::takes(n); }
    static constexpr bool always_scaled = Step::always_scaled, rests_at_zero = Step::rests_at_zero;
    Step sde;

    template <class X, class Unit, class Noise>
    HD X step(X x, Unit unit, unsigned long long, const Noise& noise) const {
        return Scheme::step(sde, x, unit, noise);
    }
    template <class Real, class Unit>
    HD Real noise_variance(Real x, Unit unit) const {
        return sde.variance(x, unit);
    }
    HD Law law(int i) const { return Scheme::law(i); }
    bool additive() const { return sde.additive(); }
    int active_noises() const { return Scheme::active_noises(sde); }
};

}  // namespace noisetrap
