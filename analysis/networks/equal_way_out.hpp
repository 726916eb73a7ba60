// A way out for points without curvature: all parameters alike.
#pragma once

#include <vector>

#include "analysis/networks/network.hpp"

namespace noisetrap {

/// A direction of length 1 in which all parameters change by the same size, the first one with the sign with which the mean
/// loss falls more. Throws InputError where it falls with neither. The loss is looked at a tenth away from the point, or,
/// where it is there the same to rounding, at the first doubling of that where it is not.
std::vector<double> equal_way_out(const Network&, const DataSet&, const std::vector<double>& point);

}  // namespace noisetrap
