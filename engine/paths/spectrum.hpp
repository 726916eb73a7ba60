// All Lyapunov exponents of a path: a frame of orthonormal directions goes along with the linearised flow, and is
// straightened again and again. The logs of the lengths that the straightening takes away add up to the exponents
// (Benettin, Galgani, Giorgilli and Strelcyn 1980; of random maps Oseledets 1968).
#pragma once

#include <cstdint>

#include "engine/numbers/dual.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/numbers/lanes.hpp"
#include "engine/numbers/state.hpp"
#include "engine/paths/path_state.hpp"

namespace noisetrap {

/// A frame that a run does not ask for.
struct NoSpectrumFrame {
    NOISETRAP_HD void start(int) {}
    NOISETRAP_HD void move(int, int) {}
    NOISETRAP_HD void straighten_all(int) {}
};

/// Directions have no length of their own, whatever the scale of the lane is: a step of c x with the unit c has the same
/// derivative.
template <class Real, int D, int W>
class SpectrumFrame {
    static constexpr int lanes = most_lanes<W>;
    LaneArray<Real, W, lanes> at_[D][D];  // [direction][number of the state]
    LaneArray<double, W, lanes> log_stretch_[D];

    NOISETRAP_HD Real product(int m, int n, int l) const {
        Real sum = at_[m][0][l] * at_[n][0][l];
        for (int d = 1; d < D; ++d) sum = fma(at_[m][d][l], at_[n][d][l], sum);
        return sum;
    }

  public:
    static constexpr int directions = D;

    /// No direction is an axis, so that none stays with a smaller exponent where axes are left in place by the flow.
    NOISETRAP_HD void start(int l) {
        for (int m = 0; m < D; ++m)
            for (int d = 0; d < D; ++d) at_[m][d][l] = m == d ? 1 : 1 / static_cast<Real>(m + 2 * d + 2);
        straighten(l);
        for (int m = 0; m < D; ++m) log_stretch_[m][l] = 0;
    }
    NOISETRAP_HD void move(int from, int to) {
        for (int m = 0; m < D; ++m) {
            for (int d = 0; d < D; ++d) at_[m][d][to] = at_[m][d][from];
            log_stretch_[m][to] = log_stretch_[m][from];
        }
    }

    /// The state x as it moves along direction m.
    NOISETRAP_HD State<Dual<Real>, D> moving(int m, int l, const State<Real, D>& x) const {
        return each<D>([&](int d) NOISETRAP_INLINED { return Dual<Real>{x.at[d], at_[m][d][l]}; });
    }
    NOISETRAP_HD void keep(int m, int l, const State<Dual<Real>, D>& s) {
        NOISETRAP_UNROLL
        for (int d = 0; d < D; ++d) at_[m][d][l] = s.at[d].slope;
    }

    /// Gram and Schmidt's directions, in their order. One that has vanished stays so.
    NOISETRAP_HD void straighten(int l) {
        for (int m = 0; m < D; ++m) {
            for (int n = 0; n < m; ++n) {
                const Real along = product(m, n, l);
                for (int d = 0; d < D; ++d) at_[m][d][l] = fma(-along, at_[n][d][l], at_[m][d][l]);
            }
            const Real length = sqrt(product(m, m, l));
            log_stretch_[m][l] = log_stretch_[m][l] + log_of_scaled(static_cast<double>(length), 0);
            const Real scale = length == 0 ? static_cast<Real>(0) : 1 / length;
            for (int d = 0; d < D; ++d) at_[m][d][l] = scale * at_[m][d][l];
        }
    }
    /// The first `count` lanes.
    NOISETRAP_HD void straighten_all(int count) {
        for (int l = 0; l < count; ++l) straighten(l);
    }

    NOISETRAP_HD double log_stretch(int m, int l) const { return log_stretch_[m][l]; }
};

}  // namespace noisetrap
