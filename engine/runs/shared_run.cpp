#include "engine/runs/shared_run.hpp"

#include <algorithm>
#include <memory>

#include "engine/ranks/packing.hpp"
#include "engine/runs/runner.hpp"

namespace noisetrap {
namespace {

/// What a rank is asked for: a piece of one of the simulations, in one launch of `chunk` rows at most.
struct PieceTask {
    std::uint64_t simulation = 0, chunk = 0;
    Piece piece;
};
template <class Archive>
void fields(Archive& a, PieceTask& t) {
    a(t.simulation, t.chunk, t.piece.first_ensemble, t.piece.ensembles, t.piece.first_path, t.piece.paths);
}

/// What it brings.
struct PieceResult {
    int rank = 0;
    std::uint64_t path_steps = 0;
    std::vector<PartSummary> ensembles;
};
template <class Archive>
void fields(Archive& a, PieceResult& r) {
    a(r.rank, r.path_steps, r.ensembles);
}

}  // namespace

// What a summary is made of. Edges are those of the simulation, and moments are sent as blocks.

template <class Archive>
void fields(Archive& a, Moments& m) {
    a(m.count, m.mean, m.m2, m.m3, m.m4);
}

template <class Archive>
void fields(Archive& a, JointMoments& m) {
    a(m.count);
    for (double& mean : m.mean) a(mean);
    for (double& product : m.product) a(product);
}

template <class Archive>
void fields(Archive& a, ColumnSummary& c) {
    auto negative = c.sketch.negative(), other = c.sketch.other();
    a(negative.first, negative.counts, other.first, other.counts);
    c.sketch = {std::move(negative), std::move(other)};
    a(c.bins, c.not_a_number, c.plus_infinite, c.minus_infinite);
}

template <class Archive>
void fields(Archive& a, EdgeCounts& bins) {
    a(bins.counts);
}

template <class Archive>
void fields(Archive& a, StepSummary& at) {
    a(at.value, at.log_abs);
}

template <class Archive>
void fields(Archive& a, PartSummary& part) {
    auto& c = part.counts;
    a(c.times, c.log_growth, c.passage.steps, c.passage.upper, c.passage.lower, c.log_largest, c.steps_inside,
      c.log_stretches, part.blocks.single, part.blocks.joint, part.paths);
}

namespace {

/// Steps pieces of one simulation for rank 0, wherever that is.
class PieceWorker {
    Runner runner_;
    Summariser summariser_;
    const Progress silent_;
    int rank_;

  public:
    PieceWorker(const Simulation& s, int rank)
        : runner_(s, Wanted::summaries), summariser_(s, runner_.backend()), rank_(rank) {}

    Runner& runner() { return runner_; }

    std::string operator()(const PieceTask& task) {
        if (runner_.plan().chunk != task.chunk) runner_.set_chunk(task.chunk);
        PieceResult result{rank_, 0, {}};
        const auto keep = [&](std::uint64_t, std::uint64_t, const auto& part) {
            result.ensembles.push_back(summariser_.alone(part));
        };
        result.path_steps = runner_.step(task.piece, keep);
        return packed(result);
    }
};

}  // namespace

std::uint64_t piece_rows(std::uint64_t rows, std::uint64_t steps, std::uint64_t chunk, int ranks,
                         int threads) {
    constexpr std::uint64_t pieces_of_a_rank = 32;
    constexpr std::uint64_t worth_a_letter = 1 << 24;  // path-steps, some ten milliseconds
    const auto n = static_cast<std::uint64_t>(ranks);
    const auto up = [](std::uint64_t a, std::uint64_t b) { return (a + b - 1) / b; };
    const auto fine =
        std::max({up(rows, pieces_of_a_rank * n), up(worth_a_letter, std::max<std::uint64_t>(steps, 1)),
                  row_block * static_cast<std::uint64_t>(threads)});
    const auto whole = up(std::min(fine, up(rows, n)), row_block) * row_block;
    return std::clamp(whole, row_block, std::max(chunk, row_block));
}

RunResult run_shared(Crew& crew, std::uint64_t number, const Simulation& s, const Progress& progress,
                     RunState from, const Checkpoint& checkpoint) {
    if (crew.size() == 1) return run(s, progress, std::move(from), checkpoint);
    PieceWorker worker(s, crew.rank());
    auto& runner = worker.runner();
    runner.go_to(from.at);
    Summariser summariser(s, runner.backend(), std::move(from.ensembles));
    const std::uint64_t left = (s.ensembles.size() - from.at.ensemble) * s.paths - from.at.path;
    runner.set_chunk(piece_rows(left, s.steps, runner.plan().chunk, crew.size(), runner.backend().threads()));
    std::vector<Piece> pieces;
    std::vector<std::string> tasks;
    for (auto at = from.at; const auto paths = runner.piece_after(at).paths;) {
        pieces.push_back(runner.piece_after(at));
        tasks.push_back(packed(PieceTask{number, runner.plan().chunk, pieces.back()}));
        runner.pass(at, pieces.back(), 0);
    }
    const auto work = [&](const std::string& task) { return worker(unpacked<PieceTask>(task)); };
    const auto take = [&](const Piece& piece, const std::string& bytes) {
        const auto result = unpacked<PieceResult>(bytes);
        runner.take_in([&] {
            for (std::uint64_t g = 0; g < piece.ensembles; ++g)
                summariser(piece.first_ensemble + g, piece.first_path, result.ensembles.at(g));
        });
        runner.pass(piece, result.path_steps);
        if (result.rank != crew.rank()) runner.count_for_progress(piece.ensembles * piece.paths * s.steps);
    };
    auto facts = runner.attended(
        progress,
        [&](const std::function<void()>& look) {
            crew.share(
                tasks, work,
                [&](std::uint64_t i, const std::string& bytes) {
                    take(pieces[i], bytes);
                    look();
                },
                s.run.stop);
        },
        [&](const RunPosition& at, bool leaving) {
            if (checkpoint) checkpoint(at, summariser.ensembles, leaving);
        });
    facts.ranks = crew.size();
    return {std::move(summariser.ensembles), facts};
}

void serve_runs(Crew& crew, const std::vector<Simulation>& simulations) {
    if (simulations.empty()) return;
    std::unique_ptr<PieceWorker> worker;
    std::unique_ptr<Watcher> watcher;
    std::uint64_t at_hand = 0;
    const Progress silent;
    const auto& stop = simulations.front().run.stop;
    const auto work = [&](const std::string& bytes) {
        const auto task = unpacked<PieceTask>(bytes);
        if (!worker || task.simulation != at_hand) {
            watcher.reset();
            worker = std::make_unique<PieceWorker>(simulations.at(task.simulation), crew.rank());
            watcher = std::make_unique<Watcher>(worker->runner().monitor(), 0, 0, silent, stop);
            at_hand = task.simulation;
        }
        return (*worker)(task);
    };
    crew.serve(work, stop);
}

}  // namespace noisetrap
