// The root kappa of E|A|^kappa = 1. L(kappa) = log E|A|^kappa is convex with L(0) = 0 and L'(0) = E log|A| <
// 0, so L(kappa)/kappa rises from a negative value and has one root. Every form of L below keeps its relative
// accuracy where E|A|^kappa is close to 1, or has a scale of its own where it is not.
#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "analysis/growth/growth.hpp"
#include "analysis/growth/heavy_laws.hpp"

namespace noisetrap {
namespace {

// E|A|^kappa = (|m + s|^kappa + |m - s|^kappa)/2, the larger power taken out where it would overflow.
double two_point_log_moment(double kappa, double m, double s) {
    const double large = kappa * std::log(m + s), small = kappa * std::log(std::abs(m - s));
    if (large > 1) return large + std::log1p(std::exp(small - large)) - std::numbers::ln2;
    return std::log1p((std::expm1(large) + std::expm1(small)) / 2);
}

// E|1 + r U|^kappa - 1 = sum_k binomial(kappa, 2k) r^(2k)/(2k + 1), U uniform on (-1, 1), r < 1.
double uniform_series(double kappa, double r) {
    double coefficient = 1, sum = 0;
    for (int k = 1; k < 60; ++k) {
        coefficient *= (kappa - 2 * k + 2) * (kappa - 2 * k + 1) / ((2 * k - 1) * (2.0 * k)) * r * r;
        sum += coefficient / (2 * k + 1);
    }
    return sum;
}

// E|A|^kappa = [(m + w)^(kappa+1) +- |m - w|^(kappa+1)]/(2 w (kappa + 1)), + where m < w.
double uniform_log_moment(double kappa, double m, double s) {
    const double w = std::numbers::sqrt3 * s, power = kappa + 1;
    if (2 * w < m && power * w < m) return kappa * std::log(m) + std::log1p(uniform_series(kappa, w / m));
    const double fraction = std::pow(std::abs(m - w) / (m + w), power);
    return power * std::log(m + w) + std::log1p(m < w ? fraction : -fraction) - std::log(2 * w * power);
}

// E|1 + e Z|^kappa - 1 ~ sum_k binomial(kappa, 2k) (2k-1)!! e^(2k), for e^2 < 1/80 exact to double precision.
double gaussian_series(double kappa, double e2) {
    double term = 1, sum = 0;
    for (int k = 1; k < 40; ++k) {
        term *= (kappa - 2 * k + 2) * (kappa - 2 * k + 1) / (2 * k) * e2;
        sum += term;
    }
    return sum;
}

// E|q + Z|^kappa = 2^(kappa/2) sum_j Poisson(j; q^2/2) Gamma(j + (1 + kappa)/2)/Gamma(j + 1/2): powers of
// chi-square variates, as for E log|q + Z|. All terms are positive, unlike those of 1F1(-kappa/2; 1/2;
// -q^2/2).
double gaussian_poisson_sum(double kappa, double q) {
    const double rate = q * q / 2;
    double term = std::exp(-rate + kappa / 2 * std::numbers::ln2 + std::lgamma((1 + kappa) / 2)) *
                  std::numbers::inv_sqrtpi;
    double sum = 0;
    for (int j = 0; j < rate || term > 1e-18 * sum; ++j) {
        sum += term;
        term *= rate / (j + 1) * (j + (1 + kappa) / 2) / (j + 0.5);
    }
    return sum;
}

// log E|q + Z|^kappa for kappa >= 20 by the trapezoidal rule, which converges geometrically: with u = q + Z
// the integrand exp(kappa log|u| - (u - q)^2/2) is two bumps no wider than a Gaussian, centred where u (u -
// q) = kappa.
double gaussian_two_bumps(double kappa, double q) {
    const double root = std::sqrt(q * q + 4 * kappa), step = 0.25;
    const double right = (q + root) / 2, left = -2 * kappa / (q + root);
    const auto exponent = [=](double u) { return kappa * std::log(std::abs(u)) - (u - q) * (u - q) / 2; };
    const double peak = exponent(right);
    double sum = 0;
    for (int k = -48; k <= 48; ++k) {
        if (right + k * step > 0) sum += std::exp(exponent(right + k * step) - peak);
        if (left + k * step < 0) sum += std::exp(exponent(left + k * step) - peak);
    }
    return peak + std::log(sum * step / std::sqrt(2 * std::numbers::pi));
}

double gaussian_log_moment(double kappa, double m, double s) {
    const double q = m / s, d = q * q;
    if (d > 80 && kappa * kappa < 16 * d)
        return kappa * std::log(m) + std::log1p(gaussian_series(kappa, 1 / d));
    if (kappa < 20) return kappa * std::log(s) + std::log(gaussian_poisson_sum(kappa, q));
    return kappa * std::log(s) + gaussian_two_bumps(kappa, q);
}

double log_moment(NoiseLaw law, double kappa, double m, double s) {
    switch (law.law) {
        case Law::gaussian:
            return gaussian_log_moment(kappa, m, s);
        case Law::uniform:
            return uniform_log_moment(kappa, m, s);
        case Law::two_point:
            return two_point_log_moment(kappa, m, s);
        case Law::student_t:
            return std::log(student_moment(law.shape, kappa, m, s));
        case Law::stable:
            return std::log(stable_moment(law.shape, kappa, m, s));
        case Law::jumps:
        case Law::none:
            break;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

double largest_factor(NoiseLaw law, double m, double s) {
    if (s == 0 || law == Law::two_point) return m + s;
    return law == Law::uniform ? m + std::numbers::sqrt3 * s : std::numeric_limits<double>::infinity();
}

void require_trapped(double growth) {
    if (growth < 0) return;
    throw std::domain_error(
        "no tail index: E log|A| >= 0, so x has no stationary law; take sigma inside trap_window");
}

}  // namespace

double tail_index(NoiseLaw law, double mean, double deviation) {
    const double m = std::abs(mean), s = std::abs(deviation), growth = mean_log_abs(law, m, s);
    require_trapped(growth);
    if (largest_factor(law, m, s) <= 1) return std::numeric_limits<double>::infinity();
    // A growth of -infinity (A = 0 has positive odds) is as good as any negative number, to the root finder.
    const auto slope = [=](double kappa) {
        return kappa == 0 ? std::max(growth, -1e3) : log_moment(law, kappa, m, s) / kappa;
    };
    // Moments of the order of a heavy tail are infinite, those just below it as large as one likes.
    const double most = largest_moment(law);
    double upper = std::min(1.0, most / 2);
    while (slope(upper) <= 0) {
        upper = std::min(2 * upper, (upper + most) / 2);
        if (most - upper < 1e-4 * most) return upper;  // the tail is that of the noise itself
    }
    std::uintmax_t rounds = 300;
    const auto [left, right] = boost::math::tools::toms748_solve(
        slope, 0.0, upper, slope(0), slope(upper), boost::math::tools::eps_tolerance<double>(51), rounds);
    return (left + right) / 2;
}

double sde_tail_index(double a, double sigma) { return 1 - 2 * a / (sigma * sigma); }

double euler_tail_index(double a, double sigma, double dt) {
    return tail_index(Law::gaussian, 1 + a * dt, sigma * std::sqrt(dt));
}

}  // namespace noisetrap
