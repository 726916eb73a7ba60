#include "engine/numbers/elementary.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "tests/engine/numbers/largest_error.hpp"

using namespace noisetrap;

static long double exact_minus_two_log(long double x) { return -2 * std::log(x); }
constexpr long double pi = 3.14159265358979323846264338327950288L;

TEST_CASE("Minus 2 ln u is accurate to 2.5 units in the last place of a float") {
    const auto f = [](float x) { return minus_two_log(x); };
    CHECK(largest_error<float>(f, exact_minus_two_log, 0x1p-32f, 1.0f, 0.1) < 2.5);
    CHECK(largest_error<float>(f, exact_minus_two_log, 0x1p-32f, 1e-4f, 0.1) < 2.5);
    CHECK(minus_two_log(1.0f) == 0.0f);
}

TEST_CASE("Minus 2 ln u is accurate to 2 units in the last place of a double") {
    const auto f = [](double x) { return minus_two_log(x); };
    CHECK(largest_error<double>(f, exact_minus_two_log, 0x1p-53, 1.0, 0.1) < 2);
    CHECK(largest_error<double>(f, exact_minus_two_log, 1e-300, 1e-4, 0.1) < 2);
    CHECK(largest_error<double>(f, exact_minus_two_log, 1.0, 1e300, 0.1) < 2);
    CHECK(minus_two_log(1.0) == 0.0);
}

TEST_CASE("Near 1, ln keeps its relative accuracy") {
    for (const double distance : {0x1p-53, 0x1p-40, 1e-8, 1e-3}) {
        const double x = 1 - distance;
        CHECK(noisetrap::log(x) == Approx(std::log1p(x - 1)).epsilon(1e-15));
    }
}

TEST_CASE("Sine and cosine of pi v are accurate to 2 units of 1") {
    const auto sine = [](auto v) { return sine_cosine_pi(v).sine; };
    const auto cosine = [](auto v) { return sine_cosine_pi(v).cosine; };
    const auto exact_sine = [](long double v) { return std::sin(pi * v); };
    const auto exact_cosine = [](long double v) { return std::cos(pi * v); };
    CHECK(largest_error<float>(sine, exact_sine, -0.5f, 0.5f, 0.5) < 2);
    CHECK(largest_error<float>(cosine, exact_cosine, -0.5f, 0.5f, 0.5) < 2);
    CHECK(largest_error<double>(sine, exact_sine, -0.5, 0.5, 0.5) < 2);
    CHECK(largest_error<double>(cosine, exact_cosine, -0.5, 0.5, 0.5) < 2);
    // The sine keeps relative accuracy where it is small: small normals are not rounded to a grid.
    CHECK(largest_error<float>(sine, exact_sine, -1e-5f, 1e-5f, 0) < 3);
}

TEST_CASE("Scaling by powers of two reaches the whole range") {
    CHECK(scale_by_power_of_two(1.5, 10) == 1536.0);
    CHECK(scale_by_power_of_two(1.0, -1074) == 0x1p-1074);
    CHECK(scale_by_power_of_two(0x1p-1000, 2000) == 0x1p1000);
    CHECK(scale_by_power_of_two(-1.0, -100000) == 0);
    CHECK(std::isinf(scale_by_power_of_two(1.0, 100000)));
    CHECK(scale_by_power_of_two(0.0, 100000) == 0);
}

TEST_CASE("The exponential is accurate to 1.2 units in the last place, and ends where numbers end") {
    const auto exact = [](long double x) { return std::exp(x); };
    const auto single = [](float x) { return noisetrap::exp(x); };
    const auto full = [](double x) { return noisetrap::exp(x); };
    CHECK(largest_error<float>(single, exact, -1.0f, 1.0f, 0) < 1.2);
    CHECK(largest_error<float>(single, exact, -87.0f, 88.0f, 0) < 1.2);
    CHECK(largest_error<double>(full, exact, -1.0, 1.0, 0) < 1.2);
    CHECK(largest_error<double>(full, exact, -708.0, 709.0, 0) < 1.2);
    CHECK(noisetrap::exp(0.0) == 1.0);
    CHECK(noisetrap::exp(0.0f) == 1.0f);
    CHECK(noisetrap::exp(-1e300) == Approx(std::exp(-708.0)));
    CHECK(noisetrap::exp(1e300) == Approx(std::exp(709.0)));
}

TEST_CASE("e^x - 1 keeps its relative accuracy where x is small") {
    const auto exact = [](long double x) { return std::expm1(x); };
    const auto full = [](double x) { return exp_minus_one(x); };
    const auto single = [](float x) { return exp_minus_one(x); };
    CHECK(largest_error<double>(full, exact, -1e-300, 1e-300, 0) < 1.2);
    CHECK(largest_error<double>(full, exact, -0.0625, 0.0625, 0) < 2);
    CHECK(largest_error<double>(full, exact, 0.0625, 20, 0) < 20);  // the 1 taken off costs 1/x units
    CHECK(largest_error<float>(single, exact, -0.0625f, 0.0625f, 0) < 2);
}
