// What a run found: estimates with standard errors, beside what theory says.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/answers/answers.hpp"
#include "engine/input/config.hpp"
#include "engine/runs/run.hpp"

namespace noisetrap {

/// What the table says of one quantity; not a number where it has no answer.
struct Prediction {
    double sde = unknown, scheme = unknown, stationary = unknown;
};

struct Finding {
    Estimate estimate;
    Prediction theory;
};

struct TimeFindings {
    double t = 0;                                                          // time, or the step of a recursion
    std::uint64_t finite = 0, non_finite = 0, out_of_range = 0, zero = 0;  // paths
    Finding mean, variance, mean_log_abs;
    Estimate variance_log_abs;
    std::vector<Finding> quantiles;  // at Config::quantiles
    std::vector<Finding> cdf;        // at Config::cdf_at
};

struct PassageFindings {
    double radius = 0;
    std::uint64_t exited = 0, upper = 0, lower = 0, not_exited = 0;
    Finding mean_time;         // of the paths that left; with theory where all did
    Estimate restricted_mean;  // of min(T, t_end)
    Finding upper_odds;        // of the paths that left; with theory where all did
    Finding inside_at_end;     // P(T > t_end)
    std::vector<Estimate> quantiles;
    std::vector<double> survival_times;
    std::vector<Finding> survival;  // P(T > t)
};

/// The law of the largest |x| of each path, from its start to its end.
struct LargestFindings {
    std::vector<double> radii;
    std::vector<Estimate> beyond;     // P(largest |x| > radius)
    std::vector<Estimate> quantiles;  // at Config::quantiles
};

/// The law of the time that each path spends with |x| < radius, seen after every step.
struct InsideFindings {
    double radius = 0;
    Estimate mean_time;
    std::vector<Estimate> quantiles;  // at Config::quantiles
};

/// All Lyapunov exponents, the largest first, and the rate at which volumes grow.
struct SpectrumFindings {
    std::vector<Estimate> exponents;
    Estimate sum;
};

/// Odds by families of walks that split.
struct RareFindings {
    Estimate odds;                 // by the mean over families
    double deviation = unknown;    // of one family, relative to the odds
    std::uint64_t empty = 0;       // families none of whose walks came there
    double plain_paths = unknown;  // that a plain share of paths would need for an error as small
};

struct Findings {
    std::uint64_t non_finite = 0;  // paths whose state failed
    Finding growth_rate;
    std::optional<Estimate> plain_growth_rate;  // the mean of the rows, where growth_rate is controlled
    std::vector<TimeFindings> times;
    std::optional<PassageFindings> first_passage;
    std::optional<LargestFindings> largest;
    std::optional<InsideFindings> inside;
    std::optional<SpectrumFindings> spectrum;
    std::optional<RareFindings> rare;  // and then no times
};

/// The findings of ensemble `ensemble`, whose parameters are simulation.ensembles[ensemble].
Findings findings_of(const Config&, const EnsembleSummary&, std::size_t ensemble = 0);

/// The mean log growth of all paths: -infinity, and so without an error, where one of them fell on zero.
Estimate mean_log_growth(const ColumnSummary&);

/// (value - theory) / standard error
double z_score(const Estimate&, double theory);

}  // namespace noisetrap
