#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "engine/numbers/dual.hpp"
#include "tests/engine/numbers/largest_error.hpp"

using namespace noisetrap;

#define NOISETRAP_FUNCTION(name) \
    [](auto x) { return noisetrap::name(x); }, [](long double x) { return std::name(x); }

TEST_CASE("Sine and cosine of any argument are right to 1.1 units in the last place") {
    for (const double range : {0.78, 3.0, 100.0, 1e6}) {
        CHECK(largest_error<double>(NOISETRAP_FUNCTION(sin), -range, range) < 1.1);
        CHECK(largest_error<double>(NOISETRAP_FUNCTION(cos), -range, range) < 1.1);
    }
    CHECK(largest_error<float>(NOISETRAP_FUNCTION(sin), -100.0f, 100.0f) < 0.51);
    CHECK(largest_error<float>(NOISETRAP_FUNCTION(cos), -100.0f, 100.0f) < 0.51);
    CHECK(noisetrap::sin(0.0) == 0);
    CHECK(noisetrap::cos(0.0) == 1);
    for (const double multiple : {1.0, 2.0, 3.0, 22.0, 355.0, 1e5, 1e9}) {  // next to a zero of the sine
        const auto x = static_cast<double>(3.14159265358979323846264338327950288L * multiple);
        CHECK(noisetrap::sin(x) == Approx(static_cast<double>(std::sin(static_cast<long double>(x))))
                                       .epsilon(4e-16 * multiple + 1e-4));
    }
    CHECK(std::abs(noisetrap::sin(1e300)) <= 1);
    CHECK(std::isnan(noisetrap::sin(std::nan(""))));
}

TEST_CASE("The tangent is right to 3 units in the last place and the arc tangent to 1.5") {
    for (const double range : {0.5, 1.5, 20.0, 1e6})
        CHECK(largest_error<double>(NOISETRAP_FUNCTION(tan), -range, range) < 3);
    for (const double range : {1e-6, 0.4, 1.0, 3.0, 1e8})
        CHECK(largest_error<double>(NOISETRAP_FUNCTION(atan), -range, range) < 1.5);
    CHECK(noisetrap::atan(__builtin_inf()) == Approx(std::acos(0.0)));
    CHECK(noisetrap::atan(-__builtin_inf()) == Approx(-std::acos(0.0)));
    CHECK(noisetrap::atan(0.0) == 0);
}

TEST_CASE("Hyperbolic functions are right to 2.5 units in the last place") {
    for (const double range : {1e-8, 1.0, 3.0, 700.0}) {
        CHECK(largest_error<double>(NOISETRAP_FUNCTION(sinh), -range, range) < 2.5);
        CHECK(largest_error<double>(NOISETRAP_FUNCTION(cosh), -range, range) < 2.5);
    }
    CHECK(largest_error<float>(NOISETRAP_FUNCTION(sinh), -80.0f, 80.0f) < 0.51);
    CHECK(noisetrap::sinh(0.0) == 0);
}

TEST_CASE("The logarithm takes numbers of any size and says where it ends") {
    const auto f = [](double x) { return logarithm(x); };
    const auto exact = [](long double x) { return std::log(x); };
    CHECK(largest_error<double>(f, exact, 0x1p-1070, 0x1p-1030) < 2);
    CHECK(largest_error<double>(f, exact, 0.0, 1.0, 0.1) < 2);
    CHECK(largest_error<double>(f, exact, 1.0, 1e300, 0.1) < 2);
    CHECK(logarithm(0.0) == -__builtin_inf());
    CHECK(logarithm(__builtin_inf()) == __builtin_inf());
    CHECK(std::isnan(logarithm(-1.0)));
}

TEST_CASE("Powers are right to 2 units in the last place and 2 more for each power of e") {
    std::mt19937_64 random(2);
    std::uniform_real_distribution<double> exponents(-5, 5), logs(-20, 20);
    double worst = 0;
    for (int i = 0; i < 200000; ++i) {
        const double x = std::exp(logs(random)), p = exponents(random);
        const long double truth = std::pow(static_cast<long double>(x), static_cast<long double>(p));
        const double allowed = (2 + 2 * std::abs(p * std::log(x))) * 0x1p-52;
        worst = std::max(worst, static_cast<double>(std::abs(noisetrap::pow(x, p) / truth - 1)) / allowed);
    }
    CHECK(worst < 1);
    CHECK(worst > 0.1);
    CHECK(noisetrap::pow(-2.0, 3.0) == Approx(-8).epsilon(1e-15));
    CHECK(noisetrap::pow(-2.0, 4.0) == Approx(16).epsilon(1e-15));
    CHECK(std::isnan(noisetrap::pow(-2.0, 0.5)));
    CHECK(noisetrap::pow(0.0, 0.5) == 0);
    CHECK(noisetrap::pow(0.0, 0.0) == 1);
    CHECK(noisetrap::pow(0.0, -1.0) == __builtin_inf());
    CHECK(whole_power<3>(3.0) == 27);
    CHECK(whole_power<10>(-2.0) == 1024);
}

TEST_CASE("The smaller and the larger of two numbers let no failed path pass for a whole one") {
    const double none = std::nan("");
    CHECK(smaller_of(1.0, 2.0) == 1);
    CHECK(larger_of(1.0, 2.0) == 2);
    for (const double value : {smaller_of(none, 1.0), smaller_of(1.0, none), larger_of(none, 1.0),
                               larger_of(1.0, none), sign_of(none), step_of(none), noisetrap::exp(none),
                               noisetrap::tanh(none), noisetrap::pow(none, 2.0), noisetrap::atan(none)})
        CHECK(std::isnan(value));
    CHECK(sign_of(-3.0) == -1);
    CHECK(sign_of(0.0) == 0);
    CHECK(step_of(0.0) == 0);
    CHECK(step_of(0.1) == 1);
}

TEST_CASE("Every function has the slope of its differences") {
    using D = Dual<double>;
    const double x = 0.7, h = 1e-5;
    const auto check = [&](auto f) {
        const D at = f(D{x, 1.0});
        const auto second = f(Dual<D>{{x, 1.0}, {1.0, 0.0}});
        const double up = f(D{x + h, 1.0}).value, down = f(D{x - h, 1.0}).value;
        CHECK(at.slope == Approx((up - down) / (2 * h)).epsilon(1e-8).margin(1e-9));
        CHECK(second.slope.slope == Approx((up - 2 * at.value + down) / (h * h)).epsilon(1e-4).margin(1e-4));
    };
    check([](auto v) { return exp(v); });
    check([](auto v) { return logarithm(v); });
    check([](auto v) { return sin(v); });
    check([](auto v) { return cos(v); });
    check([](auto v) { return tan(v); });
    check([](auto v) { return atan(v); });
    check([](auto v) { return sinh(v); });
    check([](auto v) { return cosh(v); });
    check([](auto v) { return tanh(v); });
    check([](auto v) { return sqrt(v); });
    check([](auto v) { return pow(v, 2.5); });
    check([](auto v) { return pow(v, v); });
    check([](auto v) { return pow(2.5, v); });
    check([](auto v) { return whole_power<5>(v); });
    check([](auto v) { return smaller_of(v, 0.5 * v); });
    check([](auto v) { return larger_of(v, 0.1); });
    check([](auto v) { return fma(v, v, 1.0); });
    check([](auto v) { return sign_of(v) + step_of(v) * 2.0; });
}
