// A claim about where a stationary law's density is largest.
#pragma once

#include <span>

#include "analysis/laws/stationary_law.hpp"
#include "validation/law_tests.hpp"

namespace noisetrap {

/// That the samples, sorted ascending, are most frequent at `formula`. They are counted in three bins of a fixed place,
/// about the maximum that a search finds of the law's density, and so is the law's mass. The vertex of the parabola
/// through the logarithms of the bins is not quite the maximum: what lies between the two in the law is taken
/// off. The formula has a part in none of this.
Claim mode_of_law(const Words&, std::span<const double> ascending, const StationaryLaw&, double formula);

}  // namespace noisetrap
