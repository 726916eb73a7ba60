// Points and other short rows of numbers, with the arithmetic in which optimisers are published.
#pragma once

#include "engine/numbers/dual.hpp"

namespace noisetrap {

/// The numbers of a state, or the coordinates of a point.
template <class X, int D>
struct State {
    X at[D];
};

/// of(i) for each coordinate.
template <int D, class Of>
NOISETRAP_HD auto each(Of of) {
    State<decltype(of(0)), D> s;
    NOISETRAP_UNROLL
    for (int i = 0; i < D; ++i) s.at[i] = of(i);
    return s;
}

template <class X, int D>
NOISETRAP_HD State<X, D> operator+(const State<X, D>& x, const State<X, D>& y) {
    return each<D>([&](int i) NOISETRAP_INLINED { return x.at[i] + y.at[i]; });
}
template <class X, int D>
NOISETRAP_HD State<X, D> operator-(const State<X, D>& x, const State<X, D>& y) {
    return each<D>([&](int i) NOISETRAP_INLINED { return x.at[i] - y.at[i]; });
}
template <class C, class X, int D>
NOISETRAP_HD State<X, D> operator*(C c, const State<X, D>& x) {
    return each<D>([&](int i) NOISETRAP_INLINED { return c * x.at[i]; });
}
/// c x + y.
template <class C, class X, int D>
NOISETRAP_HD State<X, D> fma(C c, const State<X, D>& x, const State<X, D>& y) {
    return each<D>([&](int i) NOISETRAP_INLINED { return fma(c, x.at[i], y.at[i]); });
}
template <class X, int D>
NOISETRAP_HD State<X, D> select(bool first, const State<X, D>& x, const State<X, D>& y) {
    return each<D>([&](int i) NOISETRAP_INLINED { return select(first, x.at[i], y.at[i]); });
}
/// The numbers without their derivatives.
template <class X, int D>
NOISETRAP_HD State<Base<X>, D> values_of(const State<X, D>& x) {
    return each<D>([&](int i) NOISETRAP_INLINED { return value_of(x.at[i]); });
}
template <class X, int D>
NOISETRAP_HD X squared_length(const State<X, D>& x) {
    X sum = x.at[0] * x.at[0];
    NOISETRAP_UNROLL
    for (int i = 1; i < D; ++i) sum = fma(x.at[i], x.at[i], sum);
    return sum;
}

}  // namespace noisetrap
