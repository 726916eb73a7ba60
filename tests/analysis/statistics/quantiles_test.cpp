#include "analysis/statistics/quantiles.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <random>
#include <stdexcept>

using namespace noisetrap;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
using Generator = std::mt19937_64;

Sketch sketch_of(const std::vector<double>& rows) {
    SketchTable table;
    table.add(rows);
    Sketch sketch;
    sketch.take(table);
    return sketch;
}

/// How z is spread over samples of a law.
struct Spread {
    int known = 0, beyond_three = 0;
    Moments z;
};
Spread spread_of(int samples, std::size_t n, double p, double exact, const Lattice& values,
                 const std::function<double(Generator&)>& law, bool by_sketch) {
    Generator generator(3);
    Spread spread;
    std::vector<double> rows(n);
    for (int i = 0; i < samples; ++i) {
        for (double& row : rows) row = law(generator);
        const auto e = by_sketch ? quantile_of(sketch_of(rows), p, values) : quantile_of(rows, p, values);
        if (!std::isfinite(e.standard_error)) continue;
        const double z[] = {(e.value - exact) / e.standard_error};
        ++spread.known, spread.beyond_three += std::abs(z[0]) > 3;
        spread.z.merge(Moments::of(z));
    }
    return spread;
}

double lognormal(Generator& g) { return std::exp(std::normal_distribution<double>(0, 2)(g)); }
double cauchy(Generator& g) { return std::cauchy_distribution<double>()(g); }

/// The most of `known` samples that lie beyond three standard errors, but for odds of 1e-4 or so.
double most_beyond(int known) { return 0.0027 * known + 4 * std::sqrt(0.0027 * known) + 1; }

}  // namespace

TEST_CASE("A quantile's standard error is that of order statistics, of rows and of their sketch",
          "[quantiles]") {
    Generator generator(5);
    std::normal_distribution<double> normal(10, 1);
    std::vector<double> rows(100000);
    for (double& row : rows) row = normal(generator);
    // sd of the sample median: sqrt(pi / 2 / n)
    CHECK(quantile_of(rows, 0.5).standard_error == Approx(std::sqrt(1.5708 / 1e5)).epsilon(0.1));
    CHECK(quantile_of(sketch_of(rows), 0.5).standard_error == Approx(std::sqrt(1.5708 / 1e5)).epsilon(0.1));
    CHECK(quantile_of(sketch_of(rows), 0.5).value == Approx(quantile_of(rows, 0.5).value).epsilon(1e-3));
}

TEST_CASE("Three standard errors of an extreme quantile hold for any law", "[quantiles]") {
    // With half the distance of order statistics alone 8 % are beyond them where 10 rows are expected.
    struct {
        std::size_t n;
        double p;
    } const cases[] = {{1000, 0.007}, {1000, 0.01}, {1000, 0.02}, {1000, 0.99}, {200, 0.95}, {1000, 0.5}};
    for (const auto& [n, p] : cases) {
        INFO(n << " rows, p = " << p);
        const double exact_cauchy = std::tan(M_PI * (p - 0.5));
        const auto of_cauchy = spread_of(4000, n, p, exact_cauchy, {}, cauchy, false);
        CHECK(of_cauchy.known == 4000);
        CHECK(of_cauchy.beyond_three <= most_beyond(4000));
    }
    const auto of_lognormal = spread_of(4000, 1000, 0.5, 1, {}, lognormal, false);
    CHECK(of_lognormal.beyond_three <= most_beyond(4000));
    CHECK(of_lognormal.z.m2 / 4000 > 0.7);  // no wider than the farther side asks
}

TEST_CASE("Too few rows on a side leave the error of a quantile unknown", "[quantiles]") {
    std::vector<double> rows(1000);
    std::iota(rows.begin(), rows.end(), 0.0);
    for (const double p : {0.001, 0.006, 0.994, 0.999}) {
        CHECK(std::isnan(quantile_of(rows, p).standard_error));
        CHECK(std::isfinite(quantile_of(rows, p).value));
    }
    for (const double p : {0.007, 0.993}) CHECK(std::isfinite(quantile_of(rows, p).standard_error));
    std::fill(rows.begin() + 520, rows.end(), infinity);  // paths that have not left
    CHECK(std::isnan(quantile_of(rows, 0.5).standard_error));
    CHECK(quantile_of(rows, 0.5).value == 500);
    CHECK(quantile_of(rows, 0.6).value == infinity);
    CHECK(std::isnan(quantile_of(std::vector<double>(), 0.5).value));
    CHECK(std::isnan(quantile_of(Sketch(), 0.5).value));
    CHECK_THROWS_AS(quantile_of(rows, 0), std::domain_error);
}

TEST_CASE("Quantiles of whole numbers are whole, and known to half of one", "[quantiles]") {
    // Steps to an exit, of odds 0.1 each: P(steps <= k) = 1 - 0.9^k passes 0.5 at k = 7, 0.002 at 1.
    const auto geometric = [](Generator& g) { return 1.0 + std::geometric_distribution<int>(0.1)(g); };
    for (const bool by_sketch : {false, true})
        for (const auto& [p, exact] : {std::pair{0.5, 7.0}, {0.05, 1.0}, {0.9, 22.0}}) {
            const auto spread = spread_of(1000, 10000, p, exact, {1}, geometric, by_sketch);
            CHECK(spread.known == 1000);
            CHECK(spread.beyond_three <= most_beyond(1000));
            CHECK(spread.z.m2 / 1000 < 1.1);
        }
    Generator generator(1);
    std::vector<double> rows(10000);
    for (double& row : rows) row = geometric(generator);
    const auto e = quantile_of(sketch_of(rows), 0.002, {1});
    CHECK(e.value == 1);
    CHECK(e.standard_error == 0.5);
}
