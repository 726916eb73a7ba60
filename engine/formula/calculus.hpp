// What lies between an Ito equation and a Stratonovich equation of the same look.
#pragma once

#include "engine/formula/evaluate.hpp"

namespace noisetrap::formula {

/// g g'/2 of an amplitude g with its derivative by x: what the drift of the Ito equation has more than that of the
/// Stratonovich equation with the same solutions.
Dual<double> between_calculi(const Tree& amplitude, const Values&, double x);

}  // namespace noisetrap::formula
