#include <boost/math/quadrature/gauss.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "analysis/diffusions/exit_time.hpp"
#include "analysis/diffusions/fokker_planck.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

struct Case {
    double a, sigma, tau, rho, radius, x0;
    double time() const { return mean_exit_time(a, sigma, tau, rho, radius, x0); }
    Diffusion diffusion() const {
        return {
            [=, *this](double x) { return a * x; },
            [=, *this](double x) { return sigma * sigma * x * x + 2 * rho * sigma * tau * x + tau * tau; }};
    }
    Grid grid(int cells) const {
        return {{-radius, radius, End::absorbing, End::absorbing}, Spacing::linear(), cells};
    }
};

// Reference values of the theory, and others: attractive, strongly correlated, additive noise alone.
const std::vector<Case> cases = {{0.3, 1, 0.5, 0, 2, 0.1},  {0.5, 0.4, 0.3, 0.5, 3, 0},
                                 {1, 0, 1, 0, 1, 0},        {-0.4, 0.8, 0.3, -0.5, 1, 0.2},
                                 {0.3, 1, 0.5, 0.9, 2, -1}, {0.3, 0, 0.3, 0, 1, 0.4}};

Diffusion drifting(double speed) {
    return {[=](double) { return speed; }, [](double) { return 1.0; }};
}

}  // namespace

TEST_CASE("mean exit times of the equation are those of the Green's function", "[fokker_planck]") {
    const auto c = GENERATE(from_range(cases));
    CHECK_THAT(mean_exit_time(c.diffusion(), c.grid(2048), c.x0), WithinRel(c.time(), 1e-8));
    CHECK_THAT(mean_exit_time(c.diffusion(), c.grid(256), c.x0), WithinRel(c.time(), 2e-6));
    Grid uneven = c.grid(2048);
    uneven.spacing = Spacing::symlog(0.1, 0.3);
    CHECK_THAT(mean_exit_time(c.diffusion(), uneven, c.x0), WithinRel(c.time(), 1e-7));
}

TEST_CASE("mean exit times are the integral of the survival curve", "[fokker_planck]") {
    const auto c = GENERATE(from_range(cases));
    std::vector<double> times, weights;
    const double unit = c.time();
    // Gauss' rule on stretches of time, taken as steps of a path through all its nodes.
    const std::vector<double> ends = {0, 0.5 * unit, 2 * unit, 8 * unit, 24 * unit};
    using Rule = boost::math::quadrature::gauss<double, 15>;
    for (std::size_t i = 1; i < ends.size(); ++i)
        for (int k = -7; k <= 7; ++k) {
            const auto node = static_cast<std::size_t>(std::abs(k));
            const double half = (ends[i] - ends[i - 1]) / 2, z = Rule::abscissa()[node];
            times.push_back(ends[i - 1] + half * (1 + (k < 0 ? -z : z)));
            weights.push_back(half * Rule::weights()[node]);
        }
    const auto laws = transient_laws(c.diffusion(), c.grid(256), c.x0, times);
    double integral = 0;
    for (std::size_t i = 0; i < laws.size(); ++i) integral += weights[i] * laws[i].mass();
    CHECK_THAT(integral, WithinRel(unit, 1e-5));
}

TEST_CASE("an absorbing and a reflecting end mirror Brownian motion", "[fokker_planck]") {
    const double x0 = 0.7;
    const auto ends = [](End low) { return Grid{{0, 15, low, End::reflecting}, Spacing::linear(), 1024}; };
    const auto normal_cdf = [](double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; };
    for (const auto& law : transient_laws(drifting(0), ends(End::absorbing), x0, std::vector{0.5, 3.0})) {
        const double root = std::sqrt(law.time()), survival = std::erf(x0 / (root * std::sqrt(2.0)));
        CHECK_THAT(law.mass(), WithinAbs(survival, 1e-6));
        CHECK_THAT(law.absorbed_low(), WithinAbs(1 - survival, 1e-6));
        CHECK_THAT(law.absorbed_high(), WithinAbs(0, 1e-15));
        const double without_end = normal_cdf((1 - x0) / root) - normal_cdf(-x0 / root);
        const double mirrored = normal_cdf((1 + x0) / root) - normal_cdf(x0 / root);
        CHECK_THAT(law.cdf(1), WithinAbs(without_end - mirrored, 1e-6));
    }
    for (const auto& law : transient_laws(drifting(0), ends(End::reflecting), x0, std::vector{0.5, 3.0})) {
        const double root = std::sqrt(law.time());
        CHECK_THAT(law.cdf(1), WithinAbs(normal_cdf((1 - x0) / root) - normal_cdf((-1 - x0) / root), 1e-6));
    }
}

TEST_CASE("of two ends, drift decides which one absorbs", "[fokker_planck]") {
    const double speed = 0.8, length = 2, x0 = 0.5;
    const Grid grid{{0, length, End::absorbing, End::absorbing}, Spacing::linear(), 512};
    const auto law = transient_laws(drifting(speed), grid, x0, std::vector{100.0}).front();
    const double high = std::expm1(-2 * speed * x0) / std::expm1(-2 * speed * length);
    CHECK_THAT(law.absorbed_high(), WithinAbs(high, 1e-8));
    CHECK_THAT(law.absorbed_low(), WithinAbs(1 - high, 1e-8));
    CHECK_THAT(law.mass(), WithinAbs(0, 1e-9));
}

TEST_CASE("a start next to an absorbing end leaves at once", "[fokker_planck]") {
    // Brownian motion stays x0 (2 - x0) on average; here x0 is a small part of one cell.
    const Grid grid{{0, 2, End::absorbing, End::absorbing}, Spacing::linear(), 64};
    for (const double x0 : {1e-5, 1e-3, 0.01, 0.05, 1.999})
        CHECK_THAT(mean_exit_time(drifting(0), grid, x0), WithinRel(x0 * (2 - x0), 1e-2));
}

TEST_CASE("a reflecting end turns paths back to the absorbing one", "[fokker_planck]") {
    // Brownian motion on (0, 1), reflected at 0: 1 - x0^2
    const Grid grid{{0, 1, End::reflecting, End::absorbing}, Spacing::linear(), 128};
    for (const double x0 : {1e-3, 0.4, 0.9})
        CHECK_THAT(mean_exit_time(drifting(0), grid, x0), WithinAbs(1 - x0 * x0, 1e-6));
}

TEST_CASE("where nothing absorbs there is no exit", "[fokker_planck]") {
    CHECK_THROWS_AS(mean_exit_time(drifting(0), {{0, 1}, Spacing::linear(), 64}, 0.5), std::domain_error);
    const Grid uphill{{0, 1, End::reflecting, End::absorbing}, Spacing::linear(), 64};
    CHECK_THROWS_AS(mean_exit_time(drifting(-1e6), uphill, 0.5), std::domain_error);
    CHECK_THROWS_AS(
        mean_exit_time(drifting(0), {{0, 1, End::absorbing, End::absorbing}, Spacing::linear(), 64}, 2),
        std::domain_error);
}
