// What the engine steps: a process, a plain copyable struct that maps (state, step, noise) to the next state. The
// concept IsProcess below says what it must have.
//
// The state is x alone, or `numbers` numbers of which the first is x; the others start at 0, unless they say where.
// Lengths are measured: step(c x, c unit, n, z) = c step(x, unit, n, z), where `unit` is the length that the number 1
// stands for. Hence the engine may renormalise x by a power of two together with the unit. A process that does not move
// x = 0 and has no length of its own never looks at the unit: then |x| itself grows like the linearised flow
// dx[n]/dx[0], whose growth rate is the Lyapunov exponent. Otherwise the flow is followed beside x by stepping duals.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "engine/noise/law.hpp"
#include "engine/numbers/dual.hpp"
#include "engine/numbers/hd.hpp"
#include "engine/numbers/lanes.hpp"
#include "engine/numbers/state.hpp"
#include "engine/numbers/zero.hpp"

namespace noisetrap {

/// The N variates of one step; variates beyond N are zero at compile time.
template <class Real, int N>
struct Draw {
    Real z[N];

    template <int i>
    NOISETRAP_HD constexpr auto get() const {
        if constexpr (i < N) {
            return z[i];
        } else {
            return Zero{};
        }
    }
    /// Where a loop needs numbers of one type.
    NOISETRAP_HD Real number(int i) const { return i < N ? z[i] : 0; }
};

template <class Process>
inline constexpr int numbers_of = 1;
template <class Process>
requires(Process::numbers > 1) inline constexpr int numbers_of<Process> = Process::numbers;

/// The numbers of the state that are lengths; those after them are what noises remember.
template <class Process>
inline constexpr int lengths_of = numbers_of<Process>;
template <class Process>
requires(Process::lengths > 0) inline constexpr int lengths_of<Process> = Process::lengths;

template <class Process>
inline constexpr int starts_of = 1;
template <class Process>
requires(Process::starts > 1) inline constexpr int starts_of<Process> = Process::starts;

/// The next state, whether it is one number or more.
template <class Process, class X, int D, class Unit, class Draw>
NOISETRAP_HD State<X, D> stepped(const Process& process, const State<X, D>& s, Unit unit, std::uint64_t n,
                                 const Draw& noise) {
    if constexpr (requires { Process::numbers; }) {
        return process.step(s, unit, n, noise);
    } else {
        return {{process.step(s.at[0], unit, n, noise)}};
    }
}

/// The number of a state that is observed: the first, unless the process names another.
template <class Process, class X, int D, class Unit>
NOISETRAP_HD X observed_of(const Process& process, const State<X, D>& s, [[maybe_unused]] Unit unit) {
    if constexpr (requires { process.observed(s, unit); }) {
        return process.observed(s, unit);
    } else {
        return s.at[0];
    }
}

/// The number of a state that is watched for exits: the observed one, unless the process names another.
template <class Process, class X, int D, class Unit>
NOISETRAP_HD X watched_of(const Process& process, const State<X, D>& s, Unit unit) {
    if constexpr (requires { process.watched(s, unit); }) {
        return process.watched(s, unit);
    } else {
        return observed_of(process, s, unit);
    }
}

/// The variance that the noise of one step has in the watched number, as a multiple of the square of 1/scale.
template <class Process, class X, int D, class Unit>
NOISETRAP_HD X watched_variance_of(const Process& process, const State<X, D>& s, Unit unit, X scale) {
    if constexpr (requires { process.watched_variance(s, unit, scale); }) {
        return process.watched_variance(s, unit, scale);
    } else {
        return process.noise_variance(s.at[0] * scale, unit * scale);
    }
}

/// The contract of a process.
///   noises              the most variates that a step takes
///   has_length          whether lengths matter whatever the parameters are
///   lowest_exponent     where x = 0 is not moved: the smallest power of two that |x| may reach
///   active_noises()     how many variates it takes with these parameters (host)
///   law(i)              the law of variate i; `none` where these parameters do not use it (host)
///   shape(i)            optional: the number that gives the law of variate i its shape (engine/noise/law.hpp)
///   moves_zero()        whether a step can move x = 0
///   differentiable      false where a step jumps, so that there is no dx[n]/dx[0]: said by every process, since a
///                       growth rate would be wrong without a word
///   numbers, starts     optional: numbers of the state, and how many of them start at x0; 1 and 1
///   lengths             optional: how many of these numbers, from the first on, are lengths; else all
///   other_start(i)      optional: where number i of the others starts, else 0
///   noise_variance(x, unit)   optional, of SDEs: the variance of one step, for Brownian bridges
///   observed(s, unit)   optional: the length that is observed instead of the first number
///   watched(s, unit)    optional: the length that is watched for exits instead of the observed one
///   watched_variance(s, unit, scale)   optional: the variance of one step in it, for Brownian bridges
///   gather(z)           optional: makes other numbers of the variates of a group
template <class P>
concept IsProcess = std::is_trivially_copyable_v<P> && requires(const P& p, int i) {
    { P::noises } -> std::convertible_to<int>;
    { P::has_length } -> std::convertible_to<bool>;
    { P::differentiable } -> std::convertible_to<bool>;
    { P::lowest_exponent } -> std::convertible_to<std::int64_t>;
    { p.active_noises() } -> std::same_as<int>;
    { p.law(i) } -> std::same_as<Law>;
    { p.moves_zero() } -> std::same_as<bool>;
};

}  // namespace noisetrap
