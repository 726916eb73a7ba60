// From Philox words to noise of mean 0 and variance 1. The variate of step n on path p is a function of
// (seed, stream, p, n), whatever else is drawn; it is computed for four steps and W paths at a time.
#pragma once

#include <cstdint>

#include "engine/elementary.hpp"
#include "engine/law.hpp"
#include "engine/philox_block.hpp"
#include "engine/streams.hpp"

namespace noisetrap {

/// Steps whose noise is drawn together: one Philox call is four words.
inline constexpr int group_steps = 4;

/// Two independent standard normals (Box and Muller 1958). The angle is pi times (v, with v's lowest bit
/// turning it by pi), so that sine and cosine are needed on half the circle only; the odds of |z| > 6.76 are
/// given up (1e-11).
template <class T>
struct Pair {
    T first, second;
};
HD Pair<float> normal_pair(std::uint32_t radius_word, std::uint32_t angle_word) {
    const float u = fma(static_cast<float>(radius_word), 0x1p-32f, 0x1p-33f);
    const float radius = sqrt(minus_two_log(u));
    const auto angle = sine_cosine_pi(static_cast<float>(static_cast<std::int32_t>(angle_word)) * 0x1p-32f);
    const auto flip = angle_word << 31;
    return {bits_of<float>(bits_of<std::uint32_t>(radius * angle.cosine) ^ flip), radius * angle.sine};
}

/// As above from 52 bits each (|z| up to 8.57).
HD Pair<double> normal_pair(std::uint64_t radius_word, std::uint64_t angle_word) {
    const double u = bits_of<double>((radius_word >> 12) | 0x3ff0000000000000ull) - (1.0 - 0x1p-53);
    const double radius = sqrt(minus_two_log(u));
    const auto angle = sine_cosine_pi(bits_of<double>((angle_word >> 12) | 0x3ff0000000000000ull) - 1.5);
    const auto flip = angle_word << 63;
    return {bits_of<double>(bits_of<std::uint64_t>(radius * angle.cosine) ^ flip), radius * angle.sine};
}

/// Midpoints of 2^32 (2^52) equal parts of (-1/2, 1/2), up to the last bit of a float.
HD float centred_uniform(std::uint32_t word) {
    return fma(static_cast<float>(static_cast<std::int32_t>(word)), 0x1p-32f, 0x1p-33f);
}
HD double centred_uniform(std::uint64_t word) {
    return bits_of<double>((word >> 12) | 0x3ff0000000000000ull) - (1.5 - 0x1p-53);
}

HD std::uint64_t join(std::uint32_t low, std::uint32_t high) {
    return static_cast<std::uint64_t>(high) << 32 | low;
}

struct FourFloats {
    float z0, z1, z2, z3;
};

struct Gaussian {
    static HD FourFloats four(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
        const auto p = normal_pair(a, b), q = normal_pair(c, d);
        return {p.first, p.second, q.first, q.second};
    }
    static HD Pair<double> two(std::uint64_t a, std::uint64_t b) { return normal_pair(a, b); }
};

struct Uniform {
    static HD FourFloats four(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
        constexpr auto width = static_cast<float>(sqrt_12);
        return {width * centred_uniform(a), width * centred_uniform(b), width * centred_uniform(c),
                width * centred_uniform(d)};
    }
    static HD Pair<double> two(std::uint64_t a, std::uint64_t b) {
        return {sqrt_12 * centred_uniform(a), sqrt_12 * centred_uniform(b)};
    }
};

/// One stream on W consecutive paths.
template <class Variate, int W>
class VariateBlock {
    PhiloxBlock<W> philox_;
    std::uint64_t bits_index_ = ~0ull;  // which Philox call bits_ holds
    alignas(W >= 16 ? 64 : 8) std::uint32_t bits_[4][W];

    static constexpr bool is_float = sizeof(Variate) == sizeof(float);

    /// `Of` turns the four words of a lane into four variates, or two long words into two.
    template <class Of>
    HD void draw(std::uint64_t group, Variate (*z)[W]) {
        alignas(W >= 16 ? 64 : 8) std::uint32_t words[4][W];
        if constexpr (is_float) {
            philox_(group, words);
            for (int l = 0; l < W; ++l) {
                const auto v = Of::four(words[0][l], words[1][l], words[2][l], words[3][l]);
                z[0][l] = v.z0, z[1][l] = v.z1, z[2][l] = v.z2, z[3][l] = v.z3;
            }
        } else {
            for (int half = 0; half < 2; ++half) {
                philox_(2 * group + static_cast<std::uint64_t>(half), words);
                for (int l = 0; l < W; ++l) {
                    const auto v = Of::two(join(words[0][l], words[1][l]), join(words[2][l], words[3][l]));
                    z[2 * half][l] = v.first, z[2 * half + 1][l] = v.second;
                }
            }
        }
    }

    /// One bit a step: a Philox call serves 128 steps. Word i holds steps 32 i to 32 i + 31, lowest bit
    /// first.
    HD void draw_two_point(std::uint64_t group, Variate (*z)[W]) {
        constexpr std::uint64_t groups_per_word = 32 / group_steps, groups_per_call = 4 * groups_per_word;
        if (bits_index_ != group / groups_per_call) philox_(bits_index_ = group / groups_per_call, bits_);
        const auto word = (group / groups_per_word) % 4;
        const auto shift = static_cast<std::uint32_t>(group % groups_per_word) * group_steps;
        for (int l = 0; l < W; ++l) {
            // Selected by comparison: a GPU keeps no array of registers that is indexed at run time.
            const auto w = word == 0   ? bits_[0][l]
                           : word == 1 ? bits_[1][l]
                           : word == 2 ? bits_[2][l]
                                       : bits_[3][l];
            for (int k = 0; k < group_steps; ++k) {
                const std::uint32_t sign = (w >> (shift + static_cast<std::uint32_t>(k))) << 31;
                if constexpr (is_float) {
                    z[k][l] = bits_of<float>(0xbf800000u ^ sign);
                } else {
                    z[k][l] = bits_of<double>(0xbff0000000000000ull ^ static_cast<std::uint64_t>(sign) << 32);
                }
            }
        }
    }

  public:
    HD VariateBlock(std::uint64_t seed, Stream stream, std::uint64_t first_path)
        : philox_(first_path, key_of(seed, stream)) {}

    /// z[k][lane], k = 0 to 3: the variates of steps 4 group + k. A law known at compile time costs the code
    /// of that law alone.
    HD void operator()(std::uint64_t group, Variate (*z)[W], Law law) {
        if (law == Law::gaussian) {
            draw<Gaussian>(group, z);
        } else if (law == Law::uniform) {
            draw<Uniform>(group, z);
        } else {
            draw_two_point(group, z);
        }
    }
};

/// -2 ln u for four steps and W paths: what a Brownian bridge compares its distance to a barrier with.
template <int W>
class BridgeBlock {
    PhiloxBlock<W> philox_;

  public:
    HD BridgeBlock(std::uint64_t seed, Stream stream, std::uint64_t first_path)
        : philox_(first_path, key_of(seed, stream)) {}

    HD void operator()(std::uint64_t group, float (*z)[W]) {
        alignas(W >= 16 ? 64 : 8) std::uint32_t words[4][W];
        philox_(group, words);
        for (int k = 0; k < group_steps; ++k)
            for (int l = 0; l < W; ++l)
                z[k][l] = minus_two_log(fma(static_cast<float>(words[k][l]), 0x1p-32f, 0x1p-33f));
    }
};

/// The variate of one step on one path: what the engine uses at that place, for replay and for pencil and
/// paper.
template <class Variate>
HD Variate variate_of(std::uint64_t seed, Stream stream, std::uint64_t path, std::uint64_t step, Law law) {
    VariateBlock<Variate, 1> block(seed, stream, path);
    Variate z[group_steps][1];
    block(step / group_steps, z, law);
    return z[step % group_steps][0];
}

/// One normal for each path: the variate of step 0 of the law gaussian.
template <class Variate>
HD Variate normal_of(std::uint64_t seed, Stream stream, std::uint64_t path) {
    PhiloxBlock<1> philox(path, key_of(seed, stream));
    std::uint32_t words[4][1];
    philox(0, words);
    if constexpr (sizeof(Variate) == sizeof(float)) {
        return Gaussian::four(words[0][0], words[1][0], words[2][0], words[3][0]).z0;
    } else {
        return Gaussian::two(join(words[0][0], words[1][0]), join(words[2][0], words[3][0])).first;
    }
}

}  // namespace noisetrap
