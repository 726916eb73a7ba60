#include "analysis/laws/moments.hpp"

#include <cmath>
#include <limits>

namespace noisetrap {
namespace {

double power(double base, std::int64_t exponent) { return std::pow(base, static_cast<double>(exponent)); }

// A base of a power, with its distance from 1 kept apart so that bases close to 1 lose no digits.
struct Base {
    double value, excess;
};

// (1 + e)^n
double power(Base base, std::int64_t n) {
    if (base.value <= 0.5) return power(base.value, n);
    return std::exp(static_cast<double>(n) * std::log1p(base.excess));
}

// sum_{k<n} r^k = (r^n - 1)/(r - 1), = n at r = 1.
double geometric_sum(Base r, std::int64_t n) {
    if (r.excess == 0) return static_cast<double>(n);
    if (r.value <= 0.5) return (1 - power(r.value, n)) / -r.excess;
    return std::expm1(static_cast<double>(n) * std::log1p(r.excess)) / r.excess;
}

// sum_{k<n} p^k q^(n-1-k) = (p^n - q^n)/(p - q): the larger base is taken out, so that the ratio is at
// most 1.
double mixed_sum(Base p, Base q, std::int64_t n) {
    if (n == 0) return 0;
    if (std::abs(p.value) > std::abs(q.value)) return mixed_sum(q, p, n);
    if (q.value == 0) return n == 1 ? 1 : 0;
    const Base ratio{p.value / q.value, (p.excess - q.excess) / q.value};
    return power(q, n - 1) * geometric_sum(ratio, n);
}

// (e^u - 1)/u
double relative_expm1(double u) { return u == 0 ? 1 : std::expm1(u) / u; }

// int_0^t e^(p s + q (t - s)) ds = (e^(p t) - e^(q t))/(p - q)
double mixed_integral(double p, double q, double t) {
    return t * std::exp(std::fmax(p, q) * t) * relative_expm1(-std::abs(p - q) * t);
}

// 0 times an overflowed sum is 0 here: the term is absent. Only the correlation term can be negative and the
// term in x0^2 outgrows it, so a difference of infinities means +infinity.
double term(double coefficient, double sum) { return coefficient == 0 ? 0 : coefficient * sum; }

FirstTwoMoments moments(double first, double multiplicative, double mixed, double additive) {
    const double sum = multiplicative + mixed + additive;
    const double variance = std::isfinite(sum) ? sum : std::numeric_limits<double>::infinity();
    return {first, first * first + variance, variance};
}

}  // namespace

// m' = mu m, v' = q v + s^2 m^2 + 2 rho s t m + t^2 for mean and variance, with mu = 1 + l a, s = l sigma,
// t = l tau, q = mu^2 + s^2; hence
// v[n] = s^2 x0^2 sum_k mu^2k q^(n-1-k) + 2 rho s t x0 sum_k mu^k q^(n-1-k) + t^2 sum_k q^k.
FirstTwoMoments recursion_moments(double a, double sigma, double tau, double rho, double x0,
                                  std::int64_t steps, double learning_rate) {
    const double la = learning_rate * a, s = learning_rate * sigma, t = learning_rate * tau, mu = 1 + la;
    const Base one{1, 0}, mean{mu, la}, square{mu * mu, la * (2 + la)},
        q{mu * mu + s * s, la * (2 + la) + s * s};
    return moments(term(x0, power(mean, steps)), term(s * s * x0 * x0, mixed_sum(square, q, steps)),
                   term(2 * rho * s * t * x0, mixed_sum(mean, q, steps)),
                   term(t * t, mixed_sum(one, q, steps)));
}

// m' = a m, v' = q v + sigma^2 m^2 + 2 rho sigma tau m + tau^2 with q = 2 a + sigma^2.
FirstTwoMoments sde_moments(double a, double sigma, double tau, double rho, double x0, double time) {
    const double q = 2 * a + sigma * sigma;
    return moments(term(x0, std::exp(a * time)),
                   term(sigma * sigma * x0 * x0, mixed_integral(2 * a, q, time)),
                   term(2 * rho * sigma * tau * x0, mixed_integral(a, q, time)),
                   term(tau * tau, mixed_integral(0, q, time)));
}

}  // namespace noisetrap
