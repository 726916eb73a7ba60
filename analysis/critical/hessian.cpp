#include "analysis/critical/hessian.hpp"

#include <Eigen/Eigenvalues>

#include "analysis/require.hpp"

namespace noisetrap {

std::vector<double> dense_hessian(const Landscape& landscape, std::span<const double> x) {
    const std::size_t n = landscape.size();
    std::vector<double> hessian(n * n);
    landscape.hessian(x, hessian);
    const Eigen::Map<const Eigen::VectorXd> all(hessian.data(), static_cast<Eigen::Index>(n * n));
    require(all.allFinite(), "the Hessian is not finite");
    return hessian;
}

std::vector<double> hessian_spectrum(const Landscape& landscape, std::span<const double> x) {
    const auto n = static_cast<Eigen::Index>(landscape.size());
    const auto hessian = dense_hessian(landscape, x);
    const Eigen::Map<const Eigen::MatrixXd> matrix(hessian.data(), n, n);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix, Eigen::EigenvaluesOnly);
    require(solver.info() == Eigen::Success, "the eigenvalues of the Hessian did not converge");
    return {solver.eigenvalues().begin(), solver.eigenvalues().end()};
}

}  // namespace noisetrap
