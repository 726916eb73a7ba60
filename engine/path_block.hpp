// The one inner loop of the program: W paths in lock step. W = 1 in a GPU thread, a few registers' worth on a
// CPU core. Noise is drawn four steps at a time; a group of four steps in which nothing is looked at runs in
// registers.
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "engine/dual.hpp"
#include "engine/elementary.hpp"
#include "engine/launch.hpp"
#include "engine/process.hpp"
#include "engine/variates.hpp"

namespace noisetrap {

/// When to renormalise: far inside the range of Real, for factors up to 2^10 (float) or 2^95 (double) a step.
template <class Real>
struct SafeRange;
template <>
struct SafeRange<float> {
    static constexpr float small = 0x1p-40f, big = 0x1p40f;
};
template <>
struct SafeRange<double> {
    static constexpr double small = 0x1p-256, big = 0x1p256;
};
inline constexpr std::uint64_t groups_per_renormalisation = 2;

/// W numbers value[l] 2^exponent[l]: neither overflow nor underflow however long they grow or decay.
template <class Real, int W>
struct ScaledLanes {
    alignas(W >= 16 ? 64 : 8) Real value[W];
    std::int64_t exponent[W];

    HD void set(int l, Real x) { value[l] = x, exponent[l] = 0; }
    static HD bool outside(Real x) {
        return (abs(x) > SafeRange<Real>::big) | (abs(x) < SafeRange<Real>::small);
    }
    HD bool need_renormalisation() const {
        int any = 0;
        for (int l = 0; l < W; ++l) any |= outside(value[l]);
        return any != 0;
    }
    /// The powers of two move from the value to the exponent, which does not go below `lowest`. A lane is
    /// judged by itself, so that a path's rounding does not depend on its neighbours.
    HD void renormalise(int l, std::int64_t lowest) {
        const double x = value[l];
        const auto biased = static_cast<std::int64_t>(bits_of<std::uint64_t>(x) >> 52 & 0x7ff);
        if (!outside(value[l]) || x == 0 || biased == 0x7ff) return;
        std::int64_t power = biased - 1023;
        if (exponent[l] + power < lowest) power = lowest - exponent[l];
        value[l] = static_cast<Real>(scale_by_power_of_two(x, -power));
        exponent[l] += power;
    }
    HD double number(int l) const { return scale_by_power_of_two(value[l], exponent[l]); }
    /// log |number|: -infinity where it is zero, not a number where the path has failed.
    HD double log_abs(int l) const {
        const double size = abs(static_cast<double>(value[l]));
        if (size == 0) return -__builtin_inf();
        if (!(size <= 0x1.fffffffffffffp+1023)) return __builtin_nan("");
        return fma(static_cast<double>(exponent[l]), 0x1.62e42fefa39efp-1, log(size));
    }
};

/// `scaled`: lengths matter, as some noise acts at x = 0 or the process is not linear. `tangent`: follow
/// dx[n]/dx[0] beside x (where lengths do not matter x itself is proportional to it).
template <class Process, class Precision, int W, int N, bool scaled, bool tangent>
class PathBlock {
    using Real = typename Precision::Real;
    using Variate = typename Precision::Variate;
    using Noise = VariateBlock<Variate, W>;
    static_assert(path_alignment % W == 0);
    /// Near a noise that acts at x = 0 nothing smaller than the unit needs a scale of its own.
    static constexpr std::int64_t lowest_exponent = scaled && !Process::rests_at_zero ? 0 : INT64_MIN / 2;

    const Process process_;
    const Launch& launch_;
    const std::uint64_t row_, path_, active_;  // first row, first path number, paths that exist
    Noise noise_[N];
    alignas(W >= 16 ? 64 : 8) Variate z_[N][group_steps][W], gathered_[group_steps][W];
    ScaledLanes<Real, W> x_;
    ScaledLanes<Real, tangent ? W : 1> slope_;
    Real unit_[scaled ? W : 1];
    Real start_[W], radius_[W], before_[W];
    std::int64_t exit_[W];
    std::uint64_t watch_ = 0, reported_ = 0;

    template <int... i>
    HD PathBlock(const Process& process, const Launch& launch, std::uint64_t row, std::uint64_t path,
                 std::uint64_t active, std::integer_sequence<int, i...>)
        : process_(process),
          launch_(launch),
          row_(row),
          path_(path),
          active_(active),
          noise_{Noise(launch.seed, noise_stream(i), path)...} {}

    using Unit = std::conditional_t<scaled, Real, Zero>;
    HD Unit unit(int l) const {
        if constexpr (scaled) {
            return unit_[l];
        } else {
            return Zero{};
        }
    }

    HD Draw<Real, N> draw(int k, int l) const {
        Draw<Real, N> noise;
        UNROLL
        for (int i = 0; i < N; ++i) noise.z[i] = static_cast<Real>(z_[i][k][l]);
        return noise;
    }

    /// Steps first to first + count - 1 of a group.
    template <int count>
    HD void advance(std::uint64_t group, int first) {
        const Process process = process_;
        const std::uint64_t step = group * group_steps + static_cast<std::uint64_t>(first);
        for (int l = 0; l < W; ++l) {
            auto x = state(l);
            UNROLL
            for (int k = 0; k < count; ++k)
                x = process.step(x, unit(l), step + static_cast<std::uint64_t>(k), draw(first + k, l));
            x_.value[l] = value_of(x);
            if constexpr (tangent) slope_.value[l] = x.slope;
        }
    }

    /// x, with its derivative by x[0] where that is followed.
    HD auto state(int l) const {
        if constexpr (tangent) {
            return Dual<Real>{x_.value[l], slope_.value[l]};
        } else {
            return x_.value[l];
        }
    }

    /// The variates of a group of steps.
    HD void draw_noise(std::uint64_t group) {
        UNROLL
        for (int i = 0; i < N; ++i) {
            for (std::uint64_t part = 0; part < launch_.coarsening; ++part) {
                noise_[i](group * launch_.coarsening + part, z_[i], process_.law(i));
                if (launch_.coarsening > 1) gather(part, z_[i], process_.law(i) == Law::gaussian);
            }
            if (launch_.coarsening > 1) take_gathered(z_[i]);
        }
    }

    /// A coarse step takes what `coarsening` steps of a finer run take: the sum of their normals over its
    /// standard deviation, or of other laws the first variate.
    HD void gather(std::uint64_t part, const Variate (&fine)[group_steps][W], bool sum) {
        const auto weight = static_cast<Variate>(launch_.coarse_weight);
        UNROLL_ON_DEVICE
        for (int s = 0; s < group_steps; ++s) {
            const std::uint64_t step = part * group_steps + static_cast<std::uint64_t>(s);
            const bool first = step % launch_.coarsening == 0;
            if (!first && !sum) continue;
            UNROLL_ON_DEVICE
            for (int k = 0; k < group_steps; ++k) {
                if (static_cast<std::uint64_t>(k) != step / launch_.coarsening) continue;
                for (int l = 0; l < W; ++l) {
                    const Variate here = sum ? weight * fine[s][l] : fine[s][l];
                    gathered_[k][l] = first ? here : gathered_[k][l] + here;
                }
            }
        }
    }
    HD void take_gathered(Variate (&z)[group_steps][W]) {
        UNROLL_ON_DEVICE
        for (int k = 0; k < group_steps; ++k)
            for (int l = 0; l < W; ++l) z[k][l] = gathered_[k][l];
    }

    /// x[0]: x0, or normal about it.
    HD void draw_start() {
        for (int l = 0; l < W; ++l) {
            start_[l] = static_cast<Real>(launch_.x0);
            if (launch_.x0_deviation == 0) continue;
            const double z =
                normal_of<Variate>(launch_.seed, Stream::start, path_ + static_cast<std::uint64_t>(l));
            start_[l] = static_cast<Real>(fma(launch_.x0_deviation, z, launch_.x0));
        }
    }

    HD void renormalise() {
        if (x_.need_renormalisation()) {
            for (int l = 0; l < W; ++l) x_.renormalise(l, lowest_exponent);
            rescale();
        }
        if constexpr (tangent) {
            if (slope_.need_renormalisation())
                for (int l = 0; l < W; ++l) slope_.renormalise(l, INT64_MIN / 2);
        }
    }

    /// Lengths that are compared with x, in its current scale.
    HD void rescale() {
        for (int l = 0; l < W; ++l) {
            radius_[l] = static_cast<Real>(scale_by_power_of_two(launch_.exit_radius, -x_.exponent[l]));
            if constexpr (scaled) unit_[l] = static_cast<Real>(scale_by_power_of_two(1.0, -x_.exponent[l]));
        }
    }

    HD void watch_exit(std::uint64_t step) {
        const auto n = static_cast<std::int64_t>(step);
        for (int l = 0; l < W; ++l) {
            const bool outside = abs(x_.value[l]) >= radius_[l];
            exit_[l] = exit_[l] == 0 && outside ? (x_.value[l] > 0 ? n : -n) : exit_[l];
        }
    }

    /// A Brownian bridge from x to y with step variance v passes R with odds exp(-2 (R - x)(R - y) / v):
    /// compared with -2 ln u = 4 (R - x)(R - y) / v. In units of R, so that nothing underflows.
    HD void watch_bridge(std::uint64_t step, const float (&upper)[W], const float (&lower)[W]) {
        const auto n = static_cast<std::int64_t>(step);
        for (int l = 0; l < W; ++l) {
            const Real scale = 1 / radius_[l], x = before_[l] * scale, y = x_.value[l] * scale;
            const Real variance = process_.noise_variance(x, unit(l) * scale);
            const bool up = 4 * (1 - x) * (1 - y) <= variance * static_cast<Real>(upper[l]);
            const bool down = 4 * (1 + x) * (1 + y) <= variance * static_cast<Real>(lower[l]);
            const std::int64_t side = up && (!down || y > 0) ? n : -n;
            exit_[l] = exit_[l] == 0 && (up || down) ? side : exit_[l];
        }
    }

    HD void write_watched(std::uint64_t step) {
        while (watch_ < launch_.watches && launch_.watched_steps[watch_] == step) {
            for (int l = 0; l < W; ++l) {
                if (static_cast<std::uint64_t>(l) >= active_) continue;
                const auto cell = watch_ * launch_.rows() + row_ + static_cast<std::uint64_t>(l);
                launch_.columns.value[cell] = x_.number(l);
                launch_.columns.log_abs[cell] = x_.log_abs(l);
            }
            ++watch_;
        }
    }

    HD void write_end() {
        for (int l = 0; l < W; ++l) {
            if (static_cast<std::uint64_t>(l) >= active_) continue;
            const auto row = row_ + static_cast<std::uint64_t>(l);
            if (launch_.columns.log_growth) launch_.columns.log_growth[row] = log_growth(l);
            const bool failed = exit_[l] == 0 && x_.value[l] != x_.value[l];
            if (launch_.columns.exit_step)
                launch_.columns.exit_step[row] = failed ? failed_before_exit : exit_[l];
        }
    }

    HD double log_growth(int l) const {
        if constexpr (tangent) {
            return slope_.log_abs(l);
        } else {
            return x_.log_abs(l) - log(abs(static_cast<double>(start_[l])));
        }
    }

    /// The first step after which something is to be written.
    HD std::uint64_t next_stop() const {
        return watch_ < launch_.watches ? launch_.watched_steps[watch_] : launch_.steps;
    }

    static constexpr bool can_bridge = requires(const Process& p) { p.noise_variance(Real{}, Unit{}); };

    HD void step_by_step(std::uint64_t group) {
        [[maybe_unused]] alignas(W >= 16 ? 64 : 8) float upper[group_steps][W], lower[group_steps][W];
        const bool bridged = can_bridge && launch_.exit_watch == ExitWatch::with_bridge;
        if (bridged) {
            BridgeBlock<W>(launch_.seed, Stream::bridge_upper, path_)(group, upper);
            BridgeBlock<W>(launch_.seed, Stream::bridge_lower, path_)(group, lower);
        }
        UNROLL_ON_DEVICE
        for (int k = 0; k < group_steps; ++k) {
            const std::uint64_t done = group * group_steps + static_cast<std::uint64_t>(k) + 1;
            if (done > launch_.steps) return;
            if (bridged)
                for (int l = 0; l < W; ++l) before_[l] = x_.value[l];
            advance<1>(group, k);
            if constexpr (can_bridge) {
                if (bridged) watch_bridge(done, upper[k], lower[k]);
            }
            if (launch_.exit_watch == ExitWatch::at_steps) watch_exit(done);
            write_watched(done);
        }
    }

    HD bool finished_early() const {
        if (launch_.exit_watch == ExitWatch::none || launch_.columns.log_growth || watch_ < launch_.watches)
            return false;
        bool all = true;
        for (int l = 0; l < W; ++l) all &= exit_[l] != 0 || static_cast<std::uint64_t>(l) >= active_;
        return all;
    }

    /// Whether to go on after this group; asked often enough for a quick end, seldom enough to cost nothing.
    HD bool go_on(std::uint64_t group) {
        if (group % 16 != 15) return true;
        if (finished_early()) return false;
#if !defined(__CUDA_ARCH__)
        if (group % 256 == 255) report((group + 1) * group_steps);
        return !__atomic_load_n(&launch_.monitor->stop, __ATOMIC_RELAXED);
#else
        return true;
#endif
    }

    /// Tells the monitor that the block has come to step `done`.
    HD void report([[maybe_unused]] std::uint64_t done) {
#if !defined(__CUDA_ARCH__)
        __atomic_fetch_add(&launch_.monitor->path_steps, (done - reported_) * active_, __ATOMIC_RELAXED);
        reported_ = done;
#endif
    }

  public:
    /// Paths path to path + active - 1 of one ensemble, written to rows from `row` on.
    HD PathBlock(const Process& process, const Launch& launch, std::uint64_t row, std::uint64_t path,
                 std::uint64_t active)
        : PathBlock(process, launch, row, path, active, std::make_integer_sequence<int, N>{}) {}

    HD void run() {
        draw_start();
        for (int l = 0; l < W; ++l) x_.set(l, start_[l]);
        for (int l = 0; l < (tangent ? W : 1); ++l) slope_.set(l, 1);
        rescale();
        for (int l = 0; l < W; ++l) exit_[l] = 0;
        write_watched(0);
        const std::uint64_t groups = (launch_.steps + group_steps - 1) / group_steps;
        std::uint64_t end = 0;
        for (std::uint64_t group = 0; group < groups; ++group) {
            end = (group + 1) * group_steps;
            draw_noise(group);
            if (launch_.exit_watch == ExitWatch::none && next_stop() >= end) {
                advance<group_steps>(group, 0);
                write_watched(end);
            } else {
                step_by_step(group);
            }
            if (group % groups_per_renormalisation == groups_per_renormalisation - 1) renormalise();
            if (!go_on(group)) break;
        }
        report(end < launch_.steps ? end : launch_.steps);
        write_end();
    }
};

/// Block number `block` of a launch: ensembles one after the other, each cut into blocks of W paths.
template <class Process, class Precision, int W, int N, bool scaled, bool tangent>
HD void run_block(const Launch& launch, const Process* processes, std::uint64_t block) {
    const std::uint64_t blocks_per_ensemble = (launch.paths + W - 1) / W;
    const std::uint64_t ensemble = block / blocks_per_ensemble, offset = block % blocks_per_ensemble * W;
    const std::uint64_t left = launch.paths - offset;
    PathBlock<Process, Precision, W, N, scaled, tangent>(
        processes[ensemble], launch, ensemble * launch.paths + offset,
        (launch.first_ensemble + ensemble) * launch.stride + launch.first_path + offset, left < W ? left : W)
        .run();
}

}  // namespace noisetrap
