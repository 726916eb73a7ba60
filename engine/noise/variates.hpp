// From Philox words to noise of mean 0 and variance 1. The variate of step n on path p is a function of
// (seed, stream, p, n), whatever else is drawn; it is computed for four steps and a slice of W paths at a
// time.
#pragma once

#include <cstdint>

#include "engine/noise/law.hpp"
#include "engine/noise/philox_block.hpp"
#include "engine/noise/streams.hpp"
#include "engine/numbers/elementary.hpp"
#include "engine/numbers/precision.hpp"

namespace noisetrap {

/// Steps whose noise is drawn together: one Philox call is four words.
inline constexpr int group_steps = 4;

/// The float nearest to x whose last bit is set. A float32 variate would otherwise now and then be as round as a
/// parameter, 1 + 0.5 + 1 * (-1.5) = 0, and end a path on a zero that real numbers never give. The law moves by half a
/// unit in the last place, 3e-8 of a variate's size. Two-point noise is as round as it says, and stays so.
NOISETRAP_HD float unround(std::uint32_t bits) { return bits_of<float>(bits | 1u); }
NOISETRAP_HD float unround(float x) { return unround(bits_of<std::uint32_t>(x)); }

/// Two independent standard normals (Box and Muller 1958). The angle is pi times (v, with v's lowest bit
/// turning it by pi), so that sine and cosine are needed on half the circle only; the odds of |z| > 6.76 are
/// given up (1e-11).
template <class T>
struct Pair {
    T first, second;
};
NOISETRAP_HD Pair<float> normal_pair(std::uint32_t radius_word, std::uint32_t angle_word) {
    const float u = fma(static_cast<float>(radius_word), 0x1p-32f, 0x1p-33f);
    const float radius = sqrt(minus_two_log(u));
    const auto angle = sine_cosine_pi(static_cast<float>(static_cast<std::int32_t>(angle_word)) * 0x1p-32f);
    const auto flip = angle_word << 31;
    return {unround(bits_of<std::uint32_t>(radius * angle.cosine) ^ flip), unround(radius * angle.sine)};
}

/// As above from 52 bits each (|z| up to 8.57).
NOISETRAP_HD Pair<double> normal_pair(std::uint64_t radius_word, std::uint64_t angle_word) {
    const double u = bits_of<double>((radius_word >> 12) | 0x3ff0000000000000ull) - (1.0 - 0x1p-53);
    const double radius = sqrt(minus_two_log(u));
    const auto angle = sine_cosine_pi(bits_of<double>((angle_word >> 12) | 0x3ff0000000000000ull) - 1.5);
    const auto flip = angle_word << 63;
    return {bits_of<double>(bits_of<std::uint64_t>(radius * angle.cosine) ^ flip), radius * angle.sine};
}

/// Midpoints of 2^32 (2^52) equal parts of (-1/2, 1/2), up to the last bit of a float.
NOISETRAP_HD float centred_uniform(std::uint32_t word) {
    return fma(static_cast<float>(static_cast<std::int32_t>(word)), 0x1p-32f, 0x1p-33f);
}
NOISETRAP_HD double centred_uniform(std::uint64_t word) {
    return bits_of<double>((word >> 12) | 0x3ff0000000000000ull) - (1.5 - 0x1p-53);
}

struct FourFloats {
    float z0, z1, z2, z3;
};

struct Gaussian {
    static NOISETRAP_HD FourFloats four(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
        const auto p = normal_pair(a, b), q = normal_pair(c, d);
        return {p.first, p.second, q.first, q.second};
    }
    static NOISETRAP_HD Pair<double> two(std::uint64_t a, std::uint64_t b) { return normal_pair(a, b); }
};

struct Uniform {
    static NOISETRAP_HD FourFloats four(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
        constexpr auto width = static_cast<float>(sqrt_12);
        return {unround(width * centred_uniform(a)), unround(width * centred_uniform(b)),
                unround(width * centred_uniform(c)), unround(width * centred_uniform(d))};
    }
    static NOISETRAP_HD Pair<double> two(std::uint64_t a, std::uint64_t b) {
        return {sqrt_12 * centred_uniform(a), sqrt_12 * centred_uniform(b)};
    }
};

// Laws whose variates are worked out in doubles, of words of either size.

/// The midpoint of one of 2^32 (2^52) equal parts of (0, 1).
NOISETRAP_HD double open_uniform(std::uint32_t word) {
    return fma(static_cast<double>(word), 0x1p-32, 0x1p-33);
}
NOISETRAP_HD double open_uniform(std::uint64_t word) {
    return bits_of<double>((word >> 12) | 0x3ff0000000000000ull) - (1.0 - 0x1p-53);
}
/// The bit of a word that its uniform number knows least of, as a sign.
NOISETRAP_HD double random_sign(std::uint64_t word) {
    return bits_of<double>(0x3ff0000000000000ull | word << 63);
}
NOISETRAP_HD double as_variate(double, double z) { return z; }
/// Kept in range, where a double goes farther than a float.
NOISETRAP_HD float as_variate(float, double z) {
    z = z > 0x1p127 ? 0x1p127 : z;
    return unround(static_cast<float>(z < -0x1p127 ? -0x1p127 : z));
}

/// Student's t by its polar form, sqrt(nu (u^(-2/nu) - 1)) cos 2 pi v (Bailey 1994), over its standard deviation. Thirty-two
/// bits give |t| up to 2048 for nu = 3.
struct StudentT {
    template <class Word>
    static NOISETRAP_HD double of(Word radius_word, Word angle_word, double nu) {
        const double radius = sqrt((nu - 2) * exp_minus_one(minus_two_log(open_uniform(radius_word)) / nu));
        return random_sign(angle_word) * (radius * sine_cosine_pi(open_uniform(angle_word) - 0.5).sine);
    }
};

/// Symmetric stable law (Chambers, Mallows and Stuck 1976): with theta uniform on (-pi/2, pi/2) and E exponential,
/// sin(alpha theta)/cos(theta)^(1/alpha) (cos((1 - alpha) theta)/E)^((1 - alpha)/alpha). The first word says how far
/// |theta| is from pi/2, where the long jumps are, so that no digit of it is lost.
struct Stable {
    template <class Word>
    static NOISETRAP_HD double of(Word angle_word, Word wait_word, double alpha) {
        const double gap = open_uniform(angle_word), v = 0.5 * (1 - gap), turned = alpha * v;
        const double sine = sine_of(turned > 0.5 ? 1 - turned : turned), cosine = sine_of(0.5 * gap),
                     other = sine_of(0.5 - abs(1 - alpha) * v),
                     wait = 0.5 * minus_two_log(open_uniform(wait_word));
        const double size = log(sine) + ((1 - alpha) * (log(other) - log(wait)) - log(cosine)) / alpha;
        return random_sign(wait_word) * exp(size);
    }

  private:
    /// sin(pi v), 0 < v <= 1/2.
    static NOISETRAP_HD double sine_of(double v) { return sine_cosine_pi(v).sine; }
};

/// A Poisson number by inversion: the least n whose odds of being reached are not below u.
struct Jumps {
    template <class Word>
    static NOISETRAP_HD double of(Word word, double mean) {
        constexpr double end = 100;  // beyond any that a mean of at most 10 gives
        double left = open_uniform(word), odds = exp(-mean), count = 0;
        while (left > odds && count < end) {
            left -= odds;
            count += 1;
            odds = odds * mean / count;
        }
        return count;
    }
};

#if defined(__CUDACC__)
/// Gaussian by the hardware's own functions (CUDA C++ Programming Guide, intrinsic functions): the logarithm
/// of u and with it the squared radius are right to about 2^-21, sine and cosine to 2^-21 of the radius.
struct FastGaussian {
    static NOISETRAP_HD FourFloats four(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    #if defined(__CUDA_ARCH__)
        const auto p = pair(a, b), q = pair(c, d);
        return {p.first, p.second, q.first, q.second};
    #else
        return Gaussian::four(a, b, c, d);  // compiled for the host too, but not called there
    #endif
    }

  private:
    static __device__ Pair<float> pair(std::uint32_t radius_word, std::uint32_t angle_word) {
        const float u = fma(static_cast<float>(radius_word), 0x1p-32f, 0x1p-33f);
        float radius;
        // near u = 1 the logarithm may come out positive
        asm("sqrt.approx.ftz.f32 %0, %1;" : "=f"(radius) : "f"(fmaxf(-0x1.62e430p+0f * __log2f(u), 0.0f)));
        const float angle = static_cast<float>(static_cast<std::int32_t>(angle_word)) * 0x1.921fb6p-31f;
        const auto flip = angle_word << 31;
        return {unround(bits_of<std::uint32_t>(radius * __cosf(angle)) ^ flip),
                unround(radius * __sinf(angle))};
    }
};
#endif

template <Arithmetic arithmetic>
struct GaussianOf {
    using type = Gaussian;
};
#if defined(__CUDACC__)
template <>
struct GaussianOf<Arithmetic::fast> {
    using type = FastGaussian;
};
#endif

/// One stream on the paths of a block, whose variates are made of at most `most_words` words each.
template <class Variate, int W, Arithmetic arithmetic = Arithmetic::exact, int most_words = 2>
class VariateBlock {
    static constexpr bool is_float = sizeof(Variate) == sizeof(float);
    using Word = std::conditional_t<is_float, std::uint32_t, std::uint64_t>;
    static constexpr int per_call = words_per_call<Word>;
    static NOISETRAP_HD constexpr int calls_of(int words) {
        return words * group_steps / per_call;
    }  // for a group
    static constexpr int calls = calls_of(most_words);
    static constexpr std::uint64_t groups_per_word = 8 * sizeof(Word) / group_steps,
                                   groups_of_bits = per_call * groups_per_word;
    using Call = Word[per_call][W];

    PhiloxBlock<W, Word> philox_;
    typename PhiloxBlock<W, Word>::Index index_[calls];
    std::uint32_t bits_word_, bits_shift_;  // where in bits_ the group is
    alignas(alignment<W>) Call bits_[most_lanes<W> / W];

    NOISETRAP_HD Word bits(int slice, int k) const {
        const Call& words = bits_[slice];
        if constexpr (W > 1) {
            return words[bits_word_][k] >> bits_shift_;
        } else {  // a GPU keeps no array of registers that is indexed at run time
            Word word = words[0][k];
            NOISETRAP_UNROLL
            for (std::uint32_t i = 1; i < per_call; ++i) word = bits_word_ == i ? words[i][k] : word;
            return word >> bits_shift_;
        }
    }

  public:
    /// What the variates of a group are made of in one slice: the words of Philox, or one word whose lowest
    /// bits are those of the four steps.
    struct Words {
        alignas(alignment<W>) Call of[calls];
    };

    NOISETRAP_HD VariateBlock(std::uint64_t seed, Stream stream) : philox_(key_of(seed, stream)) {}
    NOISETRAP_HD void set(int lane, std::uint64_t path) { philox_.set(lane, path); }
    /// The path of lane `from` goes on in lane `to`.
    NOISETRAP_HD void move(int from, int to) {
        philox_.move(from, to);
        for (int i = 0; i < per_call; ++i) bits_[to / W][i][to % W] = bits_[from / W][i][from % W];
    }

    /// Steps 4 group to 4 group + 3 come next in slices `first_slice` to `last_slice` - 1. Two-point noise
    /// takes one bit a step, so that a Philox call serves 128 steps: its words in turn, each from the lowest
    /// bit on. It is drawn when the first of them comes, or `afresh`.
    NOISETRAP_HD void begin(std::uint64_t group, int first_slice, int last_slice, Law law,
                            bool afresh = false) {
        if (law == Law::two_point) {
            bits_word_ = static_cast<std::uint32_t>(group / groups_per_word % per_call);
            bits_shift_ = static_cast<std::uint32_t>(group % groups_per_word) * group_steps;
            if (group % groups_of_bits != 0 && !afresh) return;
            const auto index = philox_.at(group / groups_of_bits);
            for (int s = first_slice; s < last_slice; ++s) philox_(index, s, bits_[s]);
        } else {
            const auto needed = static_cast<std::uint64_t>(calls_of(words_of(law)));
            for (int call = 0; call < calls; ++call)
                index_[call] = philox_.at(needed * group + static_cast<std::uint64_t>(call));
        }
    }

    NOISETRAP_HD void draw(int slice, Law law, Words& words) const {
        if (law == Law::two_point) {
            NOISETRAP_OVER_LANES
            for (int k = 0; k < W; ++k) words.of[0][0][k] = bits(slice, k);
        } else {
            NOISETRAP_UNROLL
            for (int call = 0; call < calls; ++call)
                if (call < calls_of(words_of(law))) philox_(index_[call], slice, words.of[call]);
        }
    }

    /// z[n][k]: the variate of the n-th of the four steps in lane k of the slice. A law known at compile time
    /// costs the code of that law alone.
    static NOISETRAP_HD void transform(const Words& words, Law law, Variate (&z)[group_steps][W],
                                       double shape = 0) {
        if constexpr (most_words > 1) {
            if (law == Law::student_t) return of_pairs<StudentT>(words, shape, z);
            if (law == Law::stable) return of_pairs<Stable>(words, shape, z);
        }
        if (law == Law::jumps) {
            count_jumps(words, shape, z);
        } else if (law == Law::gaussian) {
            transform<typename GaussianOf<arithmetic>::type>(words, z);
        } else if (law == Law::uniform) {
            transform<Uniform>(words, z);
        } else {
            two_point(words, z);
        }
    }

  private:
    /// `Of` turns the four words of a lane into four variates, or two long words into two.
    template <class Of>
    static NOISETRAP_HD void transform(const Words& words, Variate (&z)[group_steps][W]) {
        if constexpr (is_float) {
            const auto& w = words.of[0];
            NOISETRAP_OVER_LANES
            for (int k = 0; k < W; ++k) {
                const auto v = Of::four(w[0][k], w[1][k], w[2][k], w[3][k]);
                z[0][k] = v.z0, z[1][k] = v.z1, z[2][k] = v.z2, z[3][k] = v.z3;
            }
        } else {
            NOISETRAP_UNROLL
            for (int call = 0; call < group_steps / per_call; ++call) {
                const auto& w = words.of[call];
                NOISETRAP_OVER_LANES
                for (int k = 0; k < W; ++k) {
                    const auto v = Of::two(w[0][k], w[1][k]);
                    z[2 * call][k] = v.first, z[2 * call + 1][k] = v.second;
                }
            }
        }
    }
    /// `Of` turns two words of a lane into one variate.
    template <class Of>
    static NOISETRAP_HD void of_pairs(const Words& words, double shape, Variate (&z)[group_steps][W]) {
        NOISETRAP_UNROLL
        for (int n = 0; n < group_steps; ++n) {
            const auto& w = words.of[2 * n / per_call];
            NOISETRAP_OVER_LANES
            for (int k = 0; k < W; ++k)
                z[n][k] =
                    as_variate(Variate{}, Of::of(w[2 * n % per_call][k], w[2 * n % per_call + 1][k], shape));
        }
    }
    static NOISETRAP_HD void count_jumps(const Words& words, double mean, Variate (&z)[group_steps][W]) {
        NOISETRAP_UNROLL
        for (int n = 0; n < group_steps; ++n) NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k)
            z[n][k] = static_cast<Variate>(Jumps::of(words.of[n / per_call][n % per_call][k], mean));
    }
    static NOISETRAP_HD void two_point(const Words& words, Variate (&z)[group_steps][W]) {
        NOISETRAP_UNROLL
        for (int n = 0; n < group_steps; ++n) NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) {
            constexpr auto minus_one = bits_of<Word>(static_cast<Variate>(-1));
            z[n][k] = bits_of<Variate>(minus_one ^ (words.of[0][0][k] >> n << (8 * sizeof(Word) - 1)));
        }
    }
};

/// -2 ln u for four steps of a slice: what a Brownian bridge compares its distance to a barrier with.
template <int W>
NOISETRAP_HD void bridge_variates(PhiloxBlock<W, std::uint32_t>& philox, std::uint64_t group, int slice,
                                  float (&z)[group_steps][W]) {
    alignas(alignment<W>) std::uint32_t words[4][W];
    philox(philox.at(group), slice, words);
    for (int n = 0; n < group_steps; ++n) NOISETRAP_OVER_LANES
    for (int k = 0; k < W; ++k)
        z[n][k] = minus_two_log(fma(static_cast<float>(words[n][k]), 0x1p-32f, 0x1p-33f));
}

/// The variate of one step on one path: what the engine uses at that place, for replay and for pencil and
/// paper.
template <class Variate>
NOISETRAP_HD Variate variate_of(std::uint64_t seed, Stream stream, std::uint64_t path, std::uint64_t step,
                                NoiseLaw of) {
    using Block = VariateBlock<Variate, 1>;
    const auto [law, shape] = of;
    Block block(seed, stream);
    block.set(0, path);
    block.begin(step / group_steps, 0, 1, law, true);
    typename Block::Words words;
    Variate z[group_steps][1];
    block.draw(0, law, words);
    Block::transform(words, law, z, shape);
    return z[step % group_steps][0];
}

/// One normal for each path: the variate of step 0 of the law gaussian.
template <class Variate>
NOISETRAP_HD Variate normal_of(std::uint64_t seed, Stream stream, std::uint64_t path) {
    const auto words = philox_words(counter_of(path, 0), key_of(seed, stream));
    const auto& w = words.word;
    if constexpr (sizeof(Variate) == sizeof(float)) {
        return Gaussian::four(w[0], w[1], w[2], w[3]).z0;
    } else {
        return Gaussian::two(join(w[0], w[1]), join(w[2], w[3])).first;
    }
}

}  // namespace noisetrap
