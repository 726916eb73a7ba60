// Rows of the table of answers for models that are formulas, by subject; each file says which.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "analysis/answers/axis.hpp"
#include "analysis/diffusions/stretches.hpp"
#include "analysis/growth/random_factor.hpp"
#include "analysis/laws/diffusion_law.hpp"
#include "engine/catalogue/formula_facts.hpp"

namespace noisetrap::equations {

/// The axis at 0 of a formula whose slopes are the same everywhere, with the drift that the formula has, for rows that know
/// both calculi.
Axis given_axis(const Question&);
/// Growth, moments and relaxation of an SDE whose drift and amplitudes are affine in x.
Answers affine_rows();
/// Growth of an SDE, and of its steps, linearised at x = 0.
Answers origin_rows();

/// The stretch on which paths are in the end, and its law; or why there is none.
struct Home {
    std::optional<Stretch> stretch;
    std::shared_ptr<const DiffusionLaw> law = nullptr;
    std::string why = "";
};
const Home& home(const Question&);
Answers stationary_rows();
/// E(f' - sum g'^2/2) over the stationary law.
Answers flow_rows();

/// Laws at a time, by the Fokker-Planck equation.
Answers transient_rows();
/// First passage through |x| = R.
Answers exit_rows();

double map_at(const FormulaFunctions& functions, double x);
/// y <- A y + B about x, to first order.
struct LinearMap {
    RandomFactor factor;
    double tau = 0, rho = 0;  // of B
    bool one_law = true;      // of all noises that count
};
LinearMap linear_map(const FormulaFunctions& functions, double x);
/// Recursions that are linear in x but for additive noise; affine ones; and others, linearised at x = 0.
Answers linear_map_rows();
Answers affine_map_rows();
Answers map_rows();

/// Linear recursions with noise that has no variance.
Answers heavy_map_rows();
/// Linear SDEs with noise that is no Brownian motion.
Answers levy_rows();
/// Recursions with noise that remembers.
Answers remembering_rows();

}  // namespace noisetrap::equations
