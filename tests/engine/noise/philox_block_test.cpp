// The vector code gives the words of the plain loop, for every width, at indices and path numbers on both
// sides of 2^32. A program of its own, compiled for one instruction set; exit status 77: this processor lacks
// it.
#include "engine/noise/philox_block.hpp"

#include <cstdio>
#include <initializer_list>
#include <vector>

#include "engine/numbers/precision.hpp"
#include "engine/paths/path_block.hpp"
#include "models/linear_sde.hpp"
#include "sde/schemes.hpp"

using namespace noisetrap;

constexpr PhiloxKey key{0x12345678u, 0x9abcdef0u};

static std::uint32_t expected(const PhiloxWords& words, int i, std::uint32_t) { return words.word[i]; }
static std::uint64_t expected(const PhiloxWords& words, int i, std::uint64_t) {
    return words.word[2 * i] + (static_cast<std::uint64_t>(words.word[2 * i + 1]) << 32);
}

/// Whether lane l has the words of path[l].
template <int W, class Word>
static bool agrees(PhiloxBlock<W, Word>& block, const std::vector<std::uint64_t>& path) {
    alignas(64) Word words[words_per_call<Word>][W];
    for (const std::uint64_t index : {0ull, 1ull, 0xffffffffull, 0x100000000ull, 0x123456789abcull, 7ull})
        for (std::size_t first = 0; first < path.size(); first += W) {
            block(block.at(index), static_cast<int>(first / W), words);
            for (std::size_t k = 0; k < W; ++k)
                for (int i = 0; i < words_per_call<Word>; ++i)
                    if (words[i][k] !=
                        expected(philox_words(counter_of(path[first + k], index), key), i, Word{}))
                        return false;
        }
    return true;
}

template <int W, class Word>
static bool agrees(std::uint64_t first_path) {
    PhiloxBlock<W, Word> block(key);
    std::vector<std::uint64_t> path;
    for (int lane = 0; lane < most_lanes<W> && lane < 4 * W; ++lane) {
        path.push_back(first_path + static_cast<std::uint64_t>(lane));
        block.set(lane, path.back());
    }
    if (!agrees<W, Word>(block, path)) return false;
    // As when paths close ranks: the last lane's path goes on in others.
    for (const int to : {0, W / 2, static_cast<int>(path.size()) - 2}) {
        if (to < 0) continue;
        block.move(static_cast<int>(path.size()) - 1, to);
        path[static_cast<std::size_t>(to)] = path.back();
    }
    return agrees<W, Word>(block, path);
}

/// With one lane, and with what fills one register and several.
template <class Word>
static bool agrees(std::uint64_t first_path) {
    return agrees<1, Word>(first_path) && agrees<8, Word>(first_path) && agrees<16, Word>(first_path) &&
           agrees<64, Word>(first_path);
}

/// x at the end of `paths` paths from `first_path` on, in blocks of `lanes`.
template <int W>
static std::vector<double> ends(std::uint64_t first_path, std::uint64_t paths, std::uint64_t lanes) {
    using Process = Discretised<LinearSdeStep<double>, EulerMaruyama>;
    const Process process{LinearSde{}.per_step<double>(1.0 / 64)};
    std::vector<double> value(paths), log_abs(paths);
    const std::uint64_t end = 8;
    Monitor monitor;
    const Launch launch{.seed = 1,
                        .first_ensemble = 0,
                        .ensembles = 1,
                        .first_path = first_path,
                        .paths = paths,
                        .stride = paths,
                        .lanes = lanes,
                        .steps = end,
                        .watched_steps = &end,
                        .watches = 1,
                        .x0 = 1,
                        .x0_deviation = 0,
                        .coarsening = 1,
                        .coarse_weight = 1,
                        .exit_radius = 0,
                        .inside_radius = 0,
                        .columns = {{value.data(), log_abs.data()}},
                        .monitor = &monitor};
    for (std::uint64_t block = 0; block * lanes < paths; ++block)
        run_block<Process, Mixed, W, Feature::scaled, Law::gaussian, Law::gaussian>(launch, &process, block);
    return value;
}

/// A block in whose midst the high half of the path number changes gives what its paths give alone.
static bool blocks_split_where_path_numbers_carry() {
    const std::uint64_t first = 0xffffffffull - 40;
    return ends<widest_slice>(first, 100, 112) == ends<1>(first, 100, 1);
}

int main() {
#if defined(__AVX512F__)
    const bool can_run = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
#else
    const bool can_run = __builtin_cpu_supports("avx2");
#endif
    if (!can_run) return 77;
    for (const std::uint64_t first : {0ull, 4096ull, 0xffffff00ull, 0x100000000ull, 0xabcdef0123400ull})
        if (!agrees<std::uint32_t>(first) || !agrees<std::uint64_t>(first)) {
            std::printf("differs from the scalar words at path %llu\n",
                        static_cast<unsigned long long>(first));
            return 1;
        }
    if (!blocks_split_where_path_numbers_carry()) {
        std::printf("a block across path 2^32 differs from its paths alone\n");
        return 1;
    }
    return 0;
}
