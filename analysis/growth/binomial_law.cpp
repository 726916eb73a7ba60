#include "analysis/growth/binomial_law.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <limits>

namespace noisetrap {
namespace {

// count * log, with nothing for no factors even where a factor is 0.
double times(std::int64_t count, double log_factor) {
    return count == 0 ? 0 : static_cast<double>(count) * log_factor;
}

// Heads pair off with tails, (1 + sigma)(1 - sigma) = 1 - sigma^2; the rest is all heads or all tails.
double log_ratio(std::int64_t heads, std::int64_t tails, double sigma) {
    const std::int64_t pairs = std::min(heads, tails);
    const double log_pair = sigma < 1 ? std::log1p(-sigma * sigma) : std::log(sigma * sigma - 1);
    const double log_tail = sigma < 1 ? std::log1p(-sigma) : std::log(sigma - 1);
    const double sum = times(heads - pairs, std::log1p(sigma)) + times(tails - pairs, log_tail);
    return sum + times(pairs, log_pair);
}

// What rounding of sigma and of the logarithms can add up to.
double log_ratio_error(std::int64_t steps, double sigma) {
    return 8 * std::numeric_limits<double>::epsilon() * static_cast<double>(steps) * sigma;
}

// log_ratio rises with the number of heads, so the odds of the atoms `inside` are a binomial distribution
// function.
template <class Inside>
double odds_of_few_heads(int steps, double sigma, const Inside& inside) {
    int heads = 0;
    while (heads <= steps && inside(log_ratio(heads, steps - heads, sigma))) ++heads;
    if (heads == 0) return 0;
    return boost::math::cdf(boost::math::binomial(steps, 0.5), heads - 1);
}

}  // namespace

std::vector<BinomialAtom> binomial_law(int steps, double sigma) {
    const boost::math::binomial law(steps, 0.5);
    std::vector<BinomialAtom> atoms;
    for (int heads = 0; heads <= steps; ++heads)
        atoms.push_back(
            {heads, boost::math::pdf(law, heads), log_ratio(heads, steps - heads, std::abs(sigma))});
    return atoms;
}

double odds_inside(int steps, double sigma) {
    const double size = std::abs(sigma), error = log_ratio_error(steps, size);
    return odds_of_few_heads(steps, size, [=](double ratio) { return ratio < -error; });
}

double odds_inside_or_equal(int steps, double sigma) {
    const double size = std::abs(sigma), error = log_ratio_error(steps, size);
    return odds_of_few_heads(steps, size, [=](double ratio) { return ratio <= error; });
}

}  // namespace noisetrap
