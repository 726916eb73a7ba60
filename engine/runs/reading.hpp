// How summaries read a number of a row: as it is, or a step of exit as a time.
#pragma once

#include <cstdint>
#include <limits>

#include "engine/numbers/hd.hpp"
#include "engine/paths/columns.hpp"

namespace noisetrap {

/// The steps to an exit: infinitely many where there was none, which cannot be foreseen and so is added, not
/// branched on; not a number where the path failed.
NOISETRAP_HD double exit_time(double step, double offset) {
    constexpr double if_none[] = {0, std::numeric_limits<double>::infinity()};
    if (step == failed_before_exit) return std::numeric_limits<double>::quiet_NaN();
    return __builtin_fabs(step) + offset + if_none[step == 0];
}

struct RowReading {
    enum class As : int { it_is, exit_time, exit_time_in_run } as = As::it_is;
    double offset = 0, last = 0;  // of exit_time, and the last step of the run

    NOISETRAP_HD double operator()(double row) const {
        if (as == As::it_is) return row;
        const double t = exit_time(row, offset);
        return as == As::exit_time_in_run && last < t ? last : t;
    }
};

/// Sides on which paths left, and the steps that paths took which end early: those up to the exit, or up to the last
/// observed step.
struct Exits {
    std::uint64_t upper = 0, lower = 0, path_steps = 0;

    NOISETRAP_HD void add(double step, std::uint64_t watched, std::uint64_t steps) {
        const bool above = step > 0, below = step < 0 && step != failed_before_exit;
        upper += above;
        lower += below;
        const auto taken = above || below ? static_cast<std::uint64_t>(__builtin_fabs(step)) : steps;
        path_steps += taken < watched ? watched : taken;
    }
};

}  // namespace noisetrap
