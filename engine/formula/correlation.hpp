// Brownian motions that are correlated, as sums of independent ones.
#pragma once

#include <string>
#include <vector>

#include "engine/formula/equation.hpp"
#include "engine/formula/evaluate.hpp"

namespace noisetrap::formula {

/// d<one, other> = value dt
struct Correlation {
    std::string one, other;
    Tree value;  // of parameters alone
};

/// A number that follows from those before it.
struct WorkedOut {
    std::string name;
    Tree value;
};

/// The noises of an SDE stand for independent ones from then on: noise i was the sum of L[i][j] dB[j], L the Cholesky
/// factor of the matrix of correlations. So the first noise stays the path that it was. Each L[i][j] has a name in the
/// equation, and a formula of names before it here: written out, it would hold all those before it, over and over.
std::vector<WorkedOut> make_independent(Equation&, const std::vector<Correlation>&);

/// Why these are no correlations, as a sentence; empty where they are. Their matrix must have no eigenvalue below 0.
std::string correlation_complaint(const Equation&, const std::vector<Correlation>&, const Values&);

}  // namespace noisetrap::formula
