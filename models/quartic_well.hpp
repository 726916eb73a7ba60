// A well with multiplicative noise, "stochastic collapse" (Chen et al. 2023, fig. 1; Ito):
//   dx = (mu x - x^3) dt + zeta x dW,
// mu x - x^3 the downhill force of -mu x^2/2 + x^4/4. The origin attracts iff zeta^2 > 2 mu.
#pragma once

#include <array>
#include <cmath>

#include "engine/catalogue/params.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/paths/process.hpp"
#include "sde/one_noise.hpp"

namespace noisetrap {

/// Coefficients per time step h: mu h, zeta sqrt h, h.
template <class Real>
struct QuarticWellStep : OneNoise<QuarticWellStep<Real>, Real> {
    static constexpr bool has_length = true, differentiable = true;
    static constexpr std::int64_t lowest_exponent = no_lowest_exponent;
    Real mu, zeta, cubic, log_factor;  // log_factor = (mu - zeta^2/2) h

    template <class X>
    NOISETRAP_HD X drift(X x, Real unit) const {
        const X in_units = x * (1 / unit);
        return x * (-cubic * (in_units * in_units) + mu);
    }
    template <class X>
    NOISETRAP_HD X amplitude(X x, Real) const {
        return zeta * x;
    }

    template <class X, class Noise>
    NOISETRAP_HD X attracted(X x, Real, const Noise& noise) const {
        return exp(fma(zeta, noise.template get<0>(), log_factor)) * x;
    }
    /// dx = -x^3 dt over half the step: x / sqrt(1 + h x^2), slope (1 + h x^2)^(-3/2).
    NOISETRAP_HD Real half_rest(Real x, Real unit) const { return x / square_root(x, unit); }
    NOISETRAP_HD Dual<Real> half_rest(Dual<Real> x, Real unit) const {
        const Real root = square_root(x.value, unit);
        return {x.value / root, x.slope / (root * root * root)};
    }
    NOISETRAP_HD Real square_root(Real x, Real unit) const {
        const Real in_units = x * (1 / unit);
        return sqrt(fma(cubic * in_units, in_units, static_cast<Real>(1)));
    }
    double largest_log_step() const {
        return std::abs(static_cast<double>(log_factor)) + 7 * static_cast<double>(zeta);
    }

    NOISETRAP_HD bool moves_zero() const { return false; }
};

struct QuarticWell {
    template <class Real>
    using Step = QuarticWellStep<Real>;
    static constexpr const char* name = "quartic-well";
    static constexpr const char* equation = "dx = (mu x - x^3) dt + zeta x dW  (Ito)";
    double mu = 1.5, zeta = 1.0;

    static auto parameters() {
        return std::array{
            number("mu", &QuarticWell::mu, -1e6, 1e6, "1/time", "rate at the origin; mu > 0 repels"),
            number("zeta", &QuarticWell::zeta, 0, 1e6, "1/sqrt(time)", "attractive (multiplicative) noise"),
        };
    }

    template <class Real>
    Step<Real> per_step(double dt) const {
        return {{},
                static_cast<Real>(mu * dt),
                static_cast<Real>(zeta * std::sqrt(dt)),
                static_cast<Real>(dt),
                static_cast<Real>((mu - zeta * zeta / 2) * dt)};
    }
};

}  // namespace noisetrap
