// Which paths a block of a launch holds, and what its paths have in common however they are stepped.
#pragma once

#include <cstdint>

#include "engine/paths/launch.hpp"

namespace noisetrap {

/// Block number `block` of a launch: ensembles one after the other, each cut into blocks of launch.lanes
/// paths, and where the high half of the path number changes.
template <class Block, class Process>
NOISETRAP_HD void run_as(const Launch& launch, const Process* processes, std::uint64_t block) {
    const std::uint64_t blocks_per_ensemble = (launch.paths + launch.lanes - 1) / launch.lanes;
    const std::uint64_t ensemble = block / blocks_per_ensemble;
    const std::uint64_t first = (launch.first_ensemble + ensemble) * launch.stride + launch.first_path;
    std::uint64_t from = block % blocks_per_ensemble * launch.lanes;
    const std::uint64_t to = from + launch.lanes < launch.paths ? from + launch.lanes : launch.paths;
    while (from < to) {
        const std::uint64_t until_change = (1ull << 32) - (first + from) % (1ull << 32);
        const std::uint64_t paths = to - from < until_change ? to - from : until_change;
        Block(processes[ensemble], launch, ensemble * launch.paths + from, first + from,
              static_cast<int>(paths))
            .run();
        from += paths;
    }
}

/// Adds to what the progress and the runner see of a launch.
NOISETRAP_HD void count_path_steps([[maybe_unused]] const Launch& launch,
                                   [[maybe_unused]] std::uint64_t count) {
#if !defined(__CUDA_ARCH__)
    __atomic_fetch_add(&launch.monitor->path_steps, count, __ATOMIC_RELAXED);
#endif
}
NOISETRAP_HD bool is_to_stop([[maybe_unused]] const Launch& launch) {
#if !defined(__CUDA_ARCH__)
    return __atomic_load_n(&launch.monitor->stop, __ATOMIC_RELAXED) != 0;
#else
    return false;
#endif
}

/// Takes the paths that have left out and moves others into their lanes, once those that have left fill a slice or are
/// all. Returns how many are left.
template <int W, class Left, class End, class Move>
NOISETRAP_HD int close_ranks(int alive, const Left& left, const End& end, const Move& move) {
    int gone = 0;
    for (int l = 0; l < alive; ++l) gone += left(l);
    if (gone == 0 || (gone < W && gone < alive)) return alive;
    for (int l = 0; l < alive; ++l)
        while (l < alive && left(l)) {
            end(l);
            --alive;
            if constexpr (W > 1) move(alive, l);
        }
    return alive;
}

}  // namespace noisetrap
