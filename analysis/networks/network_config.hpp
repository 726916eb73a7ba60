// What `noisetrap measure` reads: data, network, point, and what is asked there.
#pragma once

#include <string>
#include <vector>

#include "analysis/networks/network_problem.hpp"
#include "analysis/networks/network_saddle.hpp"
#include "analysis/networks/sample_growth.hpp"
#include "engine/input/config_reader.hpp"

namespace noisetrap {

struct NetworkConfig : NetworkProblem {
    double tolerance = 1e-6;
    EscapeDirection way_out = EscapeDirection::steepest;
    bool of_population = false;
    std::vector<double> learning_rates;
    std::vector<int> batches;
    Draws draws = Draws::with_replacement;
    Escape escape;
    StartAngle angle;
    ProductRun products;
    bool products_where_exact = true;  // products of matrices are followed even where one axis is exact
    std::vector<ResolvedKey> resolved;
};

/// Parts that other commands read alike: measure.tolerance and the products; SECTION.learning_rates and batch_sizes.
void read_saddle_search(ConfigReader&, NetworkConfig&);
void read_steps(ConfigReader&, const std::string& section, NetworkConfig&);
/// Refuses batches that are larger than the data set.
void refuse_large_batches(const ConfigReader&, const std::string& key, const NetworkConfig&);
/// Tables of the file that other commands read.
void leave_to_others(ConfigReader&, const std::vector<std::string>& tables);

NetworkConfig network_config_from_text(const std::string& toml, const std::string& name,
                                       const std::vector<std::string>& settings, StopToken stop = {});
/// As declared_by() has them.
Declarations keys_of_network(const std::string& toml);
NetworkConfig read_network_config(const std::string& file, const std::vector<std::string>& settings,
                                  StopToken stop = {});

}  // namespace noisetrap
