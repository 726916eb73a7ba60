// A model that was given as a formula, as entries of the catalogue. All that the program must know of it is read off
// the formula; the compiler is asked for kernels alone.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/catalogue/catalogue.hpp"
#include "engine/catalogue/noise_facts.hpp"
#include "engine/formula/correlation.hpp"
#include "engine/formula/equation.hpp"

namespace noisetrap {

/// A noise of a recursion or a loss: how it comes about, and the numbers that were given for it.
struct NoiseSource {
    const NoiseFacts* facts;
    std::vector<formula::Tree> keys;
    bool remembers() const { return facts != &noise_facts().front(); }
};

struct EquationModel {
    std::string name;
    formula::Equation equation;
    std::vector<ParameterInfo> parameters;
    std::vector<Law> laws;             // of the noises; those of an SDE are normal where none are given
    std::vector<NoiseSource> sources;  // of the same noises
    std::vector<formula::Correlation>
        correlations;  // of an SDE, whose equation holds independent noises already
    std::map<std::string, double>
        constants;  // names in the equation that are no parameters, and their values
    std::vector<formula::WorkedOut> worked_out;  // the same, where they follow from parameters
};

/// The method that steps a recursion: there is no optimiser.
inline constexpr const char* recursion_method = "recursion";

/// Puts the model into the catalogue, under every scheme that steps it.
void add_equation(const EquationModel&);

}  // namespace noisetrap
