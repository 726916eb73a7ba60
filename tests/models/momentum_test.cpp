// The heavy ball v <- m v + l ((a + xi) x + eta), x <- x + v, whose state is two numbers.
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/input/config.hpp"
#include "models/noisy_saddle.hpp"
#include "models/optimised.hpp"
#include "models/optimisers.hpp"
#include "tests/backends.hpp"

using namespace noisetrap;

static EnsembleSummary simulate(std::vector<std::string> settings, const std::string& backend) {
    settings.insert(settings.end(), {"optimiser.name='momentum'", "run.backend=" + backend});
    return run(config_from_text("model.name = 'noisy-saddle'", "test", settings).simulation).ensembles[0];
}

TEST_CASE("One step with momentum is the formula") {
    const NoisySaddle saddle{0.2, 0.5, 0.3, 0.0, Law::gaussian, Law::gaussian};
    const Optimised<NoisySaddleLoss<double>, Momentum, double> process{saddle.loss<double>(), {0.1, 0.9}};
    const double v = 0.9 * 0.4 + 0.1 * ((0.2 + 0.5 * 1.5) * 2 + 0.3 * -0.7);
    const auto next = process.step(State<double, 2>{{2.0, 0.4}}, 1.0, 0, Draw<double, 2>{{1.5, -0.7}});
    CHECK(next.at[0] == Approx(2 + v));
    CHECK(next.at[1] == Approx(v));
}

TEMPLATE_TEST_CASE("Without noise momentum follows the powers of its matrix", "", Serial, Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    const double a = 0.02, m = 0.9, l = 0.5;
    double x = 1, v = 0;
    for (int n = 0; n < 400; ++n) v = m * v + l * a * x, x += v;
    const auto s = simulate({"model.a=0.02", "model.sigma=0", "model.tau=0", "optimiser.learning_rate=0.5",
                             "integrator.steps=400", "ensemble.paths=10"},
                            TestType::name);
    CHECK(s.times[0].value.moments.mean == Approx(x).epsilon(1e-12));
    // The linearised flow is the same power: its growth is log of the numbers' own.
    CHECK(s.log_growth.moments.mean == Approx(std::log(x)).epsilon(1e-12));
}

TEMPLATE_TEST_CASE("With momentum mean squares follow their exact recursion", "", Serial, Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    const double a = 0.01, sigma = 0.05, tau = 0.1, m = 0.8;
    double xx = 1, xv = 0, vv = 0;  // E x^2, E x v, E v^2
    for (int n = 0; n < 100; ++n) {
        const double x_next_v = m * xv + a * xx;
        vv = m * m * vv + 2 * m * a * xv + (a * a + sigma * sigma) * xx + tau * tau;
        xx += 2 * x_next_v + vv;
        xv = x_next_v + vv;
    }
    const auto s = simulate({"model.a=0.01", "model.sigma=0.05", "model.tau=0.1", "optimiser.momentum=0.8",
                             "integrator.steps=100", "ensemble.paths=100000"},
                            TestType::name);
    const auto& moments = s.times[0].value.moments;
    const auto n = static_cast<double>(moments.count);
    const double mean_square = moments.m2 / n + moments.mean * moments.mean;
    // The standard error of a mean square, from the fourth moment about the mean (here small beside the
    // spread).
    const double error = std::sqrt((moments.m4 / n - std::pow(moments.m2 / n, 2)) / n) +
                         2 * std::abs(moments.mean) * std::sqrt(moments.m2 / n / n);
    CHECK(std::abs(mean_square - xx) < 4 * error);
}

TEST_CASE("Momentum 0 is plain gradient descent") {
    const std::vector<std::string> settings = {"integrator.steps=300", "ensemble.paths=500"};
    auto plain = settings;
    plain.push_back("optimiser.name='sgd'");
    auto heavy = settings;
    heavy.insert(heavy.end(), {"optimiser.name='momentum'", "optimiser.momentum=0"});
    const auto mean = [](const std::vector<std::string>& with) {
        const auto simulation = config_from_text("model.name = 'noisy-saddle'", "test", with).simulation;
        return run(simulation).ensembles[0].times[0].log_abs.moments.mean;
    };
    CHECK(mean(heavy) == Approx(mean(plain)).epsilon(1e-10));
}
