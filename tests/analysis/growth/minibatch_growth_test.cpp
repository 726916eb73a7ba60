#include <algorithm>
#include <boost/math/quadrature/exp_sinh.hpp>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <boost/math/tools/roots.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <stdexcept>

#include "analysis/growth/growth.hpp"
#include "analysis/growth/lyapunov.hpp"
#include "analysis/growth/remedies.hpp"
#include "tests/analysis/gaussian_mean.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

double two_layer_by_quadrature(const TwoLayerProblem& unit, double rate) {
    const auto given_x = [&](double x) {
        const double mean = 1 + rate * unit.signal * x * x, slope = rate * unit.noise * x;
        const auto log_abs = [=](double z) { return std::log(std::max(std::abs(mean + slope * z), 1e-300)); };
        return gaussian_mean(log_abs, x == 0 ? 0 : std::clamp(-mean / slope, -30.0, 30.0));
    };
    return gaussian_mean(given_x, 0);
}

// E (1 - cX)^4 + 2 (1 - cX)^2 c^2 X Y + c^4 X^2 Y^2 from the moments of chi-squares.
double fourth_moment(int dimensions, int batch, double c) {
    const double b = batch, x1 = b, x2 = x1 * (b + 2), x3 = x2 * (b + 4), x4 = x3 * (b + 6);
    const double y1 = dimensions - 1, y2 = y1 * (y1 + 2), c2 = c * c;
    return 1 - 4 * c * x1 + 6 * c2 * x2 - 4 * c2 * c * x3 + c2 * c2 * x4 +
           2 * c2 * y1 * (x1 - 2 * c * x2 + c2 * x3) + c2 * c2 * x2 * y2;
}

}  // namespace

TEST_CASE("a two-layer unit grows by E log|1 +- 2 l x y|", "[minibatch_growth]") {
    const double l = GENERATE(0.05, 0.4, 2.0);
    const TwoLayerProblem unit{GENERATE(0.0, 0.3), GENERATE(0.5, 1.0)};
    for (const int sign : {1, -1})
        CHECK_THAT(two_layer_growth(unit, l, 1, sign),
                   WithinAbs(two_layer_by_quadrature(unit, sign * 2 * l), 1e-8));
}

TEST_CASE("without noise a two-layer unit has two Gaussian factors, or none", "[minibatch_growth]") {
    // 1 - 2 l signal x^2 = (1 - r x)(1 + r x), r^2 = 2 l signal
    const double l = GENERATE(0.01, 0.3, 2.0), r = std::sqrt(2 * l * 1.5);
    CHECK_THAT(two_layer_growth({1.5, 0}, l, 1, -1), WithinAbs(2 * mean_log_abs(Law::gaussian, 1, r), 1e-10));
    CHECK(two_layer_growth({1.5, 0}, l, 1, 1) > 0);
    CHECK_THAT(two_layer_growth({1.5, 1e-9}, l, 1, -1),
               WithinAbs(two_layer_growth({1.5, 0}, l, 1, -1), 1e-7));
}

TEST_CASE("pure noise in batches of two gives a Laplace variate", "[minibatch_growth]") {
    const double l = 0.7, pole = 1 / l;  // x1 z1 + x2 z2 has the density e^-|v|/2; 2 l/b = l
    boost::math::quadrature::exp_sinh<double> line;
    boost::math::quadrature::tanh_sinh<double> piece;
    // log|1 - (l v)^2| at a distance gap from the pole
    const auto below = [=](double gap, double) {
        return std::log(l * gap * (2 - l * gap)) * std::exp(gap - pole);
    };
    const auto above = [=](double gap) {
        return gap > 700 ? 0.0 : std::log(l * gap * (2 + l * gap)) * std::exp(-gap - pole);
    };
    const double expected = (piece.integrate(below, 0.0, pole) + line.integrate(above)) / 2;
    CHECK_THAT(two_layer_growth({0, 1}, l, 2, 1), WithinAbs(expected, 1e-8));
}

TEST_CASE("both modes of a two-layer unit grow alike without signal", "[minibatch_growth]") {
    for (const int batch : {1, 3})
        CHECK_THAT(two_layer_growth({0, 0.8}, 0.5, batch, 1),
                   WithinAbs(two_layer_growth({0, 0.8}, 0.5, batch, -1), 1e-14));
}

TEST_CASE("a weak signal is trapped where the SDE says", "[minibatch_growth]") {
    const TwoLayerProblem unit{1e-3, 1};
    const double critical = two_layer_critical_temperature(unit);
    CHECK_THAT(critical, WithinRel(1e-3 / (1 + 2e-6), 1e-14));
    for (const int batch : {1, 4}) {
        CHECK(two_layer_trapped(unit, 1.02 * critical * batch, batch));
        CHECK_FALSE(two_layer_trapped(unit, 0.98 * critical * batch, batch));
    }
}

TEST_CASE("the trap that the SDE sees in a strong signal does not exist", "[minibatch_growth]") {
    const TwoLayerProblem unit{1, 0.1};
    const double critical = two_layer_critical_temperature(unit);
    for (const double part : {0.5, 1.0, 1.5, 3.0, 10.0})
        CHECK_FALSE(two_layer_trapped(unit, part * critical, 1));
}

TEST_CASE("large batches leave the drift of a two-layer unit alone", "[minibatch_growth]") {
    // E x y = signal
    CHECK_THAT(two_layer_growth({0.5, 1}, 0.3, 100000, 1), WithinAbs(std::log1p(2 * 0.3 * 0.5), 1e-5));
    CHECK_THAT(two_layer_growth({0.5, 1}, 0.3, 100000, -1), WithinAbs(std::log1p(-2 * 0.3 * 0.5), 1e-5));
}

TEST_CASE("least squares loses its variance at l = 2b/(s^2 (d + b + 1))", "[minibatch_growth]") {
    const LeastSquaresProblem problem{GENERATE(1, 2, 5, 400), 2, GENERATE(1, 4, 1000)};
    const double s = problem.feature_deviation, l = least_squares_variance_limit(problem);
    CHECK_THAT(l, WithinRel(2.0 * problem.batch / (s * s * (problem.dimensions + problem.batch + 1)), 1e-14));
    CHECK_THAT(least_squares_tail_index(problem, l), WithinRel(2, 1e-9));
    CHECK(least_squares_tail_index(problem, 0.9 * l) > 2);
}

TEST_CASE("least squares has the tail exponent 4 where E R^4 = 1", "[minibatch_growth]") {
    const LeastSquaresProblem problem{GENERATE(1, 2, 6), 1.5, GENERATE(1, 3)};
    const int d = problem.dimensions, b = problem.batch;
    std::uintmax_t rounds = 100;
    const auto excess = [=](double c) { return (fourth_moment(d, b, c) - 1) / c; };
    const auto [c, same] = boost::math::tools::toms748_solve(
        excess, 1e-6, 2.0, boost::math::tools::eps_tolerance<double>(50), rounds);
    const double l = c * b / (problem.feature_deviation * problem.feature_deviation);
    CHECK_THAT(least_squares_tail_index(problem, l), WithinRel(4, 1e-8));
}

TEST_CASE("least squares in one dimension, one sample a batch, is a product of Gaussian factors",
          "[minibatch_growth]") {
    // 1 - c x^2 = (1 - r x)(1 + r x), r^2 = c = l s^2
    const double l = GENERATE(0.01, 0.5, 1.5);
    CHECK_THAT(least_squares_growth({1, 2, 1}, l),
               WithinAbs(2 * mean_log_abs(Law::gaussian, 1, 2 * std::sqrt(l)), 1e-9));
}

TEST_CASE("least squares grows as the product of its matrices does", "[minibatch_growth]") {
    const LeastSquaresProblem problem{3, 1, 2};
    const double l = 0.7;
    boost::random::mt19937_64 random(5);
    boost::random::normal_distribution<double> normal;
    const auto next = [&]() -> Eigen::MatrixXd {
        const Eigen::MatrixXd x = Eigen::MatrixXd::NullaryExpr(
            problem.batch, 3, [&](Eigen::Index, Eigen::Index) { return normal(random); });
        return Eigen::MatrixXd::Identity(3, 3) - l / problem.batch * x.transpose() * x;
    };
    const auto top = lyapunov_exponents(next, {2000}).front();
    CHECK_THAT(least_squares_growth(problem, l), WithinAbs(top.value, 4 * top.standard_error));
    CHECK(top.standard_error < 0.004);
}

TEST_CASE("small learning rates have large tail exponents, and a growth of -l s^2", "[minibatch_growth]") {
    CHECK_THAT(least_squares_growth({4, 1, 2}, 1e-5), WithinRel(-1e-5, 1e-4));
    const double kappa = least_squares_tail_index({2, 1, 1}, 0.02);
    CHECK(kappa > 80);
    CHECK(kappa < 100);
}

TEST_CASE("least squares and two-layer units reject what has no answer", "[minibatch_growth]") {
    CHECK_THROWS_AS(least_squares_tail_index({10, 1, 1}, 1), std::domain_error);
    CHECK_THROWS_AS(least_squares_tail_index({1, 1, 1}, 1e-4), std::domain_error);
    CHECK_THROWS_AS(least_squares_growth({0, 1, 1}, 1), std::domain_error);
    CHECK_THROWS_AS(least_squares_growth({1, 0, 1}, 1), std::domain_error);
    CHECK_THROWS_AS(least_squares_growth({1, 1, 1}, -1), std::domain_error);
    CHECK_THROWS_AS(two_layer_growth({1, 1}, 0.1, 0, 1), std::domain_error);
    CHECK_THROWS_AS(two_layer_growth({1, 1}, 0.1, 1, 2), std::domain_error);
    CHECK_THROWS_AS(two_layer_growth({1, -1}, 0.1, 1, 1), std::domain_error);
    CHECK_THROWS_AS(two_layer_critical_temperature({0, 0}), std::domain_error);
}
