// The Philox words of W consecutive paths at one index. With the counter {index, path} the first round, and
// half of the second, depend on the path alone or on the index alone: they are computed once per block, or
// once per call, instead of once per path and call. The words are those of `philox_words`, bit for bit.
//
// Compilers do not find the even/odd layout that the 32 x 32 -> 64 bit multiplication of AVX2 and AVX-512
// wants, so it is written out; it is worth a factor of two of the whole step. Everything else in the engine
// is plain loops.
#pragma once

#include <cstdint>

#include "engine/philox.hpp"

#if (defined(__AVX512F__) || defined(__AVX2__)) && !defined(__CUDA_ARCH__)
    #include <immintrin.h>
    #define NOISETRAP_PHILOX_VECTORS 1
#else
    #define NOISETRAP_PHILOX_VECTORS 0
#endif

namespace noisetrap {

/// Words in rows: out[i][lane] is word i of path first_path + lane. The low 32 bits of first_path + lane must
/// not wrap inside a block, which holds when W divides 2^32 and first_path is a multiple of W.
template <int W>
class PhiloxLoop {
    std::uint64_t first_path_;
    PhiloxKey key_;

  public:
    HD PhiloxLoop(std::uint64_t first_path, PhiloxKey key) : first_path_(first_path), key_(key) {}

    HD void operator()(std::uint64_t index, std::uint32_t (*out)[W]) {
        for (int lane = 0; lane < W; ++lane) {
            const auto r =
                philox_words(counter_of(first_path_ + static_cast<std::uint64_t>(lane), index), key_);
            for (int i = 0; i < 4; ++i) out[i][lane] = r.word[i];
        }
    }
};

#if NOISETRAP_PHILOX_VECTORS
// A register of 64-bit lanes; each holds one 32-bit word in its low half, and anything in its high half.
struct Avx2Words {
    using Register = __m256i;
    static constexpr int lanes = 4;
    static HD Register all(std::uint32_t v) { return _mm256_set1_epi64x(v); }
    static HD Register even_offsets() { return _mm256_setr_epi64x(0, 2, 4, 6); }
    static HD Register add(Register a, Register b) { return _mm256_add_epi64(a, b); }
    static HD Register multiply(Register a, Register b) { return _mm256_mul_epu32(a, b); }
    static HD Register high(Register a) { return _mm256_srli_epi64(a, 32); }
    static HD Register xor3(Register a, Register b, Register c) {
        return _mm256_xor_si256(_mm256_xor_si256(b, c), a);
    }
    /// The low halves of both, interleaved: even paths from a, odd paths from b.
    static HD void store(std::uint32_t* to, Register a, Register b) {
        _mm256_store_si256(reinterpret_cast<Register*>(to),
                           _mm256_blend_epi32(a, _mm256_slli_epi64(b, 32), 0xAA));
    }
};

    #if defined(__AVX512F__)
struct Avx512Words {
    using Register = __m512i;
    static constexpr int lanes = 8;
    static HD Register all(std::uint32_t v) { return _mm512_set1_epi64(v); }
    static HD Register even_offsets() { return _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14); }
    static HD Register add(Register a, Register b) { return _mm512_add_epi64(a, b); }
    static HD Register multiply(Register a, Register b) { return _mm512_mul_epu32(a, b); }
    static HD Register high(Register a) { return _mm512_srli_epi64(a, 32); }
    static HD Register xor3(Register a, Register b, Register c) {
        return _mm512_ternarylogic_epi64(a, b, c, 0x96);
    }
    static HD void store(std::uint32_t* to, Register a, Register b) {
        const __m512 pair = _mm512_mask_moveldup_ps(_mm512_castsi512_ps(a), 0xAAAA, _mm512_castsi512_ps(b));
        _mm512_store_si512(to, _mm512_castps_si512(pair));
    }
};
using NativeWords = Avx512Words;
    #else
using NativeWords = Avx2Words;
    #endif

template <int W, class V>
class PhiloxVectors {
    using Register = typename V::Register;
    static constexpr int count = W / V::lanes;  // registers 2j and 2j + 1: even and odd paths of group j
    static_assert(W % (2 * V::lanes) == 0);

    Register path_product_[count];  // round 1: multiplier_1 * path
    Register
        second_product_[count];  // round 2: multiplier_0 * (its high half ^ key ^ high half of the index)
    std::uint64_t first_path_;
    PhiloxKey key_;
    std::uint32_t index_high_ = 0;

    HD void prepare(std::uint32_t index_high) {
        index_high_ = index_high;
        for (int j = 0; j < count; ++j) {
            const auto first = static_cast<std::uint32_t>(first_path_) +
                               static_cast<std::uint32_t>((j / 2) * 2 * V::lanes + (j & 1));
            path_product_[j] =
                V::multiply(V::all(philox::multiplier_1), V::add(V::all(first), V::even_offsets()));
            const Register mixed = V::xor3(V::high(path_product_[j]), V::all(key_.low), V::all(index_high));
            second_product_[j] = V::multiply(V::all(philox::multiplier_0), mixed);
        }
    }

  public:
    HD PhiloxVectors(std::uint64_t first_path, PhiloxKey key) : first_path_(first_path), key_(key) {
        prepare(0);
    }

    HD void operator()(std::uint64_t index, std::uint32_t (*out)[W]) {
        if (static_cast<std::uint32_t>(index >> 32) != index_high_)
            prepare(static_cast<std::uint32_t>(index >> 32));
        // Rounds 1 and 2 in scalars, as far as they depend on the index alone.
        const std::uint64_t p0 =
            static_cast<std::uint64_t>(philox::multiplier_0) * static_cast<std::uint32_t>(index);
        const auto path_high = static_cast<std::uint32_t>(first_path_ >> 32);
        const auto word2 = static_cast<std::uint32_t>(p0 >> 32) ^ path_high ^ key_.high;
        const std::uint64_t p1 = static_cast<std::uint64_t>(philox::multiplier_1) * word2;
        const Register a_mask = V::all(static_cast<std::uint32_t>(p1 >> 32) ^ (key_.low + philox::weyl_0));
        const Register b_start = V::all(static_cast<std::uint32_t>(p1));
        const Register c_mask = V::all(static_cast<std::uint32_t>(p0) ^ (key_.high + philox::weyl_1));
        const Register zero = V::all(0);
        for (int j = 0; j < count; j += 2) {
            Register a[2], b[2], c[2], d[2];
            for (int i = 0; i < 2; ++i) {
                a[i] = V::xor3(path_product_[j + i], a_mask, zero);
                b[i] = b_start;
                c[i] = V::xor3(V::high(second_product_[j + i]), c_mask, zero);
                d[i] = second_product_[j + i];
            }
            PhiloxKey key = {key_.low + philox::weyl_0, key_.high + philox::weyl_1};
            UNROLL
            for (int round = 2; round < philox::rounds; ++round) {
                key = {key.low + philox::weyl_0, key.high + philox::weyl_1};
                for (int i = 0; i < 2; ++i) {
                    const Register q0 = V::multiply(V::all(philox::multiplier_0), a[i]);
                    const Register q1 = V::multiply(V::all(philox::multiplier_1), c[i]);
                    a[i] = V::xor3(V::high(q1), b[i], V::all(key.low));
                    b[i] = q1;
                    c[i] = V::xor3(V::high(q0), d[i], V::all(key.high));
                    d[i] = q0;
                }
            }
            const int lane = j * V::lanes;
            V::store(&out[0][lane], a[0], a[1]);
            V::store(&out[1][lane], b[0], b[1]);
            V::store(&out[2][lane], c[0], c[1]);
            V::store(&out[3][lane], d[0], d[1]);
        }
    }
};

template <int W, bool wide = (W % (2 * NativeWords::lanes) == 0)>
struct PhiloxBlockChoice {
    using type = PhiloxVectors<W, NativeWords>;
};
template <int W>
struct PhiloxBlockChoice<W, false> {
    using type = PhiloxLoop<W>;
};
template <int W>
using PhiloxBlock = typename PhiloxBlockChoice<W>::type;
#else
template <int W>
using PhiloxBlock = PhiloxLoop<W>;
#endif

}  // namespace noisetrap
