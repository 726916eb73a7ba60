// The one inner loop of the program. A block of paths is stepped a slice of W lanes at a time: W = 1 in a GPU
// thread, a register's worth on a CPU core. Noise is drawn four steps at a time; a group of four steps in
// which nothing is written runs in registers, from the words of the generator to the new state.
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "engine/dual.hpp"
#include "engine/elementary.hpp"
#include "engine/lanes.hpp"
#include "engine/launch.hpp"
#include "engine/process.hpp"
#include "engine/variates.hpp"

namespace noisetrap {

/// How often the block looks at itself: renormalises, and closes the ranks where paths have ended.
inline constexpr std::uint64_t groups_per_look = 2;

/// Which law noise i has: what the process says, or what is known when the program is compiled.
template <class Process>
struct LawsOf {
    const Process& process;
    HD Law operator()(int i) const { return process.law(i); }
};
struct AllGaussian {
    HD Law operator()(int) const { return Law::gaussian; }
};
struct FirstTwoPoint {
    HD Law operator()(int i) const { return i == 0 ? Law::two_point : Law::gaussian; }
};

/// `scaled`: lengths matter, as some noise acts at x = 0 or the process is not linear. `tangent`: follow
/// dx[n]/dx[0] beside x (where lengths do not matter x itself is proportional to it).
template <class Process, class Precision, int W, int N, bool scaled, bool tangent>
class PathBlock {
    using Real = typename Precision::Real;
    using Variate = typename Precision::Variate;
    using Unit = std::conditional_t<scaled, Real, Zero>;
    using Number = std::conditional_t<tangent, Dual<Real>, Real>;
    static constexpr int D = numbers_of<Process>, lanes = most_lanes<W>;
    static constexpr std::int64_t no_bound = INT64_MIN / 2;
    static constexpr Real never = __builtin_nan("");  // no |x| is >= this, not even an infinite one
    static constexpr bool chosen_late = is_chosen_late<Process>;
    static constexpr bool can_bridge = requires(const Process& p) { p.noise_variance(Real{}, Unit{}); };

    template <class T, int count = lanes>
    struct alignas(alignment<W>) Column {
        T at[count];
        HD T& operator[](int l) { return at[l]; }
        HD const T& operator[](int l) const { return at[l]; }
    };
    template <class T>
    using Slice = Column<T, W>;
    using NoiseStream = VariateBlock<Variate, W, Precision::arithmetic>;
    using Words = typename NoiseStream::Words;
    using Noise = Variate[group_steps][W];

    const Process process_;
    const Launch& launch_;
    const std::uint64_t row_;  // of the block's first path
    int alive_;                // paths that are stepped, in lanes 0 to alive_ - 1
    const bool may_retire_;    // nothing is asked of a path that has left
    NoiseStream noise_[N];
    using BridgeStream = PhiloxBlock<W, std::uint32_t>;
    BridgeStream bridge_[2];
    ScaledLanes<Real, D, W> x_;
    ScaledLanes<Real, D, W, tangent ? lanes : 1> slope_;
    Column<Real, scaled ? lanes : 1> unit_;
    Column<Real> start_, radius_;  // the radius is `never` once the path has left
    Column<std::int64_t> exit_;
    Column<std::int32_t> offset_;  // of the path's row from the first
    std::uint64_t watch_ = 0, reported_ = 0;

    template <int... i>
    HD PathBlock(const Process& process, const Launch& launch, std::uint64_t row, int paths, bool may_retire,
                 std::integer_sequence<int, i...>)
        : process_(process),
          launch_(launch),
          row_(row),
          alive_(paths),
          may_retire_(may_retire),
          noise_{NoiseStream(launch.seed, noise_stream(i))...},
          bridge_{BridgeStream(key_of(launch.seed, Stream::bridge_upper)),
                  BridgeStream(key_of(launch.seed, Stream::bridge_lower))} {}

    HD int slices() const { return W == 1 ? 1 : (alive_ + W - 1) / W; }
    HD int lanes_in_use() const { return slices() * W; }
    HD bool bridged() const { return can_bridge && launch_.exit_watch == ExitWatch::with_bridge; }

    /// Near a noise that acts at x = 0 nothing smaller than the unit needs a scale of its own.
    HD std::int64_t lowest_exponent() const {
        if constexpr (chosen_late) {
            return process_.additive() ? 0 : -900;  // the unit, its inverse, is still a number
        } else {
            return scaled && !Process::rests_at_zero ? 0 : no_bound;
        }
    }

    HD Unit unit(int l) const {
        if constexpr (scaled) {
            return unit_[l];
        } else {
            return Zero{};
        }
    }

    /// The numbers of the state, with their derivatives by x[0] where those are followed.
    template <int count>
    HD State<Number, count> state(int l) const {
        State<Number, count> s;
        UNROLL
        for (int d = 0; d < count; ++d) {
            if constexpr (tangent) {
                s.at[d] = {x_.value[d][l], slope_.value[d][l]};
            } else {
                s.at[d] = x_.value[d][l];
            }
        }
        return s;
    }
    template <int count>
    HD void keep(int l, const State<Number, count>& s) {
        UNROLL
        for (int d = 0; d < count; ++d) {
            x_.value[d][l] = value_of(s.at[d]);
            if constexpr (tangent) slope_.value[d][l] = s.at[d].slope;
        }
    }

    /// Steps first to first + count - 1 of a group.
    template <int count>
    HD void advance(std::uint64_t group, int slice, int first, const Noise (&z)[N]) {
        advance<count>(Process(process_), group, slice, first, z);
    }
    template <int count, class Chosen>
    HD void advance(const Chosen& process, std::uint64_t group, int slice, int first, const Noise (&z)[N]) {
        const std::uint64_t done = group * group_steps + static_cast<std::uint64_t>(first);
        OVER_LANES
        for (int k = 0; k < W; ++k) {
            const int l = slice * W + k;
            auto s = state<numbers_of<Chosen>>(l);
            UNROLL
            for (int n = 0; n < count; ++n)
                s = stepped(process, s, unit(l), done + static_cast<std::uint64_t>(n),
                            draw_of(z, first + n, k));
            keep(l, s);
        }
    }

    /// A whole group, noting the first step at which |x| >= radius. Mostly no path of the slice leaves: then
    /// it is enough to look at the largest |x|. Otherwise the steps are done once more, one by one.
    HD void advance_watching(std::uint64_t group, int slice, const Noise (&z)[N]) {
        const Process process = process_;
        State<Slice<Real>, tangent ? 2 * D : D> end;
        int any = 0;
        OVER_LANES
        for (int k = 0; k < W; ++k) {
            const int l = slice * W + k;
            auto s = state<D>(l);
            Real most = 0;
            UNROLL
            for (int n = 0; n < group_steps; ++n) {
                s = stepped(process, s, unit(l), group * group_steps + static_cast<std::uint64_t>(n),
                            draw_of(z, n, k));
                const Real size = abs(value_of(s.at[0]));
                most = size > most ? size : most;
            }
            any |= most >= radius_[l];
            for (int d = 0; d < D; ++d) {
                end.at[d][k] = value_of(s.at[d]);
                if constexpr (tangent) end.at[D + d][k] = s.at[d].slope;
            }
        }
        if (any) {
            UNROLL_ON_DEVICE
            for (int n = 0; n < group_steps; ++n) {
                advance<1>(group, slice, n, z);
                watch_exit(group * group_steps + static_cast<std::uint64_t>(n) + 1, slice);
            }
            return;
        }
        for (int d = 0; d < D; ++d) {
            OVER_LANES
            for (int k = 0; k < W; ++k) {
                x_.value[d][slice * W + k] = end.at[d][k];
                if constexpr (tangent) slope_.value[d][slice * W + k] = end.at[D + d][k];
            }
        }
    }

    HD void watch_exit(std::uint64_t step, int slice) {
        const auto n = static_cast<std::int64_t>(step);
        OVER_LANES
        for (int k = 0; k < W; ++k) {
            const int l = slice * W + k;
            const Real x = x_.value[0][l];
            if (!(abs(x) >= radius_[l])) continue;
            exit_[l] = x > 0 ? n : -n;
            radius_[l] = never;
        }
    }

    static HD Draw<Real, N> draw_of(const Noise (&z)[N], int n, int k) {
        Draw<Real, N> noise;
        UNROLL
        for (int i = 0; i < N; ++i) noise.z[i] = static_cast<Real>(z[i][n][k]);
        return noise;
    }

    /// `law(i)` is the law of noise i.
    template <class LawOf>
    HD void begin_noise(std::uint64_t group, LawOf law) {
        UNROLL
        for (int i = 0; i < N; ++i) noise_[i].begin(group, 0, slices(), law(i));
    }
    template <class LawOf>
    HD void draw_words(int slice, LawOf law, Words (&words)[N]) const {
        UNROLL
        for (int i = 0; i < N; ++i) noise_[i].draw(slice, law(i), words[i]);
    }
    template <class LawOf>
    HD void transform(const Words (&words)[N], LawOf law, Noise (&z)[N]) const {
        UNROLL
        for (int i = 0; i < N; ++i) NoiseStream::transform(words[i], law(i), z[i]);
    }

    /// A coarse step takes what `coarsening` steps of a finer run take: the sum of their normals over its
    /// standard deviation, or of other laws the first variate.
    HD void draw_coarse_noise(std::uint64_t group, int slice, Noise (&z)[N]) {
        UNROLL
        for (int i = 0; i < N; ++i) draw_coarse(noise_[i], group, slice, z[i], process_.law(i));
    }
    HD void draw_coarse(NoiseStream& noise, std::uint64_t group, int slice, Noise& z, Law law) {
        alignas(alignment<W>) Noise fine;
        const auto weight = static_cast<Variate>(launch_.coarse_weight);
        for (std::uint64_t part = 0; part < launch_.coarsening; ++part) {
            noise.begin(group * launch_.coarsening + part, slice, slice + 1, law);
            Words words;
            noise.draw(slice, law, words);
            noise.transform(words, law, fine);
            UNROLL_ON_DEVICE
            for (int s = 0; s < group_steps; ++s) {
                const std::uint64_t step = part * group_steps + static_cast<std::uint64_t>(s);
                const bool first = step % launch_.coarsening == 0, sum = law == Law::gaussian;
                if (!first && !sum) continue;
                UNROLL_ON_DEVICE
                for (int n = 0; n < group_steps; ++n) {
                    if (static_cast<std::uint64_t>(n) != step / launch_.coarsening) continue;
                    OVER_LANES
                    for (int k = 0; k < W; ++k) {
                        const Variate here = sum ? weight * fine[s][k] : fine[s][k];
                        z[n][k] = first ? here : z[n][k] + here;
                    }
                }
            }
        }
    }

    /// Path number `path` starts in lane l: at x0, or normal about it.
    HD void start(int l, std::uint64_t path) {
        for (int i = 0; i < N; ++i) noise_[i].set(l, path);
        if (bridged())
            for (auto& philox : bridge_) philox.set(l, path);
        start_[l] = static_cast<Real>(launch_.x0);
        if (launch_.x0_deviation != 0) {
            const double z = normal_of<Variate>(launch_.seed, Stream::start, path);
            start_[l] = static_cast<Real>(fma(launch_.x0_deviation, z, launch_.x0));
        }
        x_.set(l, start_[l], starts_of<Process>);
        if constexpr (tangent) slope_.set(l, 1, starts_of<Process>);
        exit_[l] = 0;
        offset_[l] = l;
    }

    HD void renormalise() {
        if (x_.need_renormalisation(lanes_in_use())) {
            for (int l = 0; l < lanes_in_use(); ++l) x_.renormalise(l, lowest_exponent());
            rescale();
        }
        if constexpr (tangent) {
            if (slope_.need_renormalisation(lanes_in_use()))
                for (int l = 0; l < lanes_in_use(); ++l) slope_.renormalise(l, no_bound);
        }
    }

    /// Lengths that are compared with x, in its current scale.
    HD void rescale() {
        for (int l = 0; l < lanes_in_use(); ++l) {
            const auto radius =
                static_cast<Real>(scale_by_power_of_two(launch_.exit_radius, -x_.exponent[l]));
            radius_[l] = exit_[l] == 0 ? radius : never;
            if constexpr (scaled) unit_[l] = static_cast<Real>(scale_by_power_of_two(1.0, -x_.exponent[l]));
        }
    }

    /// A Brownian bridge from x to y with step variance v passes R with odds exp(-2 (R - x)(R - y) / v):
    /// compared with -2 ln u = 4 (R - x)(R - y) / v. In units of R, so that nothing underflows.
    HD void watch_bridge(std::uint64_t step, int slice, const Slice<Real>& before, const float (&upper)[W],
                         const float (&lower)[W]) {
        const auto n = static_cast<std::int64_t>(step);
        OVER_LANES
        for (int k = 0; k < W; ++k) {
            const int l = slice * W + k;
            const Real scale = 1 / radius_[l], x = before[k] * scale, y = x_.value[0][l] * scale;
            const Real variance = process_.noise_variance(x, unit(l) * scale);
            const bool up = 4 * (1 - x) * (1 - y) <= variance * static_cast<Real>(upper[k]);
            const bool down = 4 * (1 + x) * (1 + y) <= variance * static_cast<Real>(lower[k]);
            const std::int64_t side = up && (!down || y > 0) ? n : -n;
            exit_[l] = exit_[l] == 0 && (up || down) ? side : exit_[l];
        }
    }

    HD std::uint64_t row(int l) const { return row_ + static_cast<std::uint64_t>(offset_[l]); }

    HD void write_watched(std::uint64_t step) {
        if (watch_ == launch_.watches || launch_.watched_steps[watch_] > step) return;
        for (int slice = 0; slice < slices(); ++slice) write_watched(step, slice);
    }
    HD void write_watched(std::uint64_t step, int slice) {
        for (auto w = watch_; w < launch_.watches && launch_.watched_steps[w] <= step; ++w) {
            if (launch_.watched_steps[w] != step) continue;
            write(launch_.columns.value + w * launch_.rows(), slice,
                  [this](int l) INLINED { return x_.number(l); });
            write(launch_.columns.log_abs + w * launch_.rows(), slice,
                  [this](int l) INLINED { return x_.log_abs(l); });
        }
    }
    /// of(l) of the paths of a slice: first worked out in all lanes, without a branch, so that it vectorises.
    template <class Of>
    HD void write(double* column, int slice, Of of) const {
        Slice<double> all;
        OVER_LANES
        for (int k = 0; k < W; ++k) all[k] = of(slice * W + k);
        for (int k = 0; k < W; ++k)
            if (const int l = slice * W + k; l < alive_) column[row(l)] = all[k];
    }

    HD void write_exit(int l) {
        const bool failed = exit_[l] == 0 && x_.value[0][l] != x_.value[0][l];
        if (launch_.columns.exit_step)
            launch_.columns.exit_step[row(l)] = failed ? failed_before_exit : exit_[l];
    }
    HD void write_growth() {
        for (int slice = 0; slice < slices(); ++slice)
            write(launch_.columns.log_growth, slice, [this](int l) INLINED { return log_growth(l); });
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

    HD void step_by_step(std::uint64_t group, int slice, const Noise (&z)[N]) {
        [[maybe_unused]] alignas(alignment<W>) float upper[group_steps][W], lower[group_steps][W];
        if (bridged()) {
            bridge_variates<W>(bridge_[0], group, slice, upper);
            bridge_variates<W>(bridge_[1], group, slice, lower);
        }
        UNROLL_ON_DEVICE
        for (int n = 0; n < group_steps; ++n) {
            const std::uint64_t done = group * group_steps + static_cast<std::uint64_t>(n) + 1;
            if (done > launch_.steps) return;
            [[maybe_unused]] Slice<Real> before;
            OVER_LANES
            for (int k = 0; k < W; ++k) before[k] = x_.value[0][slice * W + k];
            advance<1>(group, slice, n, z);
            if (launch_.exit_watch == ExitWatch::at_steps) watch_exit(done, slice);
            if constexpr (can_bridge) {
                if (bridged()) watch_bridge(done, slice, before, upper[n], lower[n]);
            }
            write_watched(done, slice);
        }
    }

    /// Groups in which nothing is written but after the last step. On a CPU words are drawn a slice ahead:
    /// the integers of the generator keep the processor busy while the long chains of floating point wait.
    template <bool watching, class LawOf>
    HD void step_together(std::uint64_t group, std::uint64_t end, LawOf law) {
        constexpr bool ahead = W > 1;
        Words words[N];
        begin_noise(group, law);
        if (ahead) draw_words(0, law, words);
        while (true) {
            for (int slice = 0; slice < slices(); ++slice) {
                const bool last = slice + 1 == slices();
                if (!ahead) draw_words(slice, law, words);
                if (ahead && last && group + 1 < end) begin_noise(group + 1, law);
                alignas(alignment<W>) Noise z[N];
                transform(words, law, z);
                if (ahead) draw_words(last ? 0 : slice + 1, law, words);  // unasked at the end: no branch
                if constexpr (watching) {
                    advance_watching(group, slice, z);
                } else {
                    advance<group_steps>(group, slice, 0, z);
                }
            }
            if (++group == end) return;
            if (!ahead) begin_noise(group, law);
        }
    }

    template <class LawOf>
    HD void step_quietly(std::uint64_t group, std::uint64_t end, LawOf law) {
        if (launch_.exit_watch == ExitWatch::none) {
            step_together<false>(group, end, law);
        } else {
            step_together<true>(group, end, law);
        }
    }

    /// The noises that a process chosen late uses; the others are 0.
    HD void draw_used(std::uint64_t group, int slice, Noise (&z)[N]) {
        UNROLL_ON_DEVICE
        for (int i = 0; i < N; ++i) {
            if (!process_.uses(i)) {
                for (auto& row : z[i])
                    for (Variate& number : row) number = 0;
                continue;
            }
            const Law law = process_.law(i);
            if (slice == 0) noise_[i].begin(group, 0, slices(), law);
            Words words;
            noise_[i].draw(slice, law, words);
            noise_[i].transform(words, law, z[i]);
        }
    }

    /// A group of a process chosen late. Which it is, and what is the same for all paths of a step, is found
    /// out once for several slices; and once for all steps where nothing is looked at between them.
    HD void step_late(std::uint64_t group) {
        constexpr int together = W == 1 ? 1 : 8;
        const std::uint64_t begin = group * group_steps, left = launch_.steps - begin;
        const int count = left < group_steps ? static_cast<int>(left) : group_steps;
        const int stride =
            launch_.exit_watch == ExitWatch::none && next_stop() >= begin + group_steps ? count : 1;
        alignas(alignment<W>) Noise z[together][N];
        for (int slice = 0; slice < slices(); slice += together) {
            const int end = slice + together < slices() ? slice + together : slices();
            for (int i = slice; i < end; ++i) {
                draw_used(group, i, z[i - slice]);
                process_.gather(z[i - slice]);
            }
            for (int n = 0; n < count; n += stride) {
                process_.visit([&](const auto& process)
                                   INLINED { step_slices(process, begin, n, n + stride, slice, end, z); });
                const std::uint64_t done = begin + static_cast<std::uint64_t>(n + stride);
                for (int i = slice; i < end; ++i) {
                    if (launch_.exit_watch != ExitWatch::none) watch_exit(done, i);
                    write_watched(done, i);
                }
            }
        }
    }
    template <class Chosen, int together>
    HD void step_slices(const Chosen& process, std::uint64_t begin, int first_step, int last_step, int first,
                        int end, const Noise (&z)[together][N]) {
        for (int n = first_step; n < last_step; ++n)
            for (int slice = first; slice < end; ++slice)
                advance<1>(process, begin / group_steps, slice, n, z[slice - first]);
    }

    HD void step_apart(std::uint64_t group) {
        const bool coarse = launch_.coarsening > 1;
        const LawsOf<Process> law{process_};
        if (!coarse) begin_noise(group, law);
        for (int slice = 0; slice < slices(); ++slice) {
            alignas(alignment<W>) Noise z[N];
            if (coarse) {
                draw_coarse_noise(group, slice, z);
            } else {
                Words words[N];
                draw_words(slice, law, words);
                transform(words, law, z);
            }
            step_by_step(group, slice, z);
        }
    }

    /// Steps the group, and those after it until the next look if nothing is to be done meanwhile; says how
    /// many.
    HD std::uint64_t step_groups(std::uint64_t group) {
        if constexpr (chosen_late) {
            step_late(group);
            return 1;
        } else {
            return step_early(group);
        }
    }
    HD std::uint64_t step_early(std::uint64_t group) {
        const std::uint64_t look = (group / groups_per_look + 1) * groups_per_look;
        const std::uint64_t stop = next_stop() / group_steps, end = stop < look ? stop : look;
        if (launch_.exit_watch == ExitWatch::with_bridge || launch_.coarsening > 1 || end <= group) {
            step_apart(group);
            return 1;
        }
        // The two commonest choices of laws are made known to the compiler, which is worth a sixth of the
        // time of a step; where a process's laws are fixed anyway the others fall away.
        const LawsOf<Process> law{process_};
        const bool usual = W > 1 && N < 3 && (N == 1 || law(1) == Law::gaussian);
        if (usual && law(0) == Law::gaussian) {
            step_quietly(group, end, AllGaussian{});
        } else if (usual && law(0) == Law::two_point) {
            step_quietly(group, end, FirstTwoPoint{});
        } else {
            step_quietly(group, end, law);
        }
        write_watched(end * group_steps);
        return end - group;
    }

    /// Takes the paths that have left out, once they fill a slice, and moves others into their lanes.
    HD void retire(std::uint64_t done) {
        if (!may_retire_ || watch_ < launch_.watches) return;
        int left = 0;
        for (int l = 0; l < lanes_in_use(); ++l) left += (l < alive_) & (exit_[l] != 0);
        if (left == 0 || (left < W && left < alive_)) return;
        report(done);
        for (int l = 0; l < lanes_in_use(); ++l)
            while (l < alive_ && exit_[l] != 0) {
                write_exit(l);
                count_path_steps(launch_.steps - reported_);
                --alive_;
                if constexpr (W > 1) move(alive_, l);
            }
    }

    HD void move(int from, int to) {
        for (int i = 0; i < N; ++i) noise_[i].move(from, to);
        if (bridged())
            for (auto& philox : bridge_) philox.move(from, to);
        x_.move(from, to);
        if constexpr (tangent) slope_.move(from, to);
        if constexpr (scaled) unit_[to] = unit_[from];
        start_[to] = start_[from];
        radius_[to] = radius_[from];
        exit_[to] = exit_[from];
        offset_[to] = offset_[from];
    }

    /// Tells the monitor that the block has come to step `done`; a path that ends early has come to the last.
    HD void report(std::uint64_t done) {
        count_path_steps((done - reported_) * static_cast<std::uint64_t>(alive_));
        reported_ = done;
    }
    HD void count_path_steps([[maybe_unused]] std::uint64_t count) {
#if !defined(__CUDA_ARCH__)
        __atomic_fetch_add(&launch_.monitor->path_steps, count, __ATOMIC_RELAXED);
#endif
    }

    /// Looks at the block after `groups` of its groups, and whether to go on.
    HD bool go_on(std::uint64_t groups) {
        renormalise();
        retire(groups * group_steps);
#if !defined(__CUDA_ARCH__)
        if (groups % 256 == 0) report(groups * group_steps);
        if (groups % 16 == 0 && __atomic_load_n(&launch_.monitor->stop, __ATOMIC_RELAXED)) return false;
#endif
        return alive_ > 0;
    }

  public:
    /// Paths path to path + paths - 1 of one ensemble, written to rows from `row` on. At most most_lanes<W>.
    HD PathBlock(const Process& process, const Launch& launch, std::uint64_t row, std::uint64_t path,
                 int paths)
        : PathBlock(process, launch, row, paths,
                    launch.exit_watch != ExitWatch::none && !launch.columns.log_growth,
                    std::make_integer_sequence<int, N>{}) {
        // Lanes beyond the last path step it again.
        for (int l = 0; l < lanes_in_use(); ++l)
            start(l, path + static_cast<std::uint64_t>(l < paths ? l : paths - 1));
        rescale();
    }

    HD void run() {
        write_watched(0);
        pass_watched(0);
        const std::uint64_t groups = (launch_.steps + group_steps - 1) / group_steps;
        for (std::uint64_t group = 0; group < groups;) {
            group += step_groups(group);
            pass_watched(group * group_steps);
            if (group % groups_per_look == 0 && !go_on(group)) break;
        }
        report(launch_.steps);
        if (launch_.columns.log_growth) write_growth();
        for (int l = 0; l < lanes_in_use(); ++l)
            if (l < alive_) write_exit(l);
    }

  private:
    HD void pass_watched(std::uint64_t step) {
        while (watch_ < launch_.watches && launch_.watched_steps[watch_] <= step) ++watch_;
    }
};

/// Block number `block` of a launch: ensembles one after the other, each cut into blocks of launch.lanes
/// paths, and where the high half of the path number changes.
template <class Process, class Precision, int W, int N, bool scaled, bool tangent>
HD void run_block(const Launch& launch, const Process* processes, std::uint64_t block) {
    const std::uint64_t blocks_per_ensemble = (launch.paths + launch.lanes - 1) / launch.lanes;
    const std::uint64_t ensemble = block / blocks_per_ensemble;
    const std::uint64_t first = (launch.first_ensemble + ensemble) * launch.stride + launch.first_path;
    std::uint64_t from = block % blocks_per_ensemble * launch.lanes;
    const std::uint64_t to = from + launch.lanes < launch.paths ? from + launch.lanes : launch.paths;
    while (from < to) {
        const std::uint64_t until_change = (1ull << 32) - (first + from) % (1ull << 32);
        const std::uint64_t paths = to - from < until_change ? to - from : until_change;
        PathBlock<Process, Precision, W, N, scaled, tangent>(processes[ensemble], launch,
                                                             ensemble * launch.paths + from, first + from,
                                                             static_cast<int>(paths))
            .run();
        from += paths;
    }
}

}  // namespace noisetrap
