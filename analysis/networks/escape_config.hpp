// What `noisetrap escape` reads: data, network and point as `measure` does, and how paths leave that point.
#pragma once

#include <string>
#include <vector>

#include "analysis/networks/network_config.hpp"
#include "engine/noise/sample_source.hpp"
#include "engine/runs/simulation.hpp"

namespace noisetrap {

struct EscapeConfig : NetworkConfig {
    std::string title, caption;  // of the page
    std::string optimiser = "sgd";
    ParameterValues method;  // its parameters but for the learning rate
    SampleOrder order = SampleOrder::with_replacement;
    double decay = 0;            // of weights
    double label_noise = 0;      // of every target that a step takes, drawn anew
    bool along_way_out = false;  // distance is |e displacement|, else the length in the escape space
    bool any_angle = true;       // of the start in the escape space, else along e
    std::uint64_t steps = 0, paths = 0, seed = 1;
    std::uint64_t growth_steps = 0, growth_paths = 0;  // of the paths whose growth is measured; 0 steps: none
    RunSettings run;
};

/// Parts that training runs read alike: the optimiser; SECTION.order, against batches that are larger than the data; and
/// the rest of [run], beside the threads.
void read_optimiser(ConfigReader&, EscapeConfig&);
void read_order(ConfigReader&, const std::string& section, const char* batches, EscapeConfig&);
void read_label_noise(ConfigReader&, const std::string& section, EscapeConfig&);
void read_network_precision(ConfigReader&, const std::string& standard, RunSettings&);

EscapeConfig escape_config_from_text(const std::string& toml, const std::string& name,
                                     const std::vector<std::string>& settings, StopToken stop = {});
/// As declared_by() has them.
Declarations keys_of_escape(const std::string& toml);
EscapeConfig read_escape_config(const std::string& file, const std::vector<std::string>& settings,
                                StopToken stop = {});

}  // namespace noisetrap
