// Growth rates, trap windows and tail exponents near a critical point, for the SDE
//     dx = a x dt + sigma x dW + tau dV
// and for the random recursion x <- A x + B with A = mean + deviation Z, E Z = 0, E Z^2 = 1; of a stable law, which has no
// variance, `deviation` is the scale.
// The growth rate (Lyapunov exponent) of the recursion is E log|A|: with B = 0, x -> 0 almost surely iff it
// is negative (Kesten 1973). sigma and deviation enter through their absolute values only: every law is
// symmetric.
#pragma once

#include <optional>

#include "engine/noise/law.hpp"

namespace noisetrap {

/// a - sigma^2/2, the growth rate of the SDE per unit of time, whatever tau and rho.
double sde_growth_rate(double a, double sigma);

/// E log|mean + deviation Z|, per step; -infinity where A = 0 has positive odds.
double mean_log_abs(NoiseLaw law, double mean, double deviation);

/// E log|1 + a + sigma Z|: the same per step at learning rate 1 (at another rate l, pass l a and l sigma).
/// Keeps its relative accuracy for small a, where forming 1 + a would lose the digits that matter.
double step_growth(NoiseLaw law, double a, double sigma);

/// Open range of sigma in which the recursion is trapped.
struct TrapWindow {
    double lower, upper;
};

/// Where step_growth(law, a, sigma) < 0; nothing where no sigma traps. lower = 0 where |1 + a| <= 1.
std::optional<TrapWindow> trap_window(NoiseLaw law, double a);

/// Tail exponent kappa > 0 of the stationary recursion, P(|x| > r) ~ C r^-kappa: the root of E|A|^kappa = 1
/// (Kesten 1973, Goldie 1991). +infinity where |A| <= 1 always.
/// Throws std::domain_error where E log|A| >= 0: then there is no stationary law.
double tail_index(NoiseLaw law, double mean, double deviation);

/// 1 - 2a/sigma^2, the tail exponent of the SDE; not positive where the SDE has no stationary law.
double sde_tail_index(double a, double sigma);

/// E log|A|/dt for Euler-Maruyama, A = 1 + a dt + sigma sqrt(dt) Z, Gaussian Z; per unit of time.
double euler_growth_rate(double a, double sigma, double dt);

/// The tail exponent that Euler-Maruyama has instead of the SDE's; throws as tail_index does.
double euler_tail_index(double a, double sigma, double dt);

/// Whether (1 + a dt)^2 + sigma^2 dt < 1, so that E x^2 -> 0 without additive noise.
bool euler_mean_square_stable(double a, double sigma, double dt);

}  // namespace noisetrap
