#include "engine/formula/correlation.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>

namespace noisetrap::formula {
namespace {

std::size_t place_of(const Equation& equation, const std::string& noise) {
    const auto& noises = equation.noises;
    return static_cast<std::size_t>(
        std::find_if(noises.begin(), noises.end(), [&](const Noise& one) { return one.name == noise; }) -
        noises.begin());
}

using Matrix = std::vector<std::vector<Tree>>;

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

/// Where a noise is a sum of those before it, its own part is 0, and so is what others would have of that part.
Matrix cholesky(const Matrix& matrix) {
    const auto size = matrix.size();
    Matrix factor(size, std::vector<Tree>(size, number(0)));
    for (std::size_t j = 0; j < size; ++j) {
        std::vector<Tree> squares;
        for (std::size_t k = 0; k < j; ++k)
            if (!is_number(factor[j][k], 0)) squares.push_back(power(factor[j][k], number(2)));
        factor[j][j] = squares.empty()
                           ? matrix[j][j]
                           : call("sqrt", {call("max", {less(matrix[j][j], squares), number(0)})});
        for (std::size_t i = j + 1; i < size; ++i) {
            std::vector<Tree> products;
            for (std::size_t k = 0; k < j; ++k) products.push_back(product({factor[i][k], factor[j][k]}));
            const auto rest = less(matrix[i][j], products);
            constexpr double no_part = 1e-8;  // a root of rounding
            factor[i][j] = is_number(factor[j][j], 1) || is_number(rest, 0)
                               ? rest
                               : quotient(rest, call("max", {factor[j][j], number(no_part)}));
        }
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

void make_independent(Equation& equation, const std::vector<Correlation>& correlations) {
    if (correlations.empty()) return;
    const auto factor = cholesky(correlation_matrix(equation, correlations));
    for (auto& component : equation.system) component.factors = mixed(component.factors, factor);
    if (!equation.system.empty()) return;
    std::vector<Tree> factors;
    for (const auto& noise : equation.noises) factors.push_back(noise.factor);
    factors = mixed(factors, factor);
    for (std::size_t i = 0; i < factors.size(); ++i) equation.noises[i].factor = factors[i];
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
    constexpr double rounding = -1e-12;
    if (smallest >= rounding) return "";
    return fmt::format(
        "no noises have these correlations: their matrix has the eigenvalue {:.4g}, and none may be below 0",
        smallest);
}

}  // namespace noisetrap::formula
