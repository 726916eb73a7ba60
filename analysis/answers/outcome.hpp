// How a contender of a comparison fared: its escapes and what they cost, in gradients of single samples.
#pragma once

#include <optional>
#include <vector>

#include "analysis/statistics/significance.hpp"
#include "engine/input/comparison.hpp"

namespace noisetrap {

/// The odds that a confidence interval of a comparison misses.
inline constexpr double interval_level = 0.05;

struct Odds {
    double value = 0;
    ConfidenceInterval interval = {0, 1};  // Wilson's, at interval_level
};
Odds odds_of(std::uint64_t hits, std::uint64_t trials);

struct Outcome {
    std::uint64_t escaped = 0, failed = 0;  // paths
    Odds odds;                              // of escape within the budget, of the paths that did not fail
    double evaluations = 0;                 // gradients of a path that stays
    std::vector<Estimate> cost_of_escape;   // at Comparison::quantiles; infinite where fewer escaped
    std::optional<Estimate> growth;         // of log |dx(n)/dx(0)| per gradient
    std::vector<double> costs;              // survival curve: gradients spent, ...
    std::vector<Odds> inside;               // ... and the odds to be inside still
    int rank = 0;                           // 1: the best of its label
    bool best = false, typical = false;     // of its label: of rank 1, and of the middle rank
};

/// One for each contender, in their order. Contenders of one label are ranked by their odds of escape, then
/// by the median of its cost.
std::vector<Outcome> outcomes_of(const Comparison&, const std::vector<EnsembleSummary>&);

}  // namespace noisetrap
