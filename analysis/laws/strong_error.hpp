// Exact errors of schemes on dx = a x dt + sigma x dW, x(0) = 1, at the end point T = `time` after N =
// `steps` steps along the same Brownian path: the yardstick for measured orders of convergence. (Kloeden and
// Platen 1992, chapters 9 and 10; the expectations are those of products of independent steps.)
#pragma once

#include <cstdint>

namespace noisetrap {

/// sqrt E(x_T - X_T)^2 of Euler-Maruyama: order 1/2.
double euler_rms_error(double a, double sigma, double time, std::int64_t steps);

/// sqrt E(x_T - X_T)^2 of Milstein: order 1.
double milstein_rms_error(double a, double sigma, double time, std::int64_t steps);

/// |E X_T - E x_T| = |(1 + a h)^N - e^(a T)|, h = T/N, of either scheme: order 1.
double mean_weak_error(double a, double time, std::int64_t steps);

}  // namespace noisetrap
