// Coverage: whether the exact answer lies within so many standard errors of an estimate as often as it should.
//
// Each study runs many independent ensembles with the same parameters, through the code that prints the estimate for a
// user, and counts. An answer that lies beside its estimate by more than k standard errors in more ensembles than a
// normal law says, or in fewer, shows that the errors are too small, or too large; no single estimate can show either.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "validation/claims.hpp"

namespace noisetrap {

/// What one kind of estimate promises of its standard errors.
enum class Promise {
    normal,    // the interval of k standard errors holds the answer as often as a normal law says
    at_least,  // as often, or more often: the errors hold a bias, a lattice or odds that are nearly 0 or 1
    heavy_rows  // nearly as often, or more often: few rows make the estimate, and no error tells what is to come
};

/// One estimate that the program prints, from many independent ensembles.
struct Reading {
    std::string quantity, parameters;
    double exact;
    std::vector<Estimate> estimates;
    Promise promise = Promise::normal;

    /// (estimate - exact)/s.e. of those with a standard error, which the others do not have.
    std::vector<double> scores() const;
};

/// Of the standard errors around an estimate, and by how much the odds that the answer lies among them may be off.
/// The allowance for 1 and 2 is what a standard error that is 6 % off would do. Skewness, which k = 3 shows first, may
/// make three times as many answers fall beyond as of a normal law. For heavy rows the allowance is three times as large.
struct CoverageLevel {
    double errors, allowance;
};
inline constexpr CoverageLevel coverage_levels[] = {{1, 0.03}, {2, 0.015}, {3, 0.0055}};

/// The share of answers within `level.errors` standard errors, tested by the binomial law of their number. A reading
/// without any score fails.
Claim coverage_claim(const std::string& section, const Reading&, const CoverageLevel& level);

/// A claim a level for each reading, and a figure of observed against nominal coverage.
Evidence coverage_evidence(const std::string& section, const std::vector<Reading>&);

/// The groups of `validate --coverage`, each of that many ensembles.
std::vector<ClaimGroup> coverage_groups(std::size_t ensembles);
inline constexpr std::size_t fewest_coverage_ensembles = 100, most_coverage_ensembles = 100000;

}  // namespace noisetrap
