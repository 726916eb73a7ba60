#include "analysis/diffusions/exit_time.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Case {
    double a, sigma, tau, rho, radius, x0;
    double variance(double x) const { return sigma * sigma * x * x + 2 * rho * sigma * tau * x + tau * tau; }
    double time() const { return mean_exit_time(a, sigma, tau, rho, radius, x0); }
};

// D T'' + a x T' = -1 by central differences on 2 `half` cells, solved by elimination.
double by_differences(const Case& c, int half) {
    const double h = c.radius / half;
    const auto size = static_cast<std::size_t>(2 * half + 1);
    std::vector<double> up(size), right(size), time(size);
    for (std::size_t i = 1; i + 1 < size; ++i) {
        const double x = -c.radius + h * static_cast<double>(i), d = c.variance(x) / 2 / (h * h),
                     v = c.a * x / (2 * h);
        const double pivot = 2 * d - (d - v) * up[i - 1];
        up[i] = (d + v) / pivot;
        right[i] = (1 + (d - v) * right[i - 1]) / pivot;
    }
    for (std::size_t i = size - 2; i > 0; --i) time[i] = right[i] + up[i] * time[i + 1];
    return time[static_cast<std::size_t>(std::lround((c.x0 + c.radius) / h))];
}

}  // namespace

TEST_CASE("mean exit times have their reference values", "[exit_time]") {
    CHECK_THAT(mean_exit_time(0.3, 1, 0.5, 0, 2, 0.1), WithinAbs(5.38049, 5e-6));
    CHECK_THAT(mean_exit_time(0.5, 0.4, 0.3, 0.5, 3, 0), WithinAbs(6.42684, 5e-6));
    CHECK_THAT(mean_exit_time(1, 0, 1, 0, 1, 0), WithinAbs(0.73944163, 5e-9));
    CHECK_THAT(mean_exit_time_piecewise_linear(0.5, 0.8, 2), WithinAbs(2.77624, 5e-6));
}

TEST_CASE("mean exit times solve the boundary value problem", "[exit_time]") {
    const auto c = GENERATE(Case{0.3, 1, 0.5, 0, 2, 0.1}, Case{0.3, 1, 0.5, 0.9, 2, -1},
                            Case{-0.4, 0.8, 0.3, -0.5, 1, 0.2}, Case{0, 1, 0.5, 0.3, 2, 0.5},
                            Case{0.3, 0, 0.3, 0, 1, 0.4}, Case{-0.2, 0.3, 1, -1, 2, 0.3});
    const double coarse = by_differences(c, 2000), fine = by_differences(c, 4000);
    CHECK_THAT(c.time(), WithinRel(fine + (fine - coarse) / 3, 1e-7));
}

TEST_CASE("pure diffusion leaves after (R^2 - x0^2)/tau^2", "[exit_time]") {
    CHECK_THAT(mean_exit_time(0, 0, 0.5, 0, 2, 0.5), WithinRel((4 - 0.25) / 0.25, 1e-13));
}

TEST_CASE("weak noise leaves an unstable point after log(R/tau)/a and a constant", "[exit_time]") {
    const double a = 1, once = mean_exit_time(a, 0, 1e-2, 0, 1, 0),
                 ten_times_less = mean_exit_time(a, 0, 1e-1, 0, 10, 0);
    CHECK_THAT(once, WithinRel(ten_times_less, 1e-12));
    CHECK_THAT(mean_exit_time(a, 0, 4e-3, 0, 1, 0) - mean_exit_time(a, 0, 8e-3, 0, 1, 0),
               WithinAbs(std::log(2.0), 1e-4));
    CHECK_THAT(mean_exit_time(a, 0, 1e-2, 0, 1, 0.5), WithinRel(std::log(2.0), 1e-3));
    CHECK_THROWS_AS(mean_exit_time(a, 0, 1e-5, 0, 1, 0), std::domain_error);
}

TEST_CASE("without additive noise |x| is a geometric Brownian motion", "[exit_time]") {
    CHECK_THAT(mean_exit_time(1, 0.5, 0, 0, 2, -0.1), WithinRel(std::log(20.0) / 0.875, 1e-14));
    CHECK(mean_exit_time(0.1, 0.5, 0, 0, 2, 0.1) == infinity);
    CHECK(mean_exit_time(1, 0.5, 0, 0, 2, 0) == infinity);
    CHECK_THAT(mean_exit_time(0.5, 0.1, 1e-4, 0, 2, 0.5), WithinRel(std::log(4.0) / 0.495, 1e-5));
}

TEST_CASE("a path that starts outside has left", "[exit_time]") {
    CHECK(mean_exit_time(0.3, 1, 0.5, 0, 2, 2) == 0);
    CHECK(mean_exit_time(0.3, 1, 0.5, 0, 2, -5) == 0);
}

TEST_CASE("reflection of x turns rho into -rho", "[exit_time]") {
    for (const double rho : {0.3, 0.9, 1.0})
        CHECK_THAT(mean_exit_time(0.3, 1, 0.5, rho, 2, 0.4),
                   WithinRel(mean_exit_time(0.3, 1, 0.5, -rho, 2, -0.4), 1e-10));
}

TEST_CASE("complete correlation is the limit of strong correlation", "[exit_time]") {
    // The noise vanishes at x = 1/2, inside; starts before it, on it and after it, carried up or down.
    const double a = GENERATE(0.3, -0.3), x0 = GENERATE(-1.0, 0.1, 0.45, 0.5, 0.6, 1.5);
    const auto time = [=](double rho) { return mean_exit_time(a, 1, 0.5, rho, 2, x0); };
    const double d = 1e-4, limit = (8 * time(-1 + d / 4) - 6 * time(-1 + d / 2) + time(-1 + d)) / 3;
    CHECK_THAT(time(-1), WithinRel(limit, 1e-5));
}

TEST_CASE("noise that vanishes beyond or on the edge is covered", "[exit_time]") {
    CHECK_THAT(mean_exit_time(0.3, 1, 2.01, -1, 2, 0.1),
               WithinRel(mean_exit_time(0.3, 1, 2.01, -0.999999, 2, 0.1), 1e-4));
    CHECK_THAT(mean_exit_time(0.3, 1, 2, -1, 2, 0.1),
               WithinRel(mean_exit_time(0.3, 1, 2, -0.9999999, 2, 0.1), 1e-5));
    CHECK_THAT(mean_exit_time(-0.3, 1, 2, -1, 2, 0.1),
               WithinRel(mean_exit_time(-0.3, 1, 2, -0.9999999, 2, 0.1), 1e-5));
    CHECK(mean_exit_time(0, 1, 1, -1, 2, 0.1) == infinity);
}

TEST_CASE("SVRG leaves its landmark", "[exit_time]") {
    // tau = sigma, rho = -1 from x/x* = 1; with little noise like the noise-free path, log(R)/a.
    CHECK_THAT(mean_exit_time(1, 0.01, 0.01, -1, 2, 1), WithinRel(std::log(2.0), 1e-3));
    CHECK(mean_exit_time(0.3, 1, 1, -1, 2, 1) < infinity);
}

TEST_CASE("the piecewise linear saddle has its limits", "[exit_time]") {
    CHECK(mean_exit_time_piecewise_linear(0, 1, 2) == 4);
    for (const double a : {-0.4, 1e-3, 0.1249, 0.1251, 3.0}) {
        const double u = 2 * a * 2, exact = 2 / a - (1 - std::exp(-2 * u / 2)) / (2 * a * a);
        CHECK_THAT(mean_exit_time_piecewise_linear(a, 1, 2), WithinRel(exact, 1e-9));
    }
    CHECK_THAT(mean_exit_time_piecewise_linear(1e-9, 1, 2), WithinRel(4.0, 1e-8));
    CHECK_THAT(mean_exit_time_piecewise_linear(0.5, 1e-4, 2), WithinRel(4.0, 1e-7));
}

TEST_CASE("impossible settings are refused with a sentence", "[exit_time]") {
    CHECK_THROWS_AS(mean_exit_time(1, 1, 1, 1.5, 1, 0), std::domain_error);
    CHECK_THROWS_AS(mean_exit_time(1, 1, 1, 0, 0, 0), std::domain_error);
    CHECK_THROWS_AS(mean_exit_time(1, -1, 1, 0, 1, 0), std::domain_error);
    CHECK_THROWS_AS(mean_exit_time(1, 1, 1, 0, infinity, 0), std::domain_error);
    CHECK_THROWS_AS(mean_exit_time(1, 1, 1, 0, 1, std::nan("")), std::domain_error);
}
