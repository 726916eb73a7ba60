// Phase retrieval, E over Gaussian a of ((a.x)^2 - (a.s)^2)^2 / 4 with a signal s of length 1, here the first axis:
//   f = (3 |x|^4 + 3 - 2 |x|^2 - 4 (x.s)^2) / 4   (Sun, Qu and Wright 2016).
#pragma once

#include "models/landscapes/landscape.hpp"
#include "models/landscapes/parameters.hpp"

namespace noisetrap {

struct PhaseRetrieval {
    static constexpr const char* name = "phase-retrieval";
    static constexpr const char* formula = "f = (3 |x|^4 + 3 - 2 |x|^2 - 4 x_1^2) / 4";
    static constexpr const char* source = "Sun, Qu and Wright 2016";
    std::size_t dimension = 5;

    static auto parameters() {
        return std::array{
            count("dimension", &PhaseRetrieval::dimension, 2, most_parameters, "of the signal")};
    }
    Complaint complaint() const { return {}; }
    std::size_t size() const { return dimension; }

    template <class X>
    X value(std::span<const X> x) const {
        const X square = squared(x);
        return 0.25 * (3.0 * (square * square) + 3.0 - 2.0 * square - 4.0 * (x[0] * x[0]));
    }
    template <class X>
    void gradient(std::span<const X> x, std::span<X> slope) const {
        const X pull = 3.0 * squared(x) - 1.0;
        for (std::size_t i = 0; i < dimension; ++i) slope[i] = pull * x[i];
        slope[0] = slope[0] - 2.0 * x[0];
    }
    std::vector<KnownPoint> points() const {
        KnownPoint origin{"origin", Point(dimension), 0.75, dimension, Point(dimension, -1)};
        origin.spectrum[0] = -3;
        KnownPoint signal{"signal, up to its sign", Point(dimension), 0, 0, Point(dimension, 2)};
        signal.at[0] = 1, signal.spectrum[0] = 6;
        KnownPoint sphere{"sphere across the signal", Point(dimension), 2.0 / 3, 1, Point(dimension)};
        sphere.at[1] = 1 / std::sqrt(3.0);
        sphere.spectrum[0] = -2, sphere.spectrum[1] = 2;
        return {origin, signal, sphere};
    }
    std::vector<double> invariants(std::span<const double> x) const { return {squared(x), x[0] * x[0]}; }
    /// Rotations about the signal, by way of the longest other axis: they span all.
    std::vector<Point> generators(std::span<const double> x) const {
        std::size_t longest = 1;
        for (std::size_t i = 2; i < dimension; ++i)
            if (std::abs(x[i]) > std::abs(x[longest])) longest = i;
        std::vector<Point> moves;
        for (std::size_t i = 1; i < dimension; ++i) {
            if (i == longest) continue;
            Point move(dimension);
            move[i] = x[longest], move[longest] = -x[i];
            moves.push_back(std::move(move));
        }
        return moves;
    }

  private:
    template <class X>
    static X squared(std::span<const X> x) {
        X sum{};
        for (const X& c : x) sum = sum + c * c;
        return sum;
    }
};

}  // namespace noisetrap
