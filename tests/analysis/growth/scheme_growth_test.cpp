#include <algorithm>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "analysis/growth/growth.hpp"
#include "tests/analysis/gaussian_mean.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("the Euler-Maruyama growth rate has its reference values, per step", "[growth]") {
    const double a = 0.5, sigma = std::sqrt(6.0);
    CHECK_THAT(euler_growth_rate(a, sigma, 0.25) * 0.25, WithinAbs(-0.06378669, 5e-9));
    CHECK_THAT(euler_growth_rate(a, sigma, 1.0), WithinAbs(0.43704272, 5e-9));
}

TEST_CASE("schemes take on the growth rate of the SDE with first order in the step", "[growth]") {
    const double a = 0.3, sigma = 0.7, exact = sde_growth_rate(a, sigma);
    CHECK_THAT(exact, WithinRel(0.3 - 0.245, 1e-14));
    for (const auto growth : {euler_growth_rate, milstein_growth_rate}) {
        const double coarse = growth(a, sigma, 2e-4) - exact, fine = growth(a, sigma, 1e-4) - exact;
        CHECK_THAT(coarse / fine, WithinRel(2.0, 1e-3));
    }
}

TEST_CASE("Euler-Maruyama can be stable almost surely but not in mean square", "[growth]") {
    CHECK(euler_mean_square_stable(-1, 0.5, 0.1));
    CHECK_FALSE(euler_mean_square_stable(-1, 1.5, 0.1));
    CHECK(euler_growth_rate(-1, 1.5, 0.1) < 0);
    CHECK_FALSE(euler_mean_square_stable(-1, 0.5, 1.8));
    CHECK_FALSE(euler_mean_square_stable(0, 0.5, 0.1));
}

TEST_CASE("the Milstein growth rate is E log|A|, with and without real roots of A", "[growth]") {
    const double a = GENERATE(-1.0, 0.0, 0.5), sigma = GENERATE(0.3, 1.0, 2.0, 3.0),
                 h = GENERATE(0.01, 0.3, 1.0);
    const double s = sigma * std::sqrt(h), c = 1 + 2 * a * h - s * s;
    const auto log_abs = [=](double z) {
        const double root = 1 + s * z;
        return std::log(std::max(std::abs(root * root + c) / 2, 1e-300));
    };
    if (c > 1e-3) {
        CHECK_THAT(milstein_growth_rate(a, sigma, h), WithinAbs(gaussian_mean(log_abs, -1 / s) / h, 1e-11));
    } else if (c < -1e-3) {
        const double r = std::sqrt(-c),
                     sum = mean_log_abs(Law::gaussian, 1 + r, s) + mean_log_abs(Law::gaussian, 1 - r, s);
        CHECK_THAT(milstein_growth_rate(a, sigma, h), WithinAbs((sum - std::numbers::ln2) / h, 1e-11));
    }
}

TEST_CASE("the Milstein growth rate is continuous where the roots of A meet", "[growth]") {
    const double at = milstein_growth_rate(0, 1, 1);
    CHECK_THAT(at, WithinAbs(2 * mean_log_abs(Law::gaussian, 1, 1) - std::numbers::ln2, 1e-13));
    CHECK_THAT(milstein_growth_rate(0, 1 - 1e-12, 1), WithinAbs(at, 1e-5));
    CHECK_THAT(milstein_growth_rate(0, 1 + 1e-12, 1), WithinAbs(at, 1e-5));
    CHECK_THAT(milstein_growth_rate(-1, 0, 0.1), WithinRel(std::log(0.9) / 0.1, 1e-14));
}
