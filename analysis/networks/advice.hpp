// Which optimiser leaves a saddle most cheaply: measured, and said in sentences.
#pragma once

#include "analysis/critical/landscape_file.hpp"
#include "analysis/critical/race.hpp"
#include "analysis/networks/measurement.hpp"

namespace noisetrap {

struct Advice {
    Measurement measurement;
    double curvature = 0;                // |H|, the largest size of an eigenvalue
    std::vector<WayOut> ways;            // cheapest first; those that do not leave are last
    std::vector<std::string> sentences;  // the first one names the optimiser
};

/// Stochastic gradient descent by its growth rates; the others by running them with the gradient of all samples, from a
/// point that lies measure.start away in a random direction.
Advice advise(const NetworkConfig&);

/// The same at a critical point of a landscape, with the noise that the file gives each eigenvector. Without noise costs
/// are gradients of the loss. Throws SettingError where the point is not critical or has no way out, and Interrupted.
Advice advise(const LandscapeFile&, StopToken = {});

}  // namespace noisetrap
