// Random numbers for what is simulated beside the engine.
#pragma once

#include <cstdint>

#include "engine/noise/variates.hpp"

namespace noisetrap {

/// Numbers of one path, one after the other. No path of the engine draws any of them.
class PathDraws {
    PhiloxKey key_;
    std::uint64_t path_, index_ = 0;

    template <class Make>
    Pair<double> both(Make make) {
        const auto words = philox_words(counter_of(path_, index_++), key_);
        const auto joined = [](std::uint32_t high, std::uint32_t low) {
            return static_cast<std::uint64_t>(high) << 32 | low;
        };
        return make(joined(words.word[0], words.word[1]), joined(words.word[2], words.word[3]));
    }

  public:
    PathDraws(std::uint64_t seed, std::uint64_t path)
        : key_(key_of(seed, Stream::user_defined)), path_(path) {}
    double normal() {
        return both([](std::uint64_t a, std::uint64_t b) { return normal_pair(a, b); }).first;
    }
    /// Two uniform variates of (0, 1), neither of which is ever 0 or 1.
    Pair<double> uniforms() {
        return both([](std::uint64_t a, std::uint64_t b) -> Pair<double> {
            return {centred_uniform(a) + 0.5, centred_uniform(b) + 0.5};
        });
    }
    double uniform() { return uniforms().first; }
};

}  // namespace noisetrap
