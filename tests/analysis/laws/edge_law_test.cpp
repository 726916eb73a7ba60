#include "analysis/laws/edge_law.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "analysis/diffusions/fokker_planck.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double sigma = 1, tau = 0.5, x0 = 0.1, t = 2;

}  // namespace

TEST_CASE("laws at the edge of the trap have their printed values", "[edge_law]") {
    struct Row {
        double a, at[4];
    };
    for (const auto& row : {Row{0.5, {.12276005, .44413440, .68535631, .90998949}},
                            Row{1.5, {.24409093, .39708052, .49545837, .68226491}},
                            Row{-0.5, {.03640341, .47931306, .85461618, .98920649}}}) {
        const EdgeLaw law(row.a, sigma, tau, x0, t);
        const double places[] = {-1, 0, 0.5, 2};
        for (int i = 0; i < 4; ++i) CHECK_THAT(law.cdf(places[i]), WithinAbs(row.at[i], 6e-9));
    }
}

TEST_CASE("closed laws are what the Fokker-Planck equation comes to", "[edge_law]") {
    const double a = GENERATE(0.5, 1.5, -0.5, 2.5);
    const Diffusion sde{[=](double x) { return a * x; },
                        [](double x) { return sigma * sigma * x * x + tau * tau; }};
    const Grid grid{{-1e12, 1e12}, Spacing::symlog(0, tau / sigma), 1024};
    for (const auto& law : transient_laws(sde, grid, x0, std::vector{0.5, t})) {
        const EdgeLaw exact(a, sigma, tau, x0, law.time());
        for (const double x : {-20.0, -1.0, 0.0, 0.1, 0.5, 2.0, 300.0})
            CHECK_THAT(law.cdf(x), WithinAbs(exact.cdf(x), law.error()));
        CHECK(law.error() < 2e-4);
    }
}

TEST_CASE("quantiles invert the law, which mirrors with its start and takes any unit of length",
          "[edge_law]") {
    const double a = GENERATE(0.5, 1.5, -0.5, 2.5) * 0.49;
    const EdgeLaw law(a, 0.7, 2, 3, 1.5), mirrored(a, 0.7, 2, -3, 1.5), in_units(a, 0.7, 200, 300, 1.5);
    for (const double p : {1e-4, 0.1, 0.5, 0.93}) {
        const double x = law.quantile(p);
        CHECK_THAT(law.cdf(x), WithinAbs(p, 1e-9));
        CHECK_THAT(1 - mirrored.cdf(-x), WithinAbs(p, 1e-9));
        CHECK_THAT(in_units.cdf(100 * x), WithinAbs(p, 1e-9));
    }
    CHECK_THAT(law.cdf(1e12) - law.cdf(-1e12), WithinAbs(1, 1e-9));
}

TEST_CASE("exits at the edge have their printed values", "[edge_law]") {
    const double R = 2;
    CHECK_THAT(*edge_mean_exit_time(0.5, sigma, tau, R, x0), WithinAbs(4.34834290, 5e-9));
    CHECK_THAT(*edge_mean_exit_time(1.5, sigma, tau, R, x0), WithinAbs(1.99320333, 5e-9));
    const double price = std::asinh(sigma * R / tau) / sigma;
    CHECK_THAT(*edge_mean_exit_time(0.5, sigma, tau, R, 0), WithinRel(price * price, 1e-15));
    const double times[] = {1, 2, 5, 10}, edge[] = {.92021809, .71512863, .30869413, .07568130},
                 beyond[] = {.77694531, .38112434, .03687363, .00074207};
    for (int i = 0; i < 4; ++i) {
        CHECK_THAT(*edge_survival(0.5, sigma, tau, R, x0, times[i]), WithinAbs(edge[i], 6e-9));
        CHECK_THAT(*edge_survival(1.5, sigma, tau, R, x0, times[i]), WithinAbs(beyond[i], 6e-9));
    }
    CHECK_THAT(*edge_survival(1.5, sigma, tau, R, x0, 1e-3), WithinAbs(1, 1e-12));
    CHECK(*edge_survival(0.5, sigma, tau, R, 2, 1) == 0);
}

TEST_CASE("between the closed rates nothing is closed", "[edge_law]") {
    CHECK_FALSE(has_edge_law(0.3, 1, 0.5));
    CHECK_FALSE(has_edge_law(0.5, 1, 0));
    CHECK_FALSE(has_edge_law(0, 0, 1));
    CHECK(has_edge_law(0.245, 0.7, 1e-3));
    CHECK_FALSE(edge_mean_exit_time(-0.5, 1, 0.5, 2, 0).has_value());
    CHECK_FALSE(edge_survival(2.5, 1, 0.5, 2, 0, 1).has_value());
    CHECK_THROWS_AS(EdgeLaw(0.3, 1, 0.5, 0, 1), std::domain_error);
}
