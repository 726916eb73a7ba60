// How paths lie in a block. A CPU core steps a block of lanes, one path each, in slices: W lanes that go
// through noise and steps together in the vector registers. A GPU thread has one lane.
#pragma once

#include <cstdint>

#include "engine/numbers/elementary.hpp"

namespace noisetrap {

/// Lanes of a slice: a register of variates with AVX-512, two with AVX2.
template <class Variate>
inline constexpr int slice_lanes = 64 / sizeof(Variate);
inline constexpr int widest_slice = slice_lanes<float>;

/// Lanes that a block has room for. Many, since the paths that are left share slices when others have ended.
template <int W>
inline constexpr int most_lanes = W == 1 ? 1 : 1024;

/// The alignment of arrays over lanes, in bytes.
template <int W>
inline constexpr int alignment = W == 1 ? 8 : 64;

/// When to renormalise: far inside the range of Real, for factors up to 2^10 (float) or 2^95 (double) a step.
template <class Real>
struct SafeRange;
template <>
struct SafeRange<float> {
    static constexpr float small = 0x1p-40f, big = 0x1p40f;
};
template <>
struct SafeRange<double> {
    static constexpr double small = 0x1p-256, big = 0x1p256;
};

/// An exponent that no number needs: no lower bound for renormalisation.
inline constexpr std::int64_t no_lowest_exponent = INT64_MIN / 2;

/// log(size 2^exponent), size >= 0: -infinity where it is zero, not a number where it is not finite.
NOISETRAP_HD double log_of_scaled(double size, std::int64_t exponent) {
    const double regular = fma(static_cast<double>(exponent), 0x1.62e42fefa39efp-1, log(size));
    const double any = size <= 0x1.fffffffffffffp+1023 ? regular : __builtin_nan("");
    return size == 0 ? -__builtin_inf() : any;
}

/// In each lane D numbers value[d] 2^exponent: neither overflow nor underflow however long they grow or
/// decay. The last numbers may be no lengths: from number `lengths` on they are just what they are.
template <class Real, int D, int W, int lanes = most_lanes<W>, int lengths = D>
struct ScaledLanes {
    alignas(alignment<W>) Real value[D][lanes];
    std::int64_t exponent[lanes];

    /// The first `count` numbers are x, the others 0.
    NOISETRAP_HD void set(int l, Real x, int count) {
        for (int d = 0; d < D; ++d) value[d][l] = d < count ? x : 0;
        exponent[l] = 0;
    }
    NOISETRAP_HD void move(int from, int to) {
        for (int d = 0; d < D; ++d) value[d][to] = value[d][from];
        exponent[to] = exponent[from];
    }
    NOISETRAP_HD Real size(int l) const {
        Real largest = abs(value[0][l]);
        for (int d = 1; d < lengths; ++d) largest = abs(value[d][l]) > largest ? abs(value[d][l]) : largest;
        return largest;
    }
    static NOISETRAP_HD bool outside(Real size) {
        return (size > SafeRange<Real>::big) | (size < SafeRange<Real>::small);
    }
    NOISETRAP_HD bool need_renormalisation(int count) const {
        int any = 0;
        for (int l = 0; l < count; ++l) any |= outside(size(l));
        return any != 0;
    }
    /// The powers of two move from the values to the exponent, which does not go below `lowest`. A lane is
    /// judged by itself, so that a path's rounding does not depend on its neighbours.
    NOISETRAP_HD void renormalise(int l, std::int64_t lowest) {
        const double largest = size(l);
        const auto biased = static_cast<std::int64_t>(bits_of<std::uint64_t>(largest) >> 52);
        if (!outside(size(l)) || largest == 0 || biased == 0x7ff) return;
        std::int64_t power = biased - 1023;
        if (exponent[l] + power < lowest) power = lowest - exponent[l];
        for (int d = 0; d < lengths; ++d)
            value[d][l] = static_cast<Real>(scale_by_power_of_two(static_cast<double>(value[d][l]), -power));
        exponent[l] += power;
    }
    /// log of the first number's size: -infinity where it is zero, not a number where the path has failed.
    NOISETRAP_HD double log_abs(int l) const {
        return log_of_scaled(abs(static_cast<double>(value[0][l])), exponent[l]);
    }
};

}  // namespace noisetrap
