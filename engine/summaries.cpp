#include "engine/summaries.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace noisetrap {

Estimate proportion(std::uint64_t hits, std::uint64_t trials) {
    if (trials == 0) return {};
    const auto n = static_cast<double>(trials);
    const double p = (static_cast<double>(hits) + 0.5) / (n + 1);  // so that 0 of n is not certain
    return {static_cast<double>(hits) / n, std::sqrt(p * (1 - p) / n)};
}

Moments Moments::of(std::span<const double> rows) {
    Moments block;
    double sum = 0;
    for (double x : rows)
        if (std::isfinite(x)) sum += x, ++block.count;
    if (block.count == 0) return block;
    block.mean = sum / static_cast<double>(block.count);
    for (double x : rows) {
        if (!std::isfinite(x)) continue;
        const double d = x - block.mean, square = d * d;
        block.m2 += square;
        block.m3 += square * d;
        block.m4 += square * square;
    }
    return block;
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

std::int64_t Sketch::bucket(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const auto key = static_cast<std::int64_t>((bits & ~(std::uint64_t{1} << 63)) >> (52 - mantissa_bits));
    if (x == 0) return half_size;
    return x > 0 ? half_size + key + 1 : half_size - key - 1;
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

SketchTable::SketchTable() : counts_(static_cast<std::size_t>(Sketch::table_size)) { clear_ranges(); }

void SketchTable::clear_ranges() { negative_ = other_ = {Sketch::table_size, -1}; }

void SketchTable::add(double x) {
    const auto bucket = Sketch::bucket(x);
    ++counts_[static_cast<std::size_t>(bucket)];
    auto& range = x < 0 ? negative_ : other_;
    range = {std::min(range.first, bucket), std::max(range.last, bucket)};
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

void Sketch::take(SketchTable& table, SketchTable::Range range, Run& into) {
    if (range.last < range.first) return;
    into.cover(range.first, range.last + 1);
    for (auto bucket = range.first; bucket <= range.last; ++bucket) {
        auto& count = table.counts_[static_cast<std::size_t>(bucket)];
        into.counts[static_cast<std::size_t>(bucket - into.first)] += count;
        total_ += count;
        count = 0;
    }
}

void Sketch::take(SketchTable& table) {
    take(table, table.negative_, negative_);
    take(table, table.other_, other_);
    table.clear_ranges();
}

void Sketch::merge(const Sketch& other) {
    negative_.merge(other.negative_);
    other_.merge(other.other_);
    total_ += other.total_;
}

double Sketch::at(double p) const {
    const double rank = std::clamp(p, 0.0, 1.0) * static_cast<double>(total_);
    double below = 0;
    for (const auto* run : {&negative_, &other_})
        for (std::size_t i = 0; i < run->counts.size(); ++i) {
            const auto here = static_cast<double>(run->counts[i]);
            if (here != 0 && below + here >= rank) {
                const auto [low, high] = bucket_bounds(run->first + static_cast<std::int64_t>(i));
                return low == high ? low : low + (high - low) * ((rank - below) / here);
            }
            below += here;
        }
    return std::numeric_limits<double>::quiet_NaN();
}

Estimate Sketch::quantile(double p) const {
    if (total_ == 0) return {};
    const double spread = std::sqrt(p * (1 - p) / static_cast<double>(total_));
    return {at(p), (at(p + spread) - at(p - spread)) / 2};
}

void EdgeCounts::add(double x) {
    ++counts[static_cast<std::size_t>(std::lower_bound(edges.begin(), edges.end(), x) - edges.begin())];
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
