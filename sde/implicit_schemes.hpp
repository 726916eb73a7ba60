// Schemes whose drift is taken at the end of the step too, and so has to be solved for. Kloeden and Platen, "Numerical
// solution of stochastic differential equations" (1992), section 12.2; of drifts that are one-sided Lipschitz Higham, Mao
// and Stuart, SIAM J. Numer. Anal. 40 (2002) 1041.
#pragma once

#include "sde/scheme.hpp"

namespace noisetrap {

/// Newton's iterations of a step. Where the last of them still moves y by more than a share of 2^-16 there is no solution
/// that they find, and the path fails: it is no number from then on.
inline constexpr int newton_iterations = 12;

/// A number that is 1, or a state whose number j is 1 and the others 0.
template <class Real, class X>
NOISETRAP_HD X unit_vector(X, int) {
    return X{} + static_cast<Real>(1);
}
template <class Real, class X, int D>
NOISETRAP_HD State<X, D> unit_vector(const State<X, D>&, int j) {
    return each<D>([&](int i) NOISETRAP_INLINED { return i == j ? X{} + static_cast<Real>(1) : X{}; });
}

/// The largest of the numbers without their derivatives.
template <class X>
NOISETRAP_HD Base<X> size_of(X x) {
    return abs(value_of(x));
}
template <class X, int D>
NOISETRAP_HD Base<X> size_of(const State<X, D>& x) {
    Base<X> largest = abs(value_of(x.at[0]));
    NOISETRAP_UNROLL
    for (int i = 1; i < D; ++i) largest = abs(value_of(x.at[i])) > largest ? abs(value_of(x.at[i])) : largest;
    return largest;
}

/// (y - theta F(y) - from) over its slope 1 - theta F'(y): how far Newton's iteration moves y.
template <class Real, class Step, class X, class Unit>
NOISETRAP_HD X newton_move(const Step& sde, X y, X from, Unit unit, Real theta) {
    const auto f = sde.drift(moving(y, unit_vector<Real>(y, 0)), unit);
    return (y - theta * f.value - from) / (static_cast<Real>(1) - theta * f.slope);
}
/// Of several variables by elimination, without an exchange of rows: where steps resolve the drift the matrix is near 1.
template <class Real, class Step, class X, int D, class Unit>
NOISETRAP_HD State<X, D> newton_move(const Step& sde, const State<X, D>& y, const State<X, D>& from,
                                     Unit unit, Real theta) {
    State<X, D> row[D], move = y - theta * sde.drift(y, unit) - from;
    NOISETRAP_UNROLL
    for (int j = 0; j < D; ++j) {
        const auto slope = slope_of(sde.drift(moving(y, unit_vector<Real>(y, j)), unit));
        NOISETRAP_UNROLL
        for (int i = 0; i < D; ++i) {
            row[i].at[j] = -theta * slope.at[i];
            if (i == j) row[i].at[j] = static_cast<Real>(1) + row[i].at[j];
        }
    }
    NOISETRAP_UNROLL
    for (int j = 0; j < D; ++j) {
        NOISETRAP_UNROLL
        for (int i = j + 1; i < D; ++i) {
            const X share = row[i].at[j] / row[j].at[j];
            NOISETRAP_UNROLL
            for (int k = j; k < D; ++k) row[i].at[k] = row[i].at[k] - share * row[j].at[k];
            move.at[i] = move.at[i] - share * move.at[j];
        }
    }
    NOISETRAP_UNROLL
    for (int i = D - 1; i >= 0; --i) {
        NOISETRAP_UNROLL
        for (int k = i + 1; k < D; ++k) move.at[i] = move.at[i] - row[i].at[k] * move.at[k];
        move.at[i] = move.at[i] / row[i].at[i];
    }
    return move;
}

/// The y of y = from + theta F(y) that Newton's iterations come to from `guess`.
template <class Step, class X, class Unit>
NOISETRAP_HD X solved(const Step& sde, X from, X guess, Unit unit, double share) {
    using Real = typename Step::Number;
    const Real theta = static_cast<Real>(share);
    X y = guess, move = guess;
    NOISETRAP_UNROLL
    for (int i = 0; i < newton_iterations; ++i) {
        move = newton_move<Real>(sde, y, from, unit, theta);
        y = y - move;
    }
    const bool found = size_of(move) <= static_cast<Real>(0x1p-16) * (size_of(y) + size_of(from));
    return select(found, y, static_cast<Real>(__builtin_nan("")) * y);
}

/// y = x + (1 - theta) F(x) + theta F(y) + G(x) z
struct DriftImplicit : SchemeNoise<Takes::any> {
    static constexpr Calculus calculus = Calculus::ito;
    static constexpr double strong_order = 0.5, order_of_several = 0.5, weak_order = 1;
    static constexpr int drifts = 1 + newton_iterations, amplitudes = 1;
    static constexpr bool looks_ahead = true, for_systems = true;
};

/// theta = 1
struct ImplicitEuler : DriftImplicit {
    static constexpr const char* name = "implicit-euler";

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        return solved(later(sde, 1), sde.diffused(x, x, unit, noise), x, unit, 1);
    }
};

/// theta = 1/2
struct Trapezoidal : DriftImplicit {
    static constexpr const char* name = "trapezoidal";

    template <class Step, class X, class Unit, class Noise>
    static NOISETRAP_HD X step(const Step& sde, X x, Unit unit, const Noise& noise) {
        const X drifted = x + static_cast<typename Step::Number>(0.5) * sde.drift(x, unit);
        return solved(later(sde, 1), sde.diffused(drifted, x, unit, noise), x, unit, 0.5);
    }
};

}  // namespace noisetrap
