#include "analysis/statistics/significance.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// x_T^2 of dx = a x dt + sigma x dW, x_0 = 1, T = 1, by Euler-Maruyama at 8, 16 and 32 steps of one path.
struct EulerSquares {
    static constexpr double a = -0.5, sigma = 0.4;
    std::vector<double> coarse, middle, fine;

    explicit EulerSquares(std::size_t paths) {
        std::mt19937_64 generator(11);
        std::normal_distribution<double> dw(0, std::sqrt(1.0 / 32));
        for (std::size_t i = 0; i < paths; ++i) {
            std::vector<double> noise(32);
            for (double& w : noise) w = dw(generator);
            coarse.push_back(square(noise, 8)), middle.push_back(square(noise, 16));
            fine.push_back(square(noise, 32));
        }
    }
    static double square(const std::vector<double>& noise, std::size_t steps) {
        double x = 1;
        const std::size_t stride = noise.size() / steps;
        for (std::size_t i = 0; i < noise.size(); i += stride) {
            double w = 0;
            for (std::size_t j = i; j < i + stride; ++j) w += noise[j];
            x += a * x / static_cast<double>(steps) + sigma * x * w;
        }
        return x * x;
    }
    // E x_T^2 of the scheme: ((1 + a h)^2 + sigma^2 h)^steps
    static double mean(double steps) {
        const double h = 1 / steps;
        return std::pow((1 + a * h) * (1 + a * h) + sigma * sigma * h, steps);
    }
};

double mean_of(const std::vector<double>& column) { return Moments::of(column).mean; }

}  // namespace

TEST_CASE("p-values and normal deviates have their reference values", "[significance]") {
    // mpmath with 30 digits
    CHECK_THAT(two_sided_p(0.001), WithinRel(0.99920211557217788, 1e-15));
    CHECK_THAT(two_sided_p(1), WithinRel(0.31731050786291410, 1e-15));
    CHECK_THAT(two_sided_p(-1.96), WithinRel(0.049995790296440868, 1e-14));
    CHECK_THAT(two_sided_p(5), WithinRel(5.7330314375838782e-7, 1e-14));
    CHECK_THAT(two_sided_z(0.999), WithinRel(0.0012533144654325546, 1e-13));
    CHECK_THAT(two_sided_z(0.05), WithinRel(1.9599639845400542, 1e-14));
    CHECK_THAT(two_sided_z(1e-20), WithinRel(9.3360448492340600, 1e-14));
    CHECK_THAT(two_sided_z(1e-300), WithinRel(37.065787880772130, 1e-14));
    CHECK(two_sided_p(0) == 1);
    CHECK(two_sided_z(1) == 0);
    CHECK(two_sided_p(infinity) == 0);
    CHECK(two_sided_z(0) == infinity);
}

TEST_CASE("a p-value returns through its deviate", "[significance]") {
    const double p = GENERATE(1e-300, 1e-100, 1e-10, 0.3, 0.9999);
    CHECK_THAT(two_sided_p(two_sided_z(p)), WithinRel(p, 1e-12));
}

TEST_CASE("many claims share the odds of one false alarm", "[significance]") {
    CHECK_THAT(sidak_level(0.05, 10), WithinRel(0.00511619689182370113, 1e-14));
    CHECK_THAT(sidak_level(1e-6, 1000), WithinRel(1.00000049950033283e-9, 1e-14));
    CHECK_THAT(1 - std::pow(1 - sidak_level(0.2, 7), 7), WithinRel(0.2, 1e-14));
    CHECK(sidak_level(0.3, 1) == Approx(0.3).epsilon(1e-15));
    CHECK(bonferroni_level(0.05, 10) == 0.005);
    CHECK(bonferroni_level(0.05, 10) < sidak_level(0.05, 10));
}

TEST_CASE("Wilson's interval has its reference values", "[significance]") {
    // scipy.stats.binomtest(hits, trials).proportion_ci(1 - level, method="wilson")
    const auto check = [](std::uint64_t hits, std::uint64_t trials, double level, double low, double high) {
        const auto interval = wilson_interval(hits, trials, level);
        CHECK_THAT(interval.low, WithinRel(low, 1e-12));
        CHECK_THAT(interval.high, WithinRel(high, 1e-12));
    };
    check(7, 20, 0.05, 0.1811918241010821, 0.5671457233147637);
    check(0, 50, 0.01, 0, 0.11715209171762797);
    check(3, 1000000, 0.01, 7.577586311244606e-07, 1.187705413922045e-05);
    check(50, 50, 0.01, 1 - 0.11715209171762797, 1);
}

TEST_CASE("Wilson's interval misses the proportion as often as stated", "[significance]") {
    std::mt19937_64 generator(12);
    const double p = 0.3, level = 0.1;
    std::binomial_distribution<std::uint64_t> hits(2000, p);
    int missed = 0;
    const int repeats = 20000;
    for (int i = 0; i < repeats; ++i) {
        const auto [low, high] = wilson_interval(hits(generator), 2000, level);
        missed += p < low || p > high;
    }
    // the lattice of 2000 trials moves the odds by up to its spacing
    const double lattice = 2 * 0.103 / std::sqrt(2000 * p * (1 - p));
    CHECK_THAT(static_cast<double>(missed) / repeats,
               WithinAbs(level, lattice + 4 * std::sqrt(0.09 / repeats)));
}

TEST_CASE("paired columns have the error of their differences", "[significance]") {
    // numpy: mean and std(ddof=1)/sqrt(6) of the differences
    const std::vector<double> first{1, 0, 1, 1, 0, 1}, second{0, 0, 1, 0, 1, 1};
    const auto d = paired_difference(first, second);
    CHECK_THAT(d.value, WithinRel(0.16666666666666666, 1e-14));
    CHECK_THAT(d.standard_error, WithinRel(0.30731814857642964, 1e-14));
}

TEST_CASE("what columns share does not count as error, over any number of blocks", "[significance]") {
    std::mt19937_64 generator(13);
    std::normal_distribution<double> normal;
    std::vector<double> first(10000), second(10000);
    for (std::size_t i = 0; i < first.size(); ++i) {
        second[i] = 1000 * normal(generator);
        first[i] = second[i] + 0.5 + 0.1 * normal(generator);
    }
    const auto d = paired_difference(first, second);
    CHECK_THAT(d.standard_error, WithinRel(1e-3, 0.03));
    CHECK_THAT(d.value, WithinAbs(0.5, 4 * d.standard_error));
}

TEST_CASE("extrapolation takes away the leading error and sees the next", "[significance]") {
    const int order = GENERATE(1, 2);
    const double h = 0.1, c = 3, next = -7;
    std::mt19937_64 generator(14);
    std::normal_distribution<double> normal;
    std::vector<double> limit(3000), coarse, middle, fine;
    for (double& v : limit) {
        v = normal(generator);
        const auto at = [=](double step) {
            return v + c * std::pow(step, order) + next * std::pow(step, order + 1);
        };
        coarse.push_back(at(h)), middle.push_back(at(h / 2)), fine.push_back(at(h / 4));
    }
    const auto found = extrapolate_paths(coarse, middle, fine, order);
    // of next h^(p+1): (2^p/4^(p+1) - 1/2^(p+1))/(2^p - 1) stays, -1/8 for p = 1 and -1/48 for p = 2
    const double left = -next * std::pow(h, order + 1) / (order == 1 ? 8 : 48);
    const double mean = paired_difference(limit, std::vector<double>(3000)).value;
    const double fine_mean = paired_difference(fine, std::vector<double>(3000)).value;
    CHECK_THAT(found.estimate.value, WithinAbs(mean + left, 1e-12));
    CHECK_THAT(found.estimate.standard_error, WithinRel(1 / std::sqrt(3000), 0.06));
    CHECK_THAT(found.discretisation.value, WithinAbs(mean + left - fine_mean, 1e-12));
    CHECK_THAT(found.remaining.value, WithinAbs(std::abs(left), 1e-12));
    CHECK(found.discretisation.standard_error < 1e-12);  // the same on every path
    CHECK(found.remaining.standard_error < 1e-12);
}

TEST_CASE("extrapolated coupled paths reach the SDE", "[significance]") {
    const EulerSquares squares(20000);
    const auto found = extrapolate_paths(squares.coarse, squares.middle, squares.fine, 1);
    const double exact = std::exp(2 * EulerSquares::a + EulerSquares::sigma * EulerSquares::sigma);
    CHECK_THAT(found.estimate.value,
               WithinAbs(exact, 4 * found.estimate.standard_error + found.remaining.value));
    const double two_level = 2 * EulerSquares::mean(32) - EulerSquares::mean(16);
    const double before = 2 * EulerSquares::mean(16) - EulerSquares::mean(8);
    CHECK_THAT(found.estimate.value, WithinAbs(two_level, 4 * found.estimate.standard_error));
    CHECK_THAT(found.discretisation.value,
               WithinAbs(two_level - EulerSquares::mean(32), 4 * found.discretisation.standard_error));
    CHECK_THAT(found.remaining.value,
               WithinAbs(std::abs(two_level - before) / 3, 4 * found.remaining.standard_error));
    // independent runs would have the variance 4 + 1 instead of about 1
    const auto alone = paired_difference(squares.fine, std::vector<double>(squares.fine.size()));
    CHECK(found.estimate.standard_error < 1.1 * alone.standard_error);
    CHECK(mean_of(squares.coarse) < mean_of(squares.fine));
}

TEST_CASE("a variance that few rows make has a wide error and one of normal rows has not", "[significance]") {
    std::mt19937_64 generator(6);
    std::normal_distribution<double> normal;
    // In how many of 1000 samples of n rows exp(sigma Z) the variance lies beyond 3 errors: plain ones, and these.
    const auto wrong = [&](std::size_t n, double sigma) {
        const double exact = std::expm1(sigma * sigma) * std::exp(sigma * sigma);
        std::pair<int, int> count;
        for (int i = 0; i < 1000; ++i) {
            std::vector<double> rows(n);
            for (double& row : rows) row = std::exp(sigma * normal(generator));
            const auto moments = Moments::of(rows);
            const auto beyond = [&](const Estimate& e) {
                return std::abs(e.value - exact) > 3 * e.standard_error;
            };
            count.first += beyond(moments.variance_estimate());
            count.second += beyond(cautious_variance(moments));
        }
        return count;
    };
    const auto [plain_heavy, heavy] = wrong(1000, 2);
    CHECK(plain_heavy > 500);
    CHECK(heavy < 100);
    const auto [plain_light, light] = wrong(2000, 0.5);
    CHECK(light < plain_light);
    std::vector<double> rows(10000);
    for (double& row : rows) row = normal(generator);
    const auto moments = Moments::of(rows);
    CHECK(cautious_variance(moments).standard_error < 1.01 * moments.variance_estimate().standard_error);
    CHECK(cautious_variance(Moments::of(std::vector<double>(10, 1.0))).standard_error == 0);
}

TEST_CASE("the side of a mean is told by Student's t where rows have no skewness", "[significance]") {
    const Moments rows{5, 0.5, 4, 0, 9};  // a standard error of sqrt(1/5)
    CHECK_THAT(odds_by_chance(rows, 0.5 - std::sqrt(1.0 / 5) * 2.776445105), WithinAbs(0.025, 1e-9));
    CHECK_THAT(odds_by_chance(rows, 0.5 + std::sqrt(1.0 / 5) * 2.776445105), WithinAbs(0.025, 1e-9));
    CHECK(odds_by_chance(rows, 0.5) == 1);
    CHECK(odds_by_chance({1, 0.5, 0, 0, 0}, 0) == 1);
    CHECK_THAT(odds_by_chance({100, 0.5, 0, 0, 0}, 0), WithinRel(std::pow(0.99, 100), 1e-12));
}

TEST_CASE("skewed rows are on the wrong side as rarely as they say", "[significance]") {
    // Student's t alone has 4.4 times as many on the side away from the tail, and a fifth on the other.
    std::mt19937_64 generator(4);
    std::exponential_distribution<double> exponential;
    constexpr int repeats = 100000;
    constexpr double level = 1e-3;
    int wrong = 0;
    std::vector<double> rows(256);
    for (int i = 0; i < repeats; ++i) {
        for (double& row : rows) row = 1 - exponential(generator);
        const auto moments = Moments::of(rows);
        wrong += moments.mean > 0 && odds_by_chance(moments, 0) <= level;
    }
    CHECK(wrong < 1.25 * level * repeats + 4 * std::sqrt(level * repeats));
}

TEST_CASE("what cannot be decided is refused", "[significance]") {
    const std::vector<double> none, one{1}, two{1, 2}, three{1, 2, 3}, bad{1, infinity},
        worse{not_a_number, 1};
    CHECK_THROWS_AS(two_sided_p(not_a_number), std::domain_error);
    CHECK_THROWS_AS(two_sided_z(GENERATE(-0.1, 1.1, not_a_number)), std::domain_error);
    for (const double level : {0.0, 1.0, not_a_number}) {
        CHECK_THROWS_AS(sidak_level(level, 3), std::domain_error);
        CHECK_THROWS_AS(bonferroni_level(level, 3), std::domain_error);
        CHECK_THROWS_AS(wilson_interval(1, 2, level), std::domain_error);
    }
    CHECK_THROWS_AS(sidak_level(0.1, 0), std::domain_error);
    CHECK_THROWS_AS(bonferroni_level(0.1, 0), std::domain_error);
    CHECK_THROWS_AS(wilson_interval(0, 0, 0.1), std::domain_error);
    CHECK_THROWS_AS(wilson_interval(3, 2, 0.1), std::domain_error);
    CHECK_THROWS_AS(paired_difference(none, none), std::domain_error);
    CHECK_THROWS_AS(paired_difference(one, one), std::domain_error);
    CHECK_THROWS_AS(paired_difference(two, three), std::domain_error);
    CHECK_THROWS_AS(paired_difference(two, bad), std::domain_error);
    CHECK_THROWS_AS(paired_difference(worse, two), std::domain_error);
    CHECK_THROWS_AS(extrapolate_paths(two, two, three, 1), std::domain_error);
    CHECK_THROWS_AS(extrapolate_paths(two, two, two, 3), std::domain_error);
    CHECK_THROWS_AS(extrapolate_paths(two, two, bad, 1), std::domain_error);
}
