// The SDEs of the catalogue as diffusions for the Fokker-Planck equation.
#pragma once

#include <string>

#include "analysis/diffusions/fokker_planck.hpp"
#include "engine/catalogue/catalogue.hpp"

namespace noisetrap {

/// Drift and variance per unit of time of an SDE of the catalogue; parameters that are absent have their
/// defaults. Throws std::domain_error where there is no such SDE.
Diffusion diffusion_of(const std::string& model, const ParameterValues& parameters);

}  // namespace noisetrap
