// Steps the paths of one simulation, piece by piece, and hands over what they wrote.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <type_traits>

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

class Runner {
    const Simulation& s_;
    const Wanted wanted_;
    std::unique_ptr<Backend> backend_;
    Plan plan_;
    Monitor monitor_;
    RunPosition at_;  // its path_steps were asked for: the monitor's are for the progress
    std::unique_ptr<Launches> launches_;
    bool consuming_ = false;

    const Batch& batch_of(std::uint64_t ensemble) const;

  public:
    /// Looks on between the pieces, and where the run is interrupted, unless that was while a piece was taken in.
    using LookOn = std::function<void(const RunPosition&, bool leaving)>;

    Runner(const Simulation& s, Wanted wanted, const RunPosition& from = {});

    Backend& backend() { return *backend_; }
    const Plan& plan() const { return plan_; }
    Monitor& monitor() { return monitor_; }
    void go_to(const RunPosition& at) { at_ = at; }
    /// Adds path-steps that were taken elsewhere.
    void count_for_progress(std::uint64_t path_steps) {
        __atomic_fetch_add(&monitor_.path_steps, path_steps, __ATOMIC_RELAXED);
    }
    /// Steps so many rows in a launch from now on, instead of as many as were planned.
    void set_chunk(std::uint64_t rows) { noisetrap::set_chunk(plan_, s_, *backend_, wanted_, rows); }

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

    /// Steps a piece and gives consume(ensemble, first path, Part or PartSummary) what it brought; returns the
    /// path-steps taken.
    template <class Consume>
    std::uint64_t step(const Piece& piece, Consume& consume) {
        start(piece);
        return finish(piece, consume);
    }

    /// Steps all that is left: some pieces are under way while one is taken in, and all are in their order.
    template <class Consume>
    RunFacts operator()(const Progress& progress, Consume& consume, const LookOn& look_on = {}) {
        const auto body = [&](const auto& look) {
            std::deque<Piece> under_way;
            auto ahead = at_;
            const auto start_more = [&] {
                for (auto piece = piece_after(ahead);
                     piece.paths > 0 && under_way.size() < launches_->at_once(); piece = piece_after(ahead)) {
                    start(piece);
                    pass(ahead, piece, 0);
                    under_way.push_back(piece);
                }
            };
            for (start_more(); !under_way.empty(); start_more()) {
                const auto piece = under_way.front();
                under_way.pop_front();
                pass(piece, finish(piece, consume));
                look();
            }
        };
        return attended(progress, body, look_on);
    }

    /// Does all the work in body(look), which calls look() between the pieces, while progress is told.
    RunFacts attended(const Progress& progress,
                      const std::function<void(const std::function<void()>& look)>& body,
                      const LookOn& look_on);

  private:
    void start(const Piece& piece);
    /// Path-steps of the rows of a launch, of which paths that end early take fewer.
    std::uint64_t steps_taken(const ChunkColumns& rows) const;

    template <class Consume>
    std::uint64_t finish(const Piece& piece, Consume& consume) {
        const auto brought = launches_->finish();
        s_.run.stop.check();
        const auto give = [&](std::uint64_t g, const auto& part) {
            if constexpr (std::is_invocable_v<Consume&, std::uint64_t, std::uint64_t, decltype(part)>)
                consume(piece.first_ensemble + g, piece.first_path, part);
        };
        take_in([&] {
            for (std::uint64_t g = 0; g < piece.ensembles; ++g)
                if (brought.parts.empty())
                    give(g, Part{brought.rows, g * piece.paths, piece.paths});
                else
                    give(g, brought.parts[g]);
        });
        return brought.parts.empty() ? steps_taken(brought.rows) : brought.path_steps;
    }
};

}  // namespace noisetrap
