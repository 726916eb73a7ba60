// The noise that several losses share: xi in the curvature and eta in the slope, independent of each other.
#pragma once

#include "engine/noise/law.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

template <class Real>
struct IndependentNoise {
    static constexpr int noises = 2;
    Real sigma, tau;  // standard deviations of xi and eta
    Law xi_law, eta_law;

    struct Sample {
        Real xi, eta;
    };

    template <int N>
    NOISETRAP_HD Sample sample(const Draw<Real, N>& noise) const {
        return {sigma * noise.number(0), tau * noise.number(1)};
    }
    NOISETRAP_HD Law law(int i) const { return i == 0 ? xi_law : eta_law; }
    NOISETRAP_HD bool uses(int i) const { return i == 0 ? sigma != 0 : tau != 0; }
    NOISETRAP_HD bool moves_zero() const { return tau != 0; }
};

}  // namespace noisetrap
