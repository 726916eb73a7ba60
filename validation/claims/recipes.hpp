// What the claims about remedies and losses share: simulations of a loss under an optimiser, growth rates, shares.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/statistics/quantiles.hpp"
#include "analysis/statistics/significance.hpp"
#include "validation/experiment.hpp"

namespace noisetrap {

/// A loss under an optimiser that observes nothing yet.
Simulation under(const char* loss, const char* optimiser, const ParameterValues& model,
                 const ParameterValues& method, double x0, std::uint64_t steps, std::uint64_t paths);

/// The run that a configuration describes, whose formula joins the catalogue; it observes at the end alone, and no growth.
Simulation run_of_text(const std::string& toml, std::uint64_t steps, std::uint64_t paths);

/// Parameters of a noisy saddle; tau's noise is Gaussian.
ParameterValues saddle(double a, double sigma, double tau = 0, const char* law = "gaussian");

/// What a third time step would change in the extrapolation from h and 2 h.
double change_by_third(double at_4h, double at_2h, double at_h);

/// The difference of two independent estimates.
Estimate difference(const Estimate& a, const Estimate& b);

std::vector<double> doubles(const std::vector<std::uint64_t>& whole);

/// Growth per step from the start to the end, of each ensemble, or of the first one.
std::vector<Estimate> growth_of_each(Laboratory&, Simulation);
Estimate growth_of(Laboratory&, Simulation);

/// Growth of |x| per step after `from` steps, when the direction of the other numbers of the state has
/// forgotten how it started. Noise has 24 bits or so: once in many millions of steps a factor is exactly 0,
/// and the path, which then has no growth, is left out.
Estimate later_growth(Laboratory&, Simulation, std::uint64_t from);

/// sqrt E(a - b)^2 over the same paths.
Estimate rms_difference(const std::vector<double>& a, const std::vector<double>& b);

/// P(|x| < r)
Estimate share_within(const std::vector<double>& log_abs, double r);

}  // namespace noisetrap
