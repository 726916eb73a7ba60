#include "analysis/laws/quartic_well.hpp"

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <cmath>
#include <stdexcept>

namespace noisetrap {

/// The law of x^2/zeta^2.
static boost::math::gamma_distribution<> square_law(double mu, double zeta) {
    if (!(zeta != 0) || !(zeta * zeta < 2 * mu))
        throw std::domain_error("the quartic well has a stationary law where 0 < zeta^2 < 2 mu only");
    return boost::math::gamma_distribution<>(mu / (zeta * zeta) - 0.5, 1);
}

double quartic_well_growth_at_origin(double mu, double zeta) { return mu - zeta * zeta / 2; }

double quartic_well_growth_rate(double mu, double zeta) {
    const double at_origin = quartic_well_growth_at_origin(mu, zeta);
    return at_origin > 0 ? -2 * at_origin : at_origin;
}

double quartic_well_cdf(double mu, double zeta, double r) {
    const auto law = square_law(mu, zeta);
    return r <= 0 ? 0 : boost::math::cdf(law, r * r / (zeta * zeta));
}

double quartic_well_quantile(double mu, double zeta, double p) {
    return std::abs(zeta) * std::sqrt(boost::math::quantile(square_law(mu, zeta), p));
}

double quartic_well_density(double mu, double zeta, double r) {
    const auto law = square_law(mu, zeta);
    return r <= 0 ? 0 : boost::math::pdf(law, r * r / (zeta * zeta)) * 2 * r / (zeta * zeta);
}

double quartic_well_mean_square(double mu, double zeta) {
    return std::max(0.0, quartic_well_growth_at_origin(mu, zeta));
}

}  // namespace noisetrap
