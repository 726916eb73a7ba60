// Exponential decay with noise (Ito): dx = -k x dt + s x dW.
#pragma once
#include "engine/catalogue/params.hpp"
#include "sde/one_noise.hpp"

namespace noisetrap {

/// Coefficients per time step h: -k h, s sqrt h.
template <class Real>
struct DecayStep : OneNoise<DecayStep<Real>, Real> {
    static constexpr bool has_length = false, differentiable = true;
    static constexpr std::int64_t lowest_exponent = no_lowest_exponent;
    Real k, s;
    template <class X, class Unit>
    NOISETRAP_HD X drift(X x, Unit) const {
        return k * x;
    }
    template <class X, class Unit>
    NOISETRAP_HD X amplitude(X x, Unit) const {
        return s * x;
    }
    NOISETRAP_HD bool moves_zero() const { return false; }
};

struct Decay {
    template <class Real>
    using Step = DecayStep<Real>;
    static constexpr const char* name = "decay";
    static constexpr const char* equation = "dx = -k x dt + s x dW  (Ito)";
    double k = 1.0, s = 0.5;
    static auto parameters() {
        return std::array{number("k", &Decay::k, 0, 1e6, "1/time", "rate of decay"),
                          number("s", &Decay::s, 0, 1e6, "1/sqrt(time)", "noise")};
    }
    template <class Real>
    Step<Real> per_step(double dt) const {
        return {{}, static_cast<Real>(-k * dt), static_cast<Real>(s * __builtin_sqrt(dt))};
    }
};

}  // namespace noisetrap
