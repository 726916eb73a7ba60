// Whether samples follow a law: distances between distribution functions, and the odds of such a distance if
// they do. F_n(x) is the part of n independent samples that is <= x; laws are continuous, F(x) = P(X <= x).
// Bad input (no samples, samples not ascending or not numbers, a level outside (0, 1)) throws
// std::domain_error.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "engine/statistics/summaries.hpp"

namespace noisetrap {

/// x -> P(X <= x); where a survival function is asked for, x -> P(X > x).
using Cdf = std::function<double(double)>;

/// sup |F_n - F| and its two sides.
struct KsDistance {
    double above = 0;         // sup(F_n - F)
    double below = 0;         // sup(F - F_n)
    std::size_t n = 0;        // samples
    std::size_t other_n = 0;  // samples behind F where it is empirical itself, else 0

    double distance() const;
    /// Odds that samples of the law are as far away or farther. Against a law: Kolmogorov's (1933) limit at
    /// z + 1/(6 sqrt n) + (z - 1)/(4 n), z = sqrt(n) distance() (Vrbik 2020, Applied Mathematics 11, 227):
    /// for n >= 100 right to 4e-4 of its value down to p = 0.1, then too large by a factor exp(z^4/(2 n)) or
    /// less. (Stephens' 1970 correction is off by 2e-3 in the middle and too small in the tail, even at n =
    /// 10^4.) Between two samples: the limit at z = sqrt(n m/(n + m)) distance(), off by O(1/n) where n = m,
    /// else too large by O(1/sqrt n).
    double p_value() const;
};

/// P(sup |B| > z), B a Brownian bridge: 2 sum_k (-1)^(k-1) exp(-2 k^2 z^2) (Kolmogorov 1933), to 1e-12 of its
/// value however small.
double kolmogorov_survival(double z);

/// The distance whose p-value is `level`, against a law.
double critical_distance(double level, std::size_t n);

/// How wrong a law must be to be found out: samples of another law, whose distribution function is this far
/// from F at one point at least, are farther from F than critical_distance(level, n) with odds `power` or
/// more. There F_n is a frequency, Gaussian with a deviation of 0.5/sqrt n or less; so
/// critical_distance + Phi^-1(power) 0.5/sqrt n is enough, and no less is if the laws differ near the median
/// only. For power >= 0.5.
double noticed_difference(double level, double power, std::size_t n);

/// Laws that are wrong on purpose. clamp(F + by, 0, 1): moves odds from one end to the other, so that the
/// distance is |by| or more at the outermost sample already, whatever the samples are.
Cdf shifted(Cdf cdf, double by);
/// F + 4 by F (1 - F): wrong by `by` at the median and right at both ends. |by| <= 1/4, or it would be no
/// law.
Cdf bent(Cdf cdf, double by);

/// Against a law. F is evaluated at a few samples only, some 6 sqrt n of them: both functions rise, so that
/// between two samples F_n - F is less than F_n at the right one minus F at the left one, and most samples
/// are excluded unseen. The result is exact. Throws where F is seen to fall by more than 1e-9.
KsDistance ks_distance(std::span<const double> ascending, const Cdf& cdf);

/// Between two samples, F the second one's empirical function (Smirnov 1939).
KsDistance ks_distance(std::span<const double> ascending, std::span<const double> other_ascending);

/// What counts in bins tell about the distance of their samples.
struct KsBounds {
    KsDistance least;  // at the edges; its p-value is an upper bound
    KsDistance most;   // wherever in their bins the samples may be: F_n at one end of the bin, F at the other
};
KsBounds ks_bounds(const EdgeCounts& bins, const Cdf& cdf);

/// A^2 = n int (F_n - F)^2/(F (1 - F)) dF = -n - 1/n sum_i (2i - 1)[log F(x_i) + log S(x_(n+1-i))]
/// (Anderson and Darling 1954). F below the median, S = 1 - F above it, each evaluated once a sample; so both
/// tails count with their relative accuracy. +infinity where a sample has F = 0 or S = 0.
double anderson_darling(std::span<const double> ascending, const Cdf& cdf, const Cdf& survival);

/// P(sum_j chi^2_j/(j (j + 1)) > a2), the limit law of A^2: n >= 5 samples have it to within 0.05/n, and to
/// within 0.02/n where it is below 0.2 (Marsaglia and Marsaglia 2004). By the series of Anderson and Darling
/// (1952) below 1, by Smirnov's (1937) integrals above, which keep relative accuracy down to the smallest
/// doubles.
double anderson_darling_p_value(double a2);

/// The a2 whose p-value is `level`.
double critical_anderson_darling(double level);

}  // namespace noisetrap
