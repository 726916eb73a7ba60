// Exact first two moments of the linear recursion and of the linear SDE, far below and far above criticality.
// Trapped paths can have growing moments: where x -> 0 almost surely, E x^2 may still diverge.
#pragma once

#include <cstdint>

namespace noisetrap {

/// E x, E x^2, and E x^2 - (E x)^2 without the cancellation of that difference.
struct FirstTwoMoments {
    double first, second, variance;
};

/// Moments after `steps` steps of x <- x + l[(a + xi) x + eta] from x0, with xi and eta of standard
/// deviations sigma and tau, correlation rho and any law. Takes the same time for every number of steps.
/// +infinity on overflow.
FirstTwoMoments recursion_moments(double a, double sigma, double tau, double rho, double x0,
                                  std::int64_t steps, double learning_rate = 1);

/// Moments at `time` of dx = a x dt + sigma x dW + tau dV, d<W,V> = rho dt, from x0.
FirstTwoMoments sde_moments(double a, double sigma, double tau, double rho, double x0, double time);

}  // namespace noisetrap
