// A statement of the theory beside what a simulation gave, and how it is decided.
//
// Every claim is a test at the same level, the family's false-alarm odds shared out over the most claims that
// a run may hold (Bonferroni): its verdict does not depend on which other claims run beside it.
#pragma once

#include <limits>
#include <optional>
#include <string>

#include "engine/statistics/summaries.hpp"

namespace noisetrap {

inline constexpr double family_wise_level = 1e-3;
inline constexpr int most_claims = 640;
inline constexpr double claim_level = family_wise_level / most_claims;
inline constexpr double claim_power = 0.99;

/// |z| beyond which a claim fails: 4.80.
double critical_z();

/// The exact answer is moved by the deviation that the claim says it notices: a claim that is worth having
/// then fails.
enum class Shift { none, up, down };

/// A test of a whole law: its p-values, as it stands and against the exact law moved by `notices`.
struct LawTest {
    double p_value, notices, p_value_up, p_value_down;
};

struct Claim {
    std::string section, statement, parameters;
    Estimate estimate;  // of a law: its distance from the exact one, without a standard error
    double theory = 0;
    /// What the time step had added and extrapolation took away, or what it may still hold where the law is
    /// not extrapolated; not a number where there is no time step.
    double discretisation = std::numeric_limits<double>::quiet_NaN();
    /// The change that a third time step would make to the extrapolation: the size of what is left in it, and
    /// as noisy as the estimate.
    double left = std::numeric_limits<double>::quiet_NaN();
    std::optional<LawTest> law = {};
    /// A number in which chance has no part, or one that is right but for odds far below the level: it has no
    /// standard error, and any deviation is one too many.
    bool counted = false;
    /// What the estimate is known to be off by at most, on either side: only what lies beyond it is a deviation.
    double bias = 0;

    /// (estimate - theory) / standard error, beyond the bias; of a law the normal deviate with its p-value, not
    /// negative; of a count 0 or infinite.
    double z(Shift shift = Shift::none) const;
    /// Two-sided.
    double p_value(Shift shift = Shift::none) const;
    /// The smallest deviation of the exact answer that this claim notices with odds `claim_power`; 1 of a count.
    double notices() const;
    bool holds(Shift shift = Shift::none) const { return p_value(shift) >= claim_level; }
};

/// That a whole number is what it must be.
Claim count_claim(std::string section, std::string statement, std::string parameters, double seen,
                  double exact);

/// Two independent runs of a scheme of weak order 1, at dt and at dt/2: their extrapolation to dt = 0 (Talay
/// and Tubaro 1990), and the change from the finer run to it.
struct Extrapolated {
    Estimate estimate;
    double discretisation;
};
Extrapolated extrapolate(const Estimate& coarse, const Estimate& fine);

/// log(P(|X| > r1) / P(|X| > r2)) / log(r2 / r1), from counts of the same paths; r1 < r2.
Estimate tail_slope(std::uint64_t beyond_r1, std::uint64_t beyond_r2, double r1, double r2);

}  // namespace noisetrap
