// Losses whose factor per step is a function of chi-squares: its means are integrals over chi variates, cut
// where the factor vanishes.
#include <algorithm>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "analysis/growth/growth.hpp"
#include "analysis/growth/remedies.hpp"
#include "analysis/require.hpp"

namespace noisetrap {
namespace {

constexpr double kLargestTailIndex = 1000;
// exp(-kFar^2/2) is below the rounding of a double with room for sums.
constexpr double kFar = 12, kLongestPiece = 16;

// log density of the root of a chi-square with n degrees of freedom.
double log_chi_density(int n, double r) {
    const double power = n == 1 ? 0 : (n - 1) * std::log(r);
    return power - r * r / 2 - (n / 2.0 - 1) * std::numbers::ln2 - std::lgamma(n / 2.0);
}

// The integral of f over (left, right), in pieces that densities as narrow as a chi variate's do not escape.
template <class Function>
double integral(boost::math::quadrature::tanh_sinh<double>& rule, const Function& f, double left,
                double right) {
    // The second argument selects Boost's overload that tolerates nodes rounded onto an end.
    const auto inside = [&](double r, double) { return r > 0 ? f(r) : 0.0; };
    const double pieces = std::ceil((right - left) / kLongestPiece), length = (right - left) / pieces;
    double sum = 0;
    for (double i = 0; i < pieces; ++i)
        sum += rule.integrate(inside, left + i * length, left + (i + 1) * length, 1e-10);
    return sum;
}

// The same over (0, far), cut where f has a kink or a logarithm's pole.
template <class Function>
double integral_with_cut(boost::math::quadrature::tanh_sinh<double>& rule, const Function& f, double cut,
                         double far) {
    const double split = std::clamp(cut, 0.0, far);
    return integral(rule, f, 0, split) + integral(rule, f, split, far);
}

// Where the density of a chi variate times its power is over.
double far_end(int n, double power) { return std::sqrt(n + power) + kFar; }
// Where the density has not begun; a factor that rises only narrows what matters.
double near_end(int n) { return std::max(0.0, std::sqrt(n) - kFar); }

// Integral of f(log density, log R) over the chi variates r = sqrt X and t = sqrt Y; f grows like R^power at
// most. R = 0 at r = 1/sqrt c, t = 0.
template <class Function>
double integral_over_factor(const LeastSquaresProblem& problem, double c, double power, const Function& f) {
    static boost::math::quadrature::tanh_sinh<double> outer, inner;
    const int others = problem.dimensions - 1;
    const auto log_factor = [](double along, double across) { return std::log(std::hypot(along, across)); };
    const auto given_r = [&](double r) {
        const double along = std::abs((1 - std::sqrt(c) * r) * (1 + std::sqrt(c) * r));
        const double density = log_chi_density(problem.batch, r);
        if (others == 0) return along > 0 ? f(density, std::log(along)) : 0.0;
        const auto given_t = [&](double t) {
            return f(density + log_chi_density(others, t), log_factor(along, c * r * t));
        };
        return integral(inner, given_t, near_end(others), far_end(others, power));
    };
    return integral_with_cut(outer, given_r, 1 / std::sqrt(c), far_end(problem.batch, 2 * power));
}

// E R^kappa - 1, exact where it is small.
double moment_less_one(const LeastSquaresProblem& problem, double c, double kappa) {
    return integral_over_factor(problem, c, kappa, [=](double log_density, double log_factor) {
        const double growth = kappa * log_factor;
        if (growth < 1) return std::exp(log_density) * std::expm1(growth);
        return std::exp(log_density + growth) - std::exp(log_density);
    });
}

// c = l s^2/b
double scaled_rate(const LeastSquaresProblem& problem, double learning_rate) {
    const double s = problem.feature_deviation;
    require(problem.dimensions >= 1 && problem.batch >= 1,
            "least squares needs at least one dimension and one sample a batch");
    require(std::isfinite(s) && s > 0, "the features of least squares need a positive deviation");
    require(std::isfinite(learning_rate) && learning_rate > 0, "the learning rate must be positive");
    return learning_rate * s * s / problem.batch;
}

void require_unit(const TwoLayerProblem& unit) {
    require(std::isfinite(unit.signal) && std::isfinite(unit.noise) && unit.noise >= 0,
            "a two-layer unit needs a finite signal and noise >= 0");
}

}  // namespace

// With S the sum of the b squares x^2, the sum of x y is Normal(signal S, noise^2 S).
double two_layer_growth(const TwoLayerProblem& unit, double learning_rate, int batch, int sign) {
    require_unit(unit);
    require(batch >= 1, "a batch has at least one sample");
    require(sign == 1 || sign == -1, "the sign of a two-layer mode is +1 or -1");
    static boost::math::quadrature::tanh_sinh<double> rule;
    const double rate = sign * 2 * learning_rate / batch, drift = rate * unit.signal;
    const auto growth = [&](double r) {
        const double rise = drift * r * r, spread = rate * unit.noise * r;
        if (rise == -1 && spread == 0) return 0.0;  // a pole that the nodes approach
        return std::exp(log_chi_density(batch, r)) * step_growth(Law::gaussian, rise, spread);
    };
    return integral_with_cut(rule, growth, drift < 0 ? 1 / std::sqrt(-drift) : 0, far_end(batch, 0));
}

bool two_layer_trapped(const TwoLayerProblem& unit, double learning_rate, int batch) {
    return two_layer_growth(unit, learning_rate, batch, 1) < 0 &&
           two_layer_growth(unit, learning_rate, batch, -1) < 0;
}

double two_layer_critical_temperature(const TwoLayerProblem& unit) {
    require_unit(unit);
    require(unit.signal >= 0 && unit.signal + unit.noise > 0,
            "a two-layer unit's critical temperature needs signal >= 0, and signal or noise");
    return unit.signal / (2 * unit.signal * unit.signal + unit.noise * unit.noise);
}

double least_squares_growth(const LeastSquaresProblem& problem, double learning_rate) {
    return integral_over_factor(
        problem, scaled_rate(problem, learning_rate), 1,
        [](double log_density, double log_factor) { return std::exp(log_density) * log_factor; });
}

// log E R^kappa is convex in kappa and 0 at kappa = 0; divided by kappa it rises from E log R and has one
// root.
double least_squares_tail_index(const LeastSquaresProblem& problem, double learning_rate) {
    const double c = scaled_rate(problem, learning_rate),
                 growth = least_squares_growth(problem, learning_rate);
    require(growth < 0,
            "no tail index: E log R >= 0, so least squares has no stationary law; lower the rate");
    const auto slope = [&](double kappa) {
        return kappa == 0 ? growth : std::log1p(moment_less_one(problem, c, kappa)) / kappa;
    };
    double upper = 1;
    while (slope(upper) <= 0) {
        upper *= 2;
        require(upper <= 2 * kLargestTailIndex, "the tail index of least squares is above 1000");
    }
    std::uintmax_t rounds = 100;
    const auto [left, right] = boost::math::tools::toms748_solve(
        slope, upper > 1 ? upper / 2 : 0, upper, boost::math::tools::eps_tolerance<double>(45), rounds);
    return (left + right) / 2;
}

double least_squares_variance_limit(const LeastSquaresProblem& problem) {
    const double critical_c = 2.0 / (problem.dimensions + problem.batch + 1);
    return critical_c / scaled_rate(problem, 1);
}

}  // namespace noisetrap
