#include "engine/config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/backend.hpp"
#include "engine/config_reader.hpp"
#include "engine/error.hpp"
#include "engine/streams.hpp"

namespace noisetrap {
namespace {

constexpr double most =
    1e15;  // paths, and steps: below 2^53, so that every number of them is exact in a double

std::vector<std::string> model_names() {
    std::vector<std::string> names;
    for (const auto& entry : catalogue())
        if (std::find(names.begin(), names.end(), entry.model) == names.end()) names.push_back(entry.model);
    return names;
}

std::vector<std::string> method_names(const std::string& model) {
    std::vector<std::string> names;
    for (const auto* entry : entries_of(model)) names.push_back(entry->method);
    return names;
}

ParameterValues read_parameters(ConfigReader& reader, const std::string& section,
                                const std::vector<ParameterInfo>& infos) {
    ParameterValues values;
    for (const auto& info : infos) {
        const std::string key = section + "." + info.key;
        if (info.choices.empty()) {
            values[info.key] =
                reader.number(key, std::get<double>(info.standard), {info.smallest, info.largest},
                              fmt::format("{} [{}]", info.meaning, info.unit));
        } else {
            // eta has the law of xi unless it is given its own
            const auto standard = info.key == "eta_law" ? values.at("law") : info.standard;
            values[info.key] =
                reader.word(key, std::get<std::string>(standard), info.choices,
                            fmt::format("{}: {}", info.meaning, fmt::join(info.choices, ", ")));
        }
    }
    return values;
}

const CatalogueEntry& read_method(ConfigReader& reader, const std::string& model) {
    const auto& first = *entries_of(model).front();
    const bool sde = first.formulation == Formulation::sde;
    const std::string key = sde ? "integrator.scheme" : "optimiser.name";
    const auto methods = method_names(model);
    const auto name =
        reader.word(key, first.method, methods,
                    fmt::format("{}: {}", sde ? "scheme" : "optimiser", fmt::join(methods, ", ")));
    return *find_entry(model, name);
}

/// The number of steps in `time`, a multiple of dt up to rounding.
std::uint64_t steps_in(const ConfigReader& reader, const std::string& key, double time, double dt) {
    const double ratio = time / dt, whole = std::round(ratio);
    if (!(whole <= most))
        reader.complain(key, fmt::format("holds {}, more than {:g} steps of dt = {}", time, most, dt));
    if (std::abs(ratio - whole) > std::min(1e-12 * std::max(1.0, whole), 1e-3))
        reader.complain(
            key, fmt::format("holds {}, which is not a multiple of dt = {}; the nearest is {:.12g}", time, dt,
                             whole * dt));
    return static_cast<std::uint64_t>(whole);
}

void read_integrator(ConfigReader& reader, Simulation& s) {
    const bool sde = s.entry->formulation == Formulation::sde;
    if (sde) s.dt = reader.number("integrator.dt", 0.015625, {0, 1e6, true}, "time step [time]");
    const Range positive{0, most, true};
    if (sde && reader.has("integrator.t_end")) {
        if (reader.has("integrator.steps"))
            reader.complain("integrator.t_end", "and integrator.steps are both given: keep one");
        // known here, resolved as steps below
        const double t_end = ConfigReader(reader).number("integrator.t_end", 0, {0, 1e300, true}, "");
        reader.know("integrator.t_end");
        s.steps = steps_in(reader, "integrator.t_end", t_end, s.dt);
        if (s.steps == 0) reader.complain("integrator.t_end", "is less than one step dt");
    }
    const std::uint64_t standard = s.steps ? s.steps : sde ? 640 : 1000;
    s.steps = reader.integer("integrator.steps", standard, positive,
                             sde ? "number of steps; or t_end, a multiple of dt" : "number of steps");
    if (sde) reader.know("integrator.t_end");
}

void read_ensemble(ConfigReader& reader, Simulation& s) {
    s.paths = reader.integer("ensemble.paths", 100000, {1, most}, "number of independent paths");
    s.x0 = reader.number("ensemble.x0", 1.0, {-1e100, 1e100}, "start of every path [length]");
    s.x0_deviation = reader.number("ensemble.x0_deviation", 0.0, {0, 1e100},
                                   "paths start at x0 + x0_deviation Z, Z standard normal [length]");
    s.seed = reader.integer("ensemble.seed", 1, {0, static_cast<double>(seed_limit - 1)},
                            "another seed, other noise (0 to 2^53 - 1)");
}

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
        if (step > s.steps)
            reader.complain("observe.times",
                            fmt::format("holds {}, after the end of the run at {}", t, s.time(s.steps)));
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
    const bool sde = s.entry->formulation == Formulation::sde;
    if (!reader.has("observe.exit_radius")) {
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
    if (o.exit == ExitWatch::with_bridge && !sde)
        reader.complain("observe.exit_bridge", "fits SDEs only: a recursion has nothing between its steps");
    if (s.x0_deviation != 0)
        reader.complain("ensemble.x0_deviation",
                        "does not go with observe.exit_radius: paths start inside it");
    if (std::abs(s.x0) >= o.exit_radius)
        reader.complain("observe.exit_radius",
                        fmt::format("= {} must be above |x0| = {}", o.exit_radius, std::abs(s.x0)));
    constexpr int points = 200;
    for (int i = 0; i <= points; ++i) {
        const double step = std::floor(static_cast<double>(s.steps) * i / points);
        if (o.survival_steps.empty() || step > o.survival_steps.back()) o.survival_steps.push_back(step);
    }
}

void read_observe(ConfigReader& reader, Config& config) {
    auto& s = config.simulation;
    read_times(reader, config);
    config.quantiles = reader.numbers("observe.quantiles", {0.05, 0.25, 0.5, 0.75, 0.95}, {0, 1, true},
                                      "probabilities p of the quantiles of x");
    if (std::find(config.quantiles.begin(), config.quantiles.end(), 1.0) != config.quantiles.end())
        reader.complain("observe.quantiles", "holds 1: probabilities lie between 0 and 1");
    s.observe.quantiles = !config.quantiles.empty();
    config.cdf_at =
        reader.numbers("observe.cdf_at", {}, {-1e300, 1e300}, "where P(X <= x) is estimated [length]");
    std::sort(config.cdf_at.begin(), config.cdf_at.end());
    config.cdf_at.erase(std::unique(config.cdf_at.begin(), config.cdf_at.end()), config.cdf_at.end());
    read_histogram(reader, config);
    read_exit(reader, s);
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
    for (std::uint64_t p = first_paths; p-- > 0;) config.whole_paths.insert(config.whole_paths.begin(), p);
    s.observe.bin_edges.push_back(config.cdf_at);
    if (config.histogram) s.observe.bin_edges.push_back(config.histogram->edges());
}

void read_arithmetic(ConfigReader& reader, RunSettings& r) {
    const auto name = reader.word("run.arithmetic", "exact", {"exact", "fast"},
                                  "exact: the same bytes everywhere; fast: a GPU's own functions");
    if (name == "exact") return;
    r.arithmetic = Arithmetic::fast;
    if (r.precision != Precision::mixed)
        reader.complain("run.arithmetic", "= 'fast' goes with run.precision = 'mixed' alone");
    for (const auto& b : backends())
        if (b.name == "cuda" && (!b.usable || r.backend == "omp" || r.backend == "serial"))
            reader.complain("run.arithmetic",
                            fmt::format("= 'fast' is that of a GPU, and this run has none ({}); use 'exact'",
                                        b.usable ? "run.backend = '" + r.backend + "'" : b.note));
}

void read_run(ConfigReader& reader, RunSettings& r) {
    r.backend = reader.word("run.backend", "auto", {"auto", "cuda", "omp", "serial"},
                            "auto: cuda where a device is, else omp");
    if (r.backend == "cuda")
        for (const auto& b : backends())
            if (b.name == "cuda" && !b.usable)
                reader.complain("run.backend",
                                fmt::format("= 'cuda' cannot run here: {}; use 'omp'", b.note));
    r.threads = static_cast<int>(reader.integer("run.threads", 0, {0, 4096}, "0: as many as processors"));
    const std::vector<std::string> precisions = {"mixed", "double", "single"};
    const auto precision = reader.word("run.precision", "mixed", precisions,
                                       "mixed: float64 state, float32 noise; double; single");
    r.precision = static_cast<Precision>(std::find(precisions.begin(), precisions.end(), precision) -
                                         precisions.begin());
    read_arithmetic(reader, r);
    constexpr int room = most_lanes<slice_lanes>;
    r.lanes = static_cast<int>(reader.integer(
        "run.lanes", 0, {0, room},
        fmt::format("paths of a CPU's block: 1, or a multiple of {}; 0: chosen", slice_lanes)));
    if (r.lanes != 1 && r.lanes % slice_lanes != 0)
        reader.complain("run.lanes", fmt::format("= {} must be 0, 1 or a multiple of {} up to {}", r.lanes,
                                                 slice_lanes, room));
    r.chunk =
        reader.integer("run.chunk", 0, {0, 1e12}, "paths in memory at a time, rounded up to 1024; 0: chosen");
    r.instruction_set =
        reader.word("run.instruction_set", "auto", {"auto", "portable", "x86-64-v3", "x86-64-v4"},
                    "auto: the best that the processor has");
    for (int i = static_cast<int>(best_instruction_set()) + 1; i < 3; ++i)
        if (r.instruction_set == instruction_set_names[i])
            reader.complain("run.instruction_set",
                            fmt::format("= '{}' is more than this processor has", r.instruction_set));
}

/// Squares of lengths must stay in range, in float32 (1e-38 to 3e38) or in float64.
void check_lengths(const ConfigReader& reader, const Simulation& s) {
    const double largest = s.run.precision == Precision::single ? 1e15 : 1e100;
    const auto check = [&](const std::string& key, double value) {
        if (value != 0 && (std::abs(value) < 1 / largest || std::abs(value) > largest))
            reader.complain(
                key, fmt::format("= {} must be 0 or between {:g} and {:g} in size in this precision", value,
                                 1 / largest, largest));
    };
    check("ensemble.x0", s.x0);
    check("ensemble.x0_deviation", s.x0_deviation);
    check("observe.exit_radius", s.observe.exit_radius);
    if (const auto tau = s.ensembles[0].find("tau"); tau != s.ensembles[0].end())
        check("model.tau", std::get<double>(tau->second));
}

/// Two noises that do not commute, noise that does not correlate, a start that never moves.
void check_together(const ConfigReader& reader, const Simulation& s) {
    if (const auto complaint = s.entry->complaint(s.ensembles[0]); !complaint.empty())
        reader.complain("model.rho",
                        "= " + fmt::format("{}: ", std::get<double>(s.ensembles[0].at("rho"))) + complaint);
    const auto process = s.entry->make(s.ensembles[0], s.method, s.dt, s.run.precision);
    if (process.noises > s.entry->most_noises)
        reader.complain("integrator.scheme",
                        fmt::format("= '{}' does not fit: the noises sigma x dW and tau dV do not commute; "
                                    "use 'splitting' or 'euler-maruyama', tau = 0, or rho = 1 or -1",
                                    s.entry->method));
    if (const double most_log = s.run.precision == Precision::single ? 7 : 60;
        process.largest_log_step > most_log)
        reader.complain("integrator.dt",
                        fmt::format("= {} is too long: one step may change |x| by a factor of e^{:.3g}, "
                                    "and this precision follows e^{:g}; make it smaller",
                                    s.dt, process.largest_log_step, most_log));
    if (s.x0 == 0 && s.x0_deviation == 0 && !process.additive)
        reader.complain("ensemble.x0",
                        "= 0 never moves without diffusive noise: give x0 another value, or tau");
}

}  // namespace

std::vector<double> Histogram::edges() const {
    std::vector<double> edges;
    const auto out = [&](double u) { return scale == "symlog" ? linear_within * std::sinh(u) : u; };
    const auto in = [&](double x) { return scale == "symlog" ? std::asinh(x / linear_within) : x; };
    for (int i = 0; i <= bins; ++i)
        edges.push_back(out(std::lerp(in(from), in(to), static_cast<double>(i) / bins)));
    return edges;
}

Config config_from_text(const std::string& toml, const std::string& name,
                        const std::vector<std::string>& settings) {
    ConfigReader reader(toml, name, settings);
    Config config;
    auto& s = config.simulation;
    const auto names = model_names();
    reader.know_table("model");
    if (!reader.has("model.name"))
        throw InputError(
            fmt::format("{}: model.name is missing; it is one of {}", name, fmt::join(names, ", ")));
    const auto model = reader.word("model.name", "", names,
                                   "what is simulated: " + fmt::format("{}", fmt::join(names, ", ")));
    s.ensembles = {read_parameters(reader, "model", entries_of(model).front()->model_parameters)};
    s.entry = &read_method(reader, model);
    s.method = read_parameters(reader, "optimiser", s.entry->method_parameters);
    read_integrator(reader, s);
    read_ensemble(reader, s);
    read_observe(reader, config);
    read_run(reader, s.run);
    if (s.run.arithmetic == Arithmetic::fast && !config.whole_paths.empty())
        reader.complain("run.arithmetic",
                        "= 'fast' cannot repeat single paths, which runs on the CPU: leave out "
                        "observe.sample_paths and observe.replay");
    reader.refuse_unknown_keys();
    check_together(reader, s);
    check_lengths(reader, s);
    config.resolved = reader.take_resolved();
    return config;
}

Config read_config(const std::string& file, const std::vector<std::string>& settings) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error))
        throw InputError(fmt::format("{}: is a folder, not a file", file));
    std::ifstream in(file);
    if (!in) throw InputError(fmt::format("{}: no such file, or it cannot be read", file));
    std::stringstream text;
    text << in.rdbuf();
    return config_from_text(text.str(), file, settings);
}

std::string to_toml(const Config& config, bool with_comments) {
    std::string text, section;
    for (const auto& [key, value, comment] : config.resolved) {
        const auto dot = key.find('.');
        if (key.substr(0, dot) != section) {
            section = key.substr(0, dot);
            text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", section);
        }
        const auto line = fmt::format("{} = {}", key.substr(dot + 1), value);
        text += with_comments ? fmt::format("{:<34} # {}\n", line, comment) : line + "\n";
    }
    return text;
}

}  // namespace noisetrap
