// Noises that remember. Each is a struct of facts and one function, which turns what is drawn in a step, and what was
// kept from earlier ones, into the value of the noise in that step:
//   draws, memory, numbers      variates of a step, numbers that are kept (all 0 at first), numbers of its own
//   next(own, kept, n, z)       the value in step n
// What is kept belongs to the state of the path, so that a step is a function of state, step number and draw like any
// other; it is no length, and is not renormalised with x. How a configuration names them and makes their numbers is in
// engine/catalogue/noise_facts.cpp.
#pragma once

#include <cstdint>

#include "engine/catalogue/formulation.hpp"
#include "engine/noise/law.hpp"
#include "engine/noise/permutation.hpp"
#include "engine/noise/philox.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

/// A noise without memory.
struct Independent {
    static constexpr int draws = 1, memory = 0, numbers = 0;

    template <class Real>
    static NOISETRAP_HD Real next(const Real*, Real*, unsigned long long, const Real* z) {
        return z[0];
    }
};

/// y' = phi y + (1 - phi) z, started in its stationary law: what many steps sum up to has variance 1 a step, whatever
/// phi is (an Ornstein-Uhlenbeck process that is looked at once a step). own: phi, 1 - phi, sqrt((1 - phi)/(1 + phi)).
struct Correlated {
    static constexpr int draws = 1, memory = 1, numbers = 3;

    template <class Real>
    static NOISETRAP_HD Real next(const Real* own, Real* kept, unsigned long long n, const Real* z) {
        kept[0] = n == 0 ? own[2] * z[0] : fma(own[0], kept[0], own[1] * z[0]);
        return kept[0];
    }
};

/// z[n] - z[n-1], z[-1] = 0: whatever one step adds the next takes away (Orvieto et al. 2022).
struct Differenced {
    static constexpr int draws = 1, memory = 1, numbers = 0;

    template <class Real>
    static NOISETRAP_HD Real next(const Real*, Real* kept, unsigned long long, const Real* z) {
        const Real value = z[0] - kept[0];
        kept[0] = z[0];
        return value;
    }
};

/// The number of the sample that a step takes, of own[0] samples: 0, 1, ... Where own[1] is not 0 every sample comes once
/// in an epoch of as many steps, in an order that is new in every epoch: the two variates of an epoch's first step are
/// kept, and are the key of its permutation. Else it is drawn anew each time.
struct Samples {
    static constexpr int draws = 2, memory = 2, numbers = 2;

    template <class Real>
    static NOISETRAP_HD Real next(const Real* own, Real* kept, unsigned long long n, const Real* z) {
        const auto samples = static_cast<std::uint32_t>(own[0]),
                   place = static_cast<std::uint32_t>(n % samples);
        const bool reshuffled = own[1] != 0, fresh = place == 0 || !reshuffled;
        kept[0] = fresh ? z[0] : kept[0];
        kept[1] = fresh ? z[1] : kept[1];
        const std::uint32_t first = mixed(word_of(kept[0])), second = mixed(word_of(kept[1]) + 0x9e3779b9u);
        return static_cast<Real>(reshuffled ? Shuffle::of(samples).at(place, first, second)
                                            : product_high(mixed(first ^ second), samples));
    }
};

/// A chain of two states, 0 and 1, that goes up with odds own[0] a step and down with odds own[1]; started in its stationary
/// law. A uniform variate lies below sqrt(12) (p - 1/2) with odds p, which is how the odds are kept, those of the start,
/// up/(up + down), as own[2].
struct Switching {
    static constexpr int draws = 1, memory = 1, numbers = 3;

    template <class Real>
    static NOISETRAP_HD Real next(const Real* own, Real* kept, unsigned long long n, const Real* z) {
        const Real one = 1, zero = 0;
        const bool up = kept[0] != 0, flips = z[0] < (up ? own[1] : own[0]);
        kept[0] = n == 0 ? (z[0] < own[2] ? one : zero) : (up != flips ? one : zero);
        return kept[0];
    }
};

/// A process whose noises come from such sources, one for each, in order.
template <class Process, class Real, class... Sources>
struct Driven {
    static constexpr int lengths = numbers_of<Process>, memory = (0 + ... + Sources::memory),
                         numbers = lengths + memory, noises = (0 + ... + Sources::draws),
                         starts = starts_of<Process>;
    static constexpr bool differentiable = Process::differentiable, has_length = Process::has_length;
    static constexpr std::int64_t lowest_exponent = Process::lowest_exponent;
    Process process;
    Real own[(0 + ... + Sources::numbers) + 1];

    template <class X, class Unit, int N>
    NOISETRAP_HD State<X, numbers> step(const State<X, numbers>& s, Unit unit, unsigned long long n,
                                        const Draw<Real, N>& drawn) const {
        Real z[noises], kept[memory + 1];
        NOISETRAP_UNROLL
        for (int i = 0; i < noises; ++i) z[i] = drawn.number(i);
        NOISETRAP_UNROLL
        for (int i = 0; i < memory; ++i) kept[i] = value_of(s.at[lengths + i]);
        Draw<Real, sizeof...(Sources)> values;
        int noise = 0, draw = 0, number = 0, place = 0;
        ((values.z[noise++] = Sources::next(own + number, kept + place, n, z + draw), draw += Sources::draws,
          number += Sources::numbers, place += Sources::memory),
         ...);
        const auto next = stepped(process, each<lengths>([&](int i) NOISETRAP_INLINED { return s.at[i]; }),
                                  unit, n, values);
        return each<numbers>([&](int i) NOISETRAP_INLINED {
            return i < lengths ? next.at[i < lengths ? i : 0] : X{} + kept[i < lengths ? 0 : i - lengths];
        });
    }
    NOISETRAP_HD Real other_start(int i) const requires requires { process.other_start(i); }
    { return i < lengths ? process.other_start(i) : Real{}; }
    /// That of the noise which variate i belongs to.
    NOISETRAP_HD auto shape(int i) const requires requires { process.shape(i); }
    {
        int noise = 0, end = 0, found = 0;
        ((end += Sources::draws, found = i < end ? found : noise + 1, ++noise), ...);
        return process.shape(found);
    }
    NOISETRAP_HD bool moves_zero() const { return process.moves_zero(); }
    // The program knows the laws and hands them to the kernel.
    Law law(int) const { return Law::gaussian; }
    int active_noises() const { return noises; }
};

/// A family whose noises come from such sources.
template <class Family, class... Sources>
struct DrivenFamily {
    static constexpr Formulation formulation = Family::formulation;
    template <class Real>
    using Process = Driven<typename Family::template Process<Real>, Real, Sources...>;
    static constexpr bool is_complete = true;
};

}  // namespace noisetrap
