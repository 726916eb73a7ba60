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

/// Of the tridiagonal matrix.
Eigen::SelfAdjointEigenSolver<Matrix> eigenvectors_between(const Krylov& krylov) {
    const auto steps = static_cast<Index>(krylov.steps());
    const Vector diagonal = Eigen::Map<const Vector>(krylov.diagonal.data(), steps);
    const Vector beside = Eigen::Map<const Vector>(krylov.next.data(), std::max<Index>(steps - 1, 0));
    Eigen::SelfAdjointEigenSolver<Matrix> solver;
    solver.computeFromTridiagonal(diagonal, beside);
    require(solver.info() == Eigen::Success, "the eigenvalues of a tridiagonal matrix did not converge");
    return solver;
}

/// Takes its parts along `vectors` from `w` and returns them. What is left after the first time is looked at block by
/// block of rows, while the block is in the cache: reading the vectors is what costs.
template <class Vectors>
Vector orthogonalise(const Vectors& vectors, Vector& w) {
    constexpr Index block = 512;
    const Vector parts = vectors.transpose() * w;
    Vector again = Vector::Zero(vectors.cols());
    for (Index first = 0; first < w.size(); first += block) {
        const Index rows = std::min(block, w.size() - first);
        const auto here = vectors.middleRows(first, rows);
        auto left = w.segment(first, rows);
        left.noalias() -= here * parts;
        again.noalias() += here.transpose() * left;
    }
    w.noalias() -= vectors * again;
    return parts + again;
}

/// A Krylov space, vector by vector.
class GrowingSpace {
    Index size_, most_;
    Krylov krylov_;
    Vector v_;
    double largest_ = 0;
    bool done_;

  public:
    GrowingSpace(std::span<const double> start, std::size_t steps)
        : size_(static_cast<Index>(start.size())),
          most_(std::min(static_cast<Index>(steps), size_)),
          krylov_{start.size(), {}, {}, {}},
          v_(normalised(start)),
          done_(most_ == 0) {
        krylov_.basis.resize(static_cast<std::size_t>(size_ * most_));
    }
    bool done() const { return done_; }
    /// What is to be multiplied.
    std::span<const double> next() const { return {v_.data(), static_cast<std::size_t>(size_)}; }
    /// Its product. Says how many numbers that has.
    std::size_t take(std::span<const double> product) {
        const auto k = static_cast<Index>(krylov_.steps());
        Eigen::Map<Matrix> basis(krylov_.basis.data(), size_, most_);
        basis.col(k) = v_;
        v_ = Eigen::Map<const Vector>(product.data(), size_);
        require(v_.allFinite(), "a Hessian-vector product is not finite");
        largest_ = std::max(largest_, v_.norm());
        krylov_.diagonal.push_back(orthogonalise(basis.leftCols(k + 1), v_)(k));
        const double left = v_.norm();
        krylov_.next.push_back(left > closed * largest_ ? left : 0);
        done_ = krylov_.next.back() == 0 || k + 1 == most_;
        if (krylov_.next.back() != 0) v_ /= left;
        return product.size();
    }
    Krylov krylov() && {
        krylov_.basis.resize(krylov_.size * krylov_.steps());
        return std::move(krylov_);
    }
};

}  // namespace

std::vector<double> random_direction(std::size_t size) {
    std::vector<double> direction(size);
    for (std::size_t i = 0; i < size; ++i)
        direction[i] = variate_of<double>(0, Stream::user_defined, 0, i, Law::gaussian);
    return direction;
}

Krylov lanczos(const Product& product, std::span<const double> start, std::size_t steps) {
    return std::move(lanczos_of_each(product, {{start.begin(), start.end()}}, steps).front());
}

std::vector<Krylov> lanczos_of_each(const Products& products, const std::vector<std::vector<double>>& starts,
                                    std::size_t steps) {
    std::vector<GrowingSpace> spaces;
    for (const auto& start : starts) spaces.emplace_back(start, steps);
    std::vector<double> vectors, results;
    while (true) {
        vectors.clear();
        for (const auto& space : spaces)
            if (!space.done()) vectors.insert(vectors.end(), space.next().begin(), space.next().end());
        if (vectors.empty()) break;
        results.resize(vectors.size());
        products(vectors, results);
        std::size_t at = 0;
        for (auto& space : spaces)
            if (!space.done()) at += space.take({results.data() + at, space.next().size()});
    }
    std::vector<Krylov> found;
    for (auto& space : spaces) found.push_back(std::move(space).krylov());
    return found;
}

RitzValues ritz_values(const Krylov& krylov) {
    const auto steps = static_cast<Index>(krylov.steps());
    const auto solver = eigenvectors_between(krylov);
    RitzValues ritz;
    for (Index j = 0; j < steps; ++j) {
        const auto& vectors = solver.eigenvectors();
        ritz.values.push_back(solver.eigenvalues()(j));
        ritz.bounds.push_back(krylov.next.back() * std::abs(vectors(steps - 1, j)));
        ritz.weights.push_back(vectors(0, j) * vectors(0, j));
    }
    return ritz;
}

std::vector<double> lowest_ritz_vector(const Krylov& krylov) {
    const Eigen::Map<const Matrix> basis(krylov.basis.data(), static_cast<Index>(krylov.size),
                                         static_cast<Index>(krylov.steps()));
    const Vector lowest = (basis * eigenvectors_between(krylov).eigenvectors().col(0)).normalized();
    return {lowest.begin(), lowest.end()};
}

namespace {

/// Lanczos, restarted with the best third of its Ritz vectors wherever the room is full (thick restart, Wu and Simon
/// 2000).
class RestartedLanczos {
    const Product& product_;
    Matrix basis_, between_;
    Eigen::SelfAdjointEigenSolver<Matrix> small_;  // of `between_`
    Vector v_;
    Index kept_ = 0, full_;
    double largest_length_ = 0;

  public:
    SmallestEigenvalue found{};
    double left = 0;  // length of what the last product had outside of the space
    double low = 0;   // a few of the Ritz values lie below

    RestartedLanczos(const Product& product, std::span<const double> start, std::size_t room)
        : product_(product),
          basis_(static_cast<Index>(start.size()), static_cast<Index>(std::min(room, start.size()))),
          between_(Matrix::Zero(basis_.cols(), basis_.cols())),
          v_(normalised(start)),
          full_(basis_.cols()) {}

    /// Until the room is full, `products` are spent, the space is closed, or the tolerance is reached, which is looked at
    /// now and then.
    void fill(double tolerance, std::size_t products) {
        constexpr Index now_and_then = 10;
        Index k = kept_;
        while (k < full_ && found.products < products) {
            basis_.col(k) = v_;
            v_ = product_with(product_, v_);
            ++found.products;
            largest_length_ = std::max(largest_length_, v_.norm());
            const Vector parts = orthogonalise(basis_.leftCols(k + 1), v_);
            between_.col(k).head(k + 1) = parts;
            between_.row(k).head(k + 1) = parts.transpose();
            left = v_.norm();
            if (left <= closed * largest_length_) left = 0;
            ++k;
            if (left == 0) break;
            v_ /= left;
            if (tolerance > 0 && k % now_and_then == 0 && look(k, tolerance)) break;
        }
        look(k, tolerance);
        settle(k);
    }

  private:
    /// Ritz values, and whether the smallest is known well enough.
    bool look(Index k, double tolerance) {
        small_.compute(between_.topLeftCorner(k, k));
        require(small_.info() == Eigen::Success, "the eigenvalues of a small matrix did not converge");
        found.value = small_.eigenvalues()(0), found.largest = small_.eigenvalues()(k - 1);
        found.bound = left * std::abs(small_.eigenvectors()(k - 1, 0));
        found.reached = found.bound <= tolerance * std::max(std::abs(found.largest), std::abs(found.value));
        return found.reached;
    }
    /// The smallest Ritz value's vector; and the best third of all make room for others.
    void settle(Index k) {
        constexpr Index few = 5;
        low = small_.eigenvalues()(std::min(few, k - 1));
        const Vector lowest = basis_.leftCols(k) * small_.eigenvectors().col(0);
        found.vector.assign(lowest.begin(), lowest.end());
        if (found.reached || left == 0) return;
        kept_ = std::min<Index>(k / 3, k - 1);
        basis_.leftCols(kept_) = (basis_.leftCols(k) * small_.eigenvectors().leftCols(kept_)).eval();
        between_.setZero();
        between_.diagonal().head(kept_) = small_.eigenvalues().head(kept_);
    }
};

constexpr std::size_t filter_vectors = 40;

/// -T(A), T the Chebyshev polynomial of an even degree over [low, high]: eigenvalues of A between these come to lie
/// between -1 and 1, and those below far below (Zhou and Saad 2007). Many products then go with one new vector, and
/// orthogonalising is what costs most in a large space.
Product filtered(const Product& product, double low, double high, std::size_t degree) {
    return [&product, middle = (low + high) / 2, half = (high - low) / 2, degree](
               std::span<const double> v, std::span<double> filtered_v) {
        Vector before = Eigen::Map<const Vector>(v.data(), static_cast<Index>(v.size()));
        Vector now(before.size()), next(before.size());
        const auto times = [&](const Vector& of, Vector& to) {
            product({of.data(), v.size()}, {to.data(), v.size()});
        };
        times(before, now);
        now = (now - middle * before) / half;
        for (std::size_t k = 1; k < degree; ++k) {
            times(now, next);
            before = (2 / half) * (next - middle * now) - before;
            before.swap(now);
        }
        require(now.allFinite(), "a Hessian-vector product is not finite");
        Eigen::Map<Vector>(filtered_v.data(), now.size()) = -now;
    };
}

/// One more Krylov space, of a filter, from the best vector so far. All eigenvalues but a few lie between `low` and `high`;
/// afterwards fewer are below `low`.
void sharpen(const Product& product, SmallestEigenvalue& found, double& low, double high, std::size_t degree,
             double tolerance) {
    constexpr std::size_t vectors = filter_vectors;
    const Product filter = filtered(product, low, high, degree);
    RestartedLanczos lanczos(filter, found.vector, vectors);
    lanczos.fill(0, vectors);
    const Vector v = normalised(lanczos.found.vector), w = product_with(product, v);
    found.products += lanczos.found.products * degree + 1;
    const double middle = (low + high) / 2, half = (high - low) / 2;
    if (lanczos.low < -1)  // -T(x) = low: x lies below -1, at -cosh(acosh(-low)/degree)
        low = middle - half * std::cosh(std::acosh(-lanczos.low) / static_cast<double>(degree));
    const double value = v.dot(w), bound = (w - value * v).norm();
    if (bound >= found.bound && value >= found.value) return;
    found.value = value, found.bound = bound;
    found.reached = bound <= tolerance * std::max(std::abs(found.largest), std::abs(value));
    found.vector.assign(v.begin(), v.end());
}

}  // namespace

SmallestEigenvalue smallest_eigenvalue(const Product& product, std::span<const double> start,
                                       double tolerance, std::size_t most_products, std::size_t room) {
    constexpr int plain_cycles = 3;
    constexpr double crowded = 1e-4;  // of the span: a bound so large after a cycle takes many more of them
    constexpr std::size_t least_degree = 16, most_degree = 128;
    const auto fits = [&](const SmallestEigenvalue& so_far, std::size_t degree) {
        return so_far.products + filter_vectors * degree < most_products;
    };
    RestartedLanczos lanczos(product, start, room);
    for (int cycle = 0; cycle < plain_cycles; ++cycle) {
        lanczos.fill(tolerance, most_products);
        if (lanczos.found.reached || lanczos.left == 0 || lanczos.found.products >= most_products)
            return std::move(lanczos.found);
        const double span = lanczos.found.largest - lanczos.found.value;
        if (lanczos.found.bound > crowded * span && fits(lanczos.found, least_degree)) break;
    }
    auto found = std::move(lanczos.found);
    double low = lanczos.low;
    const double high = found.largest + lanczos.left;
    for (std::size_t degree = least_degree; !found.reached && fits(found, degree);
         degree = std::min(2 * degree, most_degree))
        sharpen(product, found, low, high, degree, tolerance);
    return found;
}

}  // namespace noisetrap
