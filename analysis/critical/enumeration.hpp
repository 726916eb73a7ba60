// All critical points of a small landscape: Newton's searches from so many places that none is missed.
#pragma once

#include "analysis/critical/classify.hpp"
#include "models/landscapes/spherical_glass.hpp"

namespace noisetrap {

struct PlacedPoint {
    Point at;
    PointKind kind;
};

/// Those within the cube of the first quadrant with this side, a square in two dimensions, from starts that lie `apart`
/// on and around it.
std::vector<PlacedPoint> critical_points_in_cube(const Landscape&, double side, double apart);

/// How many critical points of each index a glass of three spins has on its sphere. Of u and -u one is looked for, since
/// the energy changes its sign. Minima less saddles and maxima come to 2 on a sphere (Poincare and Hopf), and of the 7
/// complex pairs an odd number is real; where that is not so the starts lie closer. Throws std::domain_error where it is
/// still not so in the end.
std::array<std::size_t, 3> glass_point_counts(const SphericalGlass&);

}  // namespace noisetrap
