#include "analysis/laws/log_normal.hpp"

#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "analysis/growth/growth.hpp"

namespace noisetrap {

using boost::math::normal;

LogNormalLaw::LogNormalLaw(double a, double sigma, double time)
    : mean_(sde_growth_rate(a, sigma) * time), deviation_(std::abs(sigma) * std::sqrt(time)) {}

double LogNormalLaw::cdf_of_log(double log_ratio) const { return cdf(normal(mean_, deviation_), log_ratio); }

double LogNormalLaw::survival_of_log(double log_ratio) const {
    return cdf(complement(normal(mean_, deviation_), log_ratio));
}

double LogNormalLaw::quantile_of_log(double p) const { return quantile(normal(mean_, deviation_), p); }

}  // namespace noisetrap
