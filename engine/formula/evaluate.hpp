// What a formula is worth: by the engine's own functions, so that the program and its kernels have the same bits.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/formula/tree.hpp"
#include "engine/numbers/dual.hpp"

namespace noisetrap::formula {

/// What formulas may call.
struct Function {
    const char* name;
    const char* in_cpp;  // of engine/numbers
    std::size_t arguments;
    bool odd;     // f(u) = u + O(u^3)
    bool smooth;  // wherever it has a value
    bool jumps;
};
const Function* find_function(const std::string& name);
std::vector<std::string> function_names();

using Values = std::map<std::string, double>;  // of all names but x, the variable that has none here

/// Not a number where a name has no value.
double value_of(const Tree&, const Values&, double x);
/// The value with its derivative by x.
Dual<double> value_and_slope_of(const Tree&, const Values&, double x);

/// The innermost part that is not finite at x, though its own parts are; null where there is none.
const Node* not_finite_in(const Tree&, const Values&, double x);

}  // namespace noisetrap::formula
