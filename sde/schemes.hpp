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
    static constexpr int most_noises = 2;

    template <class Step, class Real, class Unit, class Noise>
    static HD Real step(const Step& sde, Real x, Unit unit, const Noise& noise) {
        return sde.diffused(sde.drifted(x), x, unit, noise);
    }
};

/// Euler-Maruyama + b b' (z^2 - 1) / 2, b the amplitude of a single noise. With two independent noises of
/// which one multiplies x, the noises do not commute and the scheme would need Levy areas: it is not offered
/// there.
struct Milstein {
    static constexpr const char* name = "milstein";
    static constexpr double strong_order = 1, weak_order = 1;
    static constexpr int most_noises = 1;

    template <class Step, class Real, class Unit, class Noise>
    static HD Real step(const Step& sde, Real x, Unit unit, const Noise& noise) {
        const Real z = noise.template get<0>(), b = sde.amplitude(x, unit);
        const Real correction =
            static_cast<Real>(0.5) * (b * sde.amplitude_slope()) * fma(z, z, static_cast<Real>(-1));
        return sde.diffused(sde.drifted(x), x, unit, noise) + correction;
    }
};

/// A model under a scheme, as a process.
template <class Step, class Scheme>
struct Discretised {
    static constexpr int noises = Step::noises < Scheme::most_noises ? Step::noises : Scheme::most_noises;
    Step sde;

    template <class Real, class Unit, class Noise>
    HD Real step(Real x, Unit unit, unsigned long long, const Noise& noise) const {
        return Scheme::step(sde, x, unit, noise);
    }
    template <class Real, class Unit>
    HD Real noise_variance(Real x, Unit unit) const {
        return sde.variance(x, unit);
    }
    HD Law law(int) const { return Law::gaussian; }
    bool additive() const { return sde.additive(); }
    int active_noises() const { return sde.active_noises(); }
};

}  // namespace noisetrap
