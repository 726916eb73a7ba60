#include "analysis/statistics/tail_estimate.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>

#include "analysis/require.hpp"

namespace noisetrap {
namespace {

void require_sizes(std::span<const double> log_sizes) {
    require(!log_sizes.empty(), "no tail without samples");
    const bool sizes = std::all_of(log_sizes.begin(), log_sizes.end(),
                                   [](double v) { return v < std::numeric_limits<double>::infinity(); });
    require(sizes, "log|x| must be a number or -infinity");
}

// `exceedances` lie at the threshold or above it.
TailEstimate estimate_over(std::span<const double> exceedances, double log_threshold) {
    require(std::isfinite(log_threshold), "a threshold must be a positive number");
    Moments excess;
    std::vector<double> block;
    for (std::size_t i = 0; i < exceedances.size(); i += row_block) {
        const auto rows = exceedances.subspan(i, std::min<std::size_t>(row_block, exceedances.size() - i));
        block.assign(rows.begin(), rows.end());
        for (double& v : block) v -= log_threshold;
        excess.merge(Moments::of(block));
    }
    require(excess.mean > 0, "no tail above the threshold");
    const double alpha = 1 / excess.mean;
    return {log_threshold, exceedances.size(),
            Estimate{alpha, alpha / std::sqrt(static_cast<double>(exceedances.size()))},
            excess.mean_estimate()};
}

// `descending`: at least its first k + 1 are, and nothing after them is larger.
TailEstimate estimate_of_first(std::span<const double> descending, std::size_t k) {
    return estimate_over(descending.first(k), descending[k]);
}

std::vector<double> largest_first(std::span<const double> log_sizes, std::size_t count) {
    std::vector<double> sorted(log_sizes.begin(), log_sizes.end());
    const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(count);
    if (end != sorted.end()) std::nth_element(sorted.begin(), end, sorted.end(), std::greater<>());
    std::sort(sorted.begin(), end, std::greater<>());
    sorted.resize(count);
    return sorted;
}

}  // namespace

TailEstimate tail_estimate(std::span<const double> log_sizes, double log_threshold) {
    require_sizes(log_sizes);
    std::vector<double> exceedances;
    for (const double v : log_sizes)
        if (v > log_threshold) exceedances.push_back(v);
    return estimate_over(exceedances, log_threshold);
}

TailEstimate tail_estimate_of_largest(std::span<const double> log_sizes, std::size_t k) {
    require_sizes(log_sizes);
    require(k > 0 && k < log_sizes.size(), "exceedances must be one at least, and fewer than the samples");
    return estimate_of_first(largest_first(log_sizes, k + 1), k);
}

Estimate tail_index_with_bias(std::span<const double> log_sizes, std::size_t k) {
    auto index = tail_estimate_of_largest(log_sizes, k).index;
    if (4 * k >= log_sizes.size()) return {index.value};
    const auto descending = largest_first(log_sizes, 4 * k + 1);
    if (!std::isfinite(descending.back())) return {index.value};
    const auto bias = [&](std::size_t times) {
        const double change = std::abs(index.value - estimate_of_first(descending, times * k).index.value);
        return change / std::min(1.0, std::pow(times, 1 / index.value) - 1);
    };
    return {index.value, index.standard_error + std::max(bias(2), bias(4))};
}

std::vector<TailEstimate> tail_scan(std::span<const double> log_sizes, std::size_t fewest) {
    require_sizes(log_sizes);
    require(fewest > 0, "exceedances must be one at least");
    std::vector<TailEstimate> scan;
    const std::size_t n = log_sizes.size();
    const auto descending = largest_first(log_sizes, n / 10 + 1);
    for (std::size_t tens = 10; n / tens >= fewest; tens *= 10)
        for (const std::size_t k : {n / tens, n / (3 * tens)})
            if (k >= fewest) scan.push_back(estimate_of_first(descending, k));
    return scan;
}

double mean_log_excess(const std::function<double(double)>& log_survival, double log_threshold) {
    require(std::isfinite(log_threshold), "a threshold must be a positive number");
    const double beyond = log_survival(log_threshold);
    require(beyond > 0 && beyond <= 1, "the odds of exceeding the threshold must lie in (0, 1]");
    const auto ratio = [&](double excess) { return log_survival(log_threshold + excess) / beyond; };
    // Adaptive, since a survival function may have corners, where the law ends or where its numbers do.
    double error = 0;
    const double mean = boost::math::quadrature::gauss_kronrod<double, 61>::integrate(
        ratio, 0.0, std::numeric_limits<double>::infinity(), 15, 1e-11, &error);
    require(error <= 1e-4 * mean, "the law has no mean log excess over the threshold");
    return mean;
}

}  // namespace noisetrap
