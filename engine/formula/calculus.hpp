// What lies between an Ito equation and a Stratonovich equation of the same look.
#pragma once

#include <string>
#include <vector>

#include "engine/formula/equation.hpp"
#include "engine/formula/evaluate.hpp"

namespace noisetrap::formula {

/// g g'/2 of an amplitude g with its derivative by x: what the drift of the Ito equation has more than that of the
/// Stratonovich equation with the same solutions.
Dual<double> between_calculi(const Tree& amplitude, const Values&, double x);

/// The same of several variables, half the sum of (b . grad) b over the noises (Kloeden and Platen 1992, section 4.9), for
/// each variable with its derivative by one of them. The state is among the values.
std::vector<Dual<double>> between_calculi(const std::vector<Component>&, const Values& state,
                                          const std::string& by);

}  // namespace noisetrap::formula
