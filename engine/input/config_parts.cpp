#include "engine/input/config_parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "engine/catalogue/equation_model.hpp"
#include "engine/catalogue/formula_facts.hpp"
#include "engine/catalogue/own_model.hpp"
#include "engine/catalogue/scheme_facts.hpp"
#include "engine/error.hpp"
#include "engine/input/equations.hpp"
#include "engine/input/suggestions.hpp"
#include "engine/noise/streams.hpp"
#include "engine/numbers/lanes.hpp"
#include "engine/runs/plan.hpp"

namespace noisetrap {

/// What a name that is no file is instead.
static std::string why_no_file(const std::string& name) {
    const auto kind = kind_of(name);
    if (kind == "a model")
        return fmt::format(" is a model, not a file: noisetrap defaults {} > {}.toml writes one", name, name);
    if (!kind.empty()) return fmt::format(" is {}, not a file", kind);
    std::vector<std::string> beside;
    std::error_code error;
    const std::filesystem::path path = name;
    for (const auto& entry :
         std::filesystem::directory_iterator(path.has_parent_path() ? path.parent_path() : ".", error))
        if (entry.path().extension() == ".toml") beside.push_back(entry.path().filename().string());
    return ": no such file, or it cannot be read" + did_you_mean(path.filename().string(), beside);
}

std::string text_of_file(const std::string& file) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error))
        throw InputError(fmt::format("{}: is a folder, not a file", file));
    std::ifstream in(file);
    if (!in) throw InputError(fmt::format("{}{}", file, why_no_file(file)));
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string model_named_in(const std::string& file) try {
    return ConfigReader(text_of_file(file), file, {}).word("model.name", "", model_names(), "");
} catch (const InputError&) {
    return "";
}

std::vector<std::string> model_names() {
    std::vector<std::string> names;
    for (const auto& entry : catalogue())
        if (std::find(names.begin(), names.end(), entry.model) == names.end()) names.push_back(entry.model);
    return names;
}

namespace {

/// Where a model of one's own is.
struct OwnSource {
    std::string header, type;
};

OwnSource read_own_source(ConfigReader& reader) {
    const auto header =
        reader.file("model.header", "C++ header of a model of one's own, relative to this file");
    if (!reader.has("model.type"))
        reader.complain("model.header", "needs model.type, the name of the model's struct");
    return {header, reader.text("model.type", "", "the struct in the header")};
}

}  // namespace

Declarations keys_of_own_source() {
    ConfigReader reader("model = {header = 'own.hpp', type = 'Own'}", "a file", {});
    read_own_source(reader);
    return reader.declarations();
}

/// The name of the model that model.header and model.type give, which joins the catalogue.
static std::string read_own_model(ConfigReader& reader) {
    const auto source = read_own_source(reader);
    OwnModel own;
    try {
        own = load_model(source.header, source.type, reader.stop());
    } catch (const InputError& error) {
        reader.complain("model.header", error.what());
    }
    const auto mark =
        reader.text("model.fingerprint", own.fingerprint, "of the header, as it was when this was run");
    if (mark != own.fingerprint)
        reader.complain(
            "model.fingerprint",
            "is that of another text of the header, which has changed since: take this line out to run it "
            "as it is now");
    return reader.word("model.name", own.name, {own.name}, "the model's own name");
}

std::string read_model_name(ConfigReader& reader, const std::vector<std::string>& names) {
    reader.know_table("model");
    if (has_equation(reader)) return read_equation(reader);
    if (reader.has("model.header")) return read_own_model(reader);
    if (reader.has("model.type"))
        reader.complain("model.type", "needs model.header, the C++ header that defines it");
    if (!reader.has("model.name"))
        reader.complain("model.name", fmt::format("is missing, and so is model.equation; it is one of {}",
                                                  fmt::join(names, ", ")));
    return reader.word("model.name", "", names,
                       "what is simulated: " + fmt::format("{}", fmt::join(names, ", ")));
}

const CatalogueEntry& read_model(ConfigReader& reader) {
    return *entries_of(read_model_name(reader, model_names())).front();
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

/// One value, or each of a list.
static std::vector<ParameterValue> read_choices(ConfigReader& reader, const std::string& key,
                                                const ParameterInfo& info) {
    std::vector<ParameterValue> values;
    if (info.choices.empty()) {
        for (const double x :
             reader.numbers_or_one(key, std::get<double>(info.standard), {info.smallest, info.largest},
                                   fmt::format("{} [{}]", info.meaning, info.unit)))
            values.emplace_back(x);
    } else {
        for (const auto& word :
             reader.words_or_one(key, std::get<std::string>(info.standard), info.choices,
                                 fmt::format("{}: {}", info.meaning, fmt::join(info.choices, ", "))))
            values.emplace_back(word);
    }
    return values;
}

std::vector<ParameterValues> read_parameter_grid(ConfigReader& reader, const std::string& section,
                                                 const std::vector<ParameterInfo>& infos) {
    std::vector<ParameterValues> grid = {{}};
    for (const auto& info : infos) {
        const auto choices = read_choices(reader, section + "." + info.key, info);
        std::vector<ParameterValues> finer;
        for (const auto& values : grid)
            for (const auto& choice : choices) {
                finer.push_back(values);
                finer.back()[info.key] = choice;
                if (finer.size() > most_grid_points)
                    reader.complain(section,
                                    fmt::format("has a grid of more than {} points", most_grid_points));
            }
        grid = std::move(finer);
    }
    return grid;
}

static std::vector<std::string> method_names(const std::string& model) {
    std::vector<std::string> names;
    for (const auto* entry : entries_of(model)) names.push_back(entry->method);
    return names;
}

const CatalogueEntry& read_method(ConfigReader& reader, const std::string& model) {
    const auto& first = *entries_of(model).front();
    const bool sde = first.formulation == Formulation::sde;
    if (first.method == recursion_method) return first;
    const std::string key = sde ? "integrator.scheme" : "optimiser.name";
    const auto methods = method_names(model);
    if (sde && reader.is_text(key)) {
        const auto asked = ConfigReader(reader).text(key, "", "");
        const auto absence = absence_complaint(model, asked);
        if (!absence.empty() && std::find(methods.begin(), methods.end(), asked) == methods.end())
            reader.complain(key, fmt::format("= '{}' {}", asked, absence));
    }
    const auto name =
        reader.word(key, first.method, methods,
                    fmt::format("{}: {}", sde ? "scheme" : "optimiser", fmt::join(methods, ", ")));
    return *find_entry(model, name);
}

void read_calculus(ConfigReader& reader, Simulation& s) {
    if (s.entry->formulation != Formulation::sde) return;
    const std::string key = "integrator.calculus";
    s.stratonovich = reader.word(key, "ito", {"ito", "stratonovich"},
                                 "in whose sense the equation is meant: ito, stratonovich") == "stratonovich";
    if (s.stratonovich && s.entry->source_of_stratonovich.empty())
        reader.complain(key, calculus_complaint(*s.entry));
}

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

void settle_length(ConfigReader& reader) {
    reader.give_way("integrator.steps", "integrator.t_end");
    reader.give_way("integrator.t_end", "integrator.steps");
}

void read_integrator(ConfigReader& reader, Simulation& s) {
    const bool sde = s.entry->formulation == Formulation::sde;
    if (sde) s.dt = reader.number("integrator.dt", 0.015625, {0, 1e6, true}, "time step [time]");
    const Range positive{0, most, true};
    if (sde) settle_length(reader);
    if (sde && reader.has("integrator.t_end")) {
        if (reader.has("integrator.steps"))
            reader.complain("integrator.t_end", "and integrator.steps are both given: keep one");
        const double t_end =
            reader.number_instead("integrator.t_end", {0, 1e300, true},
                                  "end of the run, a multiple of dt, instead of steps [time]");
        s.steps = steps_in(reader, "integrator.t_end", t_end, s.dt);
        if (s.steps == 0) reader.complain("integrator.t_end", "is less than one step dt");
    }
    const std::uint64_t standard = s.steps ? s.steps : sde ? 640 : 1000;
    s.steps = reader.integer("integrator.steps", standard, positive,
                             sde ? "number of steps; or t_end, a multiple of dt" : "number of steps");
    if (sde) reader.know("integrator.t_end");
}

void read_ensemble(ConfigReader& reader, Simulation& s, std::uint64_t standard_paths) {
    s.paths = reader.integer("ensemble.paths", standard_paths, {1, most}, "number of independent paths");
    read_start(reader, s);
}

void read_start(ConfigReader& reader, Simulation& s) {
    s.x0 = reader.number("ensemble.x0", 1.0, {-1e100, 1e100}, "start of every path [length]");
    s.x0_deviation = reader.number("ensemble.x0_deviation", 0.0, {0, 1e100},
                                   "paths start at x0 + x0_deviation Z, Z standard normal [length]");
    s.seed = read_seed(reader);
}

std::uint64_t read_seed(ConfigReader& reader, const std::string& key) {
    return reader.integer(key, 1, {0, static_cast<double>(seed_limit - 1)},
                          "another seed, other noise (0 to 2^53 - 1)");
}

/// "first", "all", or a list of their numbers.
static ChosenDevices read_devices(ConfigReader& reader) {
    const std::string key = "run.devices",
                      meaning = "GPUs of this machine: first, all, or their numbers as [0, 1]";
    constexpr double most_devices = 1024;
    ChosenDevices devices;
    if (!reader.is_list(key)) {
        devices.all = reader.word(key, "first", {"first", "all"}, meaning) == "all";
        return devices;
    }
    for (const auto number : reader.integers(key, {0, most_devices}, meaning))
        devices.numbers.push_back(static_cast<int>(number));
    if (devices.numbers.empty()) reader.complain(key, "names no GPU; leave it out for the first");
    const std::set<int> different(devices.numbers.begin(), devices.numbers.end());
    if (different.size() != devices.numbers.size()) reader.complain(key, "names a GPU twice");
    return devices;
}

void read_backend(ConfigReader& reader, RunSettings& r) {
    r.backend = reader.word("run.backend", "auto", {"auto", "cuda", "omp", "serial"},
                            "auto: cuda where a device is, else omp");
    r.devices = read_devices(reader);
    read_threads(reader, r);
}

void read_run(ConfigReader& reader, RunSettings& r) {
    read_backend(reader, r);
    r.precision = read_choice<Precision>(reader, "run.precision", {"mixed", "double", "single"},
                                         "mixed: float64 state, float32 noise; double; single");
    r.arithmetic = read_choice<Arithmetic>(reader, "run.arithmetic", {"exact", "fast"},
                                           "exact: the same bytes everywhere; fast: a GPU's own functions");
    read_pace(reader, r);
}

void read_threads(ConfigReader& reader, RunSettings& r) {
    r.threads = static_cast<int>(reader.integer("run.threads", 0, {0, 4096}, "0: as many as processors"));
}

void read_pace(ConfigReader& reader, RunSettings& r) {
    constexpr int room = most_lanes<widest_slice>;
    r.lanes = static_cast<int>(reader.integer(
        "run.lanes", 0, {0, room},
        fmt::format("paths of a CPU's block: 1, or a multiple of {}; 0: chosen", widest_slice)));
    r.chunk =
        reader.integer("run.chunk", 0, {0, 1e12}, "paths in memory at a time, rounded up to 1024; 0: chosen");
    r.instruction_set =
        reader.word("run.instruction_set", "auto", {"auto", "portable", "x86-64-v3", "x86-64-v4"},
                    "auto: the best that the processor has");
    r.stop = reader.stop();
    try {
        check_run_settings(r);
    } catch (const SettingError& error) {
        reader.complain(error.key, error.wrong);
    }
}

/// Why the square of a path's noise tells nothing.
static std::string control_complaint(const CatalogueEntry& entry) {
    if (!entry.formula)
        return fmt::format(
            "a step of '{}' takes the mean of a batch, and what its square is on average is not known",
            entry.model);
    if (entry.formula->remembers)
        return fmt::format("a noise of '{}' depends on its past, and steps do not add up", entry.model);
    return fmt::format("a law of '{}' has too heavy tails, or jumps, for its square to tell anything",
                       entry.model);
}

bool read_control(ConfigReader& reader, const std::string& key, const CatalogueEntry& entry) {
    const bool control =
        reader.flag(key, entry.known_noise,
                    "growth with the noise of each path as control variates, but in single precision");
    if (control && !entry.known_noise)
        reader.complain(key, fmt::format("= true does not fit: {}; leave it out", control_complaint(entry)));
    return control;
}

void settle_control(Simulation& s, const Simulation& at) {
    const auto process = at.entry->make(at.ensembles[0], at.method, at.dt, s.run.precision);
    if (s.run.precision == Precision::single || has_shape(process.laws.at(0))) s.observe.control = false;
}

std::vector<double> read_probabilities(ConfigReader& reader, const std::string& key,
                                       const std::vector<double>& standard, const std::string& meaning) {
    const auto probabilities = reader.numbers(key, standard, {0, 1, true}, meaning);
    if (std::find(probabilities.begin(), probabilities.end(), 1.0) != probabilities.end())
        reader.complain(key, "holds 1: probabilities lie between 0 and 1");
    return probabilities;
}

void check_exit(const ConfigReader& reader, const Simulation& s, const std::string& radius_key) {
    if (s.x0_deviation != 0)
        reader.complain("ensemble.x0_deviation",
                        fmt::format("does not go with {}: paths start inside it", radius_key));
}

/// Squares of lengths must stay in range, in float32 (1e-38 to 3e38) or in float64.
void check_lengths(const ConfigReader& reader, const Simulation& s, const std::string& radius_key) {
    const double largest = s.run.precision == Precision::single ? 1e15 : 1e100;
    const auto check = [&](const std::string& key, double value) {
        if (value != 0 && (std::abs(value) < 1 / largest || std::abs(value) > largest))
            reader.complain(
                key, fmt::format("= {} must be 0 or between {:g} and {:g} in size in this precision", value,
                                 1 / largest, largest));
    };
    check("ensemble.x0", s.x0);
    check("ensemble.x0_deviation", s.x0_deviation);
    check(radius_key, s.observe.exit_radius);
    if (const auto tau = s.ensembles[0].find("tau"); tau != s.ensembles[0].end())
        check("model.tau", std::get<double>(tau->second));
}

[[noreturn]] static void complain(const ConfigReader& reader, const std::string& section,
                                  const Complaint& complaint, const ParameterValues& values) {
    const auto value =
        std::visit([](const auto& v) { return fmt::format("{}", v); }, values.at(complaint.key));
    reader.complain(section + "." + complaint.key, fmt::format("= {} {}", value, complaint.what));
}

/// Where the formula stands whose column was named.
static std::string place_of_formula(const ConfigReader& reader) {
    for (const char* key : {"model.equation", "model.next", "model.gradient"})
        if (const auto line = reader.line_of(key)) return fmt::format(" of {}, line {}", key, line);
    return "";
}

/// Two noises that do not commute, noise that does not correlate, a start that never moves.
void check_together(const ConfigReader& reader, const Simulation& s, const std::string& method_section) {
    if (const auto complaint = s.entry->model_complaint(s.ensembles[0]))
        complain(reader, "model", complaint, s.ensembles[0]);
    if (const auto complaint = s.entry->method_complaint(s.method))
        complain(reader, method_section, complaint, s.method);
    if (s.entry->start_complaint && s.x0_deviation == 0)
        if (const auto wrong = s.entry->start_complaint(s.ensembles[0], s.x0); !wrong.empty())
            reader.complain("ensemble.x0", fmt::format("= {} {}{}", s.x0, wrong, place_of_formula(reader)));
    const auto process = s.entry->make(s.ensembles[0], s.method, s.dt, s.run.precision);
    if (const auto wrong = noise_complaint(*s.entry, process); !wrong.empty())
        reader.complain("integrator.scheme", fmt::format("= '{}' {}", s.entry->method, wrong));
    if (const double most_log = s.run.precision == Precision::single ? 7 : 60;
        process.largest_log_step > most_log)
        reader.complain("integrator.dt",
                        fmt::format("= {} is too long: one step may change |x| by a factor of e^{:.3g}, "
                                    "and this precision follows e^{:g}; make it smaller",
                                    s.dt, process.largest_log_step, most_log));
    if (process.jumps > most_jumps)
        reader.complain(
            s.entry->formulation == Formulation::sde ? "integrator.dt" : "noise",
            fmt::format("has {:.6g} jumps in a step on average, more than the {:g} that are drawn: "
                        "make {} smaller",
                        process.jumps, most_jumps,
                        s.entry->formulation == Formulation::sde ? "dt" : "the rate"));
    if (s.x0 == 0 && s.x0_deviation == 0 && !process.moves_zero)
        reader.complain("ensemble.x0",
                        "= 0 never moves: nothing in this model moves x = 0 with these parameters; give x0 "
                        "another value, or the model diffusive noise (tau) where it has some");
}

}  // namespace noisetrap
