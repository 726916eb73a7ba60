// The quartic well with multiplicative noise, dx = (mu x - x^3) dt + zeta x dW ("stochastic collapse", Chen
// et al. 2023): the origin attracts iff zeta^2 > 2 mu; below that x^2/zeta^2 ~ Gamma(mu/zeta^2 - 1/2, 1),
// which is the density |x|^(2 mu/zeta^2 - 2) e^(-x^2/zeta^2). A path keeps its sign.
#pragma once

namespace noisetrap {

/// mu - zeta^2/2: of log|x| near the origin.
double quartic_well_growth_at_origin(double mu, double zeta);

/// -2 (mu - zeta^2/2) where paths stay away from the origin, mu - zeta^2/2 where they collapse: of
/// dx(t)/dx(0) along a path, E(mu - 3 x^2 - zeta^2/2).
double quartic_well_growth_rate(double mu, double zeta);

/// P(|X| <= r), stationary. Throws std::domain_error where zeta^2 >= 2 mu or zeta = 0.
double quartic_well_cdf(double mu, double zeta, double r);
/// The r with P(|X| <= r) = p.
double quartic_well_quantile(double mu, double zeta, double p);
/// Per unit of |x|.
double quartic_well_density(double mu, double zeta, double r);

/// mu - zeta^2/2, or 0 where paths collapse.
double quartic_well_mean_square(double mu, double zeta);

}  // namespace noisetrap
