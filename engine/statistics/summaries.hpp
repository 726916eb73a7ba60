// What many rows become: mergeable values. Counts are integers, moments are taken over fixed blocks of rows
// and merged in the order of the rows; so the result does not depend on threads, chunks or lanes.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/numbers/hd.hpp"

namespace noisetrap {

struct Estimate {
    double value = std::numeric_limits<double>::quiet_NaN();
    double standard_error = std::numeric_limits<double>::quiet_NaN();
};

/// Rows whose moments are taken together; chunks hold whole blocks.
inline constexpr std::uint64_t row_block = 1024;
/// Blocks that are summed in lock step, so that no sum waits for its own last addition.
inline constexpr std::uint64_t blocks_in_step = 4;

/// Count, mean and central moment sums of order 2 to 4. Merging: Pebay (2008), SAND2008-6212.
struct Moments {
    std::uint64_t count = 0;
    double mean = 0, m2 = 0, m3 = 0, m4 = 0;

    static Moments of(std::span<const double> rows);  // numbers that are not finite are left out
    /// The moments of each row_block rows, of which there are blocks_in_step at most; the last may be shorter.
    static void of_blocks(std::span<const double> rows, Moments* blocks);
    void merge(const Moments& other);
    Estimate mean_estimate() const;
    /// Unbiased variance; its standard error from the fourth moment, where that is finite.
    Estimate variance_estimate() const;
};

/// Where rows are counted before they are merged into a sketch: a counter for every bucket of a double, zero
/// between uses, and which pages of neighbouring counters are in use.
class SketchTable {
    friend class Sketch;
    std::vector<std::uint32_t> counts_;
    std::vector<char> used_;  // by page: 1 or 0

  public:
    SketchTable();
    void add(std::span<const double> rows);  // none NaN
};

/// The values that rows can have: offset + k spacing, or any where the spacing is 0.
struct Lattice {
    double spacing = 0, offset = 0;
};

/// Counts by sign, binary exponent and the first seven bits of the mantissa: 128 buckets an octave, over the
/// whole range of a double. A row is known to a bucket's width, 2^-7 of its value.
class Sketch {
  public:
    static constexpr int mantissa_bits = 7;
    static constexpr double relative_error = 1.0 / (1 << mantissa_bits);
    static constexpr std::int64_t half_size = std::int64_t{1} << (11 + mantissa_bits);
    static constexpr std::int64_t table_size = 2 * half_size + 1;
    /// Neighbouring buckets that tables keep together, and how many such pages there are.
    static constexpr std::int64_t page_size = 128, pages = table_size / page_size + 1;

    /// Place in a table of all buckets, ascending with x; not for NaN.
    static NOISETRAP_HD std::int64_t bucket(double x) {
        if (x == 0) return half_size;
        const auto bits = std::bit_cast<std::int64_t>(x);
        const std::int64_t from_zero = ((bits & INT64_MAX) >> (52 - mantissa_bits)) + 1;
        const std::int64_t negative = bits >> 63;  // 0 or -1; no branch, as signs cannot be foreseen
        return half_size + ((from_zero ^ negative) - negative);
    }
    /// Adds the table's counts and sets them back to zero.
    void take(SketchTable& table);
    /// Adds the counts of a page.
    void add_page(std::int64_t page, const std::uint32_t* counts);
    void merge(const Sketch& other);

    std::uint64_t total() const { return total_; }
    /// The row that `rank` others lie below, were those of a bucket spread evenly over the values of the lattice that
    /// it holds, or over all its width; not a number where there are not so many rows.
    double at(std::uint64_t rank, const Lattice& values = {}) const;

    /// Neighbouring buckets; each side of zero has its own, since 2000 octaves of small numbers lie between.
    struct Run {
        std::int64_t first = 0;  // bucket of counts[0]
        std::vector<std::uint64_t> counts;
        void cover(std::int64_t first_bucket, std::int64_t end);
        void merge(const Run& other);
    };
    Sketch() = default;
    /// From what another sketch holds on the negative side and on the other.
    Sketch(Run negative, Run other);
    const Run& negative() const { return negative_; }
    const Run& other() const { return other_; }

  private:
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
    void add(double x) { add(std::span(&x, 1)); }
    void add(std::span<const double> rows);
    void merge(const EdgeCounts& other);
    std::uint64_t total() const;
    /// P(X <= edges[i]) with its binomial standard error.
    Estimate cumulative(std::size_t i) const;
    /// Probability per length between edges[i] and edges[i + 1].
    Estimate density(std::size_t i) const;

  private:
    template <std::size_t W>
    void add_in_step(const double* rows);
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
