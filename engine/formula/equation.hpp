// What a model is whose formula was given: an SDE dx = f dt + g dW + ..., a recursion x <- f, or a loss whose gradient
// is f.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/formula/parse.hpp"
#include "engine/formula/tree.hpp"

namespace noisetrap::formula {

/// A noise of an SDE with its amplitude; of a recursion or a loss with its standard deviation.
struct Noise {
    std::string name;
    Tree factor;
    Tree shape = nullptr;  // of its law, where that has one; per step
    Tree scale = nullptr;  // of an SDE: the size of an increment, where that is not sqrt(dt)
};

/// One variable of several: dv = drift dt + factors, one for each noise; of a recursion the next v.
struct Component {
    std::string variable;
    Tree drift;
    std::vector<Tree> factors;
};

enum class Form { sde, recursion, loss };

struct Equation {
    Form form = Form::sde;
    std::string text;  // as it was given
    std::string variable = "x";
    Tree drift;  // of an SDE per unit of time; of a recursion the next state; of a loss the gradient
    std::vector<Noise> noises;
    std::vector<Component> system;  // of several variables; then drift and the noises' factors are not used
};

/// Where a variable of several starts, but for the first.
std::string start_name(const std::string& variable);

/// The SDE "dx = f dt + g dW". The scope gets the variable and t. These functions throw FormulaError.
Equation read_sde(const std::string& text, Scope scope);
/// SDEs of several variables, one text for each.
Equation read_sdes(const std::vector<std::string>& texts, Scope scope);
/// Recursions of several variables, each "v = ...".
Equation read_recursions(const std::vector<std::string>& texts, Scope scope, std::vector<Noise> noises);
/// The recursion "x + l*(a + xi)*x". The scope gets x, n and the noises.
Equation read_recursion(const std::string& text, Scope scope, std::vector<Noise> noises);
/// The gradient "-(a + xi)*x" of a loss. The scope gets x and the noises, whose products must be of different ones, so
/// that the mean is that without noise.
Equation read_loss(const std::string& text, Scope scope, std::vector<Noise> noises);

/// Whether the variables are x1, x2, ..., v1, v2, ... with dx = v dt and dv = (f(x) - g v) dt + noise without v.
bool is_langevin(const Equation&);

}  // namespace noisetrap::formula
