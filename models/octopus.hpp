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
// to leave that takes gradient descent longer by a factor: exponentially long in d for all.
#pragma once

#include <array>

#include "engine/catalogue/params.hpp"
#include "engine/noise/law.hpp"
#include "engine/numbers/dual.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/numbers/state.hpp"
#include "engine/paths/process.hpp"

namespace noisetrap {

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
        constexpr Real two = 2, four = 4;
        const Real length = tau * unit;
        State<X, dimensions + 1> size;  // of the axes in units of tau, from place 1 on
        size.at[0] = X{};               // no axis comes after the last
        NOISETRAP_UNROLL
        for (int i = 0; i < dimensions; ++i) size.at[i + 1] = abs(x.at[i]) * (1 / length);
        const Way<X> way = way_out(size);
        const X lead = leaving_slope(way), held = two * hold(way.beyond);
        State<X, dimensions> slope;
        bool reached = true;   // all axes before this one have been left
        bool follows = false;  // the one before this one is being left
        bool lost = false;     // an axis has shrunk out of the range of a double, and would stay there
        NOISETRAP_UNROLL
        for (int i = dimensions - 1; i >= 0; --i) {
            const X s = size.at[i + 1];
            const bool axis = i < dimension, leads = axis & reached & (value_of(s) < 2);
            const X pulled = select(reached, two * L * (s - four), select(follows, held, X{} + two * L) * s);
            const X uphill = length * select(leads, lead, pulled);
            slope.at[i] = select(axis, select(value_of(x.at[i]) < 0, -uphill, uphill), X{});
            reached = reached & !leads;
            follows = leads;
            lost |= axis & (value_of(s) > 0) & (value_of(s) < static_cast<Real>(smallest_size));
        }
        slope.at[0] = select(lost, X{} + static_cast<Real>(__builtin_nan("")), slope.at[0]);
        return slope;
    }

    NOISETRAP_HD Law law(int) const { return Law::gaussian; }
    NOISETRAP_HD bool uses(int) const { return false; }
    NOISETRAP_HD bool moves_zero() const { return false; }

  private:
    /// The axis that is being left, in units of tau: its size, what of it is beyond tau (e), and the size of
    /// the axis after it.
    template <class X>
    struct Way {
        X size, beyond, next;
    };

    template <class X>
    NOISETRAP_HD Way<X> way_out(const State<X, dimensions + 1>& size) const {
        Way<X> way{};
        NOISETRAP_UNROLL
        for (int i = 0; i < dimensions; ++i) {  // from the last axis to the first, which overrides the others
            const bool within = (i < dimension) & (value_of(size.at[i + 1]) < 2);
            way.size = select(within, size.at[i + 1], way.size);
            way.next = select(within, size.at[i], way.next);
        }
        const X e = way.size - static_cast<Real>(1);
        way.beyond = select(value_of(e) > 0, e, X{});
        return way;
    }
    /// g2.
    template <class X>
    NOISETRAP_HD X hold(X e) const {
        constexpr Real c[] = {10, -15, 6};
        return L - (L + gamma) * (e * e * e * (c[0] + e * (c[1] + c[2] * e)));
    }
    /// dg/dx_i in units of tau.
    template <class X>
    NOISETRAP_HD X leaving_slope(const Way<X>& way) const {
        const X e = way.beyond, held = e * (static_cast<Real>(1) - e) * way.next;
        const X alone = e * e * (10 * gamma - 14 * L + (10 * L - 6 * gamma) * e) - 2 * gamma * way.size;
        return alone - 30 * (L + gamma) * (held * held);
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
