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

/// What the table (answers.hpp) knows of an observable of a Simulation with one ensemble. The names depend on model,
/// method and observable alone, so that all points of a sweep have them; none where nothing is known.
///   exact            Of::scheme
///   SDE              Of::sde
///   stationary       Of::stationary
///   at the origin    Of::at_origin
///   Gaussian batch   Of::gaussian_batch
/// Cost of a value: some 10 us but for Milstein's growth and a heavy ball's SDE (30 us), a two-layer unit (0.2 ms),
/// the stationary law of an axis (0.3 ms), a heavy ball's exact growth (2 ms), least squares in two dimensions or
/// more (20 ms, its tail index 0.4 s).
std::vector<KnownValue> known_values(const Observable& observable, const Simulation& point,
                                     double trapped_within);

}  // namespace noisetrap
