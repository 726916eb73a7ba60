// The noise that several losses share: xi in the curvature and eta in the slope, independent of each other.
#pragma once

#include "engine/elementary.hpp"
#include "engine/law.hpp"
#include "engine/process.hpp"

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
    HD Sample sample(const Draw<Real, N>& noise) const {
        return {sigma * noise.template get<0>(), tau * noise.template get<1>()};
    }
    HD Law law(int i) const { return i == 0 ? xi_law : eta_law; }
    HD bool uses(int i) const { return i == 0 ? sigma != 0 : tau != 0; }
    bool additive() const { return tau != 0; }
};

}  // namespace noisetrap
