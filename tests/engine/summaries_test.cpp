#include "engine/summaries.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
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
    for (double x : rows) table.add(x);
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

TEST_CASE("Rows that are not finite are never averaged") {
    const std::vector<double> rows = {1, NAN, 3, INFINITY, -INFINITY};
    const auto moments = Moments::of(rows);
    CHECK(moments.count == 2);
    CHECK(moments.mean == 2);
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
        CHECK(sketch.quantile(p).value == Approx(exact).epsilon(Sketch::relative_error));
    }
    CHECK(sketch.total() == rows.size());
}

TEST_CASE("Merging sketches adds their counts") {
    const auto small = sketch_of({1e-10, 2e-10}), large = sketch_of({-1e10, 5.0});
    Sketch merged = small;
    merged.merge(large);
    CHECK(merged.total() == 4);
    CHECK(merged.quantile(0.01).value == Approx(-1e10).epsilon(Sketch::relative_error));
    CHECK(merged.quantile(0.999).value == Approx(5).epsilon(Sketch::relative_error));
}

TEST_CASE("A quantile's standard error is that of order statistics") {
    const auto sketch = sketch_of(normals(100000, 10));
    // sd of the sample median: sqrt(pi / 2 / n)
    CHECK(sketch.quantile(0.5).standard_error == Approx(std::sqrt(1.5708 / 1e5)).epsilon(0.1));
}

TEST_CASE("Edge counts exclude their lower edge and include their upper one") {
    EdgeCounts bins({0.0, 1.0});
    for (double x : {-1.0, 0.0, 0.5, 1.0, 1.5}) bins.add(x);
    CHECK(bins.counts == std::vector<std::uint64_t>{2, 2, 1});
    CHECK(bins.cumulative(0).value == Approx(0.4));
    CHECK(bins.cumulative(1).value == Approx(0.8));
    CHECK(bins.density(0).value == Approx(0.4));
}

TEST_CASE("A proportion's standard error is binomial, and not zero where nothing was seen") {
    CHECK(proportion(40000, 100000).standard_error == Approx(std::sqrt(0.4 * 0.6 / 1e5)).epsilon(1e-4));
    CHECK(proportion(0, 1000).value == 0);
    CHECK(proportion(0, 1000).standard_error > 0);
}
