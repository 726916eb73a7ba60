// Plain references against numbers worked out by hand, and that they are not the engine's own.
#include "validation/references.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace noisetrap;

TEST_CASE("The plain octopus has the slopes of the paper's pieces") {
    const PlainOctopus octopus{3, 0.7, 1.3, 1.5};
    // All below tau: -gamma x_1^2 + L x_2^2 + L x_3^2.
    const auto low = octopus.gradient({0.5, -0.4, 0.3});
    CHECK(low[0] == Approx(-2 * 0.7 * 0.5));
    CHECK(low[1] == Approx(2 * 1.3 * -0.4));
    CHECK(low[2] == Approx(2 * 1.3 * 0.3));
    // The first two left: L (|x| - 4 tau)^2 for both.
    const auto far = octopus.gradient({-3.5, 6.2, 0.3});
    CHECK(far[0] == Approx(-2 * 1.3 * (3.5 - 6)));
    CHECK(far[1] == Approx(2 * 1.3 * (6.2 - 6)));
    CHECK(far[2] == Approx(-2 * 0.7 * 0.3));
    // g1 and g2 join their neighbours with their slopes, at tau and at 2 tau.
    for (const double seam : {1.5, 3.0}) {
        const auto before = octopus.gradient({seam - 1e-9, 0.4, 0.3}),
                   after = octopus.gradient({seam + 1e-9, 0.4, 0.3});
        CHECK(before[0] == Approx(after[0]).margin(1e-6));
        CHECK(before[1] == Approx(after[1]).margin(1e-6));
    }
}

TEST_CASE("Gradient descent takes three times as many steps for every further axis of the plain octopus") {
    const std::uint64_t known[] = {6, 21, 62, 173, 472, 1284};
    for (std::size_t d = 1; d <= 6; ++d)
        CHECK(PlainOctopus{d}.steps_of_descent(0.25, 0.5, 2000) == known[d - 1]);
    CHECK(PlainOctopus{6}.steps_of_descent(0.25, 0.5, 1000) == 1000);
    CHECK(PlainOctopus{4, 1.01}.steps_of_descent(0.25, 0.5, 2000) != known[3]);
}

TEST_CASE("Plain AMSGrad takes the published steps") {
    PlainAmsGrad ams(0.1, 0.9, 0.99, 1e-8, 1);
    ams.step(2);  // the first step of Adam is the rate, whatever the gradient
    CHECK(ams.x() == Approx(0.9).epsilon(1e-7));
    ams.step(-1);  // m = 0.9 0.2 - 0.1 = 0.08, v = 0.99 0.04 + 0.01 = 0.0496
    CHECK(ams.x() == Approx(0.9 - 0.1 * 0.08 / 0.19 / std::sqrt(0.0496 / 0.0199)).epsilon(1e-7));
    for (int i = 0; i < 500; ++i) ams.step(0);  // the divisor stays
    CHECK(ams.effective_rate() == Approx(0.01 / std::sqrt(0.0496)).epsilon(1e-6));
}

TEST_CASE("Levels of antithetic Milstein steps have the variances of an independent program") {
    const double known[] = {2.3392e-2, 4.2722e-3, 8.8006e-4, 1.9886e-4, 4.7233e-5};
    for (int level = 1; level <= 5; ++level)
        CHECK(antithetic_level_variance(-0.5, 0.5, 0.5, 1, 1 << level) ==
              Approx(known[level - 1]).epsilon(3e-5));
}

TEST_CASE("Truncated steps of the quartic well have the mean squares of an independent program") {
    // 2e5 paths each
    CHECK(std::abs(truncated_mean_square(1.5, 1, 0.2, 40, 2) - 0.8252) < 4 * 0.0027);
    CHECK(std::abs(truncated_mean_square(1.5, 1, 0.1, 80, 2) - 0.8560) < 4 * 0.0024);
}
