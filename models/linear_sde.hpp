// The axis of a saddle in continuous time (Ito):
//   dx = a x dt + sigma x dW + tau dV,   d<W, V> = rho dt.
#pragma once

#include <array>
#include <cmath>

#include "engine/catalogue/params.hpp"
#include "engine/noise/law.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

/// Coefficients per time step h: a h, sigma sqrt h and the parts of tau sqrt h along and across dW. For
/// splitting, dx = sigma (x + shift) dW + (a x dt + omega dV'), V' independent of W, shift = rho tau/sigma: a
/// geometric Brownian motion about -shift, and an Ornstein-Uhlenbeck process about 0.
template <class Real>
struct LinearSdeStep {
    using Number = Real;
    static constexpr int noises = 2;
    static constexpr bool has_length = false, noisy_rest = true, differentiable = true;
    static constexpr std::int64_t lowest_exponent = no_lowest_exponent;
    Real a, sigma, tau_along, tau_across;
    Real ito, shift, gain, half_gain,
        omega;  // sigma^2 h/2, shift, e^(a h) - 1, e^(a h/2) - 1, OU noise of a step

    template <class X, class Unit>
    NOISETRAP_HD X drift(X x, Unit) const {
        return a * x;
    }
    template <class X, class Unit>
    NOISETRAP_HD X drifted(X x, Unit) const {  // x + drift(x)
        return fma(a, x, x);
    }

    /// `from` + the noise matrix at x applied to standard normals: (sigma x + rho tau) z0 + sqrt(1 - rho^2)
    /// tau z1.
    template <class X, class Unit, class Noise>
    NOISETRAP_HD X diffused(X from, X x, Unit unit, const Noise& noise) const {
        const X with_across = fma(tau_across * unit, noise.template get<1>(), from);
        return fma(amplitude(x, unit), noise.template get<0>(), with_across);
    }
    template <class X, class Unit>
    NOISETRAP_HD X amplitude(X x, Unit unit) const {
        return fma(sigma, x, tau_along * unit);
    }

    template <class X, class Unit, class Noise>
    NOISETRAP_HD X attracted(X x, Unit unit, const Noise& noise) const {
        return fma(exp_minus_one(fma(sigma, noise.template get<0>(), -ito)), x + shift * unit, x);
    }
    /// A share of 0 or 1 of the step.
    template <class X, class Unit, class Noise>
    NOISETRAP_HD X rest(X x, Unit unit, const Noise& noise, Real share) const {
        return fma(share, fma(gain, x, omega * unit * noise.template get<1>()), x);
    }
    template <class X, class Unit>
    NOISETRAP_HD X half_rest(X x, Unit) const {
        return fma(half_gain, x, x);
    }
    double largest_log_step() const {
        return std::abs(std::log1p(static_cast<double>(gain))) + static_cast<double>(ito) +
               7 * static_cast<double>(sigma);
    }

    template <class Unit>
    NOISETRAP_HD Real variance(Real x, Unit unit) const {
        const Real along = amplitude(x, unit);
        return along * along + tau_across * unit * (tau_across * unit);
    }

    NOISETRAP_HD bool moves_zero() const { return tau_along != 0 || tau_across != 0; }
    int active_noises() const { return tau_across != 0 ? 2 : 1; }
    bool additive() const { return sigma == 0; }
    bool active_rest_noise() const { return omega != 0; }
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
        const double root = std::sqrt(dt), across = tau * std::sqrt(1 - rho * rho);
        const double spread = a == 0 ? root : std::sqrt(std::expm1(2 * a * dt) / (2 * a));
        const auto real = [](double x) { return static_cast<Real>(x); };
        return {real(a * dt),
                real(sigma * root),
                real(tau * root * rho),
                real(across * root),
                real(sigma * sigma * dt / 2),
                real(sigma > 0 ? rho * tau / sigma : 0),
                real(std::expm1(a * dt)),
                real(std::expm1(a * dt / 2)),
                real((sigma > 0 ? across : tau) * spread)};
    }
};

}  // namespace noisetrap
