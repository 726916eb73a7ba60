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

/// A number of a state that is observed, as C++.
struct WrittenNumber {
    std::string text;  // of a struct Name<Real>
    std::vector<Tree> coefficients;
    std::size_t bytes_aligned = 16;  // of the struct, whose size is a multiple of it
    bool affine = false;             // in the variables, so that noise has a known variance in it
    bool needs_unit = false;         // it is not linear
};
/// A formula of the variables, which are the first numbers of the state; null is their Euclidean norm.
WrittenNumber written_number(const std::string& name, const Tree&, const std::vector<std::string>& variables);

/// The names of the step length and of its root among the coefficients' names.
inline constexpr const char *time_step_name = "dt", *root_name = "sqrt(dt)";

}  // namespace noisetrap::formula
