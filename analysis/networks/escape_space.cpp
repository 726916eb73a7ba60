#include "analysis/networks/escape_space.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "engine/noise/permutation.hpp"

namespace noisetrap {
namespace {

/// Sums of the samples' Hessians, each with signs of its own.
class SignedHessians {
    const Network& network_;
    const DataSet& data_;
    const std::vector<double>& point_;

  public:
    static constexpr int count = 3;
    SignedHessians(const Network& network, const DataSet& data, const std::vector<double>& point)
        : network_(network), data_(data), point_(point) {}

    /// The products of v with all of them, the columns of the result.
    Eigen::MatrixXd times(const Eigen::VectorXd& v) const {
        const std::size_t n = point_.size();
        std::vector<Dual<double>> at(n), gradient(n);
        for (std::size_t p = 0; p < n; ++p) at[p] = {point_[p], v(static_cast<Eigen::Index>(p))};
        NetworkGradient<Dual<double>> of_sample(network_);
        Eigen::MatrixXd products = Eigen::MatrixXd::Zero(v.size(), count);
        for (std::size_t i = 0; i < data_.samples(); ++i) {
            of_sample(at.data(), data_.input_of(i), data_.target_of(i), gradient.data());
            const std::uint32_t signs = mixed(static_cast<std::uint32_t>(i));
            for (int r = 0; r < count; ++r)
                for (std::size_t p = 0; p < n; ++p)
                    products(static_cast<Eigen::Index>(p), r) +=
                        (signs >> r & 1u) != 0 ? gradient[p].slope : -gradient[p].slope;
        }
        return products;
    }
};

/// Adds to an orthonormal basis what v has beside it; says whether that is more than rounding.
bool extend(Eigen::MatrixXd& basis, Eigen::VectorXd v) {
    const double before = v.norm();
    for (int twice = 0; twice < 2; ++twice) v -= basis * (basis.transpose() * v);
    if (!(v.norm() > 1e-8 * before)) return false;
    basis.conservativeResize(Eigen::NoChange, basis.cols() + 1);
    basis.rightCols(1) = v.normalized();
    return true;
}

using Columns = Eigen::Map<const Eigen::MatrixXd>;
Columns columns_of(const std::vector<double>& vectors, std::size_t size) {
    const auto n = static_cast<Eigen::Index>(size);
    return {vectors.data(), n, static_cast<Eigen::Index>(vectors.size()) / n};
}

/// The directions that samples mix with the ways out; all directions where these are too many to be found one by one.
Eigen::MatrixXd mixed_directions(const Network& network, const DataSet& data, const NetworkSaddle& saddle) {
    const SignedHessians hessians(network, data, saddle.point);
    Eigen::MatrixXd basis = columns_of(saddle.ways_out, saddle.parameters());
    for (Eigen::Index done = 0; done < basis.cols(); ++done) {
        if (basis.cols() > static_cast<Eigen::Index>(most_escape_vectors)) {
            basis.setIdentity(basis.rows(), basis.rows());
            return basis;
        }
        const Eigen::MatrixXd products = hessians.times(basis.col(done));
        for (Eigen::Index r = 0; r < products.cols(); ++r) extend(basis, products.col(r));
    }
    return basis;
}

std::vector<Eigen::Index> support_of(const Eigen::MatrixXd& basis) {
    std::vector<Eigen::Index> support;
    for (Eigen::Index p = 0; p < basis.rows(); ++p)
        if (basis.row(p).cwiseAbs().maxCoeff() > 1e-10) support.push_back(p);
    return support;
}

/// Whether samples move the point within the parameters that matter, though not along the way out, as they do where units
/// are equal: then no other direction of these parameters may count.
bool moves_within(const Network& network, const DataSet& data, const NetworkSaddle& saddle,
                  const std::vector<Eigen::Index>& support) {
    NetworkGradient<double> gradient(network);
    std::vector<double> of_sample(saddle.parameters());
    for (std::size_t i = 0; i < data.samples(); ++i) {
        gradient(saddle.point.data(), data.input_of(i), data.target_of(i), of_sample.data());
        for (const auto p : support)
            if (std::abs(of_sample[static_cast<std::size_t>(p)]) > 1e-9 * saddle.sample_gradient) return true;
    }
    return false;
}

/// The neutral directions that lie within these parameters: combinations that vanish on all others.
Eigen::MatrixXd neutral_within(const NetworkSaddle& saddle, const std::vector<Eigen::Index>& support) {
    if (saddle.neutral.empty()) return Eigen::MatrixXd(static_cast<Eigen::Index>(support.size()), 0);
    const Eigen::MatrixXd neutral = columns_of(saddle.neutral, saddle.parameters());
    const Eigen::MatrixXd inside = neutral(support, Eigen::all);
    // Of a combination c the length inside is c'(inside' inside)c, at most 1.
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(inside.transpose() * inside);
    const auto whole = (solver.eigenvalues().array() > 1 - 1e-9).count();
    return inside * solver.eigenvectors().rightCols(whole);
}

}  // namespace

EscapeSpace escape_space(const Network& network, const DataSet& data, const NetworkSaddle& saddle) {
    const auto mixed = mixed_directions(network, data, saddle);
    const auto support = support_of(mixed);
    const auto size = static_cast<Eigen::Index>(support.size());
    Eigen::MatrixXd all = neutral_within(saddle, support);
    const auto neutral = all.cols();
    const bool pushed = is_pushed(saddle);
    if (!pushed && moves_within(network, data, saddle, support)) {
        const Eigen::MatrixXd within = mixed(support, Eigen::all);
        for (Eigen::Index k = 0; k < within.cols(); ++k) extend(all, within.col(k));
    } else {
        for (Eigen::Index p = 0; p < size; ++p) extend(all, Eigen::VectorXd::Unit(size, p));
    }
    const Eigen::MatrixXd basis = all.rightCols(all.cols() - neutral);
    EscapeSpace space;
    space.support.assign(support.begin(), support.end());
    space.basis.assign(basis.data(), basis.data() + basis.size());
    space.vectors = static_cast<std::size_t>(basis.cols());
    space.growing = saddle.ways_out.size() / saddle.parameters();
    return space;
}

}  // namespace noisetrap
