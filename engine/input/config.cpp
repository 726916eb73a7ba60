#include "engine/input/config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "engine/catalogue/formula_facts.hpp"
#include "engine/error.hpp"
#include "engine/input/config_parts.hpp"
#include "engine/input/config_reader.hpp"
#include "engine/input/families.hpp"
#include "engine/input/observed.hpp"
#include "engine/runs/backend.hpp"

namespace noisetrap {
namespace {

void read_histogram(ConfigReader& reader, Config& config) {
    const std::string prefix = "observe.histogram.";
    Histogram h;
    reader.know_table("observe.histogram");
    if (!reader.has("observe.histogram")) {
        for (const char* key : {"scale", "bins", "from", "to", "linear_within"}) reader.know(prefix + key);
        return;
    }
    h.scale = reader.word(prefix + "scale", h.scale, {"linear", "symlog"},
                          "linear or symlog (equal steps of asinh)");
    h.bins = static_cast<int>(reader.integer(prefix + "bins", 100, {1, 100000}, "number of bins"));
    h.to = reader.number(prefix + "to", h.to, {-1e300, 1e300}, "upper end [length]");
    h.from = reader.number(prefix + "from", -h.to, {-1e300, 1e300}, "lower end [length]");
    if (h.scale == "symlog")
        h.linear_within = reader.number(prefix + "linear_within", h.linear_within, {0, 1e300, true},
                                        "width of the linear part [length]");
    else
        reader.know(prefix + "linear_within");
    if (!(h.from < h.to))
        reader.complain(prefix + "to", fmt::format("= {} must be above from = {}", h.to, h.from));
    const auto edges = h.edges();
    for (std::size_t i = 0; i < edges.size(); ++i)
        if (!std::isfinite(edges[i]) || (i > 0 && !(edges[i] > edges[i - 1])))
            reader.complain(
                prefix + "bins",
                fmt::format("= {} cannot be told apart between {} and {}; give fewer, or a wider range",
                            h.bins, h.from, h.to));
    config.histogram = h;
}

/// What would make the run long enough.
[[noreturn]] void complain_of_end(const ConfigReader& reader, const Simulation& s, double t) {
    const bool sde = s.entry->formulation == Formulation::sde, by_time = reader.has("integrator.t_end");
    const auto end = sde ? fmt::format("{} steps of {} end at {}", s.steps, s.dt, s.time(s.steps))
                         : fmt::format("the run ends at step {}", s.steps);
    const auto enough = by_time ? fmt::format("t_end={}", t)
                                : fmt::format("steps={}", steps_in(reader, "observe.times", t, s.dt));
    reader.complain("observe.times", fmt::format("holds {}, but {}: also set integrator.{}", t, end, enough));
}

void read_times(ConfigReader& reader, Config& config) {
    auto& s = config.simulation;
    const bool sde = s.entry->formulation == Formulation::sde;
    config.times = reader.numbers(
        "observe.times", {s.time(s.steps)}, {0, 1e300},
        sde ? "times at which x is summarised, multiples of dt [time]" : "steps at which x is summarised");
    std::sort(config.times.begin(), config.times.end());
    config.times.erase(std::unique(config.times.begin(), config.times.end()), config.times.end());
    if (config.times.size() > 100000) reader.complain("observe.times", "holds more than 100000 times");
    for (double t : config.times) {
        const auto step = steps_in(reader, "observe.times", t, s.dt);
        if (step > s.steps) complain_of_end(reader, s, config.times.back());
        s.observe.steps.push_back(step);
    }
}

void read_exit(ConfigReader& reader, Simulation& s) {
    s.observe.growth = reader.flag("observe.growth", s.entry->differentiable,
                                   "follow log |dx(t)/dx(0)| for the growth rate (its end needs every step)");
    if (s.observe.growth && !s.entry->differentiable)
        reader.complain("observe.growth",
                        fmt::format("= true does not fit: the gradient of '{}' jumps, and has no "
                                    "linearised flow",
                                    s.entry->model));
    s.observe.control = read_control(reader, "observe.control", *s.entry);
    const bool watched = reader.has("observe.exit_radius");
    read_exit_number(reader, "observe", s, watched);
    if (!watched) {
        reader.know("observe.exit_radius");
        if (reader.flag("observe.exit_bridge", false,
                        "with exit_radius, SDEs: count crossings between steps, by Brownian bridges"))
            reader.complain("observe.exit_bridge", "needs observe.exit_radius");
        return;
    }
    auto& o = s.observe;
    o.exit_radius = reader.number("observe.exit_radius", 0, {0, 1e300, true},
                                  "first passage |x| >= exit_radius [length]");
    o.exit = reader.flag("observe.exit_bridge", false, "count crossings between steps, by Brownian bridges")
                 ? ExitWatch::with_bridge
                 : ExitWatch::at_steps;
    check_bridge(reader, "observe.exit_bridge", s);
    check_exit(reader, s, "observe.exit_radius");
    constexpr int points = 200;
    for (int i = 0; i <= points; ++i) {
        const double step = std::floor(static_cast<double>(s.steps) * i / points);
        if (o.survival_steps.empty() || step > o.survival_steps.back()) o.survival_steps.push_back(step);
    }
}

/// All Lyapunov exponents, of a system that has several.
void read_spectrum(ConfigReader& reader, Simulation& s) {
    const std::string key = "observe.spectrum";
    if (!reader.flag(key, false, "all Lyapunov exponents of a system, by an orthonormal frame")) return;
    if (const auto complaint = spectrum_complaint(*s.entry); !complaint.empty())
        reader.complain(key, "= true " + complaint);
    s.observe.exponents = s.entry->formula->variables.size();
}

/// What is seen of every step of a path.
void read_probes(ConfigReader& reader, Observation& observe) {
    auto& radii = observe.largest_beyond;
    radii = reader.numbers(
        "observe.largest", {}, {0, 1e300, true},
        "radii r at which P(largest |x| of a path > r) is estimated; with any, its quantiles too");
    std::sort(radii.begin(), radii.end());
    radii.erase(std::unique(radii.begin(), radii.end()), radii.end());
    observe.inside_radius = reader.number("observe.inside", 0, {0, 1e300},
                                          "time spent with |x| < this radius; 0: not asked [length]");
}

/// Of how many paths rows are kept: the first so many, or all.
std::uint64_t read_rows(ConfigReader& reader, std::uint64_t paths) {
    const std::string key = "observe.rows", all = "all";
    const std::string meaning = "the first so many paths, or all, have their rows in data.h5";
    if (reader.is_text(key)) {
        reader.word(key, all, {all}, meaning);
        return paths;
    }
    const auto rows = reader.integer(key, 0, {0, most}, meaning);
    if (rows > paths) reader.complain(key, fmt::format("= {} is more than the {} paths", rows, paths));
    return rows;
}

void read_observe(ConfigReader& reader, Config& config) {
    auto& s = config.simulation;
    read_observed(reader, "observe", s);
    read_times(reader, config);
    config.quantiles = read_probabilities(reader, "observe.quantiles", {0.05, 0.25, 0.5, 0.75, 0.95},
                                          "probabilities p of the quantiles of x");
    s.observe.quantiles = !config.quantiles.empty();
    config.cdf_at =
        reader.numbers("observe.cdf_at", {}, {-1e300, 1e300}, "where P(X <= x) is estimated [length]");
    std::sort(config.cdf_at.begin(), config.cdf_at.end());
    config.cdf_at.erase(std::unique(config.cdf_at.begin(), config.cdf_at.end()), config.cdf_at.end());
    read_histogram(reader, config);
    read_exit(reader, s);
    read_spectrum(reader, s);
    read_probes(reader, s.observe);
    const auto first_paths =
        reader.integer("observe.sample_paths", 0, {0, 1000}, "the first so many paths are kept whole");
    config.whole_paths =
        reader.integers("observe.replay", {0, most}, "numbers of further paths to keep whole");
    for (auto path : config.whole_paths)
        if (path >= s.paths)
            reader.complain("observe.replay",
                            fmt::format("holds {}: paths are numbered 0 to {}", path, s.paths - 1));
    if (first_paths > s.paths)
        reader.complain("observe.sample_paths",
                        fmt::format("= {} is more than the {} paths", first_paths, s.paths));
    config.rows = read_rows(reader, s.paths);
    for (std::uint64_t p = first_paths; p-- > 0;) config.whole_paths.insert(config.whole_paths.begin(), p);
    s.observe.bin_edges.push_back(config.cdf_at);
    if (config.histogram) s.observe.bin_edges.push_back(config.histogram->edges());
}

}  // namespace

/// Every key of a file is asked for here, and nowhere else.
static Config read_keys(ConfigReader& reader) {
    Config config;
    auto& s = config.simulation;
    const auto& first = read_model(reader);
    s.ensembles = {read_parameters(reader, "model", first.model_parameters)};
    s.entry = &read_method(reader, first.model);
    s.method = read_parameters(reader, "optimiser", s.entry->method_parameters);
    read_calculus(reader, s);
    read_integrator(reader, s);
    if (has_families(reader)) {
        read_start(reader, s);
        read_families(reader, config);
    } else {
        read_ensemble(reader, s);
        read_observe(reader, config);
    }
    read_run(reader, s.run);
    settle_control(s, s);
    return config;
}

std::vector<double> Histogram::edges() const {
    std::vector<double> edges;
    const auto out = [&](double u) { return scale == "symlog" ? linear_within * std::sinh(u) : u; };
    const auto in = [&](double x) { return scale == "symlog" ? std::asinh(x / linear_within) : x; };
    for (int i = 0; i <= bins; ++i)
        edges.push_back(out(std::lerp(in(from), in(to), static_cast<double>(i) / bins)));
    return edges;
}

Config config_from_text(const std::string& toml, const std::string& name,
                        const std::vector<std::string>& settings, StopToken stop) {
    ConfigReader reader(toml, name, settings, stop);
    auto config = read_keys(reader);
    auto& s = config.simulation;
    if (s.run.arithmetic == Arithmetic::fast && !config.whole_paths.empty())
        reader.complain("run.arithmetic",
                        "= 'fast' cannot repeat single paths, which runs on the CPU: leave out "
                        "observe.sample_paths and observe.replay");
    reader.refuse_unknown_keys();
    check_together(reader, s);
    check_lengths(reader, s);
    if (s.observe.families)
        check_families(reader, s);
    else
        check_start_of_numbers(reader, "observe", s);
    config.resolved = reader.take_resolved();
    return config;
}

Declarations keys_of_run(const std::string& toml) {
    ConfigReader reader(toml, "a file", {});
    read_keys(reader);
    return reader.declarations();
}

Config read_config(const std::string& file, const std::vector<std::string>& settings, StopToken stop) {
    return config_from_text(text_of_file(file), file, settings, stop);
}

std::string to_toml(const std::vector<ResolvedKey>& resolved, bool with_comments) {
    // A table of TOML stands once, whatever is asked for between its keys.
    std::vector<std::pair<std::string, std::string>>
        tables;  // name and lines, in the order of their first keys
    for (const auto& [key, value, comment] : resolved) {
        const auto dot = key.find('.');
        const auto section = key.substr(0, dot);
        auto table = std::find_if(tables.begin(), tables.end(),
                                  [&](const auto& known) { return known.first == section; });
        if (table == tables.end()) table = tables.insert(table, {section, {}});
        const auto line = fmt::format("{} = {}", key.substr(dot + 1), value);
        table->second += with_comments ? fmt::format("{:<34} # {}\n", line, comment) : line + "\n";
    }
    std::string text;
    for (const auto& [section, lines] : tables)
        text += fmt::format("{}[{}]\n{}", text.empty() ? "" : "\n", section, lines);
    return text;
}

}  // namespace noisetrap
