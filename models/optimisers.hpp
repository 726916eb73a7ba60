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

}  // namespace noisetrap
