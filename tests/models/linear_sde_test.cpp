// The SDE dx = a x dt + sigma x dW + tau dV against its exact laws.
#include "models/linear_sde.hpp"

#include <boost/math/quadrature/gauss.hpp>
#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/answers/findings.hpp"
#include "analysis/diffusions/exit_time.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/laws/moments.hpp"
#include "analysis/laws/stationary_law.hpp"
#include "sde/schemes.hpp"
#include "tests/backends.hpp"

using namespace noisetrap;

static Findings simulate(const std::vector<std::string>& settings) {
    const auto config = config_from_text("model.name = 'linear-sde'", "test", settings);
    return findings_of(config, run(config.simulation).ensembles[0]);
}

TEST_CASE("One Euler-Maruyama step is the formula, by hand") {
    const double dt = 0.25;
    const Discretised<LinearSdeStep<double>, EulerMaruyama> process{
        LinearSde{0.4, 0.8, 0.5, 0.6}.per_step<double>(dt)};
    const double dW = 0.5 * 1.2, dV = 0.5 * (0.6 * 1.2 + 0.8 * -0.3);
    CHECK(process.step(2.0, 1.0, 0, Draw<double, 2>{{1.2, -0.3}}) ==
          Approx(2 + 0.4 * 2 * dt + 0.8 * 2 * dW + 0.5 * dV));
    CHECK(process.noise_variance(2.0, 1.0) == Approx(dt * (0.8 * 0.8 * 4 + 2 * 0.6 * 0.8 * 0.5 * 2 + 0.25)));
}

TEMPLATE_TEST_CASE("The growth rate is that of the scheme, for any tau and rho", "", Serial, Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    for (const std::vector<std::string>& noise : {std::vector<std::string>{"model.tau=0"},
                                                  {"model.tau=0.5"},
                                                  {"model.rho=-0.5"},
                                                  {"model.rho=1"},
                                                  {"model.tau=0", "integrator.scheme=milstein"}}) {
        std::vector<std::string> settings = {"ensemble.paths=20000", "integrator.t_end=8",
                                             std::string("run.backend=") + TestType::name};
        settings.insert(settings.end(), noise.begin(), noise.end());
        const auto f = simulate(settings);
        CHECK(std::abs(z_score(f.growth_rate.estimate, f.growth_rate.theory.scheme)) < 4);
    }
}

TEST_CASE("Without diffusive noise log|x| is normal with mean (a - sigma^2/2) t and variance sigma^2 t") {
    const auto f = simulate({"model.tau=0", "model.a=0.3", "model.sigma=1", "integrator.dt=0.0009765625",
                             "integrator.t_end=2", "observe.times=[0.5, 1, 2]",
                             "observe.cdf_at=[0.3, 1.0, 3.0]", "ensemble.paths=50000"});
    for (const auto& at : f.times) {
        // Weak error of order dt: below 0.002 in each of these at dt = 1/1024
        const double bias = 0.002;
        CHECK(std::abs(at.mean_log_abs.estimate.value + 0.2 * at.t) <
              4 * at.mean_log_abs.estimate.standard_error + bias);
        CHECK(std::abs(at.variance_log_abs.value - at.t) < 4 * at.variance_log_abs.standard_error + bias);
        for (const auto& p : at.cdf)
            CHECK(std::abs(p.estimate.value - p.theory.sde) < 4 * p.estimate.standard_error + bias);
    }
}

TEST_CASE("Moments are those of the scheme, exactly") {
    const auto f = simulate({"model.a=0.3", "model.sigma=0.4", "model.tau=0.5", "model.rho=-0.7",
                             "integrator.t_end=2", "ensemble.paths=200000", "observe.times=[0.5, 2]"});
    for (const auto& at : f.times) {
        CHECK(std::abs(z_score(at.mean.estimate, at.mean.theory.scheme)) < 4);
        CHECK(std::abs(z_score(at.variance.estimate, at.variance.theory.scheme)) < 4);
        CHECK(at.mean.theory.sde == Approx(at.mean.theory.scheme).epsilon(0.01));
    }
}

TEST_CASE("The stationary law is inverse gamma, Student t or Pearson IV") {
    for (const double a : {-0.4, 0.1})
        for (const double rho : {-1.0, -0.5, 0.0, 0.95, 1.0}) {
            const auto law = stationary_law(a, 1, 0.5, rho);
            std::string at;
            for (const double p : {0.1, 0.5, 0.9})
                at += (at.empty() ? "" : ", ") + std::to_string(law.quantile(p));
            const auto f =
                simulate({"model.a=" + std::to_string(a), "model.rho=" + std::to_string(rho),
                          "integrator.dt=0.0078125", "integrator.t_end=64", "observe.cdf_at=[" + at + "]",
                          "observe.growth=false", "ensemble.paths=20000"});
            INFO("a = " << a << ", rho = " << rho);
            // Bias: the weak error at dt = 1/128, below 0.004 in every case
            for (const auto& p : f.times[0].cdf)
                CHECK(std::abs(p.estimate.value - p.theory.stationary) <
                      4 * p.estimate.standard_error + 0.004);
        }
}

TEST_CASE("Euler-Maruyama's step can destroy the trap") {
    const std::vector<std::string> saddle = {"model.a=0.5", "model.sigma=2.449489742783178", "model.tau=0",
                                             "integrator.steps=400", "ensemble.paths=5000"};
    for (const auto& [dt, exact] : {std::pair{"0.25", -0.06378669}, {"1.0", 0.43704272}}) {
        auto settings = saddle;
        settings.push_back(std::string("integrator.dt=") + dt);
        const auto f = simulate(settings);
        const double per_step = f.growth_rate.estimate.value * std::stod(dt);
        CHECK(std::abs(per_step - exact) < 4 * f.growth_rate.estimate.standard_error * std::stod(dt));
        CHECK(f.growth_rate.theory.sde < 0);
    }
}

TEST_CASE("The Brownian bridge takes the sqrt(dt) bias out of first-passage times") {
    const double exact = mean_exit_time(0.5, 0.4, 0.3, 0.5, 3, 0.0);
    const std::vector<std::string> common = {
        "model.a=0.5",           "model.sigma=0.4",       "model.tau=0.3",        "model.rho=0.5",
        "ensemble.x0=0",         "observe.exit_radius=3", "observe.growth=false", "observe.times=[]",
        "integrator.dt=0.03125", "integrator.t_end=200",  "ensemble.paths=40000"};
    auto with_bridge = common;
    with_bridge.push_back("observe.exit_bridge=true");
    const auto plain = *simulate(common).first_passage, bridged = *simulate(with_bridge).first_passage;
    CHECK(plain.not_exited == 0);
    CHECK(bridged.not_exited == 0);
    // left: weak error of order dt, below 1 % here
    CHECK(std::abs(bridged.mean_time.estimate.value - exact) <
          4 * bridged.mean_time.estimate.standard_error + 0.01 * exact);
    CHECK(plain.mean_time.estimate.value - bridged.mean_time.estimate.value >
          4 * plain.mean_time.estimate.standard_error);
    CHECK(plain.survival.front().estimate.value == 1);
    CHECK(plain.survival.back().estimate.value == 0);
    const auto near_theory = [](const Finding& f) {
        return std::abs(f.estimate.value - f.theory.sde) <
               4 * f.estimate.standard_error + 0.01 * f.theory.sde;
    };
    CHECK(bridged.upper_odds.theory.sde == Approx(0.38849479));
    CHECK(near_theory(bridged.upper_odds));
    CHECK(bridged.survival_times[5] == 5);
    CHECK(bridged.survival[5].theory.sde == Approx(0.62899246));
    CHECK(near_theory(bridged.survival[5]));
}

/// One step so long that bridges to both barriers matter: from 0 to y ~ Normal(0, 1), each passed with odds
/// exp(-2 R (R -+ y)), independently.
TEST_CASE("Bridges to both barriers are independent, and a path that passes both leaves on its own side") {
    constexpr double radius = 0.7, paths = 40000;
    const auto passage =
        *simulate({"model.a=0", "model.sigma=0", "model.tau=1", "ensemble.x0=0", "observe.exit_radius=0.7",
                   "observe.exit_bridge=true", "observe.growth=false", "observe.times=[]", "integrator.dt=1",
                   "integrator.steps=1", "ensemble.paths=40000"})
             .first_passage;
    const auto stays = [](double y) {
        return (1 - std::exp(-2 * radius * (radius - y))) * (1 - std::exp(-2 * radius * (radius + y))) *
               std::exp(-y * y / 2) / std::sqrt(2 * M_PI);
    };
    const double inside = boost::math::quadrature::gauss<double, 20>::integrate(stays, -radius, radius);
    const auto expect = [](std::uint64_t seen, double odds) {
        CHECK(std::abs(static_cast<double>(seen) - paths * odds) < 4 * std::sqrt(paths * odds * (1 - odds)));
    };
    expect(passage.not_exited, inside);
    expect(passage.upper, (1 - inside) / 2);
}

TEST_CASE("The bridge works in any unit of length") {
    const auto exits = [](const std::string& length, const std::string& radius) {
        return *simulate({"model.tau=" + length, "ensemble.x0=" + length, "observe.exit_radius=" + radius,
                          "observe.exit_bridge=true", "integrator.steps=100", "ensemble.paths=1000"})
                    .first_passage;
    };
    const auto small = exits("4.909093465297727e-91", "1.9636373861190906e-90"), large = exits("1.0", "4.0");
    CHECK(small.exited == large.exited);
    CHECK(small.mean_time.estimate.value == large.mean_time.estimate.value);
    CHECK(large.exited < 1000);
}

TEST_CASE("The inverted Ornstein-Uhlenbeck process leaves in the time of Dawson's integral") {
    const auto passage =
        *simulate({"model.a=1", "model.sigma=0", "model.tau=1", "ensemble.x0=0", "observe.exit_radius=1",
                   "observe.exit_bridge=true", "observe.growth=false", "observe.times=[]",
                   "integrator.dt=0.00390625", "integrator.t_end=32", "ensemble.paths=40000"})
             .first_passage;
    CHECK(std::abs(passage.mean_time.estimate.value - 0.73944163) <
          4 * passage.mean_time.estimate.standard_error + 0.002);
    CHECK(std::abs(static_cast<double>(passage.upper) - 20000) < 4 * 100);
}
