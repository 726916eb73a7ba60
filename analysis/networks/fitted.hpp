// Networks at a minimum of their loss: what a unit more, or a unit in two halves, makes a saddle of.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/networks/network.hpp"
#include "engine/stop.hpp"

namespace noisetrap {

class NetworkLandscape;

/// Of a point where the gradient vanishes: whether the loss bends down in no direction, but for rounding.
bool is_minimum(const NetworkLandscape&, const std::vector<double>& point);

/// The parameters of the lowest minimum that saddle-free Newton steps find from so many starts, normal numbers of `seed`;
/// nothing where none of them ends at one: where there is little to learn weights may run off to infinity.
std::optional<std::vector<double>> fitted(const Network&, const DataSet&, std::uint64_t starts,
                                          std::uint64_t seed, StopToken stop = {});

/// Of a network with one hidden layer: one unit more, at the end, whose weights are all 0.
std::vector<double> with_zeroed_unit(const Network& smaller, const std::vector<double>& parameters);
/// One unit more, at the end, which is the same as `unit`; both have half of what that gave to the outputs. The network
/// answers as before, and the point is critical where it was (Fukumizu and Amari 2000).
std::vector<double> with_split_unit(const Network& smaller, const std::vector<double>& parameters,
                                    std::size_t unit);

}  // namespace noisetrap
