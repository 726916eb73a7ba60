#include "validation/claim.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <utility>

#include "analysis/statistics/significance.hpp"

namespace noisetrap {

double critical_z() { return two_sided_z(claim_level); }

double Claim::p_value(Shift shift) const {
    if (law)
        return shift == Shift::none ? law->p_value : shift == Shift::up ? law->p_value_up : law->p_value_down;
    const double deviate = z(shift);
    return std::isnan(deviate) ? deviate : two_sided_p(deviate);
}

double Claim::z(Shift shift) const {
    if (law) return two_sided_z(std::clamp(p_value(shift), 1e-300, 1.0));
    const double moved = shift == Shift::none ? 0 : shift == Shift::up ? notices() : -notices();
    const double deviation = estimate.value - theory - moved;
    if (counted)
        return deviation == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), deviation);
    const double beyond = std::max(std::abs(deviation) - bias, 0.0);
    return std::copysign(beyond, deviation) / estimate.standard_error + 0.0;  // not -0
}

/// A z-score that is off by critical_z + the claim_power quantile exceeds critical_z with those odds.
double Claim::notices() const {
    if (law) return law->notices;
    if (counted) return 1;
    return bias + (critical_z() + boost::math::quantile(boost::math::normal(), claim_power)) *
                      estimate.standard_error;
}

Claim count_claim(std::string section, std::string statement, std::string parameters, double seen,
                  double exact) {
    Claim claim{std::move(section), std::move(statement), std::move(parameters), {seen}, exact};
    claim.counted = true;
    return claim;
}

Extrapolated extrapolate(const Estimate& coarse, const Estimate& fine) {
    return {{2 * fine.value - coarse.value, std::hypot(2 * fine.standard_error, coarse.standard_error)},
            fine.value - coarse.value};
}

/// Of n1 paths beyond r1, n2 ~ Binomial(n1, q) are beyond r2; the slope is -log q / log(r2 / r1).
Estimate tail_slope(std::uint64_t beyond_r1, std::uint64_t beyond_r2, double r1, double r2) {
    const auto q = proportion(beyond_r2, beyond_r1);
    const double octaves = std::log(r2 / r1);
    return {-std::log(q.value) / octaves, q.standard_error / q.value / octaves};
}

}  // namespace noisetrap
