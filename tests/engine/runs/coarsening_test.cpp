// Coarse time steps along the Brownian path of a finer run; rows kept as they are.
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/error.hpp"
#include "engine/noise/variates.hpp"
#include "engine/runs/run.hpp"
#include "tests/backends.hpp"

using namespace noisetrap;

static Simulation walk(const char* scheme, std::uint64_t steps, double dt) {
    Simulation s;
    s.entry = find_entry("linear-sde", scheme);
    s.ensembles = {{{"a", 0.0}, {"sigma", 0.0}, {"tau", 1.0}, {"rho", 0.0}}};
    s.dt = dt;
    s.steps = steps;
    s.paths = 300;
    s.x0 = 0;
    s.observe.steps = {steps};
    return s;
}

/// Pure diffusion ends at tau times the Brownian path, whatever the step.
TEMPLATE_TEST_CASE("Coarse steps follow the Brownian path of the fine ones", "", Serial, Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    for (const char* precision : {"mixed", "double"}) {
        auto fine = walk("euler-maruyama", 64, 1.0 / 64);
        fine.run.backend = TestType::name;
        fine.run.precision = precision == std::string("mixed") ? Precision::mixed : Precision::double_;
        const auto exact = collect(fine).ensembles[0].value[0];
        for (const std::uint64_t factor : {2u, 4u, 8u, 16u, 64u}) {
            auto coarse = fine;
            coarse.coarsening = factor;
            coarse.steps /= factor;
            coarse.dt *= static_cast<double>(factor);
            coarse.observe.steps = {coarse.steps};
            const auto ends = collect(coarse).ensembles[0].value[0];
            for (std::size_t p = 0; p < ends.size(); ++p) CHECK(ends[p] == Approx(exact[p]).margin(2e-5));
        }
    }
}

TEST_CASE("Coarse steps of other laws take the first of the fine steps' variates") {
    Simulation s;
    s.entry = find_entry("noisy-saddle", "sgd");
    s.ensembles = {{{"a", 0.0}, {"sigma", 0.5}, {"tau", 0.0}, {"law", std::string("two-point")}}};
    s.steps = 3;
    s.paths = 10;
    s.coarsening = 4;
    s.observe.steps = {3};
    const auto ends = collect(s).ensembles[0].value[0];
    for (std::uint64_t path = 0; path < s.paths; ++path) {
        double x = 1;
        for (std::uint64_t n = 0; n < 3; ++n)
            x *= 1 + 0.5 * variate_of<float>(s.seed, Stream::first_noise, path, 4 * n, Law::two_point);
        CHECK(ends[path] == x);
    }
}

TEST_CASE("Coarsening is by powers of two") {
    auto s = walk("euler-maruyama", 6, 1);
    s.coarsening = 3;
    CHECK_THROWS_AS(run(s), InputError);
}

TEST_CASE("Collected rows are those that summaries are made of, for any threads, chunks and lanes") {
    auto s = walk("splitting", 40, 1.0 / 16);
    s.ensembles = {{{"a", 0.2}, {"sigma", 1.0}, {"tau", 0.5}, {"rho", 0.3}}, {{"a", -0.2}}};
    s.paths = 3000;
    s.observe.steps = {10, 40};
    const auto summary = run(s).ensembles;
    const auto rows = collect(s).ensembles;
    for (std::size_t g = 0; g < 2; ++g)
        for (std::size_t i = 0; i < 2; ++i) {
            CHECK(rows[g].value[i].size() == s.paths);
            CHECK(Moments::of(rows[g].value[i]).mean == Approx(summary[g].times[i].value.moments.mean));
        }
    for (const int lanes : {1, 16, 48})
        for (const std::uint64_t chunk : {1024u, 2048u}) {
            auto other = s;
            other.run.lanes = lanes;
            other.run.chunk = chunk;
            other.run.threads = chunk == 1024 ? 1 : 2;
            const auto same = collect(other).ensembles;
            CHECK(same[1].value == rows[1].value);
            CHECK(same[0].log_growth == rows[0].log_growth);
        }
}
