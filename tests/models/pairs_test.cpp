// Losses under optimisers, as kernels.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "engine/error.hpp"
#include "engine/input/config.hpp"
#include "engine/runs/plan.hpp"
#include "tests/backends.hpp"

using namespace noisetrap;

namespace {

using Settings = std::vector<std::string>;

Simulation simulation_of(const CatalogueEntry& entry, Settings settings) {
    settings.insert(settings.end(),
                    {"optimiser.name='" + entry.method + "'", "integrator.steps=37", "ensemble.paths=300",
                     "ensemble.x0=0.5", "observe.times=[0, 9, 37]", "observe.exit_radius=3"});
    return config_from_text("model.name = '" + entry.model + "'", "test", settings).simulation;
}

/// Sums over the paths at three times, bit for bit.
std::vector<std::uint64_t> bits(const CatalogueEntry& entry, const Settings& settings) {
    const auto summary = run(simulation_of(entry, settings)).ensembles[0];
    std::vector<std::uint64_t> all = {summary.passage.upper, summary.passage.lower};
    const auto add = [&](const Moments& m) {
        for (const double x : {m.mean, m.m2, m.m3}) {
            std::uint64_t word = 0;
            std::memcpy(&word, &x, sizeof x);
            all.push_back(word);
        }
        all.push_back(m.count);
    };
    for (const auto& at : summary.times) add(at.value.moments), add(at.log_abs.moments);
    add(summary.log_growth.moments);
    add(summary.passage.restricted);
    return all;
}

/// Every optimiser on one loss, and every loss under one optimiser: each struct that a kernel is made of.
std::vector<const CatalogueEntry*> each_loss_and_optimiser() {
    std::vector<const CatalogueEntry*> found;
    for (const auto& entry : catalogue())
        if (entry.formulation == Formulation::recursion &&
            (entry.model == "noisy-saddle" || entry.method == "adam"))
            found.push_back(&entry);
    return found;
}

/// Their kernels under each of these settings, compiled side by side instead of one after the other.
void prepare_each(const std::vector<Settings>& variants) {
    std::vector<Simulation> simulations;
    for (const auto* entry : each_loss_and_optimiser())
        for (const auto& settings : variants) simulations.push_back(simulation_of(*entry, settings));
    prepare(simulations);
}

}  // namespace

TEMPLATE_TEST_CASE("Every optimiser gives the bytes of the plainest run on every loss", "[bytes]", Serial,
                   Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    const Settings plainest = {"run.backend=serial", "run.lanes=1", "run.instruction_set=portable"};
    const Settings own = {std::string("run.backend=") + TestType::name};
    prepare_each({plainest, own});
    for (const auto* entry : each_loss_and_optimiser()) {
        INFO(entry->method << " on " << entry->model);
        CHECK(bits(*entry, plainest) == bits(*entry, own));
    }
}

TEST_CASE("Threads, lanes, chunks and instruction sets leave every optimiser's bytes alone", "[bytes]") {
    // The portable kernel of one lane is the one that the test before has compiled.
    std::vector<Settings> sets = {{"run.instruction_set=portable", "run.lanes=1"}};
    for (int level = 1; level <= static_cast<int>(best_instruction_set()); ++level)
        sets.push_back({std::string("run.instruction_set=") + instruction_set_names[level]});
    prepare_each(sets);
    for (const auto* entry : each_loss_and_optimiser()) {
        INFO(entry->method << " on " << entry->model);
        const auto plain = bits(*entry, {});
        for (const std::string setting : {"run.threads=1", "run.threads=3", "run.lanes=16", "run.lanes=64"})
            CHECK(plain == bits(*entry, {setting}));
        for (const auto& set : sets) CHECK(plain == bits(*entry, set));
    }
}

TEST_CASE("A learning rate that is lowered by a factor of 1 leaves the bytes of sgd alone", "[bytes]") {
    const auto* sgd = find_entry("noisy-saddle", "sgd");
    const auto* annealed = find_entry("noisy-saddle", "annealed");
    for (const std::string law : {"gaussian", "two-point"}) {
        const std::vector<std::string> model = {"model.law=" + law, "model.rho=0.4", "model.tau=0.1"};
        auto schedule = model;
        schedule.insert(schedule.end(), {"optimiser.schedule=step", "optimiser.factor=1"});
        CHECK(bits(*sgd, model) == bits(*annealed, schedule));
    }
}

TEST_CASE("A schedule counts every step, in whole groups and one by one") {
    double exact = 0;
    for (int n = 0; n < 11; ++n) exact += std::log(1 + 0.5 / (1 + n));
    for (const std::string times : {"[]", "[1, 2, 3, 5, 6, 10, 11]"}) {
        const auto config = config_from_text(
            "model.name = 'noisy-saddle'\noptimiser.name = 'annealed'", "test",
            {"model.a=0.5", "model.sigma=0", "model.tau=0", "optimiser.schedule=inverse",
             "optimiser.horizon=1", "integrator.steps=11", "ensemble.paths=16", "observe.times=" + times});
        CHECK(run(config.simulation).ensembles[0].log_growth.moments.mean == Approx(exact));
    }
}

TEST_CASE("Axes of an octopus that wait beyond the range of a double come back at their step") {
    const auto octopus = [](const std::string& dimension, const std::string& precision) {
        return run(config_from_text("model.name = 'octopus'\noptimiser.name = 'gradient-descent'", "test",
                                    {"model.dimension=" + dimension, "optimiser.learning_rate=0.25",
                                     "run.precision='" + precision + "'", "ensemble.x0=0.5",
                                     "ensemble.paths=16", "integrator.steps=10000", "observe.growth=false",
                                     "observe.exit_radius=5.43656365691809"})
                       .simulation)
            .ensembles[0]
            .passage;
    };
    for (const std::string precision : {"double", "single"}) {
        CHECK(octopus("7", precision).steps.moments.mean == 3483);
        CHECK(octopus("8", precision).steps.moments.mean == 9443);
        CHECK(octopus("8", precision).upper == 16);
    }
}

TEST_CASE("A learning rate of 0 leaves every path where it starts") {
    for (const auto* entry : each_loss_and_optimiser()) {
        INFO(entry->method << " on " << entry->model);
        Settings settings = {"optimiser.learning_rate=0"};
        if (entry->method == "perturbed") settings.push_back("optimiser.radius=0");
        const auto summary = run(simulation_of(*entry, settings));
        const auto& x = summary.ensembles[0].times.back().value.moments;
        CHECK((x.count == 300 && x.mean == 0.5 && x.m2 == 0));
    }
}
