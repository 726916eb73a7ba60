// Growth rates and tails of factors with heavy-tailed noise, against the figures of an independent program.
#include "analysis/growth/heavy_laws.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "analysis/growth/growth.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

static NoiseLaw student(double nu) { return {Law::student_t, nu}; }
static NoiseLaw stable(double alpha) { return {Law::stable, alpha}; }

TEST_CASE("Student's growth rate is that of the published figures") {
    CHECK_THAT(mean_log_abs(student(3), 1.1, 0.5), WithinAbs(0.0179853411, 5e-11));
    CHECK_THAT(mean_log_abs(student(3), 1.02, 0.4), WithinAbs(-0.0419614864, 5e-11));
    CHECK_THAT(mean_log_abs(student(5), 1.1, 0.5), WithinAbs(-0.016245381, 5e-10));
    CHECK_THAT(mean_log_abs(student(5), 1.02, 0.4), WithinAbs(-0.0674312174, 5e-11));
    CHECK_THAT(mean_log_abs(student(7), 1.1, 0.5), WithinAbs(-0.0280477103, 5e-10));
    // Of three degrees of freedom it is log(mu^2 + sigma^2)/2 - sigma^2/(mu^2 + sigma^2).
    CHECK_THAT(mean_log_abs(student(3), 0.3, 2.0), WithinAbs(std::log(4.09) / 2 - 4 / 4.09, 1e-14));
}

TEST_CASE("Many degrees of freedom are nearly the normal law") {
    CHECK_THAT(mean_log_abs(student(100001), 1.1, 0.7),
               WithinAbs(mean_log_abs(Law::gaussian, 1.1, 0.7), 1e-5));
}

TEST_CASE("The characteristic function gives the same growth rate as closed forms") {
    for (const double mean : {0.0, 0.4, 1.1, 30.0}) {
        CHECK_THAT(mean_log_abs_of(RandomFactor::Noise{student(3), 0.8}, mean),
                   WithinAbs(student_mean_log(3, mean, 0.8), 1e-11));
        CHECK_THAT(mean_log_abs_of(RandomFactor::Noise{Law::gaussian, 0.8}, mean),
                   WithinAbs(mean_log_abs(Law::gaussian, mean, 0.8), 1e-11));
        // Two stable noises of one exponent are one.
        CHECK_THAT(mean_log_abs_of({{stable(1.5), 0.3}, {stable(1.5), 0.5}}, mean),
                   WithinAbs(mean_log_abs(stable(1.5), mean,
                                          std::pow(std::pow(0.3, 1.5) + std::pow(0.5, 1.5), 1 / 1.5)),
                             1e-11));
        // Cauchy: log(mu^2 + s^2)/2. At alpha = 2 the variance is 2.
        CHECK_THAT(mean_log_abs(stable(1), mean, 0.8), WithinAbs(std::log(std::hypot(mean, 0.8)), 1e-11));
        CHECK_THAT(mean_log_abs(stable(2), mean, 0.8),
                   WithinAbs(mean_log_abs(Law::gaussian, mean, 0.8 * std::numbers::sqrt2), 1e-11));
    }
}

TEST_CASE("A stable law's growth rate is that of the published figures") {
    CHECK_THAT(mean_log_abs(stable(1.5), 1.1, 0.4), WithinAbs(-0.0169122, 5e-8));
    CHECK_THAT(mean_log_abs(stable(1.8), 1.1, 0.4), WithinAbs(-0.0639348, 5e-8));
    for (const double alpha : {0.3, 0.7, 1.2, 1.9})  // log s + gamma (1/alpha - 1)
        CHECK_THAT(mean_log_abs(stable(alpha), 0, 0.4),
                   WithinAbs(std::log(0.4) + std::numbers::egamma * (1 / alpha - 1), 1e-10));
}

TEST_CASE("The heavier the tail, the weaker the trap, and without a mean there is none") {
    // The largest a that noise of any size traps.
    struct Case {
        NoiseLaw law;
        double most;
    };
    for (const auto& [law, most] :
         {Case{student(3), 0.16582199}, Case{student(5), 0.21154844}, Case{student(9), 0.24166484},
          Case{stable(1.1), 0.010220}, Case{stable(1.5), 0.134746}, Case{stable(1.9), 0.254003}}) {
        CAPTURE(law.shape);
        CHECK(trap_window(law, most - 1e-6));
        CHECK_FALSE(trap_window(law, most + 1e-6));
    }
    CHECK_FALSE(trap_window(stable(1), 1e-9));
    CHECK_FALSE(trap_window(stable(0.7), 1e-9));
    const auto window = trap_window(student(3), 0.1).value(), wide = trap_window(student(5), 0.1).value();
    CHECK_THAT(window.lower, WithinAbs(0.582019, 5e-7));
    CHECK_THAT(window.upper, WithinAbs(1.696371, 5e-7));
    CHECK_THAT(wide.lower, WithinAbs(0.453962, 5e-7));
    CHECK_THAT(trap_window(student(3), 0.02).value().upper, WithinAbs(1.934342, 5e-7));
}

TEST_CASE("Tails of trapped laws with heavy noise") {
    CHECK_THAT(tail_index(student(3), 1.1, 0.7), WithinAbs(0.104151, 5e-7));
    CHECK_THAT(tail_index(student(5), 1.1, 0.7), WithinAbs(0.266183, 5e-7));
    CHECK(tail_index(student(3), 0.1, 0.1) < 3);
    CHECK(tail_index(stable(1.5), 0.3, 0.1) < 1.5);
    // E|mu + s Z|^kappa of a Cauchy variate: |mu + i s|^kappa cos(kappa atan(mu/s))/cos(pi kappa/2).
    const double kappa = 0.6, m = 0.5, s = 0.3;
    CHECK_THAT(stable_moment(1, kappa, m, s),
               WithinRel(std::pow(std::hypot(m, s), kappa) * std::cos(kappa * std::atan2(m, s)) /
                             std::cos(std::numbers::pi * kappa / 2),
                         1e-9));
    CHECK_THAT(stable_moment(2, 1.3, 0, 1),
               WithinRel(std::pow(2.0, 1.3) * std::tgamma(1.15) / std::sqrt(std::numbers::pi), 1e-9));
    CHECK_THAT(student_moment(5, 2, 0.7, 0.4), WithinRel(0.49 + 0.16, 1e-9));
}

TEST_CASE("Growth with stable and with jumping noise tends to the SDE's as steps shrink") {
    const double a = 0.2, sigma = 0.7;
    for (const auto& [alpha, growth] :
         {std::pair{1.2, 0.0150636}, std::pair{1.5, -0.1670092}, std::pair{1.8, -0.2661347}}) {
        CHECK_THAT(a + stable_growth(alpha, sigma), WithinAbs(growth, 5e-8));
        const double h = 1e-4;
        CHECK_THAT(step_growth(stable(alpha), a * h, sigma * std::pow(h, 1 / alpha)) / h,
                   WithinAbs(growth, 1e-3));
    }
    // Rate 2, sizes +-0.5 with equal odds: 0.3 - 0.125 + log(1.5) + log(0.5).
    const double h = 1e-5;
    const RandomFactor factor{
        1 + 0.3 * h, {{Law::gaussian, 0.5 * std::sqrt(h)}, {{Law::jumps, h}, 0.5}, {{Law::jumps, h}, -0.5}}};
    CHECK_THAT(mean_log_abs(factor) / h, WithinAbs(-0.1126821, 1e-3));
}

TEST_CASE("Factors with noises of several laws") {
    const RandomFactor two{1.1, {{stable(1.5), 0.3}, {Law::two_point, 0.2}}};
    CHECK_THAT(
        mean_log_abs(two),
        WithinAbs((mean_log_abs(stable(1.5), 1.3, 0.3) + mean_log_abs(stable(1.5), 0.9, 0.3)) / 2, 1e-12));
    const RandomFactor both{1.1, {{stable(2), 0.3}, {Law::gaussian, 0.4}}};
    CHECK_THAT(mean_log_abs(both),
               WithinAbs(mean_log_abs(Law::gaussian, 1.1, std::sqrt(2 * 0.09 + 0.16)), 1e-11));
}
