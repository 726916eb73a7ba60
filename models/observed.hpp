// A process of which another number than the first is observed, or watched for exits. The number is a struct that the
// program writes (engine/formula/code.hpp): a length of the state, and where it is affine its change along a change of
// the state.
#pragma once

#include <algorithm>
#include <utility>

#include "engine/catalogue/formulation.hpp"
#include "engine/paths/process.hpp"
#include "models/equation.hpp"
#include "sde/scheme.hpp"

namespace noisetrap {

/// The Euclidean norm of the first numbers of a state.
template <int variables, class X, int D>
NOISETRAP_HD X norm_of(const State<X, D>& s) {
    return sqrt(squared_length(each<variables>([&](int i) NOISETRAP_INLINED { return s.at[i]; })));
}

/// What noise k of one step adds to the variables where its variate is 1.
template <int k, int variables, class Sde, class X, int D, class Unit>
NOISETRAP_HD State<X, variables> amplitudes_of(const Sde& sde, const State<X, D>& s, Unit unit) {
    const Along<k, X> one{1};
    if constexpr (requires { Sde::numbers; }) {
        const auto here = each<variables>([&](int i) NOISETRAP_INLINED { return s.at[i]; });
        return sde.diffused(State<X, variables>{}, here, unit, one);
    } else {
        return {{sde.diffused(X{}, s.at[0], unit, one)}};
    }
}

/// The variance of a step's noise in an affine number, as a multiple of the square of 1/scale: the sum over independent
/// noises.
template <class Sde, class Number, class X, int D, class Unit, int... k>
NOISETRAP_HD X variance_in(const Number& number, const Sde& sde, const State<X, D>& s, Unit unit, X scale,
                           std::integer_sequence<int, k...>) {
    const X along[] = {number.along(amplitudes_of<k, Number::variables>(sde, s, unit)) * scale...};
    X sum = along[0] * along[0];
    NOISETRAP_UNROLL
    for (int i = 1; i < static_cast<int>(sizeof...(k)); ++i) sum = fma(along[i], along[i], sum);
    return sum;
}

/// What both kinds have in common. Numbers that are not linear are known down to the smallest that the unit allows.
template <class Process, class Number>
struct WithNumber : Process {
    static constexpr std::int64_t lowest_exponent = Process::lowest_exponent > Number::lowest_exponent
                                                        ? Process::lowest_exponent
                                                        : Number::lowest_exponent;
    Number number;

    template <class X, int D, class Unit>
    NOISETRAP_HD X watched_variance(const State<X, D>& s, Unit unit, X scale) const
        requires(Number::affine&& requires(const Process& p) { p.sde; }) {
        constexpr int all = decltype(Process::sde)::noises;
        return variance_in(number, this->sde, s, unit, scale, std::make_integer_sequence<int, all>{});
    }
};

template <class Process, class Number>
struct Observed : WithNumber<Process, Number> {
    template <class X, int D, class Unit>
    NOISETRAP_HD X observed(const State<X, D>& s, Unit unit) const {
        return this->number(s, unit);
    }
};

template <class Process, class Number>
struct Watched : WithNumber<Process, Number> {
    template <class X, int D, class Unit>
    NOISETRAP_HD X watched(const State<X, D>& s, Unit unit) const {
        return this->number(s, unit);
    }
};

template <class Family, template <class> class Number>
struct ObservedFamily {
    static constexpr Formulation formulation = Family::formulation;
    template <class Real>
    using Process = Observed<typename Family::template Process<Real>, Number<Real>>;
    static constexpr bool is_complete = true;
};

template <class Family, template <class> class Number>
struct WatchedFamily {
    static constexpr Formulation formulation = Family::formulation;
    template <class Real>
    using Process = Watched<typename Family::template Process<Real>, Number<Real>>;
    static constexpr bool is_complete = true;
};

}  // namespace noisetrap
