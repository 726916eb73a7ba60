#include "analysis/growth/matrix_products.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/expint.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/analysis/gaussian_mean.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double exact(Structure structure, int d, double a, double sigma, int k = 1) {
    return exact_exponent({structure, d, a, sigma}, k).value();
}

// log sigma + 1/2 E log of a noncentral chi-square with d degrees of freedom: 1/2 [log 2 + psi(d/2 + j)], j
// drawn from Poisson(((1 + a)/sigma)^2/2).
double poisson_mixture(int d, double a, double sigma) {
    const double ratio = (1 + a) / sigma;
    const boost::math::poisson law(ratio * ratio / 2);
    double sum = 0;
    for (int j = 0; j < 1000; ++j) sum += pdf(law, j) * boost::math::digamma(d / 2.0 + j);
    return std::log(sigma) + (std::log(2) + sum) / 2;
}

// Symmetric noise in three dimensions: |A e_1|^2 = u^2 + sigma^2 E, u = 1 + a + sigma Z, E exponential, and
// E log(u^2 + sigma^2 E) = log u^2 + e^v E_1(v), v = u^2/sigma^2.
double symmetric_in_three(double a, double sigma) {
    return gaussian_mean(
        [=](double z) {
            const double u = std::max(std::abs(1 + a + sigma * z), 1e-100), v = u * u / (sigma * sigma);
            return std::log(u) + std::exp(v) * boost::math::expint(1, v) / 2;
        },
        -(1 + a) / sigma);
}

struct Columns {
    Eigen::ArrayXXd mean, variance;
};
Columns sampled(const MatrixProduct& product, int count) {
    const auto next = next_matrix(product, 6);
    Eigen::MatrixXd matrix(product.dimension, product.dimension);
    Columns sum{Eigen::ArrayXXd::Zero(matrix.rows(), matrix.cols()), {}};
    sum.variance = sum.mean;
    for (int n = 0; n < count; ++n) {
        next({matrix.data(), static_cast<std::size_t>(matrix.size())});
        sum.mean += matrix.array() / count;
        sum.variance += matrix.array().square() / count;
    }
    sum.variance -= sum.mean.square();
    return sum;
}

}  // namespace

TEST_CASE("products of Gaussian matrices have their reference exponents", "[matrix_products]") {
    CHECK_THAT(exact(Structure::plain, 1, 0, 1), WithinAbs(-0.635181, 5e-7));
    CHECK_THAT(exact(Structure::plain, 2, 0, 1), WithinAbs(0.0579658, 5e-8));
    CHECK_THAT(exact(Structure::plain, 5, 0, 1), WithinAbs(0.698152, 5e-7));
    CHECK_THAT(exact(Structure::plain, 5, 7, -3, 4), WithinAbs(0.0579658 + std::log(3), 5e-8));
}

TEST_CASE("noise has the deviations of its structure", "[matrix_products]") {
    constexpr int count = 20000;
    constexpr double a = -0.2, sigma = 0.5;
    const auto structure = GENERATE(Structure::plain, Structure::dense, Structure::symmetric,
                                    Structure::commuting, Structure::low_rank);
    const auto found = sampled({structure, 3, a, sigma}, count);
    const double diagonal = structure == Structure::plain ? 0 : 1 + a;
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) {
            const bool independent = structure == Structure::plain || structure == Structure::dense;
            double deviation = i == j || independent ? sigma : 0;
            if (structure == Structure::symmetric && i != j) deviation = sigma / std::sqrt(2);
            if (structure == Structure::low_rank) deviation = sigma / 3;  // u_i u_j = 1/3
            INFO(structure_names[static_cast<int>(structure)] << " " << i << " " << j);
            CHECK_THAT(found.mean(i, j),
                       WithinAbs(i == j ? diagonal : 0, 4 * deviation / std::sqrt(count) + 1e-12));
            CHECK_THAT(
                found.variance(i, j),
                WithinAbs(deviation * deviation, 4 * std::sqrt(2.0 / count) * deviation * deviation + 1e-12));
        }
}

TEST_CASE("symmetric noise is symmetric, low-rank noise changes one direction", "[matrix_products]") {
    Eigen::Matrix4d matrix;
    const auto draw = [&](Structure structure) {
        next_matrix({structure, 4, 0.1, 0.5}, 9)({matrix.data(), 16});
    };
    draw(Structure::symmetric);
    CHECK(matrix == matrix.transpose());
    draw(Structure::low_rank);
    const Eigen::Vector4d across{1, -1, 2, -2}, along = Eigen::Vector4d::Ones();
    CHECK_THAT((matrix * across - 0.9 * across).norm(), WithinAbs(0, 1e-14));
    const double factor = (matrix * along)(0);
    CHECK_THAT((matrix * along - factor * along).norm(), WithinAbs(0, 1e-14));
    CHECK(std::abs(factor - 1.1) > 1e-3);
}

TEST_CASE("top exponents under isotropic noise agree with other formulas", "[matrix_products]") {
    const double a = GENERATE(-1.5, -0.3, 0.02, 0.5), sigma = GENERATE(0.3, 0.7, 2.0);
    const int d = GENERATE(2, 5, 32);
    INFO("a " << a << " sigma " << sigma << " d " << d);
    CHECK_THAT(exact(Structure::dense, d, a, sigma), WithinAbs(poisson_mixture(d, a, sigma), 1e-11));
    CHECK_THAT(exact(Structure::symmetric, 3, a, sigma), WithinAbs(symmetric_in_three(a, sigma), 1e-10));
}

TEST_CASE("without a mean, dense noise is the plain product", "[matrix_products]") {
    for (int d : {1, 2, 7, 32})
        CHECK_THAT(exact(Structure::dense, d, -1, 0.8), WithinAbs(exact(Structure::plain, d, 0, 0.8), 1e-12));
}

TEST_CASE("in one dimension all structures are the scalar recursion", "[matrix_products]") {
    const double a = GENERATE(-1.0, -0.4, 1e-5, 0.02, 0.7), sigma = GENERATE(0.0, 1e-4, 0.3, 1.5);
    const double scalar = step_growth(Law::gaussian, a, sigma);
    INFO("a " << a << " sigma " << sigma);
    for (auto s : {Structure::dense, Structure::symmetric, Structure::commuting, Structure::low_rank}) {
        if (std::isinf(scalar))
            CHECK(exact(s, 1, a, sigma) == scalar);
        else
            CHECK_THAT(exact(s, 1, a, sigma), WithinAbs(scalar, 1e-12));
        CHECK(exact(s, 1, a, sigma) == exact(s, 1, a, -sigma));
    }
}

TEST_CASE("weak isotropic noise keeps the digits of its small effect", "[matrix_products]") {
    const double sigma = 1e-4, variance = sigma * sigma;  // what is left is of order variance^2
    CHECK_THAT(exact(Structure::dense, 8, 0, sigma), WithinRel(3 * variance, 1e-6));
    CHECK_THAT(exact(Structure::symmetric, 2, 0, sigma), WithinRel(-variance / 4, 1e-6));
    CHECK_THAT(exact(Structure::symmetric, 3, 0, sigma), WithinAbs(0, 1e-6 * variance));
}

TEST_CASE("simulated products have their exact exponents", "[matrix_products]") {
    const auto product = GENERATE(
        MatrixProduct{Structure::plain, 5, 0, 0.7}, MatrixProduct{Structure::dense, 1, 0.02, 0.3},
        MatrixProduct{Structure::dense, 2, 0.1, 0.8}, MatrixProduct{Structure::dense, 8, -0.3, 0.3},
        MatrixProduct{Structure::symmetric, 2, 0.02, 0.4}, MatrixProduct{Structure::symmetric, 3, 0.1, 1},
        MatrixProduct{Structure::symmetric, 8, 0, 0.3}, MatrixProduct{Structure::commuting, 4, 0.05, 0.5},
        MatrixProduct{Structure::low_rank, 4, 0.2, 0.8});
    const auto found = simulated_exponents(product, product.dimension, 500, 64, 17);
    REQUIRE(found.size() == static_cast<std::size_t>(product.dimension));
    for (int k = 1; k <= product.dimension; ++k) {
        const auto expected = exact_exponent(product, k);
        if (!expected) continue;
        const auto& e = found[static_cast<std::size_t>(k - 1)];
        INFO(structure_names[static_cast<int>(product.structure)] << ", d = " << product.dimension
                                                                  << ", k = " << k);
        CHECK_THAT(e.value, WithinAbs(*expected, 4 * e.standard_error + 1e-12));
        CHECK(e.standard_error < 0.01);
    }
}

TEST_CASE("the first exponents alone are those of the whole spectrum", "[matrix_products]") {
    const MatrixProduct product{Structure::symmetric, 6, 0.1, 0.5};
    const auto all = simulated_exponents(product, 6, 100, 4, 3),
               two = simulated_exponents(product, 2, 100, 4, 3);
    REQUIRE(two.size() == 2);
    for (std::size_t k = 0; k < 2; ++k) CHECK_THAT(two[k].value, WithinAbs(all[k].value, 1e-12));
}

TEST_CASE("the SDE's spectrum adds up to the mean growth of volume", "[matrix_products]") {
    const int d = GENERATE(1, 3, 32);
    double dense = 0, symmetric = 0;
    for (int k = 1; k <= d; ++k) {
        dense += sde_exponent({Structure::dense, d, 0.1, 0.6}, k);
        symmetric += sde_exponent({Structure::symmetric, d, 0.1, 0.6}, k);
    }
    // tr D - 1/2 E tr Xi^2
    CHECK_THAT(dense, WithinRel(0.1 * d - 0.36 / 2 * d, 1e-12));
    CHECK_THAT(symmetric, WithinRel(0.1 * d - 0.36 / 2 * (d + d * (d - 1) / 2.0), 1e-12));
}

TEST_CASE("in one dimension the SDE's exponent is a - sigma^2/2", "[matrix_products]") {
    for (auto s : {Structure::dense, Structure::symmetric, Structure::commuting, Structure::low_rank})
        CHECK_THAT(sde_exponent({s, 1, 0.1, 0.6}, 1), WithinAbs(-0.08, 1e-15));
    CHECK(std::isnan(sde_exponent({Structure::plain, 1, 0.1, 0.6}, 1)));
}

TEST_CASE("small steps have the SDE's exponents, with errors of first order", "[matrix_products]") {
    const auto structure =
        GENERATE(Structure::dense, Structure::symmetric, Structure::commuting, Structure::low_rank);
    const int d = GENERATE(2, 5, 32), k = structure == Structure::low_rank ? d : 1;
    const MatrixProduct sde{structure, d, 0.3, 1};
    const auto error = [&](double h) {
        return exact_exponent(euler_product(sde, h), k).value() / h - sde_exponent(sde, k);
    };
    const double h = 1.0 / (1024 * d), coarse = error(2 * h), fine = error(h);
    INFO(structure_names[static_cast<int>(structure)] << ", d = " << d);
    CHECK(std::abs(fine) < 0.02);
    CHECK_THAT(coarse / fine, WithinAbs(2, 0.05));
}

TEST_CASE("low-rank exponents come in falling order", "[matrix_products]") {
    const double up = mean_log_abs(Law::gaussian, 1.02, 0.3);  // -0.0322, below log 0.98
    CHECK_THAT(exact(Structure::low_rank, 8, 0.02, 0.3, 8), WithinAbs(up, 1e-14));
    for (int k = 1; k < 8; ++k)
        CHECK_THAT(exact(Structure::low_rank, 8, 0.02, 0.3, k), WithinAbs(std::log(0.98), 1e-14));
    CHECK_THAT(exact(Structure::low_rank, 8, 0.02, 0.1, 1),
               WithinAbs(mean_log_abs(Law::gaussian, 1.02, 0.1), 1e-14));
    CHECK(exact(Structure::low_rank, 8, 1.5, 0.1, 2) == std::log(0.5));
}

TEST_CASE("the SDE's traps: isotropic noise has none beyond one and two dimensions", "[matrix_products]") {
    const auto edge = [](Structure s, int d) { return sde_trap_window(s, d, 0.08).value().lower; };
    for (auto s : {Structure::dense, Structure::symmetric, Structure::commuting, Structure::low_rank})
        CHECK_THAT(edge(s, 1), WithinRel(0.4, 1e-14));
    CHECK_THAT(edge(Structure::symmetric, 2), WithinRel(std::sqrt(0.32), 1e-14));
    CHECK_THAT(edge(Structure::commuting, 32), WithinRel(0.4, 1e-14));
    CHECK_THAT(edge(Structure::low_rank, 32), WithinRel(0.4, 1e-14));
    CHECK_FALSE(sde_trap_window(Structure::dense, 2, 0.08));
    CHECK_FALSE(sde_trap_window(Structure::symmetric, 3, 0.08));
}

TEST_CASE("at a minimum the SDE's isotropic noise drives x away once it is strong", "[matrix_products]") {
    const auto window = sde_trap_window(Structure::dense, 4, -0.09).value();
    CHECK(window.lower == 0);
    CHECK_THAT(window.upper, WithinRel(0.3, 1e-14));
    CHECK(sde_trap_window(Structure::dense, 2, -0.09).value().upper == infinity);
    CHECK(sde_trap_window(Structure::commuting, 4, -0.09).value().lower == 0);
    CHECK_FALSE(sde_trap_window(Structure::low_rank, 4, 0));
}

TEST_CASE("at the edges of a product's trap its top exponent vanishes", "[matrix_products]") {
    const auto structure = GENERATE(Structure::plain, Structure::dense, Structure::symmetric,
                                    Structure::commuting, Structure::low_rank);
    const int d = GENERATE(1, 2, 3, 16);
    const double a = GENERATE(-1.0, -0.3, 0.0, 0.02);
    const auto window = trap_window(structure, d, a);
    INFO(structure_names[static_cast<int>(structure)] << ", d = " << d << ", a = " << a);
    const auto top = [&](double sigma) { return exact(structure, d, a, sigma); };
    if (!window) {
        for (double sigma = 0.05; sigma < 3; sigma += 0.05) CHECK(top(sigma) > -1e-13);
        return;
    }
    CHECK_THAT(top(window->upper), WithinAbs(0, 1e-10));
    if (window->lower > 0) CHECK_THAT(top(window->lower), WithinAbs(0, 1e-10));
    CHECK(top((window->lower + window->upper) / 2) < 0);
}

TEST_CASE("with symmetric noise two dimensions trap at weak saddles only", "[matrix_products]") {
    CHECK(trap_window(Structure::symmetric, 2, 0.04133));
    CHECK_FALSE(trap_window(Structure::symmetric, 2, 0.04134));
    CHECK_FALSE(trap_window(Structure::symmetric, 3, 1e-6));
    CHECK_FALSE(trap_window(Structure::dense, 2, 0));
    CHECK_FALSE(trap_window(Structure::low_rank, 2, 0));
    const double small = 1e-5;  // where the SDE's edge is a good one
    CHECK_THAT(trap_window(Structure::symmetric, 2, small).value().lower,
               WithinRel(sde_trap_window(Structure::symmetric, 2, small).value().lower, 1e-4));
}

TEST_CASE("matrix products reject what is none", "[matrix_products]") {
    const MatrixProduct good{Structure::dense, 4, 0.1, 0.3};
    for (const auto& bad :
         {MatrixProduct{Structure::dense, 0, 0.1, 0.3}, MatrixProduct{Structure::dense, 33, 0.1, 0.3},
          MatrixProduct{Structure::dense, 4, NAN, 0.3}, MatrixProduct{Structure::dense, 4, 0.1, infinity}}) {
        CHECK_THROWS_AS(exact_exponent(bad, 1), std::domain_error);
        CHECK_THROWS_AS(sde_exponent(bad, 1), std::domain_error);
        CHECK_THROWS_AS(next_matrix(bad, 1), std::domain_error);
        CHECK_THROWS_AS(simulated_exponents(bad, 1, 10, 2, 1), std::domain_error);
        CHECK_THROWS_AS(euler_product(bad, 0.1), std::domain_error);
    }
    for (int k : {0, 5}) {
        CHECK_THROWS_AS(exact_exponent(good, k), std::domain_error);
        CHECK_THROWS_AS(sde_exponent(good, k), std::domain_error);
        CHECK_THROWS_AS(simulated_exponents(good, k, 10, 2, 1), std::domain_error);
    }
    CHECK_THROWS_AS(simulated_exponents(good, 1, 0, 2, 1), std::domain_error);
    CHECK_THROWS_AS(simulated_exponents(good, 1, 10, 1, 1), std::domain_error);
    CHECK_THROWS_AS(euler_product(good, 0), std::domain_error);
    CHECK_THROWS_AS(euler_product({Structure::plain, 4, 0.1, 0.3}, 0.1), std::domain_error);
    CHECK_THROWS_AS(sde_trap_window(Structure::plain, 2, 0.1), std::domain_error);
    CHECK_THROWS_AS(trap_window(Structure::dense, 33, 0.1), std::domain_error);
    double three[3];
    CHECK_THROWS_AS(next_matrix(good, 1)(three), std::domain_error);
}
