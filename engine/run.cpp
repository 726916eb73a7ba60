#include "engine/run.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

#include "engine/backend.hpp"
#include "engine/error.hpp"
#include "engine/memory.hpp"
#include "engine/reduce.hpp"

namespace noisetrap {

std::atomic<bool> stop_requested = false;

namespace {

std::uint64_t round_up(std::uint64_t n, std::uint64_t to) { return (n + to - 1) / to * to; }

/// Between the path numbers of neighbouring ensembles.
std::uint64_t stride_of(const Simulation& s) { return round_up(s.paths, path_alignment); }

/// What summaries may take: sketches of two-sided heavy tails, and bins.
std::uint64_t summary_bytes(const Simulation& s) {
    std::uint64_t per_step = 1024 + (s.observe.quantiles ? 256 << 10 : 0);
    for (const auto& edges : s.observe.bin_edges) per_step += 16 * edges.size();
    return s.ensembles.size() * s.observe.steps.size() * per_step;
}

/// Bytes of columns for each row.
std::uint64_t row_bytes(const Simulation& s) {
    return 16 * s.observe.steps.size() + 8 * (s.observe.growth ? 1 : 0) +
           16 * (s.observe.exit == ExitWatch::none ? 0 : 1) + 1;
}

/// Small enough that summaries find the rows of a chunk in the caches, large enough that a launch costs
/// nothing.
std::uint64_t chosen_chunk(const Simulation& s, const Backend& backend) {
    constexpr std::uint64_t most = 1 << 18, of_a_thread = 1 << 15, memory_of_a_thread = 4 << 20;
    const bool on_device = backend.name() == "cuda";  // which has thousands of threads of its own
    const auto threads = static_cast<std::uint64_t>(backend.threads());
    const std::uint64_t in_caches = threads * std::min(of_a_thread, memory_of_a_thread / row_bytes(s));
    const std::uint64_t fitting = on_device ? (64 << 20) / row_bytes(s) : in_caches;
    return round_up(s.run.chunk ? s.run.chunk : std::clamp(fitting, row_block, most), row_block);
}

InstructionSet chosen_instruction_set(const Simulation& s) {
    const auto best = best_instruction_set();
    if (s.run.instruction_set == "auto") return best;
    for (int i = 0; i < 3; ++i)
        if (s.run.instruction_set == instruction_set_names[i]) {
            if (i > static_cast<int>(best))
                throw InputError(
                    fmt::format("run.instruction_set = '{}' is more than this processor has ({})",
                                s.run.instruction_set, instruction_set_names[static_cast<int>(best)]));
            return static_cast<InstructionSet>(i);
        }
    throw InputError(fmt::format("run.instruction_set = '{}' is none of auto, portable, x86-64-v3, x86-64-v4",
                                 s.run.instruction_set));
}

/// Paths of a block on a CPU: as many as there is room for, since a group begins with work that its slices
/// share, and paths that are left close ranks in their block; but no more than leaves work for every thread.
/// On a GPU one.
int chosen_lanes(const Simulation& s, const Backend& backend, InstructionSet set, std::uint64_t launch_rows) {
    constexpr int room = most_lanes<widest_slice>;
    if (backend.name() == "cuda") return 1;
    if (s.run.lanes < 0 || s.run.lanes > room || (s.run.lanes != 1 && s.run.lanes % widest_slice != 0))
        throw InputError(fmt::format("run.lanes = {} must be 0, 1 or a multiple of {} up to {}", s.run.lanes,
                                     widest_slice, room));
    if (s.run.lanes) return s.run.lanes;
    const std::uint64_t per_thread = launch_rows / static_cast<std::uint64_t>(backend.threads());
    const std::uint64_t wanted = std::min({std::uint64_t{room}, s.paths, per_thread});
    if (wanted < widest_slice / 2 && set == InstructionSet::portable) return 1;
    return static_cast<int>(round_up(std::max<std::uint64_t>(wanted, 1), widest_slice));
}

/// Path-steps of a launch: of a path that ends early those up to its exit, or up to the last observed time.
std::uint64_t steps_taken(const Simulation& s, const std::vector<std::int64_t>& exit_step,
                          std::uint64_t rows) {
    if (s.observe.exit == ExitWatch::none || s.observe.growth) return rows * s.steps;
    const std::uint64_t watched = s.observe.steps.empty() ? 0 : s.observe.steps.back();
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < rows; ++i) {
        const bool left = exit_step[i] != 0 && exit_step[i] != failed_before_exit;
        sum += left ? std::max(watched, static_cast<std::uint64_t>(std::abs(exit_step[i]))) : s.steps;
    }
    return sum;
}

/// Ensembles with the same features, one after the other in memory.
struct Batch {
    std::uint64_t first = 0;
    std::vector<std::byte> processes;
    std::size_t process_size = 0;
    Process features;
    std::uint64_t size() const { return process_size ? processes.size() / process_size : 0; }
};

Process process_of(const Simulation& s, std::uint64_t ensemble) {
    const auto& method = s.own_steps.empty() ? s.method : s.own_steps[ensemble].method;
    const double dt = s.own_steps.empty() ? s.dt : s.own_steps[ensemble].dt;
    return s.entry->make(s.ensembles[ensemble], method, dt, s.run.precision);
}

std::vector<Batch> batches_of(const Simulation& s) {
    std::vector<Batch> batches;
    for (std::uint64_t g = 0; g < s.ensembles.size(); ++g) {
        auto process = process_of(s, g);
        if (process.noises > s.entry->most_noises)
            throw InputError(
                fmt::format("scheme '{}' takes one noise, and the two noises here do not commute: use "
                            "'splitting' or 'euler-maruyama', tau = 0, or rho = 1 or -1",
                            s.entry->method));
        const bool fits = !batches.empty() && batches.back().features.noises == process.noises &&
                          batches.back().features.scaled == process.scaled;
        if (!fits) batches.push_back({g, {}, process.bytes.size(), process});
        auto& bytes = batches.back().processes;
        bytes.insert(bytes.end(), process.bytes.begin(), process.bytes.end());
    }
    return batches;
}

Launch launch_of(const Simulation& s, std::uint64_t first_ensemble, std::uint64_t ensembles,
                 std::uint64_t first_path, std::uint64_t paths, int lanes, const Columns& columns,
                 Monitor& monitor) {
    const auto& o = s.observe;
    return {.seed = s.seed,
            .first_ensemble = s.first_ensemble + first_ensemble,
            .ensembles = ensembles,
            .first_path = first_path,
            .paths = paths,
            .stride = stride_of(s),
            .lanes = static_cast<std::uint64_t>(lanes),
            .steps = s.steps,
            .watched_steps = o.steps.data(),
            .watches = o.steps.size(),
            .x0 = s.x0,
            .x0_deviation = s.x0_deviation,
            .coarsening = s.coarsening,
            .coarse_weight = 1 / std::sqrt(static_cast<double>(s.coarsening)),
            .exit_watch = o.exit,
            .exit_radius = o.exit_radius,
            .columns = columns,
            .monitor = &monitor};
}

/// Host memory for one chunk after another: `rows` rows, those of its ensembles one after the other.
struct ChunkColumns {
    std::uint64_t rows = 0;
    std::vector<double> value, log_abs, log_growth;
    std::vector<std::int64_t> exit_step;

    void resize(const Observation& o, std::uint64_t chunk_rows) {
        rows = chunk_rows;
        value.resize(o.steps.size() * rows);
        log_abs.resize(o.steps.size() * rows);
        log_growth.resize(o.growth ? rows : 0);
        exit_step.resize(o.exit == ExitWatch::none ? 0 : rows);
    }
    Columns pointers() {
        return {value.data(), log_abs.data(), log_growth.empty() ? nullptr : log_growth.data(),
                exit_step.empty() ? nullptr : exit_step.data()};
    }
};

/// The rows of one ensemble in a chunk, from `first` on.
struct Part {
    const ChunkColumns& columns;
    std::uint64_t first, count;

    template <class T>
    std::span<const T> of(const std::vector<T>& column, std::size_t watch = 0) const {
        return std::span(column).subspan(watch * columns.rows + first, count);
    }
};

/// Tells the progress and passes a request to stop on to the running launch.
class Watcher {
    std::mutex mutex_;
    std::condition_variable changed_;
    bool done_ = false;
    std::thread thread_;

    void watch(Monitor& monitor, std::uint64_t total, const Progress& progress) {
        using namespace std::chrono_literals;
        const auto start = std::chrono::steady_clock::now();
        std::unique_lock lock(mutex_);
        for (int tick = 1; !changed_.wait_for(lock, 20ms, [this] { return done_; }); ++tick) {
            if (stop_requested) __atomic_store_n(&monitor.stop, 1, __ATOMIC_RELAXED);
            if (tick % 10 != 0 || !progress) continue;
            const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
            progress(__atomic_load_n(&monitor.path_steps, __ATOMIC_RELAXED), total, seconds.count());
        }
    }

  public:
    Watcher(Monitor& monitor, std::uint64_t total, const Progress& progress)
        : thread_([this, &monitor, total, &progress] { watch(monitor, total, progress); }) {}
    ~Watcher() {
        {
            const std::lock_guard lock(mutex_);
            done_ = true;
        }
        changed_.notify_one();
        thread_.join();
    }
};

/// The steps to an exit: infinitely many where there was none, which cannot be foreseen and so is added, not
/// branched on; not a number where the path failed.
double exit_time(std::int64_t step, double back) {
    constexpr double if_none[] = {0, std::numeric_limits<double>::infinity()};
    if (step == failed_before_exit) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(std::abs(step)) - back + if_none[step == 0];
}

/// Adds parts of ensembles to their summaries.
class Summariser {
    const Simulation& s_;
    Reducer reducer_;
    std::vector<double> times_;

    void add_passage(const Part& part, PassageSummary& into) {
        const auto steps = part.of(part.columns.exit_step);
        // With a bridge the crossing lies somewhere inside the step: its middle is meant.
        const double back = s_.observe.exit == ExitWatch::with_bridge ? 0.5 : 0.0;
        times_.resize(steps.size());
        for (std::uint64_t i = 0; i < steps.size(); ++i) {
            into.upper += steps[i] > 0;
            into.lower += steps[i] < 0 && steps[i] != failed_before_exit;
            times_[i] = exit_time(steps[i], back);
        }
        reducer_.add(times_, into.steps, s_.observe.quantiles);
        const auto last = static_cast<double>(s_.steps);
        for (double& t : times_) t = std::min(t, last);
        reducer_.add_moments(times_, into.restricted);
    }

  public:
    std::vector<EnsembleSummary> ensembles;

    Summariser(const Simulation& s, Backend& backend) : s_(s), reducer_(backend) {
        require_memory(summary_bytes(s), "summaries; observe fewer times, bins or quantiles");
        EnsembleSummary empty;
        for (const auto step : s.observe.steps) {
            StepSummary at;
            at.step = step;
            for (const auto& edges : s.observe.bin_edges) at.value.bins.emplace_back(edges);
            empty.times.push_back(std::move(at));
        }
        if (!s.observe.survival_steps.empty())
            empty.passage.steps.bins.emplace_back(s.observe.survival_steps);
        ensembles.assign(s.ensembles.size(), empty);
    }

    void operator()(std::uint64_t ensemble, std::uint64_t, const Part& part) {
        auto& into = ensembles[ensemble];
        for (std::size_t i = 0; i < s_.observe.steps.size(); ++i) {
            if (stop_requested) throw Interrupted();
            reducer_.add(part.of(part.columns.value, i), into.times[i].value, s_.observe.quantiles);
            reducer_.add(part.of(part.columns.log_abs, i), into.times[i].log_abs, false);
        }
        if (s_.observe.growth) reducer_.add(part.of(part.columns.log_growth), into.log_growth, false);
        if (s_.observe.exit != ExitWatch::none) add_passage(part, into.passage);
    }
};

/// Keeps all rows.
class Collector {
  public:
    std::vector<PathColumns> ensembles;

    explicit Collector(const Simulation& s) {
        const auto& o = s.observe;
        require_memory(s.ensembles.size() * s.paths * row_bytes(s), "all rows; make ensemble.paths smaller");
        const std::vector<std::vector<double>> watched(o.steps.size(), std::vector<double>(s.paths));
        ensembles.assign(s.ensembles.size(),
                         {watched, watched, std::vector<double>(o.growth ? s.paths : 0),
                          std::vector<std::int64_t>(o.exit == ExitWatch::none ? 0 : s.paths)});
    }

    void operator()(std::uint64_t ensemble, std::uint64_t first_path, const Part& part) {
        auto& into = ensembles[ensemble];
        const auto copy = [&](auto rows, auto& column) {
            std::copy(rows.begin(), rows.end(), column.begin() + static_cast<std::ptrdiff_t>(first_path));
        };
        for (std::size_t i = 0; i < into.value.size(); ++i) {
            copy(part.of(part.columns.value, i), into.value[i]);
            copy(part.of(part.columns.log_abs, i), into.log_abs[i]);
        }
        if (!into.log_growth.empty()) copy(part.of(part.columns.log_growth), into.log_growth);
        if (!into.exit_step.empty()) copy(part.of(part.columns.exit_step), into.exit_step);
    }
};

/// Steps all paths, chunk by chunk, and hands over what they wrote.
class Runner {
    const Simulation& s_;
    std::unique_ptr<Backend> backend_;
    Monitor monitor_;
    InstructionSet instruction_set_;
    std::uint64_t chunk_;
    int lanes_;
    std::uint64_t path_steps_ = 0;  // that were asked for: the monitor's are for the progress
    ChunkColumns columns_;          // kept, so that no chunk pays for fresh memory

    std::uint64_t ensembles_per_launch() const { return std::max<std::uint64_t>(1, chunk_ / s_.paths); }

    std::uint64_t rows_per_launch() const {
        return std::min<std::uint64_t>(ensembles_per_launch(), s_.ensembles.size()) *
               std::min(chunk_, s_.paths);
    }

    Work work_of(const Batch& batch, std::uint64_t first, std::uint64_t count) const {
        Variant variant{
            s_.run.precision,      s_.run.arithmetic,     in_slices(lanes_, instruction_set_),
            batch.features.noises, batch.features.scaled, batch.features.scaled && s_.observe.growth};
        return {&s_.entry->kernels, variant, instruction_set_,
                std::span(batch.processes).subspan(first * batch.process_size, count * batch.process_size),
                batch.process_size};
    }

    template <class Consume>
    void run_chunk(const Batch& batch, std::uint64_t first_ensemble, std::uint64_t ensembles,
                   std::uint64_t first_path, std::uint64_t paths, Consume& consume) {
        columns_.resize(s_.observe, ensembles * paths);
        backend_->run(work_of(batch, first_ensemble, ensembles),
                      launch_of(s_, batch.first + first_ensemble, ensembles, first_path, paths, lanes_,
                                columns_.pointers(), monitor_));
        if (stop_requested) throw Interrupted();
        path_steps_ += steps_taken(s_, columns_.exit_step, ensembles * paths);
        for (std::uint64_t g = 0; g < ensembles; ++g)
            consume(batch.first + first_ensemble + g, first_path, Part{columns_, g * paths, paths});
    }

    template <class Consume>
    void run_all(const Progress& progress, Consume& consume) {
        const auto batches = batches_of(s_);
        const std::uint64_t per_launch = ensembles_per_launch();
        const Watcher watcher(monitor_, s_.ensembles.size() * s_.paths * s_.steps, progress);
        for (const auto& batch : batches)
            for (std::uint64_t g = 0; g < batch.size(); g += per_launch)
                for (std::uint64_t p = 0; p < s_.paths; p += chunk_)
                    run_chunk(batch, g, std::min(per_launch, batch.size() - g), p,
                              std::min(chunk_, s_.paths - p), consume);
    }

  public:
    explicit Runner(const Simulation& s)
        : s_(s),
          backend_(make_backend(s.run.backend, s.run.threads)),
          instruction_set_(chosen_instruction_set(s)),
          chunk_(chosen_chunk(s, *backend_)),
          lanes_(chosen_lanes(s, *backend_, instruction_set_, rows_per_launch())) {
        if (s.observe.growth && !s.entry->differentiable)
            throw InputError(fmt::format("'{}' has no growth rate: its gradient jumps", s.entry->model));
        if (s.entry->in_mixed_precision_alone && s.run.precision != Precision::mixed)
            throw InputError(
                fmt::format("'{}' on '{}' runs in mixed precision alone", s.entry->method, s.entry->model));
        if (s.run.arithmetic == Arithmetic::fast &&
            (backend_->name() != "cuda" || s.run.precision != Precision::mixed))
            throw InputError(
                "run.arithmetic = 'fast' is the arithmetic of a GPU's hardware: it needs the backend "
                "'cuda' and mixed precision; 'exact' runs everywhere, with the same bytes");
        if (!std::has_single_bit(s.coarsening))
            throw InputError(fmt::format("coarsening = {} is not a power of two", s.coarsening));
        if (s.coarsening != 1 && s.entry->in_mixed_precision_alone)
            throw InputError(fmt::format("'{}' on '{}' cannot take the noise of several steps at once",
                                         s.entry->method, s.entry->model));
        require_memory(rows_per_launch() * row_bytes(s), "the columns of one chunk; make run.chunk smaller");
    }

    Backend& backend() { return *backend_; }

    template <class Consume>
    RunFacts operator()(const Progress& progress, Consume& consume) {
        const auto start = std::chrono::steady_clock::now();
        run_all(progress, consume);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        return {backend_->name(),
                backend_->device(),
                instruction_set_names[static_cast<int>(instruction_set_)],
                backend_->threads(),
                lanes_,
                chunk_,
                path_steps_,
                seconds.count()};
    }
};

}  // namespace

RunResult run(const Simulation& simulation, const Progress& progress) {
    Runner runner(simulation);
    Summariser summariser(simulation, runner.backend());
    const auto facts = runner(progress, summariser);
    return {std::move(summariser.ensembles), facts};
}

CollectedRun collect(const Simulation& simulation, const Progress& progress) {
    Runner runner(simulation);
    Collector collector(simulation);
    const auto facts = runner(progress, collector);
    return {std::move(collector.ensembles), facts};
}

std::vector<double> replay(const Simulation& s, std::uint64_t ensemble, std::uint64_t path,
                           const std::vector<std::uint64_t>& steps) {
    const auto process = process_of(s, ensemble);
    const auto instruction_set = chosen_instruction_set(s);
    const Variant variant{s.run.precision, Arithmetic::exact, in_slices(1, instruction_set),
                          process.noises,  process.scaled,    false};
    std::vector<double> value(steps.size()), log_abs(steps.size());
    Monitor monitor;
    Simulation alone = s;
    alone.observe.steps = steps;
    alone.observe.exit = ExitWatch::none;
    const auto launch =
        launch_of(alone, ensemble, 1, path, 1, 1, {value.data(), log_abs.data(), nullptr, nullptr}, monitor);
    const Work work{&s.entry->kernels, variant, instruction_set, process.bytes, process.bytes.size()};
    const Progress silent;
    const Watcher watcher(monitor, s.steps, silent);
    make_cpu_backend("serial", 1)->run(work, launch);
    if (stop_requested) throw Interrupted();
    return value;
}

}  // namespace noisetrap
