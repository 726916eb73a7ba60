// The loop beside that of path_block.hpp, for states of any width: networks, whose steps look samples up in a table. The
// numbers of a slice of W paths lie together, number after number, in memory of the thread. A GPU's thread has one path,
// whose numbers are arrays in its local memory, where a device keeps those of neighbouring threads side by side. What a
// path writes, and who calls, are the same.
//
// A wide process says `is_wide` and has
//   numbers_of_path, workspace<W>   numbers of a path, and those that a step of a slice is worked out in
//   rule                            how many samples a step takes, and in which order
//   step(s, work, n, samples)       step n of a slice
//   start(seed, path, x0, at)       sets what is not 0 at the start: at(p) is where number p is kept
//   distance_squared(s), along(s)   what is watched, and what is observed
//   near_squared                    a path whose squared distance comes below has fallen in: an exit below
//   keeps(), keep(w, row, p, x)     whether whole states are kept at observed steps, and what becomes of number p
// An exit beyond the radius of the launch has a positive step, and one below a negative one.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

#include "engine/noise/law.hpp"
#include "engine/noise/sample_source.hpp"
#include "engine/numbers/pack.hpp"
#include "engine/paths/blocks.hpp"
#include "engine/paths/features.hpp"
#include "engine/paths/launch.hpp"
#include "engine/paths/recorder.hpp"

namespace noisetrap {

template <class Process>
concept IsWide = requires {
    Process::is_wide;
};

// NOISETRAP_ALSO_ON_DEVICE: functions of which a compiler may decide whether to inline them.
#if defined(__CUDACC__)
    #define NOISETRAP_ALSO_ON_DEVICE __host__ __device__
/// Room for the numbers of one path.
template <class Number, std::size_t most>
class ThreadMemory {
    Number at_[most];

  public:
    explicit NOISETRAP_ALSO_ON_DEVICE ThreadMemory(std::size_t) {}
    NOISETRAP_ALSO_ON_DEVICE Number* get() { return at_; }
};
#else
    #define NOISETRAP_ALSO_ON_DEVICE
/// Room for `count` numbers. Kernels are linked with the C library alone, which has no exceptions.
template <class Number, std::size_t>
class ThreadMemory {
    struct Free {
        void operator()(Number* at) const { std::free(at); }
    };
    std::unique_ptr<Number[], Free> at_;

  public:
    explicit ThreadMemory(std::size_t count) {
        void* at = std::aligned_alloc(64, (count * sizeof(Number) + 63) / 64 * 64);
        if (!at) std::abort();
        at_.reset(static_cast<Number*>(at));
    }
    Number* get() { return at_.get(); }
};
#endif

template <class Process, class Precision, int W, unsigned features>
class WideBlock {
    static_assert((features & ~unsigned{Feature::exits}) == 0, "a wide block watches exits and nothing else");
    static constexpr bool has_exits = features == Feature::exits;
    using Real = typename Precision::Real;
    using Number = typename PackOf<Real, W>::type;
    static constexpr std::size_t numbers = Process::numbers_of_path;
    static constexpr int lanes = most_lanes<W>;
    /// Where little is to be done for a path, neighbouring slices take a step at a time, which a processor overlaps;
    /// else a slice stays in the caches for some groups.
    static constexpr bool is_narrow = W > 1 && numbers <= 32;
    static constexpr std::uint64_t groups_at_once = is_narrow ? 1 : 16;
    static constexpr std::int64_t failed = INT64_MIN;

    const Process process_;
    const Launch& launch_;
    int alive_;
    const Real far_squared_;
    SampleSource<W> source_;
    Recorder<W> recorder_;
    LaneArray<std::int64_t, W, lanes> exit_;
    LaneArray<double, W, lanes> along_;
    ThreadMemory<Number, numbers> state_;
    ThreadMemory<Number, Process::template workspace<W>> work_;
    std::uint64_t reported_ = 0;

    NOISETRAP_ALSO_ON_DEVICE int slices() const { return (alive_ + W - 1) / W; }
    NOISETRAP_ALSO_ON_DEVICE Number* slice(int i) {
        return state_.get() + static_cast<std::size_t>(i) * numbers;
    }
    NOISETRAP_ALSO_ON_DEVICE Real& number(std::size_t p, int l) {
        return reinterpret_cast<Real*>(slice(l / W) + p)[l % W];
    }

    static NOISETRAP_ALSO_ON_DEVICE void take_apart(const Number& all, Real (&lane)[W]) {
        if constexpr (W == 1) {
            lane[0] = all;
        } else {
            all.store(lane);
        }
    }
    NOISETRAP_ALSO_ON_DEVICE void look(std::uint64_t step, int i) {
        alignas(64) Real distance[W];
        take_apart(process_.distance_squared(slice(i)), distance);
        const Real near = process_.near_squared, far = far_squared_;
        int any = 0;
        NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) any |= !((distance[k] < far) & (distance[k] > near));
        if (!any) return;
        const auto n = static_cast<std::int64_t>(step);
        for (int k = 0; k < W; ++k) {
            auto& exit = exit_[i * W + k];
            if (exit != 0 || ((distance[k] < far) & (distance[k] > near))) continue;
            exit = distance[k] >= far ? n : distance[k] <= near ? -n : failed;
        }
    }
    NOISETRAP_ALSO_ON_DEVICE void write_observed(std::uint64_t step, int i) {
        if (recorder_.next_stop() > step || recorder_.all_observed()) return;
        alignas(64) Real along[W];
        take_apart(process_.along(slice(i)), along);
        for (int k = 0; k < W; ++k) along_[i * W + k] = static_cast<double>(along[k]);
        recorder_.write_observed(*this, process_, step, i, alive_);
        if (!process_.keeps()) return;
        recorder_.each_observed(step, i, alive_, [&](std::uint64_t w, std::uint64_t row, int l) {
            for (std::size_t p = 0; p < numbers; ++p) process_.keep(w, row, p, number(p, l));
        });
    }
    NOISETRAP_ALSO_ON_DEVICE void step_once(std::uint64_t n, int i, SliceSamples<W>& samples) {
        process_.template step<W>(slice(i), work_.get(), n, samples);
        if constexpr (has_exits) look(n + 1, i);
        write_observed(n + 1, i);
    }
    NOISETRAP_ALSO_ON_DEVICE void step_slice(std::uint64_t from, std::uint64_t to, int i) {
        SliceSamples<W> samples(source_, process_.rule, i);
        for (std::uint64_t n = from; n < to; ++n) step_once(n, i, samples);
    }
    NOISETRAP_ALSO_ON_DEVICE void step_abreast(std::uint64_t from, std::uint64_t to) {
        constexpr int together = 8;
        for (int first = 0; first < slices(); first += together) {
            const int count = slices() - first < together ? slices() - first : together;
            alignas(64) unsigned char memory[together * sizeof(SliceSamples<W>)];
            auto* samples = reinterpret_cast<SliceSamples<W>*>(memory);
            for (int i = 0; i < count; ++i)
                new (samples + i) SliceSamples<W>(source_, process_.rule, first + i);
            for (std::uint64_t n = from; n < to; ++n)
                for (int i = 0; i < count; ++i) step_once(n, first + i, samples[i]);
        }
    }

    NOISETRAP_ALSO_ON_DEVICE void move(int from, int to) {
        source_.move(from, to);
        recorder_.move(from, to);
        exit_[to] = exit_[from];
        for (std::size_t p = 0; p < numbers; ++p) number(p, to) = number(p, from);
    }
    NOISETRAP_ALSO_ON_DEVICE void write_end(int l) {
        if constexpr (has_exits) {
            const auto step = exit_[l];
            recorder_.write_one(Column::exit_step, l,
                                step == failed ? failed_before_exit : static_cast<double>(step));
        }
    }
    NOISETRAP_ALSO_ON_DEVICE void report(std::uint64_t done) {
        count_path_steps(launch_, (done - reported_) * static_cast<std::uint64_t>(alive_));
        reported_ = done;
    }
    NOISETRAP_ALSO_ON_DEVICE void retire(std::uint64_t done) {
        if (!has_exits || !recorder_.all_observed()) return;
        alive_ = close_ranks<W>(
            alive_, [this](int l) { return exit_[l] != 0; },
            [this, done](int l) {
                report(done);
                write_end(l);
                count_path_steps(launch_, launch_.steps - reported_);
            },
            [this](int from, int to) { move(from, to); });
    }

    NOISETRAP_ALSO_ON_DEVICE void start(int l, std::uint64_t path) {
        source_.set(l, path);
        recorder_.start(l);
        exit_[l] = 0;
        for (std::size_t p = 0; p < numbers; ++p) number(p, l) = 0;
        process_.start(launch_.seed, path, launch_.x0, [&](std::size_t p) -> Real& { return number(p, l); });
    }

  public:
    NOISETRAP_ALSO_ON_DEVICE WideBlock(const Process& process, const Launch& launch, std::uint64_t row,
                                       std::uint64_t path, int paths)
        : process_(process),
          launch_(launch),
          alive_(paths),
          far_squared_(static_cast<Real>(launch.exit_radius) * static_cast<Real>(launch.exit_radius)),
          source_(launch.seed),
          recorder_(launch, row),
          state_(static_cast<std::size_t>(slices()) * numbers),
          work_(Process::template workspace<W>) {
        // Lanes beyond the last path step it again.
        for (int l = 0; l < slices() * W; ++l)
            start(l, path + static_cast<std::uint64_t>(l < paths ? l : paths - 1));
    }

    /// What the recorder asks.
    NOISETRAP_ALSO_ON_DEVICE double number(const Process&, int l) const { return along_[l]; }
    NOISETRAP_ALSO_ON_DEVICE double log_abs(const Process&, int l) const {
        return log_of_scaled(abs(along_[l]), 0);
    }

    NOISETRAP_ALSO_ON_DEVICE void run() {
        for (int i = 0; i < slices(); ++i) write_observed(0, i);
        recorder_.pass(0);
        for (std::uint64_t n = 0; n < launch_.steps && alive_ > 0 && !is_to_stop(launch_);) {
            const std::uint64_t ahead = n + groups_at_once * group_steps,
                                to = ahead < launch_.steps ? ahead : launch_.steps;
            if constexpr (is_narrow) {
                step_abreast(n, to);
            } else {
                for (int i = 0; i < slices(); ++i) step_slice(n, to, i);
            }
            n = to;
            recorder_.pass(n);
            retire(n);
            if (n % 1024 == 0) report(n);
        }
        report(launch_.steps);
        for (int l = 0; l < alive_; ++l) write_end(l);
    }
};

/// Blocks that follow each other, so small that a thread needs no more than some megabytes for wide states.
template <class Process, class Precision, int W, unsigned features>
class WideBlocks {
    static constexpr std::size_t most_bytes = 8 << 20,
                                 path_bytes = Process::numbers_of_path * sizeof(typename Precision::Real);
    static constexpr int room =
        most_bytes / path_bytes / W < 1 ? W : static_cast<int>(most_bytes / path_bytes / W) * W;
    static constexpr int paths_at_once = room < most_lanes<W> ? room : most_lanes<W>;
    const Process& process_;
    const Launch& launch_;
    const std::uint64_t row_, path_;
    const int paths_;

  public:
    NOISETRAP_ALSO_ON_DEVICE WideBlocks(const Process& process, const Launch& launch, std::uint64_t row,
                                        std::uint64_t path, int paths)
        : process_(process), launch_(launch), row_(row), path_(path), paths_(paths) {}
    NOISETRAP_ALSO_ON_DEVICE void run() const {
        for (int from = 0; from < paths_ && !is_to_stop(launch_); from += paths_at_once) {
            const auto first = static_cast<std::uint64_t>(from);
            WideBlock<Process, Precision, W, features>(
                process_, launch_, row_ + first, path_ + first,
                paths_ - from < paths_at_once ? paths_ - from : paths_at_once)
                .run();
        }
    }
};

/// A wide process is stepped here, whatever else its unit includes.
template <class Process, class Precision, int W, unsigned features, Law... laws>
requires IsWide<Process> NOISETRAP_ALSO_ON_DEVICE void run_block(const Launch& launch,
                                                                 const Process* processes,
                                                                 std::uint64_t block) {
    run_as<WideBlocks<Process, Precision, W, features>>(launch, processes, block);
}

}  // namespace noisetrap
