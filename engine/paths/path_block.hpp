// The one inner loop of the program: the schedule of a block of paths. It is stepped a slice of W lanes at a time,
// W = 1 in a GPU thread, a register's worth on a CPU core. Noise is drawn four steps at a time; a group of four steps
// in which nothing is written runs in registers, from the words of the generator to the new state.
#pragma once

#include <cstdint>
#include <type_traits>

#include "engine/noise/noise_source.hpp"
#include "engine/numbers/lanes.hpp"
#include "engine/paths/blocks.hpp"
#include "engine/paths/exits.hpp"
#include "engine/paths/features.hpp"
#include "engine/paths/launch.hpp"
#include "engine/paths/noise_sums.hpp"
#include "engine/paths/path_state.hpp"
#include "engine/paths/probes.hpp"
#include "engine/paths/process.hpp"
#include "engine/paths/recorder.hpp"
#include "engine/paths/spectrum.hpp"

namespace noisetrap {

/// How often the block looks at itself: renormalises, and closes the ranks where paths have ended.
inline constexpr std::uint64_t groups_per_look = 2;

template <class Process, class Precision, int W, unsigned features, Law... laws>
class PathBlock {
    static constexpr bool has(unsigned f) { return (features & f) != 0; }
    static constexpr int N = sizeof...(laws), lanes = most_lanes<W>;
    using Real = typename Precision::Real;
    using Variate = typename Precision::Variate;
    using Source = NoiseSource<Variate, W, Precision::arithmetic, has(Feature::coarse), laws...>;
    using Noise = typename Source::Noise;
    using State = PathState<Process, Real, W, has(Feature::scaled), has(Feature::tangent)>;
    using Exits = ExitWatcher<Real, W, has(Feature::bridges), has(Feature::one_sided)>;
    using Largest = std::conditional_t<has(Feature::largest), LargestProbe<Real, W>, NoProbe>;
    using Inside = std::conditional_t<has(Feature::inside), InsideProbe<Real, W>, NoProbe>;
    using Frame = std::conditional_t<has(Feature::spectrum), SpectrumFrame<Real, numbers_of<Process>, W>,
                                     NoSpectrumFrame>;
    using Sums = std::conditional_t<has(Feature::control), NoiseSums<Variate, W>, NoNoiseSums>;

    const Process process_;
    const Launch& launch_;
    int alive_;  // paths that are stepped, in lanes 0 to alive_ - 1
    Source noise_;
    State state_;
    Exits exits_;
    Largest largest_;
    Inside inside_;
    Sums sums_;
    Frame frame_;
    Recorder<W> recorder_;
    std::uint64_t reported_ = 0;

    NOISETRAP_HD int slices() const { return W == 1 ? 1 : (alive_ + W - 1) / W; }
    NOISETRAP_HD int lanes_in_use() const { return slices() * W; }

    /// Where x = 0 is moved nothing smaller than the unit needs a scale of its own.
    NOISETRAP_HD std::int64_t lowest_exponent() const {
        if constexpr (!has(Feature::scaled)) {
            return no_lowest_exponent;
        } else {
            return process_.moves_zero() ? 0 : Process::lowest_exponent;
        }
    }

    NOISETRAP_HD static Draw<Real, N> draw_of(const Noise (&z)[N], int n, int k) {
        Draw<Real, N> noise;
        NOISETRAP_UNROLL
        for (int i = 0; i < N; ++i) noise.z[i] = static_cast<Real>(z[i][n][k]);
        return noise;
    }

    /// Steps first to first + count - 1 of a group from s on in lane l, number k of its slice; `see` is told what is
    /// observed after each, and what is watched.
    template <int count, class Numbers, class See>
    NOISETRAP_HD Numbers stepped_by(const Process& process, Numbers s, int l, int k, std::uint64_t group,
                                    int first, const Noise (&z)[N], See see) const {
        const std::uint64_t done = group * group_steps + static_cast<std::uint64_t>(first);
        NOISETRAP_UNROLL
        for (int n = 0; n < count; ++n) {
            s = stepped(process, s, state_.unit(l), done + static_cast<std::uint64_t>(n),
                        draw_of(z, first + n, k));
            const auto values = values_of(s);
            see(observed_of(process, values, state_.unit(l)), watched_of(process, values, state_.unit(l)));
        }
        return s;
    }

    /// The directions of the frame go along with x, which has not moved yet.
    template <int count>
    NOISETRAP_HD void advance_frame(std::uint64_t group, int slice, int first, const Noise (&z)[N]) {
        if constexpr (has(Feature::spectrum)) {
            const Process process = process_;
            for (int m = 0; m < Frame::directions; ++m) {
                NOISETRAP_OVER_LANES
                for (int k = 0; k < W; ++k) {
                    const int l = slice * W + k;
                    frame_.keep(m, l,
                                stepped_by<count>(process, frame_.moving(m, l, state_.values(l)), l, k, group,
                                                  first, z, [](Real, Real) NOISETRAP_INLINED {}));
                }
            }
        }
    }

    template <int count>
    NOISETRAP_HD void advance(std::uint64_t group, int slice, int first, const Noise (&z)[N]) {
        advance_frame<count>(group, slice, first, z);
        const Process process = process_;
        NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) {
            const int l = slice * W + k;
            auto most = largest_.begin(l);
            auto within = inside_.begin(l);
            state_.keep(l, stepped_by<count>(process, state_.numbers(l), l, k, group, first, z,
                                             [&](Real x, Real) NOISETRAP_INLINED {
                                                 largest_.see(most, l, abs(x));
                                                 inside_.see(within, l, abs(x));
                                             }));
            largest_.keep(l, most);
            inside_.keep(l, within);
        }
    }

    /// A whole group, noting the first step at which |x| >= radius. Mostly no path of the slice leaves: then
    /// it is enough to look at the largest |x|. Otherwise the steps are done once more, one by one.
    NOISETRAP_HD void advance_watching(std::uint64_t group, int slice, const Noise (&z)[N]) {
        const Process process = process_;
        typename State::Aside end;
        typename Largest::Seen most_seen[W];
        typename Inside::Seen within_seen[W];
        int any = 0;
        NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) {
            const int l = slice * W + k;
            auto most = largest_.begin(l);
            auto within = inside_.begin(l);
            Real group_most = 0;
            end.keep(k, stepped_by<group_steps>(process, state_.numbers(l), l, k, group, 0, z,
                                                [&](Real x, Real y) NOISETRAP_INLINED {
                                                    const Real size = exits_.size(y);
                                                    group_most = size > group_most ? size : group_most;
                                                    largest_.see(most, l, abs(x));
                                                    inside_.see(within, l, abs(x));
                                                }));
            any |= exits_.beyond(l, group_most);
            most_seen[k] = most, within_seen[k] = within;
        }
        if (any) {
            NOISETRAP_UNROLL_ON_DEVICE
            for (int n = 0; n < group_steps; ++n) {
                advance<1>(group, slice, n, z);
                watch_exit(group * group_steps + static_cast<std::uint64_t>(n) + 1, slice);
            }
            return;
        }
        advance_frame<group_steps>(group, slice, 0, z);
        state_.take_back(slice, end);
        NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) {
            largest_.keep(slice * W + k, most_seen[k]);
            inside_.keep(slice * W + k, within_seen[k]);
        }
    }

    NOISETRAP_HD void watch_exit(std::uint64_t step, int slice) {
        NOISETRAP_OVER_LANES
        for (int k = 0; k < W; ++k) exits_.look(step, slice * W + k, state_.watched(process_, slice * W + k));
    }

    /// Path number `path` starts in lane l: at x0, or normal about it.
    NOISETRAP_HD void start(int l, std::uint64_t path) {
        noise_.set(l, path);
        auto x0 = static_cast<Real>(launch_.x0);
        if (launch_.x0_deviation != 0) {
            const double z = normal_of<Variate>(launch_.seed, Stream::start, path);
            x0 = static_cast<Real>(fma(launch_.x0_deviation, z, launch_.x0));
        }
        state_.start(l, x0);
        if constexpr (requires { process_.other_start(1); }) state_.start_others(l, process_);
        if constexpr (has(Feature::exits)) exits_.start(l, path);
        largest_.start(l, x0);
        inside_.start(l, x0);
        sums_.start(l);
        frame_.start(l);
        recorder_.start(l);
    }

    /// Brings all numbers back into range.
    NOISETRAP_HD void renormalise() {
        if (state_.out_of_range(lanes_in_use())) {
            for (int l = 0; l < lanes_in_use(); ++l) largest_.settle(l, state_.exponent(l));
            state_.renormalise(lanes_in_use(), lowest_exponent());
            rescale();
        }
        state_.renormalise_slopes(lanes_in_use());
    }

    /// Lengths that are compared with x, in its current scale.
    NOISETRAP_HD void rescale() {
        state_.measure_unit(lanes_in_use());
        for (int l = 0; l < lanes_in_use(); ++l) {
            if constexpr (has(Feature::exits)) exits_.rescale(l, launch_.exit_radius, state_.exponent(l));
            const Real size = abs(state_.observed(process_, l));
            largest_.rescale(launch_, l, size, state_.exponent(l));
            inside_.rescale(launch_, l, size, state_.exponent(l));
        }
    }

    NOISETRAP_HD void step_by_step(std::uint64_t group, int slice, const Noise (&z)[N]) {
        [[maybe_unused]] typename Exits::Bridges between;
        if constexpr (has(Feature::bridges)) exits_.draw_bridges(group, slice, between);
        NOISETRAP_UNROLL_ON_DEVICE
        for (int n = 0; n < group_steps; ++n) {
            const std::uint64_t done = group * group_steps + static_cast<std::uint64_t>(n) + 1;
            if (done > launch_.steps) return;
            [[maybe_unused]] typename State::Slice from, variance;
            if constexpr (has(Feature::bridges)) {
                NOISETRAP_OVER_LANES
                for (int k = 0; k < W; ++k) {
                    const int l = slice * W + k;
                    const auto begin = exits_.begin(process_, l, state_.values(l), state_.unit(l));
                    from[k] = begin.from, variance[k] = begin.variance;
                }
            }
            advance<1>(group, slice, n, z);
            sums_.template add<1>(slice, n, z[0]);
            if constexpr (has(Feature::bridges)) {
                NOISETRAP_OVER_LANES
                for (int k = 0; k < W; ++k) {
                    const int l = slice * W + k;
                    exits_.look_between(done, l, from[k], variance[k], state_.watched(process_, l),
                                        between.upper[n][k], between.lower[n][k]);
                }
            } else if constexpr (has(Feature::exits)) {
                watch_exit(done, slice);
            }
            recorder_.write_observed(state_, process_, done, slice, alive_);
        }
    }

    /// Groups in which nothing is written but after the last step. On a CPU words are drawn a slice ahead:
    /// the integers of the generator keep the processor busy while the long chains of floating point wait.
    NOISETRAP_HD void step_together(std::uint64_t group, std::uint64_t end) {
        constexpr bool ahead = W > 1;
        typename Source::Words words;
        noise_.begin(group, slices());
        if (ahead) noise_.draw(0, words);
        while (true) {
            for (int slice = 0; slice < slices(); ++slice) {
                const bool last = slice + 1 == slices();
                if (!ahead) noise_.draw(slice, words);
                if (ahead && last && group + 1 < end) noise_.begin(group + 1, slices());
                alignas(alignment<W>) Noise z[N];
                Source::transform(process_, words, z);
                if (ahead) noise_.draw(last ? 0 : slice + 1, words);  // unasked at the end: no branch
                sums_.template add<group_steps>(slice, 0, z[0]);
                if constexpr (has(Feature::exits)) {
                    advance_watching(group, slice, z);
                } else {
                    advance<group_steps>(group, slice, 0, z);
                }
            }
            if (++group == end) return;
            if (!ahead) noise_.begin(group, slices());
        }
    }

    NOISETRAP_HD void step_apart(std::uint64_t group) {
        if constexpr (!has(Feature::coarse)) noise_.begin(group, slices());
        for (int slice = 0; slice < slices(); ++slice) {
            alignas(alignment<W>) Noise z[N];
            if constexpr (has(Feature::coarse)) {
                noise_.draw_coarse(process_, group, slice, launch_.coarsening,
                                   static_cast<Variate>(launch_.coarse_weight), z);
            } else {
                typename Source::Words words;
                noise_.draw(slice, words);
                Source::transform(process_, words, z);
            }
            step_by_step(group, slice, z);
        }
    }

    /// Steps the group, and those after it until the next look if nothing is to be done meanwhile; says how
    /// many.
    NOISETRAP_HD std::uint64_t step_groups(std::uint64_t group) {
        if constexpr (has(Feature::bridges) || has(Feature::coarse)) {
            step_apart(group);
            return 1;
        } else {
            const std::uint64_t look = (group / groups_per_look + 1) * groups_per_look;
            const std::uint64_t stop = recorder_.next_stop() / group_steps, end = stop < look ? stop : look;
            if (end <= group) {
                step_apart(group);
                return 1;
            }
            step_together(group, end);
            for (int slice = 0; slice < slices(); ++slice)
                recorder_.write_observed(state_, process_, end * group_steps, slice, alive_);
            return end - group;
        }
    }

    /// Takes the paths that have left out, once they fill a slice, and moves others into their lanes.
    NOISETRAP_HD void retire(std::uint64_t done) {
        if (!recorder_.all_observed()) return;
        alive_ = close_ranks<W>(
            alive_, [this](int l) NOISETRAP_INLINED { return exits_.left(l); },
            [this, done](int l) NOISETRAP_INLINED {
                report(done);
                write_end(l);
                count_path_steps(launch_, launch_.steps - reported_);
            },
            [this](int from, int to) NOISETRAP_INLINED { move(from, to); });
    }

    NOISETRAP_HD void move(int from, int to) {
        noise_.move(from, to);
        state_.move(from, to);
        exits_.move(from, to);
        largest_.move(from, to);
        inside_.move(from, to);
        sums_.move(from, to);
        frame_.move(from, to);
        recorder_.move(from, to);
    }

    /// The columns that have one number for the whole path, but for its growth.
    NOISETRAP_HD void write_end(int l) {
        if constexpr (has(Feature::exits)) {
            const Real y = state_.watched(process_, l);
            const bool failed = !exits_.left(l) && y != y;
            recorder_.write_one(Column::exit_step, l,
                                failed ? failed_before_exit : static_cast<double>(exits_.exit(l)));
        }
        [[maybe_unused]] const Real x = state_.observed(process_, l);
        [[maybe_unused]] const bool failed = x != x;
        if constexpr (has(Feature::largest)) {
            largest_.settle(l, state_.exponent(l));
            recorder_.write_one(Largest::column, l, failed ? __builtin_nan("") : largest_.result(l));
        }
        if constexpr (has(Feature::inside))
            recorder_.write_one(Inside::column, l, failed ? __builtin_nan("") : inside_.result(l));
        if constexpr (has(Feature::control)) {
            recorder_.write_one(Column::noise_sum, l, sums_.sum(l));
            recorder_.write_one(Column::noise_squares, l,
                                sums_.squares(l) - static_cast<double>(launch_.steps));
        }
        if constexpr (has(Feature::spectrum)) {
            frame_.straighten(l);
            double volume = 0;
            for (int m = 0; m < Frame::directions && static_cast<std::uint64_t>(m) < launch_.exponents; ++m) {
                recorder_.write_one(Column::log_stretches, l, frame_.log_stretch(m, l), m);
                volume += frame_.log_stretch(m, l);
            }
            recorder_.write_one(Column::log_volume, l, volume);
        }
    }

    /// Tells the monitor that the block has come to step `done`; a path that ends early has come to the last.
    NOISETRAP_HD void report(std::uint64_t done) {
        count_path_steps(launch_, (done - reported_) * static_cast<std::uint64_t>(alive_));
        reported_ = done;
    }
    /// Looks at the block after `groups` of its groups, and whether to go on. A path that has left ends early only
    /// where nothing else is asked of it.
    NOISETRAP_HD bool go_on(std::uint64_t groups) {
        constexpr bool may_retire =
            has(Feature::exits) && !has(Feature::largest) && !has(Feature::inside) && !has(Feature::spectrum);
        renormalise();
        frame_.straighten_all(lanes_in_use());
        if (groups % groups_per_carry == 0) sums_.carry(lanes_in_use());
        if constexpr (may_retire)
            if (!launch_.columns[Column::log_growth]) retire(groups * group_steps);
#if !defined(__CUDA_ARCH__)
        if (groups % 256 == 0) report(groups * group_steps);
        if (groups % 16 == 0 && is_to_stop(launch_)) return false;
#endif
        return alive_ > 0;
    }

  public:
    /// Paths path to path + paths - 1 of one ensemble, written to rows from `row` on. At most most_lanes<W>.
    NOISETRAP_HD PathBlock(const Process& process, const Launch& launch, std::uint64_t row,
                           std::uint64_t path, int paths)
        : process_(process),
          launch_(launch),
          alive_(paths),
          noise_(launch.seed),
          exits_(launch.seed, launch.exit_sign),
          recorder_(launch, row) {
        // Lanes beyond the last path step it again.
        for (int l = 0; l < lanes_in_use(); ++l)
            start(l, path + static_cast<std::uint64_t>(l < paths ? l : paths - 1));
        rescale();
    }

    NOISETRAP_HD void run() {
        for (int slice = 0; slice < slices(); ++slice)
            recorder_.write_observed(state_, process_, 0, slice, alive_);
        recorder_.pass(0);
        const std::uint64_t groups = (launch_.steps + group_steps - 1) / group_steps;
        for (std::uint64_t group = 0; group < groups;) {
            group += step_groups(group);
            recorder_.pass(group * group_steps);
            if (group % groups_per_look == 0 && !go_on(group)) break;
        }
        report(launch_.steps);
        for (int slice = 0; slice < slices(); ++slice) recorder_.write_growth(state_, slice, alive_);
        for (int l = 0; l < lanes_in_use(); ++l)
            if (l < alive_) write_end(l);
    }
};

template <class Process, class Precision, int W, unsigned features, Law... laws>
NOISETRAP_HD void run_block(const Launch& launch, const Process* processes, std::uint64_t block) {
    run_as<PathBlock<Process, Precision, W, features, laws...>>(launch, processes, block);
}

}  // namespace noisetrap
