// Figures of `reproduce` about losses of many parameters. No kernel steps them.
#pragma once

#include <nlohmann/json.hpp>

#include "validation/experiment.hpp"

namespace noisetrap {

/// P(no eigenvalue is negative) over the number of dimensions, three laws.
nlohmann::ordered_json odds_of_minima_figure(Laboratory&);

/// Steps to leave the octopus over the number of its axes, by gradient descent and with kicks.
nlohmann::ordered_json octopus_figure(Laboratory&);

/// Newton into a saddle and saddle-free Newton out of it, from the same start: {"x", "y", "f", "paths": [{"label", "x",
/// "y", "into"}]}, f[i][j] at (x[j], y[i]).
nlohmann::ordered_json ways_in_and_out();

/// Six optimisers from the same start, as surfaces with paths on them; as double_well_surfaces.
nlohmann::ordered_json ways_out_surfaces();

/// A path past a saddle of ten dimensions, seen along its way out and across it, and by its own principal components:
/// {"along", "across", "first", "second"} over steps, and of the components "explained" and "cosines" with the way out.
nlohmann::ordered_json two_views_of_a_path();

}  // namespace noisetrap
