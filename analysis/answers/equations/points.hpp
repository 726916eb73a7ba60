// What is known of a formula at the places where its drift, or the step of its mean, vanishes.
#pragma once

#include "analysis/answers/equation.hpp"
#include "engine/catalogue/formula_facts.hpp"

namespace noisetrap::equations {

/// The points that are found, in rising order; of a recursion, whose noise must be linear in the formula, those of its mean.
std::vector<KnownPoint> points_of_sde(const FormulaFunctions&);
std::vector<KnownPoint> points_of_map(const FormulaFunctions&);
/// What is known at x = 0 alone, if that is one of them.
std::optional<KnownPoint> zero_of_sde(const FormulaFunctions&);
std::optional<KnownPoint> zero_of_map(const FormulaFunctions&);

/// The eigenvalues at 0 of an equation of several variables, or a note why there are none.
void add_system(const FormulaFacts&, const FormulaFunctions&, EquationTheory&);

}  // namespace noisetrap::equations
