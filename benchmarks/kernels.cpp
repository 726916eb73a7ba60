// The engine's workloads through the library, and the parts of a step alone, under Google Benchmark.
// README.md says what each is; kernels.py runs this and writes the table.
#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <string>
#include <thread>
#include <vector>

#include "engine/input/config.hpp"
#include "engine/runs/run.hpp"
#include "limits.hpp"

namespace {

using namespace noisetrap;

struct Workload {
    const char* name;
    double normals;  // a step
    const char* toml;
    std::uint64_t ensembles = 1;
};

#define LINEAR_SDE "[model]\nname = 'linear-sde'\na = 0.3\nsigma = 1.0\n"
#define LAST_STEP_ALONE "[observe]\nquantiles = []\ngrowth = false\n"

const Workload workloads[] = {
    {"W1", 2, LINEAR_SDE "tau = 0.5\n[integrator]\nsteps = 640\n[ensemble]\npaths = 65536\n" LAST_STEP_ALONE},
    {"W2", 1, LINEAR_SDE "tau = 0.0\n[integrator]\nsteps = 640\n[ensemble]\npaths = 65536\n" LAST_STEP_ALONE},
    {"W3", 1,
     "[model]\nname = 'noisy-saddle'\na = 0.02\nsigma = 0.3\ntau = 0.1\nlaw = 'two-point'\neta_law = "
     "'gaussian'\n"
     "[integrator]\nsteps = 640\n[ensemble]\npaths = 65536\n" LAST_STEP_ALONE},
    {"W4", 2,
     LINEAR_SDE "tau = 0.5\n[integrator]\nsteps = 1280\n[ensemble]\npaths = 65536\n" LAST_STEP_ALONE
                "times = []\nexit_radius = 10.0\n"},
    {"W5", 2, LINEAR_SDE "tau = 0.5\n[integrator]\nsteps = 1000\n[ensemble]\npaths = 100\n" LAST_STEP_ALONE,
     10000},
    {"W6", 2,
     "[model]\nname = 'noisy-saddle'\na = 0.02\nsigma = 0.3\ntau = 0.1\n[optimiser]\nname = 'momentum'\n"
     "[integrator]\nsteps = 256\n[ensemble]\npaths = 65536\n" LAST_STEP_ALONE},
};

Simulation simulation_of(const Workload& workload, const std::string& precision, int threads) {
    auto s = config_from_text(
                 workload.toml, workload.name,
                 {"run.backend=omp", "run.precision=" + precision, fmt::format("run.threads={}", threads)})
                 .simulation;
    s.ensembles.assign(workload.ensembles, s.ensembles[0]);
    return s;
}

void run_workload(benchmark::State& state, const Workload& workload, const std::string& precision,
                  int threads) {
    const auto simulation = simulation_of(workload, precision, threads);
    double path_steps = 0;
    for (auto _ : state) path_steps += static_cast<double>(run(simulation).facts.path_steps);
    state.counters["path_steps"] = benchmark::Counter(path_steps, benchmark::Counter::kIsRate);
    state.counters["normals"] =
        benchmark::Counter(path_steps * workload.normals, benchmark::Counter::kIsRate);
}

/// Items are words, normals or path-steps, four for each lane and repeat, or multiplications.
template <class Part>
void run_part(benchmark::State& state, Part part, int items_per_repeat = 4 * limits::lanes()) {
    constexpr std::uint64_t repeats = 1 << 16;
    for (auto _ : state) benchmark::DoNotOptimize(part(repeats));
    const auto items = static_cast<double>(state.iterations()) * repeats * items_per_repeat;
    state.counters["items"] = benchmark::Counter(items, benchmark::Counter::kIsRate);
}

void add_all() {
    const int all = static_cast<int>(std::thread::hardware_concurrency());
    for (const auto& workload : workloads)
        for (const std::string precision : {"mixed", "double", "single"})
            for (const int threads : all > 1 ? std::vector{1, all} : std::vector{1})
                benchmark::RegisterBenchmark(
                    fmt::format("{}/{}/{}", workload.name, precision, threads).c_str(),
                    [&workload, precision, threads](benchmark::State& s) {
                        run_workload(s, workload, precision, threads);
                    })
                    ->UseRealTime()
                    ->Unit(benchmark::kMillisecond);
    const auto add_part = [](const char* name, auto part, auto... items) {
        benchmark::RegisterBenchmark(name, [=](benchmark::State& s) { run_part(s, part, items...); });
    };
    add_part("part/words", limits::words);
    add_part("part/normals", limits::normals);
    add_part("part/double_normals", limits::double_normals);
    add_part("part/arithmetic", limits::arithmetic);
    add_part("part/roots_and_divisions", limits::roots_and_divisions, limits::roots_in_a_repeat());
    if (limits::can_multiply_registers()) add_part("part/multiplications", limits::multiplications, 16);
}

}  // namespace

int main(int argc, char** argv) {
    add_all();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
