// A comparison: several optimisers on one loss, each with a grid of parameters, at the same cost in gradients
// of single samples. All take the same noise: seed, path and step say which.
#pragma once

#include <string>
#include <vector>

#include "engine/input/config.hpp"

namespace noisetrap {

/// One optimiser with one set of parameters.
struct Contender {
    std::string label;  // its table in the file; several contenders of a grid share it
    const CatalogueEntry* entry = nullptr;
    ParameterValues parameters;
    std::vector<std::string> varied;  // keys of which the grid has several values
    Cost cost;
    std::uint64_t steps = 0;  // that the budget pays for
};

struct Comparison {
    Simulation common;  // without entry, method and steps
    double budget = 0;  // gradients that a path may spend
    std::vector<double> quantiles;
    std::vector<double> costs;  // at which the survival curve is counted
    std::vector<Contender> contenders;
    std::vector<ResolvedKey> resolved;
};

/// Throws InputError as read_config does.
Comparison read_comparison(const std::string& file, const std::vector<std::string>& settings,
                           StopToken stop = {});
Comparison comparison_from_text(const std::string& toml, const std::string& name,
                                const std::vector<std::string>& settings, StopToken stop = {});

/// As keys_of_run (config.hpp).
Declarations keys_of_comparison(const std::string& toml);

Simulation simulation_of(const Comparison&, const Contender&);

}  // namespace noisetrap
