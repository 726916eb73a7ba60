// A run whose paths several processes share, with the bytes of a run by one.
#pragma once

#include "engine/ranks/crew.hpp"
#include "engine/runs/run.hpp"

namespace noisetrap {

/// On rank 0: as `run`. The others serve with a list in which this simulation has this number.
RunResult run_shared(Crew&, std::uint64_t number, const Simulation&, const Progress& progress = {},
                     RunState from = {}, const Checkpoint& checkpoint = {});

/// On the other ranks: steps paths of these simulations, until rank 0 ends the run.
void serve_runs(Crew&, const std::vector<Simulation>&);

/// Rows of a piece, where `rows` are left for so many ranks with so many threads each: enough pieces that all end at
/// the same time, and no more than a chunk.
std::uint64_t piece_rows(std::uint64_t rows, std::uint64_t steps, std::uint64_t chunk, int ranks,
                         int threads);

}  // namespace noisetrap
