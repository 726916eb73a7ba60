#include "analysis/statistics/goodness_of_fit.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <stdexcept>
#include <vector>

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
// What 4 standard errors mean for a p-value.
constexpr double four_errors = 6.3e-5;

double uniform_cdf(double x) { return std::clamp(x, 0.0, 1.0); }
double uniform_survival(double x) { return 1 - uniform_cdf(x); }
double normal_survival(double x) { return boost::math::erfc(x / std::numbers::sqrt2) / 2; }
double normal_cdf(double x) { return normal_survival(-x); }

template <class Random>
std::vector<double> sorted(std::size_t n, Random&& random) {
    std::vector<double> samples(n);
    for (double& x : samples) x = random();
    std::sort(samples.begin(), samples.end());
    return samples;
}

auto uniforms(std::uint64_t seed) {
    return [generator = std::mt19937_64(seed)]() mutable {
        return std::uniform_real_distribution<double>()(generator);
    };
}

// The part of `repeats` in which it happens, within 4 standard errors of the odds.
template <class Event>
void check_odds(double odds, int repeats, const Event& happens) {
    int hits = 0;
    for (int i = 0; i < repeats; ++i) hits += happens();
    CHECK_THAT(static_cast<double>(hits) / repeats,
               WithinAbs(odds, 4 * std::sqrt(odds * (1 - odds) / repeats)));
}

KsDistance by_looking_everywhere(const std::vector<double>& samples, const Cdf& cdf) {
    KsDistance found{.n = samples.size()};
    const auto n = static_cast<double>(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double f = cdf(samples[i]);
        found.above = std::max(found.above, static_cast<double>(i + 1) / n - f);
        found.below = std::max(found.below, f - static_cast<double>(i) / n);
    }
    return found;
}

}  // namespace

TEST_CASE("a distance has the two sides that can be read off a drawing", "[goodness_of_fit]") {
    const std::vector<double> samples{0.05, 0.2, 0.21, 0.5, 0.52, 0.55, 0.97};
    const auto d = ks_distance(samples, uniform_cdf);
    CHECK_THAT(d.above, WithinRel(6 / 7.0 - 0.55, 1e-14));
    CHECK_THAT(d.below, WithinRel(0.97 - 6 / 7.0, 1e-13));
    CHECK(d.distance() == d.above);
    CHECK(d.n == 7);
}

TEST_CASE("one sample has half the law on one side at least", "[goodness_of_fit]") {
    CHECK(ks_distance(std::vector{0.3}, uniform_cdf).distance() == 0.7);
    CHECK(ks_distance(std::vector{0.5}, uniform_cdf).distance() == 0.5);
}

TEST_CASE("infinite samples are samples", "[goodness_of_fit]") {
    const auto d = ks_distance(std::vector{-infinity, 0.0, infinity, infinity}, normal_cdf);
    CHECK(d.above == 0.25);
    CHECK(d.below == 0.5);
}

TEST_CASE("few samples decide the distance, and decide it exactly", "[goodness_of_fit]") {
    const std::size_t n = GENERATE(1, 2, 3, 10, 1000, 100000);
    const double by = GENERATE(0.0, 1e-3, -0.2);
    const auto samples = sorted(n, uniforms(n));
    for (const Cdf& cdf : {shifted(uniform_cdf, by), bent(uniform_cdf, by)}) {
        std::size_t evaluations = 0;
        const auto d = ks_distance(samples, [&](double x) { return ++evaluations, cdf(x); });
        const auto expected = by_looking_everywhere(samples, cdf);
        CHECK(d.above == expected.above);
        CHECK(d.below == expected.below);
        CHECK(static_cast<double>(evaluations) < 12 * std::sqrt(n));
    }
}

TEST_CASE("samples that repeat are one step of F_n", "[goodness_of_fit]") {
    std::vector<double> samples(1000, 0.5);
    samples.front() = 0.1;
    const auto d = ks_distance(samples, uniform_cdf);
    CHECK(d.above == 0.5);
    CHECK(d.below == 0.5 - 0.001);
}

TEST_CASE("Kolmogorov's law has its reference values", "[goodness_of_fit]") {
    // mpmath, 2 sum (-1)^(k-1) exp(-2 k^2 z^2) with 40 digits
    CHECK_THAT(1 - kolmogorov_survival(0.3), WithinRel(9.30580133455e-6, 1e-9));
    CHECK_THAT(kolmogorov_survival(0.5), WithinRel(0.96394524366487509, 1e-14));
    CHECK_THAT(kolmogorov_survival(0.999), WithinRel(0.27107316411506395, 1e-14));
    CHECK_THAT(kolmogorov_survival(1), WithinRel(0.26999967167735452, 1e-14));
    CHECK_THAT(kolmogorov_survival(1.36), WithinRel(0.04948587675537791, 1e-14));
    CHECK_THAT(kolmogorov_survival(5), WithinRel(3.8574996959278356e-22, 1e-14));
    CHECK_THAT(kolmogorov_survival(18.5), WithinRel(1.0628136728909079e-297, 1e-12));
    CHECK(kolmogorov_survival(0) == 1);
    CHECK(kolmogorov_survival(infinity) == 0);
}

TEST_CASE("p-values of few samples are close to the exact ones", "[goodness_of_fit]") {
    // scipy.stats.kstwo.sf(distance, n)
    const auto p = [](double distance, std::size_t n) { return KsDistance{distance, 0, n}.p_value(); };
    CHECK_THAT(p(0.0828, 100), WithinRel(0.47427112157950335, 4e-4));
    CHECK_THAT(p(0.12, 100), WithinRel(0.1033037490181987, 4e-4));
    CHECK_THAT(p(0.0385, 1000), WithinRel(0.1005126203947514, 1e-5));
    CHECK_THAT(p(0.05, 1000), WithinRel(0.013012074781090332, 1e-3));
    CHECK_THAT(p(0.0163, 10000), WithinRel(0.009738034669724812, 1e-4));
    CHECK_THAT(p(0.0025, 1000000), WithinRel(7.4407859767776965e-06, 2e-5));
}

TEST_CASE("the critical distance has the level as p-value", "[goodness_of_fit]") {
    const double level = GENERATE(0.9999, 0.5, 0.05, 1e-6, 1e-300);
    const std::size_t n = GENERATE(1, 10, 1000000);
    CHECK_THAT((KsDistance{0, critical_distance(level, n), n}.p_value()), WithinRel(level, 1e-11));
}

TEST_CASE("p-values of samples of the law are uniform", "[goodness_of_fit]") {
    auto random = uniforms(1);
    const auto p = sorted(2000, [&] { return ks_distance(sorted(100, random), uniform_cdf).p_value(); });
    CHECK(ks_distance(p, uniform_cdf).p_value() > four_errors);
}

TEST_CASE("a law that is wrong near the median by the stated amount is noticed with the stated odds",
          "[goodness_of_fit]") {
    const std::size_t n = 1000;
    const double level = 1e-3, power = 0.99, difference = noticed_difference(level, power, n);
    auto random = uniforms(2);
    // what lies just above the median moves to it
    const auto wrong = [&] {
        const double u = random();
        return u > 0.5 && u < 0.5 + difference ? 0.5 : u;
    };
    check_odds(power, 4000, [&] {
        return ks_distance(sorted(n, wrong), uniform_cdf).distance() > critical_distance(level, n);
    });
}

TEST_CASE("a law that is wrong everywhere is noticed more easily", "[goodness_of_fit]") {
    const std::size_t n = 1000;
    const double level = 1e-3, difference = noticed_difference(level, 0.9, n);
    auto random = uniforms(3);
    int noticed_bent = 0, noticed_shifted = 0;
    for (int i = 0; i < 500; ++i) {
        const auto samples = sorted(n, random);
        const auto p = [&](const Cdf& cdf) { return ks_distance(samples, cdf).p_value(); };
        noticed_bent += p(bent(uniform_cdf, difference)) < level;
        noticed_shifted += p(shifted(uniform_cdf, -difference)) < level;
    }
    CHECK(noticed_bent >= 450);
    CHECK(noticed_shifted == 500);  // the odds that the shift moves to the end are seen there
}

TEST_CASE("laws wrong on purpose are wrong where they should be", "[goodness_of_fit]") {
    CHECK(shifted(uniform_cdf, 0.25)(0.5) == 0.75);
    CHECK(shifted(uniform_cdf, 0.25)(0.9) == 1);
    CHECK(shifted(uniform_cdf, -0.25)(0.1) == 0);
    CHECK(bent(uniform_cdf, 0.125)(0.5) == 0.625);
    CHECK(bent(uniform_cdf, 0.125)(0) == 0);
    CHECK(bent(uniform_cdf, 0.125)(1) == 1);
}

TEST_CASE("two samples have the distance that can be read off a drawing", "[goodness_of_fit]") {
    const std::vector<double> x{0.05, 0.2, 0.21, 0.5, 0.52, 0.55, 0.97}, y{0.1, 0.2, 0.3, 0.6, 0.7};
    const auto d = ks_distance(x, y), back = ks_distance(y, x);
    CHECK_THAT(d.above, WithinRel(6 / 7.0 - 3 / 5.0, 1e-14));
    CHECK_THAT(d.below, WithinRel(1 - 6 / 7.0 + 1 / 35.0, 1e-14));
    CHECK(d.above == back.below);
    CHECK(d.below == back.above);
    CHECK(ks_distance(x, x).distance() == 0);
    CHECK(ks_distance(x, x).p_value() == 1);
}

TEST_CASE("samples that two columns share are one step of both", "[goodness_of_fit]") {
    const std::vector<double> x{1, 1, 2, 2}, y{1, 1, 1, 1};
    CHECK(ks_distance(x, y).above == 0);
    CHECK(ks_distance(x, y).below == 0.5);
    CHECK(ks_distance(y, x).above == 0.5);
    CHECK(ks_distance(y, x).below == 0);
}

TEST_CASE("two large samples have the exact p-values of combinatorics", "[goodness_of_fit]") {
    // scipy.stats.ks_2samp's exact odds of a distance of 40, 60, 73 of 1000
    const auto p = [](double distance) { return KsDistance{distance, 0, 1000, 1000}.p_value(); };
    CHECK_THAT(p(0.040), WithinRel(0.4006338815832625, 1e-3));
    CHECK_THAT(p(0.060), WithinRel(0.05462666510701526, 1e-3));
    CHECK_THAT(p(0.073), WithinRel(0.00967775474446886, 3e-3));
}

TEST_CASE("two samples of one law differ as often as the p-value says", "[goodness_of_fit]") {
    const std::size_t n = 500;
    const std::size_t other = GENERATE(500, 300);
    auto random = uniforms(4);
    for (const double distance : {0.06, 0.09}) {
        const double p = KsDistance{distance, 0, n, other}.p_value();
        int hits = 0;
        const int repeats = 1000;
        for (int i = 0; i < repeats; ++i)
            hits += ks_distance(sorted(n, random), sorted(other, random)).distance() >= distance - 1e-12;
        const double error = std::sqrt(p * (1 - p) / repeats), rate = static_cast<double>(hits) / repeats;
        CHECK(rate < p + 4 * error);
        if (n == other) CHECK(rate > p - 4 * error);
    }
}

TEST_CASE("counts in bins bound the distance of their samples", "[goodness_of_fit]") {
    const double by = GENERATE(0.0, 0.02);
    const auto cdf = bent(uniform_cdf, by);
    const auto samples = sorted(10000, uniforms(5));
    const auto d = ks_distance(samples, cdf);
    double width_before = 1;
    for (const int bins : {2, 30, 1000, 30000}) {
        std::vector<double> edges;
        for (int i = 1; i < bins; ++i) edges.push_back(static_cast<double>(i) / bins);
        EdgeCounts counts(edges);
        for (const double x : samples) counts.add(x);
        const auto bounds = ks_bounds(counts, cdf);
        CHECK(bounds.least.n == 10000);
        CHECK(bounds.least.above <= d.above);
        CHECK(bounds.least.below <= d.below);
        CHECK(bounds.most.above >= d.above);
        CHECK(bounds.most.below >= d.below);
        const double width = bounds.most.distance() - bounds.least.distance();
        CHECK(width < std::min(width_before, 2.0 / bins + 0.001));
        width_before = width;
    }
}

TEST_CASE("what bins hide is bounded by the odds of one bin", "[goodness_of_fit]") {
    EdgeCounts counts({0.25, 0.5});
    for (const double x : {0.1, 0.3, 0.4, 0.45, 0.8}) counts.add(x);
    const auto bounds = ks_bounds(counts, uniform_cdf);
    CHECK_THAT(bounds.least.above, WithinRel(0.8 - 0.5, 1e-14));
    CHECK_THAT(bounds.least.below, WithinRel(0.25 - 0.2, 1e-13));
    CHECK_THAT(bounds.most.above, WithinRel(0.8 - 0.25, 1e-14));
    CHECK_THAT(bounds.most.below, WithinRel(0.5 - 0.2, 1e-14));
}

TEST_CASE("the Anderson-Darling statistic has its reference values", "[goodness_of_fit]") {
    // mpmath, the definition with 30 digits
    const std::vector<double> in_unit{0.05, 0.2, 0.21, 0.5, 0.52, 0.55, 0.97};
    CHECK_THAT(anderson_darling(in_unit, uniform_cdf, uniform_survival),
               WithinRel(0.57195427812146747, 1e-13));
    const std::vector<double> wide{-2.5, -0.3, 0.1, 0.4, 1.9, 9.0};
    CHECK_THAT(anderson_darling(wide, normal_cdf, normal_survival), WithinRel(7.9517508540366442, 1e-13));
}

TEST_CASE("the upper tail counts like the lower one", "[goodness_of_fit]") {
    const std::vector<double> low{-20, -1, 0.3}, high{-0.3, 1, 20};
    CHECK_THAT(anderson_darling(low, normal_cdf, normal_survival),
               WithinRel(anderson_darling(high, normal_cdf, normal_survival), 1e-14));
    CHECK(anderson_darling(std::vector{0.5, 2.0}, uniform_cdf, uniform_survival) == infinity);
}

TEST_CASE("the statistic is the weighted square of the difference", "[goodness_of_fit]") {
    // n int (F_n - u)^2/(u(1 - u)) du, between samples (c - u)^2/(u(1 - u)) = c^2/u + (1 - c)^2/(1 - u) - 1
    const std::size_t n = 1000;
    auto samples = sorted(n, uniforms(6));
    double integral = -1;
    for (std::size_t i = 0; i <= n; ++i) {
        const double c = static_cast<double>(i) / n, left = i == 0 ? 0 : samples[i - 1];
        const double right = i == n ? 1 : samples[i];
        if (i > 0) integral += c * c * std::log(right / left);
        if (i < n) integral += (1 - c) * (1 - c) * std::log((1 - left) / (1 - right));
    }
    CHECK_THAT(anderson_darling(samples, uniform_cdf, uniform_survival), WithinRel(n * integral, 1e-9));
}

TEST_CASE("the Anderson-Darling law has its published points", "[goodness_of_fit]") {
    // Stephens (1974), table 1A, whose last point is 2 % off: see the integral below
    CHECK_THAT(anderson_darling_p_value(1.933), WithinRel(0.10, 1e-3));
    CHECK_THAT(anderson_darling_p_value(2.492), WithinRel(0.05, 1e-3));
    CHECK_THAT(anderson_darling_p_value(3.857), WithinRel(0.01, 3e-2));
}

TEST_CASE("the Anderson-Darling law is that of weighted chi-squares", "[goodness_of_fit]") {
    // mpmath with 30 digits: 1/2 + 1/pi int_0^1000 Im[e^(-itz) prod_j (1 - 2it/(j(j+1)))^(-1/2)]/t dt (Imhof
    // 1961)
    CHECK_THAT(anderson_darling_p_value(0.3), WithinRel(0.93815763605712, 1e-13));
    CHECK_THAT(anderson_darling_p_value(0.7), WithinRel(0.55882320385326, 1e-13));
    CHECK_THAT(anderson_darling_p_value(1), WithinRel(0.35726667321401908, 1e-14));
    CHECK_THAT(anderson_darling_p_value(3.857), WithinRel(0.0102411532298613, 1e-13));
    CHECK_THAT(anderson_darling_p_value(8), WithinRel(0.00011381415572658254, 1e-13));
    CHECK_THAT(anderson_darling_p_value(12), WithinRel(1.7102869993221187e-6, 1e-13));
    CHECK_THAT(anderson_darling_p_value(18), WithinRel(3.474820212976e-9, 1e-11));
}

TEST_CASE("the two forms of the Anderson-Darling law meet, and end well", "[goodness_of_fit]") {
    const double below = anderson_darling_p_value(std::nextafter(1.0, 0.0));
    CHECK_THAT(anderson_darling_p_value(1), WithinRel(below, 1e-13));
    CHECK(anderson_darling_p_value(0) == 1);
    CHECK_THAT(anderson_darling_p_value(0.0101), WithinRel(1, 1e-14));
    CHECK(anderson_darling_p_value(infinity) == 0);
    // far out one chi^2/2 is left: P(> z + 1)/P(> z) -> 1/e
    CHECK_THAT(anderson_darling_p_value(601) / anderson_darling_p_value(600), WithinRel(std::exp(-1), 2e-3));
}

TEST_CASE("the critical Anderson-Darling statistic has the level as p-value", "[goodness_of_fit]") {
    const double level = GENERATE(0.9999, 0.5, 0.05, 1e-9, 1e-300);
    CHECK_THAT(anderson_darling_p_value(critical_anderson_darling(level)), WithinRel(level, 1e-11));
}

TEST_CASE("Anderson-Darling p-values of samples of the law are uniform", "[goodness_of_fit]") {
    auto random = uniforms(7);
    const auto p = sorted(2000, [&] {
        return anderson_darling_p_value(anderson_darling(sorted(100, random), uniform_cdf, uniform_survival));
    });
    CHECK(ks_distance(p, uniform_cdf).p_value() > four_errors);
}

TEST_CASE("Anderson-Darling sees a wrong tail that the distance overlooks", "[goodness_of_fit]") {
    auto random = uniforms(8);
    auto samples = sorted(10000, random);
    for (std::size_t i = 0; i < 100; ++i) samples[i] *= 1e-4;  // P(X < 1e-6) is 1e-2
    CHECK(ks_distance(samples, uniform_cdf).p_value() > 0.01);
    CHECK(anderson_darling_p_value(anderson_darling(samples, uniform_cdf, uniform_survival)) < 1e-3);
}

TEST_CASE("what is no sample, no law and no level is refused", "[goodness_of_fit]") {
    const std::vector<double> none, falling{0.2, 0.1}, with_nan{0.1, not_a_number}, good{0.1, 0.2, 0.3};
    for (const auto& bad : {none, falling, with_nan, std::vector{not_a_number}}) {
        CHECK_THROWS_AS(ks_distance(bad, uniform_cdf), std::domain_error);
        CHECK_THROWS_AS(ks_distance(bad, good), std::domain_error);
        CHECK_THROWS_AS(ks_distance(good, bad), std::domain_error);
        CHECK_THROWS_AS(anderson_darling(bad, uniform_cdf, uniform_survival), std::domain_error);
    }
    CHECK_THROWS_AS(ks_distance(good, uniform_survival), std::domain_error);
    CHECK_THROWS_AS(ks_distance(good, [](double) { return not_a_number; }), std::domain_error);
    CHECK_THROWS_AS(ks_distance(good, [](double) { return 1.1; }), std::domain_error);
    CHECK_THROWS_AS(ks_bounds(EdgeCounts({0.5}), uniform_cdf), std::domain_error);
    CHECK_THROWS_AS(critical_distance(GENERATE(0.0, 1.0, -1.0, not_a_number), 10), std::domain_error);
    CHECK_THROWS_AS(critical_distance(0.5, 0), std::domain_error);
    CHECK_THROWS_AS(noticed_difference(0.01, 1, 10), std::domain_error);
    CHECK_THROWS_AS(bent(uniform_cdf, 0.26), std::domain_error);
    CHECK_THROWS_AS(shifted(uniform_cdf, not_a_number), std::domain_error);
    CHECK_THROWS_AS(KsDistance{}.p_value(), std::domain_error);
    CHECK_THROWS_AS(anderson_darling_p_value(not_a_number), std::domain_error);
    CHECK_THROWS_AS(critical_anderson_darling(0), std::domain_error);
}
