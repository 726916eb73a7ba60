// One axis of a saddle between two linear pieces, as in networks of rectified linear units (ReLU):
//   f(x) = -(a + xi) |x| - eta x,   sd(xi) = sigma, sd(eta) = tau.
// The gradient has the same size everywhere, so no noise in it is proportional to x, and there is no trap.
#pragma once

#include <array>

#include "engine/catalogue/params.hpp"
#include "engine/noise/law.hpp"
#include "engine/numbers/dual.hpp"
#include "engine/numbers/elementary.hpp"
#include "models/independent_noise.hpp"

namespace noisetrap {

template <class Real>
struct ReluSaddleLoss : IndependentNoise<Real> {
    static constexpr int dimensions = 1;
    using typename IndependentNoise<Real>::Sample;
    static constexpr bool differentiable = false;  // the gradient jumps at x = 0
    Real a;

    template <class X>
    NOISETRAP_HD Real gradient(X x, Real unit, const Sample& noise) const {
        return -unit * fma(a + noise.xi, sign(value_of(x)), noise.eta);
    }
    template <class X>
    NOISETRAP_HD Real mean_gradient(X x, Real unit) const {
        return -unit * (a * sign(value_of(x)));
    }

  private:
    NOISETRAP_HD static Real sign(Real x) { return static_cast<Real>(x > 0) - static_cast<Real>(x < 0); }
};

struct ReluSaddle {
    template <class Real>
    using Loss = ReluSaddleLoss<Real>;
    static constexpr const char* name = "relu-saddle";
    static constexpr const char* equation = "f(x) = -(a + xi) |x| - eta x,  sd(xi) = sigma, sd(eta) = tau";
    double a = 0.02, sigma = 0.3, tau = 0.1;
    Law xi_law = Law::gaussian, eta_law = Law::gaussian;

    static auto parameters() {
        return std::array{
            noisetrap::number("a", &ReluSaddle::a, -1e6, 1e6, "length/step",
                              "deterministic speed; a > 0 repels"),
            noisetrap::number("sigma", &ReluSaddle::sigma, 0, 1e6, "length/step",
                              "noise xi sign(x), standard deviation"),
            noisetrap::number("tau", &ReluSaddle::tau, 0, 1e100, "length/step",
                              "diffusive noise eta, standard deviation"),
            noisetrap::law("law", &ReluSaddle::xi_law, "law of xi"),
            noisetrap::law("eta_law", &ReluSaddle::eta_law, "law of eta"),
        };
    }

    template <class Real>
    Loss<Real> loss() const {
        return {{static_cast<Real>(sigma), static_cast<Real>(tau), xi_law, eta_law}, static_cast<Real>(a)};
    }
};

}  // namespace noisetrap
