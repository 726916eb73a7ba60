#include "analysis/spectra/lanczos.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/require.hpp"
#include "engine/noise/streams.hpp"
#include "engine/noise/variates.hpp"

namespace noisetrap {
namespace {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;
using Index = Eigen::Index;

/// A remainder so much smaller than the product is rounding: the space is closed.
constexpr double closed = 1e-13;

Vector product_with(const Product& product, const Vector& v) {
    Vector w(v.size());
    product({v.data(), static_cast<std::size_t>(v.size())}, {w.data(), static_cast<std::size_t>(w.size())});
    require(w.allFinite(), "a Hessian-vector product is not finite");
    return w;
}

Vector normalised(std::span<const double> start) {
    const Vector v = Eigen::Map<const Vector>(start.data(), static_cast<Index>(start.size()));
    const double length = v.norm();
    require(length > 0 && std::isfinite(length), "Lanczos needs a start that is finite and not zero");
    return v / length;
}

/// Takes its parts along `vectors` from `w` and returns them.
template <class Vectors>
Vector orthogonalise(const Vectors& vectors, Vector& w) {
    Vector parts = vectors.transpose() * w;
    w.noalias() -= vectors * parts;
    const Vector again = vectors.transpose() * w;
    w.noalias() -= vectors * again;
    return parts + again;
}

}  // namespace

std::vector<double> random_direction(std::size_t size) {
    std::vector<double> direction(size);
    for (std::size_t i = 0; i < size; ++i)
        direction[i] = variate_of<double>(0, Stream::user_defined, 0, i, Law::gaussian);
    return direction;
}

Krylov lanczos(const Product& product, std::span<const double> start, std::size_t steps) {
    const auto size = static_cast<Index>(start.size());
    const auto most = std::min(static_cast<Index>(steps), size);
    Matrix basis(size, most);
    Krylov krylov{start.size(), {}, {}, {}};
    Vector v = normalised(start);
    double largest = 0;
    for (Index k = 0; k < most; ++k) {
        basis.col(k) = v;
        v = product_with(product, v);
        largest = std::max(largest, v.norm());
        krylov.diagonal.push_back(orthogonalise(basis.leftCols(k + 1), v)(k));
        const double left = v.norm();
        krylov.next.push_back(left > closed * largest ? left : 0);
        if (krylov.next.back() == 0) break;
        v /= left;
    }
    krylov.basis.assign(basis.data(), basis.data() + size * static_cast<Index>(krylov.steps()));
    return krylov;
}

RitzValues ritz_values(const Krylov& krylov) {
    const auto steps = static_cast<Index>(krylov.steps());
    const Vector diagonal = Eigen::Map<const Vector>(krylov.diagonal.data(), steps);
    const Vector beside = Eigen::Map<const Vector>(krylov.next.data(), std::max<Index>(steps - 1, 0));
    Eigen::SelfAdjointEigenSolver<Matrix> solver;
    solver.computeFromTridiagonal(diagonal, beside);
    require(solver.info() == Eigen::Success, "the eigenvalues of a tridiagonal matrix did not converge");
    RitzValues ritz;
    for (Index j = 0; j < steps; ++j) {
        const auto& vectors = solver.eigenvectors();
        ritz.values.push_back(solver.eigenvalues()(j));
        ritz.bounds.push_back(krylov.next.back() * std::abs(vectors(steps - 1, j)));
        ritz.weights.push_back(vectors(0, j) * vectors(0, j));
    }
    return ritz;
}

SmallestEigenvalue smallest_eigenvalue(const Product& product, std::span<const double> start,
                                       double tolerance, std::size_t most_products, std::size_t room) {
    const auto size = static_cast<Index>(start.size());
    const auto columns = std::min(static_cast<Index>(room), size);
    Matrix basis(size, columns), between = Matrix::Zero(columns, columns);
    Vector v = normalised(start);
    Index kept = 0;
    std::size_t products = 0;
    double largest_length = 0;
    while (true) {
        double left = 0;
        Index k = kept;
        for (; k < columns; ++k) {
            basis.col(k) = v;
            v = product_with(product, v);
            ++products;
            largest_length = std::max(largest_length, v.norm());
            const Vector parts = orthogonalise(basis.leftCols(k + 1), v);
            between.col(k).head(k + 1) = parts;
            between.row(k).head(k + 1) = parts.transpose();
            left = v.norm();
            if (left <= closed * largest_length) left = 0;
            if (left == 0 || products == most_products) {
                ++k;
                break;
            }
            v /= left;
        }
        const Eigen::SelfAdjointEigenSolver<Matrix> solver(between.topLeftCorner(k, k));
        require(solver.info() == Eigen::Success, "the eigenvalues of a small matrix did not converge");
        const double value = solver.eigenvalues()(0), largest = solver.eigenvalues()(k - 1);
        const double bound = left * std::abs(solver.eigenvectors()(k - 1, 0));
        const bool reached = bound <= tolerance * std::max(std::abs(largest), std::abs(value));
        if (reached || products >= most_products || left == 0) {
            const Vector vector = basis.leftCols(k) * solver.eigenvectors().col(0);
            return {value, bound, largest, {vector.data(), vector.data() + size}, products, reached};
        }
        kept = std::min<Index>(k / 3, k - 1);
        basis.leftCols(kept) = (basis.leftCols(k) * solver.eigenvectors().leftCols(kept)).eval();
        between.setZero();
        between.diagonal().head(kept) = solver.eigenvalues().head(kept);
    }
}

}  // namespace noisetrap
