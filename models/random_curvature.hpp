// Two curvatures at random, a maximum on average (Ziyin, Li, Simon and Ueda 2022, "SGD with a constant large
// learning rate can converge to local maxima"; w there is x here):
//   f(x) = c x^2/2,   c = 1 or -1 - q with equal odds, mean -q/2.
// With a learning rate l stochastic gradient descent converges to the maximum iff
// q/(1 + q) < l < (q + sqrt(q^2 + 8 (1 + q)))/(2 (1 + q)).
#pragma once

#include <array>

#include "engine/catalogue/params.hpp"
#include "engine/noise/law.hpp"
#include "engine/numbers/dual.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

template <class Real>
struct RandomCurvatureLoss {
    static constexpr int dimensions = 1, noises = 1;
    static constexpr bool differentiable = true, linear = true;
    Real q;

    /// c.
    template <int N>
    NOISETRAP_HD Real sample(const Draw<Real, N>& noise) const {
        return select(noise.number(0) > 0, static_cast<Real>(1), -1 - q);
    }
    template <class X, class Unit>
    NOISETRAP_HD X gradient(X x, Unit, Real curvature) const {
        return curvature * x;
    }
    template <class X, class Unit>
    NOISETRAP_HD X mean_gradient(X x, Unit) const {
        return -q / 2 * x;
    }

    NOISETRAP_HD Law law(int) const { return Law::two_point; }
    NOISETRAP_HD bool uses(int) const { return true; }
    NOISETRAP_HD bool moves_zero() const { return false; }
};

struct RandomCurvature {
    template <class Real>
    using Loss = RandomCurvatureLoss<Real>;
    static constexpr const char* name = "random-curvature";
    static constexpr const char* equation = "f(x) = c x^2/2,  c = 1 or -1 - q with equal odds";
    double q = 0.5;

    static auto parameters() {
        return std::array{noisetrap::number("q", &RandomCurvature::q, -2, 1e6, "1/step",
                                            "excess of the second curvature; q > 0: a maximum on average")};
    }

    template <class Real>
    Loss<Real> loss() const {
        return {static_cast<Real>(q)};
    }
};

}  // namespace noisetrap
