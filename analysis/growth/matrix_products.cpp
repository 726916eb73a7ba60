#include "analysis/growth/matrix_products.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <boost/math/quadrature/exp_sinh.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/roots.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/growth/lyapunov.hpp"
#include "analysis/require.hpp"

namespace noisetrap {
namespace {

using Eigen::MatrixXd;

void require_product(const MatrixProduct& product) {
    require(product.dimension >= 1 && product.dimension <= MatrixProduct::most_dimensions,
            "a matrix product has 1 to 32 dimensions");
    require(std::isfinite(product.a) && std::isfinite(product.sigma),
            "a matrix product needs finite a and sigma");
}

void require_exponent(const MatrixProduct& product, int k) {
    require_product(product);
    require(k >= 1 && k <= product.dimension, "exponents are counted from 1 to the number of dimensions");
}

class MatrixSource {
    MatrixProduct product_;
    boost::random::mt19937_64 random_;
    boost::random::normal_distribution<double> normal_;

    double noise() { return product_.sigma * normal_(random_); }
    double mean() const { return product_.structure == Structure::plain ? 0 : 1 + product_.a; }

  public:
    MatrixSource(const MatrixProduct& product, std::uint64_t seed) : product_(product), random_(seed) {
        require_product(product);
    }
    Eigen::Index size() const { return product_.dimension; }

    template <class Matrix>
    void fill(Matrix&& matrix) {
        switch (product_.structure) {
            case Structure::plain:
            case Structure::dense:
                return fill_dense(matrix);
            case Structure::symmetric:
                return fill_symmetric(matrix);
            case Structure::commuting:
                matrix.setZero();
                for (Eigen::Index i = 0; i < size(); ++i) matrix(i, i) = mean() + noise();
                return;
            case Structure::low_rank:
                return fill_low_rank(matrix);
        }
    }

  private:
    template <class Matrix>
    void fill_dense(Matrix& matrix) {
        for (double& element : matrix.reshaped()) element = noise();
        matrix.diagonal().array() += mean();
    }
    template <class Matrix>
    void fill_symmetric(Matrix& matrix) {
        for (Eigen::Index j = 0; j < size(); ++j) {
            matrix(j, j) = mean() + noise();
            for (Eigen::Index i = j + 1; i < size(); ++i)
                matrix(i, j) = matrix(j, i) = noise() / std::numbers::sqrt2;
        }
    }
    template <class Matrix>
    void fill_low_rank(Matrix& matrix) {
        const double along = mean() + noise(), across = 1 - std::abs(product_.a);
        matrix.setConstant((along - across) / static_cast<double>(size()));
        matrix.diagonal().array() += across;
    }
};

// E log of the length of (mean + along Z, across chi_n), from Frullani's integral: log Q is the integral of
// (e^-t - e^-tQ)/t over t > 0, and the square of the length has the Laplace transform
//     E e^-tQ = exp(-mean^2 t/(1 + 2 along^2 t)) / [(1 + 2 along^2 t)^1/2 (1 + 2 across^2 t)^n/2].
class LengthLaw {
    double square_, along_, across_, others_;

    // log E e^-tQ, with t added if wanted: that sum keeps its accuracy where Q is close to 1.
    double log_transform(double t, bool with_t) const {
        const double x = 2 * along_ * t,
                     power = std::log1p(x) / 2 + others_ / 2 * std::log1p(2 * across_ * t);
        if (with_t) return t * ((1 - square_) + square_ * x / (1 + x)) - power;
        return -square_ * t / (1 + x) - power;
    }

  public:
    LengthLaw(double mean, double along, double across, int others)
        : square_(mean * mean), along_(along * along), across_(across * across), others_(others) {}

    double mean_log() const {
        constexpr double begin_of_tail = 30, tolerance = 1e-13;
        static boost::math::quadrature::exp_sinh<double> rule;
        const auto integrand = [this](double t) {
            if (t < begin_of_tail) return -std::exp(-t) * std::expm1(log_transform(t, true)) / t;
            return (std::exp(-t) - std::exp(log_transform(t, false))) / t;
        };
        return rule.integrate(integrand, tolerance) / 2;
    }
};

// E log|(I + D + Xi) e_1|, lengths in units of the mean's or, if larger, of the noise's.
double isotropic_growth(const MatrixProduct& product) {
    const double sigma = std::abs(product.sigma), mean = std::abs(1 + product.a);
    const double log_mean = step_growth(Law::gaussian, product.a, 0);
    if (sigma == 0) return log_mean;
    const double unit = std::max(mean, sigma), along = sigma / unit;
    const double across = product.structure == Structure::symmetric ? along / std::numbers::sqrt2 : along;
    return (mean >= sigma ? log_mean : std::log(sigma)) +
           LengthLaw(mean / unit, along, across, product.dimension - 1).mean_log();
}

double newman_exponent(const MatrixProduct& product, int k) {
    const double degrees = product.dimension - k + 1;
    return std::log(std::abs(product.sigma)) + (std::numbers::ln2 + boost::math::digamma(degrees / 2)) / 2;
}

// The k-th in falling order of one exponent along u and d - 1 equal ones across.
double one_among(double along, double across, const MatrixProduct& product, int k) {
    const int place = product.dimension == 1 || along >= across ? 1 : product.dimension;
    return k == place ? along : across;
}

bool is_isotropic(Structure structure) {
    return structure == Structure::dense || structure == Structure::symmetric;
}

double top_exponent(Structure structure, int dimension, double a, double sigma) {
    return *exact_exponent({structure, dimension, a, sigma}, 1);
}

// Where a function of sigma changes its sign.
template <class Function>
double edge_between(const Function& growth, double left, double right) {
    std::uintmax_t rounds = 200;
    const auto [low, high] = boost::math::tools::toms748_solve(
        growth, left, right, boost::math::tools::eps_tolerance<double>(45), rounds);
    return (low + high) / 2;
}

// E log|x + noise| - log|x| has at most one minimum over sigma. Where |1 + a| >= 1 the trap lies about it.
std::optional<TrapWindow> isotropic_window(Structure structure, int dimension, double a) {
    constexpr double sure_escape = 2, rounding = 1e-13;
    const double mean = std::abs(1 + a);
    const auto growth = [=](double sigma) { return top_exponent(structure, dimension, a, sigma); };
    if (mean < 1) return TrapWindow{0, edge_between(growth, mean > 0 ? 0 : 1e-3, sure_escape)};
    const double inside = boost::math::tools::brent_find_minima(growth, 0.1 * mean, 3 * mean, 40).first;
    if (!(growth(inside) < -rounding)) return std::nullopt;
    return TrapWindow{mean > 1 ? edge_between(growth, 0, inside) : 0,
                      edge_between(growth, inside, sure_escape)};
}

}  // namespace

std::function<void(std::span<double>)> next_matrix(const MatrixProduct& product, std::uint64_t seed) {
    return [source = MatrixSource(product, seed)](std::span<double> columns) mutable {
        const auto size = source.size();
        require(columns.size() == static_cast<std::size_t>(size * size), "a matrix takes d^2 numbers");
        source.fill(Eigen::Map<MatrixXd>(columns.data(), size, size));
    };
}

std::vector<Estimate> simulated_exponents(const MatrixProduct& product, int count, std::uint64_t steps,
                                          std::uint64_t runs, std::uint64_t seed) {
    require_exponent(product, count);
    MatrixSource source(product, seed);
    MatrixXd matrix(source.size(), source.size());
    const auto next = [&] {
        source.fill(matrix);
        return matrix;
    };
    const auto warm_up = product.structure == Structure::low_rank ? steps : 0;
    return lyapunov_exponents(next, {steps, runs, warm_up, count});
}

double sde_exponent(const MatrixProduct& product, int k) {
    require_exponent(product, k);
    const double a = product.a, variance = product.sigma * product.sigma;
    switch (product.structure) {
        case Structure::plain:
            break;
        case Structure::dense:
            return a + variance * (product.dimension - 2 * k) / 2;
        case Structure::symmetric:
            return a + variance * (product.dimension + 1 - 4 * k) / 4;
        case Structure::commuting:
            return sde_growth_rate(a, product.sigma);
        case Structure::low_rank:
            return one_among(sde_growth_rate(a, product.sigma), -std::abs(a), product, k);
    }
    return std::numeric_limits<double>::quiet_NaN();
}

MatrixProduct euler_product(const MatrixProduct& sde, double h) {
    require_product(sde);
    require(sde.structure != Structure::plain, "a product without the identity is no step of an SDE");
    require(std::isfinite(h) && h > 0, "a time step must be positive");
    return {sde.structure, sde.dimension, sde.a * h, sde.sigma * std::sqrt(h)};
}

std::optional<double> exact_exponent(const MatrixProduct& product, int k) {
    require_exponent(product, k);
    const double a = product.a, sigma = product.sigma;
    switch (product.structure) {
        case Structure::plain:
            return newman_exponent(product, k);
        case Structure::dense:
        case Structure::symmetric:
            if (k == 1) return isotropic_growth(product);
            return std::nullopt;
        case Structure::commuting:
            return step_growth(Law::gaussian, a, sigma);
        case Structure::low_rank:
            return one_among(step_growth(Law::gaussian, a, sigma),
                             step_growth(Law::gaussian, -std::abs(a), 0), product, k);
    }
    return std::nullopt;
}

// The top exponent is a + slope sigma^2, and what low-rank noise leaves alone must come closer by itself.
std::optional<TrapWindow> sde_trap_window(Structure structure, int dimension, double a) {
    require_product({structure, dimension, a, 0});
    require(structure != Structure::plain, "a product without the identity has no SDE");
    constexpr double none = std::numeric_limits<double>::infinity();
    const double slope = is_isotropic(structure) ? sde_exponent({structure, dimension, 0, 1}, 1) : -0.5;
    if (structure == Structure::low_rank && dimension > 1 && a == 0) return std::nullopt;
    if (slope < 0) return TrapWindow{std::sqrt(std::max(a, 0.0) / -slope), none};
    if (a < 0) return TrapWindow{0, slope > 0 ? std::sqrt(-a / slope) : none};
    return std::nullopt;
}

std::optional<TrapWindow> trap_window(Structure structure, int dimension, double a) {
    require_product({structure, dimension, a, 0});
    if (structure == Structure::plain)
        return TrapWindow{0, std::exp(-newman_exponent({structure, dimension, a, 1}, 1))};
    if (is_isotropic(structure) && dimension > 1) return isotropic_window(structure, dimension, a);
    const bool held_across = std::abs(1 - std::abs(a)) < 1;
    if (structure == Structure::low_rank && dimension > 1 && !held_across) return std::nullopt;
    return noisetrap::trap_window(Law::gaussian, a);
}

}  // namespace noisetrap
