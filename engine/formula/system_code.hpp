// An equation of several variables as C++.
#pragma once

#include <string>

#include "engine/formula/code.hpp"
#include "engine/formula/expressions.hpp"

namespace noisetrap::formula {

/// The struct EquationSystem<Real> of SDEs, or EquationMap<Real> of a recursion; notes its facts.
std::string system_text(const Equation&, Writer&, Written&);

}  // namespace noisetrap::formula
