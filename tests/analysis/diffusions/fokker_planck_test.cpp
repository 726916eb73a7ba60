#include "analysis/diffusions/fokker_planck.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "analysis/laws/moments.hpp"
#include "analysis/laws/stationary_law.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

using Times = std::vector<double>;

double normal_cdf(double z) { return cdf(boost::math::normal(), z); }

Diffusion linear_sde(double a, double sigma, double tau, double rho) {
    return {[=](double x) { return a * x; },
            [=](double x) { return sigma * sigma * x * x + 2 * rho * sigma * tau * x + tau * tau; }};
}

Diffusion quartic_well(double mu, double zeta) {
    return {[=](double x) { return mu * x - x * x * x; }, [=](double x) { return zeta * zeta * x * x; }};
}

// A grid around the least noisy state, on which all of the line has noise of about the same strength.
Grid whole_line(double sigma, double tau, double rho, int cells) {
    const double omega = tau * std::sqrt(1 - rho * rho);
    return {{-1e15, 1e15}, Spacing::symlog(-rho * tau / sigma, omega / sigma), cells};
}

// Largest error of the distribution function at some 400 states.
template <class Cdf>
double worst(const TransientLaw& law, const Spacing& spacing, double low, double high, const Cdf& exact) {
    const double from = spacing.coordinate(low), step = (spacing.coordinate(high) - from) / 400;
    double most = 0;
    for (int i = 1; i < 400; ++i) {
        const double x = spacing.x(from + (i + 0.3) * step);
        most = std::max(most, std::abs(law.cdf(x) - exact(x)));
    }
    return most;
}

// log(x/2) of a geometric Brownian motion from x = 2 with a = 0.3, sigma = 1
struct LogNormal {
    double t;
    double operator()(double x) const { return normal_cdf((std::log(x / 2) + 0.2 * t) / std::sqrt(t)); }
};

std::vector<TransientLaw> geometric(int cells, const Times& times) {
    const Grid grid{{1e-40, 1e30}, Spacing::logarithmic(), cells};
    return transient_laws(linear_sde(0.3, 1, 0, 0), grid, 2, times);
}

}  // namespace

TEST_CASE("geometric Brownian motion is log-normal at all times", "[fokker_planck]") {
    for (const auto& law : geometric(2048, {1, 8, 64})) {
        const double error = worst(law, Spacing::logarithmic(), 1e-30, 1e20, LogNormal{law.time()});
        CHECK(error < 1e-6);
        CHECK(error < law.error());
        CHECK(law.error() < 2e-5);
    }
}

TEST_CASE("the error falls sixteenfold when cells are halved, and so does its estimate", "[fokker_planck]") {
    std::vector<double> error, estimate;
    for (const int cells : {256, 512, 1024}) {
        const auto law = geometric(cells, {64}).front();
        error.push_back(worst(law, Spacing::logarithmic(), 1e-30, 1e20, LogNormal{64}));
        estimate.push_back(law.error());
    }
    for (std::size_t i = 1; i < 3; ++i) {
        CHECK_THAT(std::log2(error[i - 1] / error[i]), WithinAbs(4, 0.25));
        CHECK_THAT(std::log2(estimate[i - 1] / estimate[i]), WithinAbs(4, 0.25));
        CHECK(error[i] < estimate[i]);
    }
}

TEST_CASE("Ornstein-Uhlenbeck processes, attractive and inverted, are Gaussian", "[fokker_planck]") {
    const double a = GENERATE(-0.5, 0.5), tau = 0.7, x0 = 0.8, far = a < 0 ? 6 : 16;
    const Grid grid{{-far, far}, Spacing::linear(), 1024};
    for (const auto& law : transient_laws(linear_sde(a, 0, tau, 0), grid, x0, Times{1, 2})) {
        const double t = law.time(), deviation = tau * std::sqrt(std::expm1(2 * a * t) / (2 * a));
        const auto exact = [&](double x) { return normal_cdf((x - x0 * std::exp(a * t)) / deviation); };
        const double error = worst(law, grid.spacing, -far, far, exact);
        CHECK(error < 2e-5);
        CHECK(error < law.error());
        CHECK_THAT(law.mean([](double x) { return x; }), WithinRel(x0 * std::exp(a * t), 1e-5));
    }
}

TEST_CASE("linear SDEs come to their stationary law, heavy tails and all", "[fokker_planck]") {
    const double a = GENERATE(0.1, -0.3), rho = GENERATE(0.0, 0.5, 0.95), sigma = 1, tau = 0.5;
    const auto exact = stationary_law(a, sigma, tau, rho);
    const Grid grid = whole_line(sigma, tau, rho, 1024);
    const auto law = transient_laws(linear_sde(a, sigma, tau, rho), grid, 0.3, Times{300}).front();
    const double error = worst(law, grid.spacing, -1e14, 1e14, [&](double x) { return exact.cdf(x); });
    CHECK(error < 1e-6);
    CHECK(error < law.error());
    CHECK(law.error() < 1e-5);
    CHECK_THAT(law.mean([](double x) { return std::log(std::abs(x)); }),
               WithinAbs(exact.mean_log_abs(), 2e-4));
    for (const double x : {-3.0, 0.1, 1.0}) CHECK_THAT(law.density(x), WithinRel(exact.density(x), 1e-3));
}

TEST_CASE("with complete correlation the law lies on one side of the noiseless state", "[fokker_planck]") {
    // y = x + mu, the distance from it: dy = a (y - mu) dt + sigma y dW, and -a mu > 0 carries paths upwards.
    const double a = GENERATE(0.1, -0.3), sigma = 1, tau = 0.5, rho = a > 0 ? -1 : 1, mu = rho * tau / sigma;
    const auto exact = stationary_law(a, sigma, tau, rho);
    const Diffusion distance{[=](double y) { return a * (y - mu); },
                             [=](double y) { return sigma * sigma * y * y; }};
    const Grid grid{{1e-4, 1e15}, Spacing::logarithmic(), 1024};
    const auto law = transient_laws(distance, grid, 1, Times{300}).front();
    const double error = worst(law, grid.spacing, 1e-4, 1e14, [&](double y) { return exact.cdf(y - mu); });
    CHECK(error < 1e-6);
    CHECK(error < law.error());
}

TEST_CASE("transient moments are those of the linear SDE", "[fokker_planck]") {
    const double a = -1, sigma = 0.4, tau = 0.5, rho = 0.6, x0 = 0.3;
    Grid grid = whole_line(sigma, tau, rho, 1024);
    grid.interval = {-50, 50};  // far enough: x^2 has a mean, and beyond it less than 1e-15 of it
    for (const auto& law : transient_laws(linear_sde(a, sigma, tau, rho), grid, x0, Times{0.5, 2})) {
        const auto exact = sde_moments(a, sigma, tau, rho, x0, law.time());
        CHECK_THAT(law.mean([](double x) { return x; }), WithinAbs(exact.first, 1e-5));
        CHECK_THAT(law.mean([](double x) { return x * x; }), WithinAbs(exact.second, 1e-5));
    }
}

TEST_CASE("below the threshold theta^2/zeta^2 of a quartic well is gamma distributed", "[fokker_planck]") {
    const double mu = 1.5, zeta = 1;
    const Grid grid{{1e-12, 30}, Spacing::logarithmic(), 1024};
    const auto law = transient_laws(quartic_well(mu, zeta), grid, 0.5, Times{64}).front();
    const double error = worst(law, grid.spacing, 1e-3, 10, [=](double x) {
        return boost::math::gamma_p(mu / (zeta * zeta) - 0.5, x * x / (zeta * zeta));
    });
    CHECK(error < 1e-6);
    CHECK_THAT(law.mean([](double x) { return x * x; }), WithinAbs(mu - zeta * zeta / 2, 1e-6));
}

TEST_CASE("above the threshold a quartic well collapses", "[fokker_planck]") {
    // 20000 paths of the closed solution in terms of W give 0.7319 +- 0.0031 and 0.9979 +- 0.0004.
    // Euler-Maruyama at time step 0.0025 gives 0.764 +- 0.003 at t = 25: it shrinks log|theta| by 1.681 and
    // not by 1.625 a unit.
    const double mu = 1.5, zeta = 2.5, growth = mu - zeta * zeta / 2;
    const auto start = [](double x) {
        return std::exp(-x * x / 8) / std::sqrt(2 * std::numbers::pi);
    };  // |2 Z|
    const Grid grid{{1e-60, 20}, Spacing::logarithmic(), 1024};
    const auto laws = transient_laws(quartic_well(mu, zeta), grid, start, Times{25, 50});
    CHECK_THAT(laws[0].cdf(1e-15), WithinAbs(0.732861, 1e-6));
    CHECK_THAT(laws[1].cdf(1e-15), WithinAbs(0.997495, 1e-6));
    CHECK(laws[0].error() < 1e-5);
    // The cubic force only helps: more collapses than without it.
    for (const auto& law : laws)
        CHECK(law.cdf(1e-15) >
              normal_cdf((std::log(1e-15 / 2) - growth * law.time()) / (zeta * std::sqrt(law.time()))));
}

TEST_CASE("no probability is lost, and a density counts as its integral", "[fokker_planck]") {
    const auto start = [](double x) { return std::exp(-x * x) / (2 * std::sqrt(std::numbers::pi)); };
    const Grid grid = whole_line(1, 0.5, 0.5, 256);
    for (const auto& law : transient_laws(linear_sde(0.3, 1, 0.5, 0.5), grid, start, Times{0.1, 1, 1, 64})) {
        CHECK_THAT(law.mass(), WithinAbs(0.5, 1e-9));
        CHECK(law.cdf(-1e15) == 0);
        CHECK(law.cdf(2e15) == law.mass());
        CHECK(law.absorbed_low() + law.absorbed_high() == 0);
    }
    CHECK_THAT(geometric(256, {8}).front().mass(), WithinAbs(1, 1e-10));
}

TEST_CASE("the law of a time does not depend on the times asked for before it", "[fokker_planck]") {
    const auto once = geometric(256, {8}).front(), often = geometric(256, {1, 2, 3, 8}).back();
    for (const double x : {1e-3, 0.1, 1.0, 20.0}) CHECK_THAT(once.cdf(x), WithinAbs(often.cdf(x), 1e-8));
}

TEST_CASE("impossible equations are refused with a sentence", "[fokker_planck]") {
    const Diffusion brownian = linear_sde(0, 0, 1, 0);
    const auto refused = [](const Diffusion& diffusion, const Grid& grid, double x0, const Times& times) {
        CHECK_THROWS_AS(transient_laws(diffusion, grid, x0, times), std::domain_error);
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const Grid grid{{-1, 1}, Spacing::linear(), 64};
    refused(brownian, {{1, -1}, Spacing::linear(), 64}, 0, {1});
    refused(brownian, {{-1, 1 / 0.0}, Spacing::linear(), 64}, 0, {1});
    refused(brownian, {{-1, 1}, Spacing::logarithmic(), 64}, 0.5, {1});
    refused(brownian, {{0, 1}, Spacing::logarithmic(), 64}, 0.5, {1});
    refused(brownian, {{-1, 1}, Spacing::linear(), 15}, 0, {1});
    refused(brownian, grid, 1, {1});
    refused(brownian, grid, nan, {1});
    refused(brownian, grid, 0, {-1});
    refused(brownian, grid, 0, {2, 1});
    refused(brownian, grid, 0, {nan});
    refused(linear_sde(0, 0, 0, 0), grid, 0, {1});
    refused(linear_sde(nan, 0, 1, 0), grid, 0, {1});
    const auto undefined = [=](double) { return nan; };
    CHECK_THROWS_AS(transient_laws(brownian, grid, undefined, Times{1}), std::domain_error);
    CHECK_THROWS_AS(Spacing::symlog(0, 0), std::domain_error);
}
