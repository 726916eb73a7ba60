#include "analysis/growth/heavy_ball.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "analysis/growth/growth.hpp"
#include "analysis/growth/lyapunov.hpp"
#include "analysis/laws/moments.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

// v <- m v + (a + sigma Z) x, x <- x + v
Estimate growth_by_simulation(const HeavyBall& ball) {
    boost::random::mt19937_64 random(11);
    boost::random::normal_distribution<double> normal;
    const auto next = [&]() -> Eigen::MatrixXd {
        const double pull = ball.a + ball.sigma * normal(random);
        return Eigen::Matrix2d{{1 + pull, ball.momentum}, {pull, ball.momentum}};
    };
    return lyapunov_exponents(next, {3000}).front();
}

// Solves the stationary second moments (xx, xv, vv) of v <- m v - (h + sigma Z) x + tau Y, x <- x + v.
double variance_by_moments(double h, double m, double sigma, double tau) {
    const double n = h * h + sigma * sigma, t = tau * tau;
    const Eigen::Matrix3d step{{(1 - h) * (1 - h) + sigma * sigma, 2 * m * (1 - h), m * m},
                               {n - h, m * (1 - 2 * h), m * m},
                               {n, -2 * m * h, m * m}};
    Eigen::Matrix3d left = Eigen::Matrix3d::Identity() - step;
    const Eigen::Vector3d right{t, t, t};
    const double all = left.determinant();  // Cramer's rule
    left.col(0) = right;
    return left.determinant() / all;
}

}  // namespace

TEST_CASE("the continuous heavy ball has its reference exponent", "[heavy_ball]") {
    CHECK_THAT(heavy_ball_sde_growth(1, 0.1, 1), WithinAbs(-0.108546, 5e-7));
    CHECK(heavy_ball_sde_growth(1, 0.1, -1) == heavy_ball_sde_growth(1, 0.1, 1));
}

TEST_CASE("without noise the continuous heavy ball follows its characteristic root", "[heavy_ball]") {
    CHECK_THAT(heavy_ball_sde_growth(1, 0.5, 0), WithinRel(std::sqrt(1.5) - 1, 1e-14));
    CHECK_THAT(heavy_ball_sde_growth(1, -3, 0), WithinRel(-1, 1e-14));
    CHECK_THAT(heavy_ball_sde_growth(1, 0.5, 1e-5), WithinAbs(std::sqrt(1.5) - 1, 1e-9));
    CHECK_THAT(heavy_ball_sde_growth(1, -3, 1e-5), WithinAbs(-1, 1e-9));
}

TEST_CASE("weak noise changes the exponent of the continuous heavy ball to second order", "[heavy_ball]") {
    // -sigma^2/(8 (a + beta^2)) on either side: repulsion at a saddle, pumping of an oscillation.
    const double s2 = 1e-4;
    CHECK_THAT(heavy_ball_sde_growth(0, 2, std::sqrt(s2)) - std::sqrt(2.0), WithinRel(-s2 / 16, 1e-3));
    CHECK_THAT(heavy_ball_sde_growth(0, -2, std::sqrt(s2)), WithinRel(s2 / 16, 1e-3));
}

TEST_CASE("the continuous heavy ball scales with time", "[heavy_ball]") {
    const double c = 3.7;  // rates times c, a times c^2, sigma times c^(3/2)
    CHECK_THAT(heavy_ball_sde_growth(0.4 * c, 0.1 * c * c, 0.9 * std::pow(c, 1.5)),
               WithinRel(c * heavy_ball_sde_growth(0.4, 0.1, 0.9), 1e-12));
}

TEST_CASE("momentum can trap at saddles with a < 0.884844 beta^2 only", "[heavy_ball]") {
    CHECK_THAT(heavy_ball_largest_trap(1), WithinAbs(0.884844, 5e-7));
    CHECK_THAT(heavy_ball_largest_trap(0.3), WithinRel(0.09 * heavy_ball_largest_trap(1), 1e-14));
    double lowest_inside = 1, lowest_outside = 1;
    for (double sigma = 1; sigma < 6; sigma += 0.02) {
        lowest_inside = std::min(lowest_inside, heavy_ball_sde_growth(1, 0.88, sigma));
        lowest_outside = std::min(lowest_outside, heavy_ball_sde_growth(1, 0.885, sigma));
    }
    CHECK(lowest_inside < 0);
    CHECK(lowest_outside > 0);
}

TEST_CASE("without momentum the heavy ball grows by E log|1 + a + sigma Z|", "[heavy_ball]") {
    CHECK(heavy_ball_growth({0, 0.1, 0.8}) == step_growth(Law::gaussian, 0.1, 0.8));
    const double little = heavy_ball_growth({0.05, 0.1, 0.3}), none = heavy_ball_growth({0, 0.1, 0.3});
    CHECK_THAT(little, WithinAbs(none, 0.02));
    CHECK(little != none);
}

TEST_CASE("without noise the heavy ball grows by its spectral radius", "[heavy_ball]") {
    CHECK_THAT(heavy_ball_growth({0.9, -0.3, 0}), WithinRel(std::log(0.9) / 2, 1e-14));
    const double root = std::exp(heavy_ball_growth({0.9, 0.05, 0}));
    CHECK_THAT(root * root - 1.95 * root + 0.9, WithinAbs(0, 1e-14));
    CHECK_THAT(heavy_ball_growth({0.9, 0.05, 0.01}), WithinAbs(std::log(root), 2e-3));
}

TEST_CASE("with full momentum no volume is lost", "[heavy_ball]") {
    CHECK(heavy_ball_growth({1, -0.1, 0.2}) > 0);
    CHECK(heavy_ball_growth({1, -0.1, 0.2}) < 0.05);
}

TEST_CASE("the heavy ball grows as the product of its matrices does", "[heavy_ball]") {
    const HeavyBall ball =
        GENERATE(HeavyBall{0.9, 0.02, 0.3}, HeavyBall{0.9, -0.5, 0.3}, HeavyBall{0.5, 0.02, 1.0},
                 HeavyBall{0.2, 0.1, 0.6}, HeavyBall{0.99, 0.001, 0.02});
    const auto simulated = growth_by_simulation(ball);
    INFO("momentum " << ball.momentum << " a " << ball.a << " sigma " << ball.sigma);
    CHECK_THAT(heavy_ball_growth(ball), WithinAbs(simulated.value, 4 * simulated.standard_error));
    CHECK(simulated.standard_error < 0.005);
}

TEST_CASE("the heavy ball's exponent per time tends to the continuous one at first order", "[heavy_ball]") {
    const auto error = [](double h) {
        return heavy_ball_growth(heavy_ball_steps(1, 0.1, 1, h)) / h - heavy_ball_sde_growth(1, 0.1, 1);
    };
    const double coarse = error(0.01), middle = error(0.005), fine = error(0.0025);
    CHECK(std::abs(fine) < 1e-4);
    CHECK_THAT(std::log2(coarse / middle), WithinAbs(1, 0.05));
    CHECK_THAT(std::log2(middle / fine), WithinAbs(1, 0.025));
    // Without the terms in h and h^2 (Richardson) the two formulas agree.
    CHECK_THAT((8 * fine - 6 * middle + coarse) / 3, WithinAbs(0, 1e-7));
}

TEST_CASE("a heavy ball of steps h has the parameters of its time", "[heavy_ball]") {
    const auto ball = heavy_ball_steps(2, 0.3, 0.7, 0.04);
    CHECK_THAT(ball.momentum, WithinRel(0.84, 1e-14));
    CHECK_THAT(ball.a, WithinRel(0.3 * 0.0016, 1e-14));
    CHECK_THAT(ball.sigma, WithinRel(0.7 * 0.008, 1e-14));
}

TEST_CASE("the heavy ball's variance at a minimum solves its moment equations", "[heavy_ball]") {
    const double h = GENERATE(0.05, 0.5), m = GENERATE(-0.3, 0.0, 0.9), sigma = GENERATE(0.0, 0.05);
    CHECK_THAT(heavy_ball_variance(h, m, sigma, 0.3),
               WithinRel(variance_by_moments(h, m, sigma, 0.3), 1e-11));
}

TEST_CASE("without momentum the variance at a minimum is that of the plain recursion", "[heavy_ball]") {
    const auto moments = recursion_moments(-0.2, 0.3, 0.1, 0, 0, 100000);
    CHECK_THAT(heavy_ball_variance(0.2, 0, 0.3, 0.1), WithinRel(moments.variance, 1e-12));
}

TEST_CASE("a heavy ball rejects what has no answer", "[heavy_ball]") {
    CHECK_THROWS_AS(heavy_ball_growth({0.9, 0.02, 1e-4}), std::domain_error);  // too weak at a saddle
    CHECK_THROWS_AS(heavy_ball_growth({1e-6, 0.02, 1}), std::domain_error);
    CHECK_THROWS_AS(heavy_ball_growth({-0.1, 0.02, 1}), std::domain_error);
    CHECK_THROWS_AS(heavy_ball_growth({1.1, 0.02, 1}), std::domain_error);
    CHECK_THROWS_AS(heavy_ball_sde_growth(1, NAN, 1), std::domain_error);
    CHECK_THROWS_AS(heavy_ball_largest_trap(-1), std::domain_error);
    CHECK_THROWS_AS(heavy_ball_steps(1, 0.1, 1, 0), std::domain_error);
    CHECK_THROWS_AS(heavy_ball_variance(0.1, 1, 0, 1), std::domain_error);
    CHECK_THROWS_AS(heavy_ball_variance(0.1, 0.9, 0.5, 1), std::domain_error);
    CHECK_THROWS_AS(heavy_ball_variance(5, 0.9, 0, 1), std::domain_error);
}
