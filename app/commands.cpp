#include "app/commands.hpp"

#include <fmt/color.h>
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

#include "analysis/answers/findings.hpp"
#include "analysis/sweeps/sweeping.hpp"
#include "app/interrupt.hpp"
#include "app/launch.hpp"
#include "app/output_folder.hpp"
#include "app/output_hdf5.hpp"
#include "app/output_json.hpp"
#include "app/progress.hpp"
#include "engine/error.hpp"
#include "engine/input/config.hpp"
#include "engine/input/config_parts.hpp"
#include "engine/input/config_reader.hpp"
#include "engine/input/suggestions.hpp"
#include "engine/runs/backend.hpp"
#include "engine/runs/memory.hpp"
#include "engine/runs/shared_run.hpp"
#include "engine/version.hpp"

namespace noisetrap {
namespace {

constexpr std::uint64_t most_points = 10000;  // of a whole path

WholePaths replay_whole_paths(const Config& config) {
    WholePaths whole;
    const auto& s = config.simulation;
    if (config.whole_paths.empty()) return whole;
    const std::uint64_t every = (s.steps + most_points - 1) / most_points;
    for (std::uint64_t step = 0; step < s.steps; step += every) whole.steps.push_back(step);
    whole.steps.push_back(s.steps);
    require_memory(config.whole_paths.size() * whole.steps.size() * 8, "whole paths; ask for fewer of them");
    for (const auto path : config.whole_paths) {
        whole.paths.push_back({path, replay(s, 0, path, whole.steps)});
        interrupt.token().check();
    }
    return whole;
}

/// What data.h5 will take at most.
std::uintmax_t output_bytes(const Config& config) {
    const std::uintmax_t bins = config.histogram ? static_cast<std::uintmax_t>(config.histogram->bins) : 0;
    const auto per_time = 8 * (16 + 2 * config.quantiles.size() + 2 * config.cdf_at.size() + 3 * bins);
    const auto per_path = 8 * std::min(config.simulation.steps + 1, most_points + 2);
    return (1 << 20) + config.times.size() * per_time + config.whole_paths.size() * per_path;
}

std::string text_of(const Estimate& e) {
    const auto error = std::isfinite(e.standard_error) ? fmt::format("{:.2g}", e.standard_error) : "unknown";
    return fmt::format("{:>12.6g} ± {:<9}", e.value, error);
}

std::string theory_text(const Prediction& p) {
    std::vector<std::string> parts;
    if (std::isfinite(p.sde)) parts.push_back(fmt::format("theory {:.6g}", p.sde));
    if (std::isfinite(p.scheme)) parts.push_back(fmt::format("this scheme {:.6g}", p.scheme));
    if (std::isfinite(p.stationary)) parts.push_back(fmt::format("stationary {:.6g}", p.stationary));
    return fmt::format("  {}", fmt::join(parts, ", "));
}

void print_line(const std::string& name, const Finding& f) {
    fmt::print("  {:<22} {}{}\n", name, text_of(f.estimate), theory_text(f.theory));
}

void print_findings(const Config& config, const RunFacts& facts, const Findings& f) {
    const auto& s = config.simulation;
    fmt::print(
        "{} under {}: {} paths x {} steps, {} precision, {} ({}{} threads, {}), {:.3g} s, {:.2e} "
        "path-steps/s\n",
        s.entry->model, s.entry->method, s.paths, s.steps,
        summary_json(config, facts, f)["precision"].get<std::string>(), facts.backend,
        facts.ranks > 1 ? fmt::format("{} ranks of ", facts.ranks) : "", facts.threads, facts.instruction_set,
        facts.wall_seconds, facts.path_steps_per_second());
    if (f.non_finite)
        fmt::print("{} paths failed (not finite) and are left out of every average\n", f.non_finite);
    if (s.observe.growth) print_line("growth rate", f.growth_rate);
    for (const auto& at : f.times) {
        const bool last = &at == &f.times.back() && at.t < s.time(s.steps);
        fmt::print("t = {:g}{}\n", at.t, last ? fmt::format(" (the run ends at {:g})", s.time(s.steps)) : "");
        print_line("mean", at.mean);
        print_line("mean log |x|", at.mean_log_abs);
        for (std::size_t i = 0; i < at.quantiles.size(); ++i)
            print_line(fmt::format("{:g} quantile", config.quantiles[i]), at.quantiles[i]);
        for (std::size_t i = 0; i < at.cdf.size(); ++i)
            print_line(fmt::format("P(X <= {:g})", config.cdf_at[i]), at.cdf[i]);
    }
    if (f.largest) {
        fmt::print("largest |x| of a path\n");
        for (std::size_t i = 0; i < f.largest->radii.size(); ++i)
            print_line(fmt::format("P(largest > {:g})", f.largest->radii[i]), {f.largest->beyond[i], {}});
        for (std::size_t i = 0; i < f.largest->quantiles.size(); ++i)
            print_line(fmt::format("{:g} quantile", config.quantiles[i]), {f.largest->quantiles[i], {}});
    }
    if (f.inside) {
        fmt::print("time with |x| < {:g}\n", f.inside->radius);
        print_line("mean", {f.inside->mean_time, {}});
        for (std::size_t i = 0; i < f.inside->quantiles.size(); ++i)
            print_line(fmt::format("{:g} quantile", config.quantiles[i]), {f.inside->quantiles[i], {}});
    }
    if (f.first_passage) {
        const auto& p = *f.first_passage;
        fmt::print("first passage |x| >= {:g}: {} of {} paths left ({} up, {} down)\n", p.radius, p.exited,
                   s.paths, p.upper, p.lower);
        print_line("mean time", p.mean_time);
    }
}

/// Where its exact growth rate has another sign than the SDE's, a scheme shows another behaviour.
void warn_of_coarse_steps(const Simulation& s) {
    if (s.entry->formulation != Formulation::sde) return;
    const double of_sde = answer(Quantity::growth, Of::sde, {s}),
                 of_scheme = answer(Quantity::growth, Of::scheme, {s});
    if (!(of_sde * of_scheme < 0)) return;
    const auto word = [](double x) { return x > 0 ? "grows" : "shrinks"; };
    std::fputs(
        fmt::format("noisetrap: warning: at dt = {} the scheme {} itself {} ({:+.3g}) where the SDE {} "
                    "({:+.3g}); make integrator.dt smaller\n",
                    s.dt, s.entry->method, word(of_scheme), of_scheme, word(of_sde), of_sde)
            .c_str(),
        stderr);
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

int simulate(const SimulateOptions& options) {
    const auto config = read_config(options.file, options.settings, interrupt.token());
    const auto configuration = provenance(config.resolved, config.simulation.run);
    agree_on(configuration);
    if (!crew().leads()) {
        serve_runs(crew(), {config.simulation});
        return 0;
    }
    std::unique_ptr<OutputFolder> folder;
    if (!options.out.empty()) {
        folder = std::make_unique<OutputFolder>(
            options.out, options.fresh ? Earlier::replaced : Earlier::refused_with_hint);
        folder->require_space(output_bytes(config));
    }
    warn_of_coarse_steps(config.simulation);
    CheckpointStore checkpoints(options.checkpoint, options.out, configuration, options.fresh);
    const auto result = checkpoints.run(config.simulation, terminal_progress("simulate"));
    end_progress();
    const auto findings = findings_of(config, result.ensembles[0]);
    const auto summary = summary_json(config, result.facts, findings).dump(2) + "\n";
    if (folder) {
        const auto whole = replay_whole_paths(config);
        folder->write("config.toml", to_toml(config.resolved, false));
        folder->write("summary.json", summary);
        write_hdf5(*folder, config, result.ensembles[0], findings, whole);
    }
    interrupt.token().check();
    if (folder) folder->commit();
    checkpoints.remove();
    if (options.json == "-") {
        print_alone(summary);
    } else {
        print_findings(config, result.facts, findings);
        if (folder) fmt::print("written: {}/config.toml, summary.json, data.h5\n", options.out);
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

int defaults(const std::string& name, const std::string& file) {
    known_model(name, "defaults");
    auto config = config_from_text(fmt::format("model.name = '{}'", name), "defaults", {});
    std::erase_if(config.resolved, [](const auto& key) { return key.key == "observe.times"; });
    const auto text = fmt::format(
        "# Run with: noisetrap simulate FILE. Every line may be left out: these are the defaults.\n"
        "# Optional, under [observe]: times = [{:g}, {:g}] (when x is summarised; unless given, at the "
        "end),\n"
        "# exit_radius = 2.0 (first passage), cdf_at = [0.5], and\n"
        "# histogram = {{scale = \"symlog\", to = 100.0, bins = 100, linear_within = 0.01}}.\n\n{}",
        config.times.back() / 2, config.times.back(), to_toml(config.resolved, true));
    if (file.empty()) {
        fmt::print("{}", text);
    } else {
        write_new_file(file, text);
        fmt::print("written: {}\n", file);
    }
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
