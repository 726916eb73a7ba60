// Linear regression on one sample at a time, its features independent:
//   f(x) = (f . x - noise z)^2/2,   the features f normal with standard deviation `feature`, z normal.
// x is measured from the best fit. Its tails in the stationary state of stochastic gradient descent fall with
// an exponent that is known (Gurbuzbalaban, Simsekli and Zhu 2021, "The heavy-tail phenomenon in SGD").
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
struct LeastSquaresLoss {
    static constexpr int dimensions = 8, noises = dimensions + 1;
    static constexpr bool differentiable = true, linear = true;
    Real feature, noise;
    int dimension;  // coordinates in use; the others have no features and so no gradient

    struct Sample {
        Real features[dimensions], label;
    };

    template <int N>
    NOISETRAP_HD Sample sample(const Draw<Real, N>& drawn) const {
        Sample s;
        NOISETRAP_UNROLL
        for (int i = 0; i < dimensions; ++i) s.features[i] = in_use(i) * (feature * drawn.number(i));
        s.label = noise * drawn.number(dimensions);
        return s;
    }
    template <class X, class Unit>
    NOISETRAP_HD State<X, dimensions> gradient(const State<X, dimensions>& x, Unit unit,
                                               const Sample& sample) const {
        X residue = sample.features[0] * x.at[0] - sample.label * unit;
        NOISETRAP_UNROLL
        for (int i = 1; i < dimensions; ++i) residue = fma(sample.features[i], x.at[i], residue);
        return each<dimensions>([&](int i) NOISETRAP_INLINED { return sample.features[i] * residue; });
    }
    template <class X, class Unit>
    NOISETRAP_HD State<X, dimensions> mean_gradient(const State<X, dimensions>& x, Unit) const {
        return each<dimensions>([&](int i)
                                    NOISETRAP_INLINED { return in_use(i) * (feature * feature) * x.at[i]; });
    }

    NOISETRAP_HD Law law(int) const { return Law::gaussian; }
    NOISETRAP_HD bool uses(int i) const { return i < dimensions ? i < dimension : noise != 0; }
    NOISETRAP_HD bool moves_zero() const { return noise != 0; }

  private:
    NOISETRAP_HD Real in_use(int i) const { return static_cast<Real>(i < dimension); }
};

struct LeastSquares {
    template <class Real>
    using Loss = LeastSquaresLoss<Real>;
    static constexpr const char* name = "least-squares";
    static constexpr const char* equation =
        "f(x) = (f . x - noise z)^2/2,  f of `dimension` normal features with deviation `feature`, z normal";
    double dimension = 2, feature = 1.0, noise = 0.1;

    static auto parameters() {
        return std::array{
            noisetrap::number("dimension", &LeastSquares::dimension, 1, LeastSquaresLoss<double>::dimensions,
                              "-", "features, a whole number"),
            noisetrap::number("feature", &LeastSquares::feature, 0, 1e6, "1/sqrt(step)",
                              "of each feature, standard deviation"),
            noisetrap::number("noise", &LeastSquares::noise, 0, 1e100, "length/sqrt(step)",
                              "of the label, standard deviation")};
    }

    /// What is wrong with these values together, or nothing.
    Complaint complaint() const { return unless_whole("dimension", dimension); }

    template <class Real>
    Loss<Real> loss() const {
        return {static_cast<Real>(feature), static_cast<Real>(noise), static_cast<int>(dimension)};
    }
};

}  // namespace noisetrap
