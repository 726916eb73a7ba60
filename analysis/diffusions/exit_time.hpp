// Mean time until a path first leaves |x| < radius.
#pragma once

namespace noisetrap {

/// Mean first exit time from |x| < radius of dx = a x dt + sigma x dW + tau dV, d<W,V> = rho dt, started at
/// x0: T with
///     1/2 (sigma^2 x^2 + 2 rho sigma tau x + tau^2) T'' + a x T' = -1,  T(-radius) = T(radius) = 0.
/// 0 where |x0| >= radius; +infinity where some paths never leave. tau = 0 is geometric Brownian motion,
/// sigma = 0 the (inverted) Ornstein-Uhlenbeck process; with |rho| = 1 and tau < sigma radius the noise
/// vanishes at x = -rho tau/sigma, which paths then cross in one direction only. Throws std::domain_error
/// where |rho| > 1, radius <= 0, a number is not finite, or the noise is too weak for quadrature.
double mean_exit_time(double a, double sigma, double tau, double rho, double radius, double x0);

/// Mean first exit time from |x| < radius of dx = a sign(x) dt + s dW started at 0:
///     R/a - s^2/(2 a^2) (1 - e^(-2 a R/s^2)), R^2/s^2 at a = 0.
double mean_exit_time_piecewise_linear(double a, double s, double radius);

}  // namespace noisetrap
