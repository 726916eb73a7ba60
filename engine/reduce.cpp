#include "engine/reduce.hpp"

#include <algorithm>
#include <cmath>

#include "engine/backend.hpp"

namespace noisetrap {

static std::size_t blocks_in(std::size_t rows) { return (rows + row_block - 1) / row_block; }

std::size_t Reducer::workers_for(std::size_t rows) const {
    return std::min(blocks_in(rows), static_cast<std::size_t>(backend_.threads()));
}

/// per_block(worker, block, begin, end of its rows): worker w takes a contiguous share of the blocks.
template <class PerBlock>
void Reducer::for_each_block(std::size_t rows, PerBlock per_block) {
    const std::size_t blocks = blocks_in(rows), workers = workers_for(rows);
    const auto work = [&](int worker) {
        const auto w = static_cast<std::size_t>(worker);
        for (std::size_t b = blocks * w / workers; b < blocks * (w + 1) / workers; ++b)
            per_block(w, b, b * row_block, std::min(rows, (b + 1) * row_block));
    };
    if (workers == 1) return work(0);
    backend_.for_each(static_cast<int>(workers), work);
}

static void count(double x, ColumnSummary& into, SketchTable* table) {
    if (std::isnan(x)) {
        ++into.not_a_number;
        return;
    }
    if (std::isinf(x)) ++(x > 0 ? into.plus_infinite : into.minus_infinite);
    if (table) table->add(x);
    for (auto& bins : into.bins) bins.add(x);
}

void Reducer::add(std::span<const double> rows, ColumnSummary& into, bool with_sketch) {
    std::vector<Moments> moments(blocks_in(rows.size()));
    ColumnSummary empty;
    for (const auto& bins : into.bins) empty.bins.emplace_back(bins.edges);
    std::vector<ColumnSummary> counts(workers_for(rows.size()), empty);
    if (with_sketch && tables_.size() < counts.size()) tables_.resize(counts.size());
    for_each_block(rows.size(),
                   [&](std::size_t worker, std::size_t block, std::size_t begin, std::size_t end) {
                       moments[block] = Moments::of(rows.subspan(begin, end - begin));
                       auto* table = with_sketch ? &tables_[worker] : nullptr;
                       for (std::size_t i = begin; i < end; ++i) count(rows[i], counts[worker], table);
                   });
    for (const auto& block : moments) into.moments.merge(block);
    for (const auto& part : counts) into.merge(part);
    if (with_sketch)
        for (auto& table : tables_) into.sketch.take(table);
}

void Reducer::add_moments(std::span<const double> rows, Moments& into) {
    std::vector<Moments> moments(blocks_in(rows.size()));
    for_each_block(rows.size(), [&](std::size_t, std::size_t block, std::size_t begin, std::size_t end) {
        moments[block] = Moments::of(rows.subspan(begin, end - begin));
    });
    for (const auto& block : moments) into.merge(block);
}

}  // namespace noisetrap
