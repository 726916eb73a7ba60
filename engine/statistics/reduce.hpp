// From columns to summaries, in parallel: each worker counts into its own tables, block moments are merged in
// order.
#pragma once

#include <span>
#include <vector>

#include "engine/statistics/joint_moments.hpp"
#include "engine/statistics/summaries.hpp"

namespace noisetrap {

class Workers;

/// The moments of blocks of rows, in the order in which columns were added.
struct BlockMoments {
    std::vector<Moments> single;
    std::vector<JointMoments> joint;
};

class Reducer {
    Workers& workers_;
    std::vector<SketchTable> tables_;  // one for each worker, made when first needed
    BlockMoments* blocks_ = nullptr;

    void merge(const std::vector<Moments>& blocks, Moments& into);

    std::size_t workers_for(std::size_t rows) const;
    template <class PerGroup>
    void for_each_group(std::size_t rows, PerGroup per_group);

  public:
    explicit Reducer(Workers& workers) : workers_(workers) {}
    /// From now on puts the moments of blocks there, one after the other, and merges none: for whoever has the blocks
    /// before them. Null: merges them.
    void keep_blocks(BlockMoments* there) { blocks_ = there; }
    /// Adds rows that follow those added before; all but the last call end at a multiple of row_block.
    void add(std::span<const double> rows, ColumnSummary& into, bool with_sketch);
    void add_moments(std::span<const double> rows, Moments& into);
    void add_joint(const JointRows& rows, JointMoments& into);
};

}  // namespace noisetrap
