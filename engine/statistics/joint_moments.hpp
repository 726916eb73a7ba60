// Means and products of a column together with its control variates, mergeable like other summaries.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace noisetrap {

/// Columns that belong together, row by row: the first is the one whose mean is wanted, the others are its controls.
inline constexpr std::size_t joint_columns = 3;
using JointRows = std::array<std::span<const double>, joint_columns>;

/// Count, means, and sums of the products of two columns' deviations from them, in the order (0,0), (0,1), (0,2), (1,1),
/// (1,2), (2,2). Rows whose first number is not finite are left out. Merging: Pebay (2008), SAND2008-6212.
struct JointMoments {
    static constexpr std::size_t pairs = joint_columns * (joint_columns + 1) / 2;
    std::uint64_t count = 0;
    std::array<double, joint_columns> mean = {};
    std::array<double, pairs> product = {};

    static JointMoments of(const JointRows& rows);
    void merge(const JointMoments& other);
    double product_of(std::size_t a, std::size_t b) const;
};

}  // namespace noisetrap
