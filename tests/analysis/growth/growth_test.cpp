#include "analysis/growth/growth.hpp"

#include <algorithm>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "tests/analysis/gaussian_mean.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("the growth rate without noise is the logarithm of the factor", "[growth]") {
    for (const Law law : {Law::gaussian, Law::uniform, Law::two_point}) {
        CHECK(mean_log_abs(law, 1.5, 0) == std::log(1.5));
        CHECK(mean_log_abs(law, -0.5, 0) == std::log(0.5));
        CHECK(mean_log_abs(law, 0, 0) == -infinity);
    }
}

TEST_CASE("the growth rate has its reference values", "[growth]") {
    CHECK_THAT(mean_log_abs(Law::gaussian, 1.3, 0.9), WithinAbs(0.0218664, 5e-8));
    CHECK_THAT(mean_log_abs(Law::gaussian, 1.02, 0.3), WithinAbs(-0.0321942, 5e-8));
    CHECK_THAT(mean_log_abs(Law::gaussian, 0.5, 2.0), WithinAbs(0.0888929, 5e-8));
    CHECK_THAT(mean_log_abs(Law::gaussian, 1.1, 1.0), WithinAbs(-0.134806, 5e-7));
    CHECK_THAT(mean_log_abs(Law::two_point, 1.1, 0.8), WithinAbs(-0.281059, 5e-7));
    // E log|Z| = -(Euler's constant + log 2)/2, also the exponent of a 1 x 1 Gaussian matrix product.
    CHECK_THAT(mean_log_abs(Law::gaussian, 0, 1), WithinAbs(-0.635181, 5e-7));
    CHECK_THAT(mean_log_abs(Law::gaussian, 0, 1),
               WithinRel(-(std::numbers::egamma + std::numbers::ln2) / 2, 1e-14));
    CHECK_THAT(mean_log_abs(Law::uniform, 0, 1), WithinRel(std::log(std::numbers::sqrt3) - 1, 1e-14));
    CHECK(mean_log_abs(Law::two_point, 0.7, 0.7) == -infinity);
}

TEST_CASE("the growth rate ignores the signs of mean and deviation", "[growth]") {
    for (const Law law : {Law::gaussian, Law::uniform, Law::two_point}) {
        CHECK(mean_log_abs(law, -1.2, 0.4) == mean_log_abs(law, 1.2, 0.4));
        CHECK(mean_log_abs(law, 1.2, -0.4) == mean_log_abs(law, 1.2, 0.4));
    }
}

TEST_CASE("the Gaussian growth rate is E log|mean + deviation Z|", "[growth]") {
    const double ratio = GENERATE(0.01, 0.1, 0.111, 0.1118, 0.112, 0.2, 0.7, 1.0, 3.0, 50.0);
    const auto log_abs = [=](double z) { return std::log(std::max(std::abs(1 + ratio * z), 1e-300)); };
    CHECK_THAT(mean_log_abs(Law::gaussian, 1, ratio), WithinAbs(gaussian_mean(log_abs, -1 / ratio), 1e-13));
}

TEST_CASE("weak noise lowers the growth rate by half its variance, to full relative accuracy", "[growth]") {
    for (const double s : {1e-6, 1e-5, 1e-4}) {
        const double s2 = s * s;
        CHECK_THAT(mean_log_abs(Law::gaussian, 1, s), WithinRel(-s2 / 2 - 3 * s2 * s2 / 4, 1e-13));
        CHECK_THAT(mean_log_abs(Law::uniform, 1, s), WithinRel(-s2 / 2 - 9 * s2 * s2 / 20, 1e-13));
        CHECK_THAT(mean_log_abs(Law::two_point, 1, s), WithinRel(-s2 / 2 - s2 * s2 / 4, 1e-13));
        CHECK_THAT(step_growth(Law::gaussian, 3 * s2, s), WithinRel(2.5 * s2, 1e-7));
    }
}

TEST_CASE("a step at learning rate 1 grows by E log|1 + a + sigma Z|", "[growth]") {
    for (const Law law : {Law::gaussian, Law::uniform, Law::two_point})
        for (const double a : {-1.7, -1.0, -0.4, 0.0, 0.3, 2.0})
            CHECK_THAT(step_growth(law, a, 0.8), WithinAbs(mean_log_abs(law, 1 + a, 0.8), 1e-14));
}

TEST_CASE("the trap window has its reference values", "[growth]") {
    const auto gaussian = trap_window(Law::gaussian, 0.02), two_point = trap_window(Law::two_point, 0.02);
    REQUIRE(gaussian);
    CHECK_THAT(gaussian->lower, WithinAbs(0.196729, 5e-7));
    CHECK_THAT(gaussian->upper, WithinAbs(1.538002, 5e-7));
    REQUIRE(two_point);
    CHECK_THAT(two_point->lower, WithinAbs(0.200998, 5e-7));
    CHECK_THAT(two_point->upper, WithinAbs(1.428426, 5e-7));
}

TEST_CASE("the growth rate is negative inside the trap window only", "[growth]") {
    const Law law = GENERATE(Law::gaussian, Law::uniform, Law::two_point);
    const double a = GENERATE(-2.1, -1.0, -0.3, 0.0, 1e-9, 0.02, 0.1, 0.25);
    const auto window = trap_window(law, a);
    REQUIRE(window);
    CHECK(step_growth(law, a, window->upper * (1 - 1e-9)) < 0);
    CHECK(step_growth(law, a, window->upper * (1 + 1e-9)) > 0);
    CHECK(step_growth(law, a, window->lower * (1 + 1e-7) + 1e-9) < 0);
    if (std::abs(1 + a) <= 1) {
        CHECK(window->lower == 0);
    } else {
        CHECK(step_growth(law, a, window->lower * (1 - 1e-7)) > 0);
    }
}

TEST_CASE("the lower edge of the trap tends to sigma^2 = 2a for a small step", "[growth]") {
    for (const Law law : {Law::gaussian, Law::uniform, Law::two_point})
        CHECK_THAT(trap_window(law, 1e-8)->lower, WithinRel(std::sqrt(2e-8), 1e-7));
}

TEST_CASE("no Gaussian noise traps above a = 0.27807759", "[growth]") {
    CHECK_FALSE(trap_window(Law::gaussian, 0.27807760));
    CHECK_FALSE(trap_window(Law::gaussian, 1.0));
    CHECK(trap_window(Law::gaussian, 0.27807758));
    CHECK(trap_window(Law::two_point, 5.0));
}
