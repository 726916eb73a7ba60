#include "analysis/laws/stationary_law.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "analysis/require.hpp"

namespace noisetrap {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// exp(-40) is below the rounding of a double with room for sums.
constexpr double kFar = 40;

void require_stationary(double a, double sigma, double tau, double rho) {
    require(std::isfinite(a + sigma + tau), "a stationary law needs finite parameters");
    require(
        sigma > 0,
        "no stationary law of this family: sigma must be positive; at sigma = 0 the law is Gaussian or none");
    require(tau > 0,
            "no stationary density: tau must be positive; without additive noise x ends at 0 or escapes");
    require(std::abs(rho) <= 1, "rho is a correlation: it must lie in [-1, 1]");
    require(a < sigma * sigma / 2,
            "no stationary law: x escapes because a >= sigma^2/2; raise sigma or lower a");
    require(
        a != 0 || std::abs(rho) < 1,
        "no stationary density: with a = 0 and |rho| = 1 x ends at the point -rho tau/sigma; take |rho| < 1");
}

double log_cosh(double q) { return std::abs(q) + std::log1p(std::exp(-2 * std::abs(q))) - std::log(2.0); }

// log[cosh(q + u)/cosh(q)], accurate for small u.
double log_cosh_ratio(double q, double u) {
    if (std::abs(u) > 1) return log_cosh(q + u) - log_cosh(q);
    const double half = std::sinh(u / 2);
    return std::log1p(2 * half * half + std::tanh(q) * std::sinh(u));
}

// y = width sinh(q) turns the Pearson IV law into p(q) ~ cosh(q)^-alpha exp(-nu 2 atan(e^-q)): one peak, at
// sinh(q) = nu/alpha, curvature -alpha there, exponential tails. The exponent is taken relative to the peak.
PeakedDensity pearson_density(double alpha, double nu, double peak, double zero) {
    const double far = kFar + std::log1p(nu + alpha) + std::abs(zero);
    return {[=](double u) {
                const double angle = std::atan(std::sinh(u / 2) / std::cosh(peak + u / 2));
                return 2 * nu * angle - alpha * log_cosh_ratio(peak, u);
            },
            [=](double u) { return nu / std::cosh(peak + u) - alpha * std::tanh(peak + u); }, -far - peak,
            far - peak};
}

// |y| = scale e^q/alpha turns the inverse gamma law into p(q) ~ exp(-alpha (q + e^-q)).
PeakedDensity inverse_gamma_density(double alpha, double mu_over_peak) {
    const double far = kFar + std::log1p(alpha) + std::log1p(mu_over_peak);
    return {[=](double u) { return -alpha * (u + std::expm1(-u)); },
            [=](double u) { return alpha * std::expm1(-u); }, -kInfinity, far};
}

}  // namespace

StationaryLaw stationary_law(double a, double sigma, double tau, double rho) {
    require_stationary(a, sigma, tau, rho);
    return {a, sigma, tau, rho};
}

StationaryLaw::StationaryLaw(double a, double sigma, double tau, double rho)
    : name_(rho == 0             ? "student-t"
            : std::abs(rho) == 1 ? "inverse-gamma"
                                 : "pearson-iv"),
      alpha_(1 - 2 * a / (sigma * sigma)),
      mu_(rho * tau / sigma),
      mode_(rho * sigma * tau / (a - sigma * sigma) + 0.0),  // not -0
      width_(tau * std::sqrt((1 - rho) * (1 + rho)) / sigma),
      skew_(2 * std::abs(a * mu_) / (sigma * sigma) / (width_ > 0 ? width_ : 1)),
      side_(a * mu_ > 0 ? -1 : 1),
      peak_(width_ > 0 ? std::asinh(skew_ / alpha_) : std::log(skew_ / alpha_)),
      log_scale_(log_scale_density()) {}

PeakedDensity StationaryLaw::log_scale_density() const {
    if (width_ > 0) return pearson_density(alpha_, skew_, peak_, std::asinh(mu_ / width_));
    return inverse_gamma_density(alpha_, std::abs(mu_) * std::exp(-peak_));
}

// y = side width sinh(peak + u), or side exp(peak + u) where |rho| = 1.
double StationaryLaw::from_log_scale(double u) const {
    return side_ * (width_ > 0 ? width_ * std::sinh(peak_ + u) : std::exp(peak_ + u));
}

double StationaryLaw::to_log_scale(double y) const {
    if (width_ > 0) return std::asinh(side_ * y / width_) - peak_;
    return side_ * y > 0 ? std::log(side_ * y) - peak_ : -kInfinity;
}

// dq/dy = 1/sqrt(y^2 + width^2)
double StationaryLaw::log_density(double x) const {
    const double y = x + mu_, u = to_log_scale(y);
    if (!std::isfinite(u)) return -kInfinity;
    return log_scale_.exponent(u) - std::log(log_scale_.total()) - std::log(std::hypot(y, width_));
}

double StationaryLaw::density(double x) const { return std::exp(log_density(x)); }

double StationaryLaw::cdf(double x) const {
    const double u = to_log_scale(x + mu_);
    return (side_ > 0 ? log_scale_.mass_below(u) : log_scale_.mass_above(u)) / log_scale_.total();
}

double StationaryLaw::survival(double x) const {
    const double u = to_log_scale(x + mu_);
    return (side_ > 0 ? log_scale_.mass_above(u) : log_scale_.mass_below(u)) / log_scale_.total();
}

double StationaryLaw::two_sided_survival(double r) const { return r < 0 ? 1 : survival(r) + cdf(-r); }

double StationaryLaw::quantile(double p) const {
    require(p >= 0 && p <= 1, "quantile of a probability outside [0, 1]");
    if (p == 0 || p == 1)
        return width_ > 0 || (p == 1) == (side_ > 0) ? (p == 1 ? kInfinity : -kInfinity) : -mu_;
    const double mass = p * log_scale_.total();
    const double u =
        side_ > 0 ? log_scale_.point_with_mass_below(mass) : log_scale_.point_with_mass_above(mass);
    return from_log_scale(u) - mu_;
}

double StationaryLaw::mean_log_abs() const {
    const auto log_abs = [this](double u) {
        const double x = from_log_scale(u) - mu_;
        return std::log(std::max(std::abs(x), std::numeric_limits<double>::min()));
    };
    const double zero = to_log_scale(mu_);
    return log_scale_.mean(log_abs, zero);
}

}  // namespace noisetrap
