#include "analysis/laws/diffusion_law.hpp"

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "analysis/laws/quartic_well.hpp"
#include "analysis/laws/stationary_law.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Stretch line{-infinity, infinity};

Diffusion linear(double a, double sigma, double tau, double rho) {
    return {[=](double x) { return a * x; },
            [=](double x) {
                const double y = sigma * x + rho * tau;
                return y * y + tau * tau * (1 - rho * rho);
            }};
}

}  // namespace

TEST_CASE("an Ornstein-Uhlenbeck process is normal in the end, however narrow and far from 0",
          "[diffusion_law]") {
    const double k = 1.5, m = GENERATE(0.0, -3.0, 1e4), tau = GENERATE(2.0, 1e-3);
    const DiffusionLaw law({[=](double x) { return k * (m - x); }, [=](double) { return tau * tau; }}, line,
                           {m});
    const double deviation = tau / std::sqrt(2 * k);
    const boost::math::normal exact(m, deviation);
    for (const double z : {-5.0, -1.0, 0.3, 4.0}) {
        const double x = m + z * deviation;
        CHECK_THAT(law.cdf(x), WithinAbs(cdf(exact, x), 1e-11));
        CHECK_THAT(law.density(x) * deviation, WithinAbs(pdf(exact, x) * deviation, 1e-9));
        CHECK_THAT(law.quantile(cdf(exact, x)), WithinAbs(x, 1e-7 * deviation + 1e-12 * std::abs(m)));
    }
    CHECK_THAT(law.mode(), WithinAbs(m, 1e-4 * deviation + 1e-7 * std::abs(m)));
    CHECK_THAT(law.moment(1), WithinAbs(m, 1e-10 * (std::abs(m) + deviation)));
    CHECK_THAT(law.mean([=](double x) { return (x - m) * (x - m); }), WithinRel(deviation * deviation, 1e-9));
    CHECK(law.tail_index() == infinity);
}

TEST_CASE("the law of a linear SDE is Pearson's, tails, mode and logarithm", "[diffusion_law]") {
    const double a = GENERATE(0.3, -0.4), rho = GENERATE(0.0, 0.5, -0.9), sigma = 1, tau = 0.5;
    const auto exact = stationary_law(a, sigma, tau, rho);
    const DiffusionLaw law(linear(a, sigma, tau, rho), line, {0});
    for (const double x : {-1e6, -2.0, -0.6, 0.0, 0.5, 30.0, 1e6}) {
        CHECK_THAT(law.cdf(x), WithinAbs(exact.cdf(x), 1e-10));
        CHECK_THAT(law.density(x), WithinRel(exact.density(x), 1e-9));
    }
    for (const double p : {0.01, 0.4, 0.99}) CHECK_THAT(law.quantile(p), WithinRel(exact.quantile(p), 1e-8));
    CHECK_THAT(law.tail_index(), WithinRel(exact.tail_index(), 1e-8));
    CHECK_THAT(law.mode(), WithinAbs(exact.mode(), 1e-6));
    CHECK_THAT(law.mean_log_abs(), WithinAbs(exact.mean_log_abs(), 1e-8));
    CHECK(std::isfinite(law.moment(1)) == (law.tail_index() > 1));
}

TEST_CASE("with complete correlation the law ends where the noise vanishes", "[diffusion_law]") {
    const double a = 0.3, sigma = 1, tau = 0.5;
    const auto exact = stationary_law(a, sigma, tau, 1);
    const DiffusionLaw law(linear(a, sigma, tau, 1), {-infinity, -tau / sigma}, {});
    for (const double x : {-100.0, -2.0, -0.7, -0.51}) CHECK_THAT(law.cdf(x), WithinAbs(exact.cdf(x), 1e-9));
    CHECK(law.cdf(-0.5) == 1);
    CHECK_THAT(law.tail_index(), WithinRel(exact.tail_index(), 1e-8));
}

TEST_CASE("a Cox-Ingersoll-Ross process is gamma distributed, and a quartic well by its square",
          "[diffusion_law]") {
    const double k = 1, m = 1, sigma = GENERATE(0.5, 1.7);
    const DiffusionLaw law(
        {[=](double x) { return k * (m - x); }, [=](double x) { return sigma * sigma * x; }}, {0, infinity},
        {m});
    const boost::math::gamma_distribution<> exact(2 * k * m / (sigma * sigma), sigma * sigma / (2 * k));
    for (const double x : {1e-9, 0.1, 1.0, 4.0}) CHECK_THAT(law.cdf(x), WithinAbs(cdf(exact, x), 1e-10));
    CHECK_THAT(law.moment(1), WithinRel(m, 1e-10));
    CHECK_THAT(law.moment(2) - m * m, WithinRel(sigma * sigma * m / (2 * k), 1e-9));
    const double mode = sigma > std::sqrt(2.0) ? 0 : m - sigma * sigma / (2 * k);
    CHECK_THAT(law.mode(), WithinAbs(mode, 1e-6));

    const double mu = 1.5, zeta = GENERATE(0.4, 1.0, 1.7);
    const DiffusionLaw well(
        {[=](double x) { return mu * x - x * x * x; }, [=](double x) { return zeta * zeta * x * x; }},
        {0, infinity}, {std::sqrt(mu)});
    for (const double r : {1e-6, 0.3, 1.2, 2.0})
        CHECK_THAT(well.cdf(r), WithinAbs(quartic_well_cdf(mu, zeta, r), 1e-10));
    CHECK_THAT(well.moment(2), WithinRel(quartic_well_mean_square(mu, zeta), 1e-10));
    // The density x^(2 mu/zeta^2 - 2) e^(-x^2/zeta^2) is largest where x^2 = mu - zeta^2, or at 0.
    CHECK_THAT(well.mode(), WithinAbs(std::sqrt(std::max(mu - zeta * zeta, 0.0)), 1e-6));
    CHECK_THAT(well.quantile(0.25), WithinRel(quartic_well_quantile(mu, zeta, 0.25), 1e-8));
}

TEST_CASE("two wells behind a barrier hold their shares", "[diffusion_law]") {
    // Density exp(2/tau^2 (x^2/2 - x^4/4)), with tilt c x: the shares of the wells are integrals of it.
    const double tau = 0.1;
    const auto law = [=](double tilt) {
        return DiffusionLaw(
            {[=](double x) { return x - x * x * x + tilt; }, [=](double) { return tau * tau; }}, line,
            {-1, 0, 1});
    };
    CHECK_THAT(law(0).cdf(0), WithinAbs(0.5, 1e-9));
    CHECK_THAT(law(0).quantile(0.9), WithinAbs(-law(0).quantile(0.1), 1e-9));
    // The odds ratio of the wells is e^(4 c/tau^2) to lowest order in c.
    const double c = 1e-3, high = 1 - law(c).cdf(0);
    CHECK_THAT(std::log(high / (1 - high)), WithinRel(4 * c / (tau * tau), 0.02));
}

TEST_CASE("where probability runs away or gathers at a point there is no density", "[diffusion_law]") {
    const auto refused = [](const Diffusion& diffusion, const Stretch& stretch, const std::string& said) {
        CHECK_THROWS_WITH(DiffusionLaw(diffusion, stretch, {}), Catch::Contains(said));
    };
    refused(linear(0.6, 1, 0.5, 0), line, "runs away to");
    refused(linear(0, 0, 1, 0), line, "runs away to");
    refused(linear(0.3, 1, 0, 0), {0, infinity}, "gathers at x = 0");
    refused(linear(0.6, 1, 0, 0), {0, infinity}, "runs away to infinity");
    refused({[](double x) { return 0.4 * x - x * x * x; }, [](double x) { return x * x; }}, {-infinity, 0},
            "gathers at x = 0");
}

TEST_CASE("at a tail exponent of 1 there is no mean", "[diffusion_law]") {
    // Far out the drift is nothing beside the noise, and the density falls as x^-2.
    const DiffusionLaw law({[](double x) { return -std::log(x); }, [](double x) { return 0.09 * x * x; }},
                           {0, infinity}, {1});
    CHECK_THAT(law.tail_index(), WithinAbs(1, 1e-9));
    CHECK(law.moment(1) == infinity);
}
