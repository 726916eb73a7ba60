// From estimates to decisions: how unlikely a deviation is, which level each of many claims may use, and
// estimates whose errors are small because the same paths stand on both sides.
// Bad input (no rows, columns of different lengths, rows that are not finite, a level outside (0, 1)) throws
// std::domain_error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/statistics/summaries.hpp"

namespace noisetrap {

/// P(|Z| > |z|), Z standard normal: erfc(|z|/sqrt 2).
double two_sided_p(double z);
/// The z >= 0 with two_sided_p(z) = p, 0 <= p <= 1; +infinity for p = 0.
double two_sided_z(double p);

/// The level of each of `claims` independent claims for which the odds of a false alarm among all are
/// `family_level`: 1 - (1 - family_level)^(1/claims) (Sidak 1967).
double sidak_level(double family_level, std::size_t claims);
/// family_level/claims: enough whatever the claims have to do with each other (Bonferroni).
double bonferroni_level(double family_level, std::size_t claims);

struct ConfidenceInterval {
    double low, high;
};
/// The p for which hits/trials is no farther than z standard deviations sqrt(p (1 - p)/trials) from p,
/// z = two_sided_z(level) (Wilson 1927). It misses p with odds of about `level`.
ConfidenceInterval wilson_interval(std::uint64_t hits, std::uint64_t trials, double level);

/// hits/trials with the standard error of two hits and two misses more, which is not 0 where all rows are
/// equal (Agresti and Coull 1998, Am. Stat. 52, 119). `hits` may be off by rounding; some trials.
Estimate cautious_proportion(double hits, double trials);

/// The variance of the rows, with a standard error that holds where few rows make the sum. There larger rows are to come:
/// estimate and error are both too low, and together most of all, so that to leave out those with large errors makes what
/// is left worse. The error is 1 + 3 g/sqrt n times that from the fourth moment, g the excess kurtosis of the rows, 0 or
/// more. For rows near a normal law that is no more; where E x^8 is infinite, 3 errors hold the variance in 98 % of
/// samples instead of 91 to 97 % (`noisetrap validate --coverage`); where there is no variance the error grows beyond it.
Estimate cautious_variance(const Moments& rows);

/// The odds that rows whose law has the mean `level` have theirs on this side of it and so far away, or
/// farther; 1 for fewer than two rows. Where they are small the law's own mean lies on that side.
///
/// The larger of two answers: Student's t, and t with the skewness taken out of it by Hall's cubic (1992, J. R.
/// Stat. Soc. B 54, 221). Rows with a long tail towards the level are more often than t knows all on the other
/// side: of 256 exponential rows 16 times as often at odds of 1e-5, by both answers twice; where the tail points
/// away t alone is careful enough.
///
/// Equal rows are no proof of being free of noise: an outcome that is as rare as 1 in 100 may not have been
/// seen. Their odds are those of that, 0.99^n.
double odds_by_chance(const Moments& rows, double level);

Estimate scaled(const Estimate&, double factor);

/// Mean of first[i] - second[i], row i of both from the same path; its error is that of the differences.
Estimate paired_difference(std::span<const double> first, std::span<const double> second);

/// The limit dt -> 0 from one quantity along the same paths at steps dt, dt/2 and dt/4 (Talay and Tubaro
/// 1990), for a scheme of weak order p, E f(dt) = E f + c dt^p + c' dt^(p+1) + ... All errors are those of
/// per-path combinations.
struct PathExtrapolation {
    Estimate estimate;        // (2^p f(dt/4) - f(dt/2))/(2^p - 1), without the term in dt^p
    Estimate discretisation;  // the estimate minus the mean of f(dt/4)
    /// |the value without the term in dt^(p+1) too, minus the estimate|: the size of what is left in it.
    Estimate remaining;
};
PathExtrapolation extrapolate_paths(std::span<const double> coarse, std::span<const double> middle,
                                    std::span<const double> fine, int weak_order);

}  // namespace noisetrap
