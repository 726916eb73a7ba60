// A loss under an optimiser: what makes their process.
// models/contract.hpp says what each must have.
#pragma once

#include <cstring>
#include <type_traits>

#include "engine/catalogue/cost.hpp"
#include "engine/noise/law.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

/// One step as an optimiser sees it. Points are State<X, dimensions>, X a number or a Dual of numbers.
template <class Loss, class Real_, class Unit, int N>
struct Here {
    using Real = Real_;
    static constexpr int dimensions = Loss::dimensions;
    const Loss& loss;
    Unit unit;             // the length that the number 1 stands for
    unsigned long long n;  // steps done
    const Draw<Real, N>& noise;

    /// f'(x; sample); within a step always of the same sample.
    template <class X>
    NOISETRAP_HD State<X, dimensions> gradient(const State<X, dimensions>& x) const {
        if constexpr (dimensions == 1) {
            return {{loss.gradient(x.at[0], unit, loss.sample(noise))}};
        } else {
            return loss.gradient(x, unit, loss.sample(noise));
        }
    }
    /// The full gradient.
    template <class X>
    NOISETRAP_HD State<X, dimensions> mean_gradient(const State<X, dimensions>& x) const {
        if constexpr (dimensions == 1) {
            return {{loss.mean_gradient(x.at[0], unit)}};
        } else {
            return loss.mean_gradient(x, unit);
        }
    }
    /// x + deviation z, z of mean 0 and variance 1 in each coordinate and independent of the sample.
    template <class X>
    NOISETRAP_HD State<X, dimensions> kicked(const State<X, dimensions>& x, Real deviation) const {
        auto moved = x;
        add_kick<0>(moved, deviation);
        return moved;
    }

  private:
    template <int i, class X>
    NOISETRAP_HD void add_kick(State<X, dimensions>& x, Real deviation) const {
        if constexpr (i < dimensions) {
            x.at[i] = x.at[i] + deviation * (noise.template get<Loss::noises + i>() * unit);
            add_kick<i + 1>(x, deviation);
        }
    }
};

/// Whether a loss's gradient is linear in x, or an optimiser's step in its vectors and gradients.
template <class T>
inline constexpr bool is_linear = false;
template <class T>
requires(T::linear) inline constexpr bool is_linear<T> = true;

template <class Loss, class Optimiser, class Real>
struct Optimised {
    static constexpr int dimensions = Loss::dimensions, numbers = dimensions * (1 + Optimiser::memory),
                         noises = Loss::noises + (Optimiser::kicks ? dimensions : 0),
                         starts = starts_of<Loss>;
    static constexpr bool differentiable = Loss::differentiable && Optimiser::differentiable;
    /// Where both are linear and x = 0 is not moved, x itself grows like the linearised flow.
    static constexpr bool has_length = !(is_linear<Loss> && is_linear<Optimiser>);
    /// The unit, 2^900, and its inverse are still numbers.
    static constexpr std::int64_t lowest_exponent = -900;
    Loss loss;
    Optimiser optimiser;

    template <class X, class Unit, int N>
    NOISETRAP_HD State<X, numbers> step(const State<X, numbers>& s, Unit unit, unsigned long long n,
                                        const Draw<Real, N>& noise) const {
        const Here<Loss, Real, Unit, N> here{loss, unit, n, noise};
        State<X, dimensions> v[1 + Optimiser::memory];
        NOISETRAP_UNROLL
        for (int i = 0; i < numbers; ++i) v[i / dimensions].at[i % dimensions] = s.at[i];
        optimiser.step(v[0], v + 1, here);
        return each<numbers>([&](int i) NOISETRAP_INLINED { return v[i / dimensions].at[i % dimensions]; });
    }
    template <class Variates>
    NOISETRAP_HD void gather(Variates& z) const requires requires {
        loss.gather(z);
    }
    { loss.gather(z); }
    NOISETRAP_HD auto shape(int i) const requires requires { loss.shape(i); }
    { return loss.shape(i); }
    Law law(int i) const {
        constexpr bool samples = !requires { Optimiser::deterministic; };
        if constexpr (Optimiser::kicks) {
            if (i >= Loss::noises) return optimiser.law;
        }
        return samples && loss.uses(i) ? loss.law(i) : Law::none;
    }
    NOISETRAP_HD bool moves_zero() const { return Optimiser::kicks || loss.moves_zero(); }
    int active_noises() const {
        int count = noises;
        while (count > 1 && law(count - 1) == Law::none) --count;
        return count;
    }
};

}  // namespace noisetrap
