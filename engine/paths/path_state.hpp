// The state of the paths of a block: numbers, their derivatives by the start, and the length of the unit, lane by
// lane. All three are renormalised by powers of two, so that they neither overflow nor underflow.
#pragma once

#include <cstdint>
#include <type_traits>

#include "engine/numbers/dual.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/numbers/lanes.hpp"
#include "engine/numbers/state.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

template <class T, int W, int count>
struct alignas(alignment<W>) LaneArray {
    T at[count];
    NOISETRAP_HD T& operator[](int l) { return at[l]; }
    NOISETRAP_HD const T& operator[](int l) const { return at[l]; }
};

/// `scaled`: lengths matter, and the unit is a number. `tangent`: the numbers are duals.
template <class Process, class Real, int W, bool scaled, bool tangent>
class PathState {
  public:
    static constexpr int D = numbers_of<Process>, lanes = most_lanes<W>;
    using Unit = std::conditional_t<scaled, Real, Zero>;
    using Number = std::conditional_t<tangent, Dual<Real>, Real>;
    using Numbers = State<Number, D>;
    using Slice = LaneArray<Real, W, W>;

    /// A slice's states, put aside.
    struct Aside {
        State<Slice, tangent ? 2 * D : D> of;
        NOISETRAP_HD void keep(int k, const Numbers& s) {
            for (int d = 0; d < D; ++d) {
                of.at[d][k] = value_of(s.at[d]);
                if constexpr (tangent) of.at[D + d][k] = s.at[d].slope;
            }
        }
    };

    NOISETRAP_HD void start(int l, Real x0) {
        start_[l] = x0;
        x_.set(l, x0, starts_of<Process>);
        if constexpr (tangent) slope_.set(l, 1, starts_of<Process>);
    }
    /// Those numbers of the state that start elsewhere.
    NOISETRAP_HD void start_others(int l, const Process& process) {
        for (int d = starts_of<Process>; d < D; ++d) x_.value[d][l] = process.other_start(d);
    }
    NOISETRAP_HD void move(int from, int to) {
        x_.move(from, to);
        if constexpr (tangent) slope_.move(from, to);
        if constexpr (scaled) unit_[to] = unit_[from];
        start_[to] = start_[from];
    }

    NOISETRAP_HD Unit unit(int l) const {
        if constexpr (scaled) {
            return unit_[l];
        } else {
            return Zero{};
        }
    }
    /// The numbers without their derivatives.
    NOISETRAP_HD State<Real, D> values(int l) const {
        return each<D>([&](int d) NOISETRAP_INLINED { return x_.value[d][l]; });
    }
    /// What is observed, and what is watched for exits, in the scale of the lane.
    NOISETRAP_HD Real observed(const Process& process, int l) const {
        return observed_of(process, values(l), unit(l));
    }
    NOISETRAP_HD Real watched(const Process& process, int l) const {
        return watched_of(process, values(l), unit(l));
    }
    NOISETRAP_HD std::int64_t exponent(int l) const { return x_.exponent[l]; }

    NOISETRAP_HD Numbers numbers(int l) const {
        Numbers s;
        NOISETRAP_UNROLL
        for (int d = 0; d < D; ++d) {
            if constexpr (tangent) {
                s.at[d] = {x_.value[d][l], slope_.value[d][l]};
            } else {
                s.at[d] = x_.value[d][l];
            }
        }
        return s;
    }
    NOISETRAP_HD void keep(int l, const Numbers& s) {
        NOISETRAP_UNROLL
        for (int d = 0; d < D; ++d) {
            x_.value[d][l] = value_of(s.at[d]);
            if constexpr (tangent) slope_.value[d][l] = s.at[d].slope;
        }
    }
    NOISETRAP_HD void take_back(int slice, const Aside& aside) {
        for (int d = 0; d < D; ++d) {
            NOISETRAP_OVER_LANES
            for (int k = 0; k < W; ++k) {
                x_.value[d][slice * W + k] = aside.of.at[d][k];
                if constexpr (tangent) slope_.value[d][slice * W + k] = aside.of.at[D + d][k];
            }
        }
    }

    NOISETRAP_HD bool out_of_range(int count) const { return x_.need_renormalisation(count); }
    /// Brings the first `count` lanes back into range; no exponent goes below `lowest`.
    NOISETRAP_HD void renormalise(int count, std::int64_t lowest) {
        for (int l = 0; l < count; ++l) x_.renormalise(l, lowest);
    }
    NOISETRAP_HD void renormalise_slopes([[maybe_unused]] int count) {
        if constexpr (tangent) {
            if (slope_.need_renormalisation(count))
                for (int l = 0; l < count; ++l) slope_.renormalise(l, no_lowest_exponent);
        }
    }
    /// The length of the unit in the scale of each lane.
    NOISETRAP_HD void measure_unit(int count) {
        if constexpr (scaled)
            for (int l = 0; l < count; ++l)
                unit_[l] = static_cast<Real>(scale_by_power_of_two(1.0, -x_.exponent[l]));
    }

    /// What is observed: 0 or infinite where it is beyond the range of a double.
    NOISETRAP_HD double number(const Process& process, int l) const {
        return scale_by_power_of_two(observed(process, l), x_.exponent[l]);
    }
    /// Its log |x|, never out of range: -infinity where it is zero, not a number where the path has failed.
    NOISETRAP_HD double log_abs(const Process& process, int l) const {
        return log_of_scaled(abs(static_cast<double>(observed(process, l))), x_.exponent[l]);
    }
    NOISETRAP_HD double log_growth(int l) const {
        if constexpr (tangent) {
            return slope_.log_abs(l);
        } else {
            return x_.log_abs(l) - log(abs(static_cast<double>(start_[l])));
        }
    }

  private:
    ScaledLanes<Real, D, W, lanes, lengths_of<Process>> x_;
    ScaledLanes<Real, D, W, tangent ? lanes : 1, lengths_of<Process>> slope_;
    LaneArray<Real, W, scaled ? lanes : 1> unit_;
    LaneArray<Real, W, lanes> start_;
};

}  // namespace noisetrap
