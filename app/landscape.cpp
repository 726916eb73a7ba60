#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>

#include "app/analyse_output.hpp"
#include "app/commands.hpp"
#include "app/interrupt.hpp"
#include "app/landscape_output.hpp"
#include "app/presets.hpp"
#include "app/report.hpp"
#include "app/spectrum_output.hpp"
#include "app/training_run_file.hpp"
#include "engine/error.hpp"
#include "engine/runs/backend.hpp"
#include "models/landscapes/landscapes.hpp"
#include "validation/network_presets.hpp"

namespace noisetrap {
namespace {

Survey survey_of(const LandscapeFile& file) try {
    if (!file.at.empty()) return survey_of_point(*file.landscape, file.survey, file.at);
    return survey(*file.landscape, file.survey, *make_cpu_backend("omp", file.threads));
} catch (const SettingError& error) {
    file.complain(error);
} catch (const std::domain_error& error) {
    file.complain({"search.at", fmt::format("is no place to classify: {}", error.what())});
}

Spectrum spectrum_of(const LandscapeFile& file) try {
    return spectrum_of(*file.landscape, file.spectrum);
} catch (const std::domain_error& error) {
    file.complain({"spectrum.at", fmt::format("is no place for a spectrum: {}", error.what())});
}

AnalysedRun analysed_run(const LandscapeFile& file) try {
    AnalysedRun analysed;
    const auto& asked = file.run;
    if (asked.training) {
        analysed.trained = train(*asked.training);
        analysed.run = analysed.trained->run_of(0);
    } else {
        analysed.run = read_training_run(asked, file.landscape->size());
    }
    const auto workers = make_cpu_backend("omp", file.threads);
    analysed.found = analyse(*file.landscape, analysed.run, asked.questions, *workers);
    if (file.problem)
        analysed.noise = noise_along(*file.problem, analysed.run, analysed.found, asked.taken, *workers);
    analysed.plateaus = plateaus_of(analysed.run, analysed.found, analysed.noise, file.problem.get(),
                                    asked.taken, asked.questions.search.stop);
    if (asked.training && has_feature_map(*asked.training))
        analysed.features = feature_map(*asked.training, *analysed.trained, asked.off_below, *workers);
    return analysed;
} catch (const SettingError& error) {
    file.complain(error);
} catch (const std::domain_error& error) {
    file.complain({file.run.training ? "train.learning_rate" : "analyse.run",
                   fmt::format("leads a search to where {}", error.what())});
}

/// What a command writes beside the files of all.
void write_more(const OutputFolder& folder, const AnalysedRun& analysed) {
    if (analysed.trained) write_checkpoints(folder, *analysed.trained);
}
template <class Found>
void write_more(const OutputFolder&, const Found&) {}

/// Measures, then writes NAME.json, data.h5 and the page, or prints.
template <class Measure, class Text, class MakeJson>
int measured(const LandscapeOptions& options, const LandscapeFile& file, const std::string& name,
             Measure measure, Text text, MakeJson make_json) {
    const auto folder = asked_folder(options.out, options.fresh);
    const auto begin = std::chrono::steady_clock::now();
    const auto found = measure(file);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    const auto json = make_json(file, found).dump() + "\n";
    if (folder) {
        folder->write("config.toml", to_toml(file.resolved, false));
        folder->write(name + ".json", json);
        write_hdf5(*folder, file, found);
        write_more(*folder, found);
        draw_report(folder->path());
    }
    interrupt.token().check();
    if (folder) folder->commit();
    if (options.json == "-") {
        print_alone(json);
    } else {
        fmt::print("{}", text(file, found, seconds.count()));
        if (folder) fmt::print("written: {}/index.html, {}.json, data.h5, config.toml\n", options.out, name);
    }
    return 0;
}

std::string standard_text(const LandscapeValue& value) {
    if (const auto* number = std::get_if<double>(&value)) return fmt::format("{:g}", *number);
    return fmt::format("[{:g}]", fmt::join(std::get<std::vector<double>>(value), ", "));
}

}  // namespace

bool is_landscape(const std::string& name) {
    return std::any_of(landscapes().begin(), landscapes().end(),
                       [&](const auto& entry) { return entry.name == name; });
}

int list_landscapes() {
    for (const auto& entry : landscapes()) fmt::print("{:<22} {}\n", entry.name, entry.formula);
    return 0;
}

int show_landscape(const std::string& name) {
    for (const auto& entry : landscapes()) {
        if (entry.name != name) continue;
        fmt::print("{}: {}\nfor `noisetrap landscape` and `noisetrap spectrum`; critical points: {}\n",
                   entry.name, entry.formula,
                   entry.law ? entry.law : fmt::format("all known ({})", entry.source));
        for (const auto& p : entry.parameters)
            fmt::print("  {:<26} {}; {:g} to {:g}; default {}\n", "landscape." + p.key, p.meaning, p.smallest,
                       p.largest, standard_text(p.standard));
    }
    return 0;
}

int landscape(const LandscapeOptions& options) {
    const auto file =
        read_landscape(options.file, options.settings, LandscapeCommand::landscape, interrupt.token());
    return measured(options, file, "landscape", survey_of, survey_text, survey_json);
}

int analyse(const LandscapeOptions& options) {
    if (told_presets(options, training_presets(), "analyse")) return 0;
    const auto asked = asked_text(options, training_presets(), "analyse");
    const auto file = landscape_from_text(asked.toml, asked.name, options.settings, LandscapeCommand::analyse,
                                          interrupt.token());
    return measured(options, file, "analyse", analysed_run, analysis_text, analysis_json);
}

int spectrum(const LandscapeOptions& options) {
    const auto file =
        read_landscape(options.file, options.settings, LandscapeCommand::spectrum, interrupt.token());
    return measured(
        options, file, "spectrum", [](const LandscapeFile& of) { return spectrum_of(of); }, spectrum_text,
        spectrum_json);
}

}  // namespace noisetrap
