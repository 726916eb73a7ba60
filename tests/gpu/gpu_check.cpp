// Does a GPU give the bytes of the CPU, and how fast? Exit status 0: all bytes agree; 1: some differ; 77: no device.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "engine/runs/backend.hpp"
#include "engine/runs/run.hpp"

using namespace noisetrap;

namespace {

struct Problem {
    std::string name;
    Simulation simulation;
};

Simulation simulation(const char* model, const char* method, ParameterValues parameters, double dt) {
    Simulation s;
    s.entry = find_entry(model, method);
    s.ensembles = {parameters, parameters};
    s.dt = dt;
    s.steps = 203;
    s.paths = 3001;
    s.observe.steps = {0, 50, 203};
    s.observe.bin_edges = {{-1, 0, 1}};
    return s;
}

std::vector<Problem> problems() {
    const ParameterValues saddle = {{"a", 0.3}, {"sigma", 1.0}, {"tau", 0.5}, {"rho", 0.5}};
    auto linear = saddle, mixture = saddle;
    linear["tau"] = 0.0;
    mixture.insert({{"law", "two-point"}, {"eta_law", "two-point"}});
    auto bridge = simulation("linear-sde", "euler-maruyama", saddle, 1.0 / 64);
    bridge.observe.exit = ExitWatch::with_bridge;
    bridge.observe.exit_radius = 2;
    bridge.observe.growth = false;
    auto passage = bridge;  // paths end early
    passage.observe.exit = ExitWatch::at_steps;
    passage.observe.steps = {50};
    auto coarse = simulation("linear-sde", "euler-maruyama", saddle, 1.0 / 64);
    coarse.coarsening = 4;
    auto well = simulation("quartic-well", "splitting", {{"mu", 1.5}, {"zeta", 2.5}}, 1.0 / 64);
    well.x0_deviation = 2;
    std::vector<Problem> all = {
        {"Euler-Maruyama, the noise of four steps at a time", coarse},
        {"Splitting, two noises", simulation("linear-sde", "splitting", saddle, 1.0 / 64)},
        {"Splitting, quartic well, random starts", well},
        {"Euler-Maruyama, two noises", simulation("linear-sde", "euler-maruyama", saddle, 1.0 / 64)},
        {"Euler-Maruyama, Brownian bridge", bridge},
        {"Euler-Maruyama, first passage", passage},
        {"Milstein, one noise", simulation("linear-sde", "milstein", linear, 1.0 / 64)},
        {"SGD, two-point noise, mixture", simulation("noisy-saddle", "sgd", mixture, 1)},
        {"Momentum, two-point noise, mixture", simulation("noisy-saddle", "momentum", mixture, 1)},
        {"SGD, Gaussian noise", simulation("noisy-saddle", "sgd", saddle, 1)}};
    for (const auto& entry : catalogue())  // every optimiser on every loss
        if (entry.formulation == Formulation::recursion) {
            auto pair = simulation(entry.model.c_str(), entry.method.c_str(), {}, 1);
            pair.observe.growth = entry.differentiable;
            all.push_back({entry.method + " on " + entry.model, pair});
        }
    return all;
}

std::vector<std::uint64_t> bits(const std::vector<EnsembleSummary>& summaries) {
    std::vector<std::uint64_t> all;
    for (const auto& s : summaries) {
        for (const auto& at : s.times)
            for (double x :
                 {at.value.moments.mean, at.value.moments.m2, at.log_abs.moments.mean, at.log_abs.moments.m4})
                all.push_back(std::bit_cast<std::uint64_t>(x));
        for (const auto& at : s.times)
            all.insert(all.end(), at.value.bins[0].counts.begin(), at.value.bins[0].counts.end());
        all.push_back(std::bit_cast<std::uint64_t>(s.log_growth.moments.mean));
        all.push_back(std::bit_cast<std::uint64_t>(s.passage.steps.moments.mean));
        all.push_back(s.passage.upper);
    }
    return all;
}

RunResult run_on(Simulation s, const char* backend, Precision precision) {
    s.run.backend = backend;
    s.run.precision = precision;
    return run(s);
}

const Simulation& two_noises() {
    static const auto all = problems();
    return std::find_if(all.begin(), all.end(),
                        [](const Problem& p) { return p.name == "Euler-Maruyama, two noises"; })
        ->simulation;
}

/// Fast arithmetic has other last bits, so that the same paths end nearly where they end in exact arithmetic.
bool fast_is_near_exact() {
    auto s = two_noises();
    s.observe.growth = false;
    const auto exact = run_on(s, "cuda", Precision::mixed).ensembles[0].times.back().log_abs.moments;
    s.run.arithmetic = Arithmetic::fast;
    const auto fast = run_on(s, "cuda", Precision::mixed).ensembles[0].times.back().log_abs.moments;
    std::printf("fast arithmetic: E log|x| %.6f, exact %.6f\n", fast.mean, exact.mean);
    return std::abs(fast.mean - exact.mean) < 1e-3;
}

void time_on_device(Precision precision, Arithmetic arithmetic, const char* name) {
    auto s = two_noises();
    s.run.arithmetic = arithmetic;
    s.ensembles.resize(1);
    s.paths = 1 << 22;
    s.steps = 4096;
    s.observe = {};
    s.observe.steps = {4096};
    s.observe.growth = false;
    s.run.chunk = s.paths;
    for (int round = 0; round < 3; ++round) {
        const auto facts = run_on(s, "cuda", precision).facts;
        std::printf("%s: %.3e path-steps/s, summaries included (%s)\n", name, facts.path_steps_per_second(),
                    facts.device.c_str());
    }
}

}  // namespace

int main() {
    for (const auto& backend : backends())
        if (backend.name == "cuda" && !backend.usable) {
            std::printf("skipped: %s\n", backend.note.c_str());
            return 77;
        }
    bool agree = true;
    const char* names[] = {"mixed", "double", "single"};
    for (const auto& problem : problems())
        for (const auto precision : {Precision::mixed, Precision::double_, Precision::single}) {
            const bool same = bits(run_on(problem.simulation, "cuda", precision).ensembles) ==
                              bits(run_on(problem.simulation, "serial", precision).ensembles);
            std::printf("%s, %s: %s\n", problem.name.c_str(), names[static_cast<int>(precision)],
                        same ? "same bytes" : "DIFFERENT");
            agree &= same;
        }
    agree &= fast_is_near_exact();
    for (const auto precision : {Precision::mixed, Precision::double_, Precision::single})
        time_on_device(precision, Arithmetic::exact, names[static_cast<int>(precision)]);
    time_on_device(Precision::mixed, Arithmetic::fast, "mixed, fast arithmetic");
    return agree ? 0 : 1;
}
