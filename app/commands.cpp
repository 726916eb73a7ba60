#include "app/commands.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

#include "analysis/critical/landscape_file.hpp"
#include "analysis/sweeps/sweeping.hpp"
#include "app/colour.hpp"
#include "app/cost.hpp"
#include "app/interrupt.hpp"
#include "app/launch.hpp"
#include "app/output_folder.hpp"
#include "app/output_hdf5.hpp"
#include "app/output_json.hpp"
#include "app/progress.hpp"
#include "app/report.hpp"
#include "app/run_output.hpp"
#include "app/run_page.hpp"
#include "app/schema.hpp"
#include "engine/catalogue/scheme_facts.hpp"
#include "engine/error.hpp"
#include "engine/input/config.hpp"
#include "engine/input/config_parts.hpp"
#include "engine/input/config_reader.hpp"
#include "engine/input/suggestions.hpp"
#include "engine/runs/backend.hpp"
#include "engine/runs/shared_run.hpp"
#include "engine/version.hpp"

namespace noisetrap {
namespace {

void warn(const std::string& warning) {
    if (warning.empty()) return;
    std::fputs(fmt::format("{} {}\n", shown(stderr, Look::warning, "noisetrap: warning:"), warning).c_str(),
               stderr);
}

/// Without a page a run is still whole: where it cannot be drawn a warning says so.
bool page_drawn(const OutputFolder& folder, const Json& json) {
    folder.write("page.json", json.dump() + "\n");
    try {
        draw_report(folder.path());
        return true;
    } catch (const InputError& error) {
        warn(error.what());
        return false;
    }
}

bool is_host_model(const std::string& name) {
    const auto models = host_models();
    return std::any_of(models.begin(), models.end(), [&](const auto& model) { return model.name == name; });
}

/// The first model that a scheme or an optimiser steps.
std::string stepped_by(const std::string& method) {
    for (const auto& entry : catalogue())
        if (entry.method == method) return entry.model;
    return "";
}

/// What was typed where `command` takes the name of a model.
std::string not_a_model(const std::string& name, const char* command) {
    if (is_host_model(name))
        return fmt::format("'{}' is for `noisetrap sweep` alone; noisetrap show {} tells of it", name, name);
    if (const auto kind = kind_of(name); !kind.empty())
        return fmt::format("{} is {}, and {} wants a model's name; noisetrap show {} has its keys", name,
                           kind, command, stepped_by(name));
    std::error_code error;
    if (std::filesystem::exists(name, error)) {
        const auto model = model_named_in(name);
        return fmt::format("{} is a file, and {} wants a model's name{}", name, command,
                           model.empty() ? "" : "; the file says " + model);
    }
    return fmt::format("'{}' is not a model{} (noisetrap list shows all)", name,
                       did_you_mean(name, model_names()));
}

std::vector<const CatalogueEntry*> known_model(const std::string& name, const char* command) {
    auto entries = entries_of(name);
    if (entries.empty()) throw InputError(not_a_model(name, command));
    return entries;
}

}  // namespace

void require_model(const std::string& name, const char* command) { known_model(name, command); }

int print_dry(const std::string& cost) {
    if (crew().leads()) fmt::print("{}", cost);
    return 0;
}

/// What is stepped, rows that are kept once more.
static std::vector<Simulation> runs_of(const Config& config) {
    std::vector<Simulation> runs = {config.simulation};
    if (config.rows) runs.push_back(run_of_rows(config));
    return runs;
}

int simulate(const SimulateOptions& options) {
    const auto config = read_config(options.file, options.settings, interrupt.token());
    if (options.dry_run && config.simulation.observe.families)
        throw InputError(
            "how many steps the walks of [rare] take is known after a run alone: try it with --set "
            "rare.families=1");
    if (options.dry_run) return print_dry(cost_text(runs_of(config)));
    const auto configuration = provenance(config.resolved, config.simulation.run);
    agree_on(configuration);
    if (!crew().leads()) {
        serve_runs(crew(), {config.simulation});
        return 0;
    }
    const auto folder = asked_folder(options.out, options.fresh);
    if (folder) require_room(*folder, config);
    warn(coarse_steps_warning(config.simulation));
    CheckpointStore checkpoints(options.checkpoint, options.out, configuration, options.fresh);
    const auto result = checkpoints.run(config.simulation, terminal_progress("simulate"));
    end_progress();
    const auto findings = findings_of(config, result.ensembles[0]);
    if (folder) write_run(*folder, config, result, findings, terminal_progress("rows"));
    end_progress();
    const bool drawn = folder && options.page && page_drawn(*folder, page_json(config, result, findings));
    interrupt.token().check();
    if (folder) folder->commit();
    checkpoints.remove();
    if (options.json == "-") {
        print_alone(summary_json(config, result.facts, findings).dump(2) + "\n");
    } else {
        warn(short_run_warning(config, findings));
        fmt::print("{}", findings_text(config, result.facts, findings));
        if (folder)
            fmt::print("written: {}/{}config.toml, summary.json, data.h5\n", options.out,
                       drawn ? "index.html, " : "");
    }
    return 0;
}

/// "schemes euler-maruyama, milstein" of a model.
static std::string methods_of(const std::string& model) {
    std::vector<std::string> names;
    const auto entries = entries_of(model);
    for (const auto* entry : entries) names.push_back(entry->method);
    const bool sde = entries.front()->formulation == Formulation::sde;
    return fmt::format("{}{} {}", sde ? "scheme" : "optimiser", names.size() > 1 ? "s" : "",
                       fmt::join(names, ", "));
}

int list() {
    std::string methods;
    for (const auto& model : model_names()) {
        if (const auto own = methods_of(model); own != methods)
            fmt::print("Models for the {}:\n", methods = own);
        fmt::print("  {:<24} {}\n", model, entries_of(model).front()->equation);
    }
    fmt::print("Models for `noisetrap sweep` alone:\n");
    for (const auto& model : host_models()) fmt::print("  {:<24} {}\n", model.name, model.equation);
    fmt::print("Optimisers:\n");
    std::set<std::string> seen;
    for (const auto& entry : catalogue())
        if (!entry.method_equation.empty() && seen.insert(entry.method).second)
            fmt::print("  {:<24} {}\n", entry.method, entry.method_equation);
    return 0;
}

/// "1/2", "1" or "-".
static std::string order_text(double order) {
    if (order == 0) return "-";
    return order == std::floor(order) ? fmt::format("{:g}", order) : fmt::format("{:g}/2", 2 * order);
}

int list_schemes() {
    constexpr const char* line = "{:<16} {:<13} {:<8} {:<8} {:<6} {:<15} {:<7} {:<11} {}\n";
    fmt::print(line, "scheme", "calculus", "strong", "several", "weak", "noises", "drifts", "amplitudes",
               "variates");
    for (const auto& s : scheme_facts())
        fmt::print(line, s.name, name_of(s.calculus), order_text(s.strong_order),
                   order_text(s.order_of_several), order_text(s.weak_order), name_of(s.takes), s.drifts,
                   s.amplitudes, s.in_pairs ? 2 : 1);
    fmt::print(
        "strong: order of paths under one noise or noises that commute; several: under others; weak: of "
        "expectations\n"
        "drifts, amplitudes, variates: what a step costs, the latter two for each noise; of splitting, "
        "flows\n"
        "integrator.calculus says how the equation is meant; a scheme of the other calculus gets the drift "
        "that fits\n");
    return 0;
}

static void print_parameters(const char* section, const std::vector<ParameterInfo>& infos) {
    for (const auto& p : infos) {
        const auto standard = p.choices.empty() ? fmt::format("{:g}", std::get<double>(p.standard))
                                                : std::get<std::string>(p.standard);
        const auto range = p.choices.empty() ? fmt::format("{:g} to {:g}", p.smallest, p.largest)
                                             : fmt::format("{}", fmt::join(p.choices, ", "));
        fmt::print("  {:<26} {} [{}]; {}; default {}\n", fmt::format("{}.{}", section, p.key), p.meaning,
                   p.unit, range, standard);
    }
}

int show(const std::string& name) {
    if (is_landscape(name)) return show_landscape(name);
    for (const auto& model : host_models())
        if (model.name == name) {
            fmt::print("{}: {}\nfor `noisetrap sweep` alone\n", name, model.equation);
            print_parameters("model", model.parameters);
            return 0;
        }
    const auto entries = known_model(name, "show");
    fmt::print("{}: {}\n", name, entries[0]->equation);
    print_parameters("model", entries[0]->model_parameters);
    for (const auto* entry : entries) {
        fmt::print("{} {}{}\n", entry->formulation == Formulation::sde ? "scheme" : "optimiser",
                   entry->method, entry->method_equation.empty() ? "" : ": " + entry->method_equation);
        print_parameters("optimiser", entry->method_parameters);
    }
    return 0;
}

static std::string default_text(const std::string& name) {
    known_model(name, "defaults");
    auto config = config_from_text(fmt::format("model.name = '{}'", name), "defaults", {});
    std::erase_if(config.resolved, [](const auto& key) { return key.key == "observe.times"; });
    return fmt::format(
        "# Run with: noisetrap simulate FILE. Every line may be left out: these are the defaults.\n"
        "# Optional, under [observe]: times = [{:g}, {:g}] (when x is summarised; unless given, at the "
        "end),\n"
        "# exit_radius = 2.0 (first passage), cdf_at = [0.5], and\n"
        "# histogram = {{scale = \"symlog\", to = 100.0, bins = 100, linear_within = 0.01}}.\n\n{}",
        config.times.back() / 2, config.times.back(), to_toml(config.resolved, true));
}

int defaults(const std::string& name, const std::string& file) {
    const auto text = is_landscape(name) ? default_landscape(name) : default_text(name);
    if (file.empty()) {
        fmt::print("{}", text);
    } else {
        write_new_file(file, text);
        fmt::print("written: {}\n", file);
    }
    return 0;
}

int report(const std::string& folder) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error))
        throw InputError(fmt::format("{}: is no folder of results", folder));
    if (!redraw_report(folder)) return 2;
    fmt::print("written: {}/index.html\n", folder);
    return 0;
}

int print_schema(const std::string& kind) {
    print_alone(schema(kind).dump(2) + "\n");
    return 0;
}

int info() {
    fmt::print("noisetrap {} (revision {}, {} build)\n", version(), revision(), build_type());
    fmt::print("instruction set: {}\n", instruction_set_names[static_cast<int>(best_instruction_set())]);
    if (best_instruction_set() == InstructionSet::portable)
        fmt::print("  (no AVX2 with FMA here: results are right, and 10 to 40 times slower)\n");
    print_compilers();
    fmt::print("threads: {}\n", make_cpu_backend("omp", 0)->threads());
    for (const auto& b : backends())
        fmt::print("backend {:<7} {}: {}\n", b.name,
                   b.usable  ? "usable"
                   : b.built ? "built, not usable"
                             : "not built",
                   b.note);
    return 0;
}

}  // namespace noisetrap
