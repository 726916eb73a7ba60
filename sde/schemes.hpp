// All schemes, and what an SDE under one of them is to the engine. docs/schemes.md tells what each of them is for.
#pragma once

#include <type_traits>

#include "sde/additive_schemes.hpp"
#include "sde/implicit_schemes.hpp"
#include "sde/ito_runge_kutta.hpp"
#include "sde/ito_schemes.hpp"
#include "sde/sampling_schemes.hpp"
#include "sde/scheme.hpp"
#include "sde/splitting.hpp"
#include "sde/stratonovich_schemes.hpp"

/// THE list of schemes, in the order of docs/schemes.md: each is handed to DO.
#define NOISETRAP_SCHEMES(DO) \
    DO(EulerMaruyama)         \
    DO(SplitEuler)            \
    DO(Milstein)              \
    DO(RkMilstein)            \
    DO(EulerHeun)             \
    DO(Heun)                  \
    DO(Midpoint)              \
    DO(Sriw1)                 \
    DO(Sra1)                  \
    DO(Sra3)                  \
    DO(Pl1wm)                 \
    DO(Ri1)                   \
    DO(Tamed)                 \
    DO(Truncated)             \
    DO(ImplicitEuler)         \
    DO(Trapezoidal)           \
    DO(LeimkuhlerMatthews)    \
    DO(Baoab)                 \
    DO(Splitting)

namespace noisetrap {

/// A model under a scheme, as a process; its equation is meant in the sense of `meant`.
template <class Step, class Scheme, Calculus meant>
struct Discretisation {
    static constexpr int noises = Scheme::template noises<Step>;
    static constexpr bool differentiable = Step::differentiable;
    static constexpr bool has_length = Step::has_length || Scheme::has_length;
    static constexpr std::int64_t lowest_exponent = Step::lowest_exponent;
    Step sde;

    template <class X, class Unit, class Noise>
    NOISETRAP_HD X step(X x, Unit unit, [[maybe_unused]] unsigned long long n, const Noise& noise) const {
        if constexpr (requires { sde.at(n); }) {
            return stepped_by(sde.at(n), x, unit, noise);
        } else {
            return stepped_by(sde, x, unit, noise);
        }
    }
    template <class Real, class Unit>
    NOISETRAP_HD Real noise_variance(Real x, Unit unit) const {
        return sde.variance(x, unit);
    }
    Law law(int i) const { return Scheme::law(sde, i); }
    NOISETRAP_HD auto shape(int i) const requires requires { sde.shape(i); }
    { return sde.shape(i); }
    /// The most that log|x| changes in a step, but for odds of 1e-11, where a scheme exponentiates; 0
    /// elsewhere.
    double largest_log_step() const {
        if constexpr (std::is_same_v<Scheme, Splitting>) {
            return sde.largest_log_step();
        } else {
            return 0;
        }
    }
    NOISETRAP_HD bool moves_zero() const { return sde.moves_zero(); }
    int active_noises() const { return Scheme::active_noises(sde); }

  private:
    /// A scheme of the other calculus steps the equation that has the same solutions.
    template <class X, class Unit, class Noise>
    static NOISETRAP_HD X stepped_by(const Step& sde, X x, Unit unit, const Noise& noise) {
        if constexpr (Scheme::calculus == Calculus::either || Scheme::calculus == meant) {
            return Scheme::step(sde, x, unit, noise);
        } else {
            constexpr int sign = meant == Calculus::stratonovich ? 1 : -1;
            return Scheme::step(Converted<Step, sign>{sde}, x, unit, noise);
        }
    }
};
template <class Step, class Scheme>
using Discretised = Discretisation<Step, Scheme, Calculus::ito>;
template <class Step, class Scheme>
using DiscretisedStratonovich = Discretisation<Step, Scheme, Calculus::stratonovich>;

/// The same of several variables.
template <class One, class System>
struct DiscretisedSystem : One {
    static constexpr int numbers = System::numbers;
    NOISETRAP_HD auto other_start(int i) const { return this->sde.other_start(i); }
};

/// A step under a scheme that remembers something of the step before, which stands behind the variables, 0 at first.
template <class Step, class Scheme>
struct Remembering {
    static constexpr int variables = numbers_of<Step>, numbers = 2 * variables;
    static constexpr int noises = Scheme::template noises<Step>;
    static constexpr bool differentiable = Step::differentiable;
    static constexpr bool has_length = Step::has_length || Scheme::has_length;
    static constexpr std::int64_t lowest_exponent = Step::lowest_exponent;
    Step sde;

    template <class X, class Unit, class Noise>
    NOISETRAP_HD State<X, numbers> step(const State<X, numbers>& s, Unit unit,
                                        [[maybe_unused]] unsigned long long n, const Noise& noise) const {
        if constexpr (requires { sde.at(n); }) {
            return stepped_by(sde.at(n), s, unit, noise);
        } else {
            return stepped_by(sde, s, unit, noise);
        }
    }
    NOISETRAP_HD auto other_start([[maybe_unused]] int i) const {
        if constexpr (variables > 1) {
            return i < variables ? sde.other_start(i) : typename Step::Number{};
        } else {
            return typename Step::Number{};
        }
    }
    Law law(int i) const { return Scheme::law(sde, i); }
    NOISETRAP_HD bool moves_zero() const { return sde.moves_zero(); }
    int active_noises() const { return Scheme::active_noises(sde); }

  private:
    template <class X, class Unit, class Noise>
    static NOISETRAP_HD State<X, numbers> stepped_by(const Step& sde, const State<X, numbers>& s, Unit unit,
                                                     const Noise& noise) {
        if constexpr (variables == 1) {
            X kept = s.at[1];
            const X next = Scheme::step(sde, s.at[0], kept, unit, noise);
            return {{next, kept}};
        } else {
            auto kept = each<variables>([&](int i) NOISETRAP_INLINED { return s.at[variables + i]; });
            const auto x = each<variables>([&](int i) NOISETRAP_INLINED { return s.at[i]; });
            const auto next = Scheme::step(sde, x, kept, unit, noise);
            return each<numbers>(
                [&](int i) NOISETRAP_INLINED { return i < variables ? next.at[i] : kept.at[i - variables]; });
        }
    }
};

}  // namespace noisetrap
