// Exact errors of schemes on dx = a x dt + sigma x dW, x(0) = 1, along one Brownian path: products of independent steps,
// whose factors are found by stepping the schemes' own code (scheme_growth.hpp). strong_error.hpp has closed forms of two.
#pragma once

#include <cmath>
#include <numbers>

#include "analysis/growth/scheme_growth.hpp"

namespace noisetrap {

/// E f(Z) of a smooth function of a standard normal: the trapezoidal rule is exact to rounding.
template <class Function>
double gaussian_mean(const Function& f) {
    constexpr int points_per_unit = 8, most = 12 * points_per_unit;
    double sum = 0;
    for (int i = -most; i <= most; ++i) {
        const double z = static_cast<double>(i) / points_per_unit;
        sum += f(z) * std::exp(-z * z / 2);
    }
    return sum / (points_per_unit * std::sqrt(2 * std::numbers::pi));
}

/// sqrt E(x_T - X_T)^2. A is linear in the second normal, of which the exact factor knows nothing.
template <class Scheme>
double scheme_rms_error(double a, double sigma, double time, int steps) {
    const double h = time / steps;
    const auto factor = step_factor<Scheme>(a, sigma, h);
    const auto exact = [&](double z) {
        return std::exp((a - sigma * sigma / 2) * h + sigma * std::sqrt(h) * z);
    };
    const double mixed = gaussian_mean([&](double z) { return factor.value(z, 0) * exact(z); });
    const double square = gaussian_mean([&](double z) {
        const double alone = factor.value(z, 0), second = factor.value(z, 1) - alone;
        return alone * alone + second * second;
    });
    return std::sqrt(std::exp((2 * a + sigma * sigma) * time) - 2 * std::pow(mixed, steps) +
                     std::pow(square, steps));
}

/// The variance of X_T with `steps` steps less X_T with half as many, along the same path: what a level of a multilevel
/// estimate costs (Giles 2008). `steps` is even.
template <class Scheme>
double level_variance(double a, double sigma, double time, int steps) {
    static_assert(!Scheme::in_pairs, "the second normals of two steps do not add up to that of one");
    const double h = time / steps;
    const auto fine = step_factor<Scheme>(a, sigma, h), coarse = step_factor<Scheme>(a, sigma, 2 * h);
    const auto [drift, variance] = fine.moments();
    const auto [coarse_drift, coarse_variance] = coarse.moments();
    const double mixed = gaussian_mean([&](double first) {
        return fine.value(first, 0) * gaussian_mean([&](double second) {
                   return fine.value(second, 0) * coarse.value((first + second) / std::numbers::sqrt2, 0);
               });
    });
    const auto square = [](double d, double v) { return (1 + d) * (1 + d) + v; };
    const double pairs = steps / 2.0;
    const double mean = std::pow(1 + drift, steps) - std::pow(1 + coarse_drift, pairs);
    return std::pow(square(drift, variance), steps) - 2 * std::pow(mixed, pairs) +
           std::pow(square(coarse_drift, coarse_variance), pairs) - mean * mean;
}

}  // namespace noisetrap
