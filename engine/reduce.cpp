#include "engine/reduce.hpp"

#include <algorithm>
#include <cmath>

#include "engine/backend.hpp"

namespace noisetrap {

/// per_block(worker, block, its rows): worker w takes a contiguous share of the blocks.
template <class PerBlock>
void Reducer::for_each_block(std::size_t rows, PerBlock per_block) {
    const std::size_t blocks = (rows + row_block - 1) / row_block;
    const int workers =
        static_cast<int>(std::min<std::size_t>(blocks, static_cast<std::size_t>(backend_.threads())));
    const auto share = [&](int w) {
        return blocks * static_cast<std::size_t>(w) / static_cast<std::size_t>(workers);
    };
    const auto work = [&](int w) {
        for (std::size_t b = share(w); b < share(w + 1); ++b)
            per_block(static_cast<std::size_t>(w), b, b * row_block, std::min(rows, (b + 1) * row_block));
    };
    if (workers == 1) return work(0);
    backend_.for_each(workers, work);
}

static void count(double x, ColumnSummary& into, std::vector<std::uint32_t>* table) {
    if (std::isnan(x)) {
        ++into.not_a_number;
        return;
    }
    if (std::isinf(x)) ++(x > 0 ? into.plus_infinite : into.minus_infinite);
    if (table) ++(*table)[static_cast<std::size_t>(Sketch::bucket(x))];
    for (auto& bins : into.bins) bins.add(x);
}

void Reducer::add(std::span<const double> rows, ColumnSummary& into, bool with_sketch) {
    std::vector<Moments> moments((rows.size() + row_block - 1) / row_block);
    ColumnSummary empty;
    for (const auto& bins : into.bins) empty.bins.emplace_back(bins.edges);
    std::vector<ColumnSummary> counts(static_cast<std::size_t>(backend_.threads()), empty);
    if (with_sketch && tables_.empty())
        tables_.assign(counts.size(),
                       std::vector<std::uint32_t>(static_cast<std::size_t>(Sketch::table_size)));
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
    std::vector<Moments> moments((rows.size() + row_block - 1) / row_block);
    for_each_block(rows.size(), [&](std::size_t, std::size_t block, std::size_t begin, std::size_t end) {
        moments[block] = Moments::of(rows.subspan(begin, end - begin));
    });
    for (const auto& block : moments) into.merge(block);
}

}  // namespace noisetrap
