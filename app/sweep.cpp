#include <fmt/core.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <memory>

#include "analysis/sweeps/shared_points.hpp"
#include "app/commands.hpp"
#include "app/interrupt.hpp"
#include "app/launch.hpp"
#include "app/output_hdf5.hpp"
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
    if (options.file.empty() == options.preset.empty())
        throw InputError("name a FILE or a --preset (noisetrap sweep --presets shows all), one of them");
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

void print_phases(const SweepFindings& found) {
    if (found.phases.empty()) return;
    std::string line = "phases:";
    for (std::size_t k = 0; k < std::size(phase_names); ++k) {
        const auto count = std::count(found.phases.begin(), found.phases.end(), static_cast<Phase>(k));
        if (count > 0) line += fmt::format(" {} {},", count, phase_names[k]);
    }
    line.back() = ';';
    fmt::print("{} {}\n", line,
               found.exact_phases.empty()
                   ? std::string("theory has no exact ones to compare with")
                   : fmt::format("{} decided ones differ from theory's", found.disagree));
}

void print_boundary(const Sweep& sweep, const SweepFindings& found) {
    if (!found.boundary) return;
    const auto& b = *found.boundary;
    const auto paths = static_cast<double>(b.batches * sweep.boundary->batch);
    fmt::print("boundary: {} = {} crossed {} times in {} columns; {} points, {:.3g} paths\n",
               sweep.boundary->observable.name, sweep.boundary->level, b.crossings.size(), columns_of(sweep),
               b.visits.size(), paths);
}

void print_findings(const Sweep& sweep, const SweepState& state, const SweepFindings& found) {
    fmt::print("{}: {}{:.3g} path-steps\n", sweep.title.empty() ? sweep.model : sweep.title,
               sweep.map ? fmt::format("{} points, ", sweep.size()) : "",
               static_cast<double>(path_steps_of(sweep, state, found.boundary)));
    if (found.failed) fmt::print("{} paths failed (not finite) and are left out\n", found.failed);
    print_phases(found);
    print_boundary(sweep, found);
}

/// What this run was like, as far as that does not decide the numbers.
Json run_json(const Sweep& sweep, double seconds) {
    const auto backend = make_backend(sweep.base.run.backend, sweep.base.run.threads);
    return {{"backend", backend->name()},
            {"device", backend->device()},
            {"ranks", crew().size()},
            {"threads", backend->threads()},
            {"wall_seconds_of_the_last_start", seconds}};
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
    if (options.list) {
        for (const auto& preset : sweep_presets()) fmt::print("{:<22} {}\n", preset.name, preset.title);
        return 0;
    }
    if (options.print) {
        if (options.preset.empty())
            throw InputError("--print needs a --preset (noisetrap sweep --presets shows all)");
        print_alone(sweep_preset(options.preset).toml);
        return 0;
    }
    auto asked = sweep_asked_for(options);
    prepare(asked);
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
    if (store) {
        store->finish(found);
        store->write_text("config.toml", to_toml(asked.resolved, false));
        store->write_text("sweep.json", json);
        store->write_text("run.json", run_json(asked, seconds.count()).dump(2) + "\n");
    }
    if (options.json == "-") {
        print_alone(json);
    } else {
        print_findings(asked, state, found);
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
