// The tail index alpha of P(|X| > r) ~ C r^-alpha, from samples. Sizes enter as log|x|, in which nothing
// overflows and excesses over a high threshold are exponential. Samples of X = 0 have log|x| = -infinity and
// are welcome; NaN and +infinity throw std::domain_error.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "engine/statistics/summaries.hpp"

namespace noisetrap {

struct TailEstimate {
    double log_threshold = 0;
    std::size_t exceedances = 0;
    /// alpha = 1/mean excess of log|x| over the threshold, the maximum-likelihood estimate (Hill 1975), with
    /// standard error alpha/sqrt k: that of a pure power law.
    Estimate index;
    /// The mean excess itself, its standard error from the samples: right for any law.
    Estimate mean_log_excess;
};

/// From the samples with log|x| > log_threshold. Throws std::domain_error where there are none.
TailEstimate tail_estimate(std::span<const double> log_sizes, double log_threshold);

/// From the k largest samples, over the one before them. Throws std::domain_error unless 0 < k < n, where
/// that one is 0, or where all k are equal to it.
TailEstimate tail_estimate_of_largest(std::span<const double> log_sizes, std::size_t k);

/// The index from the k largest samples, with an error that has the bias of their threshold in it. The law is not yet a
/// power there: in r^-alpha (1 + c/r + ...), as of every law that does not lie evenly about 0, the bias falls as
/// (k/n)^(1/alpha), and is 1/(m^(1/alpha) - 1) of the change from m k samples to k. That, or the change itself
/// where this is more, is added to alpha/sqrt k, for m = 2 or 4, whichever says more: the bias can pass through 0 at
/// one of them. The error is not a number where there are no 4k exceedances. Throws as tail_estimate_of_largest does.
Estimate tail_index_with_bias(std::span<const double> log_sizes, std::size_t k);

/// From the n/10, n/30, n/100, n/300, ... largest samples, while these are `fewest` or more: where alpha
/// stays the same within errors the power law has been reached. The estimates share samples.
std::vector<TailEstimate> tail_scan(std::span<const double> log_sizes, std::size_t fewest = 100);

/// E[log(|X|/u) | |X| > u] = int_u^inf S(r)/S(u) dr/r, S(r) = P(|X| > r), given v -> P(log|X| > v): what
/// TailEstimate::mean_log_excess estimates at a finite threshold, where the law is not yet its limit power.
/// To 1e-10 for smooth survival functions. Throws std::domain_error where the integral is seen to diverge.
double mean_log_excess(const std::function<double(double)>& log_survival, double log_threshold);

}  // namespace noisetrap
