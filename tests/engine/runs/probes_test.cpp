// Columns that see every step: the largest |x| and the time inside a radius, against whole paths.
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/input/config.hpp"
#include "engine/runs/run.hpp"
#include "tests/backends.hpp"

using namespace noisetrap;

namespace {

Simulation watching(const std::string& model, std::vector<std::string> settings) {
    settings.insert(settings.end(), {"ensemble.paths=70", "integrator.steps=150", "observe.largest=[1.5]",
                                     "observe.inside=0.8"});
    return config_from_text("model.name = '" + model + "'", "test", settings).simulation;
}

/// The same paths with x observed at every step.
CollectedRun whole(Simulation s) {
    s.observe.largest_beyond.clear();
    s.observe.inside_radius = 0;
    s.observe.steps.clear();
    for (std::uint64_t n = 0; n <= s.steps; ++n) s.observe.steps.push_back(n);
    return collect(s);
}

void check_against_whole_paths(const Simulation& s) {
    const auto seen = collect(s).ensembles[0];
    const auto paths = whole(s).ensembles[0];
    for (std::size_t path = 0; path < s.paths; ++path) {
        double largest = -std::numeric_limits<double>::infinity();
        double steps_inside = 0;
        for (std::size_t n = 0; n <= s.steps; ++n) {
            largest = std::max(largest, paths.log_abs[n][path]);
            steps_inside += n > 0 && paths.log_abs[n][path] < std::log(s.observe.inside_radius);
        }
        INFO("path " << path);
        CHECK(seen.log_largest[path] == Approx(largest).margin(1e-12));
        CHECK(seen.steps_inside[path] == steps_inside);
    }
}

}  // namespace

TEMPLATE_TEST_CASE("The largest |x| and the steps inside a radius are those of whole paths", "[probes]",
                   Serial, Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    const std::string backend = std::string("run.backend=") + TestType::name;
    check_against_whole_paths(watching("linear-sde", {backend}));
    check_against_whole_paths(
        watching("linear-sde", {backend, "observe.exit_radius=2", "observe.growth=false"}));
    check_against_whole_paths(watching("noisy-saddle", {backend, "optimiser.name=momentum", "model.tau=0"}));
}

TEST_CASE("The largest |x| is kept while a path sinks by more than the range of a double", "[probes]") {
    auto s = watching("quartic-well", {"model.mu=-50", "ensemble.x0=1.25"});
    s.steps = 4000;
    s.observe.steps = {4000};
    const auto rows = collect(s).ensembles[0];
    for (std::size_t path = 0; path < s.paths; ++path) {
        CHECK(rows.log_abs[0][path] < -2000);
        CHECK(rows.log_largest[path] >= std::log(1.25) - 1e-12);
        CHECK(rows.log_largest[path] < std::log(3.0));
    }
}

TEST_CASE("Odds of the largest |x| are those of having left the radius", "[probes]") {
    auto s = watching("linear-sde", {"observe.exit_radius=1.5"});
    s.paths = 3000;
    const auto summary = run(s).ensembles[0];
    const auto beyond = summary.log_largest.bins[0].counts.back();
    CHECK(beyond == summary.passage.upper + summary.passage.lower);
}
