// A smooth random landscape: a stationary Gaussian field whose covariance is exp(-r^2/2), made of waves (the spectral
// method; random Fourier features, Rahimi and Recht 2007),
//   f(x) = sum_m (a_m cos w_m.x + b_m sin w_m.x) / sqrt(M),   a, b and every w_mi independent standard normals.
// With the w_m given it is Gaussian for any number M of waves, with the covariance (1/M) sum_m cos w_m.r; over the w_m
// that is exp(-r^2/2) on average. Its critical points are known in law alone (Kac and Rice; Bray and Dean 2007).
#pragma once

#include <numbers>

#include "engine/noise/streams.hpp"
#include "engine/noise/variates.hpp"
#include "models/landscapes/landscape.hpp"
#include "models/landscapes/parameters.hpp"

namespace noisetrap {

struct GaussianField {
    static constexpr const char* name = "gaussian-field";
    static constexpr const char* formula =
        "f = sum_m (a_m cos w_m.x + b_m sin w_m.x) / sqrt(waves), normal a, b and w";
    static constexpr const char* source = "Kac and Rice; Bray and Dean 2007";
    static constexpr const char* law =
        "theory knows the law of its critical points, not their list: in two dimensions 0.36755 of them on a "
        "unit of area, a quarter of them minima";
    std::size_t dimension = 2, waves = 256;
    double seed = 1;
    std::vector<double> numbers = {};  // of each wave a, b and w, by prepare()

    static auto parameters() {
        using This = GaussianField;
        return std::array{count("dimension", &This::dimension, 1, 1000, "coordinates"),
                          count("waves", &This::waves, 1, 1e5,
                                "that the field is made of: the more, the nearer to its law"),
                          real("seed", &This::seed, 0, 9007199254740991.0, "another field, a whole number")};
    }
    Complaint complaint() const { return unless_whole("seed", seed); }
    std::size_t size() const { return dimension; }
    std::size_t workspace() const { return waves * (dimension + 2); }

    /// Wave m has the variates of path m.
    void prepare() {
        for (std::size_t m = 0; m < waves; ++m)
            for (std::size_t i = 0; i < dimension + 2; ++i)
                numbers.push_back(variate_of<double>(static_cast<std::uint64_t>(seed), Stream::first_noise, m,
                                                     i, Law::gaussian));
    }

    template <class X>
    X value(std::span<const X> x) const {
        X sum{};
        for (std::size_t m = 0; m < waves; ++m) {
            const double* wave = numbers.data() + m * (dimension + 2);
            const auto at = turned(phase(wave, x));
            sum = sum + wave[0] * at.cosine + wave[1] * at.sine;
        }
        return scale() * sum;
    }
    template <class X>
    void gradient(std::span<const X> x, std::span<X> slope) const {
        for (X& s : slope) s = X{};
        for (std::size_t m = 0; m < waves; ++m) {
            const double* wave = numbers.data() + m * (dimension + 2);
            const auto at = turned(phase(wave, x));
            const X along = scale() * (wave[1] * at.cosine - wave[0] * at.sine);
            for (std::size_t i = 0; i < dimension; ++i) slope[i] = slope[i] + wave[2 + i] * along;
        }
    }
    /// All entries from one turn of each wave: -scale (a cos w.x + b sin w.x) w w^T, summed.
    void hessian(std::span<const double> x, std::span<double> by_columns) const {
        std::fill(by_columns.begin(), by_columns.end(), 0.0);
        for (std::size_t m = 0; m < waves; ++m) {
            const double* wave = numbers.data() + m * (dimension + 2);
            const auto at = turned(phase(wave, x));
            const double height = scale() * (wave[0] * at.cosine + wave[1] * at.sine);
            for (std::size_t j = 0; j < dimension; ++j)
                for (std::size_t i = 0; i < dimension; ++i)
                    by_columns[j * dimension + i] -= height * wave[2 + i] * wave[2 + j];
        }
    }
    std::vector<KnownPoint> points() const { return {}; }
    std::vector<double> invariants(std::span<const double> x) const { return {x.begin(), x.end()}; }

  private:
    template <class X>
    struct Turned {
        X sine, cosine;
    };

    double scale() const { return 1 / std::sqrt(static_cast<double>(waves)); }
    template <class X>
    X phase(const double* wave, std::span<const X> x) const {
        X sum{};
        for (std::size_t i = 0; i < dimension; ++i) sum = sum + wave[2 + i] * x[i];
        return sum;
    }
    /// pi times a whole number turns the signs; the rest lies within a half.
    static Turned<double> turned(double angle) {
        const double turns = angle / std::numbers::pi, whole = std::nearbyint(turns);
        const auto rest = sine_cosine_pi(turns - whole);
        const bool odd = std::fmod(whole, 2) != 0;
        return {odd ? -rest.sine : rest.sine, odd ? -rest.cosine : rest.cosine};
    }
    template <class X>
    static Turned<X> turned(const X& angle) {
        const auto at = turned(angle.value);
        return {{at.sine, at.cosine * angle.slope}, {at.cosine, -at.sine * angle.slope}};
    }
};

}  // namespace noisetrap
