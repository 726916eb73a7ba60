// Points that are no zeroed unit: two halves of a unit of a network that has learnt, and chains without curvature.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/networks/chain.hpp"
#include "analysis/networks/escape.hpp"
#include "analysis/networks/fitted.hpp"
#include "analysis/networks/network_landscape.hpp"
#include "engine/error.hpp"
#include "tests/temporary_folder.hpp"

using namespace noisetrap;

static EscapeConfig config_of(std::vector<std::string> settings) {
    return escape_config_from_text("", "test", settings);
}

/// A student of one unit and a half, as `validation/networks/equal-units.toml` has it.
static EscapeConfig halves(std::vector<std::string> settings) {
    settings.insert(settings.begin(),
                    {"data.set='teacher'", "data.noise_seed=18", "network.hidden=[2]", "point.at='fitted'",
                     "point.split_unit=0", "escape.growth_steps=0", "run.precision='double'"});
    return config_of(settings);
}

TEST_CASE("A unit in two halves answers as the whole one, at a critical point") {
    const auto split = halves({});
    const Network whole{{1, 1, 1}, UnitFunction::tanh};
    // Weights to the input are equal, and those to the output halves.
    REQUIRE(split.point.size() == 4);
    CHECK(split.point[0] == split.point[1]);
    CHECK(split.point[2] == split.point[3]);
    const std::vector<double> before{split.point[0], 2 * split.point[2]};
    for (const double x : {-1.5, 0.3, 2.0})
        CHECK(answer_of(split.network, split.point, &x)[0] == Approx(answer_of(whole, before, &x)[0]));
    CHECK(measure_point(split).saddle.gradient_norm < 1e-10);
}

TEST_CASE("A fitted network lies at a minimum") {
    const auto split = halves({});
    const Network whole{{1, 1, 1}, UnitFunction::tanh};
    const auto point = fitted(whole, split.data, 4, 1);
    REQUIRE(point);
    const auto loss_at = [&](double w, double v) {
        double sum = 0;
        for (std::size_t i = 0; i < split.data.samples(); ++i)
            sum += loss_of(whole, {w, v}, split.data.input_of(i), split.data.target_of(i));
        return sum;
    };
    const double w = (*point)[0], v = (*point)[1], here = loss_at(w, v);
    for (const double away : {-1e-3, 1e-3}) {
        CHECK(loss_at(w + away, v) > here);
        CHECK(loss_at(w, v + away) > here);
    }
}

TEST_CASE("A fit of targets in other units is the same in these units") {
    const auto split = halves({});
    const Network whole{{1, 1, 1}, UnitFunction::tanh};
    const auto usual = fitted(whole, split.data, 4, 1);
    REQUIRE(usual);
    for (const double unit : {1e-3, 1e3, 1e5}) {
        CAPTURE(unit);
        auto data = split.data;
        for (double& y : data.target) y *= unit;
        const auto point = fitted(whole, data, 4, 1);
        REQUIRE(point);
        // The signs of both weights may be turned.
        CHECK(std::abs((*point)[0]) == Approx(std::abs((*usual)[0])));
        CHECK((*point)[0] * (*point)[1] == Approx((*usual)[0] * (*usual)[1] * unit));
    }
}

TEST_CASE("A saddle is no minimum") {
    const auto split = halves({});
    const Network whole{{1, 1, 1}, UnitFunction::tanh};
    const NetworkLandscape loss(whole, split.data, 0);
    CHECK_FALSE(is_minimum(loss, {0, 0}));
    CHECK(is_minimum(loss, *fitted(whole, split.data, 4, 1)));
    const NetworkLandscape halved(split.network, split.data, 0);
    CHECK_FALSE(is_minimum(halved, split.point));
}

TEST_CASE("The difference of equal units grows as products of matrices beside the moving point say") {
    // The steps between two distances do not depend on how a path comes to the first. Paths of their own, since of the
    // same ones the two times would not be independent.
    const auto run_to = [](double far, int seed) {
        return escape(halves({"escape.learning_rates=[0.2]", "escape.start=1e-6", "escape.paths=500",
                              fmt::format("escape.far={}", far), fmt::format("escape.seed={}", seed)}));
    };
    const auto near = run_to(1e-5, 1), far = run_to(1e-3, 2);
    CHECK(near.space.vectors == 2);  // of four parameters
    const auto &first = near.runs[0].exit_time, &last = far.runs[0].exit_time;
    REQUIRE(far.runs[0].left == 500);
    const double steps = last.value - first.value, growth = std::log(100.) / steps;
    const double error = growth / steps * std::hypot(first.standard_error, last.standard_error);
    const auto& p = far.measured.predictions[0];
    REQUIRE(p.transverse);
    CHECK(std::abs(growth - p.transverse->rate) < 4 * std::hypot(error, p.transverse->error));
    CHECK(p.axis_rate < 0);  // one axis says trapped
}

TEST_CASE("A split unit needs a smaller network that has it") {
    CHECK_THROWS_WITH(halves({"point.split_unit=1"}), Catch::Contains("and there are units 0 to 0"));
    CHECK_THROWS_WITH(halves({"network.hidden=[1]"}), Catch::Contains("of two units or more"));
    CHECK_THROWS_WITH(config_of({"data.set='teacher'", "network.hidden=[9]", "point.at='fitted'",
                                 "point.starts=1", "data.samples=10", "data.label_noise=100.0"}),
                      Catch::Contains("none of 1 starts ends at a minimum"));
}

/// -E x y of one pixel, which the product of a chain comes to in size.
constexpr double signal = 0.09976774939869813;

/// Weights of `weight` in every layer, on one pixel, until their product is half of what it will be.
static EscapeConfig chain(int layers, double weight, std::vector<std::string> settings) {
    const double root = std::sqrt(layers), half = signal / 2;
    std::string hidden;
    for (int k = 1; k < layers; ++k) hidden += k > 1 ? ",1" : "1";
    settings.insert(
        settings.begin(),
        {"data.inputs=[36]", fmt::format("network.hidden=[{}]", hidden), "network.unit='linear'",
         "measure.way_out='equal'", "escape.any_angle=false", "escape.near=0.0", "escape.growth_steps=0",
         "run.precision='double'", fmt::format("escape.start={}", root * weight),
         fmt::format("escape.far={}", root * std::pow(half, 1.0 / layers))});
    return config_of(settings);
}

TEST_CASE("Gradient descent leaves a deep chain after the known number of steps") {
    // w <- w + l w^(L-1) (a - w^L), l = 0.1, a = 0.0997677..., until w^L >= a/2: counted by another program.
    for (const auto& [layers, weight, steps] : {std::tuple{3, 0.1, 815}, {3, 0.03, 3160}, {4, 0.1, 4925}}) {
        const auto run = escape(chain(layers, weight,
                                      {"escape.batch_sizes=[1797]", "escape.paths=1",
                                       "escape.order='without-replacement'"}))
                             .runs[0];
        CHECK(run.exit_time.value == steps);
        CHECK(*run.predicted_time.value == Approx(steps).epsilon(0.005));
    }
}

TEST_CASE("Noise traps no chain of three layers, and delays it as a walk of log w is delayed") {
    const auto result = escape(chain(3, 0.03, {"escape.learning_rates=[0.1, 0.5]", "escape.paths=1000"}));
    CHECK(result.measured.saddle.flat() == 3);
    for (const auto& run : result.runs) {
        CHECK(run.left == 1000);
        // The walk takes no account of whole steps: 3 %.
        CHECK(std::abs(run.exit_time.value - *run.predicted_time.value) <
              4 * run.exit_time.standard_error + 0.03 * *run.predicted_time.value);
    }
    CHECK(result.runs[0].exit_time.value > 1.05 * 3160);  // what gradient descent takes
}

TEST_CASE(
    "A chain that takes all samples at each step never comes beyond where it rests, and no time is told") {
    const double beyond = std::sqrt(3) * std::cbrt(1.2 * signal);
    const auto run =
        escape(chain(3, 0.03,
                     {"escape.batch_sizes=[1797]", "escape.paths=1", "escape.steps=5000",
                      "escape.order='without-replacement'", fmt::format("escape.far={}", beyond)}))
            .runs[0];
    CHECK(run.left == 0);
    CHECK_FALSE(run.predicted_time.value);
}

TEST_CASE("Noise takes a chain beyond where it would rest, and the farther the later") {
    const auto config = chain(3, 0.1,
                              {"escape.paths=1000", "escape.learning_rates=[0.02]",
                               fmt::format("escape.far={}", std::sqrt(3) * std::cbrt(1.5 * signal))});
    const auto run = escape(config).runs[0];
    CHECK(run.left == 1000);
    CHECK(std::abs(run.exit_time.value - *run.predicted_time.value) <
          4 * run.exit_time.standard_error + 0.03 * *run.predicted_time.value);
    // Where steps are small that takes far longer than to come there.
    double before = 0;
    for (const double share : {1.0, 1.1, 1.5, 3.0}) {
        const double time = chain_exit_time(config.network, config.data, Draws::with_replacement, 5e-4, 1,
                                            0.1, std::cbrt(share * signal));
        CHECK(time > (before == 0 ? 0 : 1.5 * before));
        before = time;
    }
}

/// A chain on one pixel at a point of its own.
static EscapeConfig chain_at(const TemporaryFolder& folder, int layers, const std::string& weights,
                             std::vector<std::string> settings) {
    settings.insert(settings.end(),
                    {"point.at='file'", fmt::format("point.file='{}'", folder.with("point.csv", weights))});
    return chain(layers, 0.1, std::move(settings));
}

TEST_CASE("All parameters alike are no way out where the loss does not fall along them") {
    const TemporaryFolder folder;
    const double rest = std::cbrt(signal);
    CHECK_THROWS_WITH(
        measure_point(chain_at(folder, 3, fmt::format("{0}\n{1}\n{1}\n", -rest, rest), {})),
        Catch::Contains("measure.way_out = 'equal'") && Catch::Contains("no way out of the point"));
}

TEST_CASE("The way out of a chain of twelve layers has the sign with which the loss falls") {
    // A tenth away it falls by 1e-18 of itself. Pixel 36 is darker where digits are odd, and pixel 42 where they are even.
    const double share = 1 / std::sqrt(12);
    CHECK(measure_point(chain(12, 0.1, {"data.inputs=[42]"})).saddle.escape[0] == Approx(share));
    const auto e = measure_point(chain(12, 0.1, {})).saddle.escape;
    CHECK(e[0] == Approx(-share));
    CHECK(e[1] == Approx(share));
}

TEST_CASE("The time of a chain is told from zero alone") {
    const TemporaryFolder folder;
    const auto run =
        escape(chain_at(folder, 4, "0\n0\n0\n0.5\n", {"escape.steps=10", "escape.paths=1"})).runs[0];
    CHECK_FALSE(run.predicted_time.value);
}

TEST_CASE("All parameters alike are taken only where the Hessian does not turn them") {
    const auto with = [](const char* inputs, const char* way_out) {
        return config_of({std::string("data.inputs=") + inputs, "network.unit='linear'",
                          std::string("measure.way_out='") + way_out + "'"});
    };
    CHECK(measure_point(with("[36]", "equal")).noise.a ==
          Approx(measure_point(with("[36]", "steepest")).noise.a));
    CHECK_THROWS_WITH(measure_point(with("[33, 42]", "equal")),
                      Catch::Contains("leads off into other directions"));
}
