#include "analysis/growth/fixed_points.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "analysis/growth/roots.hpp"
#include "engine/numbers/functions.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

using D = Dual<double>;

WithSlope of(std::function<D(D)> f) {
    return [f](double x) { return f({x, 1}); };
}

}  // namespace

TEST_CASE("a pitchfork has three fixed points, and noise traps two of them or all", "[fixed_points]") {
    const double mu = 0.49, sigma = GENERATE(0.8, 1.2);
    const auto points =
        fixed_points(of([=](D x) { return mu * x - x * x * x; }), {of([=](D x) { return sigma * x; })});
    REQUIRE(points.size() == 3);
    for (const std::size_t i : {0, 2}) {
        CHECK_THAT(points[i].x, WithinAbs(i == 0 ? -0.7 : 0.7, 1e-15));
        CHECK_THAT(points[i].a, WithinRel(-2 * mu, 1e-14));
        CHECK_THAT(points[i].tau, WithinRel(0.7 * sigma, 1e-14));
        CHECK_THAT(points[i].rho, WithinAbs(i == 0 ? -1 : 1, 1e-14));
        CHECK(points[i].trapped());
    }
    CHECK(points[1].x == 0);
    CHECK(points[1].a == mu);
    CHECK(points[1].tau == 0);
    CHECK_THAT(points[1].growth(), WithinAbs(mu - sigma * sigma / 2, 1e-15));
    CHECK(points[1].trapped() == (sigma > 1));
    CHECK(std::isnan(points[1].tail_index()));
}

TEST_CASE("several noises are one of their slopes, one of their sizes and a correlation", "[fixed_points]") {
    const double a = 0.3, sigma = 1, tau = 0.5, rho = -0.6;
    const auto point = linearisation(
        of([=](D x) { return a * x; }),
        {of([=](D x) { return sigma * x + rho * tau; }), of([=](D x) { return 0.0 * x + 0.8 * tau; })}, 0);
    CHECK(point.smooth);
    CHECK(point.a == a);
    CHECK_THAT(point.sigma, WithinRel(sigma, 1e-15));
    CHECK_THAT(point.tau, WithinRel(tau, 1e-15));
    CHECK_THAT(point.rho, WithinRel(rho, 1e-15));
    CHECK_THAT(point.tail_index(), WithinRel(1 - 2 * a / (sigma * sigma), 1e-15));
}

TEST_CASE("kinks, jumps and roots have no linearisation", "[fixed_points]") {
    const auto flat = of([](D x) { return 0.0 * x + 1.0; });
    const auto drift = GENERATE(of([](D x) { return abs(x); }), of([](D x) { return sign_of(x) * -1.0; }),
                                of([](D x) { return sign_of(x) * sqrt(abs(x)); }));
    const auto points = fixed_points(drift, {flat});
    REQUIRE(points.size() == 1);
    CHECK(points[0].x == 0);
    CHECK_FALSE(points[0].smooth);
    // The square of an amplitude |x| has a slope at 0, that of sqrt |x| has none.
    const auto rate = of([](D x) { return -1.0 * x; });
    CHECK(linearisation(rate, {of([](D x) { return abs(x); })}, 0).smooth);
    CHECK_FALSE(linearisation(rate, {of([](D x) { return sqrt(abs(x)); })}, 0).smooth);
}

TEST_CASE("a periodic drift has a linearisation at each root, and rounding near 0 takes none away",
          "[fixed_points]") {
    const auto flat = of([](D x) { return 0.0 * x + 1.0; });
    for (const auto& point : fixed_points(of([](D x) { return sin(x); }), {flat}))
        if (std::abs(point.x) < 100) {
            INFO(point.x);
            CHECK_THAT(point.a, WithinAbs(std::cos(point.x), 1e-12));
        }
    CHECK(linearisation(of([](D x) { return exp(x) - 1.0 - x - 2.0 * x * x * x; }), {flat}, 0).smooth);
}

TEST_CASE("roots are found from 1e-12 to 1e12, on both sides and at 0", "[fixed_points]") {
    for (const double root : {3e-12, 0.1234567, 7e8, 2.5e11})
        for (const double sign : {-1.0, 1.0}) {
            const auto found = roots_on_the_line([=](double x) { return x - sign * root; });
            REQUIRE(found.size() == 1);
            CHECK_THAT(found[0], WithinRel(sign * root, 1e-15));
        }
    CHECK(roots_on_the_line([](double x) { return x * x; }) == std::vector<double>{0});
    CHECK(roots_on_the_line([](double x) { return 1 / x; }).empty());
    CHECK(roots_on_the_line([](double x) { return x < 2 ? -1.0 : 1.0; }).empty());
    // Near 0 rounding alone decides the sign of the difference, which is x^2/2 - 2 x^3.
    const auto rounded = roots_on_the_line([](double x) { return std::exp(x) - 1 - x - 2 * x * x * x; });
    CHECK(rounded.size() <= 4);
    CHECK(std::count(rounded.begin(), rounded.end(), 0.0) == 1);
    const auto waves = roots_on_the_line([](double x) { return std::abs(x) < 9 ? std::sin(x) : 1.0; });
    REQUIRE(waves.size() == 5);
    CHECK_THAT(waves[4], WithinRel(2 * std::numbers::pi, 1e-15));
}
