// The functions of a model that is a formula, as questions about it need them.
#pragma once

#include <vector>

#include "analysis/answers/answers.hpp"
#include "analysis/diffusions/fokker_planck.hpp"
#include "analysis/diffusions/stretches.hpp"
#include "engine/catalogue/formula_facts.hpp"

namespace noisetrap::equations {

/// The functions as the formula has them, in whichever sense it is meant.
FormulaFunctions given_functions(const Question&);
/// The functions of the SDE in Ito's sense: a Stratonovich equation is turned into the one with the same solutions.
FormulaFunctions functions_of(const Question&);

Diffusion diffusion_of(const FormulaFunctions&);
/// The parts of the line between places where all noises vanish together.
std::vector<Stretch> stretches_of(const FormulaFunctions&, const Diffusion&);

/// What decides the answers of a formula: its values at the parameters, and where paths start.
struct Key {
    const CatalogueEntry* entry;
    ParameterValues parameters;
    double x0, deviation, t;
    bool stratonovich;
    bool operator==(const Key&) const = default;
};
Key key_of(const Question&, double t = 0);

}  // namespace noisetrap::equations
