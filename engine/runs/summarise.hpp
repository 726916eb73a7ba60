// From the rows of chunks to the summaries of ensembles.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/runs/rows.hpp"
#include "engine/statistics/reduce.hpp"
#include "engine/statistics/summaries.hpp"

namespace noisetrap {

struct StepSummary {
    std::uint64_t step = 0;
    ColumnSummary value;    // of x
    ColumnSummary log_abs;  // of log |x|; NaN: the path failed, -infinity: it is zero
};

struct PassageSummary {
    ColumnSummary steps;  // of the first-passage step, infinite where there was none
    Moments restricted;   // of min(step, last step)
    std::uint64_t upper = 0, lower = 0;
};

/// The steps at which a path can leave: whole ones, or with a bridge the middle of each, inside which the crossing
/// lies somewhere.
Lattice exit_steps(const Simulation&);

struct EnsembleSummary {
    std::vector<StepSummary> times;
    ColumnSummary log_growth;
    PassageSummary passage;
    ColumnSummary log_largest;      // of the log of the largest |x| of a path
    ColumnSummary steps_inside;     // of the steps with |x| < inside_radius
    JointMoments growth_and_noise;  // of log growth, noise_sum and noise_squares, where growth is controlled
    std::vector<ColumnSummary> log_stretches;  // of each exponent, and last of their sum on each path
};

/// The summary of no path.
EnsembleSummary empty_summary(const Simulation&);

/// A part that was summarised by itself: counts, which add up in any order, and apart from them the moments of its
/// blocks of rows, which have to be merged one after the other.
struct PartSummary {
    EnsembleSummary counts;
    BlockMoments blocks;
};

/// Adds parts of ensembles to their summaries.
class Summariser {
    const Simulation& s_;
    Reducer reducer_;
    std::vector<double> times_;  // of a part, or sums

    void add_passage(const Part& part, PassageSummary& into);
    void add_stretches(const Part& part, std::vector<ColumnSummary>& into);
    void add(const Part& part, EnsembleSummary& into);

  public:
    std::vector<EnsembleSummary> ensembles;

    /// Goes on with the summaries of a run that was cut off, where there are any. Throws InputError where they do not
    /// fit into memory.
    Summariser(const Simulation& s, Workers& workers, std::vector<EnsembleSummary> before = {});
    void operator()(std::uint64_t ensemble, std::uint64_t first_path, const Part& part);
    /// The part by itself.
    PartSummary alone(const Part& part);
    /// Adds `paths` paths that were summarised by themselves: what it adds has the same bits.
    void add(std::uint64_t ensemble, std::uint64_t paths, const PartSummary& part);
};

}  // namespace noisetrap
