// From the rows of chunks to the summaries of ensembles.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/runs/reading.hpp"
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

/// A number of each row that is summarised by itself.
struct Reduction {
    Column column;
    std::size_t watch = 0;
    bool sketch = false;
    RowReading reading = {};
};

/// f(Reduction, of) for each of them, always in one order; of(summary) is what becomes of it: a ColumnSummary, or Moments.
template <class F>
void for_each_reduction(const Simulation& s, F f) {
    const auto& o = s.observe;
    for (std::size_t i = 0; i < o.steps.size(); ++i) {
        f(
            Reduction{Column::value, i, o.quantiles}, [i](auto& e) -> auto& { return e.times[i].value; });
        f(
            Reduction{Column::log_abs, i}, [i](auto& e) -> auto& { return e.times[i].log_abs; });
    }
    if (o.growth)
        f(
            Reduction{Column::log_growth}, [](auto& e) -> auto& { return e.log_growth; });
    if (o.exit != ExitWatch::none) {
        const double offset = exit_steps(s).offset, last = static_cast<double>(s.steps);
        f(
            Reduction{Column::exit_step, 0, o.quantiles, {RowReading::As::exit_time, offset, last}},
            [](auto& e) -> auto& { return e.passage.steps; });
        f(
            Reduction{Column::exit_step, 0, false, {RowReading::As::exit_time_in_run, offset, last}},
            [](auto& e) -> auto& { return e.passage.restricted; });
    }
    if (!o.largest_beyond.empty())
        f(
            Reduction{Column::log_largest, 0, o.quantiles}, [](auto& e) -> auto& { return e.log_largest; });
    if (o.inside_radius > 0)
        f(
            Reduction{Column::steps_inside, 0, o.quantiles}, [](auto& e) -> auto& { return e.steps_inside; });
    for (std::size_t m = 0; m < o.exponents; ++m)
        f(
            Reduction{Column::log_stretches, m}, [m](auto& e) -> auto& { return e.log_stretches[m]; });
    if (o.exponents > 0)
        f(
            Reduction{Column::log_volume}, [](auto& e) -> auto& { return e.log_stretches.back(); });
}

/// A part that was summarised by itself: counts, which add up in any order, and apart from them the moments of its
/// blocks of rows, which have to be merged one after the other.
struct PartSummary {
    EnsembleSummary counts;
    BlockMoments blocks;
    std::uint64_t paths = 0;
};

/// Adds parts of ensembles to their summaries.
class Summariser {
    const Simulation& s_;
    Reducer reducer_;
    std::vector<double> read_;

    std::span<const double> read(const Part& part, const Reduction& reduction);
    void add(const Part& part, EnsembleSummary& into);

  public:
    std::vector<EnsembleSummary> ensembles;

    /// Goes on with the summaries of a run that was cut off, where there are any. Throws InputError where they do not
    /// fit into memory.
    Summariser(const Simulation& s, Workers& workers, std::vector<EnsembleSummary> before = {});
    void operator()(std::uint64_t ensemble, std::uint64_t first_path, const Part& part);
    /// Adds what was summarised by itself: it has the same bits.
    void operator()(std::uint64_t ensemble, std::uint64_t first_path, const PartSummary& part);
    /// The part by itself; or one that is.
    PartSummary alone(const Part& part);
    PartSummary alone(const PartSummary& part) { return part; }
};

}  // namespace noisetrap
