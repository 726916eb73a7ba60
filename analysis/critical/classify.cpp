#include "analysis/critical/classify.hpp"

#include <fmt/format.h>

#include <cmath>

#include "analysis/critical/eigenvectors.hpp"
#include "analysis/critical/hessian.hpp"
#include "analysis/require.hpp"
#include "analysis/spectra/lanczos.hpp"
#include "engine/error.hpp"

namespace noisetrap {
namespace {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;
using Index = Eigen::Index;

constexpr double margin = 10;   // times the change of H within a Newton step
constexpr double moved = 1e-5;  // of 1 + |x|: a symmetry that moves x by less leaves it where it is
constexpr std::size_t lanczos_steps = 200;

Vector gradient_of(const Landscape& landscape, const Point& x) {
    Vector slope(static_cast<Index>(x.size()));
    landscape.gradient(x, {slope.data(), x.size()});
    require(slope.allFinite(), "the gradient is not finite");
    return slope;
}

/// Independent directions among those along which symmetries move x.
std::size_t directions_of_symmetries(const Landscape& landscape, const Point& x) {
    const auto moves = landscape.generators(x);
    if (moves.empty()) return 0;
    Matrix columns(static_cast<Index>(x.size()), static_cast<Index>(moves.size()));
    for (std::size_t k = 0; k < moves.size(); ++k) columns.col(static_cast<Index>(k)) = as_vector(moves[k]);
    const double length = as_vector(x).norm();
    // Singular values are roots of the eigenvalues of the smaller Gram matrix.
    const Matrix gram = columns.rows() < columns.cols() ? Matrix(columns * columns.transpose())
                                                        : Matrix(columns.transpose() * columns);
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(gram, Eigen::EigenvaluesOnly);
    const double least = moved * (1 + length);
    return static_cast<std::size_t>((solver.eigenvalues().array() > least * least).count());
}

/// Below this an eigenvalue is zero for all that can be known at x. Where a symmetry moves x, H along it is of the
/// size of g/|x|. And H may be different at the critical point itself, which is about a Newton step away.
double resolution(const Landscape& landscape, const Point& x, const Vector& g, const Matrix& hessian,
                  const Eigen::SelfAdjointEigenSolver<Matrix>& solver) {
    const Vector& values = solver.eigenvalues();
    const auto at = as_vector(x);
    const double least =
        std::max(rounding_of_zero * values.cwiseAbs().maxCoeff(), margin * g.norm() / (1 + at.norm()));
    const Vector inverse = values.unaryExpr([&](double v) { return std::abs(v) > least ? 1 / v : 0; });
    const Vector to =
        at - solver.eigenvectors() * inverse.cwiseProduct(solver.eigenvectors().transpose() * g);
    const auto there = dense_hessian(landscape, {to.data(), x.size()});
    return std::max(least, margin * (as_matrix(there, x.size()) - hessian).norm());
}

constexpr const char *threshold_key = "search.zero", *at_a_point = "at a critical point";

PointKind classify_whole(const Landscape& landscape, const Point& x, double zero, const Vector& g) {
    PointKind kind;
    const Matrix hessian = as_matrix(dense_hessian(landscape, x), x.size());
    const auto solver = eigenvectors_of(hessian);
    const Vector& values = solver.eigenvalues();
    const double size = values.cwiseAbs().maxCoeff();
    refuse_a_high_threshold(threshold_key, zero, size, at_a_point);
    kind.threshold = zero > 0 ? zero : resolution(landscape, x, g, hessian, solver);
    kind.spectrum.assign(values.begin(), values.end());
    for (const double value : kind.spectrum) {
        kind.index += value < -kind.threshold;
        kind.flat += std::abs(value) <= kind.threshold;
    }
    return kind;
}

/// Ritz values whose bounds keep them below the threshold prove a negative eigenvalue each.
PointKind classify_in_part(const Landscape& landscape, const Point& x, double zero) {
    PointKind kind;
    const auto start = random_direction(x.size());
    const auto product = [&](std::span<const double> v, std::span<double> p) {
        landscape.hessian_times(x, v, p);
    };
    const auto ritz = ritz_values(lanczos(product, start, lanczos_steps));
    const double size = std::max(std::abs(ritz.values.front()), std::abs(ritz.values.back()));
    refuse_a_high_threshold(threshold_key, zero, size, at_a_point);
    kind.threshold = zero > 0 ? zero : rounding_of_zero * size;
    kind.spectrum = ritz.values;
    kind.index_is_exact = false;
    for (std::size_t j = 0; j < ritz.values.size(); ++j)
        kind.index += ritz.values[j] + ritz.bounds[j] < -kind.threshold;
    return kind;
}

}  // namespace

void refuse_a_high_threshold(const char* key, double zero, double size, const char* where) {
    if (zero > 0 && zero >= size && size > 0)
        throw SettingError(
            key, fmt::format("= {:g} would call every direction flat: the largest curvature {} is {:.3g}",
                             zero, where, size));
}

PointKind classify(const Landscape& landscape, const Point& x, double zero) {
    const Vector g = gradient_of(landscape, x);
    const bool whole = x.size() <= most_dense;
    auto kind = whole ? classify_whole(landscape, x, zero, g) : classify_in_part(landscape, x, zero);
    kind.loss = landscape.value(x);
    kind.gradient = g.norm();
    kind.smallest = kind.spectrum.front(), kind.largest = kind.spectrum.back();
    if (whole) kind.by_symmetry = directions_of_symmetries(landscape, x);
    return kind;
}

const char* word_for(const PointKind& kind, std::size_t parameters) {
    if (kind.index > 0)
        return kind.index_is_exact && kind.index + kind.flat == parameters ? "maximum" : "saddle";
    if (!kind.index_is_exact) return "not known";
    return kind.unexplained() > 0 ? "degenerate" : "minimum";
}

}  // namespace noisetrap
