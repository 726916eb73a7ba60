#include "engine/statistics/reduce.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "engine/runs/backend.hpp"

using namespace noisetrap;

/// Heavy tails on both sides; every 97th row is 0, NaN or infinite.
static std::vector<double> wild_rows(std::size_t n) {
    const double odd[] = {0.0, NAN, INFINITY, -INFINITY};
    std::mt19937_64 random(7);
    std::cauchy_distribution<double> cauchy;
    std::vector<double> rows(n);
    for (std::size_t i = 0; i < n; ++i) rows[i] = i % 97 == 0 ? odd[i / 97 % 4] : cauchy(random);
    return rows;
}

/// Handed over `piece` rows at a time.
static ColumnSummary reduced(const std::vector<double>& rows, int threads, std::size_t piece) {
    const auto backend = make_cpu_backend("omp", threads);
    Reducer reducer(*backend);
    ColumnSummary summary;
    summary.bins.emplace_back(std::vector<double>{-1.0, 0.0, 1.0});
    for (std::size_t i = 0; i < rows.size(); i += piece)
        reducer.add(std::span(rows).subspan(i, std::min(piece, rows.size() - i)), summary, true);
    return summary;
}

TEST_CASE("A column has the same summary bit for bit in any pieces and on any number of threads", "[bytes]") {
    const auto rows = wild_rows(20000);
    const auto plain = reduced(rows, 1, rows.size());
    for (const int threads : {1, 2, 3, 7})
        for (const std::size_t piece : {row_block, 3 * row_block, 8 * row_block, 20000ul}) {
            const auto other = reduced(rows, threads, piece);
            CHECK(other.moments.mean == plain.moments.mean);
            CHECK(other.moments.m4 == plain.moments.m4);
            CHECK(other.bins[0].counts == plain.bins[0].counts);
            for (const std::uint64_t permille : {1u, 300u, 500u, 999u}) {
                const auto rank = plain.sketch.total() * permille / 1000;
                CHECK(other.sketch.at(rank) == plain.sketch.at(rank));
            }
        }
}

TEST_CASE("Every row of a column is counted once: finite, infinite or not a number") {
    const auto summary = reduced(wild_rows(97 * 400), 2, 97 * 400);
    CHECK(summary.rows() == 97 * 400);
    CHECK(summary.not_a_number == 100);
    CHECK(summary.plus_infinite == 100);
    CHECK(summary.minus_infinite == 100);
    CHECK(summary.sketch.total() == 97 * 400 - 100);
    CHECK(summary.bins[0].total() == 97 * 400 - 100);
}
