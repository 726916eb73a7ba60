#include "validation/coverage.hpp"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/exp_sinh.hpp>
#include <catch2/catch.hpp>
#include <random>

#include "validation/exact.hpp"
#include "validation/references.hpp"

namespace noisetrap {
namespace {

/// Estimates of 0 with normal errors of deviation 1, that say they are `stated`, and `bias` too large.
Reading reading_of(double stated, double bias, Promise promise, std::size_t count = 4000) {
    std::mt19937_64 generator(7);
    std::uniform_real_distribution<double> uniform(0, 1);
    Reading reading{"mean", "", 0, {}, promise};
    for (std::size_t i = 0; i < count; ++i)
        reading.estimates.push_back(
            {boost::math::quantile(boost::math::normal(), uniform(generator)) + bias, stated});
    return reading;
}

bool all_hold(const Reading& reading) {
    for (const auto& level : coverage_levels)
        if (!coverage_claim("", reading, level).holds()) return false;
    return true;
}

}  // namespace

TEST_CASE("Coverage holds where standard errors are right") {
    CHECK(all_hold(reading_of(1, 0, Promise::normal)));
    CHECK(all_hold(reading_of(1, 0, Promise::at_least)));
    CHECK(all_hold(reading_of(1, 0, Promise::normal, 200)));
}

TEST_CASE("Coverage fails where standard errors are too small") {
    CHECK_FALSE(all_hold(reading_of(0.8, 0, Promise::normal)));
    CHECK_FALSE(all_hold(reading_of(0.8, 0, Promise::at_least)));
    CHECK_FALSE(all_hold(reading_of(0.4, 0, Promise::normal, 200)));
}

TEST_CASE("Coverage fails where standard errors are too large unless they are promised as at least") {
    CHECK_FALSE(all_hold(reading_of(1.25, 0, Promise::normal)));
    CHECK_FALSE(all_hold(reading_of(3, 0, Promise::normal, 200)));
    CHECK(all_hold(reading_of(1.25, 0, Promise::at_least)));
}

TEST_CASE("Coverage fails where estimates are biased by a standard error") {
    CHECK_FALSE(all_hold(reading_of(1, 1, Promise::normal)));
    CHECK_FALSE(all_hold(reading_of(1, 1, Promise::normal, 200)));
}

TEST_CASE("Estimates without a standard error have no score and are counted") {
    auto reading = reading_of(1, 0, Promise::normal);
    reading.estimates.push_back({0.5, std::numeric_limits<double>::quiet_NaN()});
    CHECK(reading.scores().size() + 1 == reading.estimates.size());
    CHECK(coverage_claim("", reading, coverage_levels[0]).parameters == "; 1 without an error");
    for (auto& e : reading.estimates) e.standard_error = std::numeric_limits<double>::quiet_NaN();
    CHECK_FALSE(all_hold(reading));
}

TEST_CASE("What a claim of coverage notices it finds in both of its self-tests or in one") {
    for (const auto& level : coverage_levels) {
        const auto claim = coverage_claim("", reading_of(1, 0, Promise::normal), level);
        CHECK(claim.notices() > level.allowance);
        CHECK_FALSE(claim.holds(Shift::up));
    }
}

TEST_CASE("A fair walk leaves as on paper") {
    // To be 2 away from 0 takes two equal steps after any number of pairs that cancel.
    const auto odds = PlainWalk::exit_odds(2, 6);
    CHECK(odds == std::vector<double>{0, 0, 0.5, 0, 0.25, 0, 0.125});
    // It is at 0 after 2 steps with odds 1/2 and after 4 with 3/8; within 1.5 after odd steps with 1 and 3/4.
    CHECK(PlainWalk::mean_steps_within(0.5, 4) == 0.5 + 0.375);
    CHECK(PlainWalk::mean_steps_within(1.5, 3) == 1 + 0.5 + 0.75);
}

TEST_CASE("Brownian motion leaves an interval of radius r after r squared on average") {
    for (const double radius : {0.5, 1.0, 2.0}) {
        const auto survival = [&](double t) { return brownian_survival(t, radius); };
        boost::math::quadrature::exp_sinh<double> integrator;
        CHECK(integrator.integrate(survival, 0.0, std::numeric_limits<double>::infinity()) ==
              Approx(radius * radius).epsilon(1e-6));
    }
}

TEST_CASE("A Gaussian walk stays inside as on paper and as Brownian motion does") {
    // After one step with odds erf(r/(s sqrt 2)).
    CHECK(gaussian_walk_survival(0.5, 1, 4)[1] == Approx(std::erf(2 / std::sqrt(2.0))).epsilon(1e-12));
    // Seen at its steps only it behaves as if the barrier were 0.5826 s farther away (Chernoff 1965, Siegmund 1979).
    const double s = 0.05;
    CHECK(gaussian_walk_survival(s, 1, 400).back() ==
          Approx(brownian_survival(400 * s * s, 1 + mean_overshoot * s)).epsilon(1e-3));
}

}  // namespace noisetrap
