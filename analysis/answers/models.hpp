// The models that have answers: each has its rows in a file of its own.
#pragma once

#include "analysis/answers/answers.hpp"

namespace noisetrap {

Answers linear_sde_answers();
Answers noisy_saddle_answers();
Answers finite_sum_saddle_answers();
Answers random_curvature_answers();
Answers two_sided_saddle_answers();
Answers two_layer_unit_answers();
Answers least_squares_answers();
Answers quartic_well_answers();
Answers piecewise_linear_sde_answers();

}  // namespace noisetrap
