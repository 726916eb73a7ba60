#include "engine/noise/philox.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <set>

#include "engine/noise/streams.hpp"

using namespace noisetrap;

static std::array<std::uint32_t, 4> words(PhiloxWords counter, PhiloxKey key) {
    const auto w = philox_words(counter, key);
    return {w.word[0], w.word[1], w.word[2], w.word[3]};
}

// Random123's known-answer vectors for philox4x32-10 (Salmon et al. 2011, file kat_vectors).
TEST_CASE("Philox gives the published words") {
    using Words = std::array<std::uint32_t, 4>;
    CHECK(words({{0, 0, 0, 0}}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    CHECK(words({{~0u, ~0u, ~0u, ~0u}}, {~0u, ~0u}) == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    CHECK(words({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, {0xa4093822, 0x299f31d0}) ==
          Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("No two pairs of seed and stream share a key") {
    std::set<std::pair<std::uint32_t, std::uint32_t>> keys;
    const std::uint64_t seeds[] = {0, 1, 2, 42, 43, 1ull << 31, 1ull << 32, (1ull << 32) + 1, seed_limit - 1};
    const Stream streams[] = {Stream::first_noise,  Stream::second_noise, Stream::third_noise,
                              Stream::bridge_upper, Stream::bridge_lower, Stream::user_defined};
    for (const auto seed : seeds)
        for (const auto stream : streams) {
            const auto key = key_of(seed, stream);
            keys.insert({key.low, key.high});
        }
    CHECK(keys.size() == std::size(seeds) * std::size(streams));
}

TEST_CASE("Paths and indices are 64-bit in the counter") {
    const auto a = counter_of(1ull << 40 | 5, 1ull << 33 | 7);
    CHECK(a.word[0] == 7);
    CHECK(a.word[1] == 2);
    CHECK(a.word[2] == 5);
    CHECK(a.word[3] == 256);
}
