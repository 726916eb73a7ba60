#include "analysis/growth/remedies.hpp"

#include <boost/math/distributions/inverse_gamma.hpp>
#include <boost/math/quadrature/exp_sinh.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "analysis/growth/growth.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("the SDE escapes with batches above sigma^2/(2a)", "[remedies]") {
    const double a = 0.02, sigma = 1, b = critical_batch(a, sigma);
    CHECK_THAT(b, WithinRel(25.0, 1e-14));
    CHECK_THAT(sde_growth_rate(a, sigma / std::sqrt(b)), WithinAbs(0, 1e-16));
    CHECK(sde_growth_rate(a, sigma / std::sqrt(b + 1)) > 0);
}

TEST_CASE("the recursion escapes with batches above its own critical batch", "[remedies]") {
    const Law law = GENERATE(Law::gaussian, Law::uniform, Law::two_point);
    const double a = GENERATE(1e-6, 0.02, 0.2), sigma = GENERATE(0.5, 3.0), l = GENERATE(0.1, 1.0);
    const auto b = critical_batch(law, a, sigma, l);
    REQUIRE(b);
    const auto growth = [=](double batch) { return step_growth(law, l * a, l * sigma / std::sqrt(batch)); };
    CHECK(growth(*b * (1 + 1e-9)) > 0);
    CHECK(growth(*b * (1 - 1e-9)) < 0);
}

TEST_CASE("critical batch and learning rate tend to those of the SDE with small steps", "[remedies]") {
    for (const Law law : {Law::gaussian, Law::uniform, Law::two_point}) {
        CHECK_THAT(*critical_batch(law, 0.02, 1, 1e-6), WithinRel(critical_batch(0.02e-6, 1e-6), 1e-6));
        const auto window = learning_rate_window(law, 1e-6, 1);
        CHECK_THAT(window->lower, WithinRel(critical_learning_rate(1e-6, 1), 1e-5));
    }
}

TEST_CASE("no batch is trapped where the law has no trap window", "[remedies]") {
    CHECK_FALSE(critical_batch(Law::gaussian, 0.5, 2, 1));
    CHECK(critical_batch(Law::two_point, 0.5, 2, 1));
    CHECK(critical_batch(Law::gaussian, 0.5, 2, 0.1));
}

TEST_CASE("a batch without replacement is less noisy, and a batch of all samples has no noise",
          "[remedies]") {
    CHECK(deviation_without_replacement(2, 1, 50) == 2);
    CHECK(deviation_without_replacement(2, 50, 50) == 0);
    CHECK_THAT(deviation_without_replacement(2, 2, 3),
               WithinRel(1.0, 1e-14));  // means of pairs: 1/2, variance 1
    const double population = GENERATE(2.0, 30.0, 1e6), with = GENERATE(1.0, 25.0, 1e3);
    const double without = batch_without_replacement(with, population);
    CHECK(without <= with);
    CHECK(without < population);
    CHECK_THAT(deviation_without_replacement(3, without, population), WithinRel(3 / std::sqrt(with), 1e-7));
}

TEST_CASE("the mean of two-point samples is binomial", "[remedies]") {
    const double a = 0.05, sigma = 0.7;
    CHECK_THAT(two_point_batch_growth(1, a, sigma), WithinAbs(step_growth(Law::two_point, a, sigma), 1e-15));
    const double of_two = (std::log(1 + a + sigma) + 2 * std::log(1 + a) + std::log(1 + a - sigma)) / 4;
    CHECK_THAT(two_point_batch_growth(2, a, sigma), WithinAbs(of_two, 1e-15));
    CHECK(two_point_batch_growth(2, 0, 1) == -std::numeric_limits<double>::infinity());
    // Its third moment is 0 and its fourth (3 - 2/b)/b^2: to order s^4 Gaussian less s^4/4 times 3 - 2/b.
    const double s2 = 1e-4;
    CHECK_THAT(two_point_batch_growth(5, 0, std::sqrt(s2)),
               WithinAbs(-s2 / 10 - s2 * s2 / 4 * (3 - 2.0 / 5) / 25, 1e-13));
    CHECK_THAT(two_point_batch_growth(1000, a, sigma),
               WithinAbs(step_growth(Law::gaussian, a, sigma / std::sqrt(1000)), 1e-9));
}

TEST_CASE("the SDE escapes at learning rates below 2a/sigma^2", "[remedies]") {
    const double l = critical_learning_rate(0.3, 1.5);
    CHECK_THAT(sde_growth_rate(l * 0.3, l * 1.5), WithinAbs(0, 1e-16));
    CHECK(sde_growth_rate(l * 0.29, l * 1.5) < 0);
}

TEST_CASE("the recursion is trapped inside its window of learning rates only", "[remedies]") {
    const Law law = GENERATE(Law::gaussian, Law::uniform, Law::two_point);
    const double a = GENERATE(1e-6, 0.02, 0.3), sigma = GENERATE(1.0, 5.0);
    const auto window = learning_rate_window(law, a, sigma);
    REQUIRE(window);
    const auto growth = [=](double l) { return step_growth(law, l * a, l * sigma); };
    CHECK(growth(window->lower * (1 - 1e-8)) > 0);
    CHECK(growth(window->lower * (1 + 1e-8)) < 0);
    CHECK(growth(window->upper * (1 - 1e-8)) < 0);
    CHECK(growth(window->upper * (1 + 1e-8)) > 0);
    for (double part = 0.01; part < 1; part += 0.03) {
        CHECK(growth(part * window->lower) > 0);
        CHECK(growth(window->lower + part * (window->upper - window->lower)) < 0);
        CHECK(growth(window->upper / part) > 0);
    }
}

TEST_CASE("weak noise leaves no learning rate that traps", "[remedies]") {
    CHECK_FALSE(learning_rate_window(Law::two_point, 1, 1));
    CHECK(learning_rate_window(Law::two_point, 1, 1.001));
    CHECK_FALSE(learning_rate_window(Law::gaussian, 1, 1));
    for (const double l : {0.01, 0.1, 0.5, 1.0, 2.0, 10.0}) CHECK(step_growth(Law::gaussian, l, l) > 0);
}

TEST_CASE("without repulsion every small learning rate traps", "[remedies]") {
    for (const Law law : {Law::gaussian, Law::uniform, Law::two_point}) {
        const auto window = learning_rate_window(law, 0, 2);
        CHECK(window->lower == 0);
        CHECK_THAT(window->upper, WithinRel(trap_window(law, 0)->upper / 2, 1e-14));
    }
}

TEST_CASE("an annealed escape has its reference values", "[remedies]") {
    const auto schedule = [](std::uint64_t n) { return 0.2 / (1 + static_cast<double>(n) / 100); };
    const auto growth = annealed_growth(Law::gaussian, 1, 5, schedule, 2000);
    CHECK_THAT(growth.minimum, WithinAbs(-9.7263, 5e-5));
    CHECK(growth.minimum_step == 187);
    REQUIRE(growth.return_step);
    CHECK(*growth.return_step == 760);
    CHECK(growth.last > 0);
}

TEST_CASE("annealed growth after n steps adds the rates of steps 0 to n-1", "[remedies]") {
    const auto schedule = [](std::uint64_t n) { return n == 0 ? 1.0 : 0.1; };
    const auto growth = annealed_growth(Law::two_point, 0.2, 0.9, schedule, 3);
    const double first = step_growth(Law::two_point, 0.2, 0.9),
                 later = step_growth(Law::two_point, 0.02, 0.09);
    REQUIRE(first < 0);
    REQUIRE(later > 0);
    CHECK(growth.minimum == first);
    CHECK(growth.minimum_step == 1);
    CHECK_THAT(growth.last, WithinAbs(first + 2 * later, 1e-15));
    CHECK_FALSE(growth.return_step);
    CHECK(annealed_growth(Law::two_point, 0.2, 0.9, schedule, 0).last == 0);
}

TEST_CASE("a schedule that never dips has its minimum at the start and does not return", "[remedies]") {
    const auto growth = annealed_growth(
        Law::gaussian, 0.1, 0, [](std::uint64_t) { return 1.0; }, 10);
    CHECK(growth.minimum == 0);
    CHECK(growth.minimum_step == 0);
    CHECK_FALSE(growth.return_step);
    CHECK_THAT(growth.last, WithinRel(10 * std::log(1.1), 1e-14));
}

TEST_CASE("an epoch of SVRG grows by its reference values", "[remedies]") {
    CHECK_THAT(svrg_epoch_growth(0.3, 1), WithinAbs(2.44041, 5e-6));
    CHECK_THAT(svrg_epoch_growth(1, 2), WithinAbs(1.80382, 5e-6));
}

TEST_CASE("an epoch of SVRG grows by E log(1 + G), G inverse gamma", "[remedies]") {
    const double a = GENERATE(0.01, 0.3, 0.45), sigma = 1, scale = 2 * a / (sigma * sigma);
    const boost::math::inverse_gamma_distribution<> law(1 - scale, scale);
    boost::math::quadrature::exp_sinh<double> rule;
    const auto log_excess = [&](double g) {
        return std::isinf(g) ? 0 : std::log1p(g) * boost::math::pdf(law, g);
    };
    // The tail g^(scale - 2) dg converges slowly: with g = e^v it is exponential.
    const auto above = [&](double v) { return v > 600 ? 0.0 : log_excess(std::exp(v)) * std::exp(v); };
    const auto below = [&](double v) { return v > 600 ? 0.0 : log_excess(std::exp(-v)) * std::exp(-v); };
    CHECK_THAT(svrg_epoch_growth(a, sigma), WithinRel(rule.integrate(above) + rule.integrate(below), 1e-8));
}

TEST_CASE("two curvatures at random have their reference values", "[remedies]") {
    CHECK_THAT(two_curvature_growth(0.5, 0.2), WithinAbs(0.0196104, 5e-8));
    CHECK_THAT(two_curvature_growth(0.5, 0.5), WithinAbs(-0.0667657, 5e-8));
    CHECK_THAT(two_curvature_growth(0.5, 1.5), WithinAbs(0.2427539, 5e-8));
}

TEST_CASE("two curvatures at random trap between two learning rates", "[remedies]") {
    const double q = GENERATE(0.0, 0.01, 0.5, 3.0);
    const auto window = two_curvature_window(q);
    CHECK_THAT(window.lower, WithinAbs(q / (1 + q), 1e-14));
    CHECK_THAT(window.upper, WithinRel((q + std::sqrt(q * q + 8 * (1 + q))) / (2 * (1 + q)), 1e-14));
    CHECK_THAT(two_curvature_growth(q, window.lower), WithinAbs(0, 1e-14));
    CHECK_THAT(two_curvature_growth(q, window.upper), WithinAbs(0, 1e-14));
    CHECK(two_curvature_growth(q, (window.lower + window.upper) / 2) < 0);
}

TEST_CASE("a two-sided quadratic has its reference growth rate", "[remedies]") {
    CHECK_THAT(two_sided_growth({0.05, 0.6}, {0.2, 0.9}), WithinAbs(-0.129574, 5e-7));
}

TEST_CASE("a two-sided quadratic with equal sides has one side's growth rate", "[remedies]") {
    CHECK_THAT(two_sided_growth({0.1, 0.8}, {0.1, 0.8}),
               WithinAbs(step_growth(Law::gaussian, 0.1, 0.8), 1e-15));
    CHECK(two_sided_growth({0.1, 0.8}, {0.3, 0.5}) == two_sided_growth({0.3, 0.5}, {0.1, 0.8}));
}

TEST_CASE("a two-sided quadratic stays where the sign changes least", "[remedies]") {
    CHECK_THAT(two_sided_growth({0.05, 0.1}, {0.2, 5}),
               WithinAbs(step_growth(Law::gaussian, 0.05, 0.1), 1e-6));
}

TEST_CASE("remedies reject what has no answer", "[remedies]") {
    CHECK_THROWS_AS(critical_batch(0, 1), std::domain_error);
    CHECK_THROWS_AS(critical_batch(Law::gaussian, -0.1, 1, 1), std::domain_error);
    CHECK_THROWS_AS(critical_batch(Law::gaussian, 0.1, 1, 0), std::domain_error);
    CHECK_THROWS_AS(critical_learning_rate(0.1, 0), std::domain_error);
    CHECK_THROWS_AS(learning_rate_window(Law::gaussian, -0.1, 1), std::domain_error);
    CHECK_THROWS_AS(deviation_without_replacement(1, 6, 5), std::domain_error);
    CHECK_THROWS_AS(batch_without_replacement(0, 5), std::domain_error);
    CHECK_THROWS_AS(two_point_batch_growth(0, 0.1, 1), std::domain_error);
    CHECK_THROWS_AS(svrg_epoch_growth(0.5, 1), std::domain_error);
    CHECK_THROWS_AS(svrg_epoch_growth(-0.1, 1), std::domain_error);
    CHECK_THROWS_AS(two_curvature_window(-0.1), std::domain_error);
    CHECK_THROWS_AS(two_sided_growth({0.1, 0}, {0.1, 1}), std::domain_error);
    CHECK_THROWS_AS(two_sided_growth({0.1, 0.01}, {0.1, 0.01}), std::domain_error);
    const auto broken = [](std::uint64_t n) { return 1 / (1 - static_cast<double>(n)); };
    CHECK_THROWS_AS(annealed_growth(Law::gaussian, 1, 1, broken, 5), std::domain_error);
}
