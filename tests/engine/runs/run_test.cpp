// The promise of the project: the same configuration and seed give the same bytes, however the run is
// organised.
#include "engine/runs/run.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/growth/growth.hpp"
#include "engine/error.hpp"
#include "engine/input/config.hpp"
#include "engine/noise/streams.hpp"
#include "engine/runs/plan.hpp"
#include "tests/backends.hpp"
#include "tests/engine/runs/summary_bits.hpp"

using namespace noisetrap;

static std::vector<std::uint64_t> bits(const std::string& toml, const std::vector<std::string>& settings) {
    return bits(run(config_from_text(toml, "test", settings).simulation).ensembles[0]);
}

static const std::string problems[] = {
    "[model]\nname='linear-sde'\nrho=0.5\n[integrator]\nsteps=203\n[ensemble]\npaths=5000\n"
    "[observe]\ntimes=[0.0, 0.515625, 3.0]\ncdf_at=[-1, 0, 1]\nexit_radius=2\nexit_bridge=true\n",
    "[model]\nname='linear-sde'\ntau=0.0\n[integrator]\nscheme='milstein'\nsteps=300\n[ensemble]\npaths="
    "3001\n",
    "[model]\nname='noisy-saddle'\nlaw='two-point'\nrho=-0.4\n[integrator]\nsteps=401\n[ensemble]\npaths="
    "4100\n",
    "[model]\nname='noisy-saddle'\nlaw='uniform'\neta_law='gaussian'\na=0.5\n[integrator]\nsteps=3000\n["
    "ensemble]\npaths=1500\n"
    "[observe]\nexit_radius=100\n",
    "[model]\nname='linear-sde'\nrho=0.5\n[integrator]\nscheme='splitting'\nsteps=301\n[ensemble]\npaths="
    "2500\n",
    "[model]\nname='quartic-well'\nzeta=1.6\n[integrator]\nscheme='splitting'\nsteps=301\n[ensemble]\n"
    "paths=2500\nx0=0.0\nx0_deviation=2.0\n",
    "[model]\nname='quartic-well'\nzeta=2.5\n[integrator]\nscheme='milstein'\nsteps=150\n[ensemble]\npaths="
    "1500\n",
    "[model]\nname='piecewise-linear-sde'\n[integrator]\nsteps=201\n[ensemble]\npaths=1500\n"
    "[observe]\nexit_radius=2\nexit_bridge=true\n",
    // Paths that have left, and then overflow: the first exit counts.
    "[model]\nname='quartic-well'\nzeta=3.0\n[integrator]\ndt=0.25\nsteps=301\n[ensemble]\npaths=1500\n"
    "[observe]\ntimes=[]\nexit_radius=2\ngrowth=false\n",
    // Paths that have left end early, and others take their lanes.
    "[model]\nname='linear-sde'\n[integrator]\nsteps=2001\n[ensemble]\npaths=5000\n"
    "[observe]\ntimes=[1.0]\nexit_radius=5\ngrowth=false\n",
    "[model]\nname='linear-sde'\ntau=0.0\n[integrator]\nsteps=2001\n[ensemble]\npaths=3000\n"
    "[observe]\ntimes=[]\nexit_radius=1.5\nexit_bridge=true\ngrowth=false\n",
    "[model]\nname='noisy-saddle'\nlaw='two-point'\n[optimiser]\nname='momentum'\n[integrator]\nsteps=701\n"
    "[ensemble]\npaths=3000\n[observe]\ntimes=[]\nexit_radius=30\ngrowth=false\n",
    "[model]\nname='noisy-saddle'\na=0.2\n[optimiser]\nname='momentum'\n[integrator]\nsteps=3001\n"
    "[ensemble]\npaths=1100\n",
};

using Settings = std::vector<std::string>;

/// A problem in one precision.
struct Asked {
    std::string problem, precision;
};

/// Every problem in mixed precision, and in the others one of each kind: bridges, a recursion with two laws, a splitting,
/// optimisers that remember.
static std::vector<Asked> asked() {
    std::vector<Asked> all;
    for (const auto& problem : problems) all.push_back({problem, "run.precision=mixed"});
    for (const std::size_t kind : {0u, 3u, 5u, 12u})
        for (const std::string precision : {"run.precision=double", "run.precision=single"})
            all.push_back({problems[kind], precision});
    return all;
}

/// Their kernels under the settings that each is run with, compiled side by side instead of one after the other.
template <class SettingsOf>
static void prepare_all(const SettingsOf& settings_of) {
    std::vector<Simulation> simulations;
    for (const auto& [problem, precision] : asked())
        for (const auto& settings : settings_of(precision))
            simulations.push_back(config_from_text(problem, "test", settings).simulation);
    prepare(simulations);
}

TEMPLATE_TEST_CASE("Every backend gives the bytes of the plainest run", "[bytes]", Serial, Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    const auto plainest_and_own = [](const std::string& precision) {
        return std::vector<Settings>{
            {precision, "run.backend=serial", "run.lanes=1", "run.instruction_set=portable"},
            {precision, std::string("run.backend=") + TestType::name}};
    };
    prepare_all(plainest_and_own);
    for (const auto& [problem, precision] : asked()) {
        const auto settings = plainest_and_own(precision);
        CHECK(bits(problem, settings[0]) == bits(problem, settings[1]));
    }
}

TEST_CASE("Threads, lanes and chunks leave the bytes alone", "[bytes]") {
    for (const auto& problem : problems) {
        const auto plain = bits(problem, {"run.backend=serial", "run.lanes=1"});
        for (const std::string setting :
             {"run.threads=1", "run.threads=2", "run.threads=3", "run.lanes=16", "run.lanes=64",
              "run.chunk=1024", "run.chunk=2048", "run.chunk=1000000"})
            CHECK(plain == bits(problem, {"run.backend=omp", setting}));
    }
}

/// Every instruction set in mixed precision; in the others those with vectors, since the test of backends has compared
/// the portable kernels with theirs.
static std::vector<Settings> instruction_sets(const std::string& precision) {
    std::vector<Settings> variants;
    for (int level = precision == "run.precision=mixed" ? 0 : 1;
         level <= static_cast<int>(best_instruction_set()); ++level)
        variants.push_back(
            {precision, std::string("run.instruction_set=") + instruction_set_names[level], "run.lanes=48"});
    return variants;
}

TEST_CASE("Instruction sets leave the bytes alone in every precision", "[bytes]") {
    prepare_all(instruction_sets);
    for (const auto& [problem, precision] : asked()) {
        const auto chosen = bits(problem, {precision});
        for (const auto& variant : instruction_sets(precision)) CHECK(chosen == bits(problem, variant));
    }
}

TEST_CASE("Steps are counted up to each exit, however the run is organised", "[bytes]") {
    const std::string problem =
        "[model]\nname='linear-sde'\n[integrator]\nsteps=1280\n[ensemble]\npaths=3000\n"
        "[observe]\ntimes=[]\nexit_radius=5\ngrowth=false\n";
    const auto result = [&](const std::string& setting) {
        return run(config_from_text(problem, "test", {setting}).simulation);
    };
    const auto plain = result("run.threads=1");
    const auto& taken = plain.ensembles[0].passage.restricted;  // min(exit step, last step)
    CHECK(static_cast<double>(plain.facts.path_steps) ==
          Approx(taken.mean * static_cast<double>(taken.count)).epsilon(1e-12));
    for (const std::string setting : {"run.lanes=16", "run.lanes=1", "run.threads=2", "run.chunk=1024"})
        CHECK(result(setting).facts.path_steps == plain.facts.path_steps);
}

TEST_CASE("Another seed gives other bytes", "[bytes]") {
    CHECK(bits(problems[0], {"ensemble.seed=1"}) != bits(problems[0], {"ensemble.seed=2"}));
}

TEST_CASE("Ensembles of one launch are independent, and each is what it is alone in its place") {
    auto simulation = config_from_text(problems[0], "test", {}).simulation;
    simulation.paths = 700;
    const auto model = simulation.ensembles[0];
    auto linear = model;
    linear["tau"] = 0.0;  // other features: another batch
    simulation.ensembles = {model, model, linear, model};
    const auto all = run(simulation).ensembles;
    CHECK(bits(all[0]) != bits(all[1]));
    simulation.run.chunk = 1024;
    const auto chunked = run(simulation).ensembles;
    for (std::size_t g = 0; g < all.size(); ++g) CHECK(bits(all[g]) == bits(chunked[g]));
}

TEST_CASE("Any path can be replayed alone") {
    const auto config = config_from_text(problems[0], "test", {"ensemble.paths=100"});
    auto simulation = config.simulation;
    simulation.observe.exit = ExitWatch::none;
    double sum = 0;
    for (std::uint64_t path = 0; path < 100; ++path) sum += replay(simulation, 0, path, {203})[0];
    simulation.observe.steps = {203};
    simulation.observe.bin_edges.clear();
    CHECK(run(simulation).ensembles[0].times[0].value.moments.mean == Approx(sum / 100).epsilon(1e-14));
}

TEST_CASE("A million steps neither overflow nor fall into a false trap") {
    for (const double a : {1.5, -0.6}) {
        for (const std::string precision : {"run.precision=mixed", "run.precision=single"}) {
            const auto config = config_from_text(
                "model.name = 'noisy-saddle'\nmodel.sigma = 0.05\nmodel.tau = 0.0", "test",
                {"model.a=" + std::to_string(a), "integrator.steps=1000000", "ensemble.paths=64", precision});
            const auto summary = run(config.simulation).ensembles[0];
            const auto growth = summary.log_growth.moments.mean_estimate();
            const double steps = 1e6, exact = mean_log_abs(Law::gaussian, 1 + a, 0.05);
            CHECK(summary.log_growth.moments.count == 64);
            // float32 rounds each step by up to 2^-24 of x: a drift of the log below that
            const double rounding = precision == "run.precision=single" ? 6e-8 : 0;
            CHECK(std::abs(growth.value / steps - exact) < 4 * growth.standard_error / steps + rounding);
            CHECK(summary.times[0].log_abs.moments.mean == Approx(growth.value));
        }
    }
}

TEST_CASE("Steps may grow or shrink by as much as renormalisation promises") {
    // Without noise log|x| is a sum of equal terms. Factors of 2^10 in float32; of 10^12 and 10^-12 in float64, the
    // largest that parameters make, far below the 2^95 that would do.
    const auto growth = [](const std::string& a, const std::string& rate, const std::string& precision) {
        const auto config =
            config_from_text("model.name = 'noisy-saddle'\nmodel.sigma = 0.0\nmodel.tau = 0.0", "test",
                             {"model.a=" + a, "optimiser.learning_rate=" + rate, "integrator.steps=1000",
                              "ensemble.paths=16", "run.precision=" + precision});
        return run(config.simulation).ensembles[0].log_growth.moments.mean / 1000;
    };
    CHECK(growth("1023.0", "1.0", "single") == Approx(std::log(1024)));
    CHECK(growth("1e6", "1e6", "mixed") == Approx(std::log(1e12)));
    CHECK(growth("-0.999999999999", "1.0", "mixed") == Approx(std::log(1 - 0.999999999999)));
}

TEST_CASE("With additive noise, x returns from far outside the range of a double") {
    // Growth first (a > 0), so that x is renormalised; the linear flow and x then agree in their logarithm.
    const auto config =
        config_from_text("model.name = 'noisy-saddle'\nmodel.a = 1.0\nmodel.sigma = 0.5\nmodel.tau = 0.1",
                         "test", {"integrator.steps=5000", "ensemble.paths=128"});
    const auto summary = run(config.simulation).ensembles[0];
    CHECK(summary.times[0].log_abs.moments.mean == Approx(summary.log_growth.moments.mean).epsilon(1e-3));
    CHECK(summary.times[0].value.plus_infinite + summary.times[0].value.minus_infinite == 128);
    CHECK(summary.times[0].log_abs.not_a_number == 0);
}

TEST_CASE("A path at zero is counted, not averaged") {
    // 1 + a = sigma: half of the steps lead to x = 0 exactly.
    const auto config = config_from_text(
        "model.name = 'noisy-saddle'\nmodel.a = 0.0\nmodel.sigma = 1.0\nmodel.tau = 0.0\nmodel.law = "
        "'two-point'",
        "test", {"integrator.steps=1", "ensemble.paths=4096"});
    const auto summary = run(config.simulation).ensembles[0];
    const auto& at = summary.times[0];
    CHECK(at.log_abs.minus_infinite + at.log_abs.moments.count == 4096);
    CHECK(std::abs(static_cast<double>(at.log_abs.minus_infinite) - 2048) < 4 * 32);
}

TEST_CASE("A failed path is counted and never averaged") {
    // Factors of 10^5 a step over 8 steps leave the range of a float before they are renormalised.
    const auto config =
        config_from_text("model.name = 'noisy-saddle'\nmodel.a = 1e6\nmodel.sigma = 0.1\nmodel.tau = 0.0",
                         "test", {"integrator.steps=64", "ensemble.paths=100", "run.precision=single"});
    const auto summary = run(config.simulation).ensembles[0];
    const auto& at = summary.times[0];
    CHECK(at.log_abs.not_a_number == 100);
    CHECK(at.value.moments.count == 0);
}

TEST_CASE("Where a path starts says nothing about its noise") {
    const auto config = config_from_text(
        "model.name = 'linear-sde'\nmodel.a = 0.0\nmodel.sigma = 0.0\nmodel.tau = 1.0\nmodel.rho = 1.0",
        "test",
        {"integrator.dt=1.0", "integrator.steps=4", "ensemble.paths=40000", "ensemble.x0=0.0",
         "ensemble.x0_deviation=1.0", "observe.times=[0.0, 1.0, 2.0, 3.0, 4.0]"});
    const auto x = collect(config.simulation).ensembles[0].value;
    for (std::size_t n = 1; n < x.size(); ++n) {
        double sum = 0;
        for (std::size_t path = 0; path < x[n].size(); ++path)
            sum += x[0][path] * (x[n][path] - x[n - 1][path]);
        CHECK(std::abs(sum) < 4 * std::sqrt(static_cast<double>(x[n].size())));
    }
}

TEST_CASE("Seeds that would share their keys with other streams are refused") {
    auto simulation =
        config_from_text("model.name = 'linear-sde'", "test", {"integrator.steps=1"}).simulation;
    simulation.seed = seed_limit - 1;
    CHECK_NOTHROW(run(simulation));
    simulation.seed = seed_limit;
    CHECK_THROWS_AS(run(simulation), InputError);
}

TEST_CASE("A request to stop ends its own run and no other") {
    auto simulation = config_from_text("model.name = 'linear-sde'", "test",
                                       {"integrator.steps=100000000", "ensemble.paths=64"})
                          .simulation;
    StopSource owner, other;
    simulation.run.stop = owner.token();
    owner.request_stop();
    CHECK_THROWS_AS(run(simulation), Interrupted);
    simulation.run.stop = other.token();
    simulation.steps = 1;
    simulation.observe.steps = {1};
    CHECK_NOTHROW(run(simulation));
}

namespace {

/// Every state that a run keeps between its chunks.
std::vector<RunState> states_of(const Simulation& simulation) {
    std::vector<RunState> states;
    run(simulation, {}, {}, [&](const RunPosition& at, const std::vector<EnsembleSummary>& ensembles, bool) {
        states.push_back({at, ensembles});
    });
    return states;
}

std::vector<std::uint64_t> bits_of_all(const std::vector<EnsembleSummary>& ensembles) {
    std::vector<std::uint64_t> all;
    for (const auto& ensemble : ensembles)
        for (const auto word : bits(ensemble)) all.push_back(word);
    return all;
}

}  // namespace

TEST_CASE("A run goes on from wherever it was cut off and ends with the same bytes") {
    for (const auto& problem : problems) {
        auto simulation = config_from_text(problem, "test", {"run.chunk=1024"}).simulation;
        for (const double a : {0.02, 0.04}) {
            simulation.ensembles.push_back(simulation.ensembles.front());
            simulation.ensembles.back()["a"] = a;
        }
        const auto whole = run(simulation);
        for (auto& state : states_of(simulation)) {
            for (const std::uint64_t chunk : {1024, 2048, 1 << 16}) {
                simulation.run.chunk = chunk;
                const auto rest = run(simulation, {}, state);
                CHECK(bits_of_all(rest.ensembles) == bits_of_all(whole.ensembles));
                CHECK(rest.facts.path_steps == whole.facts.path_steps);
            }
        }
    }
}

TEST_CASE("An interrupted run shows what it has finished before it leaves") {
    auto simulation = config_from_text(problems[0], "test", {"run.chunk=1024"}).simulation;
    const auto states = states_of(simulation);
    StopSource source;
    simulation.run.stop = source.token();
    RunState left;
    const auto look_on = [&](const RunPosition& at, const std::vector<EnsembleSummary>& ensembles,
                             bool leaving) {
        if (at.path == 2048) source.request_stop();
        if (leaving) left = {at, ensembles};
    };
    CHECK_THROWS_AS(run(simulation, {}, {}, look_on), Interrupted);
    CHECK(left.at.path == 2048);
    CHECK(bits_of_all(left.ensembles) == bits_of_all(states[1].ensembles));
}
