#include "analysis/growth/fixed_points.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/growth/growth.hpp"
#include "analysis/growth/roots.hpp"

namespace noisetrap {
namespace {

// Whether f departs from its tangent at x by less than a kink would: at a distance near that departure is of second
// order, against changes over a distance five orders farther.
template <class Function>
bool is_smooth(const Function& f, double x) {
    const double size = std::max(std::abs(x), 1e-3), near = 1e-6 * size;
    const auto here = f(x);
    double change = 0;
    for (const double far : {0.1, -0.1, 0.037, -0.037})
        change = std::max(change, std::abs(f(x + far * size).value - here.value));
    const double scale = std::max(change, std::abs(here.value) * 1e-6);
    for (const double step : {near, -near})
        if (!(std::abs(f(x + step).value - here.value - here.slope * step) <= 1e-7 * scale)) return false;
    return std::isfinite(here.slope);
}

}  // namespace

double FixedPoint::growth() const { return sde_growth_rate(a, sigma); }

double FixedPoint::tail_index() const {
    return trapped() && sigma > 0 && tau > 0 ? sde_tail_index(a, sigma) : std::nan("");
}

FixedPoint linearisation(const WithSlope& drift, const std::vector<WithSlope>& amplitudes, double x) {
    const auto variance = [&](double at) {
        Dual<double> sum{};
        for (const auto& amplitude : amplitudes) sum = sum + amplitude(at) * amplitude(at);
        return sum;
    };
    const double none = std::nan("");
    if (!is_smooth(drift, x) || !is_smooth(variance, x)) return {x, false, none, none, none, none};
    double steepness = 0, size = 0, both = 0;
    for (const auto& amplitude : amplitudes) {
        const auto [value, slope] = amplitude(x);
        steepness += slope * slope;
        size += value * value;
        both += value * slope;
    }
    FixedPoint point{x, true, drift(x).slope, std::sqrt(steepness), std::sqrt(size), 0};
    // A root that is no double leaves a rest of rounding.
    if (point.tau <= 1e-13 * point.sigma * std::abs(x)) point.tau = 0;
    if (point.sigma * point.tau > 0) point.rho = std::clamp(both / (point.sigma * point.tau), -1.0, 1.0);
    return point;
}

std::vector<FixedPoint> fixed_points(const WithSlope& drift, const std::vector<WithSlope>& amplitudes) {
    std::vector<FixedPoint> points;
    for (const double x : roots_on_the_line([&](double at) { return drift(at).value; }))
        points.push_back(linearisation(drift, amplitudes, x));
    return points;
}

}  // namespace noisetrap
