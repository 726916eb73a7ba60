#include "analysis/networks/principal_components.hpp"

#include <Eigen/Eigenvalues>

namespace noisetrap {

std::vector<double> principal_point(const DataSet& data, std::size_t units,
                                    const std::vector<std::uint64_t>& components) {
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const auto d = static_cast<Eigen::Index>(data.inputs);
    const Eigen::Map<const RowMajor> x(data.input.data(), static_cast<Eigen::Index>(data.samples()), d);
    const Eigen::MatrixXd covariance = x.transpose() * x / static_cast<double>(data.samples());
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
    std::vector<double> point(2 * units * data.inputs);
    for (std::size_t j = 0; j < components.size(); ++j) {
        Eigen::VectorXd u = solver.eigenvectors().col(d - static_cast<Eigen::Index>(components[j]));
        Eigen::Index largest = 0;
        u.cwiseAbs().maxCoeff(&largest);
        if (u(largest) < 0) u = -u;
        for (std::size_t i = 0; i < data.inputs; ++i) {
            const double weight = u(static_cast<Eigen::Index>(i));
            point[j * data.inputs + i] = weight;
            point[units * data.inputs + i * units + j] = weight;
        }
    }
    return point;
}

}  // namespace noisetrap
