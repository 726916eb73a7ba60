#include "engine/formula/correlation.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

namespace noisetrap::formula {
namespace {

std::size_t place_of(const Equation& equation, const std::string& noise) {
    const auto& noises = equation.noises;
    return static_cast<std::size_t>(
        std::find_if(noises.begin(), noises.end(), [&](const Noise& one) { return one.name == noise; }) -
        noises.begin());
}

using Matrix = std::vector<std::vector<Tree>>;

/// What the eigenvalues of a matrix of correlations may be below 0.
constexpr double rounding = 1e-12;

Matrix correlation_matrix(const Equation& equation, const std::vector<Correlation>& correlations) {
    const auto size = equation.noises.size();
    Matrix matrix(size, std::vector<Tree>(size, number(0)));
    for (std::size_t i = 0; i < size; ++i) matrix[i][i] = number(1);
    for (const auto& [one, other, value] : correlations) {
        const auto i = place_of(equation, one), j = place_of(equation, other);
        matrix[i][j] = matrix[j][i] = value;
    }
    return matrix;
}

Tree less(const Tree& a, const std::vector<Tree>& products) {
    std::vector<Tree> parts = {a};
    for (const auto& one : products)
        if (!is_number(one, 0)) parts.push_back(negate(one));
    return parts.size() == 1 ? a : sum(parts);
}

std::vector<Tree> products_of(const std::vector<Tree>& one, const std::vector<Tree>& other,
                              std::size_t count) {
    std::vector<Tree> products;
    for (std::size_t k = 0; k < count; ++k) products.push_back(product({one[k], other[k]}));
    return products;
}

/// A noise has the variance 1: what is left of its root when its first parts are known.
Tree root_of_rest(const std::vector<Tree>& parts, std::size_t count) {
    std::vector<Tree> squares;
    for (std::size_t k = 0; k < count; ++k)
        if (!is_number(parts[k], 0)) squares.push_back(power(parts[k], number(2)));
    if (squares.empty()) return number(1);
    return call("sqrt", {call("max", {less(number(1), squares), number(0)})});
}

/// Where a noise is a sum of those before it, its own part is 0, and so is what others have of that part. A matrix may
/// miss being one of correlations by `rounding`, and an own part up to the root of that is none. No part of a noise is
/// more than what the others leave, so that its variance is 1 even then.
Tree part_of_other(const Tree& covariance, const Tree& own, const Tree& room) {
    if (is_number(own, 1) || is_number(covariance, 0)) return covariance;
    const double no_part = std::sqrt(rounding);
    const auto is_there = call("step", {sum({own, number(-no_part)})});
    const auto part = quotient(product({is_there, covariance}), call("max", {own, number(no_part)}));
    return call("max", {negate(room), call("min", {room, part})});
}

/// Numbers and names stay as they are.
Tree named(const std::string& one, const Tree& value, std::vector<WorkedOut>& parts) {
    if (is_number(value) || value->kind == Kind::name) return value;
    parts.push_back({one, value});
    return name(one, Role::parameter);
}

Matrix cholesky(const Matrix& matrix, const std::vector<Noise>& noises, std::vector<WorkedOut>& parts) {
    const auto size = matrix.size();
    const auto part_name = [&](std::size_t i, std::size_t j) {
        return i == j ? fmt::format("own part of {}", noises[i].name)
                      : fmt::format("part of {} in {}", noises[j].name, noises[i].name);
    };
    Matrix factor(size, std::vector<Tree>(size, number(0)));
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const auto rest = less(matrix[i][j], products_of(factor[i], factor[j], j));
            const auto part = part_of_other(rest, factor[j][j], root_of_rest(factor[i], j));
            factor[i][j] = named(part_name(i, j), part, parts);
        }
        factor[i][i] = named(part_name(i, i), root_of_rest(factor[i], i), parts);
    }
    return factor;
}

/// What stands before each independent noise.
std::vector<Tree> mixed(const std::vector<Tree>& factors, const Matrix& cholesky) {
    std::vector<Tree> result;
    for (std::size_t j = 0; j < factors.size(); ++j) {
        std::vector<Tree> parts;
        for (std::size_t i = j; i < factors.size(); ++i) {
            const auto part = product({cholesky[i][j], factors[i]});
            if (!is_number(part, 0)) parts.push_back(part);
        }
        result.push_back(parts.empty() ? number(0) : sum(parts));
    }
    return result;
}

}  // namespace

std::vector<WorkedOut> make_independent(Equation& equation, const std::vector<Correlation>& correlations) {
    std::vector<WorkedOut> parts;
    if (correlations.empty()) return parts;
    const auto factor = cholesky(correlation_matrix(equation, correlations), equation.noises, parts);
    for (auto& component : equation.system) component.factors = mixed(component.factors, factor);
    if (!equation.system.empty()) return parts;
    std::vector<Tree> factors;
    for (const auto& noise : equation.noises) factors.push_back(noise.factor);
    factors = mixed(factors, factor);
    for (std::size_t i = 0; i < factors.size(); ++i) equation.noises[i].factor = factors[i];
    return parts;
}

std::string correlation_complaint(const Equation& equation, const std::vector<Correlation>& correlations,
                                  const Values& values) {
    if (correlations.empty()) return "";
    const auto matrix = correlation_matrix(equation, correlations);
    const auto size = static_cast<Eigen::Index>(matrix.size());
    Eigen::MatrixXd numbers(size, size);
    for (Eigen::Index i = 0; i < size; ++i)
        for (Eigen::Index j = 0; j < size; ++j)
            numbers(i, j) =
                value_of(matrix[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)], values, 0);
    if (!numbers.allFinite()) return "a correlation is not finite";
    const double smallest = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(numbers, Eigen::EigenvaluesOnly)
                                .eigenvalues()
                                .minCoeff();
    if (smallest >= -rounding) return "";
    return fmt::format(
        "no noises have these correlations: their matrix has the eigenvalue {:.4g}, and none may be below 0",
        smallest);
}

}  // namespace noisetrap::formula
