#include "analysis/statistics/quantiles.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>

#include "analysis/require.hpp"

namespace noisetrap {
namespace {

constexpr double unknown_error = std::numeric_limits<double>::quiet_NaN();
constexpr double deviations = 3;  // of a normal law, at which the limits hold

using namespace boost::math::policies;
using Binomial = boost::math::binomial_distribution<double, policy<discrete_quantile<integer_round_up>>>;

/// Ranks from 0, which may lie beyond all rows: each row of them is on the wrong side of the law's p-quantile with the
/// odds of a normal deviate below -3, or with smaller ones.
struct Limits {
    double low, high;
};
Limits limits_of(double rows, double p) {
    const Binomial below(rows, p);
    const double odds = boost::math::cdf(boost::math::normal(), -deviations);
    return {boost::math::quantile(below, odds) - 1,
            boost::math::quantile(boost::math::complement(below, odds))};
}

/// at(rank) is an order statistic, from 0.
template <class At>
Estimate estimate_of(double n, double p, const Lattice& values, At at) {
    require(p > 0 && p < 1, "the probability of a quantile must lie between 0 and 1");
    if (n == 0) return {};
    const double rank = std::clamp(std::round(p * (n + 1) - 1), 0.0, n - 1), value = at(rank);
    const auto [low, high] = limits_of(n, p);
    if (!std::isfinite(value) || low < 0 || high > n - 1) return {value, unknown_error};
    const double deviation = std::sqrt(n * p * (1 - p)), apart = std::max(1.0, std::round(deviation));
    const double error = (at(rank + apart) - at(rank - apart)) / (2 * apart) * deviation,
                 farther = std::max(value - at(low), at(high) - value) / deviations;
    if (!std::isfinite(farther)) return {value, unknown_error};
    return {value, std::max({error, farther, values.spacing / 2})};
}

}  // namespace

Estimate quantile_of(std::vector<double> rows, double p, const Lattice& values) {
    return estimate_of(static_cast<double>(rows.size()), p, values, [&](double rank) {
        const auto nth = rows.begin() + static_cast<std::ptrdiff_t>(rank);
        std::nth_element(rows.begin(), nth, rows.end());
        return *nth;
    });
}

Estimate quantile_of(const Sketch& sketch, double p, const Lattice& values) {
    return estimate_of(static_cast<double>(sketch.total()), p, values,
                       [&](double rank) { return sketch.at(static_cast<std::uint64_t>(rank), values); });
}

}  // namespace noisetrap
