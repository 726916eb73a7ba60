// What `noisetrap measure` reads: data, network, point, and what is asked there.
#pragma once

#include <string>
#include <vector>

#include "analysis/networks/network_saddle.hpp"
#include "analysis/networks/sample_growth.hpp"
#include "engine/input/config.hpp"

namespace noisetrap {

struct NetworkConfig {
    DataSet data;
    Network network;
    std::vector<double> point;
    double tolerance = 1e-6;
    bool of_population = false;
    std::vector<double> learning_rates;
    std::vector<int> batches;
    Draws draws = Draws::with_replacement;
    Escape escape;
    bool spread = true;  // the start has any angle
    ProductRun products;
    std::vector<ResolvedKey> resolved;
};

class ConfigReader;

/// The tables [data] and [network] alone.
NetworkConfig read_network_loss(ConfigReader&);

NetworkConfig network_config_from_text(const std::string& toml, const std::string& name,
                                       const std::vector<std::string>& settings);
NetworkConfig read_network_config(const std::string& file, const std::vector<std::string>& settings);

}  // namespace noisetrap
