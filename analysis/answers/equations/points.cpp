#include "analysis/answers/equations/points.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/answers/answers.hpp"
#include "analysis/answers/equations/rows.hpp"
#include "analysis/growth/fixed_points.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/growth/roots.hpp"

namespace noisetrap::equations {
namespace {

KnownPoint known(const FixedPoint& point) {
    return {point.x, point.a, point.sigma, point.tau, point.rho, point.growth(), point.tail_index()};
}

/// Whether the slope by x is affine in the noises: at twice and with the other sign it has as much more.
bool has_affine_slope(const FormulaFunctions& functions, double x) {
    const std::size_t noises = functions.laws.size();
    const auto slope = [&](double all) { return functions.next(x, std::vector<double>(noises, all)).slope; };
    const auto sum = [&] {
        double total = slope(0);
        for (std::size_t i = 0; i < noises; ++i) {
            std::vector<double> one(noises, 0);
            one[i] = 1;
            total += functions.next(x, one).slope - slope(0);
        }
        return total;
    }();
    const double size = std::abs(slope(0)) + std::abs(slope(1)) + std::abs(slope(-2));
    return std::abs(slope(1) - sum) <= 1e-12 * size &&
           std::abs(slope(-2) - slope(0) + 2 * (slope(1) - slope(0))) <= 1e-12 * size;
}

KnownPoint known_point(const FormulaFunctions& functions, double x) {
    const auto as_sde = linearisation(
        [&](double at) { return functions.next(at, std::vector<double>(functions.laws.size(), 0)); }, {}, x);
    KnownPoint point{x, unknown, unknown, unknown, unknown, unknown, unknown};
    if (!as_sde.smooth || !has_affine_slope(functions, x)) return point;
    const auto map = linear_map(functions, x);
    point.a = map.factor.mean - 1, point.sigma = map.factor.deviation(), point.tau = map.tau,
    point.rho = map.rho;
    try {
        point.growth = mean_log_abs(map.factor);
        if (map.tau > 0 && map.one_law && point.trapped()) point.tail_index = tail_index(map.factor);
    } catch (const std::domain_error&) {  // it stays unknown
    }
    return point;
}

}  // namespace

std::vector<KnownPoint> points_of_sde(const FormulaFunctions& functions) {
    std::vector<KnownPoint> points;
    for (const auto& point : fixed_points(functions.drift, functions.amplitudes))
        points.push_back(known(point));
    return points;
}

std::vector<KnownPoint> points_of_map(const FormulaFunctions& functions) {
    std::vector<KnownPoint> points;
    for (const double x : roots_on_the_line([&](double at) { return map_at(functions, at) - at; }))
        points.push_back(known_point(functions, x));
    return points;
}

std::optional<KnownPoint> zero_of_sde(const FormulaFunctions& functions) {
    if (functions.drift(0).value != 0) return std::nullopt;
    return known(linearisation(functions.drift, functions.amplitudes, 0));
}

std::optional<KnownPoint> zero_of_map(const FormulaFunctions& functions) {
    if (map_at(functions, 0) != 0) return std::nullopt;
    return known_point(functions, 0);
}

void add_system(const FormulaFacts& facts, const FormulaFunctions& functions, EquationTheory& theory) {
    const auto size = facts.variables.size();
    const std::vector<double> zero(size, 0);
    const auto rates = functions.rates(zero);
    if (std::any_of(rates.begin(), rates.end(), [](double rate) { return rate != 0; })) {
        theory.notes.push_back(
            "The state 0 is no fixed point, and others are not looked for in several variables.");
        return;
    }
    const auto slopes = functions.jacobian(zero);
    const auto n = static_cast<Eigen::Index>(size);
    const Eigen::MatrixXd jacobian =
        Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
            slopes.data(), n, n);
    if (!jacobian.allFinite()) {
        theory.notes.push_back("The state 0 is a fixed point without a linearisation.");
        return;
    }
    const Eigen::VectorXcd values = jacobian.eigenvalues();
    theory.eigenvalues.assign(values.begin(), values.end());
    theory.notes.push_back(
        "The state 0 is a fixed point without noise; whether noise traps there is not known of several "
        "variables.");
}

}  // namespace noisetrap::equations
