#include "analysis/growth/growth.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "analysis/growth/heavy_laws.hpp"

namespace noisetrap {
namespace {

// Above this (mean/deviation)^2 the asymptotic series below is exact to double precision: its smallest term
// is of size exp(-d/2).
constexpr double kSeriesFrom = 80;

// E log|1 + e Z| ~ -sum_k (2k-1)!!/(2k) e^(2k): expand the logarithm and take Gaussian moments term by term.
double gaussian_series(double e2) {
    double moment = 1, sum = 0;
    for (int k = 1; k < 40; ++k) {
        moment *= (2 * k - 1) * e2;
        sum -= moment / (2 * k);
    }
    return sum;
}

// E log|q + Z| = 1/2 [log 2 + sum_j Poisson(j; d/2) psi(1/2 + j)], d = q^2, because (q + Z)^2 is a chi-square
// with 1 + 2j degrees of freedom, j drawn from Poisson(d/2). psi(x + 1) = psi(x) + 1/x.
double gaussian_poisson_sum(double d) {
    const double rate = d / 2;
    double odds = std::exp(-rate), sum = 0;
    double psi = -std::numbers::egamma - 2 * std::numbers::ln2;
    for (int j = 0; j < rate || odds * std::abs(psi) > 1e-18; ++j) {
        sum += odds * psi;
        odds *= rate / (j + 1);
        psi += 1 / (j + 0.5);
    }
    return (std::numbers::ln2 + sum) / 2;
}

double gaussian_mean_log(double m, double s) {
    const double d = (m / s) * (m / s);
    if (d > kSeriesFrom) return std::log(m) + gaussian_series(1 / d);
    return std::log(s) + gaussian_poisson_sum(d);
}

// E log|1 + r U| = -sum_k r^(2k)/(2k (2k+1)), U uniform on (-1, 1), r < 1.
double uniform_series(double r2) {
    double power = 1, sum = 0;
    for (int k = 1; k < 40; ++k) {
        power *= r2;
        sum -= power / (2 * k * (2 * k + 1));
    }
    return sum;
}

double u_log_u(double u) { return u == 0 ? 0 : u * std::log(std::abs(u)); }

// E log|m + w U| = [F(m + w) - F(m - w)]/(2w), F(u) = u log|u| - u; here with u in units of w.
double uniform_mean_log(double m, double s) {
    const double w = std::numbers::sqrt3 * s;
    if (2 * w < m) return std::log(m) + uniform_series((w / m) * (w / m));
    return std::log(w) + (u_log_u(m / w + 1) - u_log_u(m / w - 1)) / 2 - 1;
}

// 1/2 log|m^2 - s^2|, with the larger of the two taken out.
double two_point_mean_log(double m, double s) {
    const double large = std::max(m, s), ratio = std::min(m, s) / large;
    return std::log(large) + std::log1p(-ratio * ratio) / 2;
}

// The sigma that traps most: E log|m + sigma Z| = log m + h(sigma/m), and h has one minimum.
double most_trapping_ratio(NoiseLaw law) {
    const auto h = [law](double ratio) { return mean_log_abs(law, 1, ratio); };
    return boost::math::tools::brent_find_minima(h, 0.1, 3.0, 53).first;
}

double edge_of_trap(NoiseLaw law, double a, double inside, double outside) {
    const auto growth = [=](double sigma) { return step_growth(law, a, sigma); };
    std::uintmax_t rounds = 200;
    const auto [left, right] =
        boost::math::tools::toms748_solve(growth, std::min(inside, outside), std::max(inside, outside),
                                          boost::math::tools::eps_tolerance<double>(51), rounds);
    return (left + right) / 2;
}

// m^2 - 1 < sigma^2 < m^2 + 1, m = 1 + a.
TrapWindow two_point_window(double a) {
    const double excess = a * (2 + a);
    return {std::sqrt(std::max(excess, 0.0)), std::sqrt(excess + 2)};
}

}  // namespace

double sde_growth_rate(double a, double sigma) { return a - sigma * sigma / 2; }

double mean_log_abs(NoiseLaw law, double mean, double deviation) {
    const double m = std::abs(mean), s = std::abs(deviation);
    if (s == 0) return std::log(m);
    switch (law.law) {
        case Law::gaussian:
            return gaussian_mean_log(m, s);
        case Law::uniform:
            return uniform_mean_log(m, s);
        case Law::two_point:
            return two_point_mean_log(m, s);
        case Law::student_t:
            return student_mean_log(law.shape, m, s);
        case Law::stable:
            return mean_log_abs_of({law, s}, m);
        case Law::jumps:
            break;
        case Law::none:
            return std::log(m);
    }
    return std::numeric_limits<double>::quiet_NaN();
}

double step_growth(NoiseLaw law, double a, double sigma) {
    if (std::abs(a) > 0.5) return mean_log_abs(law, 1 + a, sigma);
    return std::log1p(a) + mean_log_abs(law, 1, sigma / (1 + a));
}

std::optional<TrapWindow> trap_window(NoiseLaw law, double a) {
    if (law == Law::two_point) return two_point_window(a);
    const double m = std::abs(1 + a);
    const double inside = std::max(most_trapping_ratio(law) * m, 1e-3);
    if (!(step_growth(law, a, inside) < 0)) return std::nullopt;
    // Symmetric unimodal laws: |A| is the larger the larger |1 + a| is. Without heavy tails sigma = 2 escapes even at
    // 1 + a = 0.
    double sure_escape = 2;
    while (step_growth(law, a, sure_escape) < 0) sure_escape *= 2;
    return TrapWindow{m > 1 ? edge_of_trap(law, a, inside, 0) : 0, edge_of_trap(law, a, inside, sure_escape)};
}

}  // namespace noisetrap
