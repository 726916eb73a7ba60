// Optimisers: small recursions over any loss.
#pragma once

#include <array>

#include "engine/elementary.hpp"
#include "engine/params.hpp"
#include "engine/process.hpp"

namespace noisetrap {

/// Stochastic gradient descent (Robbins and Monro 1951): x <- x - l f'(x; sample).
template <class Loss, class Real>
struct SgdStep {
    static constexpr int noises = Loss::noises;
    static constexpr bool takes(int) { return true; }
    static constexpr bool always_scaled = false, rests_at_zero = false;
    Loss loss;
    Real learning_rate;

    template <class X, class Unit, int N>
    HD X step(X x, Unit unit, unsigned long long, const Draw<Real, N>& noise) const {
        return fma(-learning_rate, loss.gradient(x, unit, loss.sample(noise)), x);
    }
    HD Law law(int i) const { return loss.law(i); }
    bool additive() const { return loss.additive(); }
    int active_noises() const { return loss.active_noises(); }
};

struct Sgd {
    template <class Loss, class Real>
    using Step = SgdStep<Loss, Real>;
    static constexpr const char* name = "sgd";
    static constexpr const char* equation = "x <- x - learning_rate f'(x; sample)";
    double learning_rate = 1.0;

    static auto parameters() {
        return std::array{
            noisetrap::number("learning_rate", &Sgd::learning_rate, 0, 1e6, "-", "step size l")};
    }

    template <class Loss, class Real>
    Step<Loss, Real> over(const Loss& loss) const {
        return {loss, static_cast<Real>(learning_rate)};
    }
};

/// The heavy ball (Polyak 1964): v <- m v - l f'(x; sample), x <- x + v. The state is (x, v), v starts at 0.
template <class Loss, class Real>
struct MomentumStep {
    static constexpr int noises = Loss::noises, numbers = 2;
    static constexpr bool takes(int) { return true; }
    static constexpr bool always_scaled = false, rests_at_zero = false;
    Loss loss;
    Real learning_rate, momentum;

    template <class X, class Unit, int N>
    HD State<X, 2> step(const State<X, 2>& s, Unit unit, unsigned long long,
                        const Draw<Real, N>& noise) const {
        const X x = s.at[0], v = s.at[1];
        const X next = fma(-learning_rate, loss.gradient(x, unit, loss.sample(noise)), momentum * v);
        return {{x + next, next}};
    }
    HD Law law(int i) const { return loss.law(i); }
    bool additive() const { return loss.additive(); }
    int active_noises() const { return loss.active_noises(); }
};

struct Momentum {
    template <class Loss, class Real>
    using Step = MomentumStep<Loss, Real>;
    static constexpr const char* name = "momentum";
    static constexpr const char* equation = "v <- momentum v - learning_rate f'(x; sample),  x <- x + v";
    double learning_rate = 1.0, momentum = 0.9;

    static auto parameters() {
        return std::array{
            noisetrap::number("learning_rate", &Momentum::learning_rate, 0, 1e6, "-", "step size l"),
            noisetrap::number("momentum", &Momentum::momentum, 0, 1, "-", "share of v that is kept"),
        };
    }

    template <class Loss, class Real>
    Step<Loss, Real> over(const Loss& loss) const {
        return {loss, static_cast<Real>(learning_rate), static_cast<Real>(momentum)};
    }
};

}  // namespace noisetrap
