#include "analysis/critical/landscape_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "analysis/critical/hessian.hpp"
#include "analysis/networks/features.hpp"
#include "analysis/networks/network_config.hpp"
#include "analysis/networks/network_landscape.hpp"
#include "engine/error.hpp"
#include "engine/input/config_parts.hpp"
#include "engine/input/config_reader.hpp"
#include "engine/noise/streams.hpp"
#include "engine/runs/backend.hpp"
#include "engine/runs/memory.hpp"
#include "models/landscapes/landscapes.hpp"

namespace noisetrap {
namespace {

std::vector<std::string> landscape_names() {
    std::vector<std::string> names;
    for (const auto& entry : landscapes()) names.push_back(entry.name);
    return names;
}

LandscapeValue read_value(ConfigReader& reader, const LandscapeParameter& p) {
    const auto key = "landscape." + p.key;
    const Range range{p.smallest, p.largest};
    if (const auto* numbers = std::get_if<std::vector<double>>(&p.standard))
        return reader.numbers(key, *numbers, range, p.meaning);
    const double standard = std::get<double>(p.standard);
    if (!p.whole) return reader.number(key, standard, range, p.meaning);
    return static_cast<double>(reader.integer(key, static_cast<std::uint64_t>(standard), range, p.meaning));
}

void read_listed(ConfigReader& reader, LandscapeFile& file) {
    const auto name = reader.word("landscape.type", "", landscape_names(), "which landscape");
    const auto& entry = *std::find_if(landscapes().begin(), landscapes().end(),
                                      [&](const auto& listed) { return listed.name == name; });
    file.name = entry.name, file.formula = entry.formula, file.source = entry.source;
    if (entry.law) file.law = entry.law;
    for (const auto& p : entry.parameters) file.values[p.key] = read_value(reader, p);
    if (const auto wrong = entry.complaint(file.values))
        reader.complain("landscape." + wrong.key, wrong.what);
    file.landscape = entry.make(file.values);
}

std::string name_of(const Network& network) {
    return fmt::format("{} {} of {} units", unit_function_names[static_cast<int>(network.unit)],
                       network.kind == NetworkKind::layers
                           ? "network"
                           : fmt::format("{} network", network_kind_names[static_cast<int>(network.kind)]),
                       fmt::join(network.widths, "-"));
}

/// Tables of `noisetrap measure` and `escape` are left alone, so that a file may serve them as well. A run that is to be
/// made starts at [point].
void read_network(ConfigReader& reader, LandscapeFile& file, LandscapeCommand command) {
    const bool trains = command == LandscapeCommand::analyse && reader.has("train");
    auto problem =
        std::make_shared<NetworkProblem>(trains ? read_network_problem(reader) : read_network_loss(reader));
    const double decay = reader.number("network.weight_decay", 0, {0, 1e6}, "adds it times |parameters|^2/2");
    const auto& network = problem->network;
    file.name = name_of(network);
    file.formula =
        fmt::format("f = mean {} loss over {} samples{}", network_loss_names[static_cast<int>(network.loss)],
                    problem->data.samples(), decay > 0 ? " + weight_decay |x|^2 / 2" : "");
    file.source = "none";
    file.law = "no list of its critical points is known";
    if (decay > 0) file.values["weight_decay"] = decay;
    file.run.taken.decay = decay;
    leave_to_others(reader, {"point", "measure", "escape"});
    if (trains)
        file.run.training =
            std::make_shared<TrainingConfig>(read_training(reader, *problem, decay, file.threads));
    else
        leave_to_others(reader, {"optimiser", "train"});
    file.landscape = std::make_shared<NetworkLandscape>(network, problem->data, decay);
    file.problem = std::move(problem);
}

void read_type(ConfigReader& reader, LandscapeFile& file, LandscapeCommand command) {
    const bool listed = reader.has("landscape.type");
    const char* of_network = reader.has("network") ? "network" : "data";
    const bool is_network = reader.has(of_network);
    if (listed && is_network) reader.complain(of_network, "stands beside landscape.type: keep one of them");
    if (!listed && !is_network)
        reader.complain("landscape.type",
                        fmt::format("is missing: one of {}; or the tables [data] and [network]",
                                    fmt::join(landscape_names(), ", ")));
    if (listed)
        read_listed(reader, file);
    else
        read_network(reader, file, command);
}

Point read_point(ConfigReader& reader, const std::string& key, const Landscape& landscape) {
    const auto at = reader.numbers(key, {}, {-1e300, 1e300}, "coordinates of a point");
    if (at.size() != landscape.size())
        reader.complain(key, fmt::format("has {} numbers, and the landscape has {} parameters", at.size(),
                                         landscape.size()));
    return at;
}

/// Hundreds of threads' worth of vectors, and of whole Hessians where there are some.
void require_room(const LandscapeFile& file, std::size_t vectors, bool whole) {
    const double n = static_cast<double>(file.landscape->size());
    const double work = static_cast<double>(file.landscape->workspace());
    const int threads = std::max(make_cpu_backend("omp", file.threads)->threads(), 1);
    const double each = 8 * (6 * work + static_cast<double>(vectors) * n + (whole ? 5 * n * n : 0));
    const double kept = 8 * n * static_cast<double>(file.survey.starts) * (whole ? 2 : 1);
    require_memory(static_cast<std::uint64_t>(std::min(threads * each + kept, 1e18)),
                   fmt::format("a landscape of {} parameters", file.landscape->size()));
}

void read_search(ConfigReader& reader, LandscapeFile& file) {
    auto& s = file.survey;
    const auto& landscape = *file.landscape;
    const bool small = landscape.size() <= most_dense;
    const std::vector<std::string> methods(search_names.begin(), search_names.end());
    const auto method =
        reader.word("search.method", methods[small ? 1 : 2], methods, "how |gradient| is brought to 0");
    s.search.method =
        static_cast<SearchMethod>(std::find(methods.begin(), methods.end(), method) - methods.begin());
    if (!small &&
        (s.search.method == SearchMethod::newton || s.search.method == SearchMethod::levenberg_marquardt))
        reader.complain(
            "search.method",
            fmt::format("= '{}' makes whole Hessians, of at most {} parameters, and this landscape has {}: "
                        "take 'newton-mr'",
                        method, most_dense, landscape.size()));
    s.starts = reader.integer("search.starts", 200, {1, 1e6}, "searches, each from a start of its own");
    s.seed = reader.integer("search.seed", 1, {0, static_cast<double>(seed_limit - 1)}, "other starts");
    s.spread =
        reader.number("search.spread", 1, {0, 1e300, true}, "standard deviation of a start's coordinates");
    s.search.budget =
        reader.integer("search.budget", 20000 + 40 * std::min(landscape.size(), most_dense), {1, 1e15},
                       "of each start, in gradients; a Hessian-vector product counts as two");
    s.search.tolerance = reader.number("search.tolerance", 1e-10, {0, 1, true},
                                       "a point is critical at |gradient| <= tolerance max(1, |Hessian|)");
    s.search.trust = reader.number("search.trust", 1, {0, 1e300, true}, "longest step of method newton");
    s.deflate = reader.flag("search.deflate", false, "keep away from points that earlier starts have found");
    if (s.deflate && s.search.method != SearchMethod::newton)
        reader.complain("search.deflate", "changes the steps of search.method = 'newton' alone");
    s.zero = reader.number("search.zero", 0, {0, 1e300},
                           "an eigenvalue of at most this size counts as zero; 0: chosen for each point");
    if (reader.has("search.at")) file.at = read_point(reader, "search.at", landscape);
    reader.know("search.at");
    require_room(file, small ? 70 : 210, small);
}

void read_spectrum(ConfigReader& reader, LandscapeFile& file) {
    auto& s = file.spectrum;
    require_room(file, 130, false);
    const auto known = file.landscape->points();
    std::vector<std::string> names;
    for (const auto& point : known) names.push_back(point.name);
    if (reader.is_list("spectrum.at")) {
        s.at = read_point(reader, "spectrum.at", *file.landscape);
    } else {
        if (known.empty())
            reader.complain("spectrum.at",
                            "is missing: the coordinates of the point, since none is known here");
        s.name = reader.word("spectrum.at", names.back(), names, "a known point, or a list of coordinates");
        s.at = std::find_if(known.begin(), known.end(), [&](const auto& p) { return p.name == s.name; })->at;
    }
    s.tolerance = reader.number("spectrum.tolerance", 1e-6, {0, 1, true},
                                "of the smallest eigenvalue, in units of the largest");
    s.products =
        reader.integer("spectrum.products", 5000, {1, 1e12}, "Hessian-vector products for it, at most");
    s.probes = reader.integer("spectrum.probes", 10, {2, 1e6}, "random vectors for density and trace");
    s.steps = reader.integer("spectrum.steps", 40, {1, 1000}, "of Lanczos from each of them");
    s.points = reader.integer("spectrum.points", 200, {2, 1e5}, "at which the density is given");
    s.seed =
        reader.integer("spectrum.seed", 1, {0, static_cast<double>(seed_limit - 1)}, "other random vectors");
}

/// Where the checkpoints come from, and the steps between them as far as they are known.
void read_steps_of(ConfigReader& reader, LandscapeFile& file) {
    auto& run = file.run;
    for (const char* key :
         {"analyse.run", "analyse.learning_rate", "analyse.batch_size", "analyse.off_below"})
        reader.know(key);
    if (run.training) {
        if (reader.has("analyse.run"))
            reader.complain("analyse.run", "stands beside [train], which makes a run: keep one of them");
        // What is said of noise holds for the steps of plain stochastic gradient descent.
        const bool plain = run.training->optimiser == "sgd" && run.training->label_noise == 0;
        run.taken.learning_rate = plain ? run.training->learning_rate() : 0;
        run.taken.batch = run.training->batch(), run.taken.draws = run.training->draws;
        if (has_feature_map(*run.training))
            run.off_below = reader.number("analyse.off_below", 1e-4, {0, 1e300, true},
                                          "a gate whose two weights are shorter has been switched off");
        return;
    }
    if (file.problem && !reader.has("analyse.run"))
        reader.complain("analyse.run",
                        "is missing: the checkpoints of a run, or a table [train], which makes one");
    run.path = reader.file("analyse.run", "parameters of checkpoints: .npy, .npz, .h5, or a folder of them");
    if (!file.problem) return;
    run.taken.learning_rate =
        reader.number("analyse.learning_rate", 0, {0, 1e6},
                      "of the run's steps: what noise does at them is told; 0: it is not known");
    run.taken.batch =
        static_cast<int>(reader.integer("analyse.batch_size", 1, {1, 4096}, "samples of a step of the run"));
}

void read_run(ConfigReader& reader, LandscapeFile& file) {
    auto& run = file.run;
    auto& ask = run.questions;
    run.title = reader.text("analyse.title", "", "of the page");
    run.caption = reader.text("analyse.caption", "", "what there is to see, symbols written *x*");
    read_steps_of(reader, file);
    run.arrays = reader.texts("analyse.arrays", {}, "that hold the parameters, in their order; none: all");
    run.steps = reader.text("analyse.steps", "step", "the array that says at which step each was kept");
    const double n = static_cast<double>(most_dense);
    ask.whole =
        reader.integer("analyse.whole", 200, {0, n}, "up to so many parameters Hessians are made whole");
    ask.lanczos = reader.integer("analyse.lanczos", 40, {2, 1000}, "steps of Lanczos where there are more");
    ask.zero =
        reader.number("analyse.zero", 0, {0, 1e300},
                      "an eigenvalue of at most this size counts as zero; 0: chosen for each checkpoint");
    ask.near = reader.number("analyse.near", 0.1, {0, 1e300, true},
                             "a checkpoint x is near a critical point within this times 1 + |point|");
    ask.searches =
        reader.integer("analyse.searches", 50, {0, 1e6}, "from checkpoints for critical points, at most");
    ask.search.method =
        file.landscape->size() <= ask.whole ? SearchMethod::levenberg_marquardt : SearchMethod::newton_mr;
    ask.search.tolerance = reader.number("analyse.tolerance", 1e-10, {0, 1, true},
                                         "a point is critical at |gradient| <= tolerance max(1, |Hessian|)");
    ask.search.budget = reader.integer("analyse.budget", 20000, {1, 1e15}, "of each search, in gradients");
    require_room(file, ask.lanczos + 10, file.landscape->size() <= ask.whole);
}

/// Where a list of points is known, the highest one from which a way leads down; else a search says where.
void read_saddle(ConfigReader& reader, LandscapeFile& file) {
    auto& advice = file.advice;
    const auto known = file.landscape->points();
    if (reader.is_list("advise.at")) {
        advice.at = read_point(reader, "advise.at", *file.landscape);
        return;
    }
    if (known.empty()) {
        reader.know("advise.at");
        if (reader.has("advise.at"))
            reader.complain("advise.at", "names a point, and none is known here: give a list of coordinates");
        read_search(reader, file);
        advice.at = file.at;
        return;
    }
    std::vector<std::string> names;
    std::string standard;
    for (const auto& point : known) {
        names.push_back(point.name);
        if (point.index > 0) standard = point.name;
    }
    advice.name = reader.word("advise.at", standard.empty() ? names.back() : standard, names,
                              "a known point, or a list of coordinates");
    advice.at =
        std::find_if(known.begin(), known.end(), [&](const auto& p) { return p.name == advice.name; })->at;
}

void read_advice(ConfigReader& reader, LandscapeFile& file) {
    require_room(file, 130, file.landscape->size() <= most_dense);
    read_saddle(reader, file);
    read_noise(reader, file.advice, file.landscape->size());
    read_distances(reader, file.advice);
}

/// A file may serve all commands: each leaves the tables of the others alone.
void read_table_of(LandscapeCommand command, ConfigReader& reader, LandscapeFile& file) {
    const std::pair<LandscapeCommand, const char*> tables[] = {{LandscapeCommand::landscape, "search"},
                                                               {LandscapeCommand::spectrum, "spectrum"},
                                                               {LandscapeCommand::analyse, "analyse"},
                                                               {LandscapeCommand::advise, "advise"},
                                                               {LandscapeCommand::advise, "noise"}};
    for (const auto& [other, table] : tables)
        if (other != command)
            for (const auto& key : reader.keys_in(table)) reader.know(fmt::format("{}.{}", table, key));
    switch (command) {
        case LandscapeCommand::landscape:
            return read_search(reader, file);
        case LandscapeCommand::spectrum:
            return read_spectrum(reader, file);
        case LandscapeCommand::analyse:
            return read_run(reader, file);
        case LandscapeCommand::advise:
            return read_advice(reader, file);
    }
}

/// All tables of one command.
LandscapeFile read_keys(ConfigReader& reader, LandscapeCommand command) {
    LandscapeFile file;
    for (const char* table : {"landscape", "search", "spectrum", "analyse", "advise", "noise", "run"})
        reader.know_table(table);
    file.threads = static_cast<int>(reader.integer("run.threads", 0, {0, 4096}, "0: as many as processors"));
    read_type(reader, file, command);
    read_table_of(command, reader, file);
    return file;
}

}  // namespace

static Declarations keys_of(const std::string& toml, LandscapeCommand command) {
    return declared_by(toml, [&](ConfigReader& reader) { read_keys(reader, command); });
}

Declarations keys_of_landscape_advice(const std::string& toml) {
    return keys_of(toml, LandscapeCommand::advise);
}

Declarations keys_of_landscape(const std::string& toml) {
    Declarations keys;
    for (const auto command : {LandscapeCommand::landscape, LandscapeCommand::spectrum,
                               LandscapeCommand::analyse, LandscapeCommand::advise})
        keys.add(keys_of(toml, command));
    return keys;
}

void LandscapeFile::complain(const SettingError& error) const { reader->complain(error.key, error.wrong); }

LandscapeFile landscape_from_text(const std::string& toml, const std::string& name,
                                  const std::vector<std::string>& settings, LandscapeCommand command,
                                  StopToken stop) {
    const auto reader = std::make_shared<ConfigReader>(toml, name, settings, stop);
    auto file = read_keys(*reader, command);
    file.survey.search.stop = file.run.questions.search.stop = stop;
    reader->refuse_unknown_keys();
    file.resolved = reader->take_resolved();
    file.reader = reader;
    return file;
}

LandscapeFile read_landscape(const std::string& file, const std::vector<std::string>& settings,
                             LandscapeCommand command, StopToken stop) {
    return landscape_from_text(text_of_file(file), file, settings, command, stop);
}

std::string default_landscape(const std::string& name) {
    const auto file = landscape_from_text(fmt::format("landscape.type = '{}'", name), "defaults", {},
                                          LandscapeCommand::landscape);
    return fmt::format(
        "# Run with: noisetrap landscape FILE, or noisetrap spectrum FILE, which has a table of its own "
        "(docs/landscapes.md).\n"
        "# Every line but the type may be left out: these are the defaults.\n\n{}",
        to_toml(file.resolved, true));
}

}  // namespace noisetrap
