// One step of an SDE whose coefficients are per step (time step 1): each scheme is a function and its facts.
// Kloeden and Platen, "Numerical solution of stochastic differential equations" (1992), chapters 9 and 10.
#pragma once

#include <type_traits>

#include "engine/noise/law.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

/// x + drift(x) + diffusion(x) z
struct EulerMaruyama {
    static constexpr const char* name = "euler-maruyama";
    static constexpr double strong_order = 0.5, weak_order = 1;
    template <class Step>
    static constexpr int noises = Step::noises;
    static constexpr bool takes(int) { return true; }

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        return sde.diffused(sde.drifted(x, unit), x, unit, noise);
    }
    template <class Step>
    static int active_noises(const Step& sde) {
        return sde.active_noises();
    }
    static NOISETRAP_HD Law law(int) { return Law::gaussian; }
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
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        using Real = typename Step::Number;
        const Real z = noise.template get<0>();
        const Dual<X> b = sde.amplitude(Dual<X>{x, one(x)}, unit);  // and its slope b'
        return sde.diffused(sde.drifted(x, unit), x, unit, noise) +
               ((static_cast<Real>(0.5) * b.slope) * b.value) * fma(z, z, static_cast<Real>(-1));
    }
    template <class Step>
    static int active_noises(const Step& sde) {
        return sde.active_noises();
    }
    static NOISETRAP_HD Law law(int) { return Law::gaussian; }

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

/// The exact flow of the part with attractive noise between two half steps of the rest (Strang 1968). Where
/// the rest is noisy too it cannot be halved with one normal: it is taken whole, before or after at random,
/// which has the same order (Ninomiya and Victoir 2008). For dx = a x dt + sigma x dW + tau dV the growth
/// rate a - sigma^2/2 is exact at any step, and without diffusive noise so is the law.
struct Splitting {
    static constexpr const char* name = "splitting";
    static constexpr double strong_order = 0.5, weak_order = 2;
    template <class Step>
    static constexpr int noises = Step::noisy_rest ? 3 : 1;
    static constexpr bool takes(int n) { return n != 2; }

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        return split(sde, x, unit, noise, noise.template get<2>());
    }
    template <class Step>
    static int active_noises(const Step& sde) {
        return sde.active_rest_noise() ? 3 : 1;
    }
    static NOISETRAP_HD Law law(int i) { return i == 2 ? Law::two_point : Law::gaussian; }

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

/// A model under a scheme, as a process.
template <class Step, class Scheme>
struct Discretised {
    static constexpr int noises = Scheme::template noises<Step>;
    static constexpr bool differentiable = Step::differentiable;
    static constexpr bool takes(int n) { return Scheme::takes(n); }
    static constexpr bool has_length = Step::has_length;
    static constexpr std::int64_t lowest_exponent = Step::lowest_exponent;
    Step sde;

    template <class X, class Unit, class Noise>
    NOISETRAP_HD X step(X x, Unit unit, [[maybe_unused]] unsigned long long n, const Noise& noise) const {
        if constexpr (requires { sde.at(n); }) {
            return Scheme::step(sde.at(n), x, unit, noise);
        } else {
            return Scheme::step(sde, x, unit, noise);
        }
    }
    template <class Real, class Unit>
    NOISETRAP_HD Real noise_variance(Real x, Unit unit) const {
        return sde.variance(x, unit);
    }
    NOISETRAP_HD Law law(int i) const { return Scheme::law(i); }
    /// The most that log|x| changes in a step, but for odds of 1e-11, where a scheme exponentiates; 0
    /// elsewhere.
    double largest_log_step() const {
        if constexpr (std::is_same_v<Scheme, Splitting>) {
            return sde.largest_log_step();
        } else {
            return 0;
        }
    }
    NOISETRAP_HD bool moves_zero() const { return sde.moves_zero(); }
    int active_noises() const { return Scheme::active_noises(sde); }
};

}  // namespace noisetrap
