// A number of each sample of a pack, with its derivatives along K directions at once: what a network's functions cost is
// paid once for all directions. With K = 0 it is a plain pack.
#pragma once

#include "analysis/networks/sample_sums_task.hpp"
#include "engine/numbers/pack.hpp"

namespace noisetrap {

using SamplePack = Pack<double, samples_at_once>;

template <std::size_t K>
struct Bundle {
    SamplePack value{};
    SamplePack slope[K > 0 ? K : 1]{};

    /// value, and of each slope s(k).
    template <class S>
    static NOISETRAP_HD Bundle of(const SamplePack& value, const S& s) {
        Bundle made;
        made.value = value;
        NOISETRAP_UNROLL
        for (std::size_t k = 0; k < K; ++k) made.slope[k] = s(k);
        return made;
    }
};

template <std::size_t K>
struct BaseOf<Bundle<K>> {
    using type = SamplePack;
};

template <std::size_t K>
NOISETRAP_HD SamplePack value_of(const Bundle<K>& x) {
    return x.value;
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> operator+(const Bundle<K>& x, const Bundle<K>& y) {
    return Bundle<K>::of(x.value + y.value,
                         [&](std::size_t k) NOISETRAP_INLINED { return x.slope[k] + y.slope[k]; });
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> operator-(const Bundle<K>& x, const Bundle<K>& y) {
    return Bundle<K>::of(x.value - y.value,
                         [&](std::size_t k) NOISETRAP_INLINED { return x.slope[k] - y.slope[k]; });
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> operator+(const Bundle<K>& x, const SamplePack& c) {
    return Bundle<K>::of(x.value + c, [&](std::size_t k) NOISETRAP_INLINED { return x.slope[k]; });
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> operator-(const Bundle<K>& x, const SamplePack& c) {
    return Bundle<K>::of(x.value - c, [&](std::size_t k) NOISETRAP_INLINED { return x.slope[k]; });
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> operator-(const Bundle<K>& x) {
    return Bundle<K>::of(-x.value, [&](std::size_t k) NOISETRAP_INLINED { return -x.slope[k]; });
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> operator*(const SamplePack& c, const Bundle<K>& x) {
    return Bundle<K>::of(c * x.value, [&](std::size_t k) NOISETRAP_INLINED { return c * x.slope[k]; });
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> operator*(const Bundle<K>& x, const Bundle<K>& y) {
    return Bundle<K>::of(x.value * y.value, [&](std::size_t k) NOISETRAP_INLINED {
        return fma(x.value, y.slope[k], x.slope[k] * y.value);
    });
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> fma(const Bundle<K>& x, const Bundle<K>& y, const Bundle<K>& z) {
    return Bundle<K>::of(fma(x.value, y.value, z.value), [&](std::size_t k) NOISETRAP_INLINED {
        return fma(x.value, y.slope[k], fma(x.slope[k], y.value, z.slope[k]));
    });
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> fma(const SamplePack& c, const Bundle<K>& y, const Bundle<K>& z) {
    return Bundle<K>::of(fma(c, y.value, z.value),
                         [&](std::size_t k) NOISETRAP_INLINED { return fma(c, y.slope[k], z.slope[k]); });
}
/// Products with what no direction moves: inputs of a sample.
template <std::size_t K>
NOISETRAP_HD Bundle<K> operator*(const Bundle<K>& x, const SamplePack& c) {
    return Bundle<K>::of(x.value * c, [&](std::size_t k) NOISETRAP_INLINED { return x.slope[k] * c; });
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> fma(const Bundle<K>& x, const SamplePack& c, const Bundle<K>& z) {
    return Bundle<K>::of(fma(x.value, c, z.value),
                         [&](std::size_t k) NOISETRAP_INLINED { return fma(x.slope[k], c, z.slope[k]); });
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> operator/(const Bundle<K>& x, const Bundle<K>& y) {
    const SamplePack ratio = x.value / y.value;
    return Bundle<K>::of(ratio, [&](std::size_t k) NOISETRAP_INLINED {
        return fma(-ratio, y.slope[k], x.slope[k]) / y.value;
    });
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> operator/(const SamplePack& c, const Bundle<K>& y) {
    return Bundle<K>{c, {}} / y;
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> select(const typename SamplePack::Mask& first, const Bundle<K>& x,
                              const Bundle<K>& y) {
    return Bundle<K>::of(select(first, x.value, y.value), [&](std::size_t k) NOISETRAP_INLINED {
        return select(first, x.slope[k], y.slope[k]);
    });
}
/// A function of x whose value and slope are known there.
template <std::size_t K>
NOISETRAP_HD Bundle<K> composed(const SamplePack& value, const SamplePack& slope, const Bundle<K>& x) {
    return Bundle<K>::of(value, [&](std::size_t k) NOISETRAP_INLINED { return slope * x.slope[k]; });
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> exp(const Bundle<K>& x) {
    const SamplePack power = exp(x.value);
    return composed(power, power, x);
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> tanh(const Bundle<K>& x) {
    const SamplePack t = tanh(x.value);
    return composed(t, SamplePack(1) - t * t, x);
}
template <std::size_t K>
NOISETRAP_HD Bundle<K> normal_below(const Bundle<K>& x) {
    return composed(normal_below(x.value), normal_density(x.value), x);
}

}  // namespace noisetrap
