// One axis of a loss with another curvature on either side of the critical point:
//   f(x) = -(a + xi) x^2/2 - eta x,   sd(eta) = tau,
//   a = a_plus, sd(xi) = sigma_plus for x > 0;   a = a_minus, sd(xi) = sigma_minus for x < 0.
#pragma once

#include <array>

#include "engine/catalogue/params.hpp"
#include "engine/noise/law.hpp"
#include "engine/numbers/dual.hpp"
#include "engine/numbers/elementary.hpp"
#include "models/independent_noise.hpp"

namespace noisetrap {

/// xi of the base has standard deviation 1: the side decides how much of it acts.
template <class Real>
struct TwoSidedSaddleLoss : IndependentNoise<Real> {
    static constexpr int dimensions = 1;
    static constexpr bool differentiable = true;
    using typename IndependentNoise<Real>::Sample;
    Real a_plus, sigma_plus, a_minus, sigma_minus;

    template <class X>
    NOISETRAP_HD X gradient(X x, Real unit, const Sample& noise) const {
        const Real above = fma(sigma_plus, noise.xi, a_plus), below = fma(sigma_minus, noise.xi, a_minus);
        return -fma(select(value_of(x) > 0, above, below), x, noise.eta * unit);
    }
    template <class X>
    NOISETRAP_HD X mean_gradient(X x, Real) const {
        return -select(value_of(x) > 0, a_plus, a_minus) * x;
    }
};

struct TwoSidedSaddle {
    template <class Real>
    using Loss = TwoSidedSaddleLoss<Real>;
    static constexpr const char* name = "two-sided-saddle";
    static constexpr const char* equation =
        "f(x) = -(a + xi) x^2/2 - eta x,  a = a_plus, sd(xi) = sigma_plus for x > 0, a_minus, sigma_minus "
        "for "
        "x < 0,  sd(eta) = tau";
    double a_plus = 0.05, sigma_plus = 0.6, a_minus = 0.2, sigma_minus = 0.9, tau = 0.0;
    Law xi_law = Law::gaussian, eta_law = Law::gaussian;

    static auto parameters() {
        return std::array{
            noisetrap::number("a_plus", &TwoSidedSaddle::a_plus, -1e6, 1e6, "1/step",
                              "deterministic rate where x > 0; above 0 it repels"),
            noisetrap::number("sigma_plus", &TwoSidedSaddle::sigma_plus, 0, 1e6, "1/step",
                              "attractive noise xi x where x > 0, standard deviation"),
            noisetrap::number("a_minus", &TwoSidedSaddle::a_minus, -1e6, 1e6, "1/step",
                              "deterministic rate where x < 0; above 0 it repels"),
            noisetrap::number("sigma_minus", &TwoSidedSaddle::sigma_minus, 0, 1e6, "1/step",
                              "attractive noise xi x where x < 0, standard deviation"),
            noisetrap::number("tau", &TwoSidedSaddle::tau, 0, 1e100, "length/step",
                              "diffusive noise eta, standard deviation"),
            noisetrap::law("law", &TwoSidedSaddle::xi_law, "law of xi"),
            noisetrap::law("eta_law", &TwoSidedSaddle::eta_law, "law of eta"),
        };
    }

    template <class Real>
    Loss<Real> loss() const {
        return {{1, static_cast<Real>(tau), xi_law, eta_law},
                static_cast<Real>(a_plus),
                static_cast<Real>(sigma_plus),
                static_cast<Real>(a_minus),
                static_cast<Real>(sigma_minus)};
    }
};

}  // namespace noisetrap
