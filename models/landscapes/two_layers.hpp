// Two weight matrices in a row: W2 (outputs x hidden), then W1 (hidden x inputs), both by rows.
#pragma once

#include "models/landscapes/landscape.hpp"

namespace noisetrap {

struct TwoLayers {
    std::size_t outputs, hidden, inputs;

    std::size_t size() const { return hidden * (outputs + inputs); }
    std::size_t second(std::size_t row, std::size_t unit) const { return row * hidden + unit; }
    std::size_t first(std::size_t unit, std::size_t column) const {
        return outputs * hidden + unit * inputs + column;
    }

    /// W2 W1 by rows.
    template <class X>
    std::vector<X> product(std::span<const X> w) const {
        std::vector<X> p(outputs * inputs);
        for (std::size_t i = 0; i < outputs; ++i)
            for (std::size_t u = 0; u < hidden; ++u)
                for (std::size_t j = 0; j < inputs; ++j)
                    p[i * inputs + j] = p[i * inputs + j] + w[second(i, u)] * w[first(u, j)];
        return p;
    }
    /// The gradient by the weights, given that by the product.
    template <class X>
    void gradient(std::span<const X> w, const std::vector<X>& by_product, std::span<X> slope) const {
        for (auto& s : slope) s = X{};
        for (std::size_t i = 0; i < outputs; ++i)
            for (std::size_t u = 0; u < hidden; ++u)
                for (std::size_t j = 0; j < inputs; ++j) {
                    const X g = by_product[i * inputs + j];
                    slope[second(i, u)] = slope[second(i, u)] + g * w[first(u, j)];
                    slope[first(u, j)] = slope[first(u, j)] + g * w[second(i, u)];
                }
    }
    /// The diagonal of W2 W1: how much of each mode is learnt. W2 C, C^-1 W1 have the same.
    std::vector<double> modes(std::span<const double> w) const {
        std::vector<double> diagonal(std::min(outputs, inputs));
        for (std::size_t i = 0; i < diagonal.size(); ++i)
            for (std::size_t u = 0; u < hidden; ++u) diagonal[i] += w[second(i, u)] * w[first(u, i)];
        return diagonal;
    }
    /// d/dt of (W2 exp(tE), exp(-tE) W1), for every matrix E with a single 1.
    std::vector<Point> gauge(std::span<const double> w) const {
        std::vector<Point> moves;
        for (std::size_t a = 0; a < hidden; ++a)
            for (std::size_t b = 0; b < hidden; ++b) {
                Point move(size());
                for (std::size_t i = 0; i < outputs; ++i) move[second(i, b)] = w[second(i, a)];
                for (std::size_t j = 0; j < inputs; ++j) move[first(a, j)] -= w[first(b, j)];
                moves.push_back(std::move(move));
            }
        return moves;
    }
};

}  // namespace noisetrap
