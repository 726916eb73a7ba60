#include "engine/runs/shared_run.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "engine/input/config.hpp"
#include "tests/backends.hpp"
#include "tests/engine/ranks/local_ranks.hpp"
#include "tests/engine/runs/summary_bits.hpp"

using namespace noisetrap;

/// The kernel is one that run_test.cpp compiles too.
static Simulation watched_run(const std::vector<std::string>& settings = {}) {
    return config_from_text(
               "[model]\nname='linear-sde'\nrho=0.5\n[integrator]\nsteps=203\n[ensemble]\npaths=17000\n"
               "[observe]\ntimes=[0.0, 0.515625, 3.0]\ncdf_at=[-1, 0, 1]\nexit_radius=2\nexit_bridge=true\n",
               "test", settings)
        .simulation;
}

static RunResult shared(const Simulation& s, int ranks, const RunState& from = {},
                        const Checkpoint& checkpoint = {}) {
    RunResult result;
    with_ranks(
        ranks, [&](Crew& crew) { result = run_shared(crew, 1, s, {}, from, checkpoint); },
        [&](Crew& crew) {
            serve_runs(crew, {Simulation(), s});
        });
    return result;
}

TEST_CASE("Any number of ranks gives the bytes of one process", "[bytes]") {
    const auto s = watched_run({"run.threads=1"});
    const auto alone = run(s);
    for (const int ranks : {2, 3, 4}) {
        const auto result = shared(s, ranks);
        CHECK(bits(result.ensembles[0]) == bits(alone.ensembles[0]));
        CHECK(result.facts.path_steps == alone.facts.path_steps);
        CHECK(result.facts.ranks == ranks);
    }
}

TEMPLATE_TEST_CASE("Ranks share ensembles too, and each of them keeps its noise", "[bytes]", Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    auto s =
        watched_run({"run.threads=1", "ensemble.paths=600", std::string("run.backend=") + TestType::name});
    s.ensembles.resize(9, s.ensembles[0]);
    for (std::size_t g = 0; g < 9; ++g) s.ensembles[g]["a"] = 0.01 * static_cast<double>(g);
    const auto alone = run(s), result = shared(s, 3);
    for (std::size_t g = 0; g < 9; ++g) CHECK(bits(result.ensembles[g]) == bits(alone.ensembles[g]));
}

TEST_CASE("A shared run goes on from what any other has kept", "[bytes]") {
    const auto s = watched_run({"run.threads=1"});
    RunState kept;
    int looks = 0;
    const auto keep = [&](const RunPosition& at, const std::vector<EnsembleSummary>& ensembles, bool) {
        if (++looks == 1) kept = {at, ensembles};
    };
    shared(s, 3, {}, keep);
    REQUIRE(kept.at.path > 0);
    REQUIRE(kept.at.path < s.paths);
    const auto whole = bits(run(s).ensembles[0]);
    CHECK(bits(run(s, {}, kept).ensembles[0]) == whole);
    CHECK(bits(shared(s, 2, kept).ensembles[0]) == whole);
}

TEST_CASE("Parts that were summarised by themselves add up to the same bits", "[bytes]") {
    auto s = watched_run({"ensemble.paths=9000"});
    s.observe.largest_beyond = {1, 3};
    s.observe.inside_radius = 0.5;
    const auto backend = make_cpu_backend("serial", 1);
    ColumnMemory memory;
    const auto columns = memory.resize(s.observe, s.paths);
    std::mt19937 generator(1);
    std::generate_n(columns.at[Column::value], numbers_in_row(s.observe) * s.paths, [&] {
        const auto word = generator();
        return word % 97 == 0   ? std::numeric_limits<double>::quiet_NaN()
               : word % 89 == 0 ? -std::numeric_limits<double>::infinity()
                                : std::ldexp(static_cast<double>(word) - 0x1p31, -28);
    });
    Summariser whole(s, *backend), parts(s, *backend), by_itself(s, *backend);
    for (const std::uint64_t first : {0, 4096, 5120}) {
        const auto end = first == 0 ? 4096u : first == 4096 ? 5120u : s.paths;
        const Part part{columns, first, end - first};
        whole(0, first, part);
        parts(0, first, by_itself.alone(part));
    }
    CHECK(bits(parts.ensembles[0]) == bits(whole.ensembles[0]));
    CHECK(whole.ensembles[0].log_largest.rows() == s.paths);
}

TEST_CASE("Pieces are whole blocks, enough for all ranks and worth their letters") {
    CHECK(piece_rows(1 << 20, 1 << 14, 1 << 18, 4, 1) == 8192);     // 32 for each rank
    CHECK(piece_rows(1 << 20, 64, 1 << 18, 4, 1) == 1 << 18);       // few steps: large ones
    CHECK(piece_rows(5000, 64, 1 << 18, 4, 1) == 2048);             // one for each rank at most
    CHECK(piece_rows(1 << 30, 1 << 20, 1 << 15, 2, 1) == 1 << 15);  // a chunk at most
    CHECK(piece_rows(1 << 20, 1 << 20, 1 << 18, 64, 8) == 8192);    // a block for each thread
    CHECK(piece_rows(1, 1, 1024, 1000, 1) == 1024);
}
