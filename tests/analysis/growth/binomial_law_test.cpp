#include "analysis/growth/binomial_law.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("after 2 steps 3 of 4 paths are inside, after 4 at least 11 of 16", "[binomial_law]") {
    const double sigma = GENERATE(1e-9, 1e-3, 0.1, 0.5, 0.9, 1.0, 1.3);
    CHECK_THAT(odds_inside(2, sigma), WithinRel(0.75, 1e-14));
    CHECK(odds_inside(4, sigma) >= 11.0 / 16 - 1e-14);
}

TEST_CASE("after 4 weak steps exactly 11 of 16 paths are inside", "[binomial_law]") {
    CHECK_THAT(odds_inside(4, 0.1), WithinRel(11.0 / 16, 1e-14));
}

TEST_CASE("all paths are inside in the end, although the mean never moves", "[binomial_law]") {
    CHECK(odds_inside(100, 0.5) > 0.99);
    CHECK(odds_inside(100000, 0.05) > 1 - 1e-12);
    for (const int n : {1, 2, 10, 50}) {
        double odds = 0, mean = 0;
        for (const auto& atom : binomial_law(n, 0.3)) {
            odds += atom.probability;
            mean += atom.probability * std::exp(atom.log_ratio);
        }
        CHECK_THAT(odds, WithinRel(1, 1e-12));
        CHECK_THAT(mean, WithinRel(1, 1e-11));
    }
}

TEST_CASE("atoms are the products of heads and tails, by rising size", "[binomial_law]") {
    const double sigma = GENERATE(0.3, 1.2);
    const auto law = binomial_law(5, sigma);
    REQUIRE(law.size() == 6);
    for (int k = 0; k <= 5; ++k) {
        const auto& atom = law[static_cast<std::size_t>(k)];
        CHECK(atom.heads == k);
        const double ratio = std::pow(1 + sigma, k) * std::pow(std::abs(1 - sigma), 5 - k);
        CHECK_THAT(atom.log_ratio, WithinRel(std::log(ratio), 1e-13));
    }
    CHECK_THAT(law[2].probability, WithinRel(10.0 / 32, 1e-13));
}

TEST_CASE("the odds are the sum of the atoms inside", "[binomial_law]") {
    const int n = GENERATE(1, 3, 8, 31);
    const double sigma = GENERATE(0.05, 0.4, 1.1, 1.6);
    double inside = 0;
    for (const auto& atom : binomial_law(n, sigma))
        if (atom.log_ratio < 0) inside += atom.probability;
    CHECK_THAT(odds_inside(n, sigma), WithinAbs(inside, 1e-13));
    CHECK(odds_inside(n, -sigma) == odds_inside(n, sigma));
}

TEST_CASE("sigma = 1 kills all paths but one", "[binomial_law]") {
    const auto law = binomial_law(3, 1);
    CHECK(law[0].log_ratio == -std::numeric_limits<double>::infinity());
    CHECK_THAT(law[3].log_ratio, WithinRel(3 * std::numbers::ln2, 1e-15));
    CHECK_THAT(odds_inside(3, 1), WithinRel(7.0 / 8, 1e-14));
}

TEST_CASE("paths that return exactly count apart", "[binomial_law]") {
    const double sigma = std::numbers::sqrt2;  // (1 + sigma)(1 - sigma) = -1
    CHECK_THAT(odds_inside(2, sigma), WithinRel(0.25, 1e-14));
    CHECK_THAT(odds_inside_or_equal(2, sigma), WithinRel(0.75, 1e-14));
    CHECK_THAT(odds_inside(3, std::numbers::phi), WithinRel(1.0 / 8, 1e-14));  // (1 + phi)(1 - phi)^2 = 1
    CHECK_THAT(odds_inside_or_equal(3, std::numbers::phi), WithinRel(0.5, 1e-14));
    CHECK(odds_inside(7, 0) == 0);
    CHECK(odds_inside_or_equal(7, 0) == 1);
    CHECK(odds_inside(0, 0.5) == 0);
    CHECK(odds_inside_or_equal(0, 0.5) == 1);
}
