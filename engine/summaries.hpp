// What many rows become: mergeable values. Counts are integers, moments are taken over fixed blocks of rows
// and merged in the order of the rows; so the result does not depend on threads, chunks or lanes.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace noisetrap {

struct Estimate {
    double value = std::numeric_limits<double>::quiet_NaN();
    double standard_error = std::numeric_limits<double>::quiet_NaN();
};

/// Rows whose moments are taken together; chunks hold whole blocks.
inline constexpr std::uint64_t row_block = 1024;

/// Count, mean and central moment sums of order 2 to 4. Merging: Pebay (2008), SAND2008-6212.
struct Moments {
    std::uint64_t count = 0;
    double mean = 0, m2 = 0, m3 = 0, m4 = 0;

    static Moments of(std::span<const double> rows);  // numbers that are not finite are left out
    void merge(const Moments& other);
    Estimate mean_estimate() const;
    /// Unbiased variance; its standard error from the fourth moment, where that is finite.
    Estimate variance_estimate() const;
};

/// Where rows are counted before they are merged into a sketch: a counter for every bucket of a double, zero
/// between uses, and the range of counters in use on either side of zero.
class SketchTable {
    friend class Sketch;
    struct Range {
        std::int64_t first, last;
    };
    std::vector<std::uint32_t> counts_;
    Range negative_, other_;  // zero counts as other
    void clear_ranges();

  public:
    SketchTable();
    void add(double x);  // not NaN
};

/// Counts by sign, binary exponent and the first seven bits of the mantissa: 128 buckets an octave, over the
/// whole range of a double. A quantile is off by a bucket's width at most, 2^-7 of its value (then
/// interpolated).
class Sketch {
  public:
    static constexpr int mantissa_bits = 7;
    static constexpr double relative_error = 1.0 / (1 << mantissa_bits);
    static constexpr std::int64_t half_size = std::int64_t{1} << (11 + mantissa_bits);
    static constexpr std::int64_t table_size = 2 * half_size + 1;

    /// Place in a table of all buckets, ascending with x; not for NaN.
    static std::int64_t bucket(double x);
    /// Adds the table's counts and sets them back to zero.
    void take(SketchTable& table);
    void merge(const Sketch& other);

    std::uint64_t total() const { return total_; }
    /// The p-quantile; its standard error from the quantiles at p +- sqrt(p (1 - p) / n).
    Estimate quantile(double p) const;

  private:
    /// Neighbouring buckets; each side of zero has its own, since 2000 octaves of small numbers lie between.
    struct Run {
        std::int64_t first = 0;  // bucket of counts[0]
        std::vector<std::uint64_t> counts;
        void cover(std::int64_t first_bucket, std::int64_t end);
        void merge(const Run& other);
    };
    double at(double p) const;
    void take(SketchTable& table, SketchTable::Range range, Run& into);

    Run negative_, other_;
    std::uint64_t total_ = 0;
};

/// How many rows lie in (edge[i-1], edge[i]]; the first count is all below edge[0], the last all above the
/// last.
struct EdgeCounts {
    std::vector<double> edges;
    std::vector<std::uint64_t> counts;

    EdgeCounts() = default;
    explicit EdgeCounts(std::vector<double> ascending)
        : edges(std::move(ascending)), counts(edges.size() + 1) {}
    void add(double x);
    void merge(const EdgeCounts& other);
    std::uint64_t total() const;
    /// P(X <= edges[i]) with its binomial standard error.
    Estimate cumulative(std::size_t i) const;
    /// Probability per length between edges[i] and edges[i + 1].
    Estimate density(std::size_t i) const;
};

/// One column of rows.
struct ColumnSummary {
    Moments moments;  // of the finite rows
    Sketch sketch;    // of all rows but NaN, if wanted
    std::vector<EdgeCounts> bins;
    std::uint64_t not_a_number = 0, plus_infinite = 0, minus_infinite = 0;

    void merge(const ColumnSummary& other);
    std::uint64_t rows() const { return moments.count + not_a_number + plus_infinite + minus_infinite; }
};

/// The binomial estimate of a probability.
Estimate proportion(std::uint64_t hits, std::uint64_t trials);

}  // namespace noisetrap
