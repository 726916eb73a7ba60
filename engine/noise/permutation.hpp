// Permutations that are functions of a key, so that no list of samples is kept.
#pragma once

#include <cstdint>

#include "engine/numbers/elementary.hpp"

namespace noisetrap {

/// A bijection of 32-bit words in which every bit of the input moves half of the output ("lowbias32", Wellons
/// 2018). Unlike Philox it needs no long products, which compilers do not vectorise.
NOISETRAP_HD std::uint32_t mixed(std::uint32_t x) {
    x = (x ^ x >> 16) * 0x7feb352du;
    x = (x ^ x >> 15) * 0x846ca68bu;
    return x ^ x >> 16;
}

/// The random bits of a variate.
NOISETRAP_HD std::uint32_t word_of(float z) { return bits_of<std::uint32_t>(z); }
NOISETRAP_HD std::uint32_t word_of(double z) {
    const auto bits = bits_of<std::uint64_t>(z);
    return static_cast<std::uint32_t>(bits >> 32) ^ mixed(static_cast<std::uint32_t>(bits));
}

/// A permutation of 0 to mask, mask + 1 a power of two, one for each two words: rounds of odd multipliers,
/// additions and shifts, each of which can be undone. Six of them make every pair of places equally likely,
/// as far as 4e5 draws tell for 3 to 50 samples; four do not quite.
NOISETRAP_HD std::uint32_t permuted(std::uint32_t i, std::uint32_t mask, std::uint32_t shift,
                                    std::uint32_t first, std::uint32_t second) {
    NOISETRAP_UNROLL
    for (std::uint32_t round = 0; round < 6; ++round) {
        i = (i * (first | 1u) + (first >> 16)) & mask;
        i ^= i >> shift;
        i = (i * (second >> 9 | 1u) + (second >> 20)) & mask;
        i ^= i >> 1;
        first = mixed(first + second + round), second = mixed(second ^ first * 0x9e3779b9u);
    }
    return i;
}

/// The permutations of `count` samples, one for each two words.
struct Shuffle {
    std::uint32_t count, mask, shift;

    static NOISETRAP_HD Shuffle of(std::uint32_t count) {
        std::uint32_t mask = 1, bits = 1;
        while (mask < count - 1) mask = 2 * mask + 1, ++bits;
        return {count, mask, (bits + 1) / 2};
    }
    /// Which sample stands at a place, in each of W lanes: one of mask + 1 numbers is followed until it comes to a
    /// sample.
    template <int W>
    NOISETRAP_HD void at(std::uint32_t place, const std::uint32_t (&first)[W],
                         const std::uint32_t (&second)[W], std::uint32_t (&index)[W]) const {
        std::uint32_t beyond = 0;
        NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) {
            index[k] = permuted(place, mask, shift, first[k], second[k]);
            beyond |= index[k] >= count ? 1u : 0u;
        }
        while (beyond != 0) {
            beyond = 0;
            NOISETRAP_OVER_LANES
            for (int k = 0; k < W; ++k) {
                const std::uint32_t next = permuted(index[k], mask, shift, first[k], second[k]);
                index[k] = index[k] >= count ? next : index[k];
                beyond |= index[k] >= count ? 1u : 0u;
            }
        }
    }
    /// The same for one lane.
    NOISETRAP_HD std::uint32_t at(std::uint32_t place, std::uint32_t first, std::uint32_t second) const {
        const std::uint32_t one[] = {first}, two[] = {second};
        std::uint32_t index[1];
        at(place, one, two, index);
        return index[0];
    }
};

}  // namespace noisetrap
