// What the C++ of all forms of an equation has in common: the facts and the members of its struct, and small functions.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/formula/code.hpp"
#include "engine/formula/expressions.hpp"

namespace noisetrap::formula {

/// Notes whether the tree, a length, is other than 0 at x = 0, and on which coefficients that depends.
void note_what_moves_zero(const Tree&, const Equation&, Writer&, Written&);
bool jumps(const Tree&);
/// The size of an increment over a step.
Tree scale_of(const Noise&);
/// The coefficients of an amplitude's terms; none where a term has no coefficient.
std::vector<std::size_t> activity_of(const Tree& amplitude, Writer&);

/// Expressions of one function, and the locals that they use.
class Body {
    Writer& writer_;

  public:
    explicit Body(Writer& writer) : writer_(writer) {
        writer_.numbers.clear();
        writer_.uses_one = false;
    }
    /// `return expression`, behind the locals that it uses.
    std::string returning(const std::string& expression) const;
};

std::string facts(const Written&, std::size_t noises, bool keeps_any_size);
std::string members(const std::vector<Tree>& coefficients, bool keeps_step_number);
std::string moves_zero_text(const Written&);
/// The numbers that give the noises' laws their shapes.
std::string shapes_text(const Equation&, Writer&);
/// The coefficients at the start of a step, and when a share of it has gone by.
std::string times_text(const char* type, const Written&);
/// How far a truncated scheme takes the coefficients, in units: h^(-1/2), where a step of -x^3 comes to 0.
std::string reach_text(Writer&);
/// What the host asks of a recursion or a loss.
inline constexpr const char* of_host =
    "    int active_noises() const { return noises; }\n    NOISETRAP_HD Law law(int) const { return "
    "Law::gaussian; }\n";

}  // namespace noisetrap::formula
