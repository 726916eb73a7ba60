#include <fmt/core.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <memory>

#include "analysis/sweeps/shared_points.hpp"
#include "app/commands.hpp"
#include "app/cost.hpp"
#include "app/interrupt.hpp"
#include "app/launch.hpp"
#include "app/output_hdf5.hpp"
#include "app/presets.hpp"
#include "app/progress.hpp"
#include "app/report.hpp"
#include "app/sweep_results.hpp"
#include "app/sweep_store.hpp"
#include "engine/device_error.hpp"
#include "engine/error.hpp"
#include "engine/runs/backend.hpp"
#include "validation/sweep_presets.hpp"

namespace noisetrap {
namespace {

Sweep sweep_asked_for(const SweepOptions& options) {
    require_one_file(options, "sweep");
    if (options.preset.empty())
        return read_sweep(options.file, options.settings, host_models(), interrupt.token());
    auto sweep = sweep_from_preset(options.preset, options.settings);
    sweep.base.run.stop = interrupt.token();
    return sweep;
}

/// The name of the file or of the preset, unless the user has given one; none where JSON alone is wanted.
std::string folder_of(const SweepOptions& options) {
    if (!options.out.empty() || options.json == "-") return options.out;
    return options.preset.empty() ? std::filesystem::path(options.file).stem().string() + "-sweep"
                                  : options.preset;
}

void print_news(const Sweep& sweep, const SweepNews& news) {
    std::string line = "\r\033[Ksweep: ";
    if (sweep.map) line += fmt::format("{} of {} points", news.done, news.points);
    if (sweep.map && sweep.phases) line += fmt::format(", {} undecided", news.undecided);
    if (sweep.map && news.done < news.points && std::isfinite(news.seconds_left))
        line += fmt::format(", {} left", duration(news.seconds_left));
    if (news.batches > 0)
        line += fmt::format("{}boundary: {:.3g} paths", sweep.map ? "; " : "",
                            static_cast<double>(news.batches * sweep.boundary->batch));
    std::fputs(line.c_str(), stderr);
}

std::string kept_text(const Sweep& sweep, const SweepState& state) {
    std::vector<std::string> parts;
    if (sweep.map) parts.push_back(fmt::format("{} of {} points", state.points_done(), sweep.size()));
    if (!state.batches.empty())
        parts.push_back(fmt::format("{:.3g} paths of the boundary",
                                    static_cast<double>(state.batches.size() * sweep.boundary->batch)));
    return fmt::format("kept: {}", parts.empty() ? "nothing yet" : fmt::format("{}", fmt::join(parts, ", ")));
}

/// Everything finished is kept, whatever ends the run.
std::optional<Boundary> run_kept(const Sweep& sweep, SweepStore* store, SweepState& state) {
    const bool tell = isatty(STDERR_FILENO);
    bool announced = false;
    if (tell && sweep.map)
        std::fputs(fmt::format("sweep: {} of {} points", state.points_done(), sweep.size()).c_str(), stderr);
    try {
        const auto points = shared_points(crew(), sweep);
        auto boundary = run_sweep(
            sweep, state,
            [&](const SweepState&) {
                if (store) store->keep();
            },
            [&](const SweepNews& news) {
                if (!tell) return;
                const bool guessed = sweep.map && news.seconds > first_guess;
                if (guessed && std::isfinite(news.seconds_left) && !std::exchange(announced, true))
                    announce_if_long("sweep", news.seconds_left, "Ctrl-C stops, and keeps what is done");
                print_news(sweep, news);
            },
            *points);
        end_progress();
        return boundary;
    } catch (const Interrupted&) {
        end_progress();
        if (!store) throw;
        store->keep_now();
        throw Interrupted(fmt::format("interrupted; {}; the same command goes on", kept_text(sweep, state)));
    } catch (const DeviceError& error) {
        end_progress();
        if (!store) throw;
        store->keep_now();
        throw DeviceError(
            fmt::format("{}; {}; the same command goes on", error.what(), kept_text(sweep, state)));
    }
}

}  // namespace

int sweep(const SweepOptions& options) {
    if ((options.list || options.print) && !crew().leads()) return 0;
    if (told_presets(options, sweep_presets(), "sweep")) return 0;
    auto asked = sweep_asked_for(options);
    prepare(asked);
    if (options.dry_run) return print_dry(cost_text(asked));
    agree_on(provenance(asked.resolved, asked.base.run));
    if (!crew().leads()) {
        serve_points(crew(), asked);
        return 0;
    }
    std::unique_ptr<SweepStore> store;
    const auto folder = folder_of(options);
    if (!folder.empty()) store = std::make_unique<SweepStore>(folder, asked, options.fresh);
    SweepState own;
    auto& state = store ? store->state() : own;
    const auto start = std::chrono::steady_clock::now();
    auto boundary = run_kept(asked, store.get(), state);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    const auto found = findings_of(asked, state, std::move(boundary));
    const auto json = sweep_json(asked, state, found).dump() + "\n";
    if (store) write_sweep(*store, asked, found, json, seconds.count());
    if (options.json == "-") {
        print_alone(json);
    } else {
        fmt::print("{}", findings_text(asked, state, found));
    }
    if (!store) return 0;
    std::fflush(stdout);
    try {
        draw_report(store->path());
    } catch (const Interrupted&) {
        throw Interrupted("interrupted; all is kept; the same command draws the page");
    }
    if (options.json.empty())
        fmt::print("written: {}/index.html, sweep.json, data.h5, config.toml, run.json\n", folder);
    return 0;
}

}  // namespace noisetrap
