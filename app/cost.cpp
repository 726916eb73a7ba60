#include "app/cost.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "analysis/sweeps/observables.hpp"
#include "analysis/sweeps/sweeping.hpp"
#include "app/progress.hpp"
#include "engine/kernels/store.hpp"
#include "engine/runs/backend.hpp"
#include "engine/runs/plan.hpp"

namespace noisetrap {
namespace {

/// Seconds that a speed is looked at for.
constexpr double a_moment = 0.05;
/// Of a processor, to compile one kernel (docs/design.md).
constexpr double seconds_of_a_kernel = 2.5;

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Path-steps a second of take(n), which steps about n and says how many: four times as many in each turn, until that takes
/// a moment. Each turn counts the fastest of some calls: other programs make a call slower and none faster, and the first
/// that looks long enough would mostly be one that had to wait.
template <class Take>
double speed_of(double first, Take take) {
    constexpr int calls = 3;
    for (double wanted = first;; wanted *= 4) {
        double taken = 0, fastest = std::numeric_limits<double>::infinity();
        for (int call = 0; call < calls && fastest > a_moment / 4; ++call) {
            const auto start = std::chrono::steady_clock::now();
            taken = take(wanted);
            fastest = std::min(fastest, seconds_since(start));
        }
        if (fastest > a_moment) return taken / fastest;
    }
}

/// One ensemble of the run with other paths, and with fewer steps where these alone would take too long: `path_steps` in
/// all. A launch of a sweep holds many small ensembles, and is as fast as one large one.
Simulation part_of(Simulation s, std::uint64_t ensemble, double path_steps) {
    constexpr double some_paths = 4096;
    const auto whole = [](double wanted) {
        return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(wanted));
    };
    s.ensembles = {s.ensembles[ensemble]};
    if (!s.own_steps.empty()) s.own_steps = {s.own_steps[ensemble]};
    s.steps = std::min(s.steps, whole(path_steps / some_paths));
    s.paths = whole(path_steps / static_cast<double>(s.steps));
    auto& o = s.observe;
    for (auto& step : o.steps) step = std::min(step, s.steps);
    o.steps.erase(std::unique(o.steps.begin(), o.steps.end()), o.steps.end());
    std::erase_if(o.survival_steps, [&](double step) { return step > static_cast<double>(s.steps); });
    return s;
}

double path_steps_of(const Simulation& s) {
    return static_cast<double>(s.ensembles.size()) * static_cast<double>(s.paths) *
           static_cast<double>(s.steps);
}

struct Kernels {
    std::array<std::size_t, 4> at = {};  // each KernelPlace

    std::size_t missing() const { return at[static_cast<std::size_t>(KernelPlace::missing)]; }
    std::string text() const {
        constexpr const char* places[] = {"built in", "in the pack", "in the cache", "to be compiled"};
        std::vector<std::string> parts;
        for (std::size_t i = 0; i < at.size(); ++i)
            if (at[i]) parts.push_back(fmt::format("{} {}", at[i], places[i]));
        if (missing() == 0) return fmt::format("{}", fmt::join(parts, ", "));
        const auto threads = static_cast<double>(std::max(1u, std::thread::hardware_concurrency()));
        const double rounds = std::ceil(static_cast<double>(missing()) / threads);
        return fmt::format("{}, in some {}", fmt::join(parts, ", "), duration(rounds * seconds_of_a_kernel));
    }
};

/// What a list of runs takes, as far as plans tell.
class Plans {
    std::set<std::string> seen_;  // kernels

  public:
    Kernels kernels;
    std::uint64_t bytes = 0;                          // of columns at a time
    std::vector<std::optional<std::uint64_t>> ready;  // of each run an ensemble whose kernel is there
    std::string where;                                // the backend in words

    explicit Plans(const std::vector<Simulation>& runs) {
        for (const auto& s : runs) add(s);
    }

  private:
    void add(const Simulation& s) {
        const auto backend = make_backend(s.run);
        const auto plan = plan_of(s, *backend);
        where = backend->on_device() ? backend->device()
                                     : fmt::format("{} threads of {}", backend->threads(), backend->device());
        bytes = std::max(bytes, plan.rows_per_launch(s) * row_bytes(s.observe));
        ready.emplace_back();
        for (const auto& batch : plan.batches) {
            const auto place = place_of(batch.kernel);
            if (place != KernelPlace::missing && !ready.back()) ready.back() = batch.first;
            if (seen_.insert(kernel_key(batch.kernel)).second) ++kernels.at[static_cast<std::size_t>(place)];
        }
    }
};

/// Seconds that the runs whose kernels are there will take; the others are taken to be as fast. Nothing where there is
/// no kernel yet.
std::optional<double> seconds_of(const std::vector<Simulation>& runs, const Plans& plans) {
    double seconds = 0, measured = 0, all = 0;
    constexpr std::size_t most_looks = 20;
    const std::size_t stride = 1 + runs.size() / most_looks;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const double path_steps = path_steps_of(runs[i]);
        all += path_steps;
        if (!plans.ready[i] || i % stride != 0) continue;
        measured += path_steps;
        seconds += path_steps / speed_of(1 << 18, [&](double wanted) {
                       const auto part = part_of(runs[i], *plans.ready[i], wanted);
                       return static_cast<double>(run(part).facts.path_steps);
                   });
    }
    if (measured == 0) return {};
    return seconds * all / measured;
}

std::string time_text(std::optional<double> seconds, const Plans& plans) {
    if (!seconds) return fmt::format("not known before the kernels are compiled ({})", plans.where);
    return fmt::format("some {} ({}{})", *seconds < 1 ? "second or less" : duration(*seconds), plans.where,
                       plans.kernels.missing() ? "; of the kernels that are there" : "");
}

std::string memory_text(std::uint64_t bytes) {
    if (bytes < 1000000) return "less than a megabyte of columns at a time";
    return fmt::format("{:.3g} MB of columns at a time", static_cast<double>(bytes) / 1e6);
}

std::string text(const std::string& path_steps, const std::string& time, const std::string& memory,
                 const std::string& kernels) {
    return fmt::format(
        "path-steps  {}\ntime        {}\nmemory      {}\nkernels     {}\na dry run: nothing was written\n",
        path_steps, time, memory, kernels);
}

/// The points that take equally many steps are ensembles of one run; some thousand points, evenly spread, stand for
/// more.
std::vector<Simulation> runs_of(const Sweep& sweep) {
    constexpr std::size_t many = 4096;
    const std::size_t stride = 1 + sweep.size() / many;
    std::map<std::uint64_t, std::vector<SweepPoint>> by_steps;
    for (std::size_t i = 0; i < sweep.size(); i += stride) {
        const auto point = sweep.point(i);
        by_steps[point.steps].push_back(point);
    }
    std::vector<Simulation> runs;
    for (const auto& [steps, points] : by_steps) {
        runs.push_back(simulation_of(sweep, points, 0));
        observe(runs.back(), sweep.observables);
    }
    return runs;
}

double path_steps_of_grid(const Sweep& sweep) {
    double sum = 0;
    for (std::size_t i = 0; sweep.map && i < sweep.size(); ++i)
        sum += static_cast<double>(sweep.base.paths) * static_cast<double>(sweep.point(i).steps);
    return sum;
}

/// Rows of a launch's points are kept until they are reduced (ChunkSize in sweeping.cpp).
std::uint64_t bytes_of_rows(const Sweep& sweep, const std::vector<Simulation>& runs) {
    constexpr std::uint64_t most = std::uint64_t{256} << 20;
    std::uint64_t point = 0;
    for (const auto& s : runs) point = std::max(point, s.paths * row_bytes(s.observe));
    return std::min(std::max(most, point), point * sweep.size());
}

/// Of one batch at each point of the search's first look, which is the least that it takes.
double path_steps_of_first_look(const Sweep& sweep) {
    double sum = 0;
    for (std::size_t column = 0; sweep.boundary && column < columns_of(sweep); ++column)
        sum += static_cast<double>(sweep.boundary->coarse * sweep.boundary->batch) *
               static_cast<double>(sweep.point(point_of_column(sweep, column)).steps);
    return sum;
}

/// Of a model that the engine does not step.
double speed_on_host(const Sweep& sweep) {
    return speed_of(1 << 12, [&](double wanted) {
        auto part = sweep;
        auto point = part.point(part.size() / 2);
        point.steps = std::min<std::uint64_t>(1 << 11, point.steps);
        part.base.paths = static_cast<std::uint64_t>(wanted) / point.steps + 1;
        point_source_of(part)->measured({point}, 0);
        return static_cast<double>(part.base.paths * point.steps);
    });
}

}  // namespace

std::string cost_text(const std::vector<Simulation>& runs) {
    const Plans plans(runs);
    double path_steps = 0;
    for (const auto& s : runs) path_steps += path_steps_of(s);
    return text(fmt::format("{:.3g}", path_steps), time_text(seconds_of(runs, plans), plans),
                memory_text(plans.bytes), plans.kernels.text());
}

std::string cost_text(const Sweep& sweep) {
    const double grid = path_steps_of_grid(sweep), look = path_steps_of_first_look(sweep);
    const auto sum = fmt::format("{:.3g}{}", grid,
                                 look > 0 ? fmt::format(", and {:.3g} or more for the boundary", look) : "");
    if (!sweep.base.entry) {
        const auto host = make_cpu_backend("omp", sweep.base.run.threads);
        const double seconds = grid / speed_on_host(sweep) / host->threads();
        return text(sum, fmt::format("some {}", duration(seconds)), memory_text(0), "none are needed");
    }
    const auto runs = runs_of(sweep);
    const Plans plans(runs);
    double some = 0;
    for (const auto& s : runs) some += path_steps_of(s);
    auto seconds = seconds_of(runs, plans);
    if (seconds) *seconds *= grid / some;
    return text(sum,
                time_text(seconds, plans) + " for the steps of the map; what is made of them comes on top",
                memory_text(plans.bytes + bytes_of_rows(sweep, runs)), plans.kernels.text());
}

}  // namespace noisetrap
