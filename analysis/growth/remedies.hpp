// Ways to escape a saddle x <- x + l[(a + xi) x + eta] of repulsion a > 0, and losses whose traps are known
// exactly. Growth rates decide: with eta = 0 paths escape where E log|factor| > 0. Every answer for the SDE
// dx = a x dt + sigma x dW stands beside that for the recursion, of which it is the limit of small steps.
// Bad input throws std::domain_error.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "engine/noise/law.hpp"

namespace noisetrap {

/// sigma^2/(2a), in samples: noise sigma/sqrt(b) lets paths of the SDE escape iff b > critical_batch, a and
/// sigma per step (at learning rate l, pass l a and l sigma: l sigma^2/(2a)).
double critical_batch(double a, double sigma);

/// The real b > 0 with E log|1 + l(a + sigma/sqrt(b) Z)| = 0 at the lower edge of the trap window in sigma,
/// in samples drawn with replacement: larger batches escape. Nothing where no batch is trapped, since l a is
/// too large for the law. Z has the given law: exact for Gaussian samples, whose mean is Gaussian; the mean
/// of b two-point samples is a shifted binomial instead (two_point_batch_growth).
std::optional<double> critical_batch(Law law, double a, double sigma, double learning_rate);

/// sigma/sqrt(b) sqrt((N - b)/(N - 1)): the standard deviation of the mean of b of N samples, drawn without
/// replacement from a population of standard deviation sigma (Cochran 1977, section 2.4). 1 <= b <= N.
double deviation_without_replacement(double sigma, double batch, double population);

/// The batch drawn without replacement whose mean is as noisy as that of `batch` samples drawn with
/// replacement: b = N batch/(N - 1 + batch), always below N. With a critical batch it gives the critical
/// batch of a finite population.
double batch_without_replacement(double batch, double population);

/// E log|1 + a + sigma M|, M the mean of b signs +1 or -1 of equal odds, (2 Binomial(b, 1/2) - b)/b, by
/// summing over the binomial; per step at learning rate 1 (at another rate l, pass l a and l sigma).
/// -infinity where the factor can be 0.
double two_point_batch_growth(int batch, double a, double sigma);

/// 2a/sigma^2: below it paths escape, in the limit of small steps.
double critical_learning_rate(double a, double sigma);

/// Open range of learning rates.
struct LearningRateWindow {
    double lower, upper;
};

/// The learning rates l > 0 with E log|1 + l(a + sigma Z)| < 0, for a >= 0 and sigma > 0: below `lower` (the
/// critical learning rate) paths escape slowly, above `upper` they overshoot. Nothing where no l traps.
std::optional<LearningRateWindow> learning_rate_window(Law law, double a, double sigma);

/// The mean log growth E log|x[n]/x[0]| along a schedule.
struct AnnealedGrowth {
    double last = 0;                           // after all steps
    double minimum = 0;                        // over all steps, also step 0, where the growth is 0
    std::uint64_t minimum_step = 0;            // the n of the minimum
    std::optional<std::uint64_t> return_step;  // the first n with growth >= 0 after it has been negative
};

/// Sums of E log|1 + l[k](a + sigma Z)|. The growth after n steps has the terms k = 0 ... n-1: the first step
/// is taken at rate learning_rate(0), and n counts the steps that have been taken. Throws where a rate is not
/// finite.
AnnealedGrowth annealed_growth(Law law, double a, double sigma,
                               const std::function<double(std::uint64_t)>& learning_rate,
                               std::uint64_t steps);

/// SVRG with landmark x*, x <- x + l[(a + xi) x - xi x*]: E log|x/x*| per epoch of the SDE's long inner loop,
/// E log(1 + G), G inverse gamma with shape 1 - 2a/sigma^2 and scale 2a/sigma^2, the stationary law of x/x*
/// at tau = sigma, rho = -1. Throws unless 0 < a < sigma^2/2; beyond, an epoch grows without bound. The
/// recursion's law has no closed form; it tends to this one with small steps.
double svrg_epoch_growth(double a, double sigma);

/// Two curvatures at random (Ziyin et al. 2022): loss c w^2/2, c = 1 or -1-q with equal odds, a maximum on
/// average for q > 0. E log|w[t]/w[0]|/t = 1/2 log|(1 - l)(1 + l(1 + q))|, per step.
double two_curvature_growth(double q, double learning_rate);

/// Where it is negative: q/(1+q) < l < [q + sqrt(q^2 + 8(1+q))]/(2(1+q)), q >= 0.
LearningRateWindow two_curvature_window(double q);

/// One side of a two-sided quadratic.
struct Side {
    double a, sigma;
};

/// E log|A| per step of x <- (1 + a + sigma Z) x with parameters that depend on the sign of x, Gaussian Z,
/// learning rate 1: sum of pi E log|1 + a + sigma Z| over both sides. The sign is a Markov chain that leaves
/// a side with odds Phi(-(1 + a)/sigma); pi is its stationary law. Throws where a sigma is not positive or
/// the sign never changes in practice (odds below 1e-300).
double two_sided_growth(const Side& right, const Side& left);

/// Two-layer linear unit, loss (u w x - y)^2 ('noise balance', Ziyin et al. 2023), with x ~ Normal(0, 1) and
/// y = signal x + noise z, z ~ Normal(0, 1): near u = w = 0 each step multiplies u + w and u - w by
/// 1 +- (2 l/b) sum x y.
struct TwoLayerProblem {
    double signal, noise;
};

/// E log|1 + sign (2 l/b) sum of b products x y|, sign = +1 (u + w) or -1 (u - w), per step. Given the x's
/// the sum is Gaussian, and their squares add up to a chi-square.
double two_layer_growth(const TwoLayerProblem& unit, double learning_rate, int batch, int sign);

/// Whether both growth rates are negative: u w -> 0 almost surely near 0.
bool two_layer_trapped(const TwoLayerProblem& unit, double learning_rate, int batch);

/// E[xy]/Var[xy] = signal/(2 signal^2 + noise^2), for signal >= 0: the SDE is trapped iff learning_rate/batch
/// is not below this.
double two_layer_critical_temperature(const TwoLayerProblem& unit);

/// Least squares in d dimensions with features Normal(0, s^2 I) and batches of b: the distance to the optimum
/// is multiplied by R each step, R^2 = (1 - cX)^2 + c^2 X Y, c = l s^2/b, X ~ chi^2_b and Y ~ chi^2_(d-1)
/// independent, Y = 0 for d = 1.
struct LeastSquaresProblem {
    int dimensions;
    double feature_deviation;  // s
    int batch;
};

/// E log R per step.
double least_squares_growth(const LeastSquaresProblem& problem, double learning_rate);

/// Tail exponent kappa > 0 of the stationary law: the root of E R^kappa = 1 (Kesten 1973), to about 1e-9 of
/// its value. Throws where E log R >= 0 and there is no such law, and where kappa is above 1000.
double least_squares_tail_index(const LeastSquaresProblem& problem, double learning_rate);

/// 2b/(s^2 (d + b + 1)): the learning rate with kappa = 2, from which on the stationary law has no variance.
double least_squares_variance_limit(const LeastSquaresProblem& problem);

}  // namespace noisetrap
