#include "engine/runs/summarise.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

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

}  // namespace

Lattice exit_steps(const Simulation& s) { return {1, s.observe.exit == ExitWatch::with_bridge ? -0.5 : 0.0}; }

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

std::span<const double> Summariser::read(const Part& part, const Reduction& reduction) {
    const auto rows = part.of(reduction.column, reduction.watch);
    if (reduction.reading.as == RowReading::As::it_is) return rows;
    read_.resize(rows.size());
    std::transform(rows.begin(), rows.end(), read_.begin(), reduction.reading);
    return read_;
}

void Summariser::add(const Part& part, EnsembleSummary& into) {
    const auto& o = s_.observe;
    for_each_reduction(s_, [&](const Reduction& reduction, auto of) {
        s_.run.stop.check();
        auto& summary = of(into);
        const auto rows = read(part, reduction);
        if constexpr (std::is_same_v<decltype(summary), Moments&>)
            reducer_.add_moments(rows, summary);
        else
            reducer_.add(rows, summary, reduction.sketch);
    });
    if (o.wants(Column::noise_sum))
        reducer_.add_joint(
            {part.of(Column::log_growth), part.of(Column::noise_sum), part.of(Column::noise_squares)},
            into.growth_and_noise);
    if (o.exit == ExitWatch::none) return;
    Exits exits;
    for (const double step : part.of(Column::exit_step)) exits.add(step, 0, s_.steps);
    into.passage.upper += exits.upper;
    into.passage.lower += exits.lower;
}

void Summariser::operator()(std::uint64_t ensemble, std::uint64_t, const Part& part) {
    add(part, ensembles[ensemble]);
}

PartSummary Summariser::alone(const Part& part) {
    PartSummary alone{empty_summary(s_), {}, part.count};
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
    explicit PartMerger(const PartSummary& part)
        : blocks_(part.blocks.single), of_a_column_((part.paths + row_block - 1) / row_block) {}

    void operator()(const Moments&, Moments& into) {
        for (const auto& block : blocks_.first(of_a_column_)) into.merge(block);
        blocks_ = blocks_.subspan(of_a_column_);
    }
    void operator()(const ColumnSummary& counts, ColumnSummary& into) {
        (*this)(counts.moments, into.moments);
        into.merge(counts);
    }
};

}  // namespace

void Summariser::operator()(std::uint64_t ensemble, std::uint64_t, const PartSummary& part) {
    const auto& from = part.counts;
    auto& into = ensembles[ensemble];
    PartMerger merge(part);
    for_each_reduction(s_, [&](const Reduction&, auto of) { merge(of(from), of(into)); });
    for (const auto& block : part.blocks.joint) into.growth_and_noise.merge(block);
    into.passage.upper += from.passage.upper;
    into.passage.lower += from.passage.lower;
}

}  // namespace noisetrap
