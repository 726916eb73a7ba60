#include "analysis/sweeps/phases.hpp"

#include <cmath>
#include <limits>

#include "analysis/require.hpp"

namespace noisetrap {
namespace {

/// 0 where it is not decided.
int sign_of(const Rate& rate, double error) {
    if (rate.value == -std::numeric_limits<double>::infinity()) return -1;
    if (!(std::abs(rate.value) > 0) || !(rate.chance <= error / 2)) return 0;
    return rate.value > 0 ? 1 : -1;
}

/// Either `above` or `below`, by the sign; `coarser` where there is nothing to know.
Phase finer(const Rate& rate, double error, Phase above, Phase below, Phase coarser) {
    if (std::isnan(rate.value)) return coarser;
    const int sign = sign_of(rate, error);
    return sign > 0 ? above : sign < 0 ? below : Phase::undecided;
}

}  // namespace

Phase phase_of(const PhaseEvidence& evidence, double error) {
    require(error > 0 && error < 1, "the odds of a wrong phase must lie between 0 and 1");
    const int growth = sign_of(evidence.growth, error);
    if (growth > 0)
        return finer(evidence.small_step, error, Phase::escapes, Phase::overshoots, Phase::escapes);
    if (growth < 0)
        return finer(evidence.mean_square, error, Phase::trapped, Phase::trapped_in_mean_square,
                     Phase::trapped);
    return Phase::undecided;
}

Phase exact_phase(double growth, double small_step, double mean_square) {
    return phase_of({{growth, 0}, {small_step, 0}, {mean_square, 0}}, 0.5);
}

}  // namespace noisetrap
