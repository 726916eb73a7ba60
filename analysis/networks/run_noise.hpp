// What the samples' noise does along a training run of a network: at every checkpoint along its way out, and at each
// plateau in all directions.
#pragma once

#include <optional>

#include "analysis/critical/plateaus.hpp"
#include "analysis/critical/training_run.hpp"
#include "analysis/networks/measurement.hpp"

namespace noisetrap {

class Workers;

/// The steps of the run, which decide what noise does: those of stochastic gradient descent.
struct RunSteps {
    double learning_rate = 0;  // 0: not known, or other steps
    int batch = 1;
    Draws draws = Draws::with_replacement;
    double decay = 0;  // of weights: of the loss, whatever the steps are
};

/// Along the unit vector e of a checkpoint: a, sigma, tau and rho as at a saddle, whatever the gradient is there. The ratios
/// are those of batches: l sigma^2/(2 a b), above 1 where the SDE is trapped, and the growth rate of one axis over that of
/// gradient descent, below 0 where it is. None where the loss does not bend down along e.
struct PlaceNoise {
    AxisNoise noise{};
    std::optional<double> noise_over_signal, ratio;
};
PlaceNoise place_noise(const NetworkProblem&, const Point& at, const Point& e, const RunSteps&);
std::vector<PlaceNoise> noise_along(const NetworkProblem&, const TrainingRun&, const RunAnalysis&,
                                    const RunSteps&, Workers&);

/// A plateau, looked at where its gradient is smallest.
struct PlateauVisit {
    Plateau plateau;
    std::size_t place;                    // that checkpoint
    std::optional<ProductGrowth> matrix;  // of a network whose steps are known, where there is a way out
    std::string verdict;                  // what noise does there; empty: not known
};
/// Without `problem` (null) or without `noise` nothing is said of noise.
std::vector<PlateauVisit> plateaus_of(const TrainingRun&, const RunAnalysis&,
                                      const std::vector<PlaceNoise>& noise, const NetworkProblem* problem,
                                      const RunSteps&, StopToken);

/// The growth rate of whole matrices at a fixed point over that of gradient descent along e, with its standard error.
ProductGrowth matrix_ratio(const NetworkProblem&, const Point& at, const Point& e, double a, const RunSteps&,
                           StopToken);

}  // namespace noisetrap
