// Networks stepped by the engine, beside independent predictions and simulations (NumPy, the same data set).
#include "analysis/networks/escape.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/error.hpp"
#include "engine/input/config.hpp"

using namespace noisetrap;

static EscapeConfig gate(std::vector<std::string> settings) {
    settings.insert(settings.begin(), {"data.inputs=[36]", "escape.growth_steps=0"});
    return escape_config_from_text("", "test", settings);
}

TEST_CASE("The odds of leaving a gate, run to the end, are those that are predicted") {
    // Independent simulations found .9254(19) .7335(31) .4993(35) .2626(31) .1082(22) .0335(13).
    const double critical = .199441369657;
    std::string rates;
    for (const double ratio : {.9, 1., 1.1, 1.25, 1.5, 2.})
        rates += fmt::format("{}{}", rates.empty() ? "" : ", ", ratio * critical);
    const auto result = escape(gate({"escape.learning_rates=[" + rates + "]", "escape.paths=20000",
                                     "escape.growth_steps=200", "escape.growth_paths=5000"}));
    const std::pair<double, double> seen[] = {{.9254, .0019}, {.7335, .0031}, {.4993, .0035},
                                              {.2626, .0031}, {.1082, .0022}, {.0335, .0013}};
    REQUIRE(result.runs.size() == 6);
    CHECK(result.space.vectors == 2);
    for (std::size_t k = 0; k < 6; ++k) {
        const auto& run = result.runs[k];
        CHECK(run.left + run.fell_in == 20000);
        CHECK(std::abs(run.odds.value - seen[k].first) <
              4 * std::hypot(seen[k].second, run.odds.standard_error));
        // What overshoot's mean leaves out is 2 % of the odds.
        CHECK(std::abs(run.odds.value - *run.predicted_odds.value) <
              4 * run.odds.standard_error + .02 * *run.predicted_odds.value);
        CHECK(std::abs(*run.predicted_growth.z) < 4);
    }
}

TEST_CASE("Paths of a network are the same for any slices, threads and chunks", "[bytes]") {
    const auto exits = [](std::vector<std::string> settings) {
        settings.insert(settings.end(), {"escape.learning_rates=[0.25]", "escape.paths=1500"});
        const auto run = escape(gate(settings)).runs[0];
        return std::vector<double>{static_cast<double>(run.left), run.exit_time.value, run.median_exit,
                                   run.survival[10], run.survival[15]};
    };
    const auto usual = exits({});
    CHECK(exits({"run.threads=2", "run.chunk=1024", "run.lanes=32"}) == usual);
    CHECK(exits({"run.lanes=1", "run.instruction_set='portable'"}) == usual);
    CHECK(exits({"network.kind='gates'"}) == usual);
}

TEST_CASE("A recurrent unit leaves its plateau with the odds of one axis") {
    // h <- tanh(.6 h + U x), V = U = 0: its steps are those of one axis, with z = sum of .6^k x[T - k].
    const auto result = escape(escape_config_from_text(
        "", "test",
        {"data.set='sequences'", "network.kind='recurrent'", "point.recurrent_weight=0.6",
         "escape.learning_rates=[0.1, 0.16]", "escape.paths=4000", "escape.start=1e-3", "escape.far=0.3",
         "escape.near=1e-9", "escape.growth_steps=0"}));
    CHECK(result.measured.noise_dimension.value() == Approx(1).epsilon(1e-4));
    CHECK(result.space.vectors == 2);
    for (const auto& run : result.runs) {
        CHECK(run.failed == 0);
        CHECK(std::abs(run.odds.value - *run.predicted_odds.value) <
              4 * run.odds.standard_error + .02 * *run.predicted_odds.value);
    }
}

TEST_CASE(
    "At the second principal component one axis gives the time until a network of 128 parameters leaves") {
    const auto result = escape(escape_config_from_text(
        "", "test",
        {"data.target='inputs'", "network.unit='linear'", "point.at='principal-components'",
         "point.components=[2]", "escape.distance='along'", "escape.start=0", "escape.far=0.1",
         "escape.learning_rates=[0.01]", "escape.paths=2000", "escape.steps=20000"}));
    const auto& run = result.runs[0];
    CHECK(run.left == 2000);
    CHECK(*run.predicted_time.value == Approx(681.5).margin(0.1));
    // An independent run of 1000 paths took 718(18) steps.
    CHECK(std::abs(run.exit_time.value - 718) < 4 * std::hypot(18, run.exit_time.standard_error));
    CHECK(result.no_growth == "samples push paths off the point");
}

TEST_CASE("Where no path falls in there are no odds to predict") {
    const auto run = escape(gate({"escape.near=0", "escape.steps=50", "escape.paths=1000"})).runs[0];
    CHECK(run.fell_in == 0);
    CHECK_FALSE(run.predicted_odds.value);
}

TEST_CASE("What a network cannot be run with is refused in a sentence") {
    CHECK_THROWS_WITH(gate({"escape.order='without-replacement'", "escape.batch_sizes=[1, 2000]"}),
                      Catch::Contains("holds 2000, more than the 1797 samples"));
    CHECK_THROWS_WITH(gate({"run.backend='gpu'"}), Catch::Contains("none of auto, cuda, omp, serial"));
    CHECK_THROWS_WITH(gate({"escape.start=1"}), Catch::Contains("must lie between escape.near"));
    CHECK_THROWS_WITH(gate({"escape.near=1e-30", "escape.start=1e-20"}),
                      Catch::Contains("too small a distance"));
    CHECK_THROWS_WITH(gate({"optimiser.name='svrg'"}), Catch::Contains("none of sgd, annealed"));
    CHECK_THROWS_WITH(gate({"network.kind='gates'", "network.hidden=[2]"}),
                      Catch::Contains("one unit for each input"));
    CHECK_THROWS_WITH(gate({"network.kind='recurrent'", "network.inputs=2"}),
                      Catch::Contains("does not divide the 1 numbers"));
    CHECK_THROWS_WITH(escape(gate({"escape.start=0", "escape.near=0"})),
                      Catch::Contains("no sample pushes a path off"));
    CHECK_THROWS_WITH(escape(gate({"network.unit='relu'"})), Catch::Contains("stands at its kink"));
}

static EscapeConfig config_of_set(const std::string& set) {
    return escape_config_from_text("", "test", {"data.set='" + set + "'", "escape.paths=7"});
}

TEST_CASE("The resolved file of an escape gives the same run again") {
    for (const char* set : {"digits", "sequences", "teacher"}) {
        const auto first = config_of_set(set);
        const auto again = escape_config_from_text(to_toml(first.resolved, false), "resolved", {});
        CHECK(to_toml(again.resolved, false) == to_toml(first.resolved, false));
        CHECK(again.data.target == first.data.target);
    }
}
