// Where a noisily measured function of y crosses a level, for many columns (values of x) at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/statistics/summaries.hpp"

namespace noisetrap {

/// What a batch brought. A growth rate is -infinity on paths that fell on zero.
struct BatchRows {
    Moments rows;              // those that are finite
    std::uint64_t fallen = 0;  // rows of -infinity

    static BatchRows of(std::span<const double> rows);
    void merge(const BatchRows& other);
};

struct BatchRequest {
    std::size_t column;
    double y;
};

struct BoundarySearch {
    std::size_t columns = 1;
    double from = 0, to = 1;   // the axis of y
    bool logarithmic = false;  // steps along it are equal in log y
    double level = 0;
    bool odds = false;                 // rows are 0 or 1, and their mean is a probability
    double error = 0.01;               // bounds the odds that any sign in any column is wrong
    double accuracy = 0.01;            // a bracket is narrow enough at this share of the axis
    std::size_t coarse = 9;            // points of the first look, both ends included
    std::uint64_t most_batches = 256;  // at one point
    /// Whether rounding alone, and not the law, may have made -infinity of so many rows, of all that a point has.
    std::function<bool(const BatchRequest& point, const BatchRows& all)> falls_by_chance =
        [](const BatchRequest&, const BatchRows& all) { return all.fallen == 0; };
};
/// One BatchRows per request, in their order. Requests that are alike are different batches: independent rows,
/// equally many in each.
using BatchSampler = std::function<std::vector<BatchRows>(const std::vector<BatchRequest>&)>;

/// A point that was looked at; sign 0: on neither side of the level with the certainty asked for.
struct Visit {
    std::size_t column;
    double y;
    Estimate estimate;
    std::uint64_t batches;
    int sign;
};

/// Between `low` and `high`, neighbouring points of opposite signs, lies an odd number of crossings, one if
/// the function is monotonic there.
struct Crossing {
    std::size_t column;
    bool rising;  // from below the level to above it as y grows
    /// y lies in [low, high]. Where the function is -infinity at one of these, nothing else is known of y: it is
    /// their middle, with the standard deviation of a uniform law.
    double y, standard_error;
    double low, high;
};

struct Boundary {
    std::vector<Crossing> crossings;  // by column, then y
    std::vector<Visit> visits;        // by column, then y
    std::uint64_t batches = 0;
};

/// `coarse` points of each column are looked at, then the brackets where the sign changes are narrowed. In
/// each round all columns ask together. Requests depend on the answers to earlier ones and on nothing else: a
/// search is resumed by giving the old answers again.
///
/// A sign is looked for after 1, 2, 4, ... batches of a point and taken where chance alone gives such a mean
/// with odds below `error`, shared equally among all looks at all points that a search can have (Bonferroni):
/// by the binomial law where rows are 0 or 1, else by odds_by_chance (significance.hpp), for rows that may be
/// skewed, or equal. Rows of -infinity, over all batches of a point, make its mean -infinity and its sign -1,
/// unless they are there by chance; then they are left out, as are rows that are no numbers. A point without a
/// sign after `most_batches` stays undecided: brackets are then wider than asked for, and a crossing beside an
/// end of the axis may be missed, as are two crossings between neighbours of the first look.
///
/// Throws std::domain_error where the search makes no sense or the answers do not fit the requests.
Boundary find_boundary(const BoundarySearch& search, const BatchSampler& sample);

}  // namespace noisetrap
