// The exact answers against reference values computed independently, to the digits given.
#include "validation/exact.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace noisetrap;

TEST_CASE("Exact: growth rates of the recursion") {
    CHECK(mean_log_abs(Law::gaussian, 1.3, 0.9) == Approx(0.0218664).margin(1e-7));
    CHECK(mean_log_abs(Law::gaussian, 1.02, 0.3) == Approx(-0.0321942).margin(1e-7));
    CHECK(mean_log_abs(Law::gaussian, 0.5, 2.0) == Approx(0.0888929).margin(1e-7));
    CHECK(mean_log_abs(Law::gaussian, 1.1, 1.0) == Approx(-0.134806).margin(1e-6));
    CHECK(mean_log_abs(Law::two_point, 1.1, 0.8) == Approx(-0.281059).margin(1e-6));
}

TEST_CASE("Exact: tail exponents and trap windows") {
    CHECK(tail_index(Law::gaussian, 1.02, 0.3) == Approx(0.584091).margin(1e-6));
    CHECK(tail_index(Law::gaussian, 1.1, 1.0) == Approx(0.292895).margin(1e-6));
    CHECK(tail_index(Law::two_point, 1.1, 0.8) == Approx(0.704642).margin(1e-6));
    const auto gaussian = trap_window(Law::gaussian, 0.02).value(),
               two_point = trap_window(Law::two_point, 0.02).value();
    CHECK(gaussian.lower == Approx(0.196729).margin(1e-6));
    CHECK(gaussian.upper == Approx(1.538002).margin(1e-6));
    CHECK(two_point.lower == Approx(0.200998).margin(1e-6));
    CHECK(two_point.upper == Approx(1.428426).margin(1e-6));
    CHECK(trap_window(Law::gaussian, 0.27807758).has_value());
    CHECK_FALSE(trap_window(Law::gaussian, 0.27807760).has_value());
}

TEST_CASE("Exact: stationary laws") {
    struct Row {
        double a, sigma, tau, rho, x, cdf;
    };
    for (const Row& r : {Row{0.3, 1, 0.5, 0, -2, 0.227432}, Row{0.3, 1, 0.5, 0, -0.6, 0.347578},
                         Row{0.3, 1, 0.5, 0, 0.5, 0.634092}, Row{0.3, 1, 0.5, 0.5, -2, 0.350764},
                         Row{0.3, 1, 0.5, 0.5, -0.6, 0.561733}, Row{0.3, 1, 0.5, 0.5, 0.5, 0.825731},
                         Row{0.3, 1, 0.5, 0.9, -2, 0.506098}, Row{0.3, 1, 0.5, 0.9, -0.6, 0.871938},
                         Row{0.3, 1, 0.5, 0.9, 0.5, 0.985726}, Row{0.3, 1, 0.5, 1, -2, 0.560104},
                         Row{0.3, 1, 0.5, 1, -0.6, 0.989999}, Row{0.3, 1, 0.5, 1, 0.5, 1},
                         Row{-0.4, 0.8, 0.3, -0.5, -0.5, 0.0832387}, Row{-0.4, 0.8, 0.3, -0.5, 0, 0.397777},
                         Row{-0.4, 0.8, 0.3, -0.5, 0.7, 0.975526}})
        CHECK(stationary_law(r.a, r.sigma, r.tau, r.rho).cdf(r.x) == Approx(r.cdf).margin(1e-6));
}

TEST_CASE("Exact: moments, schemes and endpoint errors") {
    const auto moments = recursion_moments(0.02, 0.2, 0.1, 0.5, 1, 100);
    CHECK(moments.first == Approx(7.2446461183).margin(1e-9));
    CHECK(moments.second == Approx(3320.02222556).margin(1e-7));
    CHECK(euler_growth_rate(0.5, std::sqrt(6.0), 0.25) * 0.25 == Approx(-0.06378669).margin(1e-8));
    CHECK(euler_growth_rate(0.5, std::sqrt(6.0), 1) == Approx(0.43704272).margin(1e-8));
    const double euler[] = {3.324776, 1.329027, 0.576552}, milstein[] = {2.669680, 0.799114, 0.210051};
    const std::int64_t steps[] = {16, 64, 256};
    for (int i = 0; i < 3; ++i) {
        CHECK(euler_rms_error(2, 1, 1, steps[i]) == Approx(euler[i]).margin(1e-6));
        CHECK(milstein_rms_error(2, 1, 1, steps[i]) == Approx(milstein[i]).margin(1e-6));
    }
}

TEST_CASE("Exact: exit times") {
    CHECK(mean_exit_time(0.3, 1, 0.5, 0, 2, 0.1) == Approx(5.38049).margin(1e-5));
    CHECK(mean_exit_time(0.5, 0.4, 0.3, 0.5, 3, 0) == Approx(6.42684).margin(1e-5));
    CHECK(mean_exit_time_piecewise_linear(0.5, 0.8, 2) == Approx(2.77624).margin(1e-5));
    CHECK(mean_exit_time(1, 0, 1, 0, 1, 0) == Approx(0.73944163).margin(1e-8));
    // -zeta(1/2)/sqrt(2 pi)
    CHECK(mean_overshoot == Approx(1.4603545088095868 / std::sqrt(2 * M_PI)).epsilon(1e-14));
}

TEST_CASE("Exact: binomial, log-normal and diffusive laws") {
    CHECK(odds_inside(2, 0.1) == Approx(0.75));
    CHECK(odds_inside(4, 0.1) == Approx(11.0 / 16));
    CHECK(diffusion_deviation(0.3, 400) == Approx(6));
    const LogNormalLaw law(0.3, 1, 4);  // log(x/x0) ~ Normal(-0.8, 4)
    CHECK(law.cdf_of_log(-0.8) == Approx(0.5));
    CHECK(law.quantile_of_log(0.5) == Approx(-0.8));
    CHECK(law.survival_of_log(1.2) == Approx(0.158655254).margin(1e-9));
}
