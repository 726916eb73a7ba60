// What the engine steps: a Process, a plain copyable struct that maps (state, step, noise) to the next state.
//
//   static constexpr int noises;                   most variates that a step takes
//   static constexpr bool takes(int n);            whether a step can take n of them
//   static constexpr bool always_scaled;           do lengths matter whatever the parameters are?
//   static constexpr bool rests_at_zero;           though lengths matter, x = 0 stays 0
//   int active_noises() const;                     how many it takes with these parameters (host)
//   Law law(int i) const;                          the law of variate i
//   bool additive() const;                         has it a noise that acts at x = 0? (host)
//   static constexpr int numbers;                  that make up its state; without it the state is x alone
//   static constexpr bool differentiable;          false where its coefficients jump; true unless given
//   static constexpr int starts;                   of them that start at x[0]; 1 unless given
//   X step(X x, Unit unit, uint64 n, Draw z) const;  X a number, or a Dual of numbers; where `numbers` is
//   given
//                                                  State<X, numbers>, of which the first is x
//   Real noise_variance(Real x, Unit unit) const;  of one step; only if a Brownian bridge fits (SDEs)
//
// The other numbers of a state start at 0. Lengths are measured: step(c x, c unit, n, z) = c step(x, unit, n,
// z), where `unit` is the length that the number 1 stands for. Hence the engine may renormalise x by a power
// of two together with the unit. A process without additive noise and without a length of its own never looks
// at the unit: then |x| itself grows like the linearised flow dx[n]/dx[0], whose growth rate is the Lyapunov
// exponent. Otherwise the flow is followed beside x by stepping duals.
#pragma once

#include <cstdint>

#include "engine/dual.hpp"
#include "engine/hd.hpp"
#include "engine/state.hpp"
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

template <class Process>
inline constexpr int numbers_of = 1;
template <class Process>
requires(Process::numbers > 1) inline constexpr int numbers_of<Process> = Process::numbers;

template <class Process>
inline constexpr int starts_of = 1;
template <class Process>
requires(Process::starts > 1) inline constexpr int starts_of<Process> = Process::starts;

/// Where the coefficients jump there is no growth rate of dx[n]/dx[0].
template <class Process>
inline constexpr bool is_differentiable = true;
template <class Process>
requires(!Process::differentiable) inline constexpr bool is_differentiable<Process> = false;

/// One of several processes that share a kernel (one_of.hpp).
template <class Process>
inline constexpr bool is_chosen_late = requires {
    Process::chosen_late;
};

/// The next state, whether it is one number or more.
template <class Process, class X, int D, class Unit, class Draw>
HD State<X, D> stepped(const Process& process, const State<X, D>& s, Unit unit, std::uint64_t n,
                       const Draw& noise) {
    if constexpr (requires { Process::numbers; }) {
        return process.step(s, unit, n, noise);
    } else {
        return {{process.step(s.at[0], unit, n, noise)}};
    }
}

}  // namespace noisetrap
