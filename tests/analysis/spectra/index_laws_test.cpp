#include "analysis/spectra/index_laws.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "analysis/spectra/density.hpp"
#include "engine/noise/streams.hpp"
#include "engine/noise/variates.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

double variance_of(const std::vector<double>& law) {
    double mean = 0, square = 0;
    for (std::size_t k = 0; k < law.size(); ++k)
        mean += static_cast<double>(k) * law[k], square += static_cast<double>(k * k) * law[k];
    return square - mean * mean;
}

}  // namespace

// Pfaffians of an independent program, in 40 digits
TEST_CASE("index laws: the Gaussian orthogonal ensemble", "[index-laws]") {
    struct Row {
        std::size_t n;
        std::vector<double> law;  // its first half
        double variance;
    };
    const Row rows[] = {
        {1, {.5}, .25},
        {2, {.146446609407, .707106781187}, .292893218813},
        {3, {.0249209209607, .475079079039}, .349683683843},
        {4, {.00245670925979, .176776695297, .641533190887}, .373207064672},
        {5, {1.40114685463e-4, .0376532945253, .462206590789}, .402294554327},
        {6, {4.62018747755e-6, .00462688902504, .190636163043, .609464655488}, .418370601662},
        {7, {8.80461280633e-8, 3.28539865221e-4, .0458815336456, .453789838443}, .437470726072},
        {8,
         {9.69454674931e-10, 1.34822643389e-5, .00646186993765, .198860299944, .589328693768},
         .449658271171}};
    for (const auto& row : rows) {
        const auto law = goe_index_law(row.n);
        REQUIRE(law.size() == row.n + 1);
        CHECK_THAT(std::accumulate(law.begin(), law.end(), 0.0), WithinAbs(1, 1e-14));
        for (std::size_t k = 0; k < row.law.size(); ++k) {
            CHECK_THAT(law[k], WithinRel(row.law[k], 1e-11));
            CHECK_THAT(law[row.n - k], WithinRel(row.law[k], 1e-11));
        }
        CHECK_THAT(variance_of(law), WithinAbs(row.variance, 1e-11));
    }
    CHECK_THROWS_AS(goe_index_law(0), std::domain_error);
}

TEST_CASE("index laws: sampled spectra have the ensemble's", "[index-laws]") {
    constexpr std::uint64_t samples = 20000;
    const std::size_t n = 4;
    std::vector<double> counts(n + 1);
    for (std::uint64_t s = 0; s < samples; ++s) {
        const auto spectrum = goe_spectrum(n, 1, s);
        ++counts[static_cast<std::size_t>(
            std::count_if(spectrum.begin(), spectrum.end(), [](double v) { return v < 0; }))];
    }
    const auto law = goe_index_law(n);
    for (std::size_t k = 0; k <= n; ++k)
        CHECK_THAT(counts[k] / samples, WithinAbs(law[k], 4 * std::sqrt(law[k] * (1 - law[k]) / samples)));
}

TEST_CASE("index laws: independent signs, and how much less rigid they are", "[index-laws]") {
    CHECK(independent_signs_law(2) == std::vector<double>{0.25, 0.5, 0.25});
    CHECK_THAT(variance_of(independent_signs_law(8)), WithinAbs(2, 1e-13));
    CHECK(independent_signs_law(8)[0] > 1e6 * goe_index_law(8)[0]);
}

TEST_CASE("index laws: critical points of a Gaussian field, sampled and in closed form", "[index-laws]") {
    CHECK_THAT(gaussian_field_index_law(3)[0], WithinAbs(.1233022547, 5e-11));
    for (const std::size_t d : {1u, 2u, 3u}) {
        const auto exact = gaussian_field_index_law(d);
        const auto sampled = sampled_gaussian_field_index_law(d, 5000, 2);
        for (std::size_t k = 0; k <= d; ++k) {
            CHECK_THAT(sampled[k].value, WithinAbs(exact[k], 4 * sampled[k].standard_error));
            CHECK(sampled[k].standard_error < 0.01);
        }
    }
    CHECK_THROWS_AS(gaussian_field_index_law(4), std::domain_error);
}

// Sampled ensembles of an independent program
TEST_CASE("index laws: critical points of a Gaussian field in four to ten dimensions", "[index-laws]") {
    struct Row {
        std::size_t d;
        std::vector<double> law;  // its beginning
        double error;             // of the reference
    };
    const Row rows[] = {{4, {.059896, .24993, .38034}, 6e-5},
                        {5, {.028627, .15375, .31763}, 4e-5},
                        {6, {.013572, .08960, .23649, .32068}, 2e-5},
                        {10, {6.172e-4}, 4e-6}};
    for (const auto& row : rows) {
        const auto sampled = sampled_gaussian_field_index_law(row.d, 10000, 3);
        for (std::size_t k = 0; k < row.law.size(); ++k)
            CHECK_THAT(sampled[k].value,
                       WithinAbs(row.law[k], 4 * std::hypot(sampled[k].standard_error, row.error)));
        CHECK(sampled[0].standard_error < 0.15 * row.law[0]);
    }
}

TEST_CASE("index laws: how many critical points a Gaussian field has on a unit of volume", "[index-laws]") {
    constexpr std::uint64_t samples = 20000;
    for (const std::size_t d : {1u, 2u, 3u}) {  // (2 pi)^(-d/2) E|det(G + z)|, G of the ensemble and z normal
        double sum = 0, squares = 0;
        for (std::uint64_t s = 0; s < samples; ++s) {
            const double shift = variate_of<double>(4, Stream::second_noise, s, 0, Law::gaussian);
            double size = std::pow(2 * M_PI, -static_cast<double>(d) / 2);
            for (const double value : goe_spectrum(d, 4, s)) size *= std::abs(value + shift);
            sum += size, squares += size * size;
        }
        const double mean = sum / samples, error = std::sqrt((squares / samples - mean * mean) / samples);
        CHECK_THAT(mean, WithinAbs(gaussian_field_density(d), 4 * error));
        CHECK(error < 0.01);
    }
    CHECK_THAT(gaussian_field_density(2), WithinAbs(.36755, 5e-6));
    CHECK_THAT(gaussian_field_density(3), WithinAbs(.2829, 4 * 4e-4));  // sampled by an independent program
}

TEST_CASE("index laws: index against the value of a Gaussian field of many dimensions", "[index-laws]") {
    CHECK_THAT(gaussian_field_index_share(-1), WithinAbs(.19550, 5e-6));
    CHECK_THAT(gaussian_field_index_share(-.5), WithinAbs(.34252, 5e-6));
    CHECK(gaussian_field_index_share(-2) == 0);
    CHECK(gaussian_field_index_share(0) == 0.5);
    CHECK(gaussian_field_index_share(2.5) == 1);
}

TEST_CASE("index laws: the spherical glass", "[index-laws]") {
    for (const auto& [energy, share] :
         {std::pair{-1.5, .013778}, {-1.2, .078609}, {-.8, .201089}, {-.4, .345634}})
        CHECK_THAT(spherical_glass_index_share(3, energy), WithinAbs(share, 5e-7));
    CHECK(spherical_glass_index_share(3, -1.7) == 0);
    CHECK(spherical_glass_index_share(3, 0) == 0.5);
}

TEST_CASE("index laws: mean numbers of critical points of glasses of two and three spins", "[index-laws]") {
    for (const int p : {3, 4, 7}) {
        const auto two = spherical_glass_counts(p, 2);
        CHECK_THAT(two[0], WithinAbs(std::sqrt(3.0 * p - 2), 1e-12));
        CHECK_THAT(two[1], WithinAbs(two[0], 1e-12));
    }
    const auto three = spherical_glass_counts(3, 3);
    // a sampled ensemble of an independent program: 10.5521(10), by index 3.138, 4.276, 3.138
    CHECK_THAT(three[0] + three[1] + three[2], WithinAbs(10.5521, 0.004));
    CHECK_THAT(three[0], WithinAbs(3.138, 0.001));
    CHECK_THAT(three[1], WithinAbs(4.276, 0.001));
    // by Poincare and Hopf on a sphere
    CHECK_THAT(three[0] - three[1] + three[2], WithinAbs(2, 1e-12));
    CHECK_THAT(three[0], WithinAbs(three[2], 1e-12));
}

TEST_CASE("index laws: glasses of more spins, sampled", "[index-laws]") {
    const auto exact = spherical_glass_counts(3, 3);
    const auto three = sampled_spherical_glass_counts(3, 3, 10000, 5);
    for (std::size_t k = 0; k < 3; ++k)
        CHECK_THAT(three[k].value, WithinAbs(exact[k], 4 * three[k].standard_error));
    for (const auto& [spins, all] : {std::pair{4u, 18.785}, {5u, 31.497}}) {  // of an independent program
        double sum = 0, variance = 0;
        for (const auto& count : sampled_spherical_glass_counts(3, spins, 20000, 6))
            sum += count.value, variance += count.standard_error * count.standard_error;
        CHECK_THAT(sum, WithinAbs(all, 4 * std::sqrt(variance)));
        CHECK(std::sqrt(variance) < 0.003 * all);
    }
}

// The variance of a probe is 2 (|A|^2 - sum of A_ii^2): none for a diagonal matrix
TEST_CASE("trace: probes of signs, with the variance that theory gives them", "[density]") {
    const std::size_t n = 40;
    std::vector<double> a(n * n);
    double trace = 0, beside = 0;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            a[i * n + j] = std::cos(static_cast<double>(i * j)) + (i == j ? 3 : 0);
            if (i == j) trace += a[i * n + j];
            if (i != j) beside += a[i * n + j] * a[i * n + j];
        }
    const Product times = [&](std::span<const double> v, std::span<double> p) {
        for (std::size_t i = 0; i < n; ++i)
            p[i] =
                std::inner_product(v.begin(), v.end(), a.begin() + static_cast<std::ptrdiff_t>(i * n), 0.0);
    };
    const auto found = spectral_quadrature(times, n, 2000, 1, 5);
    const auto estimate = found.trace();
    CHECK_THAT(estimate.value, WithinAbs(trace, 4 * estimate.standard_error));
    // the relative error of a variance of N near-normal values is sqrt(2/N)
    const double variance = estimate.standard_error * estimate.standard_error * 2000;
    CHECK_THAT(variance, WithinRel(2 * beside, 4 * std::sqrt(2.0 / 2000)));
    const Product diagonal = [](std::span<const double> v, std::span<double> p) {
        for (std::size_t i = 0; i < v.size(); ++i) p[i] = static_cast<double>(i) * v[i];
    };
    CHECK_THAT(spectral_quadrature(diagonal, n, 3, 1, 5).trace().value, WithinAbs(780, 1e-9));
    CHECK_THAT(spectral_quadrature(diagonal, n, 3, 1, 5).trace().standard_error, WithinAbs(0, 1e-9));
}

TEST_CASE("density: shares of the semicircle of a large random matrix", "[density]") {
    const std::size_t n = 1000;
    std::vector<double> spectrum(n);
    // quantiles of the semicircle on [-2, 2] by bisection
    const auto below = [](double x) {
        return 0.5 + (x * std::sqrt(4 - x * x) / 4 + std::asin(x / 2)) / M_PI;
    };
    for (std::size_t i = 0; i < n; ++i) {
        double low = -2, high = 2;
        for (int step = 0; step < 50; ++step) {
            const double middle = (low + high) / 2;
            (below(middle) < (static_cast<double>(i) + 0.5) / n ? low : high) = middle;
        }
        spectrum[i] = low;
    }
    const Product times = [&](std::span<const double> v, std::span<double> p) {
        for (std::size_t i = 0; i < n; ++i) p[i] = spectrum[i] * v[i];
    };
    const auto found = spectral_quadrature(times, n, 10, 40, 1);
    for (const auto& [x, share] : {std::pair{-1.0, .195501}, {-.5, .342516}, {0.0, .5}, {.5, .657484}})
        CHECK_THAT(found.share_below(x).value,
                   WithinAbs(share, 0.015));  // the weight of a node, pi/(2 * 40) at most
    double integral = 0;
    for (int i = -300; i <= 300; ++i) integral += found.density(i / 100.0, 0.1) / 100;
    CHECK_THAT(integral, WithinAbs(1, 1e-3));
    CHECK_THAT(found.density(0, 0.1), WithinAbs(1 / M_PI, 0.02));
}
