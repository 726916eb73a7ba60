// dx = a sign(x) dt + tau dV.
#include "models/piecewise_linear_sde.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/diffusions/exit_time.hpp"
#include "engine/error.hpp"
#include "engine/runs/run.hpp"
#include "sde/schemes.hpp"
#include "tests/backends.hpp"

using namespace noisetrap;

TEST_CASE("One step by hand, on either side") {
    const auto sde = PiecewiseLinearSde{0.5, 0.8}.per_step<double>(0.25);
    const Draw<double, 1> noise{{0.3}};
    CHECK(EulerMaruyama::step(sde, 2.0, 1.0, noise) == Approx(2 + 0.5 * 0.25 + 0.8 * 0.5 * 0.3));
    CHECK(EulerMaruyama::step(sde, -2.0, 1.0, noise) == Approx(-2 - 0.5 * 0.25 + 0.8 * 0.5 * 0.3));
    CHECK(EulerMaruyama::step(sde, 0.0, 1.0, noise) == Approx(0.8 * 0.5 * 0.3));
}

TEMPLATE_TEST_CASE("Its mean exit time is the closed form", "", Serial, Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    Simulation s;
    s.entry = find_entry("piecewise-linear-sde", "euler-maruyama");
    s.dt = 1.0 / 256;
    s.steps = 64 * 256;
    s.paths = 40000;
    s.x0 = 0;
    s.observe.growth = false;
    s.observe.exit = ExitWatch::with_bridge;
    s.observe.exit_radius = 2;
    s.run.backend = TestType::name;
    const auto passage = run(s).ensembles[0].passage;
    const auto steps = passage.steps.moments.mean_estimate();
    CHECK(passage.steps.plus_infinite == 0);
    // bias of the time step: below 0.01 here
    CHECK(std::abs(steps.value * s.dt - mean_exit_time_piecewise_linear(0.5, 0.8, 2)) <
          4 * steps.standard_error * s.dt + 0.01);
}

TEST_CASE("A drift that jumps has no linearised flow: no growth rate is given") {
    Simulation s;
    s.entry = find_entry("piecewise-linear-sde", "euler-maruyama");
    s.steps = s.paths = 16;
    CHECK_THROWS_AS(run(s), InputError);
    s.observe.growth = false;
    CHECK_NOTHROW(run(s));
}
