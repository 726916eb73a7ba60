// Philox4x32-10, a counter-based generator: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
// as 1, 2, 3", SC11 (2011), doi:10.1145/2063384.2063405. A bijection of the 128-bit counter, chosen by a
// 64-bit key.
#pragma once

#include <cstdint>

#include "engine/numbers/hd.hpp"

namespace noisetrap {

struct PhiloxKey {
    std::uint32_t low, high;
};

struct PhiloxWords {
    std::uint32_t word[4];
};

namespace philox {
inline constexpr std::uint32_t multiplier_0 = 0xD2511F53u, multiplier_1 = 0xCD9E8D57u;
inline constexpr std::uint32_t weyl_0 = 0x9E3779B9u, weyl_1 = 0xBB67AE85u;
inline constexpr int rounds = 10;
}  // namespace philox

/// The high half of a 64-bit product. On a GPU written as the instruction that it is: from the long product
/// the compiler makes one and an addition of zero (8 % of a step's instructions, by its disassembly).
NOISETRAP_HD std::uint32_t product_high(std::uint32_t a, std::uint32_t b) {
#if defined(__CUDA_ARCH__)
    return __umulhi(a, b);
#else
    return static_cast<std::uint32_t>((static_cast<std::uint64_t>(a) * b) >> 32);
#endif
}

NOISETRAP_HD PhiloxWords philox_round(PhiloxWords c, PhiloxKey key) {
    using namespace philox;
    return {{product_high(multiplier_1, c.word[2]) ^ c.word[1] ^ key.low, multiplier_1 * c.word[2],
             product_high(multiplier_0, c.word[0]) ^ c.word[3] ^ key.high, multiplier_0 * c.word[0]}};
}

NOISETRAP_HD PhiloxWords philox_words(PhiloxWords counter, PhiloxKey key) {
    NOISETRAP_UNROLL
    for (int round = 0; round < philox::rounds; ++round) {
        counter = philox_round(counter, key);
        key = {key.low + philox::weyl_0, key.high + philox::weyl_1};
    }
    return counter;
}

/// The counter of a path's words: the index counts calls along the path.
NOISETRAP_HD PhiloxWords counter_of(std::uint64_t path, std::uint64_t index) {
    return {{static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
             static_cast<std::uint32_t>(path), static_cast<std::uint32_t>(path >> 32)}};
}

}  // namespace noisetrap
