// From the text of a formula to its tree: numbers, names, + - * / ^, brackets, functions.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/formula/tree.hpp"

namespace noisetrap::formula {

/// What is wrong with a formula, and where.
struct FormulaError : std::runtime_error {
    std::size_t column;                   // of the text, from 1
    std::size_t formula = 0;              // of several
    std::string word = {};                // that nobody knows
    std::vector<std::string> known = {};  // of which the nearest may have been meant
    FormulaError(std::size_t at, const std::string& what) : std::runtime_error(what), column(at) {}
};

/// A function of the user's: its body, in which u and v stand for the arguments.
struct OwnFunction {
    Tree body;
    std::size_t arguments;
};

/// The names that a formula may use.
struct Scope {
    std::map<std::string, Role> names;
    std::map<std::string, OwnFunction> functions;
    bool differentials = false;  // dt and names such as dW stand behind what they multiply
};

/// Whether a text is a name: letters, digits and _, and no digit first.
bool is_name(const std::string& text);
/// Whether a name is that of a noise of an SDE: d and a capital letter, as dW.
bool is_differential(const std::string& name);

/// The longest text, and the most nodes that a function of the user's may grow to where it is called.
inline constexpr std::size_t most_characters = 10000, most_nodes = 10000;
Tree parse(const std::string& text, const Scope&);

/// An equation's two sides; `place` is where the right one starts in the text.
struct Sides {
    std::string left, right;
    std::size_t place;
};
Sides sides_of(const std::string& equation);

}  // namespace noisetrap::formula
