// The whole Hessian of a landscape, and its eigenvalues.
#pragma once

#include "models/landscapes/landscape.hpp"

namespace noisetrap {

/// Whole Hessians are made up to this many parameters: 32 MB, and half a minute.
inline constexpr std::size_t most_dense = 2000;

/// By columns, as many products as parameters. Throws std::domain_error where an entry is not finite.
std::vector<double> dense_hessian(const Landscape&, std::span<const double> x);

/// Rising. Full diagonalisation, not inertia by LDLT, whose blocks of Eigen can be zero for a regular matrix.
std::vector<double> hessian_spectrum(const Landscape&, std::span<const double> x);

}  // namespace noisetrap
