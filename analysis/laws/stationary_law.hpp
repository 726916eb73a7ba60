// The stationary law of dx = a x dt + sigma x dW + tau dV, d<W,V> = rho dt: a Pearson diffusion (Wong 1964;
// Forman and Sorensen 2008). With mu = rho tau/sigma, omega = tau sqrt(1 - rho^2), y = x + mu its density is
//     p(y) ~ (sigma^2 y^2 + omega^2)^(a/sigma^2 - 1) exp(-(2 a mu/(sigma omega)) atan(sigma y/omega)),
// a Student t where rho = 0 and an inverse gamma law of |y| where |rho| = 1.
#pragma once

#include <string_view>

#include "analysis/laws/peaked_law.hpp"

namespace noisetrap {

class StationaryLaw {
  public:
    /// "student-t" (rho = 0), "inverse-gamma" (|rho| = 1) or "pearson-iv".
    std::string_view name() const { return name_; }
    /// Per unit of length.
    double density(double x) const;
    double log_density(double x) const;
    /// P(X <= x) and P(X > x), each accurate where it is small.
    double cdf(double x) const;
    double survival(double x) const;
    /// P(|X| > r)
    double two_sided_survival(double r) const;
    /// The x with cdf(x) = p; may overflow to +-infinity. Throws std::domain_error unless 0 <= p <= 1.
    double quantile(double p) const;
    /// Where the density is largest.
    double mode() const { return mode_; }
    /// alpha = 1 - 2a/sigma^2, P(|X| > r) ~ C r^-alpha: moments of order alpha and above do not exist.
    double tail_index() const { return alpha_; }
    /// E log|X|, which exists however heavy the tails are.
    double mean_log_abs() const;

  private:
    friend StationaryLaw stationary_law(double a, double sigma, double tau, double rho);
    StationaryLaw(double a, double sigma, double tau, double rho);
    PeakedDensity log_scale_density() const;
    double from_log_scale(double u) const;
    double to_log_scale(double y) const;

    std::string_view name_;
    double alpha_, mu_, mode_;
    double width_;  // omega/sigma
    double
        skew_;  // 2 |a mu|/(sigma omega); where |rho| = 1 its limit times width_, the scale 2 |a mu|/sigma^2
    double side_;  // +1 or -1: the side of y = 0 on which most of the law lies
    double peak_;  // the most likely asinh(side y/width), or log(side y) where |rho| = 1
    PeakedLaw log_scale_;
};

/// Throws std::domain_error where there is no stationary law: a >= sigma^2/2, tau <= 0, sigma <= 0, |rho| >
/// 1, or a = 0 with |rho| = 1, where x ends at the one point -mu at which drift and noise both vanish.
StationaryLaw stationary_law(double a, double sigma, double tau, double rho);

}  // namespace noisetrap
