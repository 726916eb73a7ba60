// The noise of a block of paths, a group of four steps at a time. Which law each noise has is known when the kernel
// is compiled; a noise of law `none` is zero and costs nothing.
#pragma once

#include <cstdint>
#include <utility>

#include "engine/noise/variates.hpp"

namespace noisetrap {

/// `coarse`: a step takes the noise of several steps of a finer run together.
template <class Variate, int W, Arithmetic arithmetic, bool coarse, Law... laws>
class NoiseSource {
  public:
    static constexpr int N = sizeof...(laws);
    static constexpr int most_words = ((words_of(laws) > 1) || ...) ? 2 : 1;
    using OneStream = VariateBlock<Variate, W, arithmetic, most_words>;
    using Words = typename OneStream::Words[N];
    using Noise = Variate[group_steps][W];

    explicit NOISETRAP_HD NoiseSource(std::uint64_t seed)
        : NoiseSource(seed, std::make_integer_sequence<int, N>{}) {}

    static NOISETRAP_HD constexpr Law law(int i) {
        Law found = Law::none;
        int k = 0;
        ((k++ == i ? void(found = laws) : void()), ...);
        return found;
    }

    /// Path number `path` is stepped in lane l.
    NOISETRAP_HD void set(int l, std::uint64_t path) {
        NOISETRAP_UNROLL
        for (int i = 0; i < N; ++i)
            if (law(i) != Law::none) stream_[i].set(l, path);
    }
    /// The path of lane `from` goes on in lane `to`.
    NOISETRAP_HD void move(int from, int to) {
        NOISETRAP_UNROLL
        for (int i = 0; i < N; ++i)
            if (law(i) != Law::none) stream_[i].move(from, to);
    }

    /// The four steps of `group` come next, in the first `slices` slices.
    NOISETRAP_HD void begin(std::uint64_t group, int slices) {
        NOISETRAP_UNROLL
        for (int i = 0; i < N; ++i)
            if (law(i) != Law::none) stream_[i].begin(group, 0, slices, law(i));
    }
    /// The generator's words for one slice: integers, which a CPU works out while other slices wait for floating
    /// point.
    NOISETRAP_HD void draw(int slice, Words& words) const {
        NOISETRAP_UNROLL
        for (int i = 0; i < N; ++i)
            if (law(i) != Law::none) stream_[i].draw(slice, law(i), words[i]);
    }
    /// Turns words into variates; `process` may make other numbers of them.
    template <class Process>
    static NOISETRAP_HD void transform(const Process& process, const Words& words, Noise (&z)[N]) {
        NOISETRAP_UNROLL
        for (int i = 0; i < N; ++i) {
            if (law(i) == Law::none) {
                zero(z[i]);
            } else {
                OneStream::transform(words[i], law(i), z[i], shape_of(process, i));
            }
        }
        gather(process, z);
    }

    /// The noise of a group in which a step takes that of `coarsening` finer ones: the sum of their normals over
    /// its standard deviation, or of other laws the first variate.
    template <class Process>
    NOISETRAP_HD void draw_coarse(const Process& process, std::uint64_t group, int slice,
                                  std::uint64_t coarsening, Variate weight, Noise (&z)[N]) {
        NOISETRAP_UNROLL
        for (int i = 0; i < N; ++i) {
            if (law(i) == Law::none) {
                zero(z[i]);
            } else {
                sum_finer(stream_[i], {law(i), shape_of(process, i)}, group, slice, coarsening, weight, z[i]);
            }
        }
        gather(process, z);
    }

  private:
    OneStream stream_[N];

    template <int... i>
    NOISETRAP_HD NoiseSource(std::uint64_t seed, std::integer_sequence<int, i...>)
        : stream_{OneStream(seed, noise_stream(i))...} {}

    static NOISETRAP_HD void zero(Noise& z) {
        for (auto& step : z)
            for (Variate& number : step) number = 0;
    }
    template <class Process>
    static NOISETRAP_HD double shape_of([[maybe_unused]] const Process& process, [[maybe_unused]] int i) {
        if constexpr (requires { process.shape(i); }) {
            return has_shape(law(i)) ? static_cast<double>(process.shape(i)) : 0;
        } else {
            return 0;
        }
    }
    template <class Process>
    static NOISETRAP_HD void gather(const Process& process, Noise (&z)[N]) {
        if constexpr (requires { process.gather(z); }) process.gather(z);
    }

    static NOISETRAP_HD void sum_finer(OneStream& stream, NoiseLaw of, std::uint64_t group, int slice,
                                       std::uint64_t coarsening, Variate weight, Noise& z) {
        alignas(alignment<W>) Noise fine;
        const Law law = of.law;
        for (std::uint64_t part = 0; part < coarsening; ++part) {
            stream.begin(group * coarsening + part, slice, slice + 1, law);
            typename OneStream::Words words;
            stream.draw(slice, law, words);
            OneStream::transform(words, law, fine, of.shape);
            NOISETRAP_UNROLL_ON_DEVICE
            for (int s = 0; s < group_steps; ++s) {
                const std::uint64_t step = part * group_steps + static_cast<std::uint64_t>(s);
                const bool first = step % coarsening == 0, sum = law == Law::gaussian;
                if (!first && !sum) continue;
                NOISETRAP_UNROLL_ON_DEVICE
                for (int n = 0; n < group_steps; ++n) {
                    if (static_cast<std::uint64_t>(n) != step / coarsening) continue;
                    NOISETRAP_OVER_LANES
                    for (int k = 0; k < W; ++k) {
                        const Variate here = sum ? weight * fine[s][k] : fine[s][k];
                        z[n][k] = first ? here : z[n][k] + here;
                    }
                }
            }
        }
    }
};

}  // namespace noisetrap
