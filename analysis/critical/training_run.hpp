// A training run seen through its checkpoints: how the loss bends where the run was, and which critical points it
// came near.
#pragma once

#include <optional>

#include "analysis/critical/survey.hpp"

namespace noisetrap {

struct TrainingRun {
    std::vector<double> steps;  // rising: when each checkpoint was kept
    std::vector<Point> points;  // parameters of each
};

struct RunQuestions {
    std::size_t whole = 200;   // up to so many parameters Hessians are made, and indices are exact
    std::size_t lanczos = 40;  // steps beyond
    double zero = 0;    // an eigenvalue of at most this size counts as zero; 0: chosen for each checkpoint
    double near = 0.1;  // of 1 + |x|: how far from a critical point x counts as near
    std::uint64_t searches = 50;  // for critical points, at most
    SearchSettings search;
};

/// A checkpoint of the run. It need not be near any critical point.
struct RunPlace {
    double loss = 0, gradient = 0;
    double smallest = 0, largest = 0;  // eigenvalues of the Hessian; Ritz values where the index is a bound
    double bound = 0;      // an eigenvalue lies within it of `smallest`, and none is known to lie below
    double threshold = 0;  // an eigenvalue of at most this size counts as zero
    std::size_t index = 0;
    bool index_is_exact = true;  // else there are at least so many negative ones
    Point escape;                // unit eigenvector (or Ritz vector) of `smallest`, downhill
    double downhill = 0;         // cosine between it and -gradient
    std::optional<double>
        ahead;  // cosine between it and the way to the next checkpoint; none from where that rests
    std::optional<std::size_t> visit;  // the critical point it is near to
    double distance = 0;               // to that
};

/// A critical point that checkpoints are near to; `point.found` counts them.
struct Stay {
    FoundPoint point;
    double steps = 0;  // spent near it: every checkpoint stands for half the way to each of its neighbours
    double from = 0, to = 0;  // first and last checkpoint near it
    double closest = 0;
};

struct RunAnalysis {
    std::vector<RunPlace> places;  // by checkpoint
    std::vector<Stay> visits;      // in the order in which the run came near
    std::vector<KnownPoint> known;
    std::uint64_t searches = 0, elsewhere = 0;  // started at checkpoints; those that ended nowhere near them
};

/// Critical points are found by searches from checkpoints, those of smallest |gradient| first, as long as they are near
/// to none that is found already. A search that ends farther away than `near` says that its start is near to none.
/// Throws SettingError where a setting or a checkpoint cannot be used, and Interrupted.
RunAnalysis analyse(const Landscape&, const TrainingRun&, const RunQuestions&, Workers&);

}  // namespace noisetrap
