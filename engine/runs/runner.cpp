#include "engine/runs/runner.hpp"

#include <algorithm>
#include <cmath>

#include "engine/kernels/store.hpp"

namespace noisetrap {

void Watcher::watch(Monitor& monitor, std::uint64_t total, double before, const Progress& progress,
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

Watcher::~Watcher() {
    {
        const std::lock_guard lock(mutex_);
        done_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

Runner::Runner(const Simulation& s, Wanted wanted, const RunPosition& from)
    : s_(s),
      wanted_(wanted),
      backend_(make_backend(s.run)),
      plan_(plan_of(s, *backend_, wanted)),
      at_(from),
      launches_(backend_->launches(s, wanted)) {
    std::vector<KernelSpec> kernels;
    for (const auto& batch : plan_.batches) kernels.push_back(batch.kernel);
    const auto functions = ready_kernels(kernels, s.run.stop);
    for (std::size_t i = 0; i < functions.size(); ++i) plan_.batches[i].function = functions[i];
}

const Batch& Runner::batch_of(std::uint64_t ensemble) const {
    const auto after =
        std::upper_bound(plan_.batches.begin(), plan_.batches.end(), ensemble,
                         [](std::uint64_t number, const Batch& batch) { return number < batch.first; });
    return *std::prev(after);
}

Piece Runner::piece_after(const RunPosition& at) const {
    if (at.ensemble >= s_.ensembles.size()) return {};
    const auto& batch = batch_of(at.ensemble);
    const std::uint64_t left = at.path > 0 ? 1 : batch.first + batch.size() - at.ensemble;
    return {at.ensemble, std::min(plan_.ensembles_per_launch(s_), left), at.path,
            std::min(plan_.chunk, s_.paths - at.path)};
}

void Runner::pass(RunPosition& at, const Piece& piece, std::uint64_t path_steps) const {
    at.path_steps += path_steps;
    at.path = piece.first_path + piece.paths;
    if (at.path < s_.paths) return;
    at.ensemble += piece.ensembles;
    at.path = 0;
}

void Runner::start(const Piece& piece) {
    const auto& batch = batch_of(piece.first_ensemble);
    const auto processes = std::span(batch.processes)
                               .subspan((piece.first_ensemble - batch.first) * batch.process_size,
                                        piece.ensembles * batch.process_size);
    launches_->start({batch.function, processes, batch.features.tables},
                     launch_of(s_, piece, plan_.lanes, monitor_));
}

std::uint64_t Runner::steps_taken(const ChunkColumns& rows) const {
    if (!s_.observe.ends_at_exit()) return rows.rows * s_.steps;
    const std::uint64_t watched = s_.observe.steps.empty() ? 0 : s_.observe.steps.back();
    Exits exits;
    for (const double step : Part{rows, 0, rows.rows}.of(Column::exit_step))
        exits.add(step, watched, s_.steps);
    return exits.path_steps;
}

RunFacts Runner::attended(const Progress& progress,
                          const std::function<void(const std::function<void()>& look)>& body,
                          const LookOn& look_on) {
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
        body([&] { look(false); });
    } catch (...) {  // interrupted, or left by a device
        if (!consuming_ && !looking) look(true);
        throw;
    }
    return {backend_->name(),    backend_->device(), plan_.target,
            backend_->threads(), plan_.lanes,        plan_.chunk,
            at_.path_steps,      at_.seconds,        1};
}

}  // namespace noisetrap
