#include <boost/math/distributions/inverse_gamma.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/laws/stationary_law.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("the stationary distribution function has its reference values", "[stationary_law]") {
    const struct {
        double rho, below_2, below_06, below_05;
    } rows[] = {{0, 0.227432, 0.347578, 0.634092},
                {0.5, 0.350764, 0.561733, 0.825731},
                {0.9, 0.506098, 0.871938, 0.985726},
                {1, 0.560104, 0.989999, 1}};
    for (const auto& row : rows) {
        const auto law = stationary_law(0.3, 1, 0.5, row.rho);
        CHECK_THAT(law.cdf(-2), WithinAbs(row.below_2, 5e-7));
        CHECK_THAT(law.cdf(-0.6), WithinAbs(row.below_06, 5e-7));
        CHECK_THAT(law.cdf(0.5), WithinAbs(row.below_05, 5e-7));
    }
    const auto attractive = stationary_law(-0.4, 0.8, 0.3, -0.5);
    CHECK_THAT(attractive.cdf(-0.5), WithinAbs(0.0832387, 5e-8));
    CHECK_THAT(attractive.cdf(0), WithinAbs(0.397777, 5e-7));
    CHECK_THAT(attractive.cdf(0.7), WithinAbs(0.975526, 5e-7));
}

TEST_CASE("SVRG's log growth per epoch has its reference values", "[stationary_law]") {
    // x/x* obeys tau = sigma, rho = -1: x/x* = 1 + G, G inverse gamma.
    CHECK_THAT(stationary_law(0.3, 1, 1, -1).mean_log_abs(), WithinAbs(2.44041, 5e-6));
    CHECK_THAT(stationary_law(1, 2, 2, -1).mean_log_abs(), WithinAbs(1.80382, 5e-6));
}

TEST_CASE("without correlation the law is Boost's Student t", "[stationary_law]") {
    const double a = GENERATE(0.3, 0.45, 0.0, -0.4, -3.0), sigma = 1, tau = 0.5;
    const auto law = stationary_law(a, sigma, tau, 0);
    const boost::math::students_t t(1 - 2 * a);
    const double scale = tau / std::sqrt(sigma * sigma - 2 * a);
    for (const double x : {-1e6, -3.0, -0.2, 0.0, 0.7, 40.0}) {
        CHECK_THAT(law.cdf(x), WithinRel(cdf(t, x / scale), 1e-11));
        CHECK_THAT(law.survival(x), WithinRel(cdf(complement(t, x / scale)), 1e-11));
        CHECK_THAT(law.density(x), WithinRel(pdf(t, x / scale) / scale, 1e-11));
    }
    using boost::math::digamma;
    const double nu = 1 - 2 * a, mean_log = (std::log(nu) + digamma(0.5) - digamma(nu / 2)) / 2;
    CHECK_THAT(law.mean_log_abs(), WithinAbs(std::log(scale) + mean_log, 1e-12));
}

TEST_CASE("with complete correlation the law is Boost's inverse gamma", "[stationary_law]") {
    const double a = GENERATE(0.3, -0.4), rho = GENERATE(-1.0, 1.0), sigma = 0.9, tau = 0.5;
    const auto law = stationary_law(a, sigma, tau, rho);
    const double mu = rho * tau / sigma, side = a * mu > 0 ? -1 : 1;
    const boost::math::inverse_gamma gamma(1 - 2 * a / (sigma * sigma),
                                           2 * std::abs(a * mu) / (sigma * sigma));
    for (const double y : {0.03, 0.2, 1.0, 7.0, 1e5}) {
        const double x = side * y - mu;
        CHECK_THAT(side > 0 ? law.cdf(x) : law.survival(x), WithinRel(cdf(gamma, y), 1e-9));
        CHECK_THAT(side > 0 ? law.survival(x) : law.cdf(x), WithinRel(cdf(complement(gamma, y)), 1e-9));
        CHECK_THAT(law.density(x), WithinRel(pdf(gamma, y), 1e-9));
    }
    CHECK(law.density(-side - mu) == 0);
    CHECK((side > 0 ? law.cdf(-mu - 0.1) : law.survival(-mu + 0.1)) == 0);
    CHECK(law.quantile(side > 0 ? 0 : 1) == -mu);
}

TEST_CASE("weak and near-complete correlation tend to the two limits", "[stationary_law]") {
    const auto student = stationary_law(0.3, 1, 0.5, 0), nearly_student = stationary_law(0.3, 1, 0.5, 1e-9);
    const auto gamma = stationary_law(0.3, 1, 0.5, 1), nearly_gamma = stationary_law(0.3, 1, 0.5, 1 - 1e-10);
    for (const double x : {-50.0, -2.0, -0.7, -0.1, 3.0}) {
        CHECK_THAT(nearly_student.cdf(x), WithinAbs(student.cdf(x), 1e-8));
        CHECK_THAT(nearly_gamma.cdf(x), WithinAbs(gamma.cdf(x), 1e-8));
    }
    CHECK_THAT(nearly_gamma.mean_log_abs(), WithinAbs(gamma.mean_log_abs(), 1e-6));
}

TEST_CASE("a steep attractive axis is nearly Gaussian", "[stationary_law]") {
    const auto law = stationary_law(-1, 1e-4, 0.1, 0);
    const double deviation = 0.1 / std::sqrt(2.0);
    CHECK_THAT(law.cdf(deviation), WithinAbs(0.5 * std::erfc(-std::sqrt(0.5)), 1e-7));
    CHECK_THAT(law.survival(5 * deviation), WithinRel(0.5 * std::erfc(5 / std::sqrt(2.0)), 1e-5));
}
