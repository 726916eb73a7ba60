// From a start to a critical point, of whatever index: a search follows |gradient| down, not the loss.
#pragma once

#include <array>
#include <cstdint>

#include "engine/stop.hpp"
#include "models/landscapes/landscape.hpp"

namespace noisetrap {

/// newton                -H^-1 g, with steps not longer than a trust radius; goes to the nearest point
/// levenberg_marquardt   (H^2 + damping) s = -H g; a step is taken where |g| falls (Levenberg 1944, Marquardt 1963)
/// newton_mr             min |H s + g| over a Krylov space, then shorter until |g| falls (Roosta et al. 2022); it makes
///                       no Hessian
/// gradient_norm         -H g alone: plain descent of |g|^2, slow, for comparison
enum class SearchMethod { newton, levenberg_marquardt, newton_mr, gradient_norm };
inline constexpr std::array search_names = {"newton", "levenberg-marquardt", "newton-mr", "gradient-norm"};

/// converged       |g| is below the tolerance, and a Newton step hardly moves the point
/// gradient_flat   it is not, and g lies where the Hessian is zero: |H g| <= 0.001 |g| |H| (Frye et al. 2021)
/// budget          neither, when the budget was spent or no step brought |g| down
enum class Outcome { converged, gradient_flat, budget };

/// A Hessian-vector product counts as two gradients.
struct Evaluations {
    std::uint64_t gradients = 0, products = 0;
    std::uint64_t total() const { return gradients + 2 * products; }
    void operator+=(const Evaluations& other) { gradients += other.gradients, products += other.products; }
};

/// Damping of Levenberg and Marquardt: times |g|, so that the end is quadratic, unless it is plain.
struct Damping {
    double start = 1, fall = 5, rise = 4;
    bool plain = false;
};

struct SearchSettings {
    SearchMethod method = SearchMethod::levenberg_marquardt;
    double tolerance = 1e-10;      // |g| <= tolerance max(1, |H|)
    std::uint64_t budget = 20000;  // in gradients
    std::uint64_t steps = UINT64_MAX;
    double trust = 1;  // longest step of Newton's
    Damping damping = {};
    /// Traits of points that Newton's steps are to keep away from: |g| is multiplied by the product of 1 + 1/d^2, d the
    /// distance of the traits from these (deflation; Farrell, Birkisson and Funke 2015).
    std::vector<std::vector<double>> deflated = {};
    StopToken stop = {};
};

struct SearchEnd {
    Point x;
    Outcome outcome = Outcome::budget;
    double loss = 0, gradient = 0;  // value, and |g|
    std::uint64_t steps = 0;
    Evaluations cost;
};

/// The loss and the invariants: a whole family of points, which a symmetry makes of one, has the same.
std::vector<double> traits_of(const Landscape&, std::span<const double> x);

/// Throws std::domain_error where value or derivatives stop being finite, and Interrupted.
SearchEnd search(const Landscape&, Point start, const SearchSettings&);

}  // namespace noisetrap
