// Most SDEs have one noise: what they need beside drift and amplitude.
#pragma once

#include "engine/numbers/elementary.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

/// The base of a Step<Real> with drift(x, unit) and amplitude(x, unit), of X a number or a Dual.
template <class Step, class Real>
struct OneNoise {
    using Number = Real;
    static constexpr int noises = 1;
    static constexpr bool noisy_rest = false;

    template <class X, class Unit>
    NOISETRAP_HD X drifted(X x, Unit unit) const {
        return x + self().drift(x, unit);
    }
    template <class X, class Unit, class Noise>
    NOISETRAP_HD X diffused(X from, X x, Unit unit, const Noise& noise) const {
        return fma(self().amplitude(x, unit), noise.template get<0>(), from);
    }
    template <class Unit>
    NOISETRAP_HD Real variance(Real x, Unit unit) const {
        const Real along = self().amplitude(x, unit);
        return along * along;
    }
    int active_noises() const { return 1; }
    bool active_rest_noise() const { return false; }

  private:
    NOISETRAP_HD const Step& self() const { return static_cast<const Step&>(*this); }
};

}  // namespace noisetrap
