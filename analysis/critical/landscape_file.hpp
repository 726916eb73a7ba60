// From a TOML file and --set overrides to a landscape and what is asked of it.
#pragma once

#include "analysis/critical/survey.hpp"
#include "engine/input/config.hpp"
#include "models/landscapes/parameters.hpp"

namespace noisetrap {

class ConfigReader;
struct LandscapeEntry;

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

struct LandscapeFile {
    const LandscapeEntry* entry = nullptr;
    LandscapeValues values;
    std::shared_ptr<Landscape> landscape;
    SurveySettings survey;      // of noisetrap landscape
    Point at;                   // to be classified instead of a search; empty: search
    SpectrumSettings spectrum;  // of noisetrap spectrum
    int threads = 0;
    std::vector<ResolvedKey> resolved;
    std::shared_ptr<const ConfigReader> reader;

    /// What a setting that cannot be followed leads to, with the line that says so.
    [[noreturn]] void complain(const SettingError&) const;
};

enum class LandscapeCommand { landscape, spectrum };

/// Throws InputError with one sentence, as read_config does.
LandscapeFile read_landscape(const std::string& file, const std::vector<std::string>& settings,
                             LandscapeCommand, StopToken stop = {});
LandscapeFile landscape_from_text(const std::string& toml, const std::string& name,
                                  const std::vector<std::string>& settings, LandscapeCommand,
                                  StopToken stop = {});

/// The keys that are asked for while this text is read by both commands, which a file may serve.
Declarations keys_of_landscape(const std::string& toml);

/// A commented configuration that `noisetrap landscape` runs as it is.
std::string default_landscape(const std::string& name);

}  // namespace noisetrap
