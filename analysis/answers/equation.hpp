// What is known of a model that was given as a formula, beside the rows of the table: its fixed points.
#pragma once

#include <complex>
#include <optional>
#include <string>
#include <vector>

#include "engine/runs/simulation.hpp"

namespace noisetrap {

/// A root of the drift, or a fixed point of a recursion's mean map, and the linearisation there: of an SDE
/// dy = a y dt + sigma y dW + tau dV, d<W,V> = rho dt; of a recursion y <- A y + B, a and sigma those of A - 1, tau that of
/// B. Growth is that of |y| without B: a - sigma^2/2, or E log|A| a step. What is not known is not a number.
struct KnownPoint {
    double x = 0, a = 0, sigma = 0, tau = 0, rho = 0, growth = 0, tail_index = 0;
    bool is_known() const { return growth == growth; }
    bool trapped() const { return growth < 0; }
};

struct EquationTheory {
    std::vector<KnownPoint> points;                 // in rising order
    std::vector<std::complex<double>> eigenvalues;  // of several variables: of the Jacobian at 0
    std::vector<std::string> notes;                 // whole sentences: what there is, and what is not known
};

/// The theory of the first ensemble; nothing where the model is no formula.
EquationTheory equation_theory(const Simulation&);

/// What the theory has of x = 0, if that is one of its points, without looking for any other.
std::optional<KnownPoint> fixed_point_at_zero(const Simulation&);

}  // namespace noisetrap
