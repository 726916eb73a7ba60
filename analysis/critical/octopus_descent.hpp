// How long gradient descent takes to leave the octopus. Axes that wait are kept as logarithms: they become smaller than
// any double, exponentially so in the number of axes.
#pragma once

#include <cstdint>

#include "models/landscapes/octopus_chain.hpp"

namespace noisetrap {

/// The first step after which all axes have been left, from `start` on each. Up to tau an axis that is being left is
/// multiplied at every step, and those after it always are: so many steps are taken at once. Throws where
/// 2 rate L >= 1, which takes the axes that wait to 0.
std::uint64_t octopus_descent_steps(const OctopusChain&, double rate, double start);

/// By what factor that number grows with every further axis, in the limit of many: an axis that has waited T steps needs
/// T log|1 - 2 rate L|/log(1 + 2 rate gamma) more to come back.
double octopus_descent_growth(const OctopusChain&, double rate);

}  // namespace noisetrap
