#include "analysis/answers/findings.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "analysis/statistics/control_variates.hpp"
#include "analysis/statistics/quantiles.hpp"
#include "analysis/statistics/significance.hpp"
#include "engine/error.hpp"

namespace noisetrap {
namespace {

/// The table's answers for one ensemble. Of a stationary law, which is asked for at every time, each is worked out
/// once.
class Theory {
    const Simulation& s_;
    std::size_t ensemble_;
    mutable std::map<std::pair<Quantity, double>, double> stationary_;

  public:
    Theory(const Simulation& s, std::size_t ensemble) : s_(s), ensemble_(ensemble) {}
    Prediction of(Quantity quantity, double t = 0, double at = 0) const {
        const Question question{s_, ensemble_, t, at};
        const auto [stationary, is_new] = stationary_.try_emplace({quantity, at}, unknown);
        if (is_new) stationary->second = answer(quantity, Of::stationary, question);
        return {answer(quantity, Of::sde, question), answer(quantity, Of::scheme, question),
                stationary->second};
    }
};

TimeFindings time_findings(const Config& config, const StepSummary& at, const Theory& theory) {
    TimeFindings f;
    f.t = config.simulation.time(at.step);
    f.non_finite = at.log_abs.not_a_number;
    f.zero = at.log_abs.minus_infinite;
    f.finite = at.log_abs.rows() - f.non_finite;
    f.out_of_range = at.value.plus_infinite + at.value.minus_infinite;
    f.mean = {at.value.moments.mean_estimate(), theory.of(Quantity::mean, f.t)};
    f.variance = {cautious_variance(at.value.moments), theory.of(Quantity::variance, f.t)};
    f.mean_log_abs = {at.log_abs.moments.mean_estimate(), theory.of(Quantity::mean_log_abs, f.t)};
    f.variance_log_abs = cautious_variance(at.log_abs.moments);
    for (double p : config.quantiles)
        f.quantiles.push_back({quantile_of(at.value.sketch, p), theory.of(Quantity::quantile, f.t, p)});
    for (std::size_t i = 0; i < config.cdf_at.size(); ++i)
        f.cdf.push_back(
            {at.value.bins.front().cumulative(i), theory.of(Quantity::cdf, f.t, config.cdf_at[i])});
    return f;
}

PassageFindings passage_findings(const Config& config, const PassageSummary& p, const Theory& theory) {
    const auto& s = config.simulation;
    PassageFindings f;
    f.radius = s.observe.exit_radius;
    f.upper = p.upper;
    f.lower = p.lower;
    f.exited = p.upper + p.lower;
    f.not_exited = p.steps.plus_infinite;
    f.mean_time.estimate = scaled(p.steps.moments.mean_estimate(), s.dt);
    if (f.not_exited == 0) f.mean_time.theory = theory.of(Quantity::exit_time, 0, f.radius);
    f.restricted_mean = scaled(p.restricted.mean_estimate(), s.dt);
    if (f.exited > 0) f.upper_odds.estimate = proportion(f.upper, f.exited);
    if (f.not_exited == 0) f.upper_odds.theory = theory.of(Quantity::exit_upper, 0, f.radius);
    const auto inside = [&](double t) { return theory.of(Quantity::survival, t, f.radius); };
    const double t_end = s.time(s.steps);
    f.inside_at_end = {proportion(f.not_exited, f.exited + f.not_exited), inside(t_end)};
    for (double q : config.quantiles)
        f.quantiles.push_back(scaled(quantile_of(p.steps.sketch, q, exit_steps(s)), s.dt));
    if (p.steps.bins.empty()) return f;
    const auto& curve = p.steps.bins.front();
    for (std::size_t i = 0; i < curve.edges.size(); ++i) {
        const auto left = curve.cumulative(i);
        const double t = curve.edges[i] * s.dt;
        f.survival_times.push_back(t);
        f.survival.push_back({{1 - left.value, left.standard_error}, inside(t)});
    }
    return f;
}

}  // namespace

Estimate mean_log_growth(const ColumnSummary& log_growth) {
    if (log_growth.minus_infinite > 0) return {-std::numeric_limits<double>::infinity(), unknown};
    return log_growth.moments.mean_estimate();
}

static LargestFindings largest_findings(const Config& config, const ColumnSummary& log_largest) {
    LargestFindings f;
    f.radii = config.simulation.observe.largest_beyond;
    for (std::size_t i = 0; i < f.radii.size(); ++i) {
        const auto within = log_largest.bins[0].cumulative(i);
        f.beyond.push_back({1 - within.value, within.standard_error});
    }
    for (const double p : config.quantiles) {
        const auto log_quantile = quantile_of(log_largest.sketch, p);
        const double quantile = std::exp(log_quantile.value);
        f.quantiles.push_back({quantile, quantile * log_quantile.standard_error});
    }
    return f;
}

static InsideFindings inside_findings(const Config& config, const ColumnSummary& steps) {
    const auto& s = config.simulation;
    InsideFindings f{s.observe.inside_radius, scaled(steps.moments.mean_estimate(), s.dt), {}};
    const Lattice whole{1};
    for (const double p : config.quantiles)
        f.quantiles.push_back(scaled(quantile_of(steps.sketch, p, whole), s.dt));
    return f;
}

static SpectrumFindings spectrum_findings(const Simulation& s, const std::vector<ColumnSummary>& stretches) {
    SpectrumFindings f;
    for (const auto& column : stretches)
        f.exponents.push_back(scaled(mean_log_growth(column), 1 / s.time(s.steps)));
    f.sum = f.exponents.back();
    f.exponents.pop_back();
    return f;
}

static RareFindings rare_findings(const StepSummary& end) {
    RareFindings f{end.value.moments.mean_estimate(), unknown, end.log_abs.minus_infinite, unknown};
    const auto [odds, error] = f.odds;
    if (!(odds > 0)) {
        f.odds.standard_error = unknown;  // of odds that no family has met
        return f;
    }
    f.deviation = error * std::sqrt(static_cast<double>(end.value.moments.count)) / odds;
    f.plain_paths = odds * (1 - odds) / (error * error);
    return f;
}

/// The controlled mean of log growth; nothing where there is none, where steps are few, or where a path has no growth: of
/// those that are left the noise has no known mean.
static std::optional<Estimate> controlled_log_growth(const EnsembleSummary& summary, std::uint64_t steps) {
    const auto& rows = summary.growth_and_noise;
    if (rows.count != summary.log_growth.rows() || rows.count * steps < fewest_controlled_steps) return {};
    return controlled_mean(rows);
}

Findings findings_of(const Config& config, const EnsembleSummary& summary, std::size_t ensemble) {
    const auto& s = config.simulation;
    const Theory theory(s, ensemble);
    Findings f;
    const auto plain = scaled(mean_log_growth(summary.log_growth), 1 / s.time(s.steps));
    f.growth_rate = {plain, theory.of(Quantity::growth)};
    if (const auto controlled = controlled_log_growth(summary, s.steps)) {
        f.growth_rate.estimate = scaled(*controlled, 1 / s.time(s.steps));
        f.plain_growth_rate = plain;
    }
    f.non_finite = summary.log_growth.not_a_number;
    if (s.observe.families) {
        f.rare = rare_findings(summary.times.front());
        f.non_finite = summary.times.front().log_abs.not_a_number;
        return f;
    }
    for (const auto& at : summary.times) {
        s.run.stop.check();
        f.times.push_back(time_findings(config, at, theory));
        f.non_finite = std::max(f.non_finite, f.times.back().non_finite);
    }
    if (s.observe.exit != ExitWatch::none)
        f.first_passage = passage_findings(config, summary.passage, theory);
    if (s.observe.wants(Column::log_largest)) f.largest = largest_findings(config, summary.log_largest);
    if (s.observe.wants(Column::steps_inside)) f.inside = inside_findings(config, summary.steps_inside);
    if (s.observe.exponents > 0) {
        f.spectrum = spectrum_findings(s, summary.log_stretches);
        f.non_finite = std::max(f.non_finite, summary.log_stretches.front().not_a_number);
    }
    return f;
}

double z_score(const Estimate& estimate, double theory) {
    return (estimate.value - theory) / estimate.standard_error;
}

}  // namespace noisetrap
