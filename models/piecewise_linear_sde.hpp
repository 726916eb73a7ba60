// The axis of a saddle of piecewise linear shape, as ReLU networks have it: the gradient has a constant size,
// and so the noise in it has no part proportional to x (Ito):
//   dx = a sign(x) dt + tau dV.
#pragma once

#include <array>
#include <cmath>

#include "engine/catalogue/params.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

/// Coefficients per time step h: a h, tau sqrt h.
template <class Real>
struct PiecewiseLinearStep {
    using Number = Real;
    static constexpr int noises = 1;
    static constexpr bool has_length = true;
    static constexpr std::int64_t lowest_exponent = 0;
    static constexpr bool differentiable =
        false;  // the drift jumps: a derivative along the path would miss it
    Real a, tau;

    template <class X>
    NOISETRAP_HD Real drift(X x, Real unit) const {
        const Real at = value_of(x);
        return a * unit *
               (at > 0   ? static_cast<Real>(1)
                : at < 0 ? static_cast<Real>(-1)
                         : static_cast<Real>(0));
    }
    template <class X>
    NOISETRAP_HD X drifted(X x, Real unit) const {
        return x + drift(x, unit);
    }
    template <class X, class Noise>
    NOISETRAP_HD X diffused(X from, X, Real unit, const Noise& noise) const {
        return from + tau * unit * noise.template get<0>();
    }
    NOISETRAP_HD Real variance(Real, Real unit) const { return tau * unit * (tau * unit); }
    NOISETRAP_HD bool moves_zero() const { return tau != 0; }
    int active_noises() const { return 1; }
};

struct PiecewiseLinearSde {
    template <class Real>
    using Step = PiecewiseLinearStep<Real>;
    static constexpr const char* name = "piecewise-linear-sde";
    static constexpr const char* equation = "dx = a sign(x) dt + tau dV";
    double a = 0.5, tau = 0.8;

    static auto parameters() {
        return std::array{
            number("a", &PiecewiseLinearSde::a, -1e6, 1e6, "length/time",
                   "deterministic speed; a > 0 repels"),
            number("tau", &PiecewiseLinearSde::tau, 0, 1e100, "length/sqrt(time)",
                   "diffusive (additive) noise"),
        };
    }

    template <class Real>
    Step<Real> per_step(double dt) const {
        return {static_cast<Real>(a * dt), static_cast<Real>(tau * std::sqrt(dt))};
    }
};

}  // namespace noisetrap
