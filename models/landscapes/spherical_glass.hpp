// The pure spherical glass of three-spin couplings: the energy per spin, sum_ijk J_ijk s_i s_j s_k / N^2, of spins s
// = sqrt(N) u/|u| on a sphere, with independent normal couplings J. Its critical points are known in law alone
// (Auffinger, Ben Arous and Cerny 2013).
#pragma once

#include "engine/noise/streams.hpp"
#include "engine/noise/variates.hpp"
#include "models/landscapes/landscape.hpp"
#include "models/landscapes/parameters.hpp"

namespace noisetrap {

struct SphericalGlass {
    static constexpr const char* name = "spherical-glass";
    static constexpr const char* formula =
        "f = sum_ijk J_ijk u_i u_j u_k / (sqrt(spins) |u|^3), the energy per spin";
    static constexpr const char* source = "Auffinger, Ben Arous and Cerny 2013";
    static constexpr const char* law =
        "theory knows the law of its critical points, not their list: on average 5.2915 of them for 2 spins "
        "and 10.552 for 3";
    std::size_t spins = 10;
    double seed = 1;
    std::vector<double> couplings = {};  // J made symmetric, by prepare()

    static auto parameters() {
        using This = SphericalGlass;
        return std::array{
            count("spins", &This::spins, 2, 500, "of the glass"),
            real("seed", &This::seed, 0, 9007199254740991.0, "other couplings, a whole number")};
    }
    Complaint complaint() const { return unless_whole("seed", seed); }
    std::size_t size() const { return spins; }
    std::size_t workspace() const { return 2 * spins * spins * spins; }

    /// Coupling ijk is the variate of path 0 at step (i n + j) n + k; each is shared out over all orders of its
    /// indices.
    void prepare() {
        const std::size_t n = spins;
        couplings.assign(n * n * n, 0);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j)
                for (std::size_t k = 0; k < n; ++k) {
                    const double sixth =
                        variate_of<double>(static_cast<std::uint64_t>(seed), Stream::first_noise, 0,
                                           (i * n + j) * n + k, Law::gaussian) /
                        6;
                    for (const auto place : {(i * n + j) * n + k, (i * n + k) * n + j, (j * n + i) * n + k,
                                             (j * n + k) * n + i, (k * n + i) * n + j, (k * n + j) * n + i})
                        couplings[place] += sixth;
                }
    }

    template <class X>
    X value(std::span<const X> u) const {
        const auto twice = contracted(u);
        const X square = dot(u, u);
        return dot(u, std::span<const X>(twice)) /
               (std::sqrt(static_cast<double>(spins)) * (square * sqrt(square)));
    }
    template <class X>
    void gradient(std::span<const X> u, std::span<X> slope) const {
        const auto twice = contracted(u);
        const X square = dot(u, u), along = dot(u, std::span<const X>(twice)) / square;
        const X scale = 3.0 / (std::sqrt(static_cast<double>(spins)) * (square * sqrt(square)));
        for (std::size_t i = 0; i < spins; ++i) slope[i] = scale * (twice[i] - along * u[i]);
    }
    std::vector<KnownPoint> points() const { return {}; }
    std::vector<double> invariants(std::span<const double> u) const {
        Point direction(u.begin(), u.end());
        normalise(direction);
        return direction;
    }
    std::vector<Point> generators(std::span<const double> u) const { return {Point(u.begin(), u.end())}; }
    void normalise(std::span<double> u) const {
        const double length = std::sqrt(dot(std::span<const double>(u), std::span<const double>(u)));
        for (double& c : u) c /= length;
    }

  private:
    template <class X>
    static X dot(std::span<const X> a, std::span<const X> b) {
        X sum{};
        for (std::size_t i = 0; i < a.size(); ++i) sum = sum + a[i] * b[i];
        return sum;
    }
    /// sum_jk S_ijk u_j u_k.
    template <class X>
    std::vector<X> contracted(std::span<const X> u) const {
        std::vector<X> twice(spins);
        for (std::size_t i = 0; i < spins; ++i)
            for (std::size_t j = 0; j < spins; ++j) {
                X once{};
                const double* row = couplings.data() + (i * spins + j) * spins;
                for (std::size_t k = 0; k < spins; ++k) once = once + row[k] * u[k];
                twice[i] = twice[i] + u[j] * once;
            }
        return twice;
    }
};

}  // namespace noisetrap
