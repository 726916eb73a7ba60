// The ways to escape a trap, as the report of `reproduce` tells them: what each changes, what theory says,
// what was measured and what it costs. The evidence is that of `validate`, with fewer paths.
#pragma once

#include <string>
#include <vector>

#include "validation/claims.hpp"

namespace noisetrap {

struct Remedy {
    const char* name;
    const char* changes;  // in a, sigma, tau, rho
    const char* theory;
    const char* cost;  // in gradients of single samples
    Evidence (*gather)(Laboratory&);
    std::size_t telling;  // the claim to quote
};

/// In the order in which they are told.
const std::vector<Remedy>& remedies();

/// The telling claim as a sentence, and how many of all agree within 4 standard errors.
std::string measured_sentence(const std::vector<Claim>&, std::size_t telling);

}  // namespace noisetrap
