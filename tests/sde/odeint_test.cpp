#include "sde/odeint.hpp"

#include <boost/numeric/odeint/integrate/integrate_const.hpp>
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/input/config.hpp"
#include "models/linear_sde.hpp"

using namespace noisetrap;

static Simulation sde(const std::vector<std::string>& settings) {
    return config_from_text("model.name = 'linear-sde'", "test", settings).simulation;
}

TEST_CASE("Without noise, Euler-Maruyama tends to Odeint's solution at order 1") {
    const auto sde_per_time = LinearSde{0.7, 0, 0, 0}.per_step<double>(1.0);
    const double exact = noise_free([&](double x) { return sde_per_time.drift(x, 1.0); }, 1.0, 2.0);
    CHECK(exact == Approx(std::exp(1.4)).epsilon(1e-11));
    double error[2];
    for (int i = 0; i < 2; ++i) {
        const auto s = sde({"model.a=0.7", "model.sigma=0", "model.tau=0",
                            i ? "integrator.dt=0.001953125" : "integrator.dt=0.00390625",
                            "integrator.t_end=2", "ensemble.paths=1"});
        error[i] = std::abs(run(s).ensembles[0].times[0].value.moments.mean - exact);
    }
    CHECK(error[0] / error[1] == Approx(2).margin(0.02));
}

TEST_CASE("A noisy path under Odeint's integrate_const is the engine's path, bit for bit") {
    const auto s = sde({"model.rho=0.5", "ensemble.seed=7", "integrator.dt=0.125", "integrator.steps=40",
                        "ensemble.paths=10"});
    std::vector<std::uint64_t> steps;
    for (std::uint64_t n = 0; n <= 40; ++n) steps.push_back(n);
    const auto expected = replay(s, 0, 5, steps);

    std::vector<double> path;
    double x = s.x0;
    boost::numeric::odeint::integrate_const(OdeintStepper<EulerMaruyama>(7, 5), LinearSde{0.3, 1.0, 0.5, 0.5},
                                            x, 0.0, 5.0, 0.125,
                                            [&](double at, double) { path.push_back(at); });
    REQUIRE(path.size() == expected.size());
    for (std::size_t n = 0; n < path.size(); ++n) CHECK(path[n] == expected[n]);
}
