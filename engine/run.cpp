#include "engine/run.hpp"

#include <fmt/core.h>

#include <algorithm>
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

/// Small enough for the caches and for progress, large enough that a launch costs nothing.
std::uint64_t chosen_chunk(const Simulation& s) {
    constexpr std::uint64_t memory = 64 << 20, most = 1 << 18;
    const std::uint64_t wanted = s.run.chunk ? s.run.chunk : std::min(most, memory / row_bytes(s));
    return std::max(row_block, round_up(wanted, row_block));
}

int chosen_lanes(const Simulation& s, int threads) {
    if (s.run.lanes) return s.run.lanes;
    const std::uint64_t per_thread = s.paths * s.ensembles.size() / static_cast<std::uint64_t>(threads);
    return per_thread >= 64 && s.paths >= 48 ? 64 : per_thread >= 8 ? 16 : 1;
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

/// Ensembles with the same features, one after the other in memory.
struct Batch {
    std::uint64_t first = 0;
    std::vector<std::byte> processes;
    std::size_t process_size = 0;
    Process features;
    std::uint64_t size() const { return process_size ? processes.size() / process_size : 0; }
};

std::vector<Batch> batches_of(const Simulation& s) {
    std::vector<Batch> batches;
    for (std::uint64_t g = 0; g < s.ensembles.size(); ++g) {
        auto process = s.entry->make(s.ensembles[g], s.method, s.dt, s.run.precision);
        if (process.noises > s.entry->most_noises)
            throw InputError(
                fmt::format("scheme '{}' takes one noise, and the two noises here do not commute: use "
                            "'euler-maruyama', tau = 0, or rho = 1 or -1",
                            s.entry->method));
        const bool fits = !batches.empty() && batches.back().features.noises == process.noises &&
                          batches.back().features.additive == process.additive;
        if (!fits) batches.push_back({g, {}, process.bytes.size(), process});
        auto& bytes = batches.back().processes;
        bytes.insert(bytes.end(), process.bytes.begin(), process.bytes.end());
    }
    return batches;
}

/// Host memory for one chunk.
struct ChunkColumns {
    std::vector<double> value, log_abs, log_growth, exit_time;
    std::vector<std::int64_t> exit_step;

    ChunkColumns(const Observation& o, std::uint64_t rows)
        : value(o.steps.size() * rows),
          log_abs(o.steps.size() * rows),
          log_growth(o.growth ? rows : 0),
          exit_time(o.exit == ExitWatch::none ? 0 : rows),
          exit_step(o.exit == ExitWatch::none ? 0 : rows) {}
    Columns pointers() {
        return {value.data(), log_abs.data(), log_growth.empty() ? nullptr : log_growth.data(),
                exit_step.empty() ? nullptr : exit_step.data()};
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

class Runner {
    const Simulation& s_;
    std::unique_ptr<Backend> backend_;
    Reducer reducer_;
    Monitor monitor_;
    RunResult result_;
    int lanes_;
    InstructionSet instruction_set_;
    std::uint64_t chunk_;

    std::uint64_t ensembles_per_launch() const { return std::max<std::uint64_t>(1, chunk_ / s_.paths); }

    Launch launch_of(std::uint64_t first_ensemble, std::uint64_t ensembles, std::uint64_t first,
                     std::uint64_t paths, ChunkColumns& columns) {
        const auto& o = s_.observe;
        return {s_.seed,       first_ensemble, ensembles,          first,          paths,
                stride_of(s_), s_.steps,       o.steps.data(),     o.steps.size(), s_.x0,
                o.exit,        o.exit_radius,  columns.pointers(), &monitor_};
    }

    Work work_of(const Batch& batch, std::uint64_t first, std::uint64_t count) const {
        Variant variant{s_.run.precision, lanes_, batch.features.noises, batch.features.additive,
                        batch.features.additive && s_.observe.growth};
        return {&s_.entry->kernels, variant, instruction_set_,
                std::span(batch.processes).subspan(first * batch.process_size, count * batch.process_size),
                batch.process_size};
    }

    void run_chunk(const Batch& batch, std::uint64_t first_ensemble, std::uint64_t ensembles,
                   std::uint64_t first_path, std::uint64_t paths) {
        ChunkColumns columns(s_.observe, ensembles * paths);
        const auto launch = launch_of(batch.first + first_ensemble, ensembles, first_path, paths, columns);
        backend_->run(work_of(batch, first_ensemble, ensembles), launch);
        if (stop_requested) throw Interrupted();
        for (std::uint64_t g = 0; g < ensembles; ++g)
            reduce(columns, g * paths, paths, launch.rows(),
                   result_.ensembles[batch.first + first_ensemble + g]);
    }

    void reduce(ChunkColumns& c, std::uint64_t row, std::uint64_t rows, std::uint64_t all_rows,
                EnsembleSummary& into) {
        const auto part = [&](const std::vector<double>& column, std::size_t watch = 0) {
            return std::span(column).subspan(watch * all_rows + row, rows);
        };
        for (std::size_t i = 0; i < s_.observe.steps.size(); ++i) {
            if (stop_requested) throw Interrupted();
            reducer_.add(part(c.value, i), into.times[i].value, s_.observe.quantiles);
            reducer_.add(part(c.log_abs, i), into.times[i].log_abs, false);
        }
        if (s_.observe.growth) reducer_.add(part(c.log_growth), into.log_growth, false);
        if (s_.observe.exit != ExitWatch::none) reduce_passage(c, row, rows, into.passage);
    }

    void reduce_passage(ChunkColumns& c, std::uint64_t row, std::uint64_t rows, PassageSummary& into) {
        const auto steps = std::span(c.exit_step).subspan(row, rows);
        const auto times = std::span(c.exit_time).subspan(row, rows);
        // With a bridge the crossing lies somewhere inside the step: its middle is meant.
        const double back = s_.observe.exit == ExitWatch::with_bridge ? 0.5 : 0.0;
        for (std::uint64_t i = 0; i < rows; ++i) {
            into.upper += steps[i] > 0;
            into.lower += steps[i] < 0 && steps[i] != failed_before_exit;
            times[i] = steps[i] == 0                    ? std::numeric_limits<double>::infinity()
                       : steps[i] == failed_before_exit ? std::numeric_limits<double>::quiet_NaN()
                                                        : static_cast<double>(std::abs(steps[i])) - back;
        }
        reducer_.add(times, into.steps, s_.observe.quantiles);
        for (double& t : times)
            if (std::isinf(t)) t = static_cast<double>(s_.steps);
        reducer_.add_moments(times, into.restricted);
    }

    EnsembleSummary empty_summary() const {
        EnsembleSummary empty;
        for (const auto step : s_.observe.steps) {
            StepSummary at;
            at.step = step;
            for (const auto& edges : s_.observe.bin_edges) at.value.bins.emplace_back(edges);
            empty.times.push_back(std::move(at));
        }
        if (!s_.observe.survival_steps.empty())
            empty.passage.steps.bins.emplace_back(s_.observe.survival_steps);
        return empty;
    }

  public:
    explicit Runner(const Simulation& s)
        : s_(s),
          backend_(make_backend(s.run.backend, s.run.threads)),
          reducer_(*backend_),
          lanes_(chosen_lanes(s, backend_->threads())),
          instruction_set_(chosen_instruction_set(s)),
          chunk_(chosen_chunk(s)) {
        result_.facts = {backend_->name(),
                         backend_->device(),
                         instruction_set_names[static_cast<int>(instruction_set_)],
                         backend_->threads(),
                         lanes_,
                         chunk_,
                         0,
                         0};
        const std::uint64_t rows =
            std::min(ensembles_per_launch(), s.ensembles.size()) * std::min(chunk_, s.paths);
        require_memory(rows * row_bytes(s), "the columns of one chunk; make run.chunk smaller");
        require_memory(summary_bytes(s), "summaries; observe fewer times, bins or quantiles");
        result_.ensembles.assign(s.ensembles.size(), empty_summary());
    }

    RunResult operator()(const Progress& progress) {
        const auto start = std::chrono::steady_clock::now();
        const auto batches = batches_of(s_);
        const std::uint64_t per_launch = ensembles_per_launch();
        {
            const Watcher watcher(monitor_, s_.ensembles.size() * s_.paths * s_.steps, progress);
            for (const auto& batch : batches)
                for (std::uint64_t g = 0; g < batch.size(); g += per_launch)
                    for (std::uint64_t p = 0; p < s_.paths; p += chunk_)
                        run_chunk(batch, g, std::min(per_launch, batch.size() - g), p,
                                  std::min(chunk_, s_.paths - p));
        }
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        result_.facts.wall_seconds = seconds.count();
        result_.facts.path_steps = monitor_.path_steps;
        return std::move(result_);
    }
};

}  // namespace

RunResult run(const Simulation& simulation, const Progress& progress) { return Runner(simulation)(progress); }

std::vector<double> replay(const Simulation& s, std::uint64_t ensemble, std::uint64_t path,
                           const std::vector<std::uint64_t>& steps) {
    const auto process = s.entry->make(s.ensembles[ensemble], s.method, s.dt, s.run.precision);
    const Variant variant{s.run.precision, 1, process.noises, process.additive, false};
    std::vector<double> value(steps.size()), log_abs(steps.size());
    Monitor monitor;
    const Launch launch{s.seed,
                        ensemble,
                        1,
                        path,
                        1,
                        stride_of(s),
                        s.steps,
                        steps.data(),
                        steps.size(),
                        s.x0,
                        ExitWatch::none,
                        0,
                        {value.data(), log_abs.data(), nullptr, nullptr},
                        &monitor};
    const Work work{&s.entry->kernels, variant, chosen_instruction_set(s), process.bytes,
                    process.bytes.size()};
    const Progress silent;
    const Watcher watcher(monitor, s.steps, silent);
    make_cpu_backend("serial", 1)->run(work, launch);
    if (stop_requested) throw Interrupted();
    return value;
}

}  // namespace noisetrap
