// A number with its derivatives along K directions at once: what a network's functions cost is paid once for all of them.
// With K = 0 it is a plain number. Products and sums are rounded one by one: on processors of the oldest kind a fused
// one is a call.
#pragma once

#include <array>

#include "engine/numbers/normal_law.hpp"

namespace noisetrap {

template <std::size_t K>
struct Bundle {
    double value = 0;
    std::array<double, K> slope{};

    /// value, and of each slope s(k).
    template <class S>
    static Bundle of(double value, S s) {
        Bundle made{value, {}};
        for (std::size_t k = 0; k < K; ++k) made.slope[k] = s(k);
        return made;
    }
};

template <std::size_t K>
struct BaseOf<Bundle<K>> {
    using type = double;
};

template <std::size_t K>
double value_of(const Bundle<K>& x) {
    return x.value;
}
template <std::size_t K>
Bundle<K> operator+(const Bundle<K>& x, const Bundle<K>& y) {
    return Bundle<K>::of(x.value + y.value, [&](std::size_t k) { return x.slope[k] + y.slope[k]; });
}
template <std::size_t K>
Bundle<K> operator+(const Bundle<K>& x, double c) {
    return {x.value + c, x.slope};
}
template <std::size_t K>
Bundle<K> operator-(const Bundle<K>& x, double c) {
    return {x.value - c, x.slope};
}
template <std::size_t K>
Bundle<K> operator*(double c, const Bundle<K>& x) {
    return Bundle<K>::of(c * x.value, [&](std::size_t k) { return c * x.slope[k]; });
}
template <std::size_t K>
Bundle<K> operator*(const Bundle<K>& x, const Bundle<K>& y) {
    return Bundle<K>::of(x.value * y.value,
                         [&](std::size_t k) { return x.value * y.slope[k] + x.slope[k] * y.value; });
}
template <std::size_t K>
Bundle<K> fma(const Bundle<K>& x, const Bundle<K>& y, const Bundle<K>& z) {
    return Bundle<K>::of(x.value * y.value + z.value, [&](std::size_t k) {
        return x.value * y.slope[k] + x.slope[k] * y.value + z.slope[k];
    });
}
template <std::size_t K>
Bundle<K> operator/(const Bundle<K>& x, const Bundle<K>& y) {
    const double ratio = x.value / y.value;
    return Bundle<K>::of(ratio, [&](std::size_t k) { return (x.slope[k] - ratio * y.slope[k]) / y.value; });
}
template <std::size_t K>
Bundle<K> operator/(double c, const Bundle<K>& y) {
    return Bundle<K>{c, {}} / y;
}
template <std::size_t K>
Bundle<K> operator-(const Bundle<K>& x) {
    return -1.0 * x;
}
template <std::size_t K>
Bundle<K> operator-(const Bundle<K>& x, const Bundle<K>& y) {
    return Bundle<K>::of(x.value - y.value, [&](std::size_t k) { return x.slope[k] - y.slope[k]; });
}
template <std::size_t K>
Bundle<K> select(bool first, const Bundle<K>& x, const Bundle<K>& y) {
    return first ? x : y;
}
/// A function of x whose value and slope are known there.
template <std::size_t K>
Bundle<K> composed(double value, double slope, const Bundle<K>& x) {
    return Bundle<K>::of(value, [&](std::size_t k) { return slope * x.slope[k]; });
}
template <std::size_t K>
Bundle<K> exp(const Bundle<K>& x) {
    const double power = exp(x.value);
    return composed(power, power, x);
}
template <std::size_t K>
Bundle<K> tanh(const Bundle<K>& x) {
    const double t = tanh(x.value);
    return composed(t, 1 - t * t, x);
}
template <std::size_t K>
Bundle<K> normal_below(const Bundle<K>& x) {
    return composed(normal_below(x.value), normal_density(x.value), x);
}

}  // namespace noisetrap
