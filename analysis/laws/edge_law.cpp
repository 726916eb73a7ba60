#include "analysis/laws/edge_law.hpp"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "analysis/require.hpp"

namespace noisetrap {
namespace {

// 2 a/sigma^2 where it is -1, 1, 3 or 5; else 0.
int twice_the_ratio(double a, double sigma, double tau) {
    if (!(sigma > 0) || !(tau > 0)) return 0;
    const double ratio = 2 * a / (sigma * sigma);
    for (const int whole : {-1, 1, 3, 5})
        if (std::abs(ratio - whole) <= 1e-12) return whole;
    return 0;
}

double place(double x, double sigma, double tau) { return std::asinh(sigma * x / tau) / sigma; }

double normal_cdf(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

// 1/cosh u, which does not overflow.
double sech(double u) {
    const double small = std::exp(-std::abs(u));
    return 2 * small / (1 + small * small);
}

double log_cosh(double u) { return std::abs(u) + std::log1p(std::exp(-2 * std::abs(u))) - std::numbers::ln2; }

}  // namespace

bool has_edge_law(double a, double sigma, double tau) { return twice_the_ratio(a, sigma, tau) != 0; }

EdgeLaw::EdgeLaw(double a, double sigma, double tau, double x0, double t)
    : twice_(twice_the_ratio(a, sigma, tau)), sigma_(sigma), tau_(tau), t_(t), y0_(place(x0, sigma, tau)) {
    require(twice_ != 0 && t > 0, "this law is closed at a few rates alone, and after the start");
}

// K is even in d, and so taken where the error functions differ without cancellation.
double EdgeLaw::kernel(double y) const {
    const double d = std::abs(y - y0_), root = std::sqrt(2 * t_), s = sigma_ * t_;
    const double bound = sigma_ / 4 * sech(sigma_ * y) * sech(sigma_ * y0_) *
                         (std::erfc((d - s) / root) - std::erfc((d + s) / root));
    const double free = std::exp(-sigma_ * s / 2 - d * d / (2 * t_)) / std::sqrt(2 * std::numbers::pi * t_);
    return free + bound;
}

double EdgeLaw::density_of_y(double y) const {
    const double log_ratio = log_cosh(sigma_ * y) - log_cosh(sigma_ * y0_);
    if (twice_ == -1) return std::exp(-log_ratio) * kernel(y);
    return std::exp(2 * log_ratio - 1.5 * sigma_ * sigma_ * t_) * kernel(y);
}

double EdgeLaw::cdf_of_y(double y) const {
    const double root = std::sqrt(t_), d = y - y0_, s = sigma_ * t_;
    if (twice_ == 1) return normal_cdf(d / root);
    if (twice_ == 3) {
        const double up = 1 / (1 + std::exp(-2 * sigma_ * y0_));
        return up * normal_cdf((d - s) / root) + (1 - up) * normal_cdf((d + s) / root);
    }
    // The density lies within some widths of y0 +- 2 sigma t, and has kinks of that width nowhere.
    const double reach = 2 * s + 12 * root + 40 / sigma_, low = y0_ - reach, high = y0_ + reach;
    if (y <= low) return 0;
    if (y >= high) return 1;
    const auto density = [this](double at) { return density_of_y(at); };
    const auto integral = [&](double from, double to) {
        const int pieces = 1 + static_cast<int>((to - from) / (4 * std::min(root, 1 / sigma_)));
        double sum = 0;
        for (int i = 0; i < std::min(pieces, 200); ++i) {
            const double width = (to - from) / std::min(pieces, 200), left = from + i * width;
            sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(density, left, left + width,
                                                                                 8, 1e-11);
        }
        return sum;
    };
    return y < y0_ ? integral(low, y) : 1 - integral(y, high);
}

double EdgeLaw::cdf(double x) const { return cdf_of_y(place(x, sigma_, tau_)); }

double EdgeLaw::quantile(double p) const {
    require(p > 0 && p < 1, "quantile of a probability outside (0, 1)");
    const auto excess = [&](double y) { return cdf_of_y(y) - p; };
    double reach = 2 * sigma_ * t_ + 2 * std::sqrt(t_);
    while (excess(y0_ - reach) > 0 || excess(y0_ + reach) < 0) reach *= 2;
    std::uintmax_t rounds = 200;
    const auto [left, right] = boost::math::tools::toms748_solve(
        excess, y0_ - reach, y0_ + reach, boost::math::tools::eps_tolerance<double>(44), rounds);
    return tau_ / sigma_ * std::sinh(sigma_ * (left + right) / 2);
}

std::optional<double> edge_mean_exit_time(double a, double sigma, double tau, double radius, double x0) {
    const int twice = twice_the_ratio(a, sigma, tau);
    if (twice != 1 && twice != 3) return std::nullopt;
    if (std::abs(x0) >= radius) return 0;
    const double b = place(radius, sigma, tau), y0 = place(x0, sigma, tau);
    if (twice == 1) return (b - y0) * (b + y0);
    return (b * std::tanh(sigma * b) - y0 * std::tanh(sigma * y0)) / sigma;
}

std::optional<double> edge_survival(double a, double sigma, double tau, double radius, double x0, double t) {
    const int twice = twice_the_ratio(a, sigma, tau);
    if (twice != 1 && twice != 3) return std::nullopt;
    if (std::abs(x0) >= radius) return 0;
    if (t <= 0) return 1;
    const double b = place(radius, sigma, tau), y0 = place(x0, sigma, tau);
    const double extra = twice == 1 ? 0 : sigma * sigma;
    const double ratio =
        twice == 1 ? 1 : std::exp(log_cosh(sigma * b) - log_cosh(sigma * y0));  // cosh sigma b/cosh sigma y0
    double sum = 0;
    for (int k = 0; k < 10000; ++k) {
        const double lambda = (2 * k + 1) * std::numbers::pi / (2 * b), decay = lambda * lambda + extra;
        const double sign = k % 2 == 0 ? 1 : -1, size = 2 * lambda / (decay * b) * ratio;
        const double fall = std::exp(-decay * t / 2);
        sum += sign * size * fall * std::cos(lambda * y0);
        if (size * fall < 1e-16) return sum;
    }
    return std::nullopt;
}

}  // namespace noisetrap
