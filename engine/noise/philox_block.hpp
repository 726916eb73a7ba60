// The Philox words of the paths of a block at one index, a slice of W lanes at a time. With the counter
// {index, path} the first round, and half of the second, depend on the path alone or on the index alone: they
// are computed once per path, or once per call, instead of once per path and call. The words are those of
// `philox_words`, bit for bit.
//
// Compilers do not find the even/odd layout that the 32 x 32 -> 64 bit multiplication of AVX2 and AVX-512
// wants, so it is written out; it is worth a factor of two of the whole step. Everything else in the engine
// is plain loops.
#pragma once

#include <cstdint>
#include <type_traits>

#include "engine/noise/philox.hpp"
#include "engine/numbers/lanes.hpp"

#if (defined(__AVX512F__) || defined(__AVX2__)) && !defined(__CUDA_ARCH__)
    #include <immintrin.h>
    #define NOISETRAP_PHILOX_VECTORS 1
#else
    #define NOISETRAP_PHILOX_VECTORS 0
#endif

namespace noisetrap {

/// How many words of 32 or 64 bits a call of Philox gives.
template <class Word>
inline constexpr int words_per_call = 16 / sizeof(Word);

NOISETRAP_HD std::uint64_t join(std::uint32_t low, std::uint32_t high) {
    return static_cast<std::uint64_t>(high) << 32 | low;
}

/// `at(index)` is what the paths of a block have in common; with it, out[i][k] is word i of the path in lane
/// slice * W + k: one of Philox's, or two, the first in the low half. The high halves of all path numbers
/// must be equal.
template <int W, class Word>
class PhiloxLoop {
    PhiloxKey key_;
    std::uint64_t path_[most_lanes<W>];

  public:
    using Index = std::uint64_t;

    NOISETRAP_HD explicit PhiloxLoop(PhiloxKey key) : key_(key) {}
    NOISETRAP_HD void set(int lane, std::uint64_t path) { path_[lane] = path; }
    NOISETRAP_HD void move(int from, int to) { path_[to] = path_[from]; }

    NOISETRAP_HD Index at(std::uint64_t index) const { return index; }
    NOISETRAP_HD void operator()(Index index, int slice, Word (&out)[words_per_call<Word>][W]) const {
        for (int k = 0; k < W; ++k) {
            const auto r = philox_words(counter_of(path_[slice * W + k], index), key_);
            if constexpr (words_per_call<Word> == 4) {
                for (int i = 0; i < 4; ++i) out[i][k] = r.word[i];
            } else {
                for (int i = 0; i < 2; ++i) out[i][k] = join(r.word[2 * i], r.word[2 * i + 1]);
            }
        }
    }
};

#if NOISETRAP_PHILOX_VECTORS
// A register of 64-bit lanes; each holds one 32-bit word in its low half, and anything in its high half.
struct Avx2Words {
    using Register = __m256i;
    static constexpr int lanes = 4;
    static NOISETRAP_HD Register all(std::uint32_t v) { return _mm256_set1_epi64x(v); }
    static NOISETRAP_HD Register multiply(Register a, Register b) { return _mm256_mul_epu32(a, b); }
    static NOISETRAP_HD Register high(Register a) { return _mm256_srli_epi64(a, 32); }
    static NOISETRAP_HD Register xor2(Register a, Register b) { return _mm256_xor_si256(a, b); }
    static NOISETRAP_HD Register xor3(Register a, Register b, Register c) {
        return _mm256_xor_si256(_mm256_xor_si256(b, c), a);
    }
    /// The low half of a in the low half, that of b in the high half.
    static NOISETRAP_HD Register pair(Register a, Register b) {
        return _mm256_blend_epi32(a, _mm256_slli_epi64(b, 32), 0xAA);
    }
};

    #if defined(__AVX512F__)
struct Avx512Words {
    using Register = __m512i;
    static constexpr int lanes = 8;
    static NOISETRAP_HD Register all(std::uint32_t v) { return _mm512_set1_epi64(v); }
    static NOISETRAP_HD Register multiply(Register a, Register b) { return _mm512_mul_epu32(a, b); }
    static NOISETRAP_HD Register high(Register a) { return _mm512_srli_epi64(a, 32); }
    static NOISETRAP_HD Register xor2(Register a, Register b) { return _mm512_xor_si512(a, b); }
    static NOISETRAP_HD Register xor3(Register a, Register b, Register c) {
        return _mm512_ternarylogic_epi64(a, b, c, 0x96);
    }
    static NOISETRAP_HD Register pair(Register a, Register b) {
        return _mm512_castps_si512(
            _mm512_mask_moveldup_ps(_mm512_castsi512_ps(a), 0xAAAA, _mm512_castsi512_ps(b)));
    }
};
using NativeWords = Avx512Words;
    #else
using NativeWords = Avx2Words;
    #endif

/// Philox in vectors. With words of 32 bits two registers hold the even and the odd paths of a slice, which come
/// together at the end; with words of 64 bits one register holds neighbours, whose words are joined as they are.
template <int W, class Word, class V>
class PhiloxVectors {
    using Register = typename V::Register;
    static constexpr int together = 8 / sizeof(Word);
    static_assert(W % (together * V::lanes) == 0);

    // What rounds 1 and 2 make of the path alone, in the order of the registers.
    alignas(64) std::uint64_t path_product_[most_lanes<W>];    // round 1: multiplier_1 * path
    alignas(64) std::uint64_t second_product_[most_lanes<W>];  // round 2: multiplier_0 * (its high half ^ key
                                                               // ^ high half of the index)
    std::uint32_t path_high_ = 0, index_high_ = 0;
    PhiloxKey key_;

    static NOISETRAP_HD int place(int lane) {
        const int within = lane % (together * V::lanes);
        return lane - within + within % together * V::lanes + within / together;
    }
    static NOISETRAP_HD Register load(const std::uint64_t* from) {
        return *reinterpret_cast<const Register*>(from);
    }
    static NOISETRAP_HD void store(Word* to, Register r) { *reinterpret_cast<Register*>(to) = r; }
    NOISETRAP_HD std::uint64_t second_product(std::uint64_t path_product) const {
        const auto mixed = static_cast<std::uint32_t>(path_product >> 32) ^ key_.low ^ index_high_;
        return static_cast<std::uint64_t>(philox::multiplier_0) * mixed;
    }

  public:
    /// What rounds 1 and 2 make of the index alone.
    struct Index {
        Register a_mask, b, c_mask;
    };

    NOISETRAP_HD explicit PhiloxVectors(PhiloxKey key) : path_product_{}, key_(key) {}

    NOISETRAP_HD void set(int lane, std::uint64_t path) {
        const auto low = static_cast<std::uint32_t>(path);
        path_product_[place(lane)] = static_cast<std::uint64_t>(philox::multiplier_1) * low;
        second_product_[place(lane)] = second_product(path_product_[place(lane)]);
        path_high_ = static_cast<std::uint32_t>(path >> 32);
    }
    NOISETRAP_HD void move(int from, int to) {
        path_product_[place(to)] = path_product_[place(from)];
        second_product_[place(to)] = second_product_[place(from)];
    }

    NOISETRAP_HD Index at(std::uint64_t index) {
        if (static_cast<std::uint32_t>(index >> 32) != index_high_) {
            index_high_ = static_cast<std::uint32_t>(index >> 32);
            for (int l = 0; l < most_lanes<W>; ++l) second_product_[l] = second_product(path_product_[l]);
        }
        const std::uint64_t p0 =
            static_cast<std::uint64_t>(philox::multiplier_0) * static_cast<std::uint32_t>(index);
        const auto word2 = static_cast<std::uint32_t>(p0 >> 32) ^ path_high_ ^ key_.high;
        const std::uint64_t p1 = static_cast<std::uint64_t>(philox::multiplier_1) * word2;
        return {V::all(static_cast<std::uint32_t>(p1 >> 32) ^ (key_.low + philox::weyl_0)),
                V::all(static_cast<std::uint32_t>(p1)),
                V::all(static_cast<std::uint32_t>(p0) ^ (key_.high + philox::weyl_1))};
    }

    NOISETRAP_HD void operator()(const Index& index, int slice, Word (&out)[words_per_call<Word>][W]) const {
        NOISETRAP_UNROLL
        for (int lane = 0; lane < W; lane += together * V::lanes) {
            Register a[together], b[together], c[together], d[together];
            NOISETRAP_UNROLL
            for (int i = 0; i < together; ++i) {
                const int first = slice * W + lane + i * V::lanes;
                const Register second = load(&second_product_[first]);
                a[i] = V::xor2(load(&path_product_[first]), index.a_mask);
                b[i] = index.b;
                c[i] = V::xor2(V::high(second), index.c_mask);
                d[i] = second;
            }
            PhiloxKey key = {key_.low + philox::weyl_0, key_.high + philox::weyl_1};
            NOISETRAP_UNROLL
            for (int round = 2; round < philox::rounds; ++round) {
                key = {key.low + philox::weyl_0, key.high + philox::weyl_1};
                NOISETRAP_UNROLL
                for (int i = 0; i < together; ++i) {
                    const Register q0 = V::multiply(V::all(philox::multiplier_0), a[i]);
                    const Register q1 = V::multiply(V::all(philox::multiplier_1), c[i]);
                    a[i] = V::xor3(V::high(q1), b[i], V::all(key.low));
                    b[i] = q1;
                    c[i] = V::xor3(V::high(q0), d[i], V::all(key.high));
                    d[i] = q0;
                }
            }
            if constexpr (together == 2) {
                store(&out[0][lane], V::pair(a[0], a[1]));
                store(&out[1][lane], V::pair(b[0], b[1]));
                store(&out[2][lane], V::pair(c[0], c[1]));
                store(&out[3][lane], V::pair(d[0], d[1]));
            } else {
                store(&out[0][lane], V::pair(a[0], b[0]));
                store(&out[1][lane], V::pair(c[0], d[0]));
            }
        }
    }
};

template <int W, class Word, class V>
inline constexpr bool fills_registers = W % (8 / sizeof(Word) * V::lanes) == 0;
template <int W, class Word>
using PhiloxBlock =
    std::conditional_t<fills_registers<W, Word, NativeWords>, PhiloxVectors<W, Word, NativeWords>,
                       std::conditional_t<fills_registers<W, Word, Avx2Words>,
                                          PhiloxVectors<W, Word, Avx2Words>, PhiloxLoop<W, Word>>>;
#else
template <int W, class Word>
using PhiloxBlock = PhiloxLoop<W, Word>;
#endif

}  // namespace noisetrap
