// Runs a simulation in chunks that bound memory, and gives summaries, rows, or one path again.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/runs/simulation.hpp"
#include "engine/runs/summarise.hpp"

namespace noisetrap {

struct RunFacts {
    std::string backend, device, instruction_set;
    int threads = 1, lanes = 1;
    std::uint64_t chunk = 0, path_steps = 0;
    double wall_seconds = 0;
    int ranks = 1;  // processes; the facts before are those of the first

    double path_steps_per_second() const { return static_cast<double>(path_steps) / wall_seconds; }
};

struct RunResult {
    std::vector<EnsembleSummary> ensembles;
    RunFacts facts;
};

/// Called from another thread now and then with the path-steps done and the total.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total, double seconds)>;

/// How far a run has come: ensembles in their order, of each its paths in their order.
struct RunPosition {
    std::uint64_t ensemble = 0, path = 0;  // the next to be stepped
    std::uint64_t path_steps = 0;
    double seconds = 0;  // that it has taken
};

/// A run that was cut off: its summaries hold all before its position. Without any ensembles it is at the start.
struct RunState {
    RunPosition at;
    std::vector<EnsembleSummary> ensembles;
};

/// Looks at a run between two of its chunks, and once more where it is `leaving`: interrupted, or left by a device. May
/// throw Interrupted itself.
using Checkpoint = std::function<void(const RunPosition&, const std::vector<EnsembleSummary>&, bool leaving)>;

/// Throws InputError when the run cannot be done here, Interrupted soon after run.stop asks for it. Goes on from a state
/// that a checkpoint of the same simulation has seen, with the summaries of a run that was never cut off, whatever its
/// threads, chunks and backend are now.
RunResult run(const Simulation&, const Progress& progress = {}, RunState from = {},
              const Checkpoint& checkpoint = {});

/// Takes in what the paths of an ensemble wrote, from `first_path` on.
using TakeRows = std::function<void(std::uint64_t ensemble, std::uint64_t first_path, const Part&)>;

/// The run without summaries: hands over its rows, chunk by chunk. Throws as run does.
RunFacts run_rows(const Simulation&, const TakeRows&, const Progress& progress = {});

struct CollectedRun {
    std::vector<PathColumns> ensembles;
    RunFacts facts;
};

/// The run without summaries, all rows kept; throws as run does, also where they do not fit into memory.
CollectedRun collect(const Simulation&, const Progress& progress = {});

/// x at each of `steps` on one path of one ensemble, as the run itself has it.
std::vector<double> replay(const Simulation&, std::uint64_t ensemble, std::uint64_t path,
                           const std::vector<std::uint64_t>& steps);

}  // namespace noisetrap
