// The axis of a saddle in continuous time (Ito):
//   dx = a x dt + sigma x dW + tau dV,   d<W, V> = rho dt.
#pragma once

#include <array>
#include <cmath>

#include "engine/elementary.hpp"
#include "engine/law.hpp"
#include "engine/params.hpp"
#include "engine/process.hpp"

namespace noisetrap {

/// Coefficients per time step h: a h, sigma sqrt h and the parts of tau sqrt h along and across dW.
template <class Real>
struct LinearSdeStep {
    static constexpr int noises = 2;
    Real a, sigma, tau_along, tau_across;

    HD Real drift(Real x) const { return a * x; }
    HD Real drifted(Real x) const { return fma(a, x, x); }  // x + drift(x)

    /// `from` + the noise matrix at x applied to standard normals: (sigma x + rho tau) z0 + sqrt(1 - rho^2)
    /// tau z1.
    template <class Unit, class Noise>
    HD Real diffused(Real from, Real x, Unit unit, const Noise& noise) const {
        const Real across = fma(tau_across * unit, noise.template get<1>(), from);
        return fma(amplitude(x, unit), noise.template get<0>(), across);
    }
    template <class Unit>
    HD Real amplitude(Real x, Unit unit) const {
        return fma(sigma, x, tau_along * unit);
    }
    HD Real amplitude_slope() const { return sigma; }

    template <class Unit>
    HD Real variance(Real x, Unit unit) const {
        const Real along = amplitude(x, unit);
        return along * along + tau_across * unit * (tau_across * unit);
    }

    bool additive() const { return tau_along != 0 || tau_across != 0; }
    int active_noises() const { return tau_across != 0 ? 2 : 1; }
};

struct LinearSde {
    template <class Real>
    using Step = LinearSdeStep<Real>;
    static constexpr const char* name = "linear-sde";
    static constexpr const char* equation = "dx = a x dt + sigma x dW + tau dV,  d<W,V> = rho dt  (Ito)";
    double a = 0.3, sigma = 1.0, tau = 0.5, rho = 0.0;

    static auto parameters() {
        return std::array{
            number("a", &LinearSde::a, -1e6, 1e6, "1/time", "deterministic rate; a > 0 repels"),
            number("sigma", &LinearSde::sigma, 0, 1e6, "1/sqrt(time)", "attractive (multiplicative) noise"),
            number("tau", &LinearSde::tau, 0, 1e100, "length/sqrt(time)", "diffusive (additive) noise"),
            number("rho", &LinearSde::rho, -1, 1, "-", "correlation of the two noises"),
        };
    }

    /// In units of one time step dt.
    template <class Real>
    Step<Real> per_step(double dt) const {
        const double root = std::sqrt(dt);
        return {static_cast<Real>(a * dt), static_cast<Real>(sigma * root),
                static_cast<Real>(tau * root * rho),
                static_cast<Real>(tau * root * std::sqrt(1 - rho * rho))};
    }
};

}  // namespace noisetrap
