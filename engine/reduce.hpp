// From columns to summaries, in parallel: each worker counts into its own tables, block moments are merged in
// order.
#pragma once

#include <span>
#include <vector>

#include "engine/summaries.hpp"

namespace noisetrap {

class Backend;

class Reducer {
    Backend& backend_;
    std::vector<std::vector<std::uint32_t>>
        tables_;  // a full sketch table for each worker, all zero between calls

    template <class PerBlock>
    void for_each_block(std::size_t rows, PerBlock per_block);

  public:
    explicit Reducer(Backend& backend) : backend_(backend) {}
    /// Adds rows that follow those added before; all but the last call end at a multiple of row_block.
    void add(std::span<const double> rows, ColumnSummary& into, bool with_sketch);
    void add_moments(std::span<const double> rows, Moments& into);
};

}  // namespace noisetrap
