#include "engine/runs/run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "engine/error.hpp"
#include "engine/kernels/store.hpp"
#include "engine/runs/backend.hpp"
#include "engine/runs/plan.hpp"

namespace noisetrap {
namespace {

/// Path-steps of a launch: of a path that ends early those up to its exit, or up to the last observed time.
std::uint64_t steps_taken(const Simulation& s, const std::vector<double>& exit_step, std::uint64_t rows) {
    const bool to_the_end =
        s.observe.growth || s.observe.wants(Column::log_largest) || s.observe.wants(Column::steps_inside);
    if (s.observe.exit == ExitWatch::none || to_the_end) return rows * s.steps;
    const std::uint64_t watched = s.observe.steps.empty() ? 0 : s.observe.steps.back();
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < rows; ++i) {
        const bool left = exit_step[i] != 0 && exit_step[i] != failed_before_exit;
        sum += left ? std::max(watched, static_cast<std::uint64_t>(std::abs(exit_step[i]))) : s.steps;
    }
    return sum;
}

/// Tells the progress and passes a request to stop on to the running launch.
class Watcher {
    std::mutex mutex_;
    std::condition_variable changed_;
    bool done_ = false;
    std::thread thread_;

    void watch(Monitor& monitor, std::uint64_t total, double before, const Progress& progress,
               StopToken stop) {
        using namespace std::chrono_literals;
        const auto start = std::chrono::steady_clock::now();
        std::unique_lock lock(mutex_);
        for (int tick = 1; !changed_.wait_for(lock, 20ms, [this] { return done_; }); ++tick) {
            if (stop.stop_requested()) __atomic_store_n(&monitor.stop, 1, __ATOMIC_RELAXED);
            if (tick % 10 != 0 || !progress) continue;
            const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
            progress(__atomic_load_n(&monitor.path_steps, __ATOMIC_RELAXED), total, before + seconds.count());
        }
    }

  public:
    /// `before`: seconds that the run had taken when it was cut off.
    Watcher(Monitor& monitor, std::uint64_t total, double before, const Progress& progress, StopToken stop)
        : thread_([this, &monitor, total, before, &progress, stop] {
              watch(monitor, total, before, progress, stop);
          }) {}
    ~Watcher() {
        {
            const std::lock_guard lock(mutex_);
            done_ = true;
        }
        changed_.notify_one();
        thread_.join();
    }
};

/// Steps all paths, chunk by chunk, and hands over what they wrote.
class Runner {
    const Simulation& s_;
    std::unique_ptr<Backend> backend_;
    Plan plan_;
    Monitor monitor_;
    RunPosition at_;        // its path_steps were asked for: the monitor's are for the progress
    ChunkColumns columns_;  // kept, so that no chunk pays for fresh memory
    bool consuming_ = false;

    template <class Consume>
    void run_chunk(const Batch& batch, std::uint64_t first_ensemble, std::uint64_t ensembles,
                   std::uint64_t first_path, std::uint64_t paths, Consume& consume) {
        columns_.resize(s_.observe, ensembles * paths);
        const auto processes =
            std::span(batch.processes)
                .subspan(first_ensemble * batch.process_size, ensembles * batch.process_size);
        backend_->run({batch.function, processes},
                      launch_of(s_, batch.first + first_ensemble, ensembles, first_path, paths, plan_.lanes,
                                columns_.pointers(), monitor_));
        s_.run.stop.check();
        consuming_ = true;
        for (std::uint64_t g = 0; g < ensembles; ++g)
            consume(batch.first + first_ensemble + g, first_path, Part{columns_, g * paths, paths});
        consuming_ = false;
        at_.path_steps +=
            steps_taken(s_, columns_.of[static_cast<int>(Column::exit_step)], ensembles * paths);
        at_.path = first_path + paths;
        if (at_.path < s_.paths) return;
        at_.ensemble += ensembles;
        at_.path = 0;
    }

    /// Calls `between` after every chunk. An ensemble that was cut off is alone in its launch.
    template <class Consume, class Between>
    void run_all(Consume& consume, Between between) {
        const std::uint64_t per_launch = plan_.ensembles_per_launch(s_);
        for (const auto& batch : plan_.batches)
            while (at_.ensemble < batch.first + batch.size()) {
                const std::uint64_t g = at_.ensemble - batch.first;
                const std::uint64_t left = at_.path > 0 ? 1 : batch.size() - g;
                run_chunk(batch, g, std::min(per_launch, left), at_.path,
                          std::min(plan_.chunk, s_.paths - at_.path), consume);
                between();
            }
    }

  public:
    explicit Runner(const Simulation& s, const RunPosition& from = {})
        : s_(s),
          backend_(make_backend(s.run.backend, s.run.threads)),
          plan_(plan_of(s, *backend_)),
          at_(from) {
        std::vector<KernelSpec> kernels;
        for (const auto& batch : plan_.batches) kernels.push_back(batch.kernel);
        const auto functions = ready_kernels(kernels, s.run.stop);
        for (std::size_t i = 0; i < functions.size(); ++i) plan_.batches[i].function = functions[i];
    }

    Backend& backend() { return *backend_; }

    /// Looks on between the chunks, and where the run is interrupted, unless that was while a chunk was taken in.
    using LookOn = std::function<void(const RunPosition&, bool leaving)>;

    template <class Consume>
    RunFacts operator()(const Progress& progress, Consume& consume, const LookOn& look_on = {}) {
        const auto start = std::chrono::steady_clock::now();
        const double before = at_.seconds;
        bool looking = false;
        const auto look = [&](bool leaving) {
            const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
            at_.seconds = before + seconds.count();
            looking = true;
            if (look_on) look_on(at_, leaving);
            looking = false;
        };
        monitor_.path_steps = (at_.ensemble * s_.paths + at_.path) * s_.steps;
        try {
            const Watcher watcher(monitor_, s_.ensembles.size() * s_.paths * s_.steps, before, progress,
                                  s_.run.stop);
            run_all(consume, [&] { look(false); });
        } catch (...) {  // interrupted, or left by a device
            if (!consuming_ && !looking) look(true);
            throw;
        }
        return {backend_->name(), backend_->device(), plan_.target,   backend_->threads(),
                plan_.lanes,      plan_.chunk,        at_.path_steps, at_.seconds};
    }
};

}  // namespace

RunResult run(const Simulation& simulation, const Progress& progress, RunState from,
              const Checkpoint& checkpoint) {
    Runner runner(simulation, from.at);
    Summariser summariser(simulation, runner.backend(), std::move(from.ensembles));
    const auto look_on = [&](const RunPosition& at, bool leaving) {
        if (checkpoint) checkpoint(at, summariser.ensembles, leaving);
    };
    const auto facts = runner(progress, summariser, look_on);
    return {std::move(summariser.ensembles), facts};
}

RunFacts run_rows(const Simulation& simulation, const TakeRows& take, const Progress& progress) {
    return Runner(simulation)(progress, take);
}

CollectedRun collect(const Simulation& simulation, const Progress& progress) {
    Collector collector(simulation);
    const auto facts = run_rows(simulation, std::ref(collector), progress);
    return {std::move(collector.ensembles), facts};
}

std::vector<double> replay(const Simulation& s, std::uint64_t ensemble, std::uint64_t path,
                           const std::vector<std::uint64_t>& steps) {
    std::vector<double> value(steps.size()), log_abs(steps.size());
    Columns columns;
    columns[Column::value] = value.data();
    columns[Column::log_abs] = log_abs.data();
    Monitor monitor;
    Simulation alone = s;
    alone.observe.steps = steps;
    alone.run.arithmetic = Arithmetic::exact;
    const auto process = process_of(alone, ensemble);
    const auto kernel = kernel_of(alone, process, cpu_target(s.run));  // that of the run itself
    const Progress silent;
    const auto function = ready_kernels({&kernel, 1}, s.run.stop).front();
    const Watcher watcher(monitor, s.steps, 0, silent, s.run.stop);
    make_cpu_backend("serial", 1)
        ->run({function, process.bytes}, launch_of(alone, ensemble, 1, path, 1, 1, columns, monitor));
    s.run.stop.check();
    return value;
}

}  // namespace noisetrap
