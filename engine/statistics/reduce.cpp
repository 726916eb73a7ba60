#include "engine/statistics/reduce.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "engine/statistics/workers.hpp"

namespace noisetrap {

static std::size_t blocks_in(std::size_t rows) { return (rows + row_block - 1) / row_block; }
static std::size_t groups_in(std::size_t rows) {
    return (blocks_in(rows) + blocks_in_step - 1) / blocks_in_step;
}

std::size_t Reducer::workers_for(std::size_t rows) const {
    return std::min(groups_in(rows), static_cast<std::size_t>(workers_.threads()));
}

/// per_group(worker, its first block, begin, end of its rows): worker w takes a contiguous share of the
/// groups of blocks that are summed in step.
template <class PerGroup>
void Reducer::for_each_group(std::size_t rows, PerGroup per_group) {
    constexpr std::size_t group_rows = blocks_in_step * row_block;
    const std::size_t groups = groups_in(rows), workers = workers_for(rows);
    const auto work = [&](int worker) {
        const auto w = static_cast<std::size_t>(worker);
        for (std::size_t g = groups * w / workers; g < groups * (w + 1) / workers; ++g)
            per_group(w, g * blocks_in_step, g * group_rows, std::min(rows, (g + 1) * group_rows));
    };
    if (workers == 1) return work(0);
    workers_.for_each(static_cast<int>(workers), work);
}

/// Counts the rows that are not finite, as all but `finite` are, and returns those that are numbers; they are
/// copied to `kept` only where some are not.
static std::span<const double> numbers_of(std::span<const double> rows, std::uint64_t finite,
                                          ColumnSummary& into, std::vector<double>& kept) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto count = [&](double x) {
        return static_cast<std::uint64_t>(std::count(rows.begin(), rows.end(), x));
    };
    const auto plus = count(infinity), minus = count(-infinity), none = rows.size() - finite - plus - minus;
    into.plus_infinite += plus;
    into.minus_infinite += minus;
    into.not_a_number += none;
    if (none == 0) return rows;
    kept.clear();
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(kept), [](double x) { return !std::isnan(x); });
    return kept;
}

void Reducer::add(std::span<const double> rows, ColumnSummary& into, bool with_sketch) {
    std::vector<Moments> moments(blocks_in(rows.size()));
    ColumnSummary empty;
    for (const auto& bins : into.bins) empty.bins.emplace_back(bins.edges);
    std::vector<ColumnSummary> counts(workers_for(rows.size()), empty);
    if (with_sketch && tables_.size() < counts.size()) tables_.resize(counts.size());
    const auto add_group = [&](std::size_t worker, std::size_t block, std::size_t begin, std::size_t end) {
        auto group = rows.subspan(begin, end - begin);
        Moments::of_blocks(group, &moments[block]);
        std::uint64_t finite = 0;
        for (std::size_t b = 0; b < blocks_in(group.size()); ++b) finite += moments[block + b].count;
        std::vector<double> kept;
        if (finite < group.size()) group = numbers_of(group, finite, counts[worker], kept);
        if (with_sketch) tables_[worker].add(group);
        for (auto& bins : counts[worker].bins) bins.add(group);
    };
    for_each_group(rows.size(), add_group);
    merge(moments, into.moments);
    for (const auto& part : counts) into.merge(part);
    if (with_sketch)
        for (auto& table : tables_) into.sketch.take(table);
}

void Reducer::add_moments(std::span<const double> rows, Moments& into) {
    std::vector<Moments> moments(blocks_in(rows.size()));
    for_each_group(rows.size(), [&](std::size_t, std::size_t block, std::size_t begin, std::size_t end) {
        Moments::of_blocks(rows.subspan(begin, end - begin), &moments[block]);
    });
    merge(moments, into);
}

void Reducer::merge(const std::vector<Moments>& blocks, Moments& into) {
    if (blocks_) return void(blocks_->single.insert(blocks_->single.end(), blocks.begin(), blocks.end()));
    for (const auto& block : blocks) into.merge(block);
}

void Reducer::add_joint(const JointRows& rows, JointMoments& into) {
    const std::size_t count = rows[0].size();
    std::vector<JointMoments> moments(blocks_in(count));
    for_each_group(count, [&](std::size_t, std::size_t block, std::size_t begin, std::size_t end) {
        for (; begin < end; begin += row_block, ++block) {
            const auto here = [&](std::span<const double> column) {
                return column.subspan(begin, std::min<std::size_t>(row_block, end - begin));
            };
            moments[block] = JointMoments::of({here(rows[0]), here(rows[1]), here(rows[2])});
        }
    });
    if (blocks_) return void(blocks_->joint.insert(blocks_->joint.end(), moments.begin(), moments.end()));
    for (const auto& block : moments) into.merge(block);
}

}  // namespace noisetrap
