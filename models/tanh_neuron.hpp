// One neuron with an outer weight, on one sample at a time:
//   f(w1, w2) = (w2 tanh(w1 x) - y)^2,   x normal, y = signal x + noise z, z normal.
// w1 = w2 = 0 is a saddle if signal is not 0, where the samples' curvatures have both signs. The smallest
// network with the traps of Ziyin, Li, Simon and Ueda 2022 ("SGD with a constant large learning rate can
// converge to local maxima"); this form of it and its data are our choice.
// A path starts at w1 = x0, w2 = 0.
#pragma once

#include <array>

#include "engine/catalogue/params.hpp"
#include "engine/numbers/dual.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/numbers/state.hpp"
#include "models/noisy_label.hpp"

namespace noisetrap {

/// A rule for E g(x), x normal and g even with g(0) = 0: x = 0.3 sinh(0.2 i), i = 1, 2, ..., which is the
/// trapezoidal rule after a substitution that resolves a step at x = 0 as well as the tails. For the means
/// of a tanh(w x) neuron its error is below 1e-9 for |w| <= 5, 2e-7 at 10 and 3e-4 at 20.
template <class Real>
struct NormalMean {
    static constexpr int nodes = 19;
    template <class G>
    NOISETRAP_HD static auto of(G g) {
        constexpr double at[nodes] = {
            0.060400800762328198, 0.12322569774084466, 0.19099607464447238, 0.26643179465628691,
            0.35256035809314046,  0.45283840662365182, 0.57129045043546023, 0.71267038596006893,
            0.88265228642870397,  1.0880581223541057,  1.337131551160768,   1.6398687641028284,
            2.0084196685181035,   2.4575755062707749,  3.0053624782229704,  3.6737651989696474,
            4.4896090166155034,   5.4856366081846044,  6.701822058216699};
        constexpr double weight[nodes] = {
            0.048744733120382536,   0.051362812000595497,   0.055726107089470761,  0.061794466356885805,
            0.069420668280218242,   0.0782345112018141,     0.087466202878012933,  0.095718330622096739,
            0.10076847842120983,    0.099645682405131386,   0.089447174418918682,  0.069339679258777501,
            0.043121971658831193,   0.019283665452306181,   0.00526868023500357,   0.00068989962626837093,
            3.0143819254961521e-05, 2.5609754209217434e-07, 1.8904077683021257e-10};
        auto sum = g(static_cast<Real>(at[0]), static_cast<Real>(weight[0]));
        NOISETRAP_UNROLL
        for (int i = 1; i < nodes; ++i) sum = sum + g(static_cast<Real>(at[i]), static_cast<Real>(weight[i]));
        return sum;
    }
};

template <class Real>
struct TanhNeuronLoss : NoisyLabel<Real> {
    static constexpr int dimensions = 2;
    static constexpr bool differentiable = true;
    using typename NoisyLabel<Real>::Sample;

    template <class X>
    NOISETRAP_HD State<X, 2> gradient(const State<X, 2>& w, Real unit, const Sample& sample) const {
        const State<X, 2> v = (1 / unit) * w;
        return unit * in_units(v, sample.x, sample.y);
    }
    /// z has mean 0 and the gradient is linear in it: what remains is a mean over x.
    template <class X>
    NOISETRAP_HD State<X, 2> mean_gradient(const State<X, 2>& w, Real unit) const {
        const State<X, 2> v = (1 / unit) * w;
        return unit * NormalMean<Real>::of([&](Real x, Real weight) NOISETRAP_INLINED {
                   return weight * in_units(v, x, this->signal * x);
               });
    }

  private:
    template <class X>
    NOISETRAP_HD State<X, 2> in_units(const State<X, 2>& w, Real x, Real y) const {
        const X output = tanh(w.at[0] * x);
        const X twice_residue = static_cast<Real>(2) * (w.at[1] * output - y);
        const X slope = static_cast<Real>(1) - output * output;
        return {{twice_residue * w.at[1] * slope * x, twice_residue * output}};
    }
};

struct TanhNeuron {
    template <class Real>
    using Loss = TanhNeuronLoss<Real>;
    static constexpr const char* name = "tanh-neuron";
    static constexpr const char* equation =
        "f(w1, w2) = (w2 tanh(w1 x) - y)^2,  x normal, y = signal x + noise z, z normal";
    double signal = 0.1, noise = 1.0;

    static auto parameters() {
        return std::array{noisetrap::number("signal", &TanhNeuron::signal, -1e6, 1e6, "length^2",
                                            "of the label: mean of y/x"),
                          noisetrap::number("noise", &TanhNeuron::noise, 0, 1e6, "length^2",
                                            "of the label, standard deviation")};
    }

    template <class Real>
    Loss<Real> loss() const {
        return {{static_cast<Real>(signal), static_cast<Real>(noise)}};
    }
};

}  // namespace noisetrap
