#include "analysis/laws/strong_error.hpp"

#include <algorithm>
#include <boost/math/special_functions/log1p.hpp>
#include <cmath>

namespace noisetrap {
namespace {

// h - log(1 + w) for w = h + extra, both small: the digits that the difference would lose are kept.
double log_shortfall(double h, double extra) { return -boost::math::log1pmx(h + extra) - extra; }

// E(x_T - X_T)^2 = P^N - 2 Q^N + R^N with the expectations over one step P = E x^2 = e^(q h), q = 2a +
// sigma^2, Q = E x X = e^(a h)(1 + (a + sigma^2) h + c), R = E X^2 = (1 + a h)^2 + sigma^2 h + c.
double square_error_by_powers(double a, double sigma, double h, double c, double n) {
    const double q = 2 * a + sigma * sigma, drift = 1 + a * h;
    const double mixed = std::exp(a * h) * (drift + sigma * sigma * h + c);
    const double scheme = drift * drift + sigma * sigma * h + c;
    return std::exp(q * h * n) - 2 * std::pow(mixed, n) + std::pow(scheme, n);
}

// The same as P^N [1 - 2 (Q/P)^N + (R/P)^N] for small h, where the powers nearly cancel.
double square_error_by_ratios(double a, double sigma, double h, double c, double n) {
    const double q = 2 * a + sigma * sigma;
    const double log_mixed = -n * log_shortfall((a + sigma * sigma) * h, c);
    const double log_scheme = -n * log_shortfall(q * h, a * h * a * h + c);
    return std::exp(q * h * n) * (std::expm1(log_scheme) - 2 * std::expm1(log_mixed));
}

double rms_error(double a, double sigma, double h, double c, double n) {
    const bool small = (std::abs(2 * a) + 2 * sigma * sigma) * h + c < 0.5;
    const double square =
        small ? square_error_by_ratios(a, sigma, h, c, n) : square_error_by_powers(a, sigma, h, c, n);
    return std::sqrt(std::max(square, 0.0));
}

}  // namespace

double euler_rms_error(double a, double sigma, double time, std::int64_t steps) {
    const double n = static_cast<double>(steps);
    return rms_error(a, sigma, time / n, 0, n);
}

// Milstein's extra term sigma^2 h (Z^2 - 1)/2 adds c = sigma^4 h^2/2 to both E x X e^(-a h) and E X^2.
double milstein_rms_error(double a, double sigma, double time, std::int64_t steps) {
    const double n = static_cast<double>(steps), h = time / n, square = sigma * sigma * h;
    return rms_error(a, sigma, h, square * square / 2, n);
}

double mean_weak_error(double a, double time, std::int64_t steps) {
    const double n = static_cast<double>(steps), h = time / n;
    if (a * h <= -0.5) return std::abs(std::pow(1 + a * h, n) - std::exp(a * time));
    return std::exp(a * time) * std::abs(std::expm1(n * boost::math::log1pmx(a * h)));
}

}  // namespace noisetrap
