// One sample of a regression: an input x and its label y = signal x + noise z, x and z normal.
#pragma once

#include "engine/noise/law.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

template <class Real>
struct NoisyLabel {
    static constexpr int noises = 2;
    Real signal, noise;

    struct Sample {
        Real x, y;
    };

    template <int N>
    NOISETRAP_HD Sample sample(const Draw<Real, N>& drawn) const {
        const Real x = drawn.number(0);
        return {x, fma(signal, x, noise * drawn.number(1))};
    }
    NOISETRAP_HD Law law(int) const { return Law::gaussian; }
    NOISETRAP_HD bool uses(int i) const { return i == 0 || noise != 0; }
    NOISETRAP_HD bool moves_zero() const { return false; }  // with weights of 0 no sample has a gradient
};

}  // namespace noisetrap
