#include "analysis/networks/dense_unit.hpp"

#include <algorithm>
#include <boost/math/quadrature/exp_sinh.hpp>
#include <cmath>

#include "analysis/require.hpp"

namespace noisetrap {

/// E (z - 1), by the density in t = z - 1.
static double mean_excess(int inputs, int outputs) {
    boost::math::quadrature::exp_sinh<double> rule;
    const auto moment = [&](double power) {
        return rule.integrate(
            [&](double t) {
                const double log_density =
                    (inputs / 2.0 - 1) * std::log1p(t / 2) - (inputs - outputs) * t / 4;
                return std::pow(t, outputs / 2.0 - 1 + power) * std::exp(log_density);
            },
            1e-13);
    };
    return moment(1) / moment(0);
}

double dense_unit_exponent(int inputs, int outputs) {
    constexpr int most = 10000;
    require(inputs >= 1 && outputs >= 1 && inputs <= most && outputs <= most,
            "a unit has 1 to 10000 inputs, and outputs");
    const auto [k, d] = std::minmax(inputs, outputs);
    if (d == k) return (d - 2) / 2.0;
    return ((d - k) * (1 + mean_excess(d, k)) - (d + k)) / 4;
}

}  // namespace noisetrap
