// One component of an orthogonal tensor of fourth order: f = -sum_i u_i^4 on the sphere |u| = 1 (after Ge, Huang, Jin
// and Yuan 2015), written as a loss of the direction alone, f = -sum_i u_i^4 / |u|^4. So the length of u is a
// symmetry, and at |u| = 1 the Hessian is that of the sphere with one zero more. Critical: k coordinates of equal
// size, with any signs.
#pragma once

#include "models/landscapes/landscape.hpp"
#include "models/landscapes/parameters.hpp"

namespace noisetrap {

struct OrthogonalTensor {
    static constexpr const char* name = "orthogonal-tensor";
    static constexpr const char* formula = "f = -sum_i u_i^4 / |u|^4";
    static constexpr const char* source = "after Ge, Huang, Jin and Yuan 2015";
    std::size_t dimension = 5;

    static auto parameters() {
        return std::array{count("dimension", &OrthogonalTensor::dimension, 2, most_parameters, "components")};
    }
    Complaint complaint() const { return {}; }
    std::size_t size() const { return dimension; }

    template <class X>
    X value(std::span<const X> u) const {
        const auto [squares, fourths] = sums(u);
        return -(fourths / (squares * squares));
    }
    template <class X>
    void gradient(std::span<const X> u, std::span<X> slope) const {
        const auto [squares, fourths] = sums(u);
        const X mean = fourths / squares, scale = 4.0 / (squares * squares);
        for (std::size_t i = 0; i < dimension; ++i) slope[i] = scale * u[i] * (mean - u[i] * u[i]);
    }
    std::vector<KnownPoint> points() const {
        std::vector<KnownPoint> known;
        if (dimension * dimension > most_known_numbers) return known;
        for (std::size_t k = 1; k <= dimension; ++k) {
            const auto equal = static_cast<double>(k);
            KnownPoint point{std::to_string(k) + " equal", Point(dimension), -1 / equal, k - 1, {0}};
            std::fill_n(point.at.begin(), k, 1 / std::sqrt(equal));
            append(point.spectrum, k - 1, -8 / equal);
            append(point.spectrum, dimension - k, 4 / equal);
            known.push_back(std::move(point));
        }
        return known;
    }
    /// The sizes of the coordinates, rising.
    std::vector<double> invariants(std::span<const double> u) const {
        Point sizes(u.begin(), u.end());
        normalise(sizes);
        for (double& c : sizes) c = std::abs(c);
        std::sort(sizes.begin(), sizes.end());
        return sizes;
    }
    std::vector<Point> generators(std::span<const double> u) const { return {Point(u.begin(), u.end())}; }
    void normalise(std::span<double> u) const {
        const double length = std::sqrt(sums(std::span<const double>(u)).squares);
        for (double& c : u) c /= length;
    }

  private:
    template <class X>
    struct Sums {
        X squares, fourths;
    };
    template <class X>
    static Sums<X> sums(std::span<const X> u) {
        Sums<X> s{};
        for (const X& c : u) {
            const X square = c * c;
            s.squares = s.squares + square;
            s.fourths = s.fourths + square * square;
        }
        return s;
    }
};

}  // namespace noisetrap
