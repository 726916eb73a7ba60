#include "validation/mode_claim.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>

namespace noisetrap {
namespace {

/// Three neighbouring bins of a density.
struct Peak {
    double left, centre, right;

    /// The vertex of the parabola through the logarithms of the bins, from the middle one's centre.
    double vertex(double width) const {
        return width / 2 * std::log(right / left) / (2 * std::log(centre) - std::log(left) - std::log(right));
    }
    /// Counts are Poisson but for a common factor, which drops out.
    double vertex_error(double width) const {
        const double bend = 2 * std::log(centre) - std::log(left) - std::log(right),
                     tilt = std::log(right / left);
        const double by_left = -1 / bend + tilt / (bend * bend), by_right = 1 / bend + tilt / (bend * bend),
                     by_centre = -2 * tilt / (bend * bend);
        return width / 2 *
               std::sqrt(by_left * by_left / left + by_right * by_right / right +
                         by_centre * by_centre / centre);
    }
};

/// The maximum of the density, which has one.
double maximum_of(const StationaryLaw& law) {
    constexpr int bits = 26;
    const auto lower = [&](double x) { return -law.log_density(x); };
    return boost::math::tools::brent_find_minima(lower, law.quantile(0.02), law.quantile(0.98), bits).first;
}

/// A third of the width at 60 % of the peak.
double bin_width(const StationaryLaw& law, double maximum) {
    const auto fall = [&](double x) { return law.log_density(x) - law.log_density(maximum) - std::log(0.6); };
    const auto edge = [&](double side) {
        double step = 1e-3;
        while (fall(maximum + side * step) > 0) step *= 1.5;
        std::uintmax_t rounds = 60;
        const double end = maximum + side * step;
        return boost::math::tools::bisect(fall, std::min(end, maximum), std::max(end, maximum),
                                          boost::math::tools::eps_tolerance<double>(30), rounds)
            .first;
    };
    const double low = edge(-1), high = edge(1);
    return (high - low) / 3;
}

template <class Mass>
Peak peak_around(double centre, double width, Mass mass) {
    return {mass(centre - 1.5 * width, centre - 0.5 * width),
            mass(centre - 0.5 * width, centre + 0.5 * width),
            mass(centre + 0.5 * width, centre + 1.5 * width)};
}

}  // namespace

Claim mode_of_law(const Words& words, std::span<const double> ascending, const StationaryLaw& law,
                  double formula) {
    const double maximum = maximum_of(law), width = bin_width(law, maximum);
    const auto seen = peak_around(maximum, width, [&](double low, double high) {
        return static_cast<double>(std::upper_bound(ascending.begin(), ascending.end(), high) -
                                   std::upper_bound(ascending.begin(), ascending.end(), low));
    });
    const auto exact =
        peak_around(maximum, width, [&](double low, double high) { return law.cdf(high) - law.cdf(low); });
    return {words.section,
            words.statement,
            words.parameters,
            {maximum + seen.vertex(width) - exact.vertex(width), seen.vertex_error(width)},
            formula};
}

}  // namespace noisetrap
