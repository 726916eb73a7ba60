// What the engine steps: a Process, a plain copyable struct that maps (state, step, noise) to the next state.
//
//   static constexpr int noises;                 most variates that a step takes
//   int active_noises() const;                   how many it takes with these parameters (host)
//   Law law(int i) const;                        the law of variate i
//   bool additive() const;                       has it a noise that acts at x = 0? (host)
//   Real step(Real x, Unit unit, uint64 n, Draw z) const;
//   Real noise_variance(Real x, Unit unit) const;  of one step; only if a Brownian bridge fits (SDEs)
//
// A process is homogeneous: step(c x, c unit, n, z) = c step(x, unit, n, z). `unit` is the length that the
// number 1 stands for. Hence the engine may renormalise x by a power of two together with the unit, and the
// linearised flow dx[n]/dx[0], whose growth rate is the Lyapunov exponent, is the same step with the unit set
// to zero.
#pragma once

#include "engine/hd.hpp"
#include "engine/zero.hpp"

namespace noisetrap {

/// The N variates of one step; variates beyond N are zero at compile time.
template <class Real, int N>
struct Draw {
    Real z[N];

    template <int i>
    HD constexpr auto get() const {
        if constexpr (i < N) {
            return z[i];
        } else {
            return Zero{};
        }
    }
};

}  // namespace noisetrap
