// The octopus of models/octopus.hpp with any number of axes, here in the order in which they are left.
#pragma once

#include "models/landscapes/landscape.hpp"
#include "models/landscapes/parameters.hpp"
#include "models/octopus.hpp"

namespace noisetrap {

struct OctopusChain {
    static constexpr const char* name = "octopus-chain";
    static constexpr const char* formula =
        "f = sum_{j<i} (L (|x_j| - 4 tau)^2 - nu) + g(|x_i|, |x_{i+1}|) + sum_{j>i+1} L x_j^2,  i the first "
        "axis with |x_i| < 2 tau";
    static constexpr const char* source = "Du et al. 2017";
    std::size_t dimension = 5;
    double gamma = 1, L = 1, tau = 1;

    static auto parameters() {
        return std::array{
            count("dimension", &OctopusChain::dimension, 1, most_parameters, "axes to leave"),
            real("gamma", &OctopusChain::gamma, 1e-6, 1e6, "half the curvature down from a saddle"),
            real("L", &OctopusChain::L, 1e-6, 1e6, "half the curvature of the other axes"),
            real("tau", &OctopusChain::tau, 1e-6, 1e6, "length of a stage: saddles are 4 tau apart")};
    }
    Complaint complaint() const { return {}; }
    std::size_t size() const { return dimension; }
    OctopusStage<double> stage() const { return {gamma, L}; }

    template <class X>
    X value(std::span<const X> x) const {
        const auto i = leading(x);
        X sum{};  // in units of tau^2
        for (std::size_t j = 0; j < i; ++j) {
            const X s = size_of(x[j]) - 4.0;
            sum = sum + L * (s * s) - stage().fall();
        }
        if (i < dimension) sum = sum + stage().value(way_out(x, i));
        for (std::size_t j = i + 2; j < dimension; ++j) sum = sum + L / (tau * tau) * (x[j] * x[j]);
        return tau * tau * sum;
    }
    template <class X>
    void gradient(std::span<const X> x, std::span<X> slope) const {
        const auto i = leading(x);
        const auto uphill = [&](std::size_t j, X s) { slope[j] = value_of(x[j]) < 0 ? -tau * s : tau * s; };
        for (std::size_t j = 0; j < i; ++j) uphill(j, 2 * L * (size_of(x[j]) - 4.0));
        if (i == dimension) return;
        const auto way = way_out(x, i);
        uphill(i, stage().leaving_slope(way));
        if (i + 1 < dimension) slope[i + 1] = 2.0 * (stage().hold(way.beyond) * x[i + 1]);
        for (std::size_t j = i + 2; j < dimension; ++j) slope[j] = 2 * L * x[j];
    }
    /// One saddle for each number of axes that have been left, and the minimum.
    std::vector<KnownPoint> points() const {
        std::vector<KnownPoint> known;
        if (dimension * (dimension + 1) > most_known_numbers) return known;
        for (std::size_t left = 0; left <= dimension; ++left) {
            KnownPoint point{std::to_string(left) + " left", Point(dimension),
                             -tau * tau * static_cast<double>(left) * stage().fall(),
                             left < dimension ? 1u : 0u, Point(dimension, 2 * L)};
            std::fill_n(point.at.begin(), left, 4 * tau);
            if (left < dimension) point.spectrum[left] = -2 * gamma;
            known.push_back(std::move(point));
        }
        return known;
    }
    std::vector<double> invariants(std::span<const double> x) const {
        std::vector<double> sizes;
        for (const double c : x) sizes.push_back(std::abs(c));
        return sizes;
    }

  private:
    template <class X>
    X size_of(const X& x) const {
        return (value_of(x) < 0 ? -1 / tau : 1 / tau) * x;
    }
    template <class X>
    std::size_t leading(std::span<const X> x) const {
        std::size_t i = 0;
        while (i < dimension && std::abs(value_of(x[i])) >= 2 * tau) ++i;
        return i;
    }
    template <class X>
    OctopusWay<X> way_out(std::span<const X> x, std::size_t i) const {
        const X size = size_of(x[i]);
        return {size, value_of(size) > 1 ? size - 1.0 : X{}, i + 1 < dimension ? size_of(x[i + 1]) : X{}};
    }
};

}  // namespace noisetrap
