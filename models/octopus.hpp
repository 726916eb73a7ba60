// A chain of saddles, each a way out of one axis and into the next (Du, Jin, Lee, Jordan, Singh and Poczos
// 2017, "Gradient descent can take exponential time to escape saddle points"). With x_1, ..., x_d and until
// x_d is left, the first x_i < 2 tau is the axis that is being left:
//   f = sum_{j<i} (L (x_j - 4 tau)^2 - nu) + g(x_i, x_{i+1}) + sum_{j>i+1} L x_j^2,
//   g = -gamma x_i^2 + L x_{i+1}^2                       for x_i <= tau,
//   g = g1(x_i) + g2(x_i) x_{i+1}^2                      for tau <= x_i < 2 tau,
// and f = sum_j (L (x_j - 4 tau)^2 - nu) at the end. With e = x/tau - 1,
//   g1 = tau^2 (-gamma (1 + e)^2 + (10 gamma - 14 L) e^3/3 + (5 L - 3 gamma) e^4/2),
//   g2 = L - (L + gamma) (10 e^3 - 15 e^4 + 6 e^5),   nu = 4 L tau^2 - g1(2 tau),
// and f(|x_1|, ..., |x_d|) for other signs. The paper defines f where all axes after x_i are at most tau;
// here the same formula serves beyond. While x_i is left x_{i+1} is drawn to its saddle, so that
// to leave that takes gradient descent longer by a factor: exponentially long in d for all. An axis that waits for its turn
// becomes so small that it needs a power of two of its own (AtDepth).
#pragma once

#include <array>

#include "engine/catalogue/params.hpp"
#include "engine/noise/law.hpp"
#include "engine/numbers/dual.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/numbers/state.hpp"
#include "engine/paths/process.hpp"
#include "models/optimised.hpp"

namespace noisetrap {

/// The axis that is being left, in units of tau: its size, what of it is beyond tau (e), and the size of the axis after
/// it.
template <class X>
struct OctopusWay {
    X size, beyond, next;
};

/// f where axis x_i is being left.
template <class Real>
struct OctopusStage {
    Real gamma, L;

    /// g2.
    template <class X>
    NOISETRAP_HD X hold(X e) const {
        constexpr Real c[] = {10, -15, 6};
        return L - (L + gamma) * (e * e * e * (c[0] + e * (c[1] + c[2] * e)));
    }
    /// dg/dx_i in units of tau.
    template <class X>
    NOISETRAP_HD X leaving_slope(const OctopusWay<X>& way) const {
        const X e = way.beyond, held = e * (static_cast<Real>(1) - e) * way.next;
        const X alone = e * e * (10 * gamma - 14 * L + (10 * L - 6 * gamma) * e) - 2 * gamma * way.size;
        return alone - 30 * (L + gamma) * (held * held);
    }
    /// g in units of tau^2.
    template <class X>
    NOISETRAP_HD X value(const OctopusWay<X>& way) const {
        const X e = way.beyond;
        const X alone = e * e * e * ((10 * gamma - 14 * L) / 3 + (5 * L - 3 * gamma) / 2 * e) -
                        gamma * (way.size * way.size);
        return alone + hold(e) * (way.next * way.next);
    }
    /// nu in units of tau^2.
    NOISETRAP_HD Real fall() const { return 4 * L - value<Real>({2, 1, 0}); }
};

/// The paper's x_k is at[dimension - k]: at[0], which a run reports, is the last axis to be left.
template <class Real>
struct OctopusLoss {
    static constexpr int dimensions = 8, noises = 1, starts = dimensions;
    static constexpr bool differentiable = true;
    static constexpr double smallest_size =
        sizeof(Real) == sizeof(double) ? 1e-300 : 1e-37;  // else a path fails
    Real gamma, L, tau;
    int dimension;  // axes; coordinates beyond them have no gradient

    struct Sample {};

    template <int N>
    NOISETRAP_HD Sample sample(const Draw<Real, N>&) const {
        return {};
    }
    template <class X>
    NOISETRAP_HD State<X, dimensions> gradient(const State<X, dimensions>& x, Real unit, Sample) const {
        return mean_gradient(x, unit);
    }
    template <class X>
    NOISETRAP_HD State<X, dimensions> mean_gradient(const State<X, dimensions>& x, Real unit) const {
        auto slope = slopes(x, unit, State<Real, dimensions>{});
        bool lost = false;  // an axis has shrunk out of the range of a double, and would stay there
        NOISETRAP_UNROLL
        for (int i = 0; i < dimensions; ++i) {
            const Real size = abs(value_of(x.at[i])) / (tau * unit);
            lost |= (i < dimension) & (size > 0) & (size < static_cast<Real>(smallest_size));
        }
        slope.at[0] = select(lost, X{} + static_cast<Real>(__builtin_nan("")), slope.at[0]);
        return slope;
    }
    /// The gradient where axis i is x.at[i] times some power of two, far below tau where depth.at[i] < 0. Only its own
    /// slope feels such an axis, and that is a multiple of it.
    template <class X>
    NOISETRAP_HD State<X, dimensions> slopes(const State<X, dimensions>& x, Real unit,
                                             const State<Real, dimensions>& depth) const {
        constexpr Real two = 2, four = 4;
        const Real length = tau * unit;
        State<X, dimensions + 1> size;  // of the axes in units of tau, from place 1 on
        size.at[0] = X{};               // no axis comes after the last
        NOISETRAP_UNROLL
        for (int i = 0; i < dimensions; ++i) size.at[i + 1] = abs(x.at[i]) * (1 / length);
        const Way<X> way = way_out(size, depth);
        const OctopusStage<Real> stage{gamma, L};
        const X lead = stage.leaving_slope(way), held = two * stage.hold(way.beyond);
        State<X, dimensions> slope;
        bool reached = true;   // all axes before this one have been left
        bool follows = false;  // the one before this one is being left
        NOISETRAP_UNROLL
        for (int i = dimensions - 1; i >= 0; --i) {
            const X s = size.at[i + 1];
            const bool axis = i < dimension, deep = depth.at[i] < 0,
                       leads = axis & reached & (deep | (value_of(s) < 2));
            const X own = select(deep, X{} + value_of(held), held),
                    pulled = select(reached, two * L * (s - four), select(follows, own, X{} + two * L) * s);
            const X uphill = length * select(leads, lead, pulled);
            slope.at[i] = select(axis, select(value_of(x.at[i]) < 0, -uphill, uphill), X{});
            reached = reached & !leads;
            follows = leads;
        }
        return slope;
    }

    NOISETRAP_HD Law law(int) const { return Law::gaussian; }
    NOISETRAP_HD bool uses(int) const { return false; }
    NOISETRAP_HD bool moves_zero() const { return false; }

  private:
    template <class X>
    using Way = OctopusWay<X>;
    template <class X>
    NOISETRAP_HD Way<X> way_out(const State<X, dimensions + 1>& size,
                                const State<Real, dimensions>& depth) const {
        Way<X> way{};
        bool deep = false, next_deep = false;  // the axis that is being left, and that after it
        NOISETRAP_UNROLL
        for (int i = 0; i < dimensions; ++i) {  // from the last axis to the first, which overrides the others
            const bool below = depth.at[i] < 0,
                       within = (i < dimension) & (below | (value_of(size.at[i + 1]) < 2));
            way.size = select(within, size.at[i + 1], way.size);
            way.next = select(within, select(next_deep, X{}, size.at[i]), way.next);
            deep = within ? below : deep;
            next_deep = below;
        }
        const X e = way.size - static_cast<Real>(1);
        way.beyond = select((value_of(e) > 0) & !deep, e, X{});
        return way;
    }
};

/// The octopus with a power of two for each axis, as one step of an optimiser sees it.
template <class Real>
struct OctopusAtDepth : OctopusLoss<Real> {
    using Loss = OctopusLoss<Real>;
    State<Real, Loss::dimensions> depth;

    template <class X>
    NOISETRAP_HD auto mean_gradient(const State<X, Loss::dimensions>& x, Real unit) const {
        return Loss::slopes(x, unit, depth);
    }
    template <class X>
    NOISETRAP_HD auto gradient(const State<X, Loss::dimensions>& x, Real unit, typename Loss::Sample) const {
        return mean_gradient(x, unit);
    }
};

/// Under an optimiser whose step is linear, an axis that waits is multiplied at every step, together with what is
/// remembered of it. So it is kept as a number times 2^(bits depth), depth <= 0 behind all lengths of the state.
/// Derivatives by the start are kept as they are: that of a waiting axis may become 0.
template <class Optimiser, class Real>
requires(is_linear<Optimiser>) struct Optimised<OctopusLoss<Real>, Optimiser, Real> {
    static constexpr int dimensions = OctopusLoss<Real>::dimensions,
                         lengths = dimensions * (1 + Optimiser::memory), numbers = lengths + dimensions,
                         noises = OctopusLoss<Real>::noises, starts = dimensions;
    static constexpr bool differentiable = true, has_length = true;
    static constexpr std::int64_t lowest_exponent = -900;
    static constexpr bool is_double = sizeof(Real) == sizeof(double);
    static constexpr Real down = is_double ? 0x1p-200 : 0x1p-32, up = 1 / down;
    static constexpr Real deepest = is_double ? -0x1p53 : -0x1p24;  // beyond, depths are not counted
    OctopusLoss<Real> loss;
    Optimiser optimiser;

    template <class X, int N>
    NOISETRAP_HD State<X, numbers> step(const State<X, numbers>& s, Real unit, unsigned long long n,
                                        const Draw<Real, N>& noise) const {
        const OctopusAtDepth<Real> below{loss, depths(s)};
        const Here<OctopusAtDepth<Real>, Real, Real, N> here{below, unit, n, noise};
        State<X, dimensions> v[1 + Optimiser::memory];
        NOISETRAP_UNROLL
        for (int i = 0; i < lengths; ++i) v[i / dimensions].at[i % dimensions] = s.at[i];
        optimiser.step(v[0], v + 1, here);
        State<X, numbers> next;
        NOISETRAP_UNROLL
        for (int i = 0; i < dimensions; ++i) {
            Real size = 0;
            for (const auto& vector : v) {
                const Real other = abs(value_of(vector.at[i]));
                size = other > size ? other : size;
            }
            const Real length = loss.tau * unit, depth = below.depth.at[i];
            const bool sinks = (i < loss.dimension) & (size > 0) & (size < down * length),
                       rises = (depth < 0) & (size > length);
            const Real by = sinks ? up : rises ? down : 1;
            NOISETRAP_UNROLL
            for (int k = 0; k <= Optimiser::memory; ++k)
                next.at[k * dimensions + i] = rescaled(v[k].at[i], by);
            next.at[lengths + i] = X{} + (sinks ? depth - 1 : rises ? depth + 1 : depth);
            if (!is_double)
                next.at[0] = select(depth <= deepest, X{} + static_cast<Real>(__builtin_nan("")), next.at[0]);
        }
        return next;
    }
    /// The last axis as a number: 0 where that is too small for one.
    NOISETRAP_HD Real observed(const State<Real, numbers>& s, Real) const {
        constexpr int scales = is_double ? 4 : 3;
        const Real depth = s.at[lengths];
        Real scale = 1;
        NOISETRAP_UNROLL
        for (int k = 0; k < scales; ++k) scale = depth < -k ? scale * down : scale;
        return depth < -scales ? 0 * s.at[0] : s.at[0] * scale;
    }
    Law law(int) const { return Law::none; }
    NOISETRAP_HD bool moves_zero() const { return false; }
    int active_noises() const { return 1; }

  private:
    static NOISETRAP_HD Real rescaled(Real x, Real by) { return x * by; }
    static NOISETRAP_HD Dual<Real> rescaled(Dual<Real> x, Real by) { return {x.value * by, x.slope}; }
    template <class X>
    static NOISETRAP_HD State<Real, dimensions> depths(const State<X, numbers>& s) {
        return each<dimensions>([&](int i) NOISETRAP_INLINED { return value_of(s.at[lengths + i]); });
    }
};

struct Octopus {
    template <class Real>
    using Loss = OctopusLoss<Real>;
    static constexpr const char* name = "octopus";
    static constexpr const char* equation =
        "f = sum_{j<i} (L (|x_j| - 4 tau)^2 - nu) + g(|x_i|, |x_{i+1}|) + sum_{j>i+1} L x_j^2,  i the first "
        "axis "
        "with |x_i| < 2 tau";
    double dimension = 5, gamma = 1.0, L = 1.0, tau = 2.718281828459045;

    static auto parameters() {
        return std::array{
            noisetrap::number("dimension", &Octopus::dimension, 1, OctopusLoss<double>::dimensions, "-",
                              "axes to leave, a whole number"),
            noisetrap::number("gamma", &Octopus::gamma, 0, 1e6, "1/step",
                              "half the rate of leaving a saddle"),
            noisetrap::number("L", &Octopus::L, 0, 1e6, "1/step", "half the curvature of the other axes"),
            noisetrap::number("tau", &Octopus::tau, 1e-12, 1e12, "length",
                              "length of a stage: saddles are 4 tau apart (no noise)")};
    }

    /// What is wrong with these values together, or nothing.
    Complaint complaint() const { return unless_whole("dimension", dimension); }

    template <class Real>
    Loss<Real> loss() const {
        return {static_cast<Real>(gamma), static_cast<Real>(L), static_cast<Real>(tau),
                static_cast<int>(dimension)};
    }
};

}  // namespace noisetrap
