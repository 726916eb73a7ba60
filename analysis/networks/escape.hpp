// Networks that leave a saddle, or do not: ensembles of paths of stochastic gradient descent, or of another optimiser,
// from near the point, and what was predicted beside what they did.
#pragma once

#include <optional>
#include <vector>

#include "analysis/networks/escape_config.hpp"
#include "analysis/networks/escape_space.hpp"
#include "analysis/networks/measurement.hpp"
#include "analysis/statistics/significance.hpp"
#include "engine/runs/run.hpp"

namespace noisetrap {

/// A prediction, and how many standard errors what was seen lies from it. None where theory has no number; no z where
/// the number is not exact.
struct Predicted {
    std::optional<double> value, z;
};

/// The paths of one learning rate and batch size.
struct EscapeOfSteps {
    double learning_rate = 0;
    int batch = 1;
    std::uint64_t paths = 0, left = 0, fell_in = 0, undecided = 0, failed = 0;
    Estimate odds;                         // of leaving
    ConfidenceInterval interval = {0, 1};  // Wilson's, of 95 %
    Predicted predicted_odds;
    Estimate exit_time;        // of those that left, in steps
    double median_exit = NAN;  // to 1/128 of itself
    /// The SDE's, of paths that are pushed off the point; of a chain; and, where the point moves, that of its growth.
    Predicted predicted_time;
    std::vector<double> survival_steps, survival;  // shares that have neither left nor fallen in
    std::optional<Estimate> growth;                // of the log distance along e, a step
    Predicted predicted_growth;
};

struct EscapeResult {
    Measurement measured;
    EscapeSpace space;
    bool along_way_out = false;
    std::vector<EscapeOfSteps> runs;  // for each learning rate all batch sizes
    std::vector<AxisLine> lines;      // of each batch size, where one axis is exact
    std::string no_growth;            // why there is none
    std::string no_prediction;        // why theory's numbers are left out
    RunFacts facts;                   // of the paths that may leave
};

/// Throws InputError as saddle_at and run do.
EscapeResult escape(const EscapeConfig&, const Progress& progress = {});

}  // namespace noisetrap
