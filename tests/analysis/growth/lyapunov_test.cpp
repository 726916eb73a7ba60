#include "analysis/growth/lyapunov.hpp"

#include <Eigen/LU>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "analysis/growth/growth.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;

namespace {

class GaussianMatrices {
  public:
    GaussianMatrices(Eigen::Index dimension, unsigned seed) : dimension_(dimension), random_(seed) {}
    Eigen::MatrixXd operator()() {
        return Eigen::MatrixXd::NullaryExpr(dimension_, dimension_,
                                            [this](Eigen::Index, Eigen::Index) { return normal_(random_); });
    }

  private:
    Eigen::Index dimension_;
    boost::random::mt19937_64 random_;
    boost::random::normal_distribution<double> normal_;
};

// 1/2 [log 2 + psi((d - k + 1)/2)] (Newman 1986)
double gaussian_exponent(int d, int k) {
    return (std::numbers::ln2 + boost::math::digamma((d - k + 1) / 2.0)) / 2;
}

}  // namespace

TEST_CASE("Gaussian matrices have Newman's exponents, all of them", "[lyapunov]") {
    const int d = GENERATE(1, 2, 5);
    const auto exponents = lyapunov_exponents(GaussianMatrices(d, 3), {1000, 32});
    REQUIRE(exponents.size() == static_cast<std::size_t>(d));
    for (int k = 1; k <= d; ++k) {
        const auto& found = exponents[static_cast<std::size_t>(k - 1)];
        INFO("d = " << d << ", k = " << k);
        CHECK_THAT(found.value, WithinAbs(gaussian_exponent(d, k), 4 * found.standard_error));
        CHECK(found.standard_error < 0.01);
        CHECK(found.standard_error > 0.001);
    }
}

TEST_CASE("Newman's top exponents have their reference values", "[lyapunov]") {
    CHECK_THAT(gaussian_exponent(1, 1), WithinAbs(-0.635181, 5e-7));
    CHECK_THAT(gaussian_exponent(2, 1), WithinAbs(0.0579658, 5e-8));
    CHECK_THAT(gaussian_exponent(5, 1), WithinAbs(0.698152, 5e-7));
}

TEST_CASE("a heavy ball without momentum has the exponent of the plain recursion, and none else",
          "[lyapunov]") {
    boost::random::mt19937_64 random(4);
    boost::random::normal_distribution<double> normal;
    const auto next = [&]() -> Eigen::MatrixXd {
        const double pull = 0.1 + 0.8 * normal(random);
        return Eigen::Matrix2d{{1 + pull, 0}, {pull, 0}};
    };
    const auto exponents = lyapunov_exponents(next, {2000});
    const auto& top = exponents[0];
    CHECK_THAT(top.value, WithinAbs(mean_log_abs(Law::gaussian, 1.1, 0.8), 4 * top.standard_error));
    CHECK(top.standard_error < 0.01);
    CHECK(exponents[1].value < std::log(1e-15));
}

TEST_CASE("one matrix over and over has the logarithms of its eigenvalues", "[lyapunov]") {
    const Eigen::MatrixXd matrix = Eigen::Matrix3d{{2, 1, 5}, {0, -0.5, 1}, {0, 0, 0.1}};
    const auto exponents = lyapunov_exponents([&] { return matrix; }, {10, 2, 200});
    for (int k = 0; k < 3; ++k) {
        const auto& found = exponents[static_cast<std::size_t>(k)];
        CHECK_THAT(found.value, WithinAbs(std::log(std::abs(matrix(k, k))), 1e-13));
        CHECK_THAT(found.standard_error, WithinAbs(0, 1e-13));
    }
}

TEST_CASE("the exponents add up to the mean of log|det|", "[lyapunov]") {
    GaussianMatrices matrices(4, 8);
    std::vector<double> log_det;
    const auto next = [&] {
        const Eigen::MatrixXd matrix = matrices();
        log_det.push_back(std::log(std::abs(Eigen::Matrix4d(matrix).determinant())));
        return matrix;
    };
    const auto exponents = lyapunov_exponents(next, {50, 2, 0});
    double sum = 0, expected = 0;
    for (const auto& exponent : exponents) sum += exponent.value;
    for (const double x : log_det) expected += x / static_cast<double>(log_det.size());
    CHECK_THAT(sum, WithinAbs(expected, 1e-12));
}

TEST_CASE("a product that vanishes has exponents of -infinity", "[lyapunov]") {
    const auto zero = [] { return Eigen::MatrixXd(Eigen::Matrix2d::Zero()); };
    for (const auto& exponent : lyapunov_exponents(zero, {5, 2}))
        CHECK(exponent.value == -std::numeric_limits<double>::infinity());
}

TEST_CASE("Lyapunov exponents reject what is no product of square matrices", "[lyapunov]") {
    const auto unit = [] { return Eigen::MatrixXd(Eigen::Matrix2d::Identity()); };
    const auto wide = [] { return Eigen::MatrixXd(Eigen::MatrixXd::Ones(2, 3)); };
    const auto infinite = [] { return Eigen::MatrixXd(Eigen::MatrixXd::Constant(2, 2, INFINITY)); };
    int size = 1;
    const auto growing = [&] {
        ++size;
        return Eigen::MatrixXd(Eigen::MatrixXd::Identity(size, size));
    };
    CHECK_THROWS_AS(lyapunov_exponents(wide, {5}), std::domain_error);
    CHECK_THROWS_AS(lyapunov_exponents(infinite, {5}), std::domain_error);
    CHECK_THROWS_AS(lyapunov_exponents(growing, {5}), std::domain_error);
    CHECK_THROWS_AS(lyapunov_exponents(unit, {0}), std::domain_error);
    CHECK_THROWS_AS(lyapunov_exponents(unit, {5, 1}), std::domain_error);
}
