// What rows add to summaries: one formula of each, for the threads of the host and for those of a device.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/numbers/hd.hpp"
#include "engine/statistics/joint_moments.hpp"
#include "engine/statistics/summaries.hpp"

namespace noisetrap {

NOISETRAP_HD bool is_finite(double x) { return x - x == 0; }

/// The moments of W series of n rows each. each(f) calls f(series, row) for all rows, twice: those of a series in their
/// order, and neighbouring series in lock step. A series with a row that is not finite gets a mean that is not.
template <std::size_t W, class Each>
NOISETRAP_HD void moments_in_step(const Each& each, std::uint64_t n, Moments* series) {
    double sum[W] = {}, mean[W], m2[W] = {}, m3[W] = {}, m4[W] = {};
    each([&](std::size_t w, double x) NOISETRAP_INLINED { sum[w] += x; });
    for (std::size_t w = 0; w < W; ++w) mean[w] = sum[w] / static_cast<double>(n);
    each([&](std::size_t w, double x) NOISETRAP_INLINED {
        const double d = x - mean[w], square = d * d;
        m2[w] += square;
        m3[w] += square * d;
        m4[w] += square * square;
    });
    for (std::size_t w = 0; w < W; ++w) series[w] = {n, mean[w], m2[w], m3[w], m4[w]};
}

/// f(place in JointMoments::product, a, b) for each pair of columns.
template <class F>
NOISETRAP_HD void for_each_pair(F f) {
    std::size_t i = 0;
    for (std::size_t a = 0; a < joint_columns; ++a)
        for (std::size_t b = a; b < joint_columns; ++b) f(i++, a, b);
}

/// The joint moments of n rows, which each(f) hands over as f(numbers of a row), twice and in their order.
template <class Each>
NOISETRAP_HD JointMoments joint_moments(const Each& each, std::uint64_t n) {
    double mean[joint_columns] = {}, product[JointMoments::pairs] = {};
    each([&](const double* row) NOISETRAP_INLINED {
        for (std::size_t c = 0; c < joint_columns; ++c) mean[c] += row[c];
    });
    for (double& m : mean) m /= static_cast<double>(n);
    each([&](const double* row) NOISETRAP_INLINED {
        double d[joint_columns];
        for (std::size_t c = 0; c < joint_columns; ++c) d[c] = row[c] - mean[c];
        for_each_pair([&](std::size_t pair, std::size_t a, std::size_t b)
                          NOISETRAP_INLINED { product[pair] += d[a] * d[b]; });
    });
    JointMoments moments;
    moments.count = n;
    for (std::size_t c = 0; c < joint_columns; ++c) moments.mean[c] = mean[c];
    for (std::size_t i = 0; i < JointMoments::pairs; ++i) moments.product[i] = product[i];
    return moments;
}

/// How many of the ascending edges lie below each of W rows: binary searches in lock step, whose every step is the same,
/// so that nothing has to be foreseen and no search waits for its own last comparison.
template <std::size_t W>
NOISETRAP_HD void edges_below(const double* edges, std::size_t count, const double* rows,
                              std::size_t (&below)[W]) {
    for (std::size_t left = count; left > 0; left /= 2) {
        const std::size_t half = (left + 1) / 2;
        for (std::size_t w = 0; w < W; ++w) below[w] += edges[below[w] + half - 1] < rows[w] ? half : 0;
    }
}

}  // namespace noisetrap
