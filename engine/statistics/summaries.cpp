#include "engine/statistics/summaries.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>

#include "engine/statistics/row_formulas.hpp"

namespace noisetrap {

Estimate proportion(std::uint64_t hits, std::uint64_t trials) {
    if (trials == 0) return {};
    const auto n = static_cast<double>(trials);
    const double p = (static_cast<double>(hits) + 0.5) / (n + 1);  // so that 0 of n is not certain
    return {static_cast<double>(hits) / n, std::sqrt(p * (1 - p) / n)};
}

/// Rows of W neighbouring blocks of n rows each, those of the blocks in turn.
template <std::size_t W>
struct NeighbouringBlocks {
    const double* rows;
    std::size_t n;
    template <class F>
    void operator()(F f) const {
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t w = 0; w < W; ++w) f(w, rows[w * n + i]);
    }
};

/// The moments of W neighbouring blocks of n rows each.
template <std::size_t W>
static void moments_of_neighbours(const double* rows, std::size_t n, Moments* blocks) {
    moments_in_step<W>(NeighbouringBlocks<W>{rows, n}, n, blocks);
}

/// The moments of one block, without the rows that are not finite.
static Moments moments_of_finite(std::span<const double> rows) {
    std::vector<double> finite(rows.size());
    std::size_t n = 0;
    for (const double x : rows) {  // no branch: it could not be foreseen
        finite[n] = x;
        n += std::isfinite(x);
    }
    Moments block;
    if (n > 0) moments_of_neighbours<1>(finite.data(), n, &block);
    return block;
}

Moments Moments::of(std::span<const double> rows) {
    Moments block;
    if (!rows.empty()) moments_of_neighbours<1>(rows.data(), rows.size(), &block);
    return std::isfinite(block.mean) ? block : moments_of_finite(rows);
}

void Moments::of_blocks(std::span<const double> rows, Moments* blocks) {
    const bool in_step = rows.size() == blocks_in_step * row_block;
    if (in_step) moments_of_neighbours<blocks_in_step>(rows.data(), row_block, blocks);
    for (; !rows.empty(); ++blocks) {
        const auto block = rows.first(std::min<std::size_t>(row_block, rows.size()));
        if (!in_step || !std::isfinite(blocks->mean)) *blocks = of(block);
        rows = rows.subspan(block.size());
    }
}

void Moments::merge(const Moments& o) {
    if (o.count == 0) return;
    if (count == 0) {
        *this = o;
        return;
    }
    const auto na = static_cast<double>(count), nb = static_cast<double>(o.count), n = na + nb;
    const double d = o.mean - mean, dn = d / n;
    m4 += o.m4 + d * dn * dn * dn * na * nb * (na * na - na * nb + nb * nb) +
          6 * dn * dn * (na * na * o.m2 + nb * nb * m2) + 4 * dn * (na * o.m3 - nb * m3);
    m3 += o.m3 + d * dn * dn * na * nb * (na - nb) + 3 * dn * (na * o.m2 - nb * m2);
    m2 += o.m2 + d * dn * na * nb;
    mean += dn * nb;
    count += o.count;
}

Estimate Moments::mean_estimate() const {
    if (count == 0) return {};
    const auto n = static_cast<double>(count);
    if (count == 1) return {mean, std::numeric_limits<double>::quiet_NaN()};
    return {mean, std::sqrt(m2 / (n - 1) / n)};
}

Estimate Moments::variance_estimate() const {
    if (count < 2) return {};
    const auto n = static_cast<double>(count);
    const double variance = m2 / (n - 1);
    const double fourth = m4 / n;
    return {variance, std::sqrt(std::max(0.0, fourth - (n - 3) / (n - 1) * variance * variance) / n)};
}

/// The bounds of a bucket, smaller one first.
static std::pair<double, double> bucket_bounds(std::int64_t bucket) {
    const std::int64_t key = std::abs(bucket - Sketch::half_size) - 1;
    if (key < 0) return {0.0, 0.0};
    const auto at = [](std::int64_t k) {
        return std::bit_cast<double>(static_cast<std::uint64_t>(k) << (52 - Sketch::mantissa_bits));
    };
    const double inner = at(key), outer = std::isfinite(inner) ? at(key + 1) : inner;
    return bucket > Sketch::half_size ? std::pair{inner, outer} : std::pair{-outer, -inner};
}

SketchTable::SketchTable() : used_(static_cast<std::size_t>(Sketch::pages)) {
    counts_.resize(used_.size() * Sketch::page_size);
}

void SketchTable::add(std::span<const double> rows) {
    auto* const counts = counts_.data();
    auto* const used = used_.data();
    for (const double x : rows) {
        const auto bucket = static_cast<std::size_t>(Sketch::bucket(x));
        ++counts[bucket];
        used[bucket / Sketch::page_size] = 1;
    }
}

Sketch::Sketch(Run negative, Run other) : negative_(std::move(negative)), other_(std::move(other)) {
    for (const auto* run : {&negative_, &other_})
        total_ = std::accumulate(run->counts.begin(), run->counts.end(), total_);
}

void Sketch::Run::cover(std::int64_t first_bucket, std::int64_t end) {
    if (counts.empty()) first = first_bucket;
    if (first_bucket < first) {
        counts.insert(counts.begin(), static_cast<std::size_t>(first - first_bucket), 0);
        first = first_bucket;
    }
    if (end - first > std::ssize(counts)) counts.resize(static_cast<std::size_t>(end - first));
}

void Sketch::Run::merge(const Run& other) {
    if (other.counts.empty()) return;
    cover(other.first, other.first + std::ssize(other.counts));
    for (std::size_t i = 0; i < other.counts.size(); ++i)
        counts[i + static_cast<std::size_t>(other.first - first)] += other.counts[i];
}

/// No page lies on both sides of zero.
static constexpr std::int64_t zero_page = Sketch::half_size / Sketch::page_size;
static_assert(Sketch::half_size % Sketch::page_size == 0);

void Sketch::add_page(std::int64_t page, const std::uint32_t* counts) {
    auto& side = page < zero_page ? negative_ : other_;
    side.cover(page * page_size, (page + 1) * page_size);
    auto* const into = &side.counts[static_cast<std::size_t>(page * page_size - side.first)];
    for (std::int64_t i = 0; i < page_size; ++i) {
        into[i] += counts[i];
        total_ += counts[i];
    }
}

/// Only the pages in use are looked at: most of the table is empty.
void Sketch::take(SketchTable& table) {
    char* const used = table.used_.data();
    const auto next = [&](std::int64_t page) {
        const void* at = std::memchr(used + page, 1, static_cast<std::size_t>(pages - page));
        return at ? static_cast<const char*>(at) - used : pages;
    };
    for (auto page = next(0); page < pages; page = next(page)) {
        auto* const counts = &table.counts_[static_cast<std::size_t>(page * page_size)];
        add_page(page, counts);
        std::fill_n(counts, page_size, 0u);
        used[page] = 0;
    }
}

void Sketch::merge(const Sketch& other) {
    negative_.merge(other.negative_);
    other_.merge(other.other_);
    total_ += other.total_;
}

/// A share of the way through a bucket, in [0, 1).
static double within(std::pair<double, double> bounds, double share, const Lattice& values) {
    const auto [low, high] = bounds;
    if (low == high) return low;
    if (values.spacing == 0) return low + (high - low) * share;
    const double first = std::ceil((low - values.offset) / values.spacing),
                 end = std::ceil((high - values.offset) / values.spacing);
    return values.offset + values.spacing * (first + std::floor(share * (end - first)));
}

double Sketch::at(std::uint64_t rank, const Lattice& values) const {
    std::uint64_t below = 0;
    for (const auto* run : {&negative_, &other_})
        for (std::size_t i = 0; i < run->counts.size(); ++i) {
            const auto here = run->counts[i];
            if (below + here > rank) {
                const double share = (static_cast<double>(rank - below) + 0.5) / static_cast<double>(here);
                return within(bucket_bounds(run->first + static_cast<std::int64_t>(i)), share, values);
            }
            below += here;
        }
    return std::numeric_limits<double>::quiet_NaN();
}

template <std::size_t W>
void EdgeCounts::add_in_step(const double* rows) {
    std::size_t below[W] = {};
    edges_below(edges.data(), edges.size(), rows, below);
    for (const auto place : below) ++counts[place];
}

void EdgeCounts::add(std::span<const double> rows) {
    constexpr std::size_t width = 8;
    std::size_t i = 0;
    for (; i + width <= rows.size(); i += width) add_in_step<width>(&rows[i]);
    for (; i < rows.size(); ++i) add_in_step<1>(&rows[i]);
}

void EdgeCounts::merge(const EdgeCounts& other) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
}

std::uint64_t EdgeCounts::total() const {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

Estimate EdgeCounts::cumulative(std::size_t i) const {
    const auto end = counts.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    return proportion(std::accumulate(counts.begin(), end, std::uint64_t{0}), total());
}

Estimate EdgeCounts::density(std::size_t i) const {
    const double width = edges[i + 1] - edges[i];
    const auto p = proportion(counts[i + 1], total());
    return {p.value / width, p.standard_error / width};
}

void ColumnSummary::merge(const ColumnSummary& other) {
    moments.merge(other.moments);
    sketch.merge(other.sketch);
    for (std::size_t i = 0; i < bins.size(); ++i) bins[i].merge(other.bins[i]);
    not_a_number += other.not_a_number;
    plus_infinite += other.plus_infinite;
    minus_infinite += other.minus_infinite;
}

}  // namespace noisetrap
