// What becomes of paths near a critical point in the long run, told from three growth rates.
#pragma once

#include <limits>

#include "engine/statistics/summaries.hpp"

namespace noisetrap {

/// By the growth rates of log |x| (E log|A| for x -> A x, `growth`), of the same in the limit of small steps
/// (E(A - 1) - Var(A)/2, `small_step`) and of E x^2 (log E A^2, `mean_square`):
enum class Phase {
    undecided,
    escapes,                 // growth > 0
    trapped,                 // growth < 0: in probability, x -> 0 almost surely
    trapped_in_mean_square,  // growth < 0 and mean_square < 0: E x^2 -> 0 too
    overshoots               // growth > 0 > small_step: steps so large that they leave the trap
};
inline constexpr const char* phase_names[] = {"undecided", "escapes", "trapped", "trapped in mean square",
                                              "overshoots"};

/// A rate as it was measured, and the odds that chance alone would give it this sign and such a size
/// (odds_by_chance); not a number where they are unknown.
struct Rate {
    double value = std::numeric_limits<double>::quiet_NaN(),
           chance = std::numeric_limits<double>::quiet_NaN();
};

struct PhaseEvidence {
    Rate growth, small_step, mean_square;
};

/// Each sign is decided where its odds by chance are error/2 or less, so that it is wrong with these odds at most
/// and a phase with odds of `error`. A growth of -infinity (paths fell on zero) is below 0.
///
/// A phase is named only where all signs that tell it from its neighbours are decided: near a border there
/// is a strip of undecided points, as wide as the errors, on both sides alike. A coarser name there (trapped,
/// where only the sign of mean_square is open) would be a decision between two phases that nothing supports,
/// and would shift that border. But where small_step or mean_square is not a number there is no finer phase
/// to decide on: then growth < 0 is trapped, and growth > 0 escapes.
///
/// Throws std::domain_error unless 0 < error < 1.
Phase phase_of(const PhaseEvidence&, double error);

/// From exact values. On a border, where a value is 0: undecided.
Phase exact_phase(double growth, double small_step, double mean_square);

}  // namespace noisetrap
