// One launch: a rectangle of paths of several ensembles, stepped together, and the columns that they write.
#pragma once

#include <cstdint>

#include "engine/hd.hpp"

namespace noisetrap {

/// Path i of ensemble g has the global number g * stride + i, so that no two paths of a run share noise. The
/// stride is a multiple of this number for no other reason than that results should not change.
inline constexpr std::uint64_t path_alignment = 256;

enum class ExitWatch : int { none, at_steps, with_bridge };

/// Shared by the threads of a launch; plain integers changed by atomic operations.
struct Monitor {
    std::uint64_t path_steps = 0;  // done so far
    int stop = 0;                  // set from outside: give up soon
};

struct Columns {              // [row], and [watch * rows + row]; null where not asked for
    double* value;            // x at the watched steps; 0 or infinite where beyond the range of a double
    double* log_abs;          // log |x| at the watched steps, never out of range
    double* log_growth;       // log |dx[n]/dx[0]| after the last step
    std::int64_t* exit_step;  // first step n with |x| >= radius, negative on the lower side, 0 if none
};
inline constexpr std::int64_t failed_before_exit = INT64_MIN;  // an exit_step: x stopped being a number

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
    ExitWatch exit_watch;
    double exit_radius;
    Columns columns;
    Monitor* monitor;  // host only; null on a GPU

    HD std::uint64_t rows() const { return ensembles * paths; }
};

}  // namespace noisetrap
