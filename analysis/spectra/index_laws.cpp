#include "analysis/spectra/index_laws.hpp"

#include <Eigen/Eigenvalues>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/binomial.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <numbers>

#include "analysis/require.hpp"
#include "engine/noise/streams.hpp"
#include "engine/noise/variates.hpp"

namespace noisetrap {
namespace {

using Number = boost::multiprecision::cpp_bin_float_100;
using Table = std::vector<std::vector<Number>>;

constexpr std::size_t most_exact = 40;

/// Of a skew-symmetric matrix of even size, by elimination with pivots (Parlett and Reid 1970).
Number pfaffian(Table a) {
    Number product = 1;
    for (std::size_t k = 0; k + 1 < a.size(); k += 2) {
        std::size_t pivot = k + 1;
        for (std::size_t i = k + 2; i < a.size(); ++i)
            if (abs(a[i][k]) > abs(a[pivot][k])) pivot = i;
        if (pivot != k + 1) {
            std::swap(a[k + 1], a[pivot]);
            for (auto& row : a) std::swap(row[k + 1], row[pivot]);
            product = -product;
        }
        if (a[k][k + 1] == 0) return 0;
        product *= a[k][k + 1];
        for (std::size_t i = k + 2; i < a.size(); ++i)
            for (std::size_t j = k + 2; j < a.size(); ++j)
                a[i][j] += (a[i][k] * a[k + 1][j] - a[i][k + 1] * a[k][j]) / a[k][k + 1];
    }
    return product;
}

/// Integrals of x^j exp(-x^2/2) and of x^j exp(-x^2) over x > 0.
Number half_moment(std::size_t j) {
    const Number half = Number(j + 1) / 2;
    return pow(Number(2), half - 1) * boost::math::tgamma(half);
}
Number narrow_moment(std::size_t j) { return boost::math::tgamma(Number(j + 1) / 2) / 2; }

/// k[i][j], the integral of sign(y - x) x^i y^j exp(-(x^2 + y^2)/2) over x, y > 0, by parts in x:
/// k[i][j] = (i - 1) k[i-2][j] - 2 narrow(i + j - 1), and for i = 1 half(j) - 2 narrow(j).
Table positive_integrals(std::size_t n) {
    Table k(n, std::vector<Number>(n));
    for (std::size_t i = 1; i < n; ++i) {
        const Number before = i == 1 ? half_moment(0) : Number(i - 1) * k[i - 2][0];
        k[i][0] = before - 2 * narrow_moment(i - 1);
        k[0][i] = -k[i][0];
    }
    for (std::size_t i = 1; i < n; ++i)
        for (std::size_t j = 1; j < n; ++j)
            k[i][j] = (i == 1 ? half_moment(j) : Number(i - 1) * k[i - 2][j]) - 2 * narrow_moment(i + j - 1);
    return k;
}

/// E z^index up to a constant: a Pfaffian whose negative half lines have the weight z; odd sizes have a border.
class IndexPolynomial {
    std::size_t n_;
    Table positive_;
    std::vector<Number> half_;

  public:
    explicit IndexPolynomial(std::size_t n) : n_(n), positive_(positive_integrals(n)) {
        for (std::size_t j = 0; j < n; ++j) half_.push_back(half_moment(j));
    }
    Number operator()(const Number& z) const {
        const std::size_t size = n_ + n_ % 2;
        Table a(size, std::vector<Number>(size));
        const auto sign = [](std::size_t j) { return j % 2 == 0 ? 1 : -1; };
        for (std::size_t j = 0; j < n_; ++j)
            for (std::size_t k = 0; k < n_; ++k)
                a[j][k] = positive_[j][k] * (1 - z * z * sign(j + k)) +
                          z * half_[j] * half_[k] * (sign(j) - sign(k));
        if (size > n_)
            for (std::size_t j = 0; j < n_; ++j) {
                a[j][n_] = half_[j] * (1 + z * sign(j));
                a[n_][j] = -a[j][n_];
            }
        return pfaffian(std::move(a));
    }
};

/// Coefficients of the polynomial that has these values at 0, 1, ..., by Newton's differences.
std::vector<Number> coefficients(std::vector<Number> values) {
    const std::size_t n = values.size();
    for (std::size_t order = 1; order < n; ++order)
        for (std::size_t i = n - 1; i >= order; --i) values[i] = (values[i] - values[i - 1]) / Number(order);
    std::vector<Number> sum(n);
    for (std::size_t k = n; k-- > 0;) {  // sum * (z - k) + values[k]
        for (std::size_t i = n - 1; i > 0; --i) sum[i] = sum[i - 1] - Number(k) * sum[i];
        sum[0] = values[k] - Number(k) * sum[0];
    }
    return sum;
}

/// Mean of a over mean of b, of pairs.
Estimate ratio(const std::vector<double>& a, const std::vector<double>& b) {
    double sum_a = 0, sum_b = 0, square = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum_a += a[i], sum_b += b[i];
    const double value = sum_a / sum_b;
    for (std::size_t i = 0; i < a.size(); ++i) square += (a[i] - value * b[i]) * (a[i] - value * b[i]);
    return {value, std::sqrt(square) / sum_b};
}

/// The integral of the ensemble's density times exp(-weight lambda_(k+1)^2), up to a constant, for sizes 2 and 3. With the
/// gaps a and b between eigenvalues the exponent is a square in the second one, which is integrated away, and a quadratic
/// form q of the gaps; the gaps' length follows in closed form, and their angle is left.
double ordered_integral(std::size_t n, std::size_t k, double weight) {
    const auto form = [&](double a, double b) {
        const double place[] = {-a, 0, b};
        double sum = 0, first = 0, second = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const double w = 0.25 + (i == k ? weight : 0);
            sum += w, first += w * place[i], second += w * place[i] * place[i];
        }
        return std::pair{sum, second - first * first / sum};
    };
    const double root = std::sqrt(form(0, 0).first);
    if (n == 2) return 1 / (root * form(1, 0).second);
    const auto by_angle = [&](double angle) {
        const double a = std::cos(angle), b = std::sin(angle);
        return a * b * (a + b) * std::pow(form(a, b).second, -2.5);
    };
    using Gauss = boost::math::quadrature::gauss<double, 60>;
    return Gauss::integrate(by_angle, 0, std::numbers::pi / 2) / root;
}

/// The share of a semicircle on [-1, 1] below v.
double semicircle_below(double v) {
    if (v <= -1) return 0;
    if (v >= 1) return 1;
    return 0.5 + (v * std::sqrt(1 - v * v) + std::asin(v)) / std::numbers::pi;
}

void require_glass(int p) {
    require(p >= 3, "the pure spherical glass has critical points of many energies from p = 3 on");
}

/// A glass has all E exp(-rate lambda_(k+1)^2) points of index k.
struct GlassWeight {
    double all, rate;
};
GlassWeight weight_of_glass(int p, std::size_t spins) {
    require_glass(p);
    return {2 * std::sqrt(2.0 / p) * std::pow(p - 1.0, static_cast<double>(spins) / 2),
            (p - 2.0) / (4.0 * p)};
}

/// E exp(-weight lambda_(k+1)^2).
double mean_weight_of_eigenvalue(std::size_t n, std::size_t k, double weight) {
    return ordered_integral(n, k, weight) / ordered_integral(n, k, 0);
}

}  // namespace

std::vector<double> goe_index_law(std::size_t n) {
    require(n >= 1 && n <= most_exact, "the index law of the ensemble is worked out for sizes from 1 to 40");
    const IndexPolynomial polynomial(n);
    std::vector<Number> values;
    for (std::size_t z = 0; z <= n; ++z) values.push_back(polynomial(Number(z)));
    std::vector<double> law;
    for (const auto& coefficient : coefficients(values))
        law.push_back(static_cast<double>(coefficient / values[1]));
    return law;
}

std::vector<double> independent_signs_law(std::size_t n) {
    std::vector<double> law;
    for (std::size_t k = 0; k <= n; ++k)
        law.push_back(std::ldexp(
            boost::math::binomial_coefficient<double>(static_cast<unsigned>(n), static_cast<unsigned>(k)),
            -static_cast<int>(n)));
    return law;
}

std::vector<double> gaussian_field_index_law(std::size_t d) {
    require(d >= 1 && d <= 3, "the index law of a Gaussian field has a closed form in 1, 2 and 3 dimensions");
    if (d == 1) return {0.5, 0.5};
    if (d == 2) return {0.25, 0.5, 0.25};
    const double outer = (29 - 6 * std::sqrt(6.0)) / 116, inner = (29 + 6 * std::sqrt(6.0)) / 116;
    return {outer, inner, inner, outer};
}

std::vector<double> goe_spectrum(std::size_t n, std::uint64_t seed, std::uint64_t sample) {
    const auto size = static_cast<Eigen::Index>(n);
    Eigen::MatrixXd matrix(size, size);
    std::uint64_t entry = 0;
    for (Eigen::Index j = 0; j < size; ++j)
        for (Eigen::Index i = j; i < size; ++i)
            matrix(i, j) = variate_of<double>(seed, Stream::first_noise, sample, entry++, Law::gaussian) *
                           (i == j ? std::numbers::sqrt2 : 1);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix, Eigen::EigenvaluesOnly);
    return {solver.eigenvalues().begin(), solver.eigenvalues().end()};
}

std::vector<Estimate> sampled_gaussian_field_index_law(std::size_t d, std::uint64_t samples,
                                                       std::uint64_t seed) {
    std::vector<std::vector<double>> weights(d + 1);
    std::vector<double> sums;
    for (std::uint64_t sample = 0; sample < samples; ++sample) {
        double sum = 0;
        const auto spectrum = goe_spectrum(d + 1, seed, sample);
        for (std::size_t k = 0; k <= d; ++k) {
            weights[k].push_back(std::exp(-spectrum[k] * spectrum[k] / 4));
            sum += weights[k].back();
        }
        sums.push_back(sum);
    }
    std::vector<Estimate> law;
    for (const auto& weight : weights) law.push_back(ratio(weight, sums));
    return law;
}

std::vector<double> spherical_glass_counts(int p, std::size_t spins) {
    require(spins == 2 || spins == 3, "the number of critical points is worked out for two and three spins");
    const auto weight = weight_of_glass(p, spins);
    std::vector<double> counts;
    for (std::size_t k = 0; k < spins; ++k)
        counts.push_back(weight.all * mean_weight_of_eigenvalue(spins, k, weight.rate));
    return counts;
}

std::vector<Estimate> sampled_spherical_glass_counts(int p, std::size_t spins, std::uint64_t samples,
                                                     std::uint64_t seed) {
    const auto weight = weight_of_glass(p, spins);
    const auto n = static_cast<double>(samples);
    std::vector<double> sums(spins), squares(spins);
    for (std::uint64_t sample = 0; sample < samples; ++sample) {
        const auto spectrum = goe_spectrum(spins, seed, sample);
        for (std::size_t k = 0; k < spins; ++k) {
            const double count = weight.all * std::exp(-weight.rate * spectrum[k] * spectrum[k]);
            sums[k] += count, squares[k] += count * count;
        }
    }
    std::vector<Estimate> counts;
    for (std::size_t k = 0; k < spins; ++k) {
        const double mean = sums[k] / n;
        counts.push_back({mean, std::sqrt(std::max(squares[k] / n - mean * mean, 0.0) / n)});
    }
    return counts;
}

double spherical_glass_index_share(int p, double energy) {
    require_glass(p);
    return semicircle_below(energy / (2 * std::sqrt((p - 1.0) / p)));
}

double gaussian_field_density(std::size_t d) {
    require(d >= 1 && d <= 3,
            "the density of critical points of a Gaussian field has a closed form in 1, 2 and 3 "
            "dimensions");
    const double pi = std::numbers::pi, root = std::numbers::sqrt3;
    if (d == 1) return root / pi;
    return d == 2 ? 2 / (root * pi) : 29 / (6 * root * pi * pi);
}

double gaussian_field_index_share(double energy) { return semicircle_below(energy / 2); }

}  // namespace noisetrap
