// How far a function is from the exact one.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

/// The largest error of f over many arguments, in units of the last place of the exact result, but of `smallest` at least,
/// below which relative accuracy is not needed.
template <class T, class F, class Exact>
double largest_error(F f, Exact exact, T from, T to, double smallest = 0) {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<T> in(from, to);
    double worst = 0;
    for (int i = 0; i < 400000; ++i) {
        const T x = in(random);
        const long double truth = exact(static_cast<long double>(x));
        const double unit =
            std::max(static_cast<double>(std::abs(truth)), smallest) * std::numeric_limits<T>::epsilon();
        worst = std::max(worst, static_cast<double>(std::abs(f(x) - truth)) / unit);
    }
    return worst;
}
