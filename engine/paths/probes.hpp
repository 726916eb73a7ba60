// Probes see x after every step. What they have seen becomes a column. A probe that a run does not ask for is empty.
#pragma once

#include <cstdint>

#include "engine/numbers/elementary.hpp"
#include "engine/numbers/lanes.hpp"
#include "engine/paths/launch.hpp"
#include "engine/paths/path_state.hpp"

namespace noisetrap {

/// A probe that does nothing, and so the list of what a probe has. Sizes are |x| in the scale of lane l, whose
/// `exponent` says what that is.
struct NoProbe {
    struct Seen {};  // what it remembers of the steps of one group
    NOISETRAP_HD void start(int, double) {}
    NOISETRAP_HD Seen begin(int) const { return {}; }
    template <class Real>
    NOISETRAP_HD void see(Seen&, int, Real) const {}
    NOISETRAP_HD void keep(int, Seen) {}
    /// The scale of lane l is about to change, or the path ends.
    NOISETRAP_HD void settle(int, std::int64_t) {}
    template <class Real>
    NOISETRAP_HD void rescale(const Launch&, int, Real, std::int64_t) {}
    NOISETRAP_HD void move(int, int) {}
    NOISETRAP_HD double result(int) const { return 0; }
};

/// The largest |x| from the start on.
template <class Real, int W>
class LargestProbe {
    LaneArray<Real, W, most_lanes<W>> running_;  // since the scale has changed
    LaneArray<double, W, most_lanes<W>> best_;   // log of the largest before

  public:
    static constexpr Column column = Column::log_largest;
    struct Seen {
        Real most;
    };
    NOISETRAP_HD void start(int l, double) { best_[l] = -__builtin_inf(); }
    NOISETRAP_HD Seen begin(int l) const { return {running_[l]}; }
    NOISETRAP_HD void see(Seen& seen, int, Real size) const {
        seen.most = size > seen.most ? size : seen.most;
    }
    NOISETRAP_HD void keep(int l, Seen seen) { running_[l] = seen.most; }
    NOISETRAP_HD void settle(int l, std::int64_t exponent) {
        const double here = log_of_scaled(static_cast<double>(running_[l]), exponent);
        best_[l] = here > best_[l] ? here : best_[l];
    }
    NOISETRAP_HD void rescale(const Launch&, int l, Real size, std::int64_t) { running_[l] = size; }
    NOISETRAP_HD void move(int from, int to) { running_[to] = running_[from], best_[to] = best_[from]; }
    NOISETRAP_HD double result(int l) const { return best_[l]; }
};

/// How many steps end with |x| < inside_radius.
template <class Real, int W>
class InsideProbe {
    LaneArray<Real, W, most_lanes<W>> radius_;
    LaneArray<std::int64_t, W, most_lanes<W>> steps_;

  public:
    static constexpr Column column = Column::steps_inside;
    struct Seen {
        std::int32_t inside;
    };
    NOISETRAP_HD void start(int l, double) { steps_[l] = 0; }
    NOISETRAP_HD Seen begin(int) const { return {0}; }
    NOISETRAP_HD void see(Seen& seen, int l, Real size) const { seen.inside += size < radius_[l]; }
    NOISETRAP_HD void keep(int l, Seen seen) { steps_[l] += seen.inside; }
    NOISETRAP_HD void settle(int, std::int64_t) {}
    NOISETRAP_HD void rescale(const Launch& launch, int l, Real, std::int64_t exponent) {
        radius_[l] = static_cast<Real>(scale_by_power_of_two(launch.inside_radius, -exponent));
    }
    NOISETRAP_HD void move(int from, int to) { radius_[to] = radius_[from], steps_[to] = steps_[from]; }
    NOISETRAP_HD double result(int l) const { return static_cast<double>(steps_[l]); }
};

}  // namespace noisetrap
