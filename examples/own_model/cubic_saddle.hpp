// A saddle with a cubic term: f(x) = -(a + xi) x^2/2 + c x^3/3, sd(xi) = sigma. One side is steeper than the other.
#pragma once
#include "engine/catalogue/params.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

template <class Real>
struct CubicSaddleLoss {
    static constexpr int dimensions = 1, noises = 1;
    static constexpr bool differentiable = true;
    Real a, c, sigma;

    template <int N>
    NOISETRAP_HD Real sample(const Draw<Real, N>& noise) const {
        return sigma * noise.number(0);
    }
    /// x/unit is x as a number, so that c counts per length.
    template <class X>
    NOISETRAP_HD X gradient(X x, Real unit, Real xi) const {
        return x * (c * (x * (1 / unit)) - (a + xi));
    }
    template <class X>
    NOISETRAP_HD X mean_gradient(X x, Real unit) const {
        return gradient(x, unit, Real{0});
    }
    NOISETRAP_HD bool moves_zero() const { return false; }
    Law law(int) const { return Law::gaussian; }
    bool uses(int) const { return sigma != 0; }
};

struct CubicSaddle {
    template <class Real>
    using Loss = CubicSaddleLoss<Real>;
    static constexpr const char* name = "cubic-saddle";
    static constexpr const char* equation = "f(x) = -(a + xi) x^2/2 + c x^3/3,  sd(xi) = sigma";
    double a = 0.02, c = 0.1, sigma = 0.3;

    static auto parameters() {
        return std::array{number("a", &CubicSaddle::a, -1e6, 1e6, "1/step", "rate at x = 0; a > 0 repels"),
                          number("c", &CubicSaddle::c, -1e6, 1e6, "1/(length step)", "of the cubic term"),
                          number("sigma", &CubicSaddle::sigma, 0, 1e6, "1/step", "attractive noise xi x")};
    }
    template <class Real>
    Loss<Real> loss() const {
        return {static_cast<Real>(a), static_cast<Real>(c), static_cast<Real>(sigma)};
    }
};

}  // namespace noisetrap
