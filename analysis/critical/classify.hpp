// What a critical point is: how many directions lead down, how many are flat, and which of those a symmetry explains.
#pragma once

#include "models/landscapes/landscape.hpp"

namespace noisetrap {

struct PointKind {
    double loss = 0, gradient = 0;     // value, and |g|
    double smallest = 0, largest = 0;  // eigenvalues of the Hessian
    double threshold = 0;              // an eigenvalue of at most this size counts as zero
    std::size_t index = 0;             // eigenvalues below -threshold
    bool index_is_exact = true;        // else there are at least so many: Lanczos has not seen all
    std::size_t flat = 0;  // eigenvalues that count as zero; unknown, and 0, where the index is a bound
    std::size_t by_symmetry = 0;   // directions along which symmetries move the point
    std::vector<double> spectrum;  // rising: all eigenvalues, or Ritz values where the index is a bound

    std::size_t unexplained() const { return flat > by_symmetry ? flat - by_symmetry : 0; }
};

/// Eigenvalues of 0 come out as up to so much of |H|.
inline constexpr double rounding_of_zero = 1e-8;

/// Throws SettingError where the threshold `zero`, the value of `key`, is not below `size`, the largest curvature
/// `where` it is to be used. A threshold of 0 is none.
void refuse_a_high_threshold(const char* key, double zero, double size, const char* where);

/// `zero`: the threshold; 0 chooses the largest of 1e-8 |H|, 10 |g|/(1 + |x|), and ten times what H changes by within
/// a Newton step, which says how far the point may be. Throws std::domain_error where the Hessian is not finite, and
/// SettingError where `zero` would call every eigenvalue zero.
PointKind classify(const Landscape&, const Point& x, double zero = 0);

/// "minimum", "saddle", "maximum" or "degenerate": flat where no symmetry says so, and nothing leads down.
const char* word_for(const PointKind&, std::size_t parameters);

}  // namespace noisetrap
