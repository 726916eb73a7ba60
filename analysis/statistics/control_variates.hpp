// Control variates: numbers of known mean that go along with the one whose mean is wanted (Glasserman 2004, "Monte Carlo
// methods in financial engineering", section 4.1). Growth is regressed on what a path has drawn of its first noise, z of
// mean 0 and variance 1: the sum of z and the sum of z^2 - 1, both of mean 0 whatever the steps do with the noise.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/statistics/joint_moments.hpp"
#include "engine/statistics/summaries.hpp"

namespace noisetrap {

/// Fewer rows say too little of the slopes, and their means are taken as they are.
inline constexpr std::uint64_t fewest_controlled_rows = 32;
/// Over fewer steps of all rows together growth is taken as it is. What the noise does not explain of a step's growth is
/// skewed, by rare steps that come near 0. Errors beyond 3.1 standard errors are 30 times as frequent as by a normal law
/// after one step of 250 paths, 2.5 times after 2^16 steps, 1.1 to 1.7 times after 2^18.
inline constexpr std::uint64_t fewest_controlled_steps = 1 << 18;

/// The mean of the first column by least squares on the others, whose means are 0: where the fitted plane passes them. Its
/// error is that of the intercept, from the residuals with as many degrees of freedom less as there are slopes. Nothing
/// where there are too few rows, where the first column is constant, or where no control varies.
///
/// Slopes from the same rows leave a bias of order 1/n, none where the residual's mean does not depend on the controls.
/// Beside the standard error it is of order 1/sqrt(n steps), since sums over many steps are nearly normal together.
///
/// Of the plane 2^-20 is not taken away, so that the error is never less than that share of the plain mean's. Where the
/// fit is exact, as with two-point noise, it so stays above what rounding does.
std::optional<Estimate> controlled_mean(const JointMoments& rows);

/// Rows of the same mean, from few rows: each half of them less the plane whose slopes the other half has. The
/// slopes then know nothing of the rows that they are used on, and the mean is exactly that of the rows. Here, too, 2^-20
/// of the plane stays. Unchanged where there are too few rows, where one is not finite, or where no control varies.
void control_rows(std::vector<double>& rows, std::span<const double> first, std::span<const double> second);

}  // namespace noisetrap
