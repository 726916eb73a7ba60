// From columns to summaries, in parallel: each worker counts into its own tables, block moments are merged in
// order.
#pragma once

#include <span>
#include <vector>

#include "engine/statistics/joint_moments.hpp"
#include "engine/statistics/summaries.hpp"

namespace noisetrap {

class Workers;

class Reducer {
    Workers& workers_;
    std::vector<SketchTable> tables_;  // one for each worker, made when first needed

    std::size_t workers_for(std::size_t rows) const;
    template <class PerGroup>
    void for_each_group(std::size_t rows, PerGroup per_group);

  public:
    explicit Reducer(Workers& workers) : workers_(workers) {}
    /// Adds rows that follow those added before; all but the last call end at a multiple of row_block.
    void add(std::span<const double> rows, ColumnSummary& into, bool with_sketch);
    void add_moments(std::span<const double> rows, Moments& into);
    void add_joint(const JointRows& rows, JointMoments& into);
};

}  // namespace noisetrap
