// Which samples of a data set a step takes, as a function of (seed, path, step): for losses that are a mean over a table
// in memory.
#pragma once

#include <cstdint>

#include "engine/noise/permutation.hpp"
#include "engine/noise/philox_block.hpp"
#include "engine/noise/streams.hpp"
#include "engine/noise/variates.hpp"

namespace noisetrap {

enum class SampleOrder : int { with_replacement, without_replacement, reshuffled };
inline constexpr const char* sample_order_names[] = {"with-replacement", "without-replacement", "reshuffled"};

struct SampleRule {
    Shuffle samples;
    std::uint32_t batch;  // samples of a step
    SampleOrder order;
};

/// The words of the generator for the paths of a block, one stream for the samples and one for what is added to their
/// targets. Number m = step batch + place of a path is sample and word m of it, four of which come with one call.
template <int W>
class SampleSource {
    using Philox = PhiloxBlock<W, std::uint32_t>;
    Philox samples_, labels_;

  public:
    using Words = std::uint32_t[4][W];

    explicit NOISETRAP_HD SampleSource(std::uint64_t seed)
        : samples_(key_of(seed, Stream::samples)), labels_(key_of(seed, Stream::label_noise)) {}
    NOISETRAP_HD void set(int lane, std::uint64_t path) {
        samples_.set(lane, path);
        labels_.set(lane, path);
    }
    NOISETRAP_HD void move(int from, int to) {
        samples_.move(from, to);
        labels_.move(from, to);
    }
    NOISETRAP_HD void draw(std::uint64_t index, int slice, Words& words) {
        samples_(samples_.at(index), slice, words);
    }
    NOISETRAP_HD void draw_labels(std::uint64_t index, int slice, Words& words) {
        labels_(labels_.at(index), slice, words);
    }
};

/// The samples of the steps of one slice, one after the other.
template <int W>
class SliceSamples {
    SampleSource<W>& source_;
    const SampleRule rule_;
    const int slice_;
    alignas(64) typename SampleSource<W>::Words words_;
    std::uint64_t step_ = 0, called_ = ~std::uint64_t{0};

    NOISETRAP_HD void call(std::uint64_t number) {
        if (number == called_) return;
        called_ = number;
        source_.draw(number, slice_, words_);
    }
    /// Place `place` of permutation number `number` of the path, whose two words are half a call.
    NOISETRAP_HD void permute(std::uint64_t number, std::uint32_t place) {
        call(number / 2);
        const int half = number % 2 == 0 ? 0 : 2;
        rule_.samples.at(place, words_[half], words_[half + 1], index);
    }

  public:
    alignas(64) std::uint32_t index[W];

    NOISETRAP_HD SliceSamples(SampleSource<W>& source, const SampleRule& rule, int slice)
        : source_(source), rule_(rule), slice_(slice) {}
    NOISETRAP_HD void begin(std::uint64_t step) { step_ = step; }
    /// Sets `index` to sample number `place` of the step.
    NOISETRAP_HD void take(std::uint32_t place) {
        const std::uint64_t number = step_ * rule_.batch + place;
        switch (rule_.order) {
            case SampleOrder::with_replacement:
                call(number / 4);
                NOISETRAP_OVER_LANES
                for (int k = 0; k < W; ++k)
                    index[k] = product_high(words_[number % 4][k], rule_.samples.count);
                return;
            case SampleOrder::without_replacement:
                permute(step_, place);
                return;
            case SampleOrder::reshuffled:
                permute(number / rule_.samples.count,
                        static_cast<std::uint32_t>(number % rule_.samples.count));
                return;
        }
    }
    /// A standard normal number for that sample's target.
    NOISETRAP_HD void label_noise(std::uint32_t place, float (&z)[W]) {
        const std::uint64_t number = step_ * rule_.batch + place;
        alignas(64) typename SampleSource<W>::Words words;
        source_.draw_labels(number / 4, slice_, words);
        const int pair = number % 4 < 2 ? 0 : 2;
        NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) {
            const auto two = normal_pair(words[pair][k], words[pair + 1][k]);
            z[k] = number % 2 == 0 ? two.first : two.second;
        }
    }
};

}  // namespace noisetrap
