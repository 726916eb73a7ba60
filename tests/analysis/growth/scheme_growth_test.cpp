#include "analysis/growth/scheme_growth.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "analysis/growth/growth.hpp"
#include "tests/analysis/gaussian_mean.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// E log|A|/dt of Milstein's A = [(1 + s Z)^2 + c]/2, s = sigma sqrt(dt), c = 1 + 2 a dt - s^2, whose roots are known:
/// by a closed form where they are real, else by quadrature about the dip.
double milstein_by_roots(double a, double sigma, double dt) {
    const double s = sigma * std::sqrt(dt), c = 1 + 2 * a * dt - s * s;
    if (c <= 0) {
        const double r = std::sqrt(-c);
        return (mean_log_abs(Law::gaussian, 1 + r, s) + mean_log_abs(Law::gaussian, 1 - r, s) -
                std::numbers::ln2) /
               dt;
    }
    const auto log_factor = [=](double z) { return std::log(((1 + s * z) * (1 + s * z) + c) / 2); };
    return gaussian_mean(log_factor, -1 / s) / dt;
}

/// The largest step that keeps the trap, between two that tell.
template <class Scheme>
double largest_trapping_step(double a, double sigma, double keeps, double loses) {
    REQUIRE(scheme_growth_rate<Scheme>(a, sigma, keeps) < 0);
    REQUIRE(scheme_growth_rate<Scheme>(a, sigma, loses) > 0);
    for (int i = 0; i < 40; ++i) {
        const double h = (keeps + loses) / 2;
        (scheme_growth_rate<Scheme>(a, sigma, h) < 0 ? keeps : loses) = h;
    }
    return keeps;
}

const double sqrt6 = std::sqrt(6.0);

}  // namespace

TEST_CASE("the Euler-Maruyama growth rate has its reference values, per step", "[growth]") {
    const double a = 0.5, sigma = std::sqrt(6.0);
    CHECK_THAT(euler_growth_rate(a, sigma, 0.25) * 0.25, WithinAbs(-0.06378669, 5e-9));
    CHECK_THAT(euler_growth_rate(a, sigma, 1.0), WithinAbs(0.43704272, 5e-9));
}

TEST_CASE("Euler-Maruyama can be stable almost surely but not in mean square", "[growth]") {
    CHECK(euler_mean_square_stable(-1, 0.5, 0.1));
    CHECK_FALSE(euler_mean_square_stable(-1, 1.5, 0.1));
    CHECK(euler_growth_rate(-1, 1.5, 0.1) < 0);
    CHECK_FALSE(euler_mean_square_stable(-1, 0.5, 1.8));
    CHECK_FALSE(euler_mean_square_stable(0, 0.5, 0.1));
}

TEST_CASE("growth rates from a scheme's own steps are those of closed forms", "[growth]") {
    const double a = GENERATE(-1.0, 0.0, 0.5), sigma = GENERATE(0.3, 1.0, 2.0, 3.0),
                 h = GENERATE(0.01, 0.3, 1.0);
    INFO("a = " << a << ", sigma = " << sigma << ", h = " << h);
    const double error = 1e-11 / h;
    CHECK_THAT(scheme_growth_rate<EulerMaruyama>(a, sigma, h),
               WithinAbs(euler_growth_rate(a, sigma, h), error));
    CHECK_THAT(scheme_growth_rate<Milstein>(a, sigma, h), WithinAbs(milstein_by_roots(a, sigma, h), error));
    const double of_split =
        std::log(std::abs(1 + a * h)) + mean_log_abs(Law::gaussian, 1, sigma * std::sqrt(h));
    if (a * h == -1) {
        CHECK(scheme_growth_rate<SplitEuler>(a, sigma, h) == -std::numeric_limits<double>::infinity());
    } else {
        CHECK_THAT(scheme_growth_rate<SplitEuler>(a, sigma, h), WithinAbs(of_split / h, error));
    }
}

TEST_CASE("the growth rate is continuous where the roots of a factor meet", "[growth]") {
    const double at = scheme_growth_rate<Milstein>(0, 1, 1);
    CHECK_THAT(at, WithinAbs(2 * mean_log_abs(Law::gaussian, 1, 1) - std::numbers::ln2, 1e-11));
    CHECK_THAT(scheme_growth_rate<Milstein>(0, 1 - 1e-12, 1), WithinAbs(at, 1e-5));
    CHECK_THAT(scheme_growth_rate<Milstein>(0, 1 + 1e-12, 1), WithinAbs(at, 1e-5));
    CHECK_THAT(scheme_growth_rate<Milstein>(-1, 0, 0.1), WithinRel(std::log(0.9) / 0.1, 1e-13));
}

// Rossler 2010, Kloeden and Platen 1992: the coefficients were stepped by an independent program, which gave the
// figures of the next three tests to all their digits.
TEST_CASE("growth rates of schemes are those of an independent program", "[growth]") {
    const double a = 0.3, sigma = 1, h = 0.25, digits = 5.1e-7;
    CHECK_THAT(scheme_growth_rate<EulerMaruyama>(a, sigma, h), WithinAbs(-0.319910, digits));
    CHECK_THAT(scheme_growth_rate<SplitEuler>(a, sigma, h), WithinAbs(-0.401899, digits));
    CHECK_THAT(scheme_growth_rate<Milstein>(a, sigma, h), WithinAbs(-0.143118, digits));
    CHECK_THAT(scheme_growth_rate<EulerHeun>(a, sigma, h), WithinAbs(-0.143118, digits));
    CHECK_THAT(scheme_growth_rate<Heun>(a, sigma, h), WithinAbs(-0.091671, digits));
    CHECK_THAT(scheme_growth_rate<Midpoint>(a, sigma, h), WithinAbs(-0.091671, digits));
    CHECK_THAT(scheme_growth_rate<Sriw1>(a, sigma, h), WithinAbs(-0.215075, digits));
    CHECK_THAT(scheme_growth_rate<Pl1wm>(a, sigma, h), WithinAbs(-0.208460, digits));
    CHECK_THAT(scheme_growth_rate<Ri1>(a, sigma, h), WithinAbs(-0.203189, digits));
}

TEST_CASE("growth rates on Higham's saddle are those of an independent program", "[growth]") {
    const auto check = [](double rate(double, double, double, bool), const std::vector<double>& at) {
        const double steps[] = {1, 0.5, 0.125};
        for (int i = 0; i < 3; ++i) CHECK_THAT(rate(0.5, sqrt6, steps[i], false), WithinAbs(at[i], 5.1e-7));
    };
    check(scheme_growth_rate<EulerMaruyama>, {0.437043, 0.306844, -1.461670});
    check(scheme_growth_rate<SplitEuler>, {0.747232, 0.590146, -1.415198});
    check(scheme_growth_rate<Milstein>, {0.504012, -0.432383, -2.683275});
    check(scheme_growth_rate<RkMilstein>, {0.690053, -0.214298, -2.722762});
    check(scheme_growth_rate<Heun>, {0.931026, 0.649905, -0.580852});
    check(scheme_growth_rate<Sriw1>, {0.770291, -1.243271, -2.178871});
    check(scheme_growth_rate<Pl1wm>, {0.696047, -0.054827, -3.287026});
}

TEST_CASE("the largest step that keeps Higham's trap is that of an independent program", "[growth]") {
    const auto near = [](double h) { return WithinAbs(h, 2e-8); };
    CHECK_THAT(largest_trapping_step<EulerMaruyama>(0.5, sqrt6, 0.25, 0.5), near(0.31569266));
    CHECK_THAT(largest_trapping_step<SplitEuler>(0.5, sqrt6, 0.2, 0.5), near(0.26118266));
    CHECK_THAT(largest_trapping_step<Milstein>(0.5, sqrt6, 0.5, 0.75), near(0.61631016));
    CHECK_THAT(largest_trapping_step<RkMilstein>(0.5, sqrt6, 0.5, 0.75), near(0.54919093));
    CHECK_THAT(largest_trapping_step<Heun>(0.5, sqrt6, 0.125, 0.25), near(0.21938337));
    CHECK_THAT(largest_trapping_step<Sriw1>(0.5, sqrt6, 0.5, 0.75), near(0.67182404));
    CHECK_THAT(largest_trapping_step<Pl1wm>(0.5, sqrt6, 0.5, 0.75), near(0.51346612));
    CHECK_THAT(largest_trapping_step<Ri1>(0.5, sqrt6, 0.5, 0.75), near(0.67125994));
}

// a - sigma^2/2 + c h + O(h^2): at the edge of the trap Euler's steps invent traps, Heun's and Milstein's lose them.
TEST_CASE("growth rates differ from the SDE's by the first term of their expansions", "[growth]") {
    const double a = 0.3, sigma = 0.7, v = sigma * sigma, h = 1e-3;
    const auto first = [&](double rate(double, double, double, bool)) {
        const double coarse = (rate(a, sigma, 2 * h, false) - a + v / 2) / (2 * h),
                     fine = (rate(a, sigma, h, false) - a + v / 2) / h;
        return 2 * fine - coarse;
    };
    CHECK_THAT(first(scheme_growth_rate<EulerMaruyama>), WithinAbs(-a * a / 2 + a * v - 0.75 * v * v, 1e-5));
    CHECK_THAT(first(scheme_growth_rate<SplitEuler>), WithinAbs(-a * a / 2 - 0.75 * v * v, 1e-5));
    for (const auto rate : {scheme_growth_rate<Milstein>, scheme_growth_rate<EulerHeun>})
        CHECK_THAT(first(rate), WithinAbs(-a * a / 2 + a * v, 1e-5));
    // The difference that stands for a slope adds a sigma^3 h^(3/2)/2.
    const double of_difference = a * v * sigma / 2 * std::sqrt(h) * (2 - std::numbers::sqrt2);
    CHECK_THAT(first(scheme_growth_rate<RkMilstein>), WithinAbs(-a * a / 2 + a * v + of_difference, 1e-5));
    for (const auto rate : {scheme_growth_rate<Heun>, scheme_growth_rate<Midpoint>})
        CHECK_THAT(first(rate), WithinAbs(-a * v / 2 + 0.625 * v * v, 1e-5));
    for (const auto rate : {scheme_growth_rate<Sriw1>, scheme_growth_rate<Pl1wm>, scheme_growth_rate<Ri1>})
        CHECK_THAT(first(rate), WithinAbs(0, 1e-5));
}

TEST_CASE("a Stratonovich equation grows as the Ito equation with the same solutions", "[growth]") {
    const double a = -0.4, sigma = 0.9, h = 0.25, ito = a + sigma * sigma / 2;
    CHECK_THAT(scheme_growth_rate<EulerMaruyama>(a, sigma, h, true),
               WithinAbs(euler_growth_rate(ito, sigma, h), 1e-11));
    CHECK_THAT(scheme_growth_rate<Heun>(a, sigma, h, true),
               WithinAbs(scheme_growth_rate<Heun>(ito, sigma, h), 1e-11));
    CHECK_THAT(scheme_growth_rate<Sriw1>(a, sigma, h, true),
               WithinAbs(scheme_growth_rate<Sriw1>(ito, sigma, h), 1e-11));
}

TEST_CASE("additive noise alone: the growth of the drift, and none where noise multiplies x", "[growth]") {
    const double q = -0.5 * 0.25;
    CHECK_THAT(scheme_growth_rate<Sra1>(-0.5, 0, 0.25), WithinRel(std::log(1 + q + q * q / 2) / 0.25, 1e-13));
    CHECK_THAT(scheme_growth_rate<Sra3>(-0.5, 0, 0.25),
               WithinRel(std::log(1 + q + q * q / 2 + q * q * q / 6) / 0.25, 1e-13));
    CHECK(std::isnan(scheme_growth_rate<Sra1>(-0.5, 1, 0.25)));
}

TEST_CASE("moments of a factor are those of its polynomial", "[growth]") {
    const double a = -3, sigma = std::sqrt(3.0), h = 0.2, v = sigma * sigma * h;
    const auto euler = step_factor<EulerMaruyama>(a, sigma, h).moments();
    CHECK_THAT(euler.drift, WithinAbs(a * h, 1e-13));
    CHECK_THAT(euler.variance, WithinAbs(v, 1e-13));
    const auto milstein = step_factor<Milstein>(a, sigma, h).moments();
    CHECK_THAT(milstein.drift, WithinAbs(a * h, 1e-13));
    CHECK_THAT(milstein.variance, WithinAbs(v + v * v / 2, 1e-13));
    CHECK_THAT(step_factor<SplitEuler>(a, sigma, h).moments().variance,
               WithinAbs((1 + a * h) * (1 + a * h) * v, 1e-13));
}

TEST_CASE("mean squares begin to grow at the step of an independent program", "[growth]") {
    const auto square = [](const StepFactor& factor) {
        const auto [drift, variance] = factor.moments();
        return (1 + drift) * (1 + drift) + variance;
    };
    const double a = -3, sigma = std::sqrt(3.0);  // Higham 2000
    CHECK_THAT(square(step_factor<SplitEuler>(a, sigma, 0.539345)), WithinAbs(1, 1e-5));
    CHECK_THAT(square(step_factor<Milstein>(a, sigma, 2.0 / 9)), WithinAbs(1, 1e-12));
    CHECK_THAT(square(step_factor<RkMilstein>(a, sigma, 1.0 / 3)), WithinAbs(1, 1e-5));
    CHECK_THAT(square(step_factor<Heun>(a, sigma, 0.238473)), WithinAbs(1, 1e-5));
    CHECK_THAT(square(step_factor<Sriw1>(a, sigma, 0.387250)), WithinAbs(1, 1e-5));
    CHECK_THAT(square(step_factor<Pl1wm>(a, sigma, 0.393170)), WithinAbs(1, 1e-5));
    CHECK_THAT(square(step_factor<Ri1>(a, sigma, 0.464870)), WithinAbs(1, 1e-5));
}
