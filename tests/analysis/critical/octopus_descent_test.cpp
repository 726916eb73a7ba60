#include "analysis/critical/octopus_descent.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "validation/references.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinRel;

TEST_CASE("Many steps of descent at once leave the octopus when single ones of the plain octopus do") {
    for (const double rate : {0.25, 0.1})
        for (const double start : {0.5, 1e-3})
            for (std::size_t d = 1; d <= 6; ++d)
                CHECK(octopus_descent_steps({d, 0.8, 1, 2}, rate, start) ==
                      PlainOctopus{d, 0.8, 1, 2}.steps_of_descent(rate, start, 1000000));
    CHECK(octopus_descent_steps({8, 1, 1, std::exp(1.0)}, 0.25, 0.5) ==
          PlainOctopus{8}.steps_of_descent(0.25, 0.5, 1000000));
}

TEST_CASE("Each axis of twenty multiplies the steps of descent by what it has to come back from") {
    OctopusChain octopus{19, 1, 1, std::exp(1.0)};
    const auto nineteen = static_cast<double>(octopus_descent_steps(octopus, 0.25, 0.5));
    octopus.dimension = 20;
    const auto twenty = static_cast<double>(octopus_descent_steps(octopus, 0.25, 0.5));
    const double growth = octopus_descent_growth(octopus, 0.25);
    CHECK_THAT(growth, WithinRel(1 + std::log(2.0) / std::log(1.5), 1e-12));
    CHECK_THAT(twenty / nineteen, WithinRel(growth, 1e-6));
    CHECK(twenty > 1e9);
    CHECK_THROWS_WITH(octopus_descent_steps(octopus, 0.5, 0.5),
                      "2 rate L must be below 1: axes that wait would become 0");
}
