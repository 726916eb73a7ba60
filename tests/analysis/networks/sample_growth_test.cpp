#include "analysis/networks/sample_growth.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using namespace noisetrap;

static const std::vector<double> three = {1.2, -0.9, 0.1};

TEST_CASE("The growth rate of one sample a step is the mean of log|1 + l q|") {
    const SampleGrowth growth(three);
    CHECK(growth.mean() == Approx(0.4 / 3));
    const double l = 0.7;
    CHECK(growth.growth(l, 1) ==
          Approx((std::log(1 + 1.2 * l) + std::log(1 - 0.9 * l) + std::log(1 + 0.1 * l)) / 3).epsilon(1e-14));
}

TEST_CASE("Two samples a step are all pairs, without replacement those of different samples") {
    const double l = 0.7;
    double with = 0, without = 0;
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) {
            const double term = std::log(std::abs(1 + l * (three[i] + three[j]) / 2));
            with += term / 9;
            if (i != j) without += term / 6;
        }
    CHECK(SampleGrowth(three).growth(l, 2) == Approx(with).epsilon(1e-13));
    CHECK(SampleGrowth(three, Draws::without_replacement).growth(l, 2) == Approx(without).epsilon(1e-13));
}

TEST_CASE("All samples a step without replacement are gradient descent") {
    CHECK(SampleGrowth(three, Draws::without_replacement).growth(0.7, 3) ==
          Approx(std::log(1 + 0.7 * 0.4 / 3)).epsilon(1e-9));
}

TEST_CASE("The characteristic function gives what summing gives") {
    // So many different numbers that their sums are too many to count; and the same for 8 samples of a normal law by
    // its own growth rate, E log|1 + l (a + s Z)|, from which a sample of a thousand differs by its moments alone.
    std::vector<double> q;
    for (int i = 0; i < 1000; ++i)
        q.push_back(0.1 + std::sin(1.0 + i * i * 0.37) + 1e-3 * i * std::sqrt(2.0));
    const SampleGrowth growth(q);
    const double by_function = growth.growth(0.5, 3);
    // 10^6 triples of a regular pattern that visits all numbers alike.
    double sum = 0;
    std::uint64_t at = 1;
    const int count = 1'000'000;
    for (int i = 0; i < count; ++i) {
        double total = 0;
        for (int j = 0; j < 3; ++j) {
            at = at * 6364136223846793005u + 1442695040888963407u;
            total += q[(at >> 33) % q.size()];
        }
        sum += std::log(std::abs(1 + 0.5 * total / 3));
    }
    CHECK(by_function == Approx(sum / count).margin(4 * 0.35 / std::sqrt(count)));
}

TEST_CASE("Where no sample moves log|A| by more than 0.01 four moments give what summing gives") {
    std::vector<double> q;
    for (int i = 0; i <= 200; ++i) q.push_back(-1 + 2.2 * std::pow(i / 200.0, 1.3));
    const SampleGrowth growth(q);
    const double l = 0.0075;
    double sum = 0;
    for (const double a : q)
        for (const double b : q)
            for (const double c : q) sum += std::log1p(l * (a + b + c) / 3);
    const double of_noise = l * l * growth.variance() / 6;
    CHECK(growth.growth(l, 3) == Approx(sum / std::pow(201.0, 3)).margin(3e-6 * of_noise));
}

TEST_CASE("Where every batch is trapped, and where none is, the critical batch says which") {
    std::vector<double> q(2001, 1.0);
    std::fill_n(q.begin(), 1000, -1.0);
    const SampleGrowth growth(q);
    CHECK(std::isinf(growth.critical_batch(0.9, 64).value()));
    CHECK_FALSE(growth.critical_batch(1e-6, 64).has_value());
}

TEST_CASE("A tail index makes the mean of a power of the factor one") {
    const SampleGrowth growth({2.0, -0.95, -0.9});
    for (const double l : {0.3, 0.9}) {
        const double kappa = growth.tail_index(l).value();
        double sum = 0;
        for (const double q : {2.0, -0.95, -0.9}) sum += std::pow(std::abs(1 + l * q), kappa) / 3;
        CHECK(sum == Approx(1).epsilon(1e-9));
        CHECK((kappa > 0) == (growth.growth(l, 1) < 0));
    }
}

TEST_CASE("Odds of escape of a fair walk are those of distances in logarithms") {
    CHECK(escape_odds({1e-2, 1, 1e-4}, 0, 0, {1, 1}) == Approx(0.5));
    CHECK(escape_odds({1e-2, 1, 1e-4}, 1e-9, 0, {1, 1}) == Approx(0.5));
    // A martingale |x|^kappa that starts at 1e-2 and ends at 1 or 1e-4.
    CHECK(escape_odds({1e-2, 1, 1e-4}, 0.5, 0, {1, 1}) == Approx((0.1 - 0.01) / (1 - 0.01)));
}

TEST_CASE("What has no growth rate is refused in a sentence") {
    CHECK_THROWS_WITH(SampleGrowth({}), "a growth rate needs at least one sample");
    CHECK_THROWS_WITH(SampleGrowth({1.0, NAN}), "a growth rate needs finite curvatures");
    CHECK_THROWS_WITH(SampleGrowth(three, Draws::without_replacement).growth(0.1, 4),
                      "a batch without replacement holds no more samples than there are");
    CHECK_THROWS_WITH(escape_odds({1, 0.5, 0.1}, 0, 0, {1, 1}), "odds of escape need 0 < near < start < far");
}
