// The recursion x <- x + l (a x + xi x + eta) against its exact growth rate, moments and laws.
#include "models/noisy_saddle.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/answers/findings.hpp"
#include "analysis/growth/binomial_law.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/laws/moments.hpp"
#include "engine/input/config.hpp"
#include "models/optimised.hpp"
#include "models/optimisers.hpp"
#include "tests/backends.hpp"

using namespace noisetrap;

static EnsembleSummary simulate(const std::vector<std::string>& settings) {
    return run(config_from_text("model.name = 'noisy-saddle'", "test", settings).simulation).ensembles[0];
}

static double z(const Estimate& e, double exact) { return (e.value - exact) / e.standard_error; }

TEST_CASE("One step is the formula") {
    const NoisySaddle saddle{0.2, 0.5, 0.3, 0.6, Law::gaussian, Law::gaussian};
    const Sgd sgd{0.1};
    const Optimised<NoisySaddleLoss<double>, Sgd, double> process{saddle.loss<double>(), sgd};
    const auto next = [&](double x, auto unit) {
        return process.step(State<double, 1>{{x}}, unit, 0, Draw<double, 2>{{1.5, -0.7}}).at[0];
    };
    const double xi = 0.5 * 1.5, eta = 0.3 * (0.6 * 1.5 + 0.8 * -0.7);
    CHECK(next(2.0, 1.0) == Approx(2 + 0.1 * (0.2 * 2 + xi * 2 + eta)));
    // a length unit of 1/4: the same path, in numbers four times as large
    CHECK(next(8.0, 4.0) == Approx(4 * next(2.0, 1.0)));
    CHECK(next(2.0, Zero{}) == Approx(2 + 0.1 * (0.2 * 2 + xi * 2)));
}

TEMPLATE_TEST_CASE("Without noise the recursion is geometric", "", Serial, Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    const auto s =
        simulate({"model.a=0.01", "model.sigma=0", "model.tau=0", "optimiser.learning_rate=0.5",
                  "integrator.steps=100", "ensemble.paths=10", std::string("run.backend=") + TestType::name});
    CHECK(s.times[0].value.moments.mean == Approx(std::pow(1.005, 100)).epsilon(1e-12));
    CHECK(s.times[0].value.moments.m2 == Approx(0).margin(1e-20));
}

TEMPLATE_TEST_CASE("The growth rate is E log|1 + l (a + xi)|, whatever tau and rho are", "", Serial, Omp,
                   Cuda) {
    if (!can_run(TestType::name)) return;
    const char* names[] = {"gaussian", "uniform", "two-point"};
    for (int law = 0; law < 3; ++law)
        for (const std::vector<std::string>& noise : {std::vector<std::string>{"model.tau=0"},
                                                      {"model.tau=0.2", "model.rho=0.5"},
                                                      {"model.tau=0.2", "model.rho=-1"}}) {
            std::vector<std::string> settings = {"model.a=0.04",
                                                 "model.sigma=0.6",
                                                 "optimiser.learning_rate=0.5",
                                                 "integrator.steps=400",
                                                 "ensemble.paths=20000",
                                                 std::string("model.law=") + names[law],
                                                 std::string("run.backend=") + TestType::name};
            settings.insert(settings.end(), noise.begin(), noise.end());
            const auto growth = simulate(settings).log_growth.moments.mean_estimate();
            CHECK(std::abs(z(growth, 400 * mean_log_abs(static_cast<Law>(law), 1 + 0.5 * 0.04, 0.5 * 0.6))) <
                  4);
        }
}

TEST_CASE("The trap is a window: it closes again where steps overshoot") {
    for (const auto& [sigma, trapped] : {std::pair{0.15, false}, {0.25, true}, {1.45, true}, {1.6, false}}) {
        const auto growth = simulate({"model.a=0.02", "model.tau=0", "model.sigma=" + std::to_string(sigma),
                                      "integrator.steps=1000", "ensemble.paths=4000"})
                                .log_growth.moments.mean_estimate();
        CHECK((growth.value < 0) == trapped);
        CHECK(std::abs(growth.value) > 4 * growth.standard_error);
    }
}

TEST_CASE("Moments are exact with every parameter at work, for every law and correlation") {
    for (const std::string law : {"gaussian", "uniform", "two-point"})
        for (const double rho : {-1.0, -0.3, 0.5, 1.0}) {
            const auto s = simulate({"model.a=0.02", "model.sigma=0.2", "model.tau=0.1",
                                     "model.rho=" + std::to_string(rho), "model.law=" + law,
                                     "integrator.steps=20", "ensemble.paths=200000"});
            const auto exact = recursion_moments(0.02, 0.2, 0.1, rho, 1, 20);
            INFO(law << " " << rho);
            CHECK(std::abs(z(s.times[0].value.moments.mean_estimate(), exact.first)) < 4);
            CHECK(std::abs(z(s.times[0].value.moments.variance_estimate(), exact.variance)) < 4);
        }
}

TEST_CASE("Pure attractive two-point noise follows the binomial law, and its mean stays") {
    const auto s =
        simulate({"model.a=0", "model.tau=0", "model.sigma=0.1", "model.law=two-point", "integrator.steps=4",
                  "ensemble.paths=400000", "observe.times=[2, 4]", "observe.cdf_at=[0.9999999]"});
    CHECK(std::abs(z(s.times[0].value.bins[0].cumulative(0), 0.75)) < 4);
    CHECK(std::abs(z(s.times[1].value.bins[0].cumulative(0), odds_inside(4, 0.1))) < 4);
    CHECK(std::abs(z(s.times[1].value.moments.mean_estimate(), 1)) < 4);
}

TEST_CASE("Pure diffusive noise spreads as tau sqrt N") {
    for (const std::string law : {"gaussian", "uniform", "two-point"}) {
        const auto s = simulate({"model.a=0", "model.sigma=0", "model.tau=2", "model.law=" + law,
                                 "ensemble.x0=0", "integrator.steps=100", "ensemble.paths=100000"});
        CHECK(std::abs(z(s.times[0].value.moments.variance_estimate(), 400)) < 4);
        CHECK(std::abs(z(s.times[0].value.moments.mean_estimate(), 0)) < 4);
    }
}

TEST_CASE("Noise has variance 1 to one part in a thousand, and normals have their far tails") {
    // One step of diffusive noise alone from 0: x is eta. 2^25 paths: the variance's standard error
    // is 2.4e-4.
    for (const std::string law : {"law=gaussian", "law=uniform"})
        for (const std::string precision : {"mixed", "double"}) {
            const auto s =
                simulate({"model.a=0", "model.sigma=0", "model.tau=1", "model." + law, "ensemble.x0=0",
                          "integrator.steps=1", "ensemble.paths=33554432", "observe.quantiles=[]",
                          "observe.growth=false", "observe.cdf_at=[-4, 4]", "run.precision=" + precision});
            const auto& x = s.times[0].value;
            INFO(law << ", " << precision);
            CHECK(std::abs(z(x.moments.variance_estimate(), 1)) < 4);
            CHECK(x.moments.variance_estimate().standard_error < 2.5e-4);
            CHECK(std::abs(z(x.moments.mean_estimate(), 0)) < 4);
            const double expected = law == "law=gaussian" ? 33554432 * 6.334248366623996e-5 : 0;  // 2 Phi(-4)
            const auto beyond = static_cast<double>(x.bins[0].counts.front() + x.bins[0].counts.back());
            CHECK(std::abs(beyond - expected) <= 4 * std::sqrt(expected));
        }
}

TEST_CASE("In the trap the tails fall with Kesten's exponent") {
    const auto s = simulate({"model.a=0.1", "model.sigma=1.0", "model.tau=0.1", "integrator.steps=300",
                             "ensemble.paths=200000", "observe.cdf_at=[-1e4, -1e2, 1e2, 1e4]"});
    const auto& c = s.times[0].value.bins[0].counts;
    const auto far = static_cast<double>(c[0] + c[4]), near = static_cast<double>(c[0] + c[1] + c[3] + c[4]);
    const double q = far / near, octaves = std::log(1e2);
    CHECK(std::abs(-std::log(q) / octaves - tail_index(Law::gaussian, 1.1, 1.0)) <
          4 * std::sqrt((1 - q) / far) / octaves);
}

TEST_CASE("First passage at steps: time and side") {
    // Noise-free doubling from 1 passes 10 at step 4, on the upper side; from -1 on the lower.
    for (const double x0 : {1.0, -1.0}) {
        const auto s =
            simulate({"model.a=1", "model.sigma=0", "model.tau=0", "ensemble.x0=" + std::to_string(x0),
                      "integrator.steps=10", "ensemble.paths=100", "observe.exit_radius=10"});
        CHECK(s.passage.steps.moments.mean == 4);
        CHECK(s.passage.upper == (x0 > 0 ? 100 : 0));
        CHECK(s.passage.lower == (x0 < 0 ? 100 : 0));
    }
}

TEST_CASE("A growth rate of paths that fell on zero is minus infinity, not that of the others") {
    const auto config = config_from_text("model.name = 'noisy-saddle'", "test",
                                         {"model.a=0", "model.sigma=1", "model.tau=0", "model.law=two-point",
                                          "integrator.steps=10", "ensemble.paths=1000"});
    const auto rate = findings_of(config, run(config.simulation).ensembles[0]).growth_rate;
    CHECK(rate.estimate.value == -INFINITY);
    CHECK(rate.theory.scheme == -INFINITY);
}
