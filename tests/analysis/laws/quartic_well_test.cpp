// The stationary law of the quartic well against its definition, integrated by Boost.
#include "analysis/laws/quartic_well.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

using namespace noisetrap;

TEST_CASE("The quartic well's law is the normalised density |x|^(2 mu/zeta^2 - 2) exp(-x^2/zeta^2)") {
    const double mu = 1.5, zeta = 0.9;
    const auto shape = [&](double x) {
        return std::pow(x, 2 * mu / (zeta * zeta) - 2) * std::exp(-x * x / (zeta * zeta));
    };
    using Quadrature = boost::math::quadrature::gauss_kronrod<double, 31>;
    const double total = Quadrature::integrate(shape, 0.0, 10.0);
    for (const double r : {0.2, 0.8, 1.5}) {
        CHECK(quartic_well_density(mu, zeta, r) == Approx(shape(r) / total));
        CHECK(quartic_well_cdf(mu, zeta, r) == Approx(Quadrature::integrate(shape, 0.0, r) / total));
    }
    for (const double p : {0.05, 0.5, 0.99})
        CHECK(quartic_well_cdf(mu, zeta, quartic_well_quantile(mu, zeta, p)) == Approx(p));
    const auto square = [&](double x) { return x * x * shape(x) / total; };
    CHECK(Quadrature::integrate(square, 0.0, 10.0) == Approx(quartic_well_mean_square(mu, zeta)));
    // E(mu - 3 x^2 - zeta^2/2)
    CHECK(quartic_well_growth_rate(mu, zeta) ==
          Approx(mu - 3 * quartic_well_mean_square(mu, zeta) - zeta * zeta / 2));
}

TEST_CASE("Above its threshold the quartic well collapses") {
    CHECK(quartic_well_growth_at_origin(1.5, 2.5) == Approx(-1.625));
    CHECK(quartic_well_growth_rate(1.5, 2.5) == Approx(-1.625));
    CHECK(quartic_well_mean_square(1.5, 2.5) == 0);
    CHECK_THROWS_AS(quartic_well_cdf(1.5, 2.5, 1), std::domain_error);
    CHECK_THROWS_AS(quartic_well_density(1.5, 0, 1), std::domain_error);
}
