// Two wells under a gradient taken where shaking has moved the point, with attractive noise:
//   f(x, y) = (x^2 - c)^2 + y^2,   f' = grad f at (x, y) + shake (Z1, Z2), minus (xi x, 0),
//   Z1 and Z2 normal, sd(xi) = sigma.
// On average the shaken gradient is that of a smoother loss, E f'(x + shake Z) = 4 x (x^2 + 3 shake^2 - c),
// which has one minimum at x = 0 once shake^2 > c/3: a trap without any attractive noise. With shake = 0 the
// noise alone must trap.
#pragma once

#include <array>

#include "engine/catalogue/params.hpp"
#include "engine/noise/law.hpp"
#include "engine/numbers/dual.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/numbers/state.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

template <class Real>
struct ShakenDoubleWellLoss {
    static constexpr int dimensions = 2, noises = 3;
    static constexpr bool differentiable = true;
    Real c, shake, sigma;
    Law xi_law;

    struct Sample {
        Real dx, dy, xi;
    };

    template <int N>
    NOISETRAP_HD Sample sample(const Draw<Real, N>& noise) const {
        return {shake * noise.number(0), shake * noise.number(1), sigma * noise.number(2)};
    }
    template <class X>
    NOISETRAP_HD State<X, 2> gradient(const State<X, 2>& w, Real unit, const Sample& noise) const {
        constexpr Real two = 2;
        const X x = w.at[0] * (1 / unit) + noise.dx, y = w.at[1] + noise.dy * unit;
        return {{4 * unit * (x * (x * x - c)) - noise.xi * w.at[0], two * y}};
    }
    template <class X>
    NOISETRAP_HD State<X, 2> mean_gradient(const State<X, 2>& w, Real unit) const {
        constexpr Real two = 2, four = 4;
        const X x = w.at[0] * (1 / unit);
        return {{four * w.at[0] * (x * x + (3 * shake * shake - c)), two * w.at[1]}};
    }

    NOISETRAP_HD Law law(int i) const { return i < 2 ? Law::gaussian : xi_law; }
    NOISETRAP_HD bool uses(int i) const { return i < 2 ? shake != 0 : sigma != 0; }
    NOISETRAP_HD bool moves_zero() const { return shake != 0; }
};

struct ShakenDoubleWell {
    template <class Real>
    using Loss = ShakenDoubleWellLoss<Real>;
    static constexpr const char* name = "shaken-double-well";
    static constexpr const char* equation =
        "f(x, y) = (x^2 - c)^2 + y^2, its gradient taken at (x, y) + shake (Z1, Z2), minus (xi x, 0),  "
        "sd(xi) = "
        "sigma";
    double c = 1.0, shake = 0.6, sigma = 0.0;
    Law xi_law = Law::gaussian;

    static auto parameters() {
        return std::array{
            noisetrap::number("c", &ShakenDoubleWell::c, -1e6, 1e6, "length^2",
                              "c > 0: wells at x = +-sqrt(c), a saddle between them"),
            noisetrap::number("shake", &ShakenDoubleWell::shake, 0, 1e6, "length",
                              "distance of the gradient's point, standard deviation of each coordinate"),
            noisetrap::number("sigma", &ShakenDoubleWell::sigma, 0, 1e6, "1/step",
                              "attractive noise xi x, standard deviation"),
            noisetrap::law("law", &ShakenDoubleWell::xi_law, "law of xi"),
        };
    }

    template <class Real>
    Loss<Real> loss() const {
        return {static_cast<Real>(c), static_cast<Real>(shake), static_cast<Real>(sigma), xi_law};
    }
};

}  // namespace noisetrap
