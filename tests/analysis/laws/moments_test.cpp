#include "analysis/laws/moments.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

struct Case {
    double a, sigma, tau, rho, x0;
};

FirstTwoMoments iterate(const Case& c, double learning_rate, std::int64_t steps) {
    const long double mu = 1 + learning_rate * c.a, s = learning_rate * c.sigma, t = learning_rate * c.tau;
    long double m1 = c.x0, m2 = m1 * m1;
    for (std::int64_t n = 0; n < steps; ++n) {
        m2 = (mu * mu + s * s) * m2 + 2 * c.rho * s * t * m1 + t * t;
        m1 *= mu;
    }
    return {static_cast<double>(m1), static_cast<double>(m2), static_cast<double>(m2 - m1 * m1)};
}

const std::vector<Case> cases = {
    {0.02, 0.2, 0.1, 0.5, 1},  {-0.5, 0.3, 0.2, -0.7, 2}, {-1.0, 0.3, 0.2, 0.7, 2}, {-1.9, 0.1, 0.3, 0.9, -1},
    {-2.1, 0.1, 0.2, 0.3, 1},  {0.0, 0.0, 0.5, 0.0, 1},   {0.0, 0.3, 0.5, 1.0, 1},  {-0.045, 0.3, 0.4, 1, 1},
    {-0.09, 0.3, 0.4, -1, -1}, {0.05, 0.1, 0.3, -0.5, 0}};

}  // namespace

TEST_CASE("the moments after 100 steps have their reference values", "[moments]") {
    const auto m = recursion_moments(0.02, 0.2, 0.1, 0.5, 1, 100);
    CHECK_THAT(m.first, WithinAbs(7.2446461183, 5e-11));
    CHECK_THAT(m.second, WithinAbs(3320.02222556, 5e-9));
}

TEST_CASE("the moments of the recursion are those of step after step", "[moments]") {
    const auto c = GENERATE(from_range(cases));
    const double l = GENERATE(1.0, 0.1);
    for (const std::int64_t n : {0, 1, 2, 3, 10, 1000}) {
        const auto exact = iterate(c, l, n), m = recursion_moments(c.a, c.sigma, c.tau, c.rho, c.x0, n, l);
        INFO("a " << c.a << " sigma " << c.sigma << " steps " << n);
        CHECK_THAT(m.first, WithinRel(exact.first, 1e-12));
        CHECK_THAT(m.second, WithinRel(exact.second, 1e-11));
        CHECK_THAT(m.variance,
                   WithinRel(exact.variance, 1e-11) || WithinAbs(exact.variance, 1e-14 * exact.second));
    }
}

TEST_CASE("the variance is exact where E x^2 - (E x)^2 would cancel", "[moments]") {
    CHECK_THAT(recursion_moments(0, 0, 1e-9, 0, 1, 100).variance, WithinRel(1e-16, 1e-12));
    CHECK_THAT(sde_moments(0, 0, 1e-9, 0, 1, 100).variance, WithinRel(1e-16, 1e-12));
}

TEST_CASE("a billion steps cost no more than one", "[moments]") {
    const std::int64_t n = 1000000000;
    CHECK_THAT(recursion_moments(0, 0, 0.5, 0, 1, n).variance, WithinRel(0.25e9, 1e-12));
    CHECK_THAT(recursion_moments(1e-9, 0, 0, 0, 1, n).first, WithinRel(std::exp(1.0), 1e-8));
    // attractive: the stationary variance tau^2/(1 - mu^2 - sigma^2)
    CHECK_THAT(recursion_moments(-0.1, 0.2, 0.3, 0.5, 7, n).variance,
               WithinRel(0.09 / (1 - 0.81 - 0.04), 1e-12));
}

TEST_CASE("moments beyond the range of a double are infinite, not undefined", "[moments]") {
    const double infinity = std::numeric_limits<double>::infinity();
    CHECK(recursion_moments(0, 0.5, 0.3, -1, 1, 1000000).second == infinity);
    CHECK(recursion_moments(0, 0.5, 0.3, -1, 0, 1000000).second == infinity);
    CHECK(recursion_moments(0, 0.5, 0, 0, 0, 1000000).second == 0);
    CHECK(sde_moments(1, 0.5, 0.3, -1, 1, 1e6).second == infinity);
}

TEST_CASE("the moments of the SDE solve their differential equations", "[moments]") {
    const auto c = GENERATE(from_range(cases));
    const double t = GENERATE(0.3, 2.0, 20.0), dt = 1e-4 * t;
    const auto at = [&](double time) { return sde_moments(c.a, c.sigma, c.tau, c.rho, c.x0, time); };
    const auto m = at(t), later = at(t + dt), earlier = at(t - dt);
    const double growth = (2 * c.a + c.sigma * c.sigma) * m.second;
    const double expected = growth + 2 * c.rho * c.sigma * c.tau * m.first + c.tau * c.tau;
    const double scale = m.second / t + std::abs(growth) + c.tau * c.tau;
    CHECK_THAT((later.first - earlier.first) / (2 * dt), WithinAbs(c.a * m.first, 1e-5 * scale));
    CHECK_THAT((later.second - earlier.second) / (2 * dt), WithinAbs(expected, 1e-5 * scale));
}

TEST_CASE("the SDE starts at x0 and is the limit of small steps", "[moments]") {
    const auto c = GENERATE(from_range(cases));
    const auto start = sde_moments(c.a, c.sigma, c.tau, c.rho, c.x0, 0);
    CHECK(start.first == c.x0);
    CHECK(start.second == c.x0 * c.x0);
    const double h = 1e-7, root = std::sqrt(h);
    const auto sde = sde_moments(c.a, c.sigma, c.tau, c.rho, c.x0, 1);
    const auto fine = recursion_moments(c.a * h, c.sigma * root, c.tau * root, c.rho, c.x0, 10000000);
    CHECK_THAT(fine.first, WithinRel(sde.first, 1e-6));
    CHECK_THAT(fine.second, WithinRel(sde.second, 1e-6));
}
