#include "analysis/laws/stationary_law.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

struct Case {
    double a, sigma, tau, rho;
    StationaryLaw law() const { return stationary_law(a, sigma, tau, rho); }
    double diffusion(double x) const {
        return (sigma * sigma * x * x + 2 * rho * sigma * tau * x + tau * tau) / 2;
    }
    // Small against the length over which the density changes.
    double step(double x) const { return 1e-4 * std::sqrt(2 * diffusion(x) / (2 * sigma * sigma - 2 * a)); }
};

// Light and heavy tails, both signs of a, weak to complete correlation.
const std::vector<Case> cases = {{0.3, 1, 0.5, 0},      {0.3, 1, 0.5, 0.5},     {0.3, 1, 0.5, 0.9999},
                                 {0.49, 1, 0.5, -0.9},  {-0.4, 0.8, 0.3, -0.5}, {-0.4, 0.8, 0.3, 1},
                                 {0.3, 1, 0.5, -1},     {0, 1, 2, 0.7},         {-1, 0.02, 0.1, 0.3},
                                 {-2, 0.3, 0.1, 0.9999}};

}  // namespace

TEST_CASE("the law names its family", "[stationary_law]") {
    CHECK(stationary_law(0.3, 1, 0.5, 0).name() == "student-t");
    CHECK(stationary_law(0.3, 1, 0.5, 0.5).name() == "pearson-iv");
    CHECK(stationary_law(0.3, 1, 0.5, -1).name() == "inverse-gamma");
    CHECK_THAT(stationary_law(0.3, 1, 0.5, 0.5).tail_index(), WithinRel(0.4, 1e-14));
}

TEST_CASE("the quantile inverts the distribution function, survival completes it", "[stationary_law]") {
    const auto law = GENERATE(from_range(cases)).law();
    for (const double p : {1e-9, 1e-3, 0.1, 0.5, 0.77, 0.999}) {
        const double x = law.quantile(p);
        if (std::isinf(x)) continue;
        CHECK_THAT(law.cdf(x), WithinRel(p, 1e-8));
        CHECK_THAT(law.cdf(x) + law.survival(x), WithinRel(1.0, 1e-12));
        CHECK_THAT(law.two_sided_survival(std::abs(x)),
                   WithinRel(law.cdf(-std::abs(x)) + law.survival(std::abs(x)), 1e-14));
    }
    CHECK(law.two_sided_survival(-1) == 1);
}

TEST_CASE("the density is the slope of the distribution function", "[stationary_law]") {
    const auto c = GENERATE(from_range(cases));
    const auto law = c.law();
    for (const double p : {0.01, 0.2, 0.6, 0.97}) {
        const double x = law.quantile(p), h = c.step(x);
        CHECK_THAT((law.cdf(x + h) - law.cdf(x - h)) / (2 * h), WithinRel(law.density(x), 1e-5));
        CHECK_THAT(std::log(law.density(x)), WithinAbs(law.log_density(x), 1e-10));
    }
}

TEST_CASE("the density integrates to 1", "[stationary_law]") {
    const auto law = GENERATE(from_range(cases)).law();
    const double middle = law.mode(), width = 1 / law.density(middle),
                 far = 30;  // x = middle + width sinh(v)
    const auto x = [=](double v) { return middle + width * std::sinh(v); };
    const auto density = [&](double v) { return law.density(x(v)) * width * std::cosh(v); };
    using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
    const double inside =
        Rule::integrate(density, -far, 0.0, 15, 1e-9) + Rule::integrate(density, 0.0, far, 15, 1e-9);
    CHECK_THAT(law.cdf(x(-far)) + inside + law.survival(x(far)), WithinAbs(1, 1e-9));
}

TEST_CASE("no probability flows: a x p = d/dx (D p)", "[stationary_law]") {
    const auto c = GENERATE(from_range(cases));
    const auto law = c.law();
    for (const double p : {0.001, 0.1, 0.5, 0.8, 0.999}) {
        const double x = law.quantile(p), h = c.step(x), density = law.density(x);
        const auto spread = [&](double y) { return c.diffusion(y) * law.density(y); };
        const double flow = c.a * x * density - (spread(x + h) - spread(x - h)) / (2 * h);
        CHECK_THAT(flow, WithinAbs(0, 1e-6 * (std::abs(c.a * x * density) + spread(x) / (1e4 * h))));
    }
}

TEST_CASE("the density is largest at the mode", "[stationary_law]") {
    const auto law = GENERATE(from_range(cases)).law();
    const double x = law.mode(), h = 1e-3 * (law.quantile(0.6) - law.quantile(0.4));
    CHECK(law.density(x) >= law.density(x + h));
    CHECK(law.density(x) >= law.density(x - h));
}

TEST_CASE("tails fall like r^-alpha, as far as doubles reach", "[stationary_law]") {
    const auto law = GENERATE(from_range(cases)).law();
    if (law.tail_index() > 10) return;
    for (const double r : {1e6, 1e20}) {
        const double slope =
            std::log(law.two_sided_survival(2 * r) / law.two_sided_survival(r)) / std::log(2.0);
        CHECK_THAT(slope, WithinAbs(-law.tail_index(), 1e-4));
    }
}

TEST_CASE("where there is no stationary law, a sentence says so", "[stationary_law]") {
    CHECK_THROWS_AS(stationary_law(0.5, 1, 0.5, 0), std::domain_error);
    CHECK_THROWS_AS(stationary_law(0.1, 1, 0, 0), std::domain_error);
    CHECK_THROWS_AS(stationary_law(-0.1, 0, 1, 0), std::domain_error);
    CHECK_THROWS_AS(stationary_law(0.1, 1, 1, 1.1), std::domain_error);
    CHECK_THROWS_AS(stationary_law(0, 1, 1, 1), std::domain_error);
    CHECK_THROWS_AS(stationary_law(std::numeric_limits<double>::quiet_NaN(), 1, 1, 0), std::domain_error);
    CHECK_THROWS_AS(stationary_law(0.3, 1, 0.5, 0).quantile(1.5), std::domain_error);
    CHECK(stationary_law(0, 1, 1, 0.9).cdf(-0.9) == Approx(0.5));
}
