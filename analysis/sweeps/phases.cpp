#include "analysis/sweeps/phases.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

#include "analysis/require.hpp"
#include "analysis/statistics/significance.hpp"

namespace noisetrap {
namespace {

/// 0 where it is not decided.
int sign_of(const Estimate& e, double z) {
    if (e.value == -std::numeric_limits<double>::infinity()) return -1;
    if (!(std::abs(e.value) > z * e.standard_error)) return 0;
    return e.value > 0 ? 1 : -1;
}

/// The t with P(|T| > t) = p, T of Student's law for so many rows; +infinity for fewer than two.
double two_sided_t(double p, double rows) {
    if (rows < 2) return std::numeric_limits<double>::infinity();
    return boost::math::quantile(boost::math::complement(boost::math::students_t(rows - 1), p / 2));
}

/// Of `above` and `below`, by the sign; `coarser` where there is nothing to know.
Phase finer(const Estimate& e, double z, Phase above, Phase below, Phase coarser) {
    if (std::isnan(e.value)) return coarser;
    const int sign = sign_of(e, z);
    return sign > 0 ? above : sign < 0 ? below : Phase::undecided;
}

}  // namespace

Phase phase_of(const PhaseEvidence& evidence, double error) {
    require(error > 0 && error < 1, "the odds of a wrong phase must lie between 0 and 1");
    const double z = two_sided_z(error);
    const int growth =
        sign_of(evidence.growth, std::isinf(evidence.rows) ? z : two_sided_t(error, evidence.rows));
    if (growth > 0) return finer(evidence.small_step, z, Phase::escapes, Phase::overshoots, Phase::escapes);
    if (growth < 0)
        return finer(evidence.mean_square, z, Phase::trapped, Phase::trapped_in_mean_square, Phase::trapped);
    return Phase::undecided;
}

Phase exact_phase(double growth, double small_step, double mean_square) {
    return phase_of({{growth, 0}, {small_step, 0}, {mean_square, 0}}, 0.5);
}

}  // namespace noisetrap
