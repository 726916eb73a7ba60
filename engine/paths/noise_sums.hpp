// What a path has drawn of its first noise: the sum of the variates that its steps took, and the sum of their squares.
// Both means are known, whatever the steps do with the noise: 0 and the number of steps. Hence both are control
// variates for what the path comes to (analysis/statistics/control_variates.hpp).
#pragma once

#include <cstdint>

#include "engine/noise/variates.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/numbers/lanes.hpp"
#include "engine/paths/path_state.hpp"

namespace noisetrap {

/// Groups whose variates are summed in the precision of a variate, before the sums go to doubles: few enough that a
/// float's rounding is a millionth of what 64 variates scatter by.
inline constexpr std::uint64_t groups_per_carry = 16;

/// Sums that a run does not ask for, and so the list of what sums have.
struct NoNoiseSums {
    NOISETRAP_HD void start(int) {}
    template <int count, class Noise>
    NOISETRAP_HD void add(int, int, const Noise&) {}
    NOISETRAP_HD void carry(int) {}
    NOISETRAP_HD void move(int, int) {}
};

template <class Variate, int W>
class NoiseSums {
    static constexpr int lanes = most_lanes<W>;
    LaneArray<Variate, W, lanes> sum_, squares_;             // since they were carried over
    LaneArray<double, W, lanes> carried_, carried_squares_;  // before

  public:
    NOISETRAP_HD void start(int l) { sum_[l] = squares_[l] = 0, carried_[l] = carried_squares_[l] = 0; }
    NOISETRAP_HD void move(int from, int to) {
        sum_[to] = sum_[from], squares_[to] = squares_[from];
        carried_[to] = carried_[from], carried_squares_[to] = carried_squares_[from];
    }
    /// Steps `first` to first + count - 1 of a group; z[n][k] is the variate of step n in lane k of the slice. One after
    /// the other, so that a group and its single steps give the same bits.
    template <int count, class Noise>
    NOISETRAP_HD void add(int slice, int first, const Noise& z) {
        NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) {
            const int l = slice * W + k;
            Variate sum = sum_[l], squares = squares_[l];
            NOISETRAP_UNROLL
            for (int n = 0; n < count; ++n) {
                sum = sum + z[first + n][k];
                squares = fma(z[first + n][k], z[first + n][k], squares);
            }
            sum_[l] = sum, squares_[l] = squares;
        }
    }
    /// The first `count` lanes begin new sums of variates.
    NOISETRAP_HD void carry(int count) {
        for (int l = 0; l < count; ++l) {
            carried_[l] = sum(l), carried_squares_[l] = squares(l);
            sum_[l] = squares_[l] = 0;
        }
    }
    NOISETRAP_HD double sum(int l) const { return carried_[l] + static_cast<double>(sum_[l]); }
    NOISETRAP_HD double squares(int l) const {
        return carried_squares_[l] + static_cast<double>(squares_[l]);
    }
};

}  // namespace noisetrap
