#include "analysis/sweeps/sweeping.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/error.hpp"

namespace noisetrap {
namespace {

/// Ensemble numbers of the boundary's batches begin beyond those of any grid.
constexpr std::uint64_t first_batch_number = std::uint64_t{1} << 40;

/// Points in the order of their runs: those with equally many steps follow each other.
std::vector<std::size_t> order_of(const Sweep& sweep) {
    std::vector<std::size_t> order(sweep.size());
    std::iota(order.begin(), order.end(), 0u);
    std::vector<std::uint64_t> steps;
    for (const auto index : order) steps.push_back(sweep.point(index).steps);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return steps[a] < steps[b]; });
    return order;
}

/// How many points of equally many steps to run at once: as many as take about a second, after which what is
/// finished is kept, and no more than there is memory for.
class ChunkSize {
    double path_steps_;
    std::uint64_t memory_;

  public:
    explicit ChunkSize(const PointSource& source)
        : path_steps_(source.first_path_steps()),
          memory_((std::uint64_t{256} << 20) * static_cast<std::uint64_t>(source.processes())) {}
    std::size_t points(std::uint64_t paths, std::uint64_t steps, std::uint64_t path_bytes) const {
        const double fitting = static_cast<double>(memory_ / path_bytes) / static_cast<double>(paths);
        const double lasting = path_steps_ / (static_cast<double>(paths) * static_cast<double>(steps));
        return static_cast<std::size_t>(std::max(1.0, std::min(fitting, lasting)));
    }
    void took(double seconds) { path_steps_ *= std::clamp(1 / seconds, 0.25, 4.0); }
};

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class SweepRun {
    const Sweep& sweep_;
    SweepState& state_;
    const KeepState& keep_;
    const TellNews& tell_;
    const PointSource& source_;
    const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::uint64_t path_steps_ = 0, path_steps_left_ = 0;  // of the grid, since the start
    std::size_t done_ = 0, undecided_ = 0;
    ChunkSize grid_chunk_, batch_chunk_;

    void count(const PointResult& result) {
        ++done_;
        undecided_ += sweep_.phases && phase_of(sweep_, result) == Phase::undecided;
    }

    void finished() {
        keep_(state_);
        const double seconds = seconds_since(start_);
        const double speed = static_cast<double>(path_steps_) / seconds;
        tell_({done_, sweep_.size(), undecided_, state_.batches.size(), seconds,
               path_steps_ ? static_cast<double>(path_steps_left_) / speed
                           : std::numeric_limits<double>::quiet_NaN()});
    }

    /// The next points in `order` from `first` on that are missing, up to the first that is not or that takes
    /// another number of steps.
    std::vector<SweepPoint> missing_from(const std::vector<std::size_t>& order, std::size_t first) const {
        std::vector<SweepPoint> points;
        std::size_t most = 1;
        for (std::size_t rank = first; rank < order.size() && !state_.points[order[rank]]; ++rank) {
            auto point = sweep_.point(order[rank]);
            if (points.empty())
                most = grid_chunk_.points(sweep_.base.paths, point.steps, source_.path_bytes(point));
            if (!points.empty() && point.steps != points.front().steps) break;
            points.push_back(std::move(point));
            if (points.size() == most) break;
        }
        return points;
    }

    /// Some thousand points, evenly spread, tell nearly all that the grid needs.
    void prepare_grid() const {
        if (state_.points_done() == sweep_.size()) return;
        const std::size_t stride = 1 + sweep_.size() / 4096;
        std::vector<SweepPoint> points;
        for (std::size_t i = 0; i < sweep_.size(); i += stride) points.push_back(sweep_.point(i));
        source_.prepare(points);
    }

    std::uint64_t path_steps_of_point(const SweepPoint& point) const {
        return sweep_.base.paths * point.steps;
    }

  public:
    SweepRun(const Sweep& sweep, SweepState& state, const KeepState& keep, const TellNews& tell,
             const PointSource& source)
        : sweep_(sweep),
          state_(state),
          keep_(keep),
          tell_(tell),
          source_(source),
          grid_chunk_(source),
          batch_chunk_(source) {
        state_.points.resize(sweep.size());
        for (const auto& point : state_.points)
            if (point) count(*point);
    }

    void run_grid() {
        const auto order = order_of(sweep_);
        prepare_grid();
        for (const auto index : order)
            if (!state_.points[index]) path_steps_left_ += path_steps_of_point(sweep_.point(index));
        for (std::size_t rank = 0; rank < order.size();) {
            const auto points = missing_from(order, rank);
            if (points.empty()) {
                ++rank;
                continue;
            }
            const auto start = std::chrono::steady_clock::now();
            auto results = source_.measured(points, rank);
            grid_chunk_.took(seconds_since(start));
            for (std::size_t i = 0; i < points.size(); ++i, ++rank) {
                count(results[i]);
                path_steps_ += path_steps_of_point(points[i]);
                path_steps_left_ -= path_steps_of_point(points[i]);
                state_.points[order[rank]] = std::move(results[i]);
            }
            finished();
        }
    }

    Boundary find() {
        const auto& terms = *sweep_.boundary;
        const auto& axis = sweep_.search_axis();
        BoundarySearch search{.columns = columns_of(sweep_),
                              .from = axis.number(0),
                              .to = axis.number(axis.size() - 1),
                              .logarithmic = axis.scale == "log",
                              .level = terms.level,
                              .odds = terms.observable.kind != Observable::Kind::growth,
                              .error = terms.error,
                              .accuracy = terms.accuracy,
                              .coarse = static_cast<std::size_t>(terms.coarse),
                              .most_batches = terms.most_batches,
                              .falls_by_chance = [&](const BatchRequest& at, const BatchRows& all) {
                                  const auto point = point_of(at);
                                  return falls_by_chance(all.fallen, all.rows, point.steps,
                                                         static_cast<double>(point.steps) * point.dt);
                              }};
        std::size_t next = 0;  // answer
        return find_boundary(search, [&](const std::vector<BatchRequest>& requests) {
            std::vector<BatchRows> answers;
            while (answers.size() < requests.size()) {
                if (next == state_.batches.size()) sample(requests, answers.size(), next);
                answers.push_back(state_.batches[next++]);
            }
            return answers;
        });
    }

  private:
    SweepPoint point_of(const BatchRequest& at) const {
        return sweep_.point_at(point_of_column(sweep_, at.column), at.y);
    }

    /// Answers as many of the requests from `first` on as make a chunk; their numbers follow that of
    /// `answer`.
    void sample(const std::vector<BatchRequest>& requests, std::size_t first, std::size_t answer) {
        const auto& terms = *sweep_.boundary;
        const auto start = std::chrono::steady_clock::now();
        std::vector<SweepPoint> points;
        std::size_t most = 1;
        for (std::size_t i = first; i < requests.size(); ++i) {
            auto point = point_of(requests[i]);
            if (points.empty())
                most = batch_chunk_.points(terms.batch, point.steps, source_.path_bytes(point));
            if (!points.empty() && point.steps != points.front().steps) break;
            points.push_back(std::move(point));
            if (points.size() == most) break;
        }
        const auto answers = source_.batches(points, first_batch_number + answer);
        state_.batches.insert(state_.batches.end(), answers.begin(), answers.end());
        if (points.size() == most) batch_chunk_.took(seconds_since(start));
        finished();
    }
};

std::size_t place_of(const Sweep& sweep, Observable::Kind kind) {
    for (std::size_t i = 0; i < sweep.observables.size(); ++i)
        if (sweep.observables[i].kind == kind) return i;
    return sweep.observables.size();
}

}  // namespace

std::size_t SweepState::points_done() const {
    return static_cast<std::size_t>(
        std::count_if(points.begin(), points.end(), [](const auto& point) { return point.has_value(); }));
}

/// Those that any but Euler's steps lack say nothing there.
static void add_observables_of_phases(Sweep& sweep) {
    using enum Observable::Kind;
    const auto add = [&](const char* name, Observable::Kind kind) {
        if (place_of(sweep, kind) == sweep.observables.size()) sweep.observables.push_back({name, kind, 0});
    };
    add("growth", growth);
    for (std::size_t i = 0; i < sweep.size(); ++i) {
        const auto point = simulation_of(sweep, sweep.point(i));
        if (!steps_multiply(point)) continue;
        if (takes_euler_steps(point)) add("small-step", small_step);
        return add("mean-square", mean_square);
    }
}

void prepare(Sweep& sweep) {
    if (!sweep.base.entry) return;
    for (const auto& o : sweep.observables) {
        const bool euler = o.kind == Observable::Kind::small_step;
        if (!euler && o.kind != Observable::Kind::mean_square) continue;
        for (std::size_t i = 0; i < sweep.size(); ++i) {
            const auto point = simulation_of(sweep, sweep.point(i));
            if (!(euler ? takes_euler_steps(point) : steps_multiply(point)))
                throw InputError(fmt::format(
                    "sweep.observe holds '{}', which needs steps x -> A x{}: a linear model without additive "
                    "noise{} (at {})",
                    o.name, euler ? " of first order" : "",
                    euler ? " under sgd or euler-maruyama" : " under sgd or a scheme",
                    description(sweep, i)));
        }
    }
    if (sweep.phases) add_observables_of_phases(sweep);
}

std::optional<Boundary> run_sweep(const Sweep& sweep, SweepState& state, const KeepState& keep,
                                  const TellNews& tell) {
    return run_sweep(sweep, state, keep, tell, *point_source_of(sweep));
}

std::optional<Boundary> run_sweep(const Sweep& sweep, SweepState& state, const KeepState& keep,
                                  const TellNews& tell, const PointSource& source) {
    SweepRun run(sweep, state, keep, tell, source);
    if (sweep.map) run.run_grid();
    if (!sweep.boundary) return std::nullopt;
    return run.find();
}

Phase phase_of(const Sweep& sweep, const PointResult& result) {
    const auto rate = [&](Observable::Kind kind) {
        const auto i = place_of(sweep, kind);
        return i < result.values.size() ? Rate{result.values[i].value, result.values[i].chance} : Rate{};
    };
    using enum Observable::Kind;
    return phase_of(PhaseEvidence{rate(growth), rate(small_step), rate(mean_square)}, sweep.phase_error);
}

std::size_t columns_of(const Sweep& sweep) { return sweep.size() / sweep.search_axis().size(); }

std::size_t point_of_column(const Sweep& sweep, std::size_t column) {
    const std::size_t panels = sweep.axes.size() > 2 ? sweep.axes[2].size() : 1;
    return column / panels * sweep.search_axis().size() * panels + column % panels;
}

std::uint64_t path_steps_of(const Sweep& sweep, const SweepState& state,
                            const std::optional<Boundary>& boundary) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < state.points.size(); ++i)
        if (state.points[i]) sum += sweep.base.paths * sweep.point(i).steps;
    if (!boundary) return sum;
    for (const auto& visit : boundary->visits)
        sum +=
            visit.batches * sweep.boundary->batch * sweep.point(point_of_column(sweep, visit.column)).steps;
    return sum;
}

}  // namespace noisetrap
