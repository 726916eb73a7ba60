// Points as Eigen's vectors, and eigenvectors of whole Hessians.
#pragma once

#include <Eigen/Dense>
#include <span>

#include "analysis/require.hpp"

namespace noisetrap {

inline Eigen::Map<const Eigen::VectorXd> as_vector(std::span<const double> x) {
    return {x.data(), static_cast<Eigen::Index>(x.size())};
}

/// A square matrix that is given by columns.
inline Eigen::Map<const Eigen::MatrixXd> as_matrix(std::span<const double> by_columns, std::size_t n) {
    return {by_columns.data(), static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n)};
}

/// The eigenvectors of a symmetric matrix. Throws std::domain_error where they do not converge.
inline Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigenvectors_of(const Eigen::MatrixXd& matrix) {
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
    require(solver.info() == Eigen::Success, "the eigenvalues of the Hessian did not converge");
    return solver;
}

}  // namespace noisetrap
