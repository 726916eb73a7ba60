// One run: G ensembles of P paths of one process, in chunks that bound memory, reduced to summaries.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "engine/catalogue.hpp"
#include "engine/summaries.hpp"

namespace noisetrap {

struct RunSettings {
    std::string backend = "auto";  // auto, cuda, omp, serial
    int threads = 0;               // 0: all
    Precision precision = Precision::mixed;
    Arithmetic arithmetic = Arithmetic::exact;  // fast: on a GPU, in mixed precision
    int lanes = 0;            // paths of a CPU's block: 1, or a multiple of 16 to 1024; 0: chosen
    std::uint64_t chunk = 0;  // paths in memory at a time; 0: chosen
    std::string instruction_set = "auto";  // auto, portable, x86-64-v3, x86-64-v4
};

struct Observation {
    std::vector<std::uint64_t> steps;            // ascending: when x is summarised
    bool quantiles = true;                       // keep a sketch
    std::vector<std::vector<double>> bin_edges;  // EdgeCounts of x at each observed step
    bool growth = true;                          // log |dx[n]/dx[0]| at the end
    ExitWatch exit = ExitWatch::none;
    double exit_radius = 0;
    std::vector<double> survival_steps;  // where the survival curve is counted
};

/// How an ensemble steps that does not step as the others do.
struct OwnStep {
    ParameterValues method;
    double dt = 1;
};

struct Simulation {
    const CatalogueEntry* entry = nullptr;
    std::vector<ParameterValues> ensembles = {{}};  // model parameters of each ensemble
    ParameterValues method;
    double dt = 1;                     // of an SDE; 1 for a recursion
    std::vector<OwnStep> own_steps;    // of each ensemble, instead of `method` and `dt`; else empty
    std::uint64_t first_ensemble = 0;  // number of ensembles[0]: which noise it takes
    std::uint64_t steps = 0, paths = 0, seed = 1;
    double x0 = 1, x0_deviation = 0;  // paths start at x0 + x0_deviation Z, Z standard normal
    /// A power of two: each step takes the noise of so many steps of a run with dt / coarsening, so that both
    /// follow the same Brownian path.
    std::uint64_t coarsening = 1;
    Observation observe;
    RunSettings run;

    double time(std::uint64_t step) const { return static_cast<double>(step) * dt; }
};

struct StepSummary {
    std::uint64_t step = 0;
    ColumnSummary value;    // of x
    ColumnSummary log_abs;  // of log |x|; NaN: the path failed, -infinity: it is zero
};

struct PassageSummary {
    ColumnSummary steps;  // of the first-passage step, infinite where there was none
    Moments restricted;   // of min(step, last step)
    std::uint64_t upper = 0, lower = 0;
};

struct EnsembleSummary {
    std::vector<StepSummary> times;
    ColumnSummary log_growth;
    PassageSummary passage;
};

struct RunFacts {
    std::string backend, device, instruction_set;
    int threads = 1, lanes = 1;
    std::uint64_t chunk = 0, path_steps = 0;
    double wall_seconds = 0;

    double path_steps_per_second() const { return static_cast<double>(path_steps) / wall_seconds; }
};

struct RunResult {
    std::vector<EnsembleSummary> ensembles;
    RunFacts facts;
};

/// Called from another thread now and then with the path-steps done and the total.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total, double seconds)>;

/// Throws InputError when the run cannot be done here, Interrupted soon after `stop_requested` was set.
RunResult run(const Simulation&, const Progress& progress = {});

/// What the paths of one ensemble wrote, row by row: paths in order of their numbers.
struct PathColumns {
    std::vector<std::vector<double>> value, log_abs;  // [observed step][path], as in StepSummary
    std::vector<double> log_growth;                   // [path], where observed
    std::vector<std::int64_t> exit_step;              // [path], where observed: as in Columns
};
struct CollectedRun {
    std::vector<PathColumns> ensembles;
    RunFacts facts;
};

/// The run without summaries, all rows kept; throws as run does, also where they do not fit into memory.
CollectedRun collect(const Simulation&, const Progress& progress = {});

/// x at each of `steps` on one path of one ensemble, as the run itself has it.
std::vector<double> replay(const Simulation&, std::uint64_t ensemble, std::uint64_t path,
                           const std::vector<std::uint64_t>& steps);

/// Set by signal handlers.
extern std::atomic<bool> stop_requested;

}  // namespace noisetrap
