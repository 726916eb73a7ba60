// A loss under an optimiser: what makes their process.
//
// A loss is a struct of numbers:
//   static constexpr int dimensions, noises;      coordinates, and most variates of a sample
//   Sample sample(Draw)                           one draw of its noise, ready for use
//   Point gradient(Point x, Unit unit, Sample)    f'(x; sample); plain numbers where dimensions = 1
//   Point mean_gradient(Point x, Unit unit)       its mean over the samples
//   Law law(int i), bool uses(int i)              of variate i: its law, and whether these parameters need it
//   bool additive()                               does anything move x = 0? (host)
//   static constexpr int starts                   coordinates that start at x0, the others at 0; else 1
//   static constexpr bool differentiable          false where the gradient jumps; true unless given
//   void gather(z)                                makes other numbers of the variates of a group (one_of.hpp)
//   LossCost cost()                               its samples (host); one a gradient unless given
//
// An optimiser is a struct of numbers with the published update:
//   static constexpr int memory                   vectors that it keeps beside x, all 0 at first
//   static constexpr bool kicks                   does it add noise of its own?
//   static constexpr bool deterministic           where it never asks for a sample
//   void step(Point& x, Point* kept, Here)        Here: the gradients, the step's number, the unit of length
//   Cost cost(const LossCost&)                    in per-sample gradients (host)
#pragma once

#include <cstring>
#include <type_traits>

#include "engine/cost.hpp"
#include "engine/law.hpp"
#include "engine/process.hpp"

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
    HD State<X, dimensions> gradient(const State<X, dimensions>& x) const {
        if constexpr (dimensions == 1) {
            return {{loss.gradient(x.at[0], unit, loss.sample(noise))}};
        } else {
            return loss.gradient(x, unit, loss.sample(noise));
        }
    }
    /// The full gradient.
    template <class X>
    HD State<X, dimensions> mean_gradient(const State<X, dimensions>& x) const {
        if constexpr (dimensions == 1) {
            return {{loss.mean_gradient(x.at[0], unit)}};
        } else {
            return loss.mean_gradient(x, unit);
        }
    }
    /// x + deviation z, z of mean 0 and variance 1 in each coordinate and independent of the sample.
    template <class X>
    HD State<X, dimensions> kicked(const State<X, dimensions>& x, Real deviation) const {
        auto moved = x;
        add_kick<0>(moved, deviation);
        return moved;
    }

  private:
    template <int i, class X>
    HD void add_kick(State<X, dimensions>& x, Real deviation) const {
        if constexpr (i < dimensions) {
            x.at[i] = x.at[i] + deviation * (noise.template get<Loss::noises + i>() * unit);
            add_kick<i + 1>(x, deviation);
        }
    }
};

template <class Loss, class Optimiser, class Real>
struct Optimised {
    static constexpr int dimensions = Loss::dimensions, numbers = dimensions * (1 + Optimiser::memory),
                         noises = Loss::noises + (Optimiser::kicks ? dimensions : 0),
                         starts = starts_of<Loss>;
    static constexpr bool differentiable = is_differentiable<Loss>;
    static constexpr bool takes(int) { return true; }
    static constexpr bool always_scaled = false, rests_at_zero = false;
    Loss loss;
    Optimiser optimiser;

    template <class X, class Unit, int N>
    HD State<X, numbers> step(const State<X, numbers>& s, Unit unit, unsigned long long n,
                              const Draw<Real, N>& noise) const {
        const Here<Loss, Real, Unit, N> here{loss, unit, n, noise};
        State<X, dimensions> v[1 + Optimiser::memory];
        UNROLL
        for (int i = 0; i < numbers; ++i) v[i / dimensions].at[i % dimensions] = s.at[i];
        optimiser.step(v[0], v + 1, here);
        return each<numbers>([&](int i) INLINED { return v[i / dimensions].at[i % dimensions]; });
    }
    template <class Variates>
    HD void gather(Variates& z) const requires requires {
        loss.gather(z);
    }
    { loss.gather(z); }
    HD Law law(int i) const {
        if constexpr (Optimiser::kicks) {
            if (i >= Loss::noises) return optimiser.law;
        }
        return loss.law(i);
    }
    HD bool uses(int i) const {
        constexpr bool samples = !requires { Optimiser::deterministic; };
        return i >= Loss::noises || (samples && loss.uses(i));
    }
    bool additive() const { return loss.additive() || Optimiser::kicks; }
    int active_noises() const {
        int count = noises;
        while (count > 1 && !uses(count - 1)) --count;
        return count;
    }
};

}  // namespace noisetrap
