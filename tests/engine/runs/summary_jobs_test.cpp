// The jobs by which a device summarises rows, done on the host.
#include "engine/runs/summary_jobs.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "engine/input/config.hpp"
#include "engine/runs/plan.hpp"
#include "engine/runs/run.hpp"
#include "tests/engine/runs/summary_bits.hpp"

using namespace noisetrap;

namespace {

/// The memory and the threads of a device.
class DeviceOnHost {
    SummaryJobs jobs_;
    std::vector<std::uint64_t> tables_;

    template <class Job>
    static void do_all(const Job& job) {
        for (std::uint64_t i = job.jobs(); i-- > 0;) job(i);  // in another order than they are numbered
    }

  public:
    struct Summarised {
        std::vector<PartSummary> parts;
        std::uint64_t path_steps, bytes;
    };

    explicit DeviceOnHost(const Simulation& s) : jobs_(s) {}

    Summarised operator()(const Launch& launch, const double* numbers) {
        const auto sizes = jobs_.sizes(launch.ensembles, launch.paths);
        const auto words = [](std::size_t bytes) { return (bytes + 7) / 8; };
        auto input = jobs_.input();
        std::vector<std::uint64_t> results(words(sizes.results), 0xdbdbdbdbdbdbdbdb),
            pages(words(sizes.pages));
        std::fill_n(results.begin(), words(sizes.counts), 0);
        tables_.resize(std::max(tables_.size(), words(sizes.tables)));
        const auto all =
            jobs_.launch(launch, numbers, input.data(), results.data(), tables_.data(), pages.data());
        do_all(SummaryJob(all));
        do_all(PageJob(all));
        const auto* const bytes = reinterpret_cast<const std::byte*>(results.data());
        return {jobs_.parts(launch, bytes, reinterpret_cast<const SketchPage*>(pages.data())),
                jobs_.path_steps(launch, bytes),
                sizes.results + SummaryJobs::pages_used(bytes) * sizeof(SketchPage)};
    }
};

Simulation simulation(const std::string& text) { return config_from_text(text, "test", {}).simulation; }

/// All buckets of all sketches and every other number.
std::vector<std::uint64_t> every_bit(const EnsembleSummary& summary) {
    auto all = bits(summary);
    const auto add = [&](const ColumnSummary& column) {
        for (const auto* side : {&column.sketch.negative(), &column.sketch.other()}) {
            all.push_back(static_cast<std::uint64_t>(side->first));
            all.insert(all.end(), side->counts.begin(), side->counts.end());
        }
    };
    for (const auto& at : summary.times) add(at.value);
    for (const auto* column : {&summary.passage.steps, &summary.log_largest, &summary.steps_inside})
        add(*column);
    return all;
}

/// Numbers of all sizes and signs; some are not finite.
double wild(std::mt19937_64& generator) {
    const auto word = generator();
    if (word % 97 == 0) return std::numeric_limits<double>::quiet_NaN();
    if (word % 89 == 0) return word & 128 ? failed_before_exit : std::numeric_limits<double>::infinity();
    if (word % 83 == 0) return 0;
    return std::ldexp(static_cast<double>(word >> 11) - 0x1p52, static_cast<int>(word % 60) - 80);
}

const std::string watched_in_every_way =
    "[model]\nname='linear-sde'\n[integrator]\nsteps=203\n[ensemble]\npaths=5000\n"
    "[observe]\ntimes=[0.0, 0.515625, 3.0]\ncdf_at=[-1, 0, 1]\nexit_radius=2\nexit_bridge=true\n"
    "largest=[1.5, 2.5]\ninside=0.5\n";

}  // namespace

TEST_CASE("What a device makes of rows has the bytes of the host's summaries", "[bytes]") {
    auto s = simulation(watched_in_every_way);
    s.ensembles.resize(3);
    const auto backend = make_cpu_backend("serial", 1);
    Summariser host(s, *backend), of_device(s, *backend);
    DeviceOnHost device(s);
    std::mt19937_64 generator(1);
    ColumnMemory memory;
    Monitor monitor;
    for (const std::uint64_t first : {0, 4096}) {  // two launches, the second in used memory
        const auto launch =
            launch_of(s, {0, 3, first, std::min<std::uint64_t>(4096, s.paths - first)}, 1, monitor);
        const auto columns = memory.resize(s.observe, launch.rows());
        auto* const numbers = columns.at[Column::value];
        std::generate_n(numbers, launch.rows() * numbers_in_row(s.observe), [&] { return wild(generator); });
        if (first > 0) std::fill_n(numbers, 1024, INFINITY);  // a block without any finite number
        const auto parts = device(launch, numbers).parts;
        for (std::uint64_t g = 0; g < 3; ++g) {
            host(g, first, Part{columns, g * launch.paths, launch.paths});
            of_device(g, first, parts[g]);
        }
    }
    for (std::size_t g = 0; g < 3; ++g) {
        const bool same = every_bit(of_device.ensembles[g]) == every_bit(host.ensembles[g]);
        CHECK(same);  // there are too many numbers to show
    }
    CHECK(host.ensembles[0].times[0].value.plus_infinite > 904);
    CHECK(host.ensembles[2].steps_inside.rows() == s.paths);
}

TEST_CASE("Steps up to exits are counted alike where rows lie and on the host", "[bytes]") {
    const auto s = simulation(
        "[model]\nname='linear-sde'\n[integrator]\nsteps=403\n[ensemble]\npaths=3000\n"
        "[observe]\ntimes=[1.0]\nexit_radius=2\ngrowth=false\n");
    DeviceOnHost device(s);
    Monitor monitor;
    std::uint64_t path_steps = 0;
    const auto facts = run_rows(s, [&](std::uint64_t, std::uint64_t first, const Part& part) {
        path_steps +=
            device(launch_of(s, {0, 1, first, part.count}, 1, monitor), part.columns.at[Column::value])
                .path_steps;
    });
    CHECK(path_steps == facts.path_steps);
    CHECK(path_steps < s.paths * s.steps);
}

TEST_CASE("A million paths with quantiles at four times bring back less than two megabytes") {
    auto s = simulation(
        "[model]\nname='linear-sde'\n[integrator]\nsteps=256\n[ensemble]\npaths=1000000\n"
        "[observe]\ntimes=[1.0, 2.0, 3.0, 4.0]\n[run]\nchunk=262144\n");
    DeviceOnHost device(s);
    Monitor monitor;
    std::uint64_t bytes = 0, chunks = 0;
    run_rows(s, [&](std::uint64_t, std::uint64_t first, const Part& part) {
        ++chunks;
        bytes +=
            device(launch_of(s, {0, 1, first, part.count}, 1, monitor), part.columns.at[Column::value]).bytes;
    });
    CHECK(chunks == 4);
    CHECK(bytes < 2'000'000);
    CHECK(bytes > 400'000);  // the moments of blocks alone
}
