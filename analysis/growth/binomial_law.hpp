// The exact law of pure attractive two-point noise without drift, x <- (1 +- sigma) x with equal odds:
// x[n]/x[0] = (1 + sigma)^k (1 - sigma)^(n-k), k ~ Binomial(n, 1/2). E x[n] = x[0], yet x -> 0 almost surely
// for 0 < sigma < sqrt 2.
#pragma once

#include <cstdint>
#include <vector>

namespace noisetrap {

/// One value that |x[n]/x[0]| can take.
struct BinomialAtom {
    std::int64_t heads;  // k, the number of steps with factor 1 + |sigma|
    double probability;
    double log_ratio;  // log|x[n]/x[0]|, -infinity where x[n] = 0
};

/// The n + 1 atoms by rising number of heads, hence by rising log_ratio.
std::vector<BinomialAtom> binomial_law(int steps, double sigma);

/// P(|x[n]| < |x[0]|). An atom closer to |x[0]| than rounding can tell counts as equal to it.
double odds_inside(int steps, double sigma);

/// P(|x[n]| <= |x[0]|).
double odds_inside_or_equal(int steps, double sigma);

}  // namespace noisetrap
