// How a simulation is run: which kernels step it, in which batches, chunks and blocks. Here alone run settings are
// checked.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/kernels/kernel.hpp"
#include "engine/runs/backend.hpp"
#include "engine/runs/simulation.hpp"

namespace noisetrap {

/// Throws SettingError where no machine could follow these settings or this one cannot.
void check_run_settings(const RunSettings&);

/// One is stepped while what another has written is summarised or brought.
inline constexpr std::uint64_t launches_of_a_device = 2;

/// Neighbouring ensembles that one kernel steps, one after the other in memory.
struct Batch {
    std::uint64_t first = 0;  // ensemble
    std::vector<std::byte> processes;
    std::size_t process_size = 0;
    PreparedProcess features;
    KernelSpec kernel;
    void* function = nullptr;  // of the kernel, once it is ready
    std::uint64_t size() const { return process_size ? processes.size() / process_size : 0; }
};

struct Plan {
    std::string target;  // an instruction set, or a GPU's architecture
    std::uint64_t chunk = 0;
    int lanes = 1;
    std::vector<Batch> batches;

    std::uint64_t ensembles_per_launch(const Simulation& s) const {
        return std::max<std::uint64_t>(1, chunk / s.paths);
    }
    std::uint64_t rows_per_launch(const Simulation& s) const {
        return std::min<std::uint64_t>(ensembles_per_launch(s), s.ensembles.size()) *
               std::min(chunk, s.paths);
    }
};

/// What one launch steps: `paths` paths of each of `ensembles` ensembles.
struct Piece {
    std::uint64_t first_ensemble = 0, ensembles = 0, first_path = 0, paths = 0;
    std::uint64_t rows() const { return ensembles * paths; }
};

/// Checks the simulation and says how it is run on `backend`. Throws InputError.
Plan plan_of(const Simulation&, const Backend&, Wanted = Wanted::summaries);

/// Steps so many rows in a launch, rounded up to whole blocks of rows, instead of as many as were planned. Throws
/// InputError where they do not fit into memory.
void set_chunk(Plan&, const Simulation&, const Backend&, Wanted, std::uint64_t rows);

/// The process of one ensemble.
PreparedProcess process_of(const Simulation&, std::uint64_t ensemble);
/// The kernel that steps it.
KernelSpec kernel_of(const Simulation&, const PreparedProcess&, const std::string& target);
/// run.instruction_set as a target.
std::string cpu_target(const RunSettings&);

/// The kernels that these simulations need, prepared side by side.
void prepare(const std::vector<Simulation>&);

/// Without columns.
Launch launch_of(const Simulation&, const Piece&, int lanes, Monitor&);

/// Bytes of columns for each path.
std::uint64_t row_bytes(const Observation&);

}  // namespace noisetrap
