// Quantiles with errors that hold where few rows decide.
#pragma once

#include <vector>

#include "engine/statistics/summaries.hpp"

namespace noisetrap {

/// The p-quantile, 0 < p < 1, of the law of the rows: the order statistic whose rank is expected at p. One rule for
/// rows and for their sketch.
///
/// The number of rows below the law's quantile is binomial. The standard error comes from the order statistics one
/// standard deviation of that number away; where the ends of the interval that misses the quantile as rarely as three
/// standard errors of a normal law are farther away than three of it, it is a third of that. So 3 standard errors
/// hold whatever the law is. It is not a number where an end lies beyond all rows, or is infinite: where fewer than 6.6
/// rows are expected on a side.
///
/// Values of a lattice are known to half its spacing at best.
Estimate quantile_of(std::vector<double> rows, double p, const Lattice& values = {});
Estimate quantile_of(const Sketch&, double p, const Lattice& values = {});

}  // namespace noisetrap
