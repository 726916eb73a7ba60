// W numbers, one of each lane of a slice, that go through arithmetic together in vector registers: for states that are
// too wide for the loops over lanes of path_block.hpp. Each operation is that of its lanes, so that a pack has the bits
// of W plain numbers. With one lane the number itself takes a pack's place.
#pragma once

#include <cstring>
#include <type_traits>

#include "engine/numbers/lanes.hpp"
#include "engine/numbers/normal_law.hpp"

#if (defined(__AVX512F__) || (defined(__AVX2__) && defined(__FMA__))) && !defined(__CUDACC__)
    #include <immintrin.h>
#endif

namespace noisetrap {

#if !defined(__CUDACC__)
    #if defined(__AVX512F__)
inline constexpr int register_bytes = 64;
    #elif defined(__AVX2__)
inline constexpr int register_bytes = 32;
    #else
inline constexpr int register_bytes = 16;
    #endif

template <class Real, int W>
class Pack {
    static constexpr int parts = W * static_cast<int>(sizeof(Real)) / register_bytes;
    static constexpr int lanes_of_part = W / parts;
    using Part [[gnu::vector_size(register_bytes)]] = Real;
    using Bits [[gnu::vector_size(register_bytes)]] =
        std::conditional_t<sizeof(Real) == 4, std::int32_t, std::int64_t>;
    Part part_[parts];

    /// of(i) for each register.
    template <class Of>
    static NOISETRAP_HD Pack each_part(Of of) {
        Pack made;
        NOISETRAP_UNROLL
        for (int i = 0; i < parts; ++i) made.part_[i] = of(i);
        return made;
    }
    template <class Function>
    static NOISETRAP_HD Pack each_lane(const Pack& x, Function function) {
        alignas(64) Real lane[W];
        x.store(lane);
        NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) lane[k] = function(lane[k]);
        return Pack::load(lane);
    }
    static NOISETRAP_HD Part fused(Part a, Part b, Part c) {
    #if defined(__AVX512F__)
        if constexpr (sizeof(Real) == 4) {
            return (Part)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
        } else {
            return (Part)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
        }
    #elif defined(__AVX2__) && defined(__FMA__)
        if constexpr (sizeof(Real) == 4) {
            return (Part)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
        } else {
            return (Part)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
        }
    #else
        Part r;
        for (int k = 0; k < lanes_of_part; ++k) r[k] = noisetrap::fma(a[k], b[k], c[k]);
        return r;
    #endif
    }

    /// The lanes of a, and behind them those of b, in this order.
    static NOISETRAP_HD Part shuffled(const Part& a, const Part& b, const Bits& order) {
    #ifdef __clang__
        Part r;
        for (int k = 0; k < lanes_of_part; ++k)
            r[k] = order[k] < lanes_of_part ? a[order[k]] : b[order[k] - lanes_of_part];
        return r;
    #else
        return __builtin_shuffle(a, b, order);
    #endif
    }

    /// A square of numbers, transposed: each round is a perfect shuffle of the rows with those half a square below.
    static NOISETRAP_HD void turn(Part (&square)[lanes_of_part]) {
        Bits low, high;
        for (int k = 0; k < lanes_of_part; ++k) {
            low[k] = k / 2 + k % 2 * lanes_of_part;
            high[k] = low[k] + lanes_of_part / 2;
        }
        NOISETRAP_UNROLL
        for (int round = 1; round < lanes_of_part; round *= 2) {
            Part next[lanes_of_part];
            NOISETRAP_UNROLL
            for (int k = 0; k < lanes_of_part / 2; ++k) {
                const Part &a = square[k], &b = square[k + lanes_of_part / 2];
                next[2 * k] = shuffled(a, b, low);
                next[2 * k + 1] = shuffled(a, b, high);
            }
            NOISETRAP_UNROLL
            for (int k = 0; k < lanes_of_part; ++k) square[k] = next[k];
        }
    }

  public:
    /// Which lanes a comparison holds in.
    struct Mask {
        Bits part[parts];
    };

    Pack() = default;
    template <class Number>
    requires std::is_arithmetic_v<Number> NOISETRAP_HD Pack(Number all) {
        NOISETRAP_UNROLL
        for (int i = 0; i < parts; ++i) part_[i] = static_cast<Real>(all) - Part{};
    }
    static NOISETRAP_HD Pack load(const Real* from) {
        Pack x;
        std::memcpy(x.part_, from, sizeof x.part_);
        return x;
    }
    NOISETRAP_HD void store(Real* to) const { std::memcpy(to, part_, sizeof part_); }

    /// to[i] has number i of row k in lane k, for all i below `count`, rounded up to a multiple of `rows_read`; row(k) is
    /// where that row lies.
    static constexpr std::size_t rows_read = static_cast<std::size_t>(lanes_of_part);
    template <class Row>
    static NOISETRAP_HD void transpose(std::size_t count, const Row& row, Pack* to) {
        for (std::size_t first = 0; first < count; first += rows_read) {
            NOISETRAP_UNROLL
            for (int part = 0; part < parts; ++part) {
                Part square[lanes_of_part];
                NOISETRAP_UNROLL
                for (int k = 0; k < lanes_of_part; ++k)
                    std::memcpy(&square[k], row(part * lanes_of_part + k) + first, sizeof(Part));
                turn(square);
                NOISETRAP_UNROLL
                for (int k = 0; k < lanes_of_part; ++k)
                    to[first + static_cast<std::size_t>(k)].part_[part] = square[k];
            }
        }
    }

    friend NOISETRAP_HD Pack operator+(const Pack& a, const Pack& b) {
        return each_part([&](int i) NOISETRAP_INLINED { return a.part_[i] + b.part_[i]; });
    }
    friend NOISETRAP_HD Pack operator-(const Pack& a, const Pack& b) {
        return each_part([&](int i) NOISETRAP_INLINED { return a.part_[i] - b.part_[i]; });
    }
    friend NOISETRAP_HD Pack operator*(const Pack& a, const Pack& b) {
        return each_part([&](int i) NOISETRAP_INLINED { return a.part_[i] * b.part_[i]; });
    }
    friend NOISETRAP_HD Pack operator/(const Pack& a, const Pack& b) {
        return each_part([&](int i) NOISETRAP_INLINED { return a.part_[i] / b.part_[i]; });
    }
    friend NOISETRAP_HD Pack operator-(const Pack& a) {
        return each_part([&](int i) NOISETRAP_INLINED { return -a.part_[i]; });
    }
    friend NOISETRAP_HD Pack fma(const Pack& a, const Pack& b, const Pack& c) {
        return each_part([&](int i) NOISETRAP_INLINED { return fused(a.part_[i], b.part_[i], c.part_[i]); });
    }
    friend NOISETRAP_HD Mask operator<(const Pack& a, const Pack& b) {
        Mask made;
        NOISETRAP_UNROLL
        for (int i = 0; i < parts; ++i) made.part[i] = a.part_[i] < b.part_[i];
        return made;
    }
    friend NOISETRAP_HD Mask operator>(const Pack& a, const Pack& b) { return b < a; }
    friend NOISETRAP_HD Pack select(const Mask& first, const Pack& a, const Pack& b) {
        return each_part([&](int i) NOISETRAP_INLINED { return first.part[i] ? a.part_[i] : b.part_[i]; });
    }
    friend NOISETRAP_HD Pack value_of(const Pack& x) { return x; }
    friend NOISETRAP_HD Pack larger_of(const Pack& a, const Pack& b) { return select(b < a, a, b); }

    friend NOISETRAP_HD Pack sqrt(const Pack& x) {
        return each_lane(x, [](Real lane) NOISETRAP_INLINED { return noisetrap::sqrt(lane); });
    }
    friend NOISETRAP_HD Pack exp(const Pack& x) {
        return each_lane(x, [](Real lane) NOISETRAP_INLINED { return noisetrap::exp(lane); });
    }
    friend NOISETRAP_HD Pack tanh(const Pack& x) {
        return each_lane(x, [](Real lane) NOISETRAP_INLINED { return noisetrap::tanh(lane); });
    }
    friend NOISETRAP_HD Pack normal_below(const Pack& x) {
        return each_lane(x, [](Real lane) NOISETRAP_INLINED { return noisetrap::normal_below(lane); });
    }
};
#endif

/// The numbers of a slice of W lanes.
template <class Real, int W>
struct PackOf {
#if !defined(__CUDACC__)
    using type = Pack<Real, W>;
#endif
};
template <class Real>
struct PackOf<Real, 1> {
    using type = Real;
};

/// of(k) in lane k.
template <class Real, int W, class Of>
NOISETRAP_HD typename PackOf<Real, W>::type packed(Of of) {
    if constexpr (W == 1) {
        return of(0);
    } else {
        alignas(64) Real lane[W];
        NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) lane[k] = of(k);
        return PackOf<Real, W>::type::load(lane);
    }
}

}  // namespace noisetrap
