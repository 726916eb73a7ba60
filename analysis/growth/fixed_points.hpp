// Where the drift of dx = f(x) dt + sum of g_i(x) dW_i vanishes, and what the SDE is nearby.
#pragma once

#include <functional>
#include <vector>

#include "engine/numbers/dual.hpp"

namespace noisetrap {

/// A function with its derivative.
using WithSlope = std::function<Dual<double>(double x)>;

/// f(x) = 0. With y the distance from x, dy = a y dt + sigma y dW + tau dV, d<W,V> = rho dt, to first order:
///     a = f',  sigma^2 = sum g_i'^2,  tau^2 = sum g_i^2,  rho sigma tau = sum g_i g_i'.
struct FixedPoint {
    double x = 0;
    /// f and sum g_i^2 have the derivative that was taken: no kink, no jump, no root of a vanishing number. Else the rest
    /// is not a number.
    bool smooth = true;
    double a = 0, sigma = 0, tau = 0, rho = 0;

    double growth() const;  // a - sigma^2/2
    bool trapped() const { return growth() < 0; }
    /// 1 - 2a/sigma^2 of a trap with both noises: moments of this order and above do not exist in the linearisation. Else
    /// not a number.
    double tail_index() const;
};

FixedPoint linearisation(const WithSlope& drift, const std::vector<WithSlope>& amplitudes, double x);

/// The linearisations at the roots that roots_on_the_line finds.
std::vector<FixedPoint> fixed_points(const WithSlope& drift, const std::vector<WithSlope>& amplitudes);

}  // namespace noisetrap
