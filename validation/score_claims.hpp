// Claims about the z of claims. A z of every single claim may be small because its standard error is too large: all of
// them together tell.
#pragma once

#include <string>
#include <vector>

#include "validation/claim.hpp"

namespace noisetrap {

/// The sum of n squared z is chi-square with n degrees of freedom where every standard error is right. Notices: the
/// relative error that all standard errors share.
Claim sum_of_squares(const std::string& parameters, const std::vector<double>& scores);

/// One about all claims and one about those of each section, by sum_of_squares, and one about the law of all z
/// (Kolmogorov-Smirnov). Claims without a standard error, and those whose estimates are known to be biased, have no z
/// here. Claims count as independent, though some share paths. None about fewer than `fewest_scores` claims.
inline constexpr std::size_t fewest_scores = 6;
/// Fewer would not even show a distribution function that is wrong by a quarter.
inline constexpr std::size_t fewest_scores_of_a_law = 230;
std::vector<Claim> claims_about_scores(const std::vector<Claim>&);

}  // namespace noisetrap
