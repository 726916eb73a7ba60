// The mode of a law from a sample.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/statistics/summaries.hpp"

namespace noisetrap {

/// Where the density of the law is largest. Its s.e. covers the variance of the estimate and, as the shift
/// between two bandwidths, its bias; and a fifth more, as the maximum is found where chance makes the peak sharp.
/// The maximum of a kernel density whose kernel has no second moment, so that its bias is of fourth order in
/// the bandwidth: an M-estimator with psi = K'((x - m)/h), hence with standard error
/// h sqrt(sum K'^2)/|sum K''| (Parzen 1962; Huber 1964). The bandwidth starts from the width of the peak
/// itself, as other scales of a heavy-tailed law may be any number of times as wide, and is lowered until the
/// estimate no longer shifts by more than its errors (Lepski 1991).
/// The estimate from fewer than fewest_rows_of_a_mode is not a number: a peak of noise would be taken for the law's.
inline constexpr std::size_t fewest_rows_of_a_mode = 8192;
Estimate mode_of(std::vector<double> rows);

}  // namespace noisetrap
