#include "analysis/diffusions/exact_sampler.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "analysis/diffusions/fokker_planck.hpp"
#include "analysis/laws/edge_law.hpp"
#include "analysis/laws/moments.hpp"
#include "analysis/statistics/goodness_of_fit.hpp"
#include "engine/statistics/summaries.hpp"

using namespace noisetrap;

namespace {

std::vector<double> samples(const ExactSampler& sampler, double x0, double t, int paths) {
    std::vector<double> x;
    for (int path = 0; path < paths; ++path)
        x.push_back(sampler.sample(x0, t, 1, static_cast<std::uint64_t>(path)));
    std::sort(x.begin(), x.end());
    return x;
}

}  // namespace

TEST_CASE("The natural coordinate has unit noise and the drift that Ito's formula gives it") {
    const double a = 0.3, sigma = 1, tau = 0.5, rho = 0.4;
    const NaturalCoordinate natural(a, sigma, tau, rho);
    for (const double x : {-3.0, -0.2, 0.0, 1.5}) {
        const double h = 1e-4, y = natural.of(x);
        CHECK(natural.back(y) == Approx(x).margin(1e-12));
        const double variance = sigma * sigma * x * x + 2 * rho * sigma * tau * x + tau * tau;
        const double slope = (natural.of(x + h) - natural.of(x - h)) / (2 * h),
                     bend = (natural.of(x + h) - 2 * y + natural.of(x - h)) / (h * h);
        CHECK(slope * slope * variance == Approx(1));
        CHECK(natural.drift(y) == Approx(a * x * slope + variance * bend / 2).margin(1e-6));
    }
}

TEST_CASE("Samples without a time step have the closed law at and off the edge of the trap") {
    for (const double a : {0.5, 1.5, -0.5}) {
        const EdgeLaw law(a, 1, 0.5, 0.1, 2);
        const auto x = samples(ExactSampler(a, 1, 0.5, 0), 0.1, 2, 20000);
        INFO("a = " << a);
        CHECK(ks_distance(x, [&](double at) { return law.cdf(at); }).p_value() > 1e-5);
    }
}

TEST_CASE("Samples without a time step have the law of the Fokker-Planck equation under correlated noise") {
    struct Case {
        double a, rho, t;
    };
    for (const auto& [a, rho, t] : {Case{0.3, 0.5, 2}, Case{0.9, -0.3, 1.5}}) {
        const Diffusion diffusion{[a = a](double x) { return a * x; },
                                  [rho = rho](double x) { return x * x + rho * x + 0.25; }};
        const Grid grid{{-1e9, 1e9}, Spacing::symlog(-rho / 2, 0.5)};
        const auto laws = transient_laws(diffusion, grid, 0.1, std::vector{t});
        const auto x = samples(ExactSampler(a, 1, 0.5, rho), 0.1, t, 20000);
        INFO("a = " << a);
        CHECK(ks_distance(x, [&](double at) { return laws[0].cdf(at); }).p_value() > 1e-5);
    }
}

TEST_CASE("Samples without a time step over a long time have the exact mean") {
    const double a = -0.5, sigma = 0.6, tau = 0.3, rho = -0.6, x0 = 2, t = 3;
    const auto moments = Moments::of(samples(ExactSampler(a, sigma, tau, rho), x0, t, 20000));
    const auto exact = sde_moments(a, sigma, tau, rho, x0, t);
    CHECK(std::abs(moments.mean_estimate().value - exact.first) < 4 * moments.mean_estimate().standard_error);
    CHECK(std::abs(moments.variance_estimate().value - exact.variance) <
          4 * moments.variance_estimate().standard_error);
}

TEST_CASE(
    "Samples without a time step are refused where there is no natural coordinate, or tries would not end") {
    CHECK_THROWS_AS(ExactSampler(0.3, 1, 0, 0), std::domain_error);
    CHECK_THROWS_AS(ExactSampler(0.3, 1, 0.5, 1), std::domain_error);
    CHECK_THROWS_AS(ExactSampler(-30, 1, 0.5, 0), std::domain_error);
}
