// The control variates of growth: what a path has drawn of its first noise, column by column.
#include "engine/paths/noise_sums.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/input/config.hpp"
#include "engine/noise/variates.hpp"
#include "engine/runs/run.hpp"

using namespace noisetrap;

namespace {

struct Sums {
    double sum, squares;
};

/// Over the steps of a path, one variate after the other.
Sums sums_of(const Simulation& s, std::uint64_t path, Law law) {
    Sums sums{0, -static_cast<double>(s.steps)};
    for (std::uint64_t n = 0; n < s.steps; ++n) {
        double z = 0;
        const std::uint64_t parts = law == Law::gaussian ? s.coarsening : 1;
        for (std::uint64_t part = 0; part < parts; ++part)
            z += variate_of<float>(s.seed, Stream::first_noise, path, n * s.coarsening + part, law);
        z /= std::sqrt(static_cast<double>(parts));
        sums.sum += z, sums.squares += z * z;
    }
    return sums;
}

void check_sums(const Simulation& s, Law law) {
    const auto rows = collect(s).ensembles[0];
    REQUIRE(rows.noise_sum.size() == s.paths);
    for (std::uint64_t path = 0; path < s.paths; ++path) {
        const auto exact = sums_of(s, path, law);
        CHECK(rows.noise_sum[path] == Approx(exact.sum).margin(1e-4));
        CHECK(rows.noise_squares[path] == Approx(exact.squares).margin(1e-3));
    }
}

Simulation linear_sde(const std::vector<std::string>& settings = {}) {
    auto all = settings;
    all.insert(all.begin(), {"integrator.steps=203", "ensemble.paths=50", "observe.times=[0.5]"});
    return config_from_text("model.name = 'linear-sde'", "test", all).simulation;
}

}  // namespace

TEST_CASE("A path sums the variates of its first noise and their squares, step by step and in groups") {
    check_sums(linear_sde({"model.tau=0"}), Law::gaussian);
    check_sums(linear_sde(), Law::gaussian);
    check_sums(linear_sde({"model.rho=0.5", "observe.exit_radius=2", "observe.exit_bridge=true"}),
               Law::gaussian);
}

TEST_CASE("Where exits are dated step by step, no variate is summed twice") {
    check_sums(
        config_from_text("model = {name='noisy-saddle', law='uniform', eta_law='gaussian', a=0.5}", "test",
                         {"integrator.steps=203", "ensemble.paths=50", "observe.exit_radius=100"})
            .simulation,
        Law::uniform);
}

TEST_CASE("The noise of a coarse step is the one that is summed") {
    auto s = linear_sde();
    s.coarsening = 4;
    check_sums(s, Law::gaussian);
}

TEST_CASE("Without noise the sums are those of zeros") {
    auto s = config_from_text("model = {name='noisy-saddle', tau=0.0}", "test",
                              {"optimiser.name=gradient-descent", "integrator.steps=9", "ensemble.paths=3"})
                 .simulation;
    const auto rows = collect(s).ensembles[0];
    CHECK(rows.noise_sum == std::vector<double>(3, 0.0));
    CHECK(rows.noise_squares == std::vector<double>(3, -9.0));
}
