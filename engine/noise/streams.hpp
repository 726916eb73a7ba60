// Every random stream of the program, named once. Noise is a function of (seed, stream, path, step): nothing
// is stored, nothing is advanced, and any path can be replayed alone.
#pragma once

#include <cstdint>

#include "engine/noise/philox.hpp"

namespace noisetrap {

enum class Stream : std::uint32_t {
    first_noise,          // z0: xi of a recursion, dW of an SDE
    second_noise,         // z1: the part of eta, or dV, that is independent of z0
    third_noise,          // z2: says at which steps correlated non-Gaussian noises coincide
    bridge_upper,         // crossings of +R between two steps
    bridge_lower,         // crossings of -R between two steps
    start,                // where a path starts, if not all start at x0
    user_defined,         // for programs built on the library; also draws in tests
    samples,              // of a data set, that a step takes
    label_noise,          // normal numbers that are added to the targets of these samples
    further_noises = 64,  // z3 and on: of losses and optimisers that take many
};

/// Seeds are below 2^53, so that every JSON reader keeps them exactly; the stream takes the 11 bits above.
inline constexpr std::uint64_t seed_limit = 1ull << 53;

NOISETRAP_HD PhiloxKey key_of(std::uint64_t seed, Stream stream) {
    return {static_cast<std::uint32_t>(seed),
            static_cast<std::uint32_t>(seed >> 32) | static_cast<std::uint32_t>(stream) << 21};
}

NOISETRAP_HD constexpr Stream noise_stream(int component) {
    constexpr int named = 3;
    return static_cast<Stream>(
        component < named ? component : static_cast<int>(Stream::further_noises) + component - named);
}

}  // namespace noisetrap
