#include "analysis/statistics/control_variates.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "analysis/answers/findings.hpp"
#include "engine/input/config.hpp"

using namespace noisetrap;

namespace {

struct Table {
    std::vector<double> rows, first, second;

    JointMoments moments() const { return JointMoments::of({rows, first, second}); }
};

/// of(z, sum of three others) with the controls z and z^2 - 1.
template <class Of>
Table table_of(std::size_t n, std::mt19937_64& random, Of of) {
    std::normal_distribution<double> normal;
    Table t;
    for (std::size_t i = 0; i < n; ++i) {
        const double z = normal(random), rest = normal(random);
        t.first.push_back(z);
        t.second.push_back(z * z - 1);
        t.rows.push_back(of(z, rest));
    }
    return t;
}

/// The intercept of ordinary least squares and its error, by the normal equations.
Estimate intercept(const Table& t) {
    const auto n = static_cast<Eigen::Index>(t.rows.size());
    Eigen::MatrixXd x(n, 3);
    x.col(0).setOnes();
    x.col(1) = Eigen::Map<const Eigen::VectorXd>(t.first.data(), n);
    x.col(2) = Eigen::Map<const Eigen::VectorXd>(t.second.data(), n);
    const Eigen::Map<const Eigen::VectorXd> y(t.rows.data(), n);
    const Eigen::MatrixXd inverse = (x.transpose() * x).inverse();
    const Eigen::VectorXd fit = inverse * (x.transpose() * y);
    const double variance = (y - x * fit).squaredNorm() / static_cast<double>(n - 3);
    return {fit[0], std::sqrt(variance * inverse(0, 0))};
}

Findings found(const std::string& model, const std::vector<std::string>& settings) {
    const auto config = config_from_text("model = {" + model + "}", "test", settings);
    return findings_of(config, run(config.simulation).ensembles[0]);
}
double z(const Estimate& e, double exact) { return (e.value - exact) / e.standard_error; }

const std::string axis = "name = 'linear-sde', a = 0.3, sigma = 1.0";

}  // namespace

TEST_CASE("the controlled mean is the intercept of least squares, with its error", "[control]") {
    std::mt19937_64 random(1);
    for (const std::size_t n : {32u, 100u, 1000u}) {
        const auto t =
            table_of(n, random, [](double z, double rest) { return 2 + 3 * z - z * z + 0.1 * rest; });
        const auto exact = intercept(t);
        const auto e = controlled_mean(t.moments());
        REQUIRE(e);
        CHECK(e->value == Approx(exact.value).epsilon(1e-6));
        CHECK(e->standard_error == Approx(exact.standard_error).epsilon(1e-7));
    }
}

TEST_CASE("moments of blocks merge to those of all rows, and leave out what is not finite", "[control]") {
    std::mt19937_64 random(2);
    auto t = table_of(500, random, [](double z, double rest) { return z + rest; });
    t.rows[7] = -std::numeric_limits<double>::infinity();
    const auto all = t.moments();
    CHECK(all.count == 499);
    JointMoments merged;
    for (const std::size_t from : {0u, 200u}) {
        const std::size_t count = from == 0 ? 200 : 300;
        const auto piece = [&](const std::vector<double>& c) { return std::span(c).subspan(from, count); };
        merged.merge(JointMoments::of({piece(t.rows), piece(t.first), piece(t.second)}));
    }
    CHECK(merged.count == all.count);
    for (std::size_t i = 0; i < JointMoments::pairs; ++i) CHECK(merged.product[i] == Approx(all.product[i]));
    for (std::size_t c = 0; c < joint_columns; ++c)
        CHECK(merged.mean[c] == Approx(all.mean[c]).margin(1e-14));
}

TEST_CASE("few rows, equal rows and controls that do not vary leave the mean plain", "[control]") {
    std::mt19937_64 random(3);
    const auto linear = [](double z, double rest) { return z + rest; };
    CHECK_FALSE(controlled_mean(table_of(fewest_controlled_rows - 1, random, linear).moments()));
    CHECK_FALSE(controlled_mean(table_of(100, random, [](double, double) { return 3.0; }).moments()));
    auto t = table_of(100, random, linear);
    t.first.assign(100, 0), t.second.assign(100, -5);
    CHECK_FALSE(controlled_mean(t.moments()));
    auto rows = t.rows;
    control_rows(rows, t.first, t.second);
    CHECK(rows == t.rows);
    auto few = table_of(2 * fewest_controlled_rows - 1, random, linear);
    rows = few.rows;
    control_rows(rows, few.first, few.second);
    CHECK(rows == few.rows);
    auto fallen = table_of(100, random, linear);
    fallen.rows[3] = -std::numeric_limits<double>::infinity();
    rows = fallen.rows;
    control_rows(rows, fallen.first, fallen.second);
    CHECK(rows == fallen.rows);
}

TEST_CASE("an exact fit leaves a share of the plain mean's error", "[control]") {
    std::mt19937_64 random(4);
    const auto t = table_of(1000, random, [](double z, double) { return 1 + 2 * z; });
    const auto e = controlled_mean(t.moments());
    REQUIRE(e);
    const auto plain = Moments::of(t.rows).mean_estimate();
    CHECK(e->standard_error == Approx(0x1p-20 * plain.standard_error).epsilon(1e-3));
    CHECK(std::abs(z(*e, 1)) < 4);
}

TEST_CASE("slopes of the other half leave the mean where it is", "[control]") {
    // Far from linear in z: slopes of the very rows would move the mean by -0.17, 30 standard errors of this test.
    std::mt19937_64 random(5);
    std::vector<double> means;
    for (int repeat = 0; repeat < 20000; ++repeat) {
        auto t = table_of(64, random, [](double z, double rest) { return z * z * z * z + 0.3 * rest; });
        control_rows(t.rows, t.first, t.second);
        means.push_back(Moments::of(t.rows).mean);
    }
    CHECK(std::abs(z(Moments::of(means).mean_estimate(), 3)) < 4);
}

TEST_CASE("rows that are controlled scatter as much as their mean says", "[control]") {
    std::mt19937_64 random(6);
    std::vector<double> means, squared_errors;
    for (int repeat = 0; repeat < 20000; ++repeat) {
        auto t = table_of(64, random, [](double z, double rest) { return z + z * z + rest; });
        control_rows(t.rows, t.first, t.second);
        const auto e = Moments::of(t.rows).mean_estimate();
        means.push_back(e.value), squared_errors.push_back(e.standard_error * e.standard_error);
    }
    const auto variance = Moments::of(means).variance_estimate();
    CHECK(std::abs(z(variance, Moments::of(squared_errors).mean)) < 4);
    CHECK(variance.value == Approx(1.0 / 64).epsilon(0.15));  // of the rest alone, and of slopes from 32 rows
}

TEST_CASE("growth of the first pages' run is known 68 times better with its noise as control", "[control]") {
    // 0.9 of the ratio of variances, 5116, which both controls leave (without the squares it is 119).
    const double ratio = std::sqrt(0.9 * 5116);
    for (const std::string tau : {"tau = 0.0", "tau = 0.5"}) {
        const auto f = found(axis + ", " + tau, {});
        REQUIRE(f.plain_growth_rate);
        const double exact = f.growth_rate.theory.scheme;
        CHECK(exact == Approx(-0.208196).margin(1e-6));
        CHECK(std::abs(z(f.growth_rate.estimate, exact)) < 4);
        CHECK(std::abs(z(*f.plain_growth_rate, exact)) < 4);
        CHECK(f.plain_growth_rate->standard_error > ratio * f.growth_rate.estimate.standard_error);
        CHECK(f.growth_rate.estimate.standard_error < 1.7e-5);
    }
}

TEST_CASE(
    "growth stays plain where it is told to, over few steps, in single precision, and where a path fell",
    "[control]") {
    const auto plain = found(axis, {"ensemble.paths=500", "observe.control=false"});
    CHECK_FALSE(plain.plain_growth_rate);
    const auto controlled = found(axis, {"ensemble.paths=500"});
    REQUIRE(controlled.plain_growth_rate);
    CHECK(controlled.plain_growth_rate->value == plain.growth_rate.estimate.value);
    const auto of_few_steps = found(axis, {"ensemble.paths=1000", "integrator.steps=64"});
    CHECK_FALSE(of_few_steps.plain_growth_rate);
    CHECK_FALSE(config_from_text("model.name = 'linear-sde'", "test", {"run.precision=single"})
                    .simulation.observe.control);
    // 1 + a = sigma: half of the steps lead to x = 0 exactly.
    const auto fallen = found("name = 'noisy-saddle', a = 0.0, sigma = 1.0, tau = 0.0, law = 'two-point'",
                              {"integrator.steps=1", "ensemble.paths=4096"});
    CHECK_FALSE(fallen.plain_growth_rate);
    CHECK(fallen.growth_rate.estimate.value == -std::numeric_limits<double>::infinity());
}

TEST_CASE("two-point noise has one control, which says all", "[control]") {
    const auto f = found("name = 'noisy-saddle', a = 0.1, sigma = 0.3, tau = 0.0, law = 'two-point'",
                         {"integrator.steps=100", "ensemble.paths=3000"});
    REQUIRE(f.plain_growth_rate);
    const double exact = (std::log(1.4) + std::log(0.8)) / 2;
    CHECK(f.growth_rate.estimate.value == Approx(exact).epsilon(1e-7));
    CHECK(f.growth_rate.estimate.standard_error < 1e-6 * f.plain_growth_rate->standard_error);
}

TEST_CASE("batches have no control", "[control]") {
    const auto config = [](const std::vector<std::string>& settings) {
        return config_from_text("model.name = 'finite-sum-saddle'", "test", settings);
    };
    CHECK_FALSE(config({}).simulation.observe.control);
    CHECK_THROWS_WITH(config({"observe.control=true"}), Catch::Matchers::Contains("observe.control"));
}
