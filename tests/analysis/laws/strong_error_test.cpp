#include "analysis/laws/strong_error.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("endpoint errors have their reference values", "[strong_error]") {
    CHECK_THAT(euler_rms_error(2, 1, 1, 16), WithinAbs(3.324776, 5e-7));
    CHECK_THAT(euler_rms_error(2, 1, 1, 64), WithinAbs(1.329027, 5e-7));
    CHECK_THAT(euler_rms_error(2, 1, 1, 256), WithinAbs(0.576552, 5e-7));
    CHECK_THAT(milstein_rms_error(2, 1, 1, 16), WithinAbs(2.669680, 5e-7));
    CHECK_THAT(milstein_rms_error(2, 1, 1, 64), WithinAbs(0.799114, 5e-7));
    CHECK_THAT(milstein_rms_error(2, 1, 1, 256), WithinAbs(0.210051, 5e-7));
}

TEST_CASE("the orders of convergence are 1/2 and 1, and 1 for the mean", "[strong_error]") {
    const double a = GENERATE(-1.0, 0.3, 2.0), sigma = GENERATE(0.5, 1.0);
    const auto ratio = [](auto error) { return error(1 << 16) / error(1 << 18); };
    CHECK_THAT(ratio([=](int n) { return euler_rms_error(a, sigma, 1, n); }), WithinRel(2.0, 2e-3));
    CHECK_THAT(ratio([=](int n) { return milstein_rms_error(a, sigma, 1, n); }), WithinRel(4.0, 2e-3));
    CHECK_THAT(ratio([=](int n) { return mean_weak_error(a, 1, n); }), WithinRel(4.0, 2e-3));
}

TEST_CASE("errors keep their digits for small steps", "[strong_error]") {
    // Leading terms of drift-free noise: h T sigma^4/2 e^(sigma^2 T) and h^2 T sigma^6/6 e^(sigma^2 T),
    // squared.
    const double sigma = 0.7, s2 = sigma * sigma;
    const std::int64_t n = 100000000;
    const double h = 1e-8, growth = std::exp(s2);
    CHECK_THAT(euler_rms_error(0, sigma, 1, n), WithinRel(std::sqrt(h * s2 * s2 / 2 * growth), 1e-7));
    CHECK_THAT(milstein_rms_error(0, sigma, 1, n),
               WithinRel(std::sqrt(h * h * s2 * s2 * s2 / 6 * growth), 1e-6));
}

TEST_CASE("coarse steps are covered, sign changes of the factor included", "[strong_error]") {
    const double a = GENERATE(-5.0, -1.0, 1.0), sigma = GENERATE(0.0, 0.2, 2.0), c = GENERATE(0.0, 1.0);
    const int n = GENERATE(1, 2, 3, 8, 50);
    const double h = 1.0 / n, s2 = sigma * sigma, extra = c * s2 * s2 * h * h / 2;
    const double square = std::exp(2 * a + s2) -
                          2 * std::pow(std::exp(a * h) * (1 + a * h + s2 * h + extra), n) +
                          std::pow((1 + a * h) * (1 + a * h) + s2 * h + extra, n);
    const double error = c == 0 ? euler_rms_error(a, sigma, 1, n) : milstein_rms_error(a, sigma, 1, n);
    CHECK_THAT(error * error, WithinAbs(square, 1e-13 * (1 + std::exp(2 * a + s2))));
    CHECK_THAT(mean_weak_error(a, 1, n), WithinAbs(std::abs(std::pow(1 + a * h, n) - std::exp(a)), 1e-14));
}

TEST_CASE("without noise the root mean square error is the error of the mean", "[strong_error]") {
    CHECK_THAT(euler_rms_error(0.5, 0, 2, 10), WithinRel(mean_weak_error(0.5, 2, 10), 1e-9));
    CHECK_THAT(milstein_rms_error(0.5, 0, 2, 10), WithinRel(mean_weak_error(0.5, 2, 10), 1e-9));
}
