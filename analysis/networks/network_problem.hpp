// What every command on networks reads first: the data, the network, and a point of its parameters.
#pragma once

#include <string>
#include <vector>

#include "analysis/networks/network.hpp"
#include "engine/input/config_reader.hpp"

namespace noisetrap {

struct NetworkProblem {
    DataSet data;
    Network network;
    std::vector<double> point;
};
NetworkProblem read_network_problem(ConfigReader&);
/// Without a point.
NetworkProblem read_network_loss(ConfigReader&);

/// A list of whole numbers, or one, where the key is there.
std::vector<std::uint64_t> integers_or(ConfigReader&, const std::string& key, std::uint64_t standard, Range,
                                       const std::string& meaning);

}  // namespace noisetrap
