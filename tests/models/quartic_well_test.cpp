// The quartic well dx = (mu x - x^3) dt + zeta x dW: not linear, with a length of its own.
#include "models/quartic_well.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/laws/quartic_well.hpp"
#include "engine/runs/run.hpp"
#include "sde/odeint.hpp"
#include "sde/schemes.hpp"
#include "tests/backends.hpp"

using namespace noisetrap;

static Simulation well(const char* scheme, double mu, double zeta, double dt, std::uint64_t steps,
                       std::uint64_t paths) {
    Simulation s;
    s.entry = find_entry("quartic-well", scheme);
    s.ensembles = {{{"mu", mu}, {"zeta", zeta}}};
    s.dt = dt;
    s.steps = steps;
    s.paths = paths;
    s.observe.steps = {steps};
    return s;
}

TEST_CASE("One step of each scheme, by hand") {
    const auto sde = QuarticWell{1.5, 0.8}.per_step<double>(0.25);
    const Draw<double, 1> noise{{-0.6}};
    const double x = 0.9, dW = 0.5 * -0.6;
    const double euler = x + (1.5 * x - x * x * x) * 0.25 + 0.8 * x * dW;
    CHECK(EulerMaruyama::step(sde, x, 1.0, noise) == Approx(euler));
    CHECK(Milstein::step(sde, x, 1.0, noise) == Approx(euler + 0.5 * 0.8 * 0.8 * x * (dW * dW - 0.25)));
    const auto cubic = [](double y, double h) { return y / std::sqrt(1 + 2 * h * y * y); };
    const double factor = std::exp((1.5 - 0.32) * 0.25 + 0.8 * dW);
    CHECK(Splitting::step(sde, x, 1.0, noise) == Approx(cubic(factor * cubic(x, 0.125), 0.125)));
}

TEST_CASE("Lengths are measured: the step scales with x and unit together") {
    const auto sde = QuarticWell{1.5, 0.8}.per_step<double>(0.25);
    const Draw<double, 1> noise{{0.4}};
    CHECK(EulerMaruyama::step(sde, 0x1p-300, 0x1p-300, noise) ==
          0x1p-300 * EulerMaruyama::step(sde, 1.0, 1.0, noise));
    CHECK(Splitting::step(sde, 0x1p40, 0x1p40, noise) == 0x1p40 * Splitting::step(sde, 1.0, 1.0, noise));
}

TEMPLATE_TEST_CASE("Without noise the well is its differential equation", "", Serial, Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    auto s = well("splitting", 1.5, 0, 1.0 / 256, 512, 64);
    s.x0 = 0.1;
    s.run.backend = TestType::name;
    const double exact = noise_free([](double x) { return 1.5 * x - x * x * x; }, 0.1, 2.0);
    CHECK(run(s).ensembles[0].times[0].value.moments.mean == Approx(exact).epsilon(1e-5));
}

TEMPLATE_TEST_CASE("The slope that is followed is the derivative by the start", "", Serial, Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    for (const char* scheme : {"euler-maruyama", "milstein", "splitting"}) {
        auto s = well(scheme, 1.5, 1.0, 1.0 / 64, 64, 300);
        s.run.backend = TestType::name;
        s.run.precision = Precision::double_;
        const auto at = [&](double x0) {
            s.x0 = x0;
            return collect(s).ensembles[0];
        };
        const double step = 1e-6;
        const auto low = at(0.7 - step), middle = at(0.7), high = at(0.7 + step);
        for (std::size_t path = 0; path < s.paths; ++path)
            CHECK(std::exp(middle.log_growth[path]) ==
                  Approx(std::abs(high.value[0][path] - low.value[0][path]) / (2 * step)).epsilon(1e-4));
    }
}

TEMPLATE_TEST_CASE(
    "Below its threshold the square is a gamma law, and above it paths collapse beyond all numbers", "",
    Serial, Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    auto s = well("splitting", 1.5, 1.0, 1.0 / 16, 256, 40000);
    s.run.backend = TestType::name;
    const auto stationary = collect(s).ensembles[0].value[0];
    for (const double r : {0.5, 0.9, 1.4}) {
        std::uint64_t inside = 0;
        for (double x : stationary) inside += x <= r;
        const auto p = proportion(inside, s.paths);
        CHECK(std::abs(p.value - quartic_well_cdf(1.5, 1.0, r)) < 4 * p.standard_error + 0.001);
    }
    auto collapse = well("splitting", 1.5, 2.5, 1.0 / 16, 1 << 17, 500);  // to e^-13000
    collapse.run.backend = TestType::name;
    const auto result = run(collapse).ensembles[0];
    const auto log_abs = result.times[0].log_abs.moments.mean_estimate();
    CHECK(result.times[0].log_abs.minus_infinite == 0);
    // a start near the well's wall costs a few units of log|x|
    CHECK(std::abs(log_abs.value + 1.625 * 8192) < 4 * log_abs.standard_error + 5);
}

/// Chen et al. (2023), fig. 1: Euler-Maruyama at dt = 0.0025 from 2 Z; their 0.770 and 0.998 to 0.01. The
/// SDE's odds at t = 25 are 0.733: the time step matters.
TEST_CASE("Stochastic collapse as published") {
    auto s = well("euler-maruyama", 1.5, 2.5, 0.0025, 20000, 10000);
    s.x0 = 0;
    s.x0_deviation = 2;
    s.observe.steps = {10000, 20000};
    s.observe.bin_edges = {{-1e-15, 1e-15}};
    s.observe.growth = false;
    const auto times = run(s).ensembles[0].times;
    const double published[] = {0.770, 0.998};
    for (int i = 0; i < 2; ++i) {
        const auto odds = proportion(times[i].value.bins[0].counts[1], s.paths);
        CHECK(std::abs(odds.value - published[i]) < 0.01 + 4 * odds.standard_error);
    }
}

TEST_CASE("Paths start where they are told to, each at its own place") {
    auto s = well("splitting", 1.5, 2.5, 1.0 / 16, 1, 100000);
    s.x0 = 0.5;
    s.x0_deviation = 2;
    s.observe.steps = {0};
    const auto start = run(s).ensembles[0].times[0].value.moments;
    CHECK(std::abs(start.mean_estimate().value - 0.5) < 4 * start.mean_estimate().standard_error);
    CHECK(std::abs(start.variance_estimate().value - 4) < 4 * start.variance_estimate().standard_error);
}
