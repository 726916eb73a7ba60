// One axis of a noisy saddle whose parabola is interpolated linearly between knots at the multiples of a
// spacing d, as a wide network of rectified linear units would have it:
//   f(x) = -(a + xi) p(x) - eta x,   p(k d) = (k d)^2/2,   p'(x) = (k + 1/2) d between k d and (k + 1) d.
// As d -> 0 it becomes the quadratic saddle, and its trap comes back; within one spacing of x = 0 it is the
// saddle between two linear pieces, which has none.
#pragma once

#include <array>

#include "engine/catalogue/params.hpp"
#include "engine/noise/law.hpp"
#include "engine/numbers/dual.hpp"
#include "engine/numbers/elementary.hpp"
#include "models/independent_noise.hpp"

namespace noisetrap {

template <class Real>
struct PiecewiseLinearSaddleLoss : IndependentNoise<Real> {
    static constexpr int dimensions = 1;
    using typename IndependentNoise<Real>::Sample;
    static constexpr bool differentiable = false;  // the gradient jumps at the knots
    Real a, spacing;

    template <class X>
    NOISETRAP_HD Real gradient(X x, Real unit, const Sample& noise) const {
        return -unit * fma(a + noise.xi, slope(value_of(x) / unit), noise.eta);
    }
    template <class X>
    NOISETRAP_HD Real mean_gradient(X x, Real unit) const {
        return -unit * (a * slope(value_of(x) / unit));
    }

  private:
    /// p'(x); at a knot that of its outer side, but 0 at x = 0.
    NOISETRAP_HD Real slope(Real x) const {
        const Real size = (whole_part(abs(x) / spacing) + static_cast<Real>(0.5)) * spacing;
        return x > 0 ? size : x < 0 ? -size : static_cast<Real>(0);
    }
    /// The largest whole number not above x >= 0, by rounding where the last place is 1. Beyond that, where x
    /// is whole, it may be one off.
    NOISETRAP_HD static Real whole_part(Real x) {
        constexpr auto shift = static_cast<Real>(sizeof(Real) == 8 ? 0x1p52 : 0x1p23);
        const Real nearest = (x + shift) - shift;
        return nearest > x ? nearest - 1 : nearest;
    }
};

struct PiecewiseLinearSaddle {
    template <class Real>
    using Loss = PiecewiseLinearSaddleLoss<Real>;
    static constexpr const char* name = "piecewise-linear-saddle";
    static constexpr const char* equation =
        "f(x) = -(a + xi) p(x) - eta x,  p = x^2/2 interpolated linearly between multiples of spacing,  "
        "sd(xi) = sigma, sd(eta) = tau";
    double a = 0.02, sigma = 0.3, tau = 0.1, spacing = 0.1;
    Law xi_law = Law::gaussian, eta_law = Law::gaussian;

    static auto parameters() {
        return std::array{
            noisetrap::number("a", &PiecewiseLinearSaddle::a, -1e6, 1e6, "1/step",
                              "deterministic rate; a > 0 repels"),
            noisetrap::number("sigma", &PiecewiseLinearSaddle::sigma, 0, 1e6, "1/step",
                              "attractive noise xi p'(x), standard deviation of xi"),
            noisetrap::number("tau", &PiecewiseLinearSaddle::tau, 0, 1e100, "length/step",
                              "diffusive noise eta, standard deviation"),
            noisetrap::number("spacing", &PiecewiseLinearSaddle::spacing, 1e-12, 1e12, "length",
                              "between two knots"),
            noisetrap::law("law", &PiecewiseLinearSaddle::xi_law, "law of xi"),
            noisetrap::law("eta_law", &PiecewiseLinearSaddle::eta_law, "law of eta"),
        };
    }

    template <class Real>
    Loss<Real> loss() const {
        return {{static_cast<Real>(sigma), static_cast<Real>(tau), xi_law, eta_law},
                static_cast<Real>(a),
                static_cast<Real>(spacing)};
    }
};

}  // namespace noisetrap
