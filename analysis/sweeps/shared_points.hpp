// The points of a sweep, measured by several processes. A point's noise follows from its number, so that it does not
// matter where it is measured.
#pragma once

#include "analysis/sweeps/point_source.hpp"
#include "engine/ranks/crew.hpp"

namespace noisetrap {

/// On rank 0: the points of the sweep, shared with the other ranks; where there are none, those of this process.
std::unique_ptr<PointSource> shared_points(Crew&, const Sweep&);

/// On the other ranks: measures points of the same sweep, until rank 0 ends the run.
void serve_points(Crew&, const Sweep&);

}  // namespace noisetrap
