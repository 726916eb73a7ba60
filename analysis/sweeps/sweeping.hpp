// Runs a sweep: the points of its grid in large launches, then the search for its boundary. Everything that
// is finished is handed over to be kept, and is not run again where it is given back.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "analysis/sweeps/boundary.hpp"
#include "analysis/sweeps/phases.hpp"
#include "analysis/sweeps/point_source.hpp"
#include "engine/input/sweep.hpp"

namespace noisetrap {

/// What is finished. The boundary's search asks for batches in an order that the answers decide: those so far
/// are all that it takes to go on.
struct SweepState {
    std::vector<std::optional<PointResult>> points;  // as the grid
    std::vector<BatchRows> batches;

    std::size_t points_done() const;
};

struct SweepNews {
    std::size_t done, points, undecided;  // points of the grid
    std::uint64_t batches;                // of the boundary
    double seconds, seconds_left;         // left: of the grid; not a number while that is not known
};
using KeepState = std::function<void(const SweepState&)>;
using TellNews = std::function<void(const SweepNews&)>;

/// Adds the observables that phases are told by. Throws InputError where an observable is asked for that the
/// steps of some point do not have.
void prepare(Sweep&);

/// The rest of the sweep: fills the state, and keeps it whenever more is finished. Returns the boundary,
/// where one is asked for. Throws InputError and Interrupted as run does.
std::optional<Boundary> run_sweep(const Sweep&, SweepState&, const KeepState&, const TellNews&);
/// The same, with points that are measured elsewhere.
std::optional<Boundary> run_sweep(const Sweep&, SweepState&, const KeepState&, const TellNews&,
                                  const PointSource&);

/// The phase of a finished point; undecided where phases are not asked for.
Phase phase_of(const Sweep&, const PointResult&);

/// Column of the boundary's search -> index of a point of the grid with the same other values.
std::size_t point_of_column(const Sweep&, std::size_t column);
std::size_t columns_of(const Sweep&);

/// Paths times steps of the finished points and of the boundary's batches.
std::uint64_t path_steps_of(const Sweep&, const SweepState&, const std::optional<Boundary>&);

}  // namespace noisetrap
