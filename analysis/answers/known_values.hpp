// What theory says of an observable at one point of a parameter sweep, to be drawn beside the measurement.
#pragma once

#include <string>
#include <vector>

#include "engine/input/sweep.hpp"

namespace noisetrap {

struct KnownValue {
    std::string name;
    double value;  // not a number where there is none at this point
};

/// What is known of an observable of a Simulation with one ensemble. The names depend on model, method and
/// observable alone, so that all points of a sweep have them; none where nothing is known.
///   exact            of the steps that are taken
///   SDE              of the limit of small steps, time counted in steps where there is no dt
///   stationary       of the SDE as t grows
///   at the origin    of the steps that are taken, linearised at the origin: of a run that starts near it
///   Gaussian batch   of steps whose batches have Gaussian means of the right variance
/// A two-layer unit's growth is that near its origin. Cost of a value: below 2 us but for Milstein's growth
/// and a heavy ball's SDE (20 us), a two-layer unit (0.2 ms), the stationary law of an axis (0.3 ms), a heavy
/// ball's exact growth (2 ms), least squares in two dimensions or more (20 ms, its tail index 0.4 s).
std::vector<KnownValue> known_values(const Observable& observable, const Simulation& point,
                                     double trapped_within);

}  // namespace noisetrap
