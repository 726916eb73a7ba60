#include "engine/statistics/summaries.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <iterator>
#include <random>

using namespace noisetrap;

static std::vector<double> normals(std::size_t n, double mean = 0) {
    std::mt19937_64 random(5);
    std::normal_distribution<double> normal(mean, 1);
    std::vector<double> x(n);
    for (double& v : x) v = normal(random);
    return x;
}

static Sketch sketch_of(const std::vector<double>& rows) {
    SketchTable table;
    table.add(rows);
    Sketch sketch;
    sketch.take(table);
    return sketch;
}

TEST_CASE("Merged moments are the moments of all rows") {
    const auto rows = normals(5000, 3);
    Moments merged;
    for (std::size_t i = 0; i < rows.size(); i += 700)
        merged.merge(Moments::of(std::span(rows).subspan(i, std::min<std::size_t>(700, rows.size() - i))));
    const auto whole = Moments::of(rows);
    CHECK(merged.count == whole.count);
    CHECK(merged.mean == Approx(whole.mean).epsilon(1e-13));
    CHECK(merged.m2 == Approx(whole.m2).epsilon(1e-12));
    CHECK(merged.m3 == Approx(whole.m3).epsilon(1e-9));
    CHECK(merged.m4 == Approx(whole.m4).epsilon(1e-12));
}

TEST_CASE("Standard errors of mean and variance are those of the normal law") {
    const auto moments = Moments::of(normals(100000));
    CHECK(moments.mean_estimate().standard_error == Approx(1 / std::sqrt(1e5)).epsilon(0.02));
    CHECK(moments.variance_estimate().standard_error == Approx(std::sqrt(2 / 1e5)).epsilon(0.05));
}

TEST_CASE("The variance of few rows is divided by their number less one") {
    const std::vector<double> rows = {1, 2, 4, 5};
    const auto moments = Moments::of(rows);
    CHECK(moments.variance_estimate().value == Approx(10.0 / 3));
    CHECK(moments.mean_estimate().standard_error == Approx(std::sqrt(10.0 / 3 / 4)));
}

TEST_CASE("Rows that are not finite are never averaged") {
    const std::vector<double> rows = {1, NAN, 3, INFINITY, -INFINITY};
    const auto moments = Moments::of(rows);
    CHECK(moments.count == 2);
    CHECK(moments.mean == 2);
}

TEST_CASE("Moments of blocks are those of each block alone, summed row by row") {
    auto rows = normals(blocks_in_step * row_block, 3);
    rows[5] = NAN;
    rows[row_block + 7] = -INFINITY;
    for (std::size_t i = 0; i < row_block; ++i) rows[2 * row_block + i] = NAN;
    for (const std::size_t count : {rows.size(), rows.size() - 1, row_block + 8}) {
        Moments blocks[blocks_in_step];
        Moments::of_blocks(std::span(rows).first(count), blocks);
        for (std::size_t b = 0; b * row_block < count; ++b) {
            double sum = 0, m2 = 0, m3 = 0, m4 = 0;
            const std::size_t begin = b * row_block, end = std::min<std::size_t>(count, begin + row_block);
            std::vector<double> finite;
            std::copy_if(rows.begin() + static_cast<std::ptrdiff_t>(begin),
                         rows.begin() + static_cast<std::ptrdiff_t>(end), std::back_inserter(finite),
                         [](double x) { return std::isfinite(x); });
            for (double x : finite) sum += x;
            const double mean = finite.empty() ? 0 : sum / static_cast<double>(finite.size());
            for (double x : finite) {
                const double d = x - mean;
                m2 += d * d;
                m3 += d * d * d;
                m4 += (d * d) * (d * d);
            }
            CHECK(blocks[b].count == finite.size());
            CHECK(blocks[b].mean == mean);  // bit for bit: the order of the sums is part of the result
            CHECK(blocks[b].m2 == m2);
            CHECK(blocks[b].m3 == m3);
            CHECK(blocks[b].m4 == m4);
        }
    }
}

TEST_CASE("Buckets ascend with the value, over the whole range and through zero") {
    std::vector<double> values = {-INFINITY, -1e300, -1.0, -1e-300, -5e-324, 0.0,     5e-324,
                                  1e-300,    0.5,    1.0,  1.5,     1e300,   INFINITY};
    for (std::size_t i = 1; i < values.size(); ++i)
        CHECK(Sketch::bucket(values[i - 1]) <= Sketch::bucket(values[i]));
    CHECK(Sketch::bucket(-INFINITY) >= 0);
    CHECK(Sketch::bucket(INFINITY) < Sketch::table_size);
    CHECK(Sketch::bucket(1.0) < Sketch::bucket(1.0 + Sketch::relative_error));
}

TEST_CASE("Quantiles of the sketch are those of the rows within its stated error") {
    auto rows = normals(200000);
    for (double& x : rows) x = std::exp(3 * x) * (x > 0 ? 1 : -1);
    const auto sketch = sketch_of(rows);
    std::sort(rows.begin(), rows.end());
    for (const double p : {0.001, 0.05, 0.3, 0.5, 0.9, 0.999}) {
        const double exact = rows[static_cast<std::size_t>(p * static_cast<double>(rows.size()))];
        CHECK(sketch.at(static_cast<std::uint64_t>(p * 200000)) ==
              Approx(exact).epsilon(Sketch::relative_error));
    }
    CHECK(sketch.total() == rows.size());
}

TEST_CASE("Rows of one bucket are taken to be spread evenly over it, each in the middle of its share") {
    const auto sketch = sketch_of({1, 1, 1, 1});
    for (std::uint64_t rank = 0; rank < 4; ++rank)
        CHECK(sketch.at(rank) ==
              1 + Sketch::relative_error * (static_cast<double>(rank) + 0.5) / 4);  // of [1, 1 + 2^-7)
}

TEST_CASE("Merging sketches adds their counts") {
    const auto small = sketch_of({1e-10, 2e-10}), large = sketch_of({-1e10, 5.0});
    Sketch merged = small;
    merged.merge(large);
    CHECK(merged.total() == 4);
    CHECK(merged.at(0) == Approx(-1e10).epsilon(Sketch::relative_error));
    CHECK(merged.at(1) == Approx(1e-10).epsilon(Sketch::relative_error));
    CHECK(merged.at(3) == Approx(5).epsilon(Sketch::relative_error));
    CHECK(std::isnan(merged.at(4)));
}

TEST_CASE("A table is empty again when a sketch has taken its counts") {
    SketchTable table;
    table.add(std::vector<double>{-INFINITY, -1.0, 0.0, 1.0, INFINITY});
    Sketch first, second;
    first.take(table);
    second.take(table);
    CHECK(first.total() == 5);
    CHECK(first.at(2) == 0);
    CHECK(second.total() == 0);
}

TEST_CASE("Rows of a lattice lie on it, also where a bucket holds several of its values") {
    std::vector<double> steps;
    for (int i = 1; i <= 4095; ++i) steps.push_back(i);
    const auto sketch = sketch_of(steps);
    for (std::uint64_t rank = 0; rank < 4095; ++rank)
        CHECK(sketch.at(rank, {1}) == static_cast<double>(rank + 1));
    steps.push_back(4096);  // buckets are full on both lattices
    for (double& step : steps) step -= 0.5;
    const auto with_bridge = sketch_of(steps);
    for (std::uint64_t rank = 0; rank < 4096; ++rank)
        CHECK(with_bridge.at(rank, {1, -0.5}) == static_cast<double>(rank) + 0.5);
}

TEST_CASE("Edge counts exclude their lower edge and include their upper one") {
    EdgeCounts bins({0.0, 1.0});
    for (double x : {-1.0, 0.0, 0.5, 1.0, 1.5}) bins.add(x);
    CHECK(bins.counts == std::vector<std::uint64_t>{2, 2, 1});
    CHECK(bins.cumulative(0).value == Approx(0.4));
    CHECK(bins.cumulative(1).value == Approx(0.8));
    CHECK(bins.density(0).value == Approx(0.4));
}

TEST_CASE("Rows are counted between edges as a plain search would, for any number of edges and rows") {
    const std::vector<double> all_rows = {-INFINITY, -2.0, 0.0, -0.0, 0.5,  1.0,  1.5,      2.0, 3.0,
                                          4.5,       7.0,  9.0, 10.0, 10.5, 11.0, INFINITY, 5.0, 6.0};
    for (std::size_t n = 0; n < 12; ++n)
        for (std::size_t count = 0; count <= all_rows.size(); ++count) {
            std::vector<double> edges;
            for (std::size_t i = 0; i < n; ++i) edges.push_back(static_cast<double>(i));
            const auto rows = std::span(all_rows).first(count);
            EdgeCounts bins(edges);
            bins.add(rows);
            std::vector<std::uint64_t> expected(n + 1);
            for (double x : rows)
                ++expected[static_cast<std::size_t>(std::lower_bound(edges.begin(), edges.end(), x) -
                                                    edges.begin())];
            CHECK(bins.counts == expected);
        }
}

TEST_CASE("A proportion's standard error is binomial, and not zero where nothing was seen") {
    CHECK(proportion(40000, 100000).standard_error == Approx(std::sqrt(0.4 * 0.6 / 1e5)).epsilon(1e-4));
    CHECK(proportion(0, 1000).value == 0);
    CHECK(proportion(0, 1000).standard_error > 0);
}
