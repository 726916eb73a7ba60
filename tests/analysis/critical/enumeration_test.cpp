#include "analysis/critical/enumeration.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/spectra/index_laws.hpp"
#include "models/landscapes/gaussian_field.hpp"

using namespace noisetrap;

TEST_CASE("enumeration: glasses of three spins have as many points of each index as Kac and Rice say") {
    constexpr int glasses = 150;
    std::array<double, 3> sum{}, square{};
    for (int g = 0; g < glasses; ++g) {
        const auto counts = glass_point_counts({3, static_cast<double>(g), {}});
        CHECK(counts[0] == counts[2]);
        CHECK(counts[0] + counts[2] == counts[1] + 2);
        for (std::size_t k = 0; k < 3; ++k) {
            const auto number = static_cast<double>(counts[k]);
            sum[k] += number, square[k] += number * number;
        }
    }
    const auto exact = spherical_glass_counts(3, 3);
    for (std::size_t k = 0; k < 3; ++k) {
        const double mean = sum[k] / glasses,
                     error = std::sqrt((square[k] / glasses - mean * mean) / glasses);
        CHECK(std::abs(mean - exact[k]) < 4 * error);
    }
}

TEST_CASE("enumeration: closer starts find no other points of a Gaussian field") {
    const LandscapeOf field{GaussianField{2, 64, 3, {}}};
    const auto found = critical_points_in_cube(field, 3, 0.3),
               closer = critical_points_in_cube(field, 3, 0.15);
    CHECK(found.size() == closer.size());
    CHECK(!found.empty());
    for (const auto& point : found) {
        CHECK(point.kind.gradient < 1e-8);
        CHECK(point.kind.flat == 0);
        CHECK(std::any_of(closer.begin(), closer.end(), [&](const auto& other) {
            return std::hypot(point.at[0] - other.at[0], point.at[1] - other.at[1]) < 1e-6;
        }));
    }
}
