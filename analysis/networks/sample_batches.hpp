// Which samples a step takes, as a function of (seed, chain, step).
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "engine/noise/philox.hpp"
#include "engine/noise/streams.hpp"

namespace noisetrap {

/// Batches with replacement, or without: then they are the first places of a deck that is shuffled as far as is needed.
class SampleBatches {
    std::uint64_t seed_;
    std::size_t batch_, samples_;
    bool without_replacement_;
    std::unordered_map<std::size_t, std::size_t> moved_;  // places of the deck that hold another card

    std::size_t card(std::size_t place) const {
        const auto found = moved_.find(place);
        return found == moved_.end() ? place : found->second;
    }

  public:
    SampleBatches(std::uint64_t seed, int batch, std::size_t samples, bool without_replacement)
        : seed_(seed),
          batch_(static_cast<std::size_t>(batch)),
          samples_(samples),
          without_replacement_(without_replacement) {}

    template <class Take>
    void operator()(std::uint64_t chain, std::uint64_t step, Take take) {
        const auto key = key_of(seed_, Stream::user_defined);
        const std::size_t calls = (batch_ + 3) / 4;
        moved_.clear();
        PhiloxWords words{};
        for (std::size_t j = 0; j < batch_; ++j) {
            if (j % 4 == 0) words = philox_words(counter_of(chain, step * calls + j / 4), key);
            if (!without_replacement_) {
                take(product_high(words.word[j % 4], static_cast<std::uint32_t>(samples_)));
                continue;
            }
            const std::size_t from =
                j + product_high(words.word[j % 4], static_cast<std::uint32_t>(samples_ - j));
            take(card(from));
            moved_[from] = card(j);
        }
    }
};

}  // namespace noisetrap
