// A well on either side of a noisy saddle:
//   f(x) = -(a + xi) x^2/2 + b x^4/4 - eta x,   sd(xi) = sigma, sd(eta) = tau.
// With b = 1 and tau = 0 it is the quartic well of "stochastic collapse" (Chen et al. 2023, fig. 1) as a
// recursion: a step of l = h with a = mu and sigma = zeta/sqrt(h) is an Euler-Maruyama step h of
// dx = (mu x - x^3) dt + zeta x dW.
#pragma once

#include <array>

#include "engine/catalogue/params.hpp"
#include "engine/noise/law.hpp"
#include "engine/numbers/dual.hpp"
#include "engine/numbers/elementary.hpp"
#include "models/independent_noise.hpp"

namespace noisetrap {

template <class Real>
struct DoubleWellLoss : IndependentNoise<Real> {
    static constexpr int dimensions = 1;
    static constexpr bool differentiable = true;
    using typename IndependentNoise<Real>::Sample;
    Real a, b;

    template <class X>
    NOISETRAP_HD X gradient(X x, Real unit, const Sample& noise) const {
        return uphill(x, unit, a + noise.xi) - noise.eta * unit;
    }
    template <class X>
    NOISETRAP_HD X mean_gradient(X x, Real unit) const {
        return uphill(x, unit, a);
    }

  private:
    /// b x^3 - rate x.
    template <class X>
    NOISETRAP_HD X uphill(X x, Real unit, Real rate) const {
        const X in_units = x * (1 / unit);
        return x * (b * (in_units * in_units) - rate);
    }
};

struct DoubleWell {
    template <class Real>
    using Loss = DoubleWellLoss<Real>;
    static constexpr const char* name = "double-well";
    static constexpr const char* equation =
        "f(x) = -(a + xi) x^2/2 + b x^4/4 - eta x,  sd(xi) = sigma, sd(eta) = tau";
    double a = 0.02, b = 0.02, sigma = 0.1, tau = 0.05;
    Law xi_law = Law::gaussian, eta_law = Law::gaussian;

    static auto parameters() {
        return std::array{
            noisetrap::number("a", &DoubleWell::a, -1e6, 1e6, "1/step",
                              "rate at x = 0; a > 0 repels, towards wells at |x| = sqrt(a/b)"),
            noisetrap::number("b", &DoubleWell::b, 0, 1e6, "1/(length^2 step)", "of the quartic term"),
            noisetrap::number("sigma", &DoubleWell::sigma, 0, 1e6, "1/step",
                              "attractive noise xi x, standard deviation"),
            noisetrap::number("tau", &DoubleWell::tau, 0, 1e100, "length/step",
                              "diffusive noise eta, standard deviation"),
            noisetrap::law("law", &DoubleWell::xi_law, "law of xi"),
            noisetrap::law("eta_law", &DoubleWell::eta_law, "law of eta"),
        };
    }

    template <class Real>
    Loss<Real> loss() const {
        return {{static_cast<Real>(sigma), static_cast<Real>(tau), xi_law, eta_law},
                static_cast<Real>(a),
                static_cast<Real>(b)};
    }
};

}  // namespace noisetrap
