#include "analysis/statistics/significance.hpp"

#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "analysis/require.hpp"

namespace noisetrap {
namespace {

void require_level(double level) {
    require(level > 0 && level < 1, "a level of significance must lie between 0 and 1");
}

// The mean of row(0), ..., row(n - 1), in blocks like every column of the engine.
template <class Row>
Estimate mean_over_paths(std::size_t n, const Row& row) {
    require(n >= 2, "a standard error needs two paths or more");
    std::array<double, row_block> block;
    Moments all;
    for (std::size_t begin = 0; begin < n; begin += row_block) {
        const std::size_t rows = std::min<std::size_t>(row_block, n - begin);
        for (std::size_t i = 0; i < rows; ++i) block[i] = row(begin + i);
        all.merge(Moments::of({block.data(), rows}));
    }
    require(all.count == n, "paired rows must be finite numbers");
    return all.mean_estimate();
}

}  // namespace

Estimate cautious_proportion(double hits, double trials) {
    require(trials > 0, "a proportion needs trials");
    const double p = (hits + 2) / (trials + 4);
    return {hits / trials, std::sqrt(p * (1 - p) / (trials + 4))};
}

Estimate cautious_variance(const Moments& rows) {
    constexpr double widening = 3;
    auto variance = rows.variance_estimate();
    if (rows.count < 2 || rows.m2 == 0) return variance;
    const auto n = static_cast<double>(rows.count);
    const double excess_kurtosis = std::max(0.0, n * rows.m4 / (rows.m2 * rows.m2) - 3);
    variance.standard_error *= 1 + widening * excess_kurtosis / std::sqrt(n);
    return variance;
}

double odds_by_chance(const Moments& rows, double level) {
    constexpr double share_that_may_hide = 0.01;
    if (rows.count < 2 || rows.mean == level) return 1;
    const auto n = static_cast<double>(rows.count);
    if (rows.m2 == 0) return std::pow(1 - share_that_may_hide, n);
    const double side = rows.mean < level ? -1 : 1,
                 distance = std::abs(rows.mean - level) / std::sqrt(rows.m2 / (n - 1)),
                 skewness = side * rows.m3 / n / std::pow(rows.m2 / n, 1.5);
    // Hall's cubic, ((1 + s d/3)^3 - 1)/s + s/(6n) with the skewness s and the distance d.
    const double unskewed =
        distance * (1 + skewness * distance / 3 * (1 + skewness * distance / 9)) + skewness / (6 * n);
    const boost::math::students_t law(n - 1);
    return boost::math::cdf(boost::math::complement(law, std::sqrt(n) * std::min(distance, unskewed)));
}

Estimate scaled(const Estimate& e, double factor) { return {e.value * factor, e.standard_error * factor}; }

double two_sided_p(double z) {
    require(!std::isnan(z), "z must be a number");
    return boost::math::erfc(std::abs(z) / std::numbers::sqrt2);
}

double two_sided_z(double p) {
    require(p >= 0 && p <= 1, "a p-value must lie in [0, 1]");
    if (p == 0) return std::numeric_limits<double>::infinity();
    return std::numbers::sqrt2 * boost::math::erfc_inv(p);
}

double sidak_level(double family_level, std::size_t claims) {
    require_level(family_level);
    require(claims > 0, "a family has one claim at least");
    return -std::expm1(std::log1p(-family_level) / static_cast<double>(claims));
}

double bonferroni_level(double family_level, std::size_t claims) {
    require_level(family_level);
    require(claims > 0, "a family has one claim at least");
    return family_level / static_cast<double>(claims);
}

ConfidenceInterval wilson_interval(std::uint64_t hits, std::uint64_t trials, double level) {
    require_level(level);
    require(trials > 0 && hits <= trials, "a proportion needs trials, and no more hits than these");
    const auto k = static_cast<double>(hits), n = static_cast<double>(trials);
    const double z = two_sided_z(level), z2 = z * z;
    // Ends of (n + z^2) p^2 - (2k + z^2) p + k^2/n = 0. The larger root first: the smaller would cancel.
    const double high = (k + z2 / 2 + z * std::sqrt(k * (n - k) / n + z2 / 4)) / (n + z2);
    return {k * k / (n * (n + z2) * high), std::min(high, 1.0)};
}

Estimate paired_difference(std::span<const double> first, std::span<const double> second) {
    require(first.size() == second.size(), "paired columns must have the same paths");
    return mean_over_paths(first.size(), [&](std::size_t i) { return first[i] - second[i]; });
}

PathExtrapolation extrapolate_paths(std::span<const double> coarse, std::span<const double> middle,
                                    std::span<const double> fine, int weak_order) {
    require(weak_order == 1 || weak_order == 2, "a weak order must be 1 or 2");
    require(coarse.size() == middle.size() && middle.size() == fine.size(),
            "paired columns must have the same paths");
    // A term c dt^q is c' (2^q - 1) of the difference between two steps: take it away.
    const double order = std::exp2(weak_order), next = 2 * order;
    const auto limit = [=](double at_step, double at_half) {
        return at_half + (at_half - at_step) / (order - 1);
    };
    const auto fine_limit = [&](std::size_t i) { return limit(middle[i], fine[i]); };
    const auto correction = [&](std::size_t i) {
        return (fine_limit(i) - limit(coarse[i], middle[i])) / (next - 1);
    };
    Estimate remaining = mean_over_paths(fine.size(), correction);
    remaining.value = std::abs(remaining.value);
    return {mean_over_paths(fine.size(), fine_limit),
            mean_over_paths(fine.size(), [&](std::size_t i) { return fine_limit(i) - fine[i]; }), remaining};
}

}  // namespace noisetrap
