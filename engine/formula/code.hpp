// An equation as C++: the struct that a kernel is compiled from, and the coefficients that it holds. All that is known
// before the run is worked out by the program, once for each step length, and handed to the kernel as a coefficient.
#pragma once

#include <string>
#include <vector>

#include "engine/formula/equation.hpp"

namespace noisetrap::formula {

struct Written {
    std::string text;                // of EquationStep<Real>, EquationMap<Real> or EquationLoss<Real>
    std::vector<Tree> coefficients;  // in the order of the struct's members, which are numbers Real
    bool has_length = false;         // the equation is not linear in x
    bool differentiable = true;
    bool keeps_step_number = false;  // the last member is the number of the step
    /// A step moves x = 0 where one of these coefficients is not 0; or always.
    std::vector<std::size_t> moving;
    bool always_moves = false;
    /// A noise is drawn where one of its coefficients here is not 0; where it has none, always.
    std::vector<std::vector<std::size_t>> active;
};

Written written(const Equation&);

/// The names of the step length and of its root among the coefficients' names.
inline constexpr const char *time_step_name = "dt", *root_name = "sqrt(dt)";

}  // namespace noisetrap::formula
