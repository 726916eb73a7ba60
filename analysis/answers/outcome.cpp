#include "analysis/answers/outcome.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "analysis/answers/findings.hpp"
#include "analysis/statistics/quantiles.hpp"

namespace noisetrap {
namespace {

/// Steps become gradients: a monotone map, so that quantiles go with it. The error is half of what an error of
/// steps to either side costs.
Estimate in_gradients(const Estimate& steps, const Contender& contender) {
    if (!std::isfinite(steps.value)) return steps;
    const auto last = static_cast<double>(contender.steps);
    const auto at = [&](double step) {
        return contender.cost.of(static_cast<std::uint64_t>(std::clamp(step, 1.0, last)));
    };
    const double error = std::isfinite(steps.standard_error) ? std::ceil(steps.standard_error) : last;
    return {at(steps.value), (at(steps.value + error) - at(steps.value - error)) / 2};
}

Outcome outcome_of(const Comparison& comparison, const Contender& contender, const EnsembleSummary& summary) {
    const auto& passage = summary.passage;
    const std::uint64_t paths = comparison.common.paths, failed = passage.steps.not_a_number,
                        escaped = passage.upper + passage.lower;
    Outcome o;
    o.escaped = escaped, o.failed = failed, o.odds = odds_of(escaped, paths - failed);
    o.evaluations = contender.cost.of(contender.steps);
    for (const double p : comparison.quantiles)
        o.cost_of_escape.push_back(
            in_gradients(quantile_of(passage.steps.sketch, p, exit_steps(comparison.common)), contender));
    if (comparison.common.observe.growth) {
        const auto growth = mean_log_growth(summary.log_growth);
        o.growth = Estimate{growth.value / o.evaluations, growth.standard_error / o.evaluations};
    }
    const auto& left = passage.steps.bins[0];
    std::uint64_t gone = 0;
    for (std::size_t i = 0; i < left.edges.size(); ++i) {
        gone += left.counts[i];
        o.costs.push_back(contender.cost.of(static_cast<std::uint64_t>(left.edges[i])));
        o.inside.push_back(odds_of(paths - failed - gone, paths - failed));
    }
    return o;
}

/// Smaller is better.
auto merit(const Outcome& o, std::size_t median) {
    const double cost = o.cost_of_escape.empty() ? 0 : o.cost_of_escape[median].value;
    return std::tuple(std::isnan(o.odds.value) ? INFINITY : -o.odds.value,
                      std::isnan(cost) ? INFINITY : cost);
}

void rank(std::vector<Outcome*> of_one_label, std::size_t median) {
    std::stable_sort(of_one_label.begin(), of_one_label.end(), [&](const Outcome* a, const Outcome* b) {
        return merit(*a, median) < merit(*b, median);
    });
    for (std::size_t i = 0; i < of_one_label.size(); ++i) of_one_label[i]->rank = static_cast<int>(i) + 1;
    of_one_label.front()->best = true;
    of_one_label[(of_one_label.size() - 1) / 2]->typical = true;
}

}  // namespace

Odds odds_of(std::uint64_t hits, std::uint64_t trials) {
    if (trials == 0) return {std::nan(""), {0, 1}};
    return {proportion(hits, trials).value, wilson_interval(hits, trials, interval_level)};
}

std::vector<Outcome> outcomes_of(const Comparison& comparison,
                                 const std::vector<EnsembleSummary>& summaries) {
    std::vector<Outcome> outcomes;
    for (std::size_t i = 0; i < summaries.size(); ++i)
        outcomes.push_back(outcome_of(comparison, comparison.contenders[i], summaries[i]));
    const auto& p = comparison.quantiles;
    const auto nearer_half = [](double a, double b) { return std::abs(a - 0.5) < std::abs(b - 0.5); };
    const auto median =
        static_cast<std::size_t>(std::min_element(p.begin(), p.end(), nearer_half) - p.begin());
    std::map<std::string, std::vector<Outcome*>> labels;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        labels[comparison.contenders[i].label].push_back(&outcomes[i]);
    for (const auto& [label, members] : labels) rank(members, median);
    return outcomes;
}

}  // namespace noisetrap
