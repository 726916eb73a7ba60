// The saddles of a linear autoencoder, which lie at its data's principal components.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/networks/data_set.hpp"

namespace noisetrap {

/// The parameters of a linear network with `units` hidden units that keeps these components, numbered from 1 by falling
/// variance; other units have weights 0. With U the chosen eigenvectors of the data's covariance both layers are U: a
/// critical point of the mean of |x - U U'x|^2/2 (Baldi and Hornik 1989). Inputs are taken to have mean 0.
std::vector<double> principal_point(const DataSet&, std::size_t units,
                                    const std::vector<std::uint64_t>& components);

}  // namespace noisetrap
