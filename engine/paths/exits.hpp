// The first passage of each path of a block through |y| = radius, or through one side of it alone, y the number that is
// watched: seen at steps, or between them by Brownian bridges.
#pragma once

#include <cstdint>

#include "engine/noise/variates.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/paths/launch.hpp"
#include "engine/paths/path_state.hpp"

namespace noisetrap {

template <class Real, int W, bool bridged, bool one_sided>
class ExitWatcher {
    static constexpr int lanes = most_lanes<W>;
    static constexpr Real never = __builtin_nan("");  // no |x| is >= this, not even an infinite one
    using BridgeStream = PhiloxBlock<W, std::uint32_t>;

    LaneArray<Real, W, lanes> radius_;  // in the scale of the lane; `never` once the path has left
    LaneArray<std::int64_t, W, lanes> exit_;
    const Real sign_;  // of the side, where there is one alone
    BridgeStream bridge_[bridged ? 2 : 1];

  public:
    /// -2 ln u for both sides and the four steps of a group.
    struct Bridges {
        alignas(alignment<W>) float upper[group_steps][W], lower[group_steps][W];
    };

    NOISETRAP_HD ExitWatcher(std::uint64_t seed, double sign) requires(bridged)
        : sign_(static_cast<Real>(sign)),
          bridge_{BridgeStream(key_of(seed, Stream::bridge_upper)),
                  BridgeStream(key_of(seed, Stream::bridge_lower))} {}
    NOISETRAP_HD ExitWatcher(std::uint64_t seed, double sign) requires(!bridged)
        : sign_(static_cast<Real>(sign)), bridge_{BridgeStream(key_of(seed, Stream::bridge_upper))} {}

    NOISETRAP_HD void start(int l, std::uint64_t path) {
        if constexpr (bridged)
            for (auto& philox : bridge_) philox.set(l, path);
        exit_[l] = 0;
    }
    NOISETRAP_HD void move(int from, int to) {
        if constexpr (bridged)
            for (auto& philox : bridge_) philox.move(from, to);
        radius_[to] = radius_[from];
        exit_[to] = exit_[from];
    }
    /// The radius in the scale of lane l.
    NOISETRAP_HD void rescale(int l, double radius, std::int64_t exponent) {
        radius_[l] = exit_[l] == 0 ? static_cast<Real>(scale_by_power_of_two(radius, -exponent)) : never;
    }

    /// What reaches the radius when the path leaves.
    NOISETRAP_HD Real size(Real y) const {
        if constexpr (one_sided) {
            return sign_ * y;
        } else {
            return abs(y);
        }
    }
    /// Whether that side counts.
    NOISETRAP_HD bool counts([[maybe_unused]] Real side) const {
        if constexpr (one_sided) {
            return sign_ == side;
        } else {
            return true;
        }
    }
    NOISETRAP_HD bool beyond(int l, Real size) const { return size >= radius_[l]; }
    NOISETRAP_HD bool left(int l) const { return exit_[l] != 0; }
    NOISETRAP_HD std::int64_t exit(int l) const { return exit_[l]; }

    NOISETRAP_HD void look(std::uint64_t step, int l, Real y) {
        const auto n = static_cast<std::int64_t>(step);
        if (!(size(y) >= radius_[l])) return;
        exit_[l] = y > 0 ? n : -n;
        radius_[l] = never;
    }

    NOISETRAP_HD void draw_bridges(std::uint64_t group, int slice, Bridges& bridges) requires(bridged) {
        bridge_variates<W>(bridge_[0], group, slice, bridges.upper);
        bridge_variates<W>(bridge_[1], group, slice, bridges.lower);
    }
    /// Where a step begins: the watched number, and the variance that the step's noise has in it, in units of R, so that
    /// nothing underflows.
    struct Begin {
        Real from, variance;
    };
    template <class Process, class Numbers, class Unit>
    NOISETRAP_HD Begin begin(const Process& process, int l, const Numbers& s, Unit unit) const {
        const Real scale = 1 / radius_[l];
        return {watched_of(process, s, unit) * scale, watched_variance_of(process, s, unit, scale)};
    }
    /// A Brownian bridge from x to y with step variance v passes R with odds exp(-2 (R - x)(R - y) / v):
    /// compared with -2 ln u = 4 (R - x)(R - y) / v.
    NOISETRAP_HD void look_between(std::uint64_t step, int l, Real x, Real variance, Real to, float upper,
                                   float lower) {
        const auto n = static_cast<std::int64_t>(step);
        const Real y = to * (1 / radius_[l]);
        const bool up = 4 * (1 - x) * (1 - y) <= variance * static_cast<Real>(upper) && counts(1);
        const bool down = 4 * (1 + x) * (1 + y) <= variance * static_cast<Real>(lower) && counts(-1);
        const std::int64_t side = up && (!down || y > 0) ? n : -n;
        exit_[l] = exit_[l] == 0 && (up || down) ? side : exit_[l];
    }
};

}  // namespace noisetrap
