// What a model is whose formula was given: an SDE dx = f dt + g dW + ..., or a recursion x <- f.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/formula/parse.hpp"
#include "engine/formula/tree.hpp"

namespace noisetrap::formula {

/// A noise of an SDE with its amplitude; of a recursion with its standard deviation.
struct Noise {
    std::string name;
    Tree factor;
};

struct Equation {
    bool is_sde = true;
    std::string text;  // as it was given
    std::string variable = "x";
    Tree drift;  // of an SDE per unit of time; of a recursion the next state
    std::vector<Noise> noises;
};

/// Of "dx = f dt + g dW". The scope gets the variable and t. Throws FormulaError.
Equation read_sde(const std::string& text, Scope scope);
/// Of "x + l*(a + xi)*x". The scope gets x and n; it has the noises already.
Equation read_recursion(const std::string& text, Scope scope, std::vector<Noise> noises);

}  // namespace noisetrap::formula
