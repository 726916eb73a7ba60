#include "analysis/spectra/lanczos.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>

using namespace noisetrap;
using Catch::Matchers::WithinAbs;

namespace {

// diag(-1, 98 values i/97, 10), from (1, ..., 1): figures by an independent program
std::vector<double> reference_diagonal() {
    std::vector<double> d = {-1};
    for (int i = 0; i < 98; ++i) d.push_back(i / 97.0);
    d.push_back(10);
    return d;
}

Product diagonal(const std::vector<double>& d) {
    return [&d](std::span<const double> v, std::span<double> p) {
        for (std::size_t i = 0; i < d.size(); ++i) p[i] = d[i] * v[i];
    };
}

}  // namespace

TEST_CASE("Lanczos: coefficients and smallest Ritz values of a diagonal matrix", "[lanczos]") {
    const auto d = reference_diagonal();
    const std::vector<double> ones(d.size(), 1);
    const auto five = lanczos(diagonal(d), ones, 5);
    CHECK_THAT(five.diagonal[0], WithinAbs(0.58, 1e-12));
    CHECK_THAT(five.next[0], WithinAbs(1.0009747826, 5e-11));
    const auto ritz = ritz_values(five);
    CHECK_THAT(ritz.values[0], WithinAbs(-0.996237174176, 5e-13));
    CHECK_THAT(ritz.bounds[0], WithinAbs(7.3e-2, 5e-4));
    CHECK_THAT(ritz_values(lanczos(diagonal(d), ones, 10)).values[0], WithinAbs(-0.999999999904, 5e-13));
}

TEST_CASE("Lanczos: spaces that grow side by side are those that grow alone", "[lanczos]") {
    const auto d = reference_diagonal();
    const auto product = diagonal(d);
    std::vector<double> all(100, 1), one(100), two(100);
    one[3] = 2, two[0] = two[99] = 1;  // closed after one step, and after two
    std::vector<std::size_t> asked;
    const Products products = [&](std::span<const double> vectors, std::span<double> found) {
        asked.push_back(vectors.size() / 100);
        for (std::size_t first = 0; first < vectors.size(); first += 100)
            product(vectors.subspan(first, 100), found.subspan(first, 100));
    };
    const std::vector<std::vector<double>> starts = {one, all, two};
    const auto together = lanczos_of_each(products, starts, 6);
    CHECK(asked == std::vector<std::size_t>{3, 2, 1, 1, 1, 1});
    for (std::size_t k = 0; k < 3; ++k) {
        const auto alone = lanczos(product, starts[k], 6);
        CHECK(together[k].diagonal == alone.diagonal);
        CHECK(together[k].next == alone.next);
        CHECK(together[k].basis == alone.basis);
    }
}

TEST_CASE("Lanczos: no eigenvalue comes twice, however long it runs", "[lanczos]") {
    const auto d = reference_diagonal();
    const std::vector<double> ones(d.size(), 1);
    for (const std::size_t steps : {60u, 100u}) {
        const auto values = ritz_values(lanczos(diagonal(d), ones, steps)).values;
        CHECK(std::count_if(values.begin(), values.end(), [](double v) { return v > 9.99; }) == 1);
        CHECK(std::count_if(values.begin(), values.end(), [](double v) { return v < -0.99; }) == 1);
    }
    const auto all = ritz_values(lanczos(diagonal(d), ones, 1000));
    REQUIRE(all.values.size() == 100);
    auto sorted = d;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < 100; ++i) CHECK_THAT(all.values[i], WithinAbs(sorted[i], 1e-11));
}

TEST_CASE("Lanczos: nodes and weights are those of Gauss's quadrature", "[lanczos]") {
    const auto d = reference_diagonal();
    const std::vector<double> ones(d.size(), 1);
    const auto ritz = ritz_values(lanczos(diagonal(d), ones, 6));
    const double nodes[] = {-.999884455557, .076407615062, .359868884775,
                            .697502879417,  .941565624756, 9.999999999994};
    const double weights[] = {.010007481565, .194241440954, .328011052543, .302661695135, .155078329804, .01};
    for (std::size_t j = 0; j < 6; ++j) {
        CHECK_THAT(ritz.values[j], WithinAbs(nodes[j], 1e-12));
        CHECK_THAT(ritz.weights[j], WithinAbs(weights[j], 1e-12));
    }
    for (int power = 0; power <= 12; ++power) {
        double exact = 0, found = 0;
        for (const double value : d) exact += std::pow(value, power) / 100;
        for (std::size_t j = 0; j < 6; ++j) found += ritz.weights[j] * std::pow(ritz.values[j], power);
        const double error = std::abs(found / exact - 1);
        INFO("moment " << power);
        CHECK((power < 12 ? error < 1e-13 : error > 1e-13));
    }
}

TEST_CASE("Lanczos: an eigenvalue lies within the bound of every Ritz value", "[lanczos]") {
    const auto d = reference_diagonal();
    const auto start = random_direction(d.size());
    for (const std::size_t steps : {3u, 8u, 20u}) {
        const auto ritz = ritz_values(lanczos(diagonal(d), start, steps));
        for (std::size_t j = 0; j < steps; ++j) {
            double nearest = INFINITY;
            for (const double value : d) nearest = std::min(nearest, std::abs(value - ritz.values[j]));
            CHECK(nearest <= ritz.bounds[j] + 1e-12);
        }
    }
}

TEST_CASE("Lanczos: the space of few eigenvalues closes", "[lanczos]") {
    const std::vector<double> d = {2, 2, 2, -1, -1, 5};
    const auto krylov = lanczos(diagonal(d), random_direction(6), 6);
    CHECK(krylov.steps() == 3);
    CHECK(krylov.next.back() == 0);
    const auto ritz = ritz_values(krylov);
    for (const auto& [found, exact] :
         {std::pair{ritz.values[0], -1.0}, {ritz.values[1], 2.0}, {ritz.values[2], 5.0}})
        CHECK_THAT(found, WithinAbs(exact, 1e-13));
}

TEST_CASE("Lanczos: the smallest eigenvalue where restarts are needed", "[lanczos]") {
    std::vector<double> d(2000);
    for (std::size_t i = 0; i < d.size(); ++i) d[i] = -1 + 11 * static_cast<double>(i) / 1999;
    const auto found = smallest_eigenvalue(diagonal(d), random_direction(d.size()), 1e-10, 5000, 40);
    CHECK(found.reached);
    CHECK(found.products > 100);
    CHECK(found.products < 2000);
    CHECK_THAT(found.value, WithinAbs(-1, 1e-9));
    CHECK(found.value - found.bound <= -1 + 1e-12);
    CHECK_THAT(std::abs(found.vector[0]), WithinAbs(1, 1e-6));
    const auto cut = smallest_eigenvalue(diagonal(d), random_direction(d.size()), 1e-10, 50, 40);
    CHECK(!cut.reached);
    CHECK(cut.products == 50);
    CHECK(cut.value > -1);
}

TEST_CASE("Lanczos: what is not finite is said", "[lanczos]") {
    const Product wrong = [](std::span<const double>, std::span<double> p) { p[0] = NAN; };
    CHECK_THROWS_AS(lanczos(wrong, std::vector<double>{1, 1}, 2), std::domain_error);
    const std::vector<double> d = {1, 2};
    CHECK_THROWS_AS(lanczos(diagonal(d), std::vector<double>{0, 0}, 2), std::domain_error);
}

// Why the index is not read off Eigen's LDLT
TEST_CASE("Eigen's LDLT has no inertia for a regular matrix whose diagonal is zero", "[lanczos]") {
    const Eigen::Matrix3d matrix{{0, 1, 2}, {1, 0, 3}, {2, 3, 0}};
    CHECK(matrix.ldlt().vectorD() == Eigen::Vector3d::Zero());
    const Eigen::Vector3d values = Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d>(matrix).eigenvalues();
    CHECK_THAT(values(0), WithinAbs(-3.20, 5e-3));
    CHECK_THAT(values(2), WithinAbs(4.11, 5e-3));
}
