// What a sweep estimates at a point, from the rows of the point's paths.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "engine/input/sweep.hpp"
#include "engine/runs/run.hpp"

namespace noisetrap {

/// Whether a step of each ensemble is x -> A x with independent equal A. Then x[n+1]/x[n] samples A, which
/// small_step and mean_square need.
bool steps_multiply(const Simulation&);
/// Whether, too, A - 1 has the SDE's own mean and variance, so that small_step is the rate of the SDE that
/// the steps stand for: not of Milstein's nor of splitting's, whose A have terms of higher order in dt.
bool takes_euler_steps(const Simulation&);

/// An estimate, and of rates the odds that chance alone would carry one with the sign of its value so far from 0
/// (odds_by_chance): of growth, small_step and mean_square, by which phases are told. Not a number for others.
struct Measured : Estimate {
    double chance = std::numeric_limits<double>::quiet_NaN();
};

/// Asks the engine for the rows that these observables need and for no others. observe.exit_radius is kept,
/// and so are a Brownian bridge where exits are watched and the control of growth. Throws std::domain_error for
/// `exponent` where the model is no system of formulas, as the functions below do. What is observed and watched instead
/// of x stays.
void observe(Simulation&, const std::vector<Observable>&);

/// One for each observable, from the rows of one ensemble. `point` is a simulation of it alone that watches
/// the same steps, as it does after `observe` with the same observables. Failed paths are left out. An
/// estimate is not a number where the rows do not say (small_step of steps that do not multiply, a tail of
/// too few rows), an error where it is unknown.
///
/// growth: with its controls, where they are observed and steps are many (control_rows), but its chance without them;
/// -infinity, and so without an error, where paths fell on zero, as in mean_log_growth; but see
/// falls_by_chance. escaped, trapped: errors of Agresti and Coull, never 0. quantile, exit_time: see
/// quantile_of (quantiles.hpp); times are infinite where fewer left. tail_index: see
/// tail_index_with_bias (tail_estimate.hpp). mode: see mode_of.
/// small_step, mean_square: errors by the delta method, the latter's unknown where it is too large for that. Their odds
/// by chance are those of the rows of the delta method, which may be as skewed as they like.
std::vector<Measured> estimates_of(const std::vector<Observable>&, const PathColumns&,
                                   const Simulation& point, double trapped_within);

/// Rows whose mean is the observable, for sequential tests: log growth over time, -infinity where a path fell on
/// zero, be it by chance; or 0 and 1. Throws
/// std::domain_error for other kinds than growth, escaped and trapped.
std::vector<double> rows_of(const Observable&, const PathColumns&, const Simulation& point,
                            double trapped_within);

/// Numbers have finitely many digits. In single precision, or where a loss makes round numbers of its noise, a factor
/// 1 + a + sigma z may now and then be exactly 0, and the path has no growth. Such paths say nothing of the law and
/// are left out: no more than one, or one in 2^20 steps, among others that stay far from underflow. A law that has
/// odds to be 0 lets paths fall far more often.
bool falls_by_chance(std::uint64_t fallen, const Moments& growth_of_others, std::uint64_t steps, double time);

/// Rows in which x stopped being a number; a path that left before that has its exit still.
std::uint64_t failed_rows(const PathColumns&);

}  // namespace noisetrap
