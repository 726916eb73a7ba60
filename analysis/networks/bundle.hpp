// A number with its derivatives along K directions at once: what a network's functions cost is paid once for all of them.
// With K = 0 it is a plain number. Products and sums are rounded one by one: on processors of the oldest kind a fused
// one is a call.
#pragma once

#include <array>

#include "analysis/networks/unit_function.hpp"

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
Bundle<K> exp(const Bundle<K>& x) {
    const double power = std::exp(x.value);
    return Bundle<K>::of(power, [&](std::size_t k) { return power * x.slope[k]; });
}
template <std::size_t K>
UnitValue<Bundle<K>> unit_value(UnitFunction function, const Bundle<K>& x) {
    const auto f = unit_derivatives(function, x.value);
    return {Bundle<K>::of(f[0], [&](std::size_t k) { return f[1] * x.slope[k]; }),
            Bundle<K>::of(f[1], [&](std::size_t k) { return f[2] * x.slope[k]; })};
}

}  // namespace noisetrap
