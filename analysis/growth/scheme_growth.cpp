// One step of a scheme on dx = a x dt + sigma x dW is a random factor A: its growth rate is known exactly.
#include <algorithm>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <cmath>
#include <numbers>

#include "analysis/growth/growth.hpp"

namespace noisetrap {
namespace {

// E f(Z) for f smooth apart from a dip at z = dip, where the double-exponential nodes crowd together.
template <class Function>
double gaussian_mean(const Function& f, double dip) {
    static boost::math::quadrature::tanh_sinh<double> rule;
    const double far = 12, split = std::clamp(dip, -far, far);
    // The second argument selects Boost's overload that tolerates nodes rounded onto an end.
    const auto weighted = [&](double z, double) { return f(z) * std::exp(-z * z / 2); };
    double sum = 0;
    if (split > -far) sum += rule.integrate(weighted, -far, split);
    if (split < far) sum += rule.integrate(weighted, split, far);
    return sum / std::sqrt(2 * std::numbers::pi);
}

// A = [(1 + s Z)^2 + c]/2 with c > 0 has no real root: log A is smooth but dips at Z = -1/s.
double milstein_without_root(double drift, double c, double s) {
    const auto log_factor = [=](double z) {
        const double change = drift + s * z + s * s * (z * z - 1) / 2, root = 1 + s * z;
        return std::abs(change) < 0.5 ? std::log1p(change) : std::log((root * root + c) / 2);
    };
    return gaussian_mean(log_factor, -1 / s);
}

// A = (1 + r + s Z)(1 - r + s Z)/2.
double milstein_with_roots(double r, double s) {
    const Law law = Law::gaussian;
    return mean_log_abs(law, 1 + r, s) + mean_log_abs(law, 1 - r, s) - std::numbers::ln2;
}

}  // namespace

double euler_growth_rate(double a, double sigma, double dt) {
    return step_growth(Law::gaussian, a * dt, sigma * std::sqrt(dt)) / dt;
}

// (1 + a dt)^2 + sigma^2 dt < 1, less 1 and divided by dt.
bool euler_mean_square_stable(double a, double sigma, double dt) {
    return 2 * a + a * a * dt + sigma * sigma < 0;
}

// 1 + a h + s Z + s^2 (Z^2 - 1)/2 = [(1 + s Z)^2 + c]/2, s = sigma sqrt(h), c = 1 + 2 a h - s^2.
double milstein_growth_rate(double a, double sigma, double dt) {
    const double s = std::abs(sigma) * std::sqrt(dt), c = 1 + 2 * a * dt - sigma * sigma * dt;
    if (s == 0) return std::log(std::abs(1 + a * dt)) / dt;
    if (c <= 0) return milstein_with_roots(std::sqrt(-c), s) / dt;
    return milstein_without_root(a * dt, c, s) / dt;
}

}  // namespace noisetrap
