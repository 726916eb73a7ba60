#include "analysis/sweeps/sweeping.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "engine/error.hpp"
#include "engine/runs/backend.hpp"
#include "engine/runs/plan.hpp"

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

  public:
    explicit ChunkSize(double first_path_steps) : path_steps_(first_path_steps) {}
    std::size_t points(const Simulation& observed) const {
        constexpr std::uint64_t memory = 256 << 20;
        const std::uint64_t row_bytes = 16 * observed.observe.steps.size() + 24;
        const auto paths = static_cast<double>(observed.paths);
        const double fitting = static_cast<double>(memory / row_bytes) / paths;
        const double lasting = path_steps_ / (paths * static_cast<double>(observed.steps));
        return static_cast<std::size_t>(std::max(1.0, std::min(fitting, lasting)));
    }
    void took(double seconds) { path_steps_ *= std::clamp(1 / seconds, 0.25, 4.0); }
};

/// Of the generator of a point: another one for every pair.
std::uint64_t seed_of(std::uint64_t seed, std::uint64_t number) {
    const auto low = [](std::uint64_t n) { return static_cast<std::uint32_t>(n); };
    std::seed_seq both{low(seed), low(seed >> 32), low(number), low(number >> 32)};
    std::uint32_t words[2];
    both.generate(std::begin(words), std::end(words));
    return std::uint64_t{words[0]} << 32 | words[1];
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class SweepRun {
    const Sweep& sweep_;
    SweepState& state_;
    const KeepState& keep_;
    const TellNews& tell_;
    const std::unique_ptr<Backend> host_;
    const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::uint64_t path_steps_ = 0, path_steps_left_ = 0;  // of the grid, since the start
    std::size_t done_ = 0, undecided_ = 0;
    ChunkSize grid_chunk_, batch_chunk_;

    bool of_matrices() const { return !sweep_.base.entry; }

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

    /// Points that all take the same number of steps, from the number `first` on.
    std::vector<PointResult> measured(const std::vector<SweepPoint>& points, std::uint64_t first) {
        std::vector<PointResult> results(points.size());
        if (of_matrices()) {
            host_->for_each(static_cast<int>(points.size()), [&](int i) {
                const auto at = static_cast<std::size_t>(i);
                results[at] = measured_product(points[at], first + at);
            });
            sweep_.base.run.stop.check();
            return results;
        }
        auto s = simulation_of(sweep_, points, first);
        observe(s, sweep_.observables);
        const auto rows = rows_after_warm_up(s);
        host_->for_each(static_cast<int>(points.size()), [&](int i) {
            const auto at = static_cast<std::size_t>(i);
            const auto alone = observed(points[at], sweep_.observables);
            results[at] = {estimates_of(sweep_.observables, rows.ensembles[at], alone, sweep_.trapped_within),
                           failed_rows(rows.ensembles[at])};
        });
        return results;
    }

    /// Growth is what it would be had it gone on all the time as after the warm-up: the same paths, run once
    /// more for the warm-up alone, say how much came before.
    CollectedRun rows_after_warm_up(const Simulation& s) const {
        auto rows = collect(s);
        if (sweep_.warm_up == 0 || !s.observe.growth) return rows;
        auto early = s;
        early.steps = sweep_.warm_up;
        observe(early, {{"growth", Observable::Kind::growth, 0}});
        const auto before = collect(early);
        const double scale = static_cast<double>(s.steps) / static_cast<double>(s.steps - sweep_.warm_up);
        for (std::size_t g = 0; g < rows.ensembles.size(); ++g)
            for (std::size_t path = 0; path < s.paths; ++path) {
                double& growth = rows.ensembles[g].log_growth[path];
                if (std::isinf(growth)) continue;  // on zero it stays
                growth = scale * (growth - before.ensembles[g].log_growth[path]);
            }
        return rows;
    }

    PointResult measured_product(const SweepPoint& point, std::uint64_t number) const {
        PointResult result;
        if (sweep_.base.run.stop.stop_requested()) return result;
        const auto product = matrix_product(point.model);
        double most = 1;
        for (const auto& o : sweep_.observables) most = std::max(most, o.p);
        const int count = std::min(product.dimension, static_cast<int>(most));
        const auto exponents = simulated_exponents(product, count, point.steps, sweep_.base.paths,
                                                   seed_of(sweep_.base.seed, number));
        for (const auto& o : sweep_.observables)
            result.values.push_back(
                {o.p <= count ? exponents[static_cast<std::size_t>(o.p) - 1] : Estimate{}});
        return result;
    }

    /// The next points in `order` from `first` on that are missing, up to the first that is not or that takes
    /// another number of steps.
    std::vector<SweepPoint> missing_from(const std::vector<std::size_t>& order, std::size_t first) const {
        std::vector<SweepPoint> points;
        std::size_t most = 1;
        for (std::size_t rank = first; rank < order.size() && !state_.points[order[rank]]; ++rank) {
            auto point = sweep_.point(order[rank]);
            if (points.empty()) most = grid_chunk_.points(observed(point, sweep_.observables));
            if (!points.empty() && point.steps != points.front().steps) break;
            points.push_back(std::move(point));
            if (points.size() == most) break;
        }
        return points;
    }

    /// The point alone, with what has to be watched.
    Simulation observed(const SweepPoint& point, const std::vector<Observable>& observables) const {
        auto alone = simulation_of(sweep_, point);
        if (!of_matrices()) observe(alone, observables);
        return alone;
    }

    /// Neighbours mostly share a kernel: some thousand points, evenly spread, tell nearly all that the grid needs. They
    /// are compiled side by side, and what is left out when it is asked for.
    void prepare_kernels_of_grid() const {
        if (of_matrices() || state_.points_done() == sweep_.size()) return;
        const std::size_t stride = 1 + sweep_.size() / 4096;
        std::vector<SweepPoint> points;
        for (std::size_t i = 0; i < sweep_.size(); i += stride) points.push_back(sweep_.point(i));
        auto s = simulation_of(sweep_, points, 0);
        observe(s, sweep_.observables);
        prepare({s});
    }

    std::uint64_t path_steps_of_point(const SweepPoint& point) const {
        return sweep_.base.paths * point.steps;
    }

  public:
    SweepRun(const Sweep& sweep, SweepState& state, const KeepState& keep, const TellNews& tell)
        : sweep_(sweep),
          state_(state),
          keep_(keep),
          tell_(tell),
          host_(make_cpu_backend("omp", sweep.base.run.threads)),
          grid_chunk_(sweep.base.entry ? 1 << 22 : 1 << 12),
          batch_chunk_(1 << 22) {
        state_.points.resize(sweep.size());
        for (const auto& point : state_.points)
            if (point) count(*point);
    }

    void run_grid() {
        const auto order = order_of(sweep_);
        prepare_kernels_of_grid();
        for (const auto index : order)
            if (!state_.points[index]) path_steps_left_ += path_steps_of_point(sweep_.point(index));
        for (std::size_t rank = 0; rank < order.size();) {
            const auto points = missing_from(order, rank);
            if (points.empty()) {
                ++rank;
                continue;
            }
            const auto start = std::chrono::steady_clock::now();
            auto results = measured(points, rank);
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
        const auto& axis = sweep_.axes[1];
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
            if (points.empty()) {
                auto batch = observed(point, {terms.observable});
                batch.paths = terms.batch;
                most = batch_chunk_.points(batch);
            }
            if (!points.empty() && point.steps != points.front().steps) break;
            points.push_back(std::move(point));
            if (points.size() == most) break;
        }
        auto s = simulation_of(sweep_, points, first_batch_number + answer);
        s.paths = terms.batch;
        observe(s, {terms.observable});
        const auto rows = rows_after_warm_up(s);
        std::vector<BatchRows> answers(points.size());
        host_->for_each(static_cast<int>(points.size()), [&](int i) {
            const auto at = static_cast<std::size_t>(i);
            const auto alone = observed(points[at], {terms.observable});
            answers[at] =
                BatchRows::of(rows_of(terms.observable, rows.ensembles[at], alone, sweep_.trapped_within));
        });
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

std::vector<HostModel> host_models() {
    const std::vector<std::string> structures(std::begin(structure_names), std::end(structure_names));
    return {{"matrix-product",
             "x <- (I + D + Xi) x, the mean D = a I and the noise Xi of a structure",
             {{"structure", "-", "structure of the noise", std::string("dense"), 0, 0, structures},
              {"dimension", "1", "of x", 2.0, 1, MatrixProduct::most_dimensions, {}},
              {"a", "1/step", "mean rate along an axis; a > 0 repels", 0.0, -1, 1, {}},
              {"sigma", "1/step", "standard deviation of the noise along an axis", 0.5, 0, 10, {}}},
             [](const ParameterValues& model) {
                 return unless_whole("dimension", std::get<double>(model.at("dimension")));
             }}};
}

MatrixProduct matrix_product(const ParameterValues& model) {
    const auto number = [&](const char* key) { return std::get<double>(model.at(key)); };
    const auto& word = std::get<std::string>(model.at("structure"));
    const auto found = std::find(std::begin(structure_names), std::end(structure_names), word);
    return {static_cast<Structure>(found - std::begin(structure_names)),
            static_cast<int>(number("dimension")), number("a"), number("sigma")};
}

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
    SweepRun run(sweep, state, keep, tell);
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

std::size_t columns_of(const Sweep& sweep) { return sweep.size() / sweep.axes[1].size(); }

std::size_t point_of_column(const Sweep& sweep, std::size_t column) {
    const std::size_t panels = sweep.axes.size() > 2 ? sweep.axes[2].size() : 1;
    return column / panels * sweep.axes[1].size() * panels + column % panels;
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
