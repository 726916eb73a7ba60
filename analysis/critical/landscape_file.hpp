// From a TOML file and --set overrides to a landscape and what is asked of it.
#pragma once

#include "analysis/critical/advice_settings.hpp"
#include "analysis/critical/survey.hpp"
#include "analysis/critical/training_run.hpp"
#include "analysis/networks/run_noise.hpp"
#include "analysis/networks/training.hpp"
#include "engine/input/config.hpp"
#include "models/landscapes/parameters.hpp"

namespace noisetrap {

class ConfigReader;

/// How the spectrum of one point is measured.
struct SpectrumSettings {
    Point at;
    std::string name;                     // of the point, where it has one
    double tolerance = 1e-6;              // of the smallest eigenvalue, beside the largest size
    std::uint64_t products = 0;           // at most, for it
    std::uint64_t probes = 0, steps = 0;  // of the density and of the trace
    std::uint64_t points = 0;             // at which the density is given
    std::uint64_t seed = 1;
};

/// Where the checkpoints of a run lie, and what is asked of them.
struct RunToAnalyse {
    std::string title, caption;       // of the page
    std::string path;                 // of a file, or of a folder of files
    std::vector<std::string> arrays;  // that hold the parameters, in their order; none: all but `steps`
    std::string steps;                // the array that says when checkpoints were kept
    RunQuestions questions;
    std::shared_ptr<const TrainingConfig> training;  // a run that is to be made; null: `path` has one
    RunSteps taken;                                  // of a network; a learning rate of 0: not known
    double off_below = 1e-4;                         // a gate whose weights are shorter is off
};

/// A loss by its name: one of THE list, or a network on a data set.
struct LandscapeFile {
    std::string name, formula, source;
    std::optional<std::string> law;  // what theory knows instead of a list of points
    LandscapeValues values;
    std::shared_ptr<Landscape> landscape;
    std::shared_ptr<const NetworkProblem>
        problem;                // of a network, with the point where a run starts; else null
    SurveySettings survey;      // of noisetrap landscape
    Point at;                   // to be classified instead of a search; empty: search
    SpectrumSettings spectrum;  // of noisetrap spectrum
    RunToAnalyse run;           // of noisetrap analyse
    AdviceSettings advice;      // of noisetrap advise
    int threads = 0;
    std::vector<ResolvedKey> resolved;
    std::shared_ptr<const ConfigReader> reader;

    /// What a setting that cannot be followed leads to, with the line that says so.
    [[noreturn]] void complain(const SettingError&) const;
};

enum class LandscapeCommand { landscape, spectrum, analyse, advise };

/// Throws InputError with one sentence, as read_config does.
LandscapeFile read_landscape(const std::string& file, const std::vector<std::string>& settings,
                             LandscapeCommand, StopToken stop = {});
LandscapeFile landscape_from_text(const std::string& toml, const std::string& name,
                                  const std::vector<std::string>& settings, LandscapeCommand,
                                  StopToken stop = {});

/// The keys that are asked for while this text is read by all commands, which a file may serve.
Declarations keys_of_landscape(const std::string& toml);
/// The same of `noisetrap advise` alone.
Declarations keys_of_landscape_advice(const std::string& toml);

/// A commented configuration that `noisetrap landscape` runs as it is.
std::string default_landscape(const std::string& name);

}  // namespace noisetrap
