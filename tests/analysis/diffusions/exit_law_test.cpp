#include "analysis/diffusions/exit_law.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "analysis/diffusions/exit_problem.hpp"
#include "analysis/diffusions/exit_time.hpp"
#include "analysis/laws/edge_law.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

ExitLaw of_linear(double a, double sigma, double tau, double rho, double radius, double x0) {
    const LinearDiffusion sde{a, sigma, tau, rho};
    return {{[=](double x) { return sde.drift(x); }, [=](double x) { return sde.variance(x); }},
            -radius,
            radius,
            x0};
}

}  // namespace

TEST_CASE("the law of exits has its reference values", "[exit_law]") {
    struct Row {
        double a, sigma, tau, rho, R, x0, mean, variance, rate;
        std::vector<double> survival;  // at 1, 2, 5, 10, 20, 40
        double odds;
    };
    const auto row = GENERATE(Row{.3,
                                  1,
                                  .5,
                                  0,
                                  2,
                                  .1,
                                  5.38049212,
                                  21.184935,
                                  .21824133,
                                  {.93776968, .77102954, .40163925, .13487527, .01520976, .00019342},
                                  .53761087},
                              Row{.5,
                                  .4,
                                  .3,
                                  .5,
                                  3,
                                  0,
                                  6.42684322,
                                  9.435310,
                                  .35675599,
                                  {.99994056, .98909824, .62899246, .11500499, .00309942},
                                  .38849479},
                              Row{.1,
                                  1,
                                  .1,
                                  0,
                                  1,
                                  0,
                                  19.62167032,
                                  321.460274,
                                  .05584382,
                                  {.99779544, .97155121, .83307994, .63039195, .36064888, .11804058},
                                  .5},
                              Row{.1,
                                  .6,
                                  .1,
                                  0,
                                  1,
                                  0,
                                  23.46053881,
                                  409.456490,
                                  .04959866,
                                  {.99995559, .99546091, .91064992, .71945489, .43843325, .16259076},
                                  .5});
    const auto law = of_linear(row.a, row.sigma, row.tau, row.rho, row.R, row.x0);
    CHECK_THAT(law.mean(), WithinAbs(row.mean, 6e-9));
    CHECK_THAT(law.variance(), WithinAbs(row.variance, 6e-7));
    CHECK_THAT(law.decay_rate(), WithinAbs(row.rate, 6e-9));
    CHECK_THAT(law.odds_high(), WithinAbs(row.odds, 6e-9));
    const double times[] = {1, 2, 5, 10, 20, 40};
    for (std::size_t i = 0; i < row.survival.size(); ++i)
        CHECK_THAT(law.survival(times[i]), WithinAbs(row.survival[i], 6e-9));
    CHECK(law.survival(0) == 1);
}

TEST_CASE("means are those of the Green's function, and of the closed form at the edge", "[exit_law]") {
    for (const double rho : {0.0, 0.7, -0.95})
        CHECK_THAT(of_linear(-0.4, 0.8, 0.3, rho, 1, 0.2).mean(),
                   WithinRel(mean_exit_time(-0.4, 0.8, 0.3, rho, 1, 0.2), 1e-9));
    CHECK_THAT(of_linear(1, 0, 1, 0, 1, 0).mean(), WithinAbs(0.73944163, 5e-9));
    for (const double a : {0.5, 1.5})
        for (const double time : {0.3, 2.0, 8.0})
            CHECK_THAT(of_linear(a, 1, 0.5, 0, 2, 0.1).survival(time),
                       WithinAbs(*edge_survival(a, 1, 0.5, 2, 0.1, time), 1e-9));
}

TEST_CASE("Brownian motion between two ends leaves by Wald's identities", "[exit_law]") {
    const ExitLaw law({[](double) { return 0.0; }, [](double) { return 4.0; }}, -1, 3, 0.5);
    CHECK_THAT(law.mean(), WithinRel(1.5 * 2.5 / 4, 1e-12));
    CHECK_THAT(law.odds_high(), WithinRel(1.5 / 4, 1e-12));
}

TEST_CASE("a start at an end, noise that vanishes and noise that is too weak are refused", "[exit_law]") {
    CHECK_THROWS_AS(of_linear(0.3, 1, 0.5, 0, 2, 2), std::domain_error);
    CHECK_THROWS_AS(of_linear(0.3, 1, 0, 0, 2, 0.1), std::domain_error);
    CHECK_THROWS_AS(of_linear(1, 0, 1e-4, 0, 1, 0), std::domain_error);
}
