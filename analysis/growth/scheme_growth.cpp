// One step of a scheme on dx = a x dt + sigma x dW is a random factor A: its growth rate and its moments are known.
#include "analysis/growth/scheme_growth.hpp"

#include <algorithm>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <boost/math/tools/polynomial.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "analysis/growth/growth.hpp"

namespace noisetrap {
namespace {

using Polynomial = boost::math::tools::polynomial<double>;
using Points = std::vector<double>;

constexpr double far = 12;        // beyond which a normal variate has odds of 1e-33
constexpr int nodes = 8;          // of a polynomial of degree 7; no scheme's factor has more than 3
constexpr double spacing = 0.75;  // between them

Polynomial polynomial(const Points& coefficients) { return {coefficients.begin(), coefficients.end()}; }

/// The polynomial that `of` is, by Newton's divided differences. What rounding leaves of higher powers is dropped.
template <class Function>
Polynomial polynomial_of(const Function& of) {
    double at[nodes], difference[nodes], largest = 0;
    for (int i = 0; i < nodes; ++i) at[i] = spacing * (i - 0.5 * (nodes - 1));
    for (int i = 0; i < nodes; ++i) difference[i] = of(at[i]);
    for (int order = 1; order < nodes; ++order)
        for (int i = nodes - 1; i >= order; --i)
            difference[i] = (difference[i] - difference[i - 1]) / (at[i] - at[i - order]);
    auto sum = polynomial({difference[nodes - 1]});
    for (int i = nodes - 2; i >= 0; --i) sum = sum * polynomial({-at[i], 1}) + polynomial({difference[i]});
    auto coefficients = sum.data();
    for (const double c : coefficients) largest = std::max(largest, std::abs(c));
    while (coefficients.size() > 1 && std::abs(coefficients.back()) < 1e-14 * largest)
        coefficients.pop_back();
    return polynomial(coefficients);
}

/// The roots of p that cross zero between -far and far, in order, found between those of its slope; these join
/// `extremes`.
Points roots_of(const Polynomial& p, Points& extremes) {
    if (p.size() < 2) return {};
    Points further;
    auto between = roots_of(p.prime(), further);
    extremes.insert(extremes.end(), between.begin(), between.end());
    between.insert(between.begin(), -far);
    between.push_back(far);
    Points roots;
    const auto value = [&](double z) { return p.evaluate(z); };
    for (std::size_t i = 0; i + 1 < between.size(); ++i) {
        const double left = value(between[i]), right = value(between[i + 1]);
        if (!(left * right < 0)) continue;
        std::uintmax_t most = 200;
        const auto found =
            boost::math::tools::toms748_solve(value, between[i], between[i + 1], left, right,
                                              boost::math::tools::eps_tolerance<double>(52), most);
        roots.push_back(std::midpoint(found.first, found.second));
    }
    return roots;
}

/// Where log|p| falls to minus infinity or dips: there the nodes of a double-exponential rule have to crowd.
Points ends_of_pieces(const Polynomial& p) {
    Points ends = {-far, far};
    const auto roots = roots_of(p, ends);
    ends.insert(ends.end(), roots.begin(), roots.end());
    std::sort(ends.begin(), ends.end());
    return ends;
}

/// E f(Z) of a standard normal Z, f smooth between neighbouring ends.
template <class Function>
double gaussian_mean(const Function& f, const Points& ends) {
    static boost::math::quadrature::tanh_sinh<double> rule;
    // The second argument selects Boost's overload that tolerates nodes rounded onto an end.
    const auto weighted = [&](double z, double) { return f(z) * std::exp(-z * z / 2); };
    double sum = 0;
    for (std::size_t i = 0; i + 1 < ends.size(); ++i)
        if (ends[i + 1] - ends[i] > 1e-10) sum += rule.integrate(weighted, ends[i], ends[i + 1], 1e-13);
    return sum / std::sqrt(2 * std::numbers::pi);
}

/// E p(Z): E Z^k = (k - 1)!! for even k.
double gaussian_mean(const Polynomial& p) {
    double sum = 0, moment = 1;
    for (std::size_t k = 0; k < p.size(); k += 2) {
        sum += p[k] * moment;
        moment *= static_cast<double>(k + 1);
    }
    return sum;
}

double log_size(double factor) {
    return std::log(std::max(std::abs(factor), std::numeric_limits<double>::min()));
}

}  // namespace

double StepFactor::mean_log() const {
    if (three_points) {
        double sum = 0;
        for (const auto& [first, odds] : outcomes) sum += odds * std::log(std::abs(value(first, 1)));
        return sum;
    }
    const auto alone = polynomial_of([this](double z) { return value(z, 0); });
    // The factor is a linear function of the second normal, and E log|u + v Z'| is known.
    const auto log_factor = [this](double z) {
        const double u = value(z, 0), v = value(z, 1) - u;
        return v == 0 ? log_size(u) : mean_log_abs(Law::gaussian, u, v);
    };
    const bool always_zero = alone.size() < 2 && value(0, 0) == 0 && value(0, 1) == 0;
    return always_zero ? std::log(0.0) : gaussian_mean(log_factor, ends_of_pieces(alone));
}

StepFactor::Moments StepFactor::moments() const {
    if (three_points) {
        double mean = 0, square = 0;
        for (const auto& [first, odds] : outcomes) {
            const double change = value(first, 1) - 1;
            mean += odds * change;
            square += odds * change * change;
        }
        return {mean, square - mean * mean};
    }
    const auto alone = polynomial_of([this](double z) { return value(z, 0) - 1; }),
               second = polynomial_of([this](double z) { return value(z, 1) - value(z, 0); });
    const double mean = gaussian_mean(alone);
    const auto centred = alone - polynomial({mean});
    return {mean, gaussian_mean(centred * centred) + gaussian_mean(second * second)};
}

double euler_growth_rate(double a, double sigma, double dt) {
    return step_growth(Law::gaussian, a * dt, sigma * std::sqrt(dt)) / dt;
}

// (1 + a dt)^2 + sigma^2 dt < 1, less 1 and divided by dt.
bool euler_mean_square_stable(double a, double sigma, double dt) {
    return 2 * a + a * a * dt + sigma * sigma < 0;
}

}  // namespace noisetrap
