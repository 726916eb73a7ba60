// Does a GPU give the bytes of the CPU? Each way of stepping and of watching once; with --all in every precision, and
// every pair of the catalogue in every precision and way as well. --time also says how fast the GPU is. Exit status 0:
// all bytes agree; 1: some differ; 2: an unknown switch; 77: no device.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalogue/scheme_facts.hpp"
#include "engine/error.hpp"
#include "engine/runs/backend.hpp"
#include "engine/runs/plan.hpp"
#include "engine/runs/run.hpp"
#include "tests/engine/runs/summary_bits.hpp"

using namespace noisetrap;

namespace {

struct Problem {
    std::string name;
    Simulation simulation;
};
using Problems = std::vector<Problem>;

constexpr Precision precisions[] = {Precision::mixed, Precision::double_, Precision::single};
constexpr const char* precision_names[] = {"mixed", "double", "single"};

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

/// Every way of stepping and of watching.
Problems ways_once() {
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
    auto probes = simulation("linear-sde", "euler-maruyama", saddle, 1.0 / 64);
    probes.observe.largest_beyond = {1, 2};
    probes.observe.inside_radius = 0.5;
    probes.observe.control = true;
    Problems all = {
        {"Euler-Maruyama, largest |x| and time inside", probes},
        {"Euler-Maruyama, the noise of four steps at a time", coarse},
        {"Splitting, two noises", simulation("linear-sde", "splitting", saddle, 1.0 / 64)},
        {"Splitting, quartic well, random starts", well},
        {"Euler-Maruyama, two noises", simulation("linear-sde", "euler-maruyama", saddle, 1.0 / 64)},
        {"Euler-Maruyama, Brownian bridge", bridge},
        {"Euler-Maruyama, first passage", passage},
        {"Milstein, one noise", simulation("linear-sde", "milstein", linear, 1.0 / 64)},
        {"SRIW1, one noise", simulation("linear-sde", "sriw1", linear, 1.0 / 64)},
        {"RI1, two noises", simulation("linear-sde", "ri1", saddle, 1.0 / 64)},
        {"SGD, two-point noise, mixture", simulation("noisy-saddle", "sgd", mixture, 1)},
        {"Momentum, two-point noise, mixture", simulation("noisy-saddle", "momentum", mixture, 1)},
        {"SGD, Gaussian noise", simulation("noisy-saddle", "sgd", saddle, 1)}};
    return all;
}

Simulation watched(Simulation s, ExitWatch exit, bool growth) {
    s.observe.exit = exit;
    s.observe.exit_radius = 1.5;
    s.observe.growth = growth && s.entry->differentiable;
    return s;
}

/// A pair of the catalogue with its own parameters, watched in every way that it allows.
void add_pair(Problems& all, const CatalogueEntry& entry) {
    const bool is_sde = entry.formulation == Formulation::sde;
    auto plain = simulation(entry.model.c_str(), entry.method.c_str(), {}, is_sde ? 1.0 / 64 : 1);
    if (const auto* scheme = find_scheme(entry.method); scheme && entry.model == "linear-sde") {
        if (scheme->takes == Takes::one) plain.ensembles = {{{"tau", 0.0}}, {{"tau", 0.0}}};
        if (scheme->takes == Takes::additive) plain.ensembles = {{{"sigma", 0.0}}, {{"sigma", 0.0}}};
    }
    plain.observe.growth = entry.differentiable;
    plain.observe.control = entry.known_noise;
    auto spread = plain, one_step = plain, probes = plain, huge = plain;
    spread.x0_deviation = 2;
    one_step.steps = 1;
    one_step.observe.steps = {0, 1};
    probes.observe.largest_beyond = {1, 2};
    probes.observe.inside_radius = 0.5;
    huge.x0 = 1e14;
    const auto name = entry.method + " on " + entry.model;
    all.insert(all.end(), {{name, plain},
                           {name + ", spread starts", spread},
                           {name + ", one step", one_step},
                           {name + ", largest |x| and time inside", probes},
                           {name + ", far away", huge},
                           {name + ", first passage", watched(plain, ExitWatch::at_steps, false)},
                           {name + ", passage and growth", watched(plain, ExitWatch::at_steps, true)}});
    if (is_sde) all.push_back({name + ", bridges", watched(plain, ExitWatch::with_bridge, true)});
}

/// The bits of every number of every row. Which of the many NaNs a failed path holds is left to the machine.
std::vector<std::uint64_t> bits(const std::vector<PathColumns>& ensembles) {
    std::vector<std::uint64_t> all;
    const auto add = [&](const std::vector<double>& column) {
        for (const double x : column) all.push_back(std::isnan(x) ? ~0ull : std::bit_cast<std::uint64_t>(x));
    };
    for (const auto& rows : ensembles) {
        for (const auto* columns : {&rows.value, &rows.log_abs})
            for (const auto& column : *columns) add(column);
        for (const auto* column : {&rows.log_growth, &rows.exit_step, &rows.log_largest, &rows.steps_inside,
                                   &rows.noise_sum, &rows.noise_squares})
            add(*column);
    }
    return all;
}

/// Every number of the summaries, which are made where the rows lie.
std::vector<std::uint64_t> bits(const std::vector<EnsembleSummary>& ensembles) {
    std::vector<std::uint64_t> all;
    for (const auto& summary : ensembles)
        for (const auto word : ::bits(summary)) all.push_back(word);
    return all;
}

Simulation on(Simulation s, const char* backend, Precision precision) {
    s.run.backend = backend;
    s.run.precision = precision;
    return s;
}

/// Compiles the kernels of a problem, CPU and GPU side by side; false where there are none.
bool prepared(const Problem& problem, Precision precision) {
    try {
        prepare({on(problem.simulation, "cuda", precision), on(problem.simulation, "serial", precision)});
        return true;
    } catch (const InputError& refused) {
        std::printf("%s: %s\n", problem.name.c_str(), refused.what());
        return false;
    }
}

bool agrees(const Problem& problem, Precision precision) {
    if (!prepared(problem, precision)) return false;
    const auto gpu = on(problem.simulation, "cuda", precision),
               cpu = on(problem.simulation, "serial", precision);
    const bool rows = bits(collect(gpu).ensembles) == bits(collect(cpu).ensembles),
               summaries = bits(run(gpu).ensembles) == bits(run(cpu).ensembles);
    std::printf("%s, %s: %s\n", problem.name.c_str(), precision_names[static_cast<int>(precision)],
                rows && summaries ? "same bytes"
                : rows            ? "DIFFERENT SUMMARIES"
                                  : "DIFFERENT");
    std::fflush(stdout);
    return rows && summaries;
}

bool all_agree(const Problems& problems, bool in_every_precision) {
    bool agree = true;
    for (const auto& problem : problems)
        for (const auto precision : precisions)
            if (in_every_precision || precision == Precision::mixed) agree &= agrees(problem, precision);
    return agree;
}

bool every_pair_agrees() {
    Problems pairs;
    for (const auto& entry : catalogue()) add_pair(pairs, entry);
    return all_agree(pairs, true);
}

const Simulation& two_noises() {
    static const auto all = ways_once();
    return std::find_if(all.begin(), all.end(),
                        [](const Problem& p) { return p.name == "Euler-Maruyama, two noises"; })
        ->simulation;
}

/// Two estimates of independent noise differ by no more than four standard errors.
bool near(const char* what, Estimate fast, Estimate exact) {
    const double z = (fast.value - exact.value) / std::hypot(fast.standard_error, exact.standard_error);
    std::printf("fast arithmetic, %s: %.6f, exact %.6f, z = %.2f\n", what, fast.value, exact.value, z);
    return std::abs(z) < 4;
}

/// Fast arithmetic has other last bits and the same law: mean and variance of log|x| and of the growth, and the odds of
/// having left, agree with those of exact arithmetic under other noise.
bool fast_has_the_law_of_exact() {
    auto s = two_noises();
    s.observe.exit = ExitWatch::at_steps;
    s.observe.exit_radius = 2;
    s.run.backend = "cuda";
    const auto exact = run(s).ensembles[0];
    s.run.arithmetic = Arithmetic::fast;
    s.seed = 2;
    const auto fast = run(s).ensembles[0];
    const auto both = [&](const char* mean, const char* variance, const Moments& f, const Moments& e) {
        return near(mean, f.mean_estimate(), e.mean_estimate()) &
               near(variance, f.variance_estimate(), e.variance_estimate());
    };
    const auto left = [](const EnsembleSummary& of) {
        const auto paths = static_cast<double>(of.log_growth.moments.count);
        const double p = static_cast<double>(of.passage.upper + of.passage.lower) / paths;
        return Estimate{p, std::sqrt(p * (1 - p) / paths)};
    };
    return both("E log|x|", "its variance", fast.times.back().log_abs.moments,
                exact.times.back().log_abs.moments) &
           both("growth", "its variance", fast.log_growth.moments, exact.log_growth.moments) &
           near("odds of having left", left(fast), left(exact));
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
        const auto facts = run(on(s, "cuda", precision)).facts;
        std::printf("%s: %.3e path-steps/s, summaries included (%s)\n", name, facts.path_steps_per_second(),
                    facts.device.c_str());
    }
}

void time_on_device() {
    for (const auto precision : precisions)
        time_on_device(precision, Arithmetic::exact, precision_names[static_cast<int>(precision)]);
    time_on_device(Precision::mixed, Arithmetic::fast, "mixed, fast arithmetic");
}

}  // namespace

int main(int argc, char** argv) {
    bool all = false, time = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        all |= word == "--all";
        time |= word == "--time";
        if (word != "--all" && word != "--time") {
            std::fprintf(stderr, "gpu_check takes --all and --time, not %s\n", argv[i]);
            return 2;
        }
    }
    for (const auto& backend : backends())
        if (backend.name == "cuda" && !backend.usable) {
            std::printf("skipped: %s\n", backend.note.c_str());
            return 77;
        }
    bool agree = all_agree(ways_once(), all);
    if (all) agree &= every_pair_agrees();
    agree &= fast_has_the_law_of_exact();
    if (time) time_on_device();
    return agree ? 0 : 1;
}
