#include "analysis/sweeps/phases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include "analysis/growth/growth.hpp"
#include "analysis/statistics/significance.hpp"
#include "analysis/sweeps/observables.hpp"
#include "engine/input/config.hpp"

using namespace noisetrap;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double error = 1e-3;
constexpr Rate unknown_rate{};

/// A rate that lies so many standard errors from 0, of a normal law.
Rate rate(double z) { return {z, two_sided_p(z) / 2}; }
Rate rate(const Measured& e) { return {e.value, e.chance}; }
PhaseEvidence evidence(double growth, double small_step, double mean_square) {
    return {rate(growth), rate(small_step), rate(mean_square)};
}

/// What theory says of the step x -> A x, and what was measured.
struct Point {
    double growth, small_step, mean_square, dt = 1;
    std::vector<Measured> measured;

    Point(Simulation s, double rate, double mean, double deviation)
        : growth(rate),
          small_step((mean - 1 - deviation * deviation / 2) / s.dt),
          mean_square(std::log(mean * mean + deviation * deviation) / s.dt) {
        const std::vector<Observable> observables{{"growth", Observable::Kind::growth, 0},
                                                  {"small_step", Observable::Kind::small_step, 0},
                                                  {"mean_square", Observable::Kind::mean_square, 0}};
        observe(s, observables);
        measured = estimates_of(observables, collect(s).ensembles.front(), s, 0);
    }
    Phase phase() const { return phase_of({rate(measured[0]), rate(measured[1]), rate(measured[2])}, error); }
    void check(Phase phase) const {
        const auto agrees = [](const Estimate& e, double exact) {
            return std::abs(e.value - exact) <= 4 * e.standard_error;
        };
        CHECK(agrees(measured[0], growth));
        CHECK(agrees(measured[1], small_step));
        CHECK(agrees(measured[2], mean_square));
        CHECK(exact_phase(growth, small_step, mean_square) == phase);
        CHECK(this->phase() == phase);
    }
};

Point saddle(double a, double sigma, const std::string& law = "gaussian") {
    auto s = config_from_text("model = { name = 'noisy-saddle', tau = 0 }", "test",
                              {"model.a=" + std::to_string(a), "model.sigma=" + std::to_string(sigma),
                               "model.law=" + law, "integrator.steps=200", "ensemble.paths=10000"})
                 .simulation;
    return {s, step_growth(law_named(law), a, sigma), 1 + a, sigma};
}

Point euler(double dt) {
    auto s = config_from_text("model = { name = 'linear-sde', tau = 0, a = 0.5 }", "test",
                              {"model.sigma=" + std::to_string(std::sqrt(6.0)), "integrator.steps=200",
                               "integrator.scheme=euler-maruyama", "integrator.dt=" + std::to_string(dt),
                               "ensemble.paths=10000"})
                 .simulation;
    const double sigma = std::stod(std::to_string(std::sqrt(6.0)));
    return {s, euler_growth_rate(0.5, sigma, dt), 1 + 0.5 * dt, sigma * std::sqrt(dt)};
}

}  // namespace

TEST_CASE("a phase is what the signs of three growth rates say", "[phases]") {
    CHECK(exact_phase(1, 1, 1) == Phase::escapes);
    CHECK(exact_phase(1, -1, 1) == Phase::overshoots);
    CHECK(exact_phase(-1, -1, 1) == Phase::trapped);
    CHECK(exact_phase(-1, -1, -1) == Phase::trapped_in_mean_square);
    CHECK(exact_phase(-1, 1, -1) == Phase::trapped_in_mean_square);
    CHECK(exact_phase(-infinity, 1, 1) == Phase::trapped);
    CHECK(exact_phase(0, -1, -1) == Phase::undecided);
    CHECK(exact_phase(-1, -1, 0) == Phase::undecided);
    CHECK(exact_phase(1, 0, 1) == Phase::undecided);
    CHECK(phase_names[static_cast<int>(Phase::trapped_in_mean_square)] ==
          std::string("trapped in mean square"));
}

TEST_CASE("what cannot be known leaves the coarser phase, what is not decided none", "[phases]") {
    CHECK(exact_phase(1, not_a_number, 1) == Phase::escapes);
    CHECK(exact_phase(-1, -1, not_a_number) == Phase::trapped);
    CHECK(exact_phase(not_a_number, -1, -1) == Phase::undecided);
    CHECK(phase_of({{-infinity, not_a_number}, unknown_rate, unknown_rate}, error) == Phase::trapped);
    CHECK(phase_of({rate(-9.0), rate(-9.0), {-9, not_a_number}}, error) == Phase::undecided);
    CHECK(phase_of({{9, not_a_number}, unknown_rate, unknown_rate}, error) == Phase::undecided);
    CHECK(phase_of(evidence(9, 1, 9), error) == Phase::undecided);
    CHECK(phase_of(evidence(-9, -9, 1), error) == Phase::undecided);
}

TEST_CASE("a sign is decided at the two-sided level", "[phases]") {
    const double z = two_sided_z(error);
    for (const double side : {-1.0, 1.0}) {
        CHECK(phase_of(evidence(side * z * 1.001, 9, 9), error) != Phase::undecided);
        CHECK(phase_of(evidence(side * z * 0.999, 9, 9), error) == Phase::undecided);
    }
    CHECK_THROWS_AS(phase_of(evidence(1, 1, 1), 0), std::domain_error);
    CHECK_THROWS_AS(phase_of(evidence(1, 1, 1), 1), std::domain_error);
}

TEST_CASE("wrong phases are as rare as the level says", "[phases]") {
    // Close to a corner of four phases, where they are likeliest; at exactly 0 every decided sign is wrong.
    const double level = 0.1;
    std::mt19937_64 generator(1);
    std::normal_distribution<double> normal;
    int decided = 0;
    const int points = 20000;
    for (int i = 0; i < points; ++i)
        decided += phase_of(evidence(normal(generator), 99, 99), level) != Phase::undecided;
    CHECK(std::abs(decided - level * points) < 4 * std::sqrt(level * (1 - level) * points));
}

TEST_CASE("few rows decide by Student's t", "[phases]") {
    const double level = 0.1;
    std::mt19937_64 generator(2);
    std::normal_distribution<double> normal;
    const int points = 20000;
    for (const int rows : {2, 3, 8}) {
        int decided = 0;
        for (int i = 0; i < points; ++i) {
            std::vector<double> sample;
            for (int k = 0; k < rows; ++k) sample.push_back(normal(generator));
            auto at = evidence(0, 99, 99);
            const auto moments = Moments::of(sample);
            at.growth = {moments.mean, odds_by_chance(moments, 0)};
            decided += phase_of(at, level) != Phase::undecided;
        }
        CHECK(decided < level * points + 4 * std::sqrt(level * (1 - level) * points));
        CHECK(decided > 0.5 * level * points);  // two rows have no skewness, and the level is that of t
    }
}

namespace {

/// Estimates of many points at which a rate of x -> (1 + a + sigma Z) x is exactly 0.
std::vector<Measured> estimates_of_nothing(Observable::Kind kind, double a, std::size_t points, int paths,
                                           int steps) {
    const auto growth = [&](double sigma) { return step_growth(Law::gaussian, a, sigma); };
    const auto root =
        boost::math::tools::bisect(growth, 0.2, 0.9, boost::math::tools::eps_tolerance<double>(40));
    auto s =
        config_from_text(fmt::format("model = {{ name = 'noisy-saddle', tau = 0, a = {} }}", a), "test",
                         {fmt::format("integrator.steps={}", steps), fmt::format("ensemble.paths={}", paths)})
            .simulation;
    s.ensembles.front()["sigma"] = kind == Observable::Kind::growth ? root.first : std::sqrt(2 * a);
    s.ensembles.resize(points, s.ensembles.front());
    const std::vector<Observable> observables{{"", kind, 0}};
    observe(s, observables);
    auto alone = s;
    alone.ensembles.resize(1);
    std::vector<Measured> estimates;
    for (const auto& columns : collect(s).ensembles)
        estimates.push_back(estimates_of(observables, columns, alone, 0).front());
    return estimates;
}

}  // namespace

TEST_CASE("signs are wrong as rarely as the level says after one step too", "[phases]") {
    // Every decided sign is wrong. Rows are skewed: Student's t decides three times as often as it may.
    constexpr double level = 2e-3;
    constexpr std::size_t points = 30000;
    const auto kind = GENERATE(Observable::Kind::growth, Observable::Kind::small_step);
    const auto estimates = estimates_of_nothing(kind, 0.1, points, 250, 1);
    const auto decided = std::count_if(estimates.begin(), estimates.end(),
                                       [](const Measured& e) { return e.chance <= level / 2; });
    INFO(decided << " decided, " << level * points << " allowed");
    CHECK(static_cast<double>(decided) < 1.1 * level * points + 4 * std::sqrt(level * points));
}

TEST_CASE("growth with its noise as control is as certain as it says, from as many steps on as it is shown",
          "[phases]") {
    // With fewer steps what the noise leaves is skewed: after one step errors of this size are 30 times as frequent.
    constexpr double level = 2e-3;
    constexpr std::size_t points = 10000;
    const auto estimates = estimates_of_nothing(Observable::Kind::growth, 0.045, points, 256, 1024);
    const double limit = two_sided_z(level);
    const auto beyond = std::count_if(estimates.begin(), estimates.end(), [&](const Measured& e) {
        return std::abs(e.value) > limit * e.standard_error;
    });
    INFO(beyond << " beyond, " << level * points << " expected");
    CHECK(static_cast<double>(beyond) < 1.1 * level * points + 4 * std::sqrt(level * points));
}

TEST_CASE("phases of a noisy saddle", "[phases]") {
    saddle(-0.3, 0.2).check(Phase::trapped_in_mean_square);
    saddle(0.02, 0.1).check(Phase::escapes);
    saddle(0.02, 0.5).check(Phase::trapped);
    saddle(0.02, 1.8).check(Phase::overshoots);
    saddle(0.02, 1.6, "two-point").check(Phase::overshoots);
    saddle(-0.3, 0.6, "uniform").check(Phase::trapped_in_mean_square);
}

TEST_CASE("a coarse step of Euler and Maruyama leaves the trap that a fine one stays in", "[phases]") {
    euler(1).check(Phase::overshoots);
    euler(0.25).check(Phase::trapped);
}

TEST_CASE("a factor that is 0 half of the time traps", "[phases]") {
    const auto s = saddle(0, 1, "two-point");
    CHECK(s.measured[0].value == -infinity);
    CHECK(s.phase() == Phase::trapped);  // A = 0 or 2: E A^2 = 2
}
