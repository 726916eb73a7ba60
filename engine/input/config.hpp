// From a TOML file and --set overrides to a simulation; every key is checked, and every resolved value can be
// printed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/input/declaration.hpp"
#include "engine/runs/run.hpp"

namespace noisetrap {

/// Bins for a histogram of x: equally spaced, or equally spaced in asinh(x / linear_within) ("symlog").
struct Histogram {
    std::string scale = "linear";
    double from = -5, to = 5, linear_within = 0.01;
    int bins = 100;

    std::vector<double> edges() const;
};

struct ResolvedKey {
    std::string key;      // dotted
    std::string value;    // as TOML
    std::string comment;  // meaning, unit, range
};

struct Config {
    Simulation simulation;
    std::vector<double> times;      // of simulation.observe.steps
    std::vector<double> quantiles;  // probabilities
    std::vector<double> cdf_at;
    std::optional<Histogram> histogram;
    std::vector<std::uint64_t> whole_paths;  // path numbers to keep whole
    std::uint64_t rows = 0;                  // of the first so many paths, to keep
    std::vector<ResolvedKey> resolved;
};

/// Throws InputError with one sentence that names file and line (or --set), key, and what would be right.
Config read_config(const std::string& file, const std::vector<std::string>& settings, StopToken stop = {});
Config config_from_text(const std::string& toml, const std::string& name,
                        const std::vector<std::string>& settings, StopToken stop = {});

/// The keys that are asked for while this text is read, which need not be a run that makes sense.
Declarations keys_of_run(const std::string& toml);

/// The resolved configuration as TOML that gives the same run; with comments it explains itself.
std::string to_toml(const std::vector<ResolvedKey>&, bool with_comments);

}  // namespace noisetrap
