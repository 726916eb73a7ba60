#pragma once

#include <boost/math/quadrature/tanh_sinh.hpp>
#include <cmath>
#include <numbers>

// E f(Z) by quadrature, the line cut where f may be singular.
template <class Function>
double gaussian_mean(const Function& f, double cut) {
    boost::math::quadrature::tanh_sinh<double> rule;
    const auto left = [&](double v, double) { return f(cut - v) * std::exp(-(cut - v) * (cut - v) / 2); };
    const auto right = [&](double v, double) { return f(cut + v) * std::exp(-(cut + v) * (cut + v) / 2); };
    const double far = 12 + std::abs(cut);
    return (rule.integrate(left, 0.0, far) + rule.integrate(right, 0.0, far)) /
           std::sqrt(2 * std::numbers::pi);
}
