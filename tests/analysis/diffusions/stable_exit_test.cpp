#include "analysis/diffusions/stable_exit.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace noisetrap;
using Catch::Matchers::WithinRel;

namespace {

ExitSteps of_spring(double alpha, double noise, double h) {
    return stable_exit(alpha, 1 - h, noise * std::pow(h, 1 / alpha), 1, 0);
}

}  // namespace

TEST_CASE("Exits of a stable walk: an independent program's means, by 600 nodes and a Fourier transform") {
    struct Case {
        double alpha, noise, h, mean, variation;
    };
    for (const auto& [alpha, noise, h, mean, variation] :
         {Case{1.5, 0.1, 0.1, 75.885843, 0.99910805}, Case{1.5, 0.1, 0.2, 76.118248, 0.99848246},
          Case{1.2, 0.1, 0.1, 27.410433, 0.99758195}}) {
        const auto exit = of_spring(alpha, noise, h);
        CHECK_THAT(exit.mean * h, WithinRel(mean, 4e-6));
        CHECK_THAT(std::sqrt(exit.variance) / exit.mean, WithinRel(variation, 1e-6));
    }
}

TEST_CASE("Exits of a stable walk: a long jump takes it out, after a power of the noise") {
    const double constant = std::tgamma(2.5) * std::sin(std::numbers::pi * 0.75) / std::numbers::pi;
    const auto limit = [&](double noise) { return 1.5 / (2 * constant * std::pow(noise, 1.5)); };
    const double far = of_spring(1.5, 0.2, 0.1).mean * 0.1 / limit(0.2),
                 near = of_spring(1.5, 0.1, 0.1).mean * 0.1 / limit(0.1);
    CHECK(std::abs(near - 1) < 0.05);
    CHECK(std::abs(near - 1) < 0.5 * std::abs(far - 1));
}

TEST_CASE("Exits of a stable walk: one step where it forgets where it was") {
    // A walk without memory leaves with the same odds at every step.
    const auto exit = stable_exit(1.5, 0, 0.5, 1, 0.3);
    const double leaves = 1 / exit.mean;
    CHECK_THAT(exit.variance, WithinRel((1 - leaves) / (leaves * leaves), 1e-9));
}

TEST_CASE("Exits of a stable walk that are not known are refused") {
    CHECK_THROWS_AS(stable_exit(1, 0.9, 0.1, 1, 0), std::domain_error);
    CHECK_THROWS_AS(stable_exit(1.5, 0.9, 0.001, 1, 0), std::domain_error);
    CHECK_THROWS_AS(stable_exit(1.5, 0.9, 0.1, 1, 2), std::domain_error);
}
