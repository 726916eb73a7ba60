#include "engine/runs/summarise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "engine/error.hpp"
#include "engine/runs/memory.hpp"

namespace noisetrap {
namespace {

/// What summaries may take: sketches of two-sided heavy tails, and bins.
std::uint64_t summary_bytes(const Simulation& s) {
    std::uint64_t per_step = 1024 + (s.observe.quantiles ? 256 << 10 : 0);
    for (const auto& edges : s.observe.bin_edges) per_step += 16 * edges.size();
    return s.ensembles.size() * s.observe.steps.size() * per_step;
}

/// The steps to an exit: infinitely many where there was none, which cannot be foreseen and so is added, not
/// branched on; not a number where the path failed.
double exit_time(double step, double offset) {
    constexpr double if_none[] = {0, std::numeric_limits<double>::infinity()};
    if (step == failed_before_exit) return std::numeric_limits<double>::quiet_NaN();
    return std::abs(step) + offset + if_none[step == 0];
}

}  // namespace

Lattice exit_steps(const Simulation& s) { return {1, s.observe.exit == ExitWatch::with_bridge ? -0.5 : 0.0}; }

void Summariser::add_passage(const Part& part, PassageSummary& into) {
    const auto steps = part.of(Column::exit_step);
    const double offset = exit_steps(s_).offset;
    times_.resize(steps.size());
    for (std::uint64_t i = 0; i < steps.size(); ++i) {
        into.upper += steps[i] > 0;
        into.lower += steps[i] < 0 && steps[i] != failed_before_exit;
        times_[i] = exit_time(steps[i], offset);
    }
    reducer_.add(times_, into.steps, s_.observe.quantiles);
    const auto last = static_cast<double>(s_.steps);
    for (double& t : times_) t = std::min(t, last);
    reducer_.add_moments(times_, into.restricted);
}

void Summariser::add_stretches(const Part& part, std::vector<ColumnSummary>& into) {
    times_.assign(part.count, 0);
    for (std::uint64_t m = 0; m < s_.observe.exponents; ++m) {
        const auto logs = part.of(Column::log_stretches, m);
        reducer_.add(logs, into[m], false);
        for (std::size_t i = 0; i < logs.size(); ++i) times_[i] += logs[i];
    }
    reducer_.add(times_, into[s_.observe.exponents], false);
}

EnsembleSummary empty_summary(const Simulation& s) {
    EnsembleSummary empty;
    for (const auto step : s.observe.steps) {
        StepSummary at;
        at.step = step;
        for (const auto& edges : s.observe.bin_edges) at.value.bins.emplace_back(edges);
        empty.times.push_back(std::move(at));
    }
    if (!s.observe.survival_steps.empty()) empty.passage.steps.bins.emplace_back(s.observe.survival_steps);
    std::vector<double> log_radii;
    for (const double radius : s.observe.largest_beyond) log_radii.push_back(std::log(radius));
    if (!log_radii.empty()) empty.log_largest.bins.emplace_back(log_radii);
    if (s.observe.exponents > 0) empty.log_stretches.resize(s.observe.exponents + 1);
    return empty;
}

Summariser::Summariser(const Simulation& s, Workers& workers, std::vector<EnsembleSummary> before)
    : s_(s), reducer_(workers), ensembles(std::move(before)) {
    require_memory(summary_bytes(s), "summaries; observe fewer times, bins or quantiles");
    if (ensembles.empty()) ensembles.assign(s.ensembles.size(), empty_summary(s));
}

void Summariser::add(const Part& part, EnsembleSummary& into) {
    const auto& o = s_.observe;
    for (std::size_t i = 0; i < o.steps.size(); ++i) {
        s_.run.stop.check();
        reducer_.add(part.of(Column::value, i), into.times[i].value, o.quantiles);
        reducer_.add(part.of(Column::log_abs, i), into.times[i].log_abs, false);
    }
    if (o.growth) reducer_.add(part.of(Column::log_growth), into.log_growth, false);
    if (o.wants(Column::noise_sum))
        reducer_.add_joint(
            {part.of(Column::log_growth), part.of(Column::noise_sum), part.of(Column::noise_squares)},
            into.growth_and_noise);
    if (o.exit != ExitWatch::none) add_passage(part, into.passage);
    if (!o.largest_beyond.empty()) reducer_.add(part.of(Column::log_largest), into.log_largest, o.quantiles);
    if (o.inside_radius > 0) reducer_.add(part.of(Column::steps_inside), into.steps_inside, o.quantiles);
    if (o.exponents > 0) add_stretches(part, into.log_stretches);
}

void Summariser::operator()(std::uint64_t ensemble, std::uint64_t, const Part& part) {
    add(part, ensembles[ensemble]);
}

PartSummary Summariser::alone(const Part& part) {
    PartSummary alone{empty_summary(s_), {}};
    reducer_.keep_blocks(&alone.blocks);
    add(part, alone.counts);
    reducer_.keep_blocks(nullptr);
    return alone;
}

namespace {

/// Merges parts whose blocks come in the order in which a part was added.
class PartMerger {
    std::span<const Moments> blocks_;
    std::size_t of_a_column_;

  public:
    PartMerger(const PartSummary& part, std::uint64_t paths)
        : blocks_(part.blocks.single), of_a_column_((paths + row_block - 1) / row_block) {}

    void moments(Moments& into) {
        for (const auto& block : blocks_.first(of_a_column_)) into.merge(block);
        blocks_ = blocks_.subspan(of_a_column_);
    }
    void column(const ColumnSummary& counts, ColumnSummary& into) {
        moments(into.moments);
        into.merge(counts);
    }
};

}  // namespace

void Summariser::add(std::uint64_t ensemble, std::uint64_t paths, const PartSummary& part) {
    const auto& o = s_.observe;
    const auto& from = part.counts;
    auto& into = ensembles[ensemble];
    PartMerger merge(part, paths);
    for (std::size_t i = 0; i < o.steps.size(); ++i) {
        merge.column(from.times[i].value, into.times[i].value);
        merge.column(from.times[i].log_abs, into.times[i].log_abs);
    }
    if (o.growth) merge.column(from.log_growth, into.log_growth);
    for (const auto& block : part.blocks.joint) into.growth_and_noise.merge(block);
    if (o.exit != ExitWatch::none) {
        merge.column(from.passage.steps, into.passage.steps);
        merge.moments(into.passage.restricted);
        into.passage.upper += from.passage.upper;
        into.passage.lower += from.passage.lower;
    }
    if (!o.largest_beyond.empty()) merge.column(from.log_largest, into.log_largest);
    if (o.inside_radius > 0) merge.column(from.steps_inside, into.steps_inside);
    for (std::size_t m = 0; m < into.log_stretches.size(); ++m)
        merge.column(from.log_stretches[m], into.log_stretches[m]);
}

}  // namespace noisetrap
