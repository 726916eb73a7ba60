// A linear unit of two layers on one sample at a time (Ziyin, Li and Ueda 2023, "Noise balance and
// stationary distribution of stochastic gradient descent"):
//   f(u, w) = (u w x - y)^2,   x normal, y = signal x + noise z, z normal.
// At u = w = 0 a step of learning rate l multiplies u + w by 1 + 2 l x y and u - w by 1 - 2 l x y: both are
// trapped there iff E log|1 +- 2 l x y| < 0. E xy = signal, Var xy = 2 signal^2 + noise^2.
// A path starts at u = x0, w = 0: off the lines u = +-w, which no step leaves. (Where u - w or u + w
// shrinks much faster than the other, rounding can bring a path onto such a line: at signal 0.1, l = 0.3 less
// than one in a hundred.)
#pragma once

#include <array>

#include "engine/catalogue/params.hpp"
#include "engine/numbers/dual.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/numbers/state.hpp"
#include "models/noisy_label.hpp"

namespace noisetrap {

template <class Real>
struct TwoLayerUnitLoss : NoisyLabel<Real> {
    static constexpr int dimensions = 2;
    static constexpr bool differentiable = true;
    using typename NoisyLabel<Real>::Sample;

    template <class X>
    NOISETRAP_HD State<X, 2> gradient(const State<X, 2>& w, Real unit, const Sample& sample) const {
        const X residue = sample.x * product(w, unit) - sample.y;
        return crossed(2 * sample.x * residue, w);
    }
    template <class X>
    NOISETRAP_HD State<X, 2> mean_gradient(const State<X, 2>& w, Real unit) const {
        return crossed(static_cast<Real>(2) * (product(w, unit) - this->signal), w);
    }

  private:
    /// u w.
    template <class X>
    NOISETRAP_HD X product(const State<X, 2>& w, Real unit) const {
        const Real per_unit = 1 / unit;
        return (w.at[0] * per_unit) * (w.at[1] * per_unit);
    }
    /// The gradient by u and w, given that by u w.
    template <class X>
    NOISETRAP_HD State<X, 2> crossed(X slope, const State<X, 2>& w) const {
        return {{slope * w.at[1], slope * w.at[0]}};
    }
};

struct TwoLayerUnit {
    template <class Real>
    using Loss = TwoLayerUnitLoss<Real>;
    static constexpr const char* name = "two-layer-unit";
    static constexpr const char* equation =
        "f(u, w) = (u w x - y)^2,  x normal, y = signal x + noise z, z normal";
    double signal = 0.1, noise = 1.0;

    static auto parameters() {
        return std::array{noisetrap::number("signal", &TwoLayerUnit::signal, -1e6, 1e6, "length^2",
                                            "what u w is to learn: E xy"),
                          noisetrap::number("noise", &TwoLayerUnit::noise, 0, 1e6, "length^2",
                                            "of the label, standard deviation")};
    }

    template <class Real>
    Loss<Real> loss() const {
        return {{static_cast<Real>(signal), static_cast<Real>(noise)}};
    }
};

}  // namespace noisetrap
