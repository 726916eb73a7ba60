// Eigenvalues of a symmetric matrix that is known by its products with vectors alone.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace noisetrap {

/// product = A v.
using Product = std::function<void(std::span<const double> v, std::span<double> product)>;

/// Normal variates of the engine's, of a fixed seed: almost surely not orthogonal to any eigenvector.
std::vector<double> random_direction(std::size_t size);

/// What A is on the Krylov space of a start q: orthonormal vectors q, ..., and the tridiagonal matrix of A between
/// them (Lanczos 1950). Every new vector is made orthogonal to all before it, twice ("twice is enough", Parlett
/// 1980): without that, copies of eigenvalues that have converged come back, and an index would count them.
struct Krylov {
    std::size_t size = 0;                // of a vector
    std::vector<double> basis;           // vector after vector
    std::vector<double> diagonal, next;  // alpha and beta; the last beta is the length of what is left

    std::size_t steps() const { return diagonal.size(); }
    std::span<const double> vector(std::size_t k) const { return {basis.data() + k * size, size}; }
};

/// Products = A times so many vectors, one after the other.
using Products = std::function<void(std::span<const double> vectors, std::span<double> products)>;

/// Those spaces of so many starts, step by step side by side, so that their products come together.
std::vector<Krylov> lanczos_of_each(const Products&, const std::vector<std::vector<double>>& starts,
                                    std::size_t steps);

/// At most `steps` products; fewer where the space is closed before. Throws std::domain_error where a product is not
/// finite.
Krylov lanczos(const Product&, std::span<const double> start, std::size_t steps);

/// Approximate eigenvalues, rising. An eigenvalue of A lies within `bound` of each.
struct RitzValues {
    std::vector<double> values, bounds, weights;  // weight: squared overlap of the start with the Ritz vector
};
RitzValues ritz_values(const Krylov&);
/// The Ritz vector of the smallest of them, of length 1.
std::vector<double> lowest_ritz_vector(const Krylov&);

/// The smallest eigenvalue: not above `value`, and one lies within `bound` of it. That none lies lower is no proof.
struct SmallestEigenvalue {
    double value, bound, largest;  // largest: Ritz value of the other end
    std::vector<double> vector;    // of length 1
    std::size_t products;
    bool reached;  // the tolerance, before the products were spent
};
/// Lanczos in a space of `room` vectors, restarted twice where that may be enough; then in spaces of polynomials of A,
/// whose degree doubles, since eigenvalues that crowd at the lower end take thousands of products. Until bound <= tolerance * max(|largest|,
/// |value|), or as long as another space would not take more than `most_products`.
SmallestEigenvalue smallest_eigenvalue(const Product&, std::span<const double> start, double tolerance,
                                       std::size_t most_products, std::size_t room = 120);

}  // namespace noisetrap
