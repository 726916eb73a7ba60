// One launch: a rectangle of paths of several ensembles, stepped together, and the columns that they write.
#pragma once

#include <cstdint>

#include "engine/numbers/hd.hpp"
#include "engine/paths/columns.hpp"

namespace noisetrap {

/// Path i of ensemble g has the global number g * stride + i, so that no two paths of a run share noise. The
/// stride is a multiple of this number for no other reason than that results should not change.
inline constexpr std::uint64_t path_alignment = 256;

/// Shared by the threads of a launch; plain integers changed by atomic operations.
struct Monitor {
    std::uint64_t path_steps = 0;  // done so far
    int stop = 0;                  // set from outside: give up soon
};

struct Launch {
    std::uint64_t seed;
    std::uint64_t first_ensemble, ensembles;
    std::uint64_t first_path, paths;  // of each ensemble
    std::uint64_t stride;             // between the path numbers of ensembles, a multiple of path_alignment
    std::uint64_t lanes;              // paths of a block
    std::uint64_t steps;
    const std::uint64_t* watched_steps;  // ascending, each in 0 to steps
    std::uint64_t watches;
    double x0, x0_deviation;   // paths start at x0 + x0_deviation Z
    std::uint64_t coarsening;  // steps of a finer run whose noise one step takes together, a power of two
    double coarse_weight;      // 1 / sqrt(coarsening)
    double exit_radius;
    double exit_sign;         // of exits through one side alone: 1 or -1
    double inside_radius;     // of the column steps_inside
    std::uint64_t exponents;  // numbers of the column log_stretches
    Columns columns;
    Monitor* monitor;  // host only; null on a GPU

    NOISETRAP_HD std::uint64_t rows() const { return ensembles * paths; }
};

}  // namespace noisetrap
