// Steps the paths of one simulation, piece by piece, and hands over what they wrote.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>

#include "engine/runs/plan.hpp"
#include "engine/runs/rows.hpp"
#include "engine/runs/run.hpp"

namespace noisetrap {

/// Tells the progress and passes a request to stop on to the running launch.
class Watcher {
    std::mutex mutex_;
    std::condition_variable changed_;
    bool done_ = false;
    std::thread thread_;

    void watch(Monitor& monitor, std::uint64_t total, double before, const Progress& progress,
               StopToken stop);

  public:
    /// `before`: seconds that the run had taken when it was cut off.
    Watcher(Monitor& monitor, std::uint64_t total, double before, const Progress& progress, StopToken stop)
        : thread_([this, &monitor, total, before, &progress, stop] {
              watch(monitor, total, before, progress, stop);
          }) {}
    ~Watcher();
};

/// What one launch steps: `paths` paths of each of `ensembles` ensembles.
struct Piece {
    std::uint64_t first_ensemble = 0, ensembles = 0, first_path = 0, paths = 0;
};

class Runner {
    const Simulation& s_;
    std::unique_ptr<Backend> backend_;
    Plan plan_;
    Monitor monitor_;
    RunPosition at_;        // its path_steps were asked for: the monitor's are for the progress
    ChunkColumns columns_;  // kept, so that no chunk pays for fresh memory
    bool consuming_ = false;

    const Batch& batch_of(std::uint64_t ensemble) const;

  public:
    /// Looks on between the pieces, and where the run is interrupted, unless that was while a piece was taken in.
    using LookOn = std::function<void(const RunPosition&, bool leaving)>;

    explicit Runner(const Simulation& s, const RunPosition& from = {});

    Backend& backend() { return *backend_; }
    const Plan& plan() const { return plan_; }
    Monitor& monitor() { return monitor_; }
    void go_to(const RunPosition& at) { at_ = at; }
    /// Adds path-steps that were taken elsewhere.
    void count_for_progress(std::uint64_t path_steps) {
        __atomic_fetch_add(&monitor_.path_steps, path_steps, __ATOMIC_RELAXED);
    }
    /// Steps so many rows in a launch from now on, instead of as many as were planned.
    void set_chunk(std::uint64_t rows) { noisetrap::set_chunk(plan_, s_, *backend_, rows); }

    /// What follows after a position: no paths at the end. An ensemble that was cut off is alone in its piece.
    Piece piece_after(const RunPosition&) const;
    /// Moves a position behind a piece that begins there.
    void pass(RunPosition& at, const Piece& piece, std::uint64_t path_steps) const;
    void pass(const Piece& piece, std::uint64_t path_steps) { pass(at_, piece, path_steps); }

    /// Takes a piece in: a run that is interrupted meanwhile is at no position.
    template <class Take>
    void take_in(Take take) {
        consuming_ = true;
        take();
        consuming_ = false;
    }

    /// Steps a piece and gives consume(ensemble, first path, Part) its rows; returns the path-steps taken.
    template <class Consume>
    std::uint64_t step(const Piece& piece, Consume& consume) {
        columns_.resize(s_.observe, piece.ensembles * piece.paths);
        launch(piece);
        take_in([&] {
            for (std::uint64_t g = 0; g < piece.ensembles; ++g)
                consume(piece.first_ensemble + g, piece.first_path,
                        Part{columns_, g * piece.paths, piece.paths});
        });
        return steps_taken(piece.ensembles * piece.paths);
    }

    /// Steps all that is left.
    template <class Consume>
    RunFacts operator()(const Progress& progress, Consume& consume, const LookOn& look_on = {}) {
        return attended(
            progress,
            [&](const auto& look) {
                for (auto piece = piece_after(at_); piece.paths > 0; piece = piece_after(at_)) {
                    pass(piece, step(piece, consume));
                    look();
                }
            },
            look_on);
    }

    /// Does all the work in body(look), which calls look() between the pieces, while progress is told.
    RunFacts attended(const Progress& progress,
                      const std::function<void(const std::function<void()>& look)>& body,
                      const LookOn& look_on);

  private:
    void launch(const Piece& piece);
    std::uint64_t steps_taken(std::uint64_t rows) const;
};

}  // namespace noisetrap
