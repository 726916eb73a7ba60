// A chain of linear layers of one unit each: f = (w_1 w_2 ... w_L - target)^2 / 2. At the origin the Hessian is (0,
// -target; -target, 0) for two layers and zero for more: the saddle is there, and second derivatives do not show it.
#pragma once

#include "models/landscapes/landscape.hpp"
#include "models/landscapes/parameters.hpp"

namespace noisetrap {

struct DeepChain {
    static constexpr const char* name = "deep-chain";
    static constexpr const char* formula = "f = (w_1 w_2 ... w_L - target)^2 / 2";
    static constexpr const char* source = "second derivatives of a product";
    std::size_t layers = 3;
    double target = 1;

    static auto parameters() {
        using This = DeepChain;
        return std::array{count("layers", &This::layers, 2, most_parameters, "factors of the product"),
                          real("target", &This::target, 1e-9, most_height, "what the product is to become")};
    }
    Complaint complaint() const { return {}; }
    std::size_t size() const { return layers; }

    template <class X>
    X value(std::span<const X> w) const {
        const X r = product(w) - target;
        return 0.5 * (r * r);
    }
    /// The product of all other factors is that of those before and of those behind: nothing is divided by.
    template <class X>
    void gradient(std::span<const X> w, std::span<X> slope) const {
        X before = X{} + 1.0;
        for (std::size_t i = 0; i < layers; ++i) {
            slope[i] = before;
            before = before * w[i];
        }
        X behind = before - target;
        for (std::size_t i = layers; i-- > 0;) {
            slope[i] = slope[i] * behind;
            behind = behind * w[i];
        }
    }
    std::vector<KnownPoint> points() const {
        const double each = noisetrap::exp(noisetrap::log(target) / static_cast<double>(layers)),
                     others = target / each;
        const double lost = target * target / 2;
        KnownPoint minimum{"product = target", Point(layers, each), 0, 0, Point(layers)};
        minimum.spectrum.back() = static_cast<double>(layers) * others * others;
        KnownPoint two_zeros{"two factors 0", Point(layers, 1), lost, 1, Point(layers)};
        two_zeros.at[0] = two_zeros.at[1] = 0;
        two_zeros.spectrum.front() = -target, two_zeros.spectrum.back() = target;
        if (layers == 2) return {minimum, two_zeros};
        return {minimum, two_zeros, {"three factors 0 or more", Point(layers), lost, 0, Point(layers)}};
    }
    std::vector<double> invariants(std::span<const double> w) const { return {product(w)}; }
    /// One factor grows as the next one shrinks.
    std::vector<Point> generators(std::span<const double> w) const {
        std::vector<Point> moves;
        for (std::size_t i = 0; i + 1 < layers; ++i) {
            Point move(layers);
            move[i] = w[i], move[i + 1] = -w[i + 1];
            moves.push_back(std::move(move));
        }
        return moves;
    }

  private:
    template <class X>
    static X product(std::span<const X> w) {
        X all = X{} + 1.0;
        for (const X& factor : w) all = all * factor;
        return all;
    }
};

}  // namespace noisetrap
