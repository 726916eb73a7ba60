#include "analysis/sweeps/observables.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>

#include "analysis/answers/answers.hpp"
#include "analysis/require.hpp"
#include "analysis/statistics/control_variates.hpp"
#include "analysis/statistics/mode_estimate.hpp"
#include "analysis/statistics/quantiles.hpp"
#include "analysis/statistics/significance.hpp"
#include "analysis/statistics/tail_estimate.hpp"
#include "engine/catalogue/formula_facts.hpp"

namespace noisetrap {
namespace {

using Kind = Observable::Kind;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::uint64_t watched_factors = 32;  // steps of which x[n+1]/x[n] is looked at
constexpr std::size_t fewest_of_tail = 20;

/// Whether x -> A x + B with A of one law in each step: the table knows small_step of such steps alone.
bool is_linear(const CatalogueEntry& entry) { return find_answer(entry, Quantity::small_step, Of::sde); }

std::vector<double> numbers_in(const std::vector<double>& rows) {
    std::vector<double> numbers;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(numbers),
                 [](double v) { return !std::isnan(v); });
    return numbers;
}

double time_step(const Simulation& point) {
    require(point.own_steps.size() <= 1, "rows of one ensemble need a simulation with its time step");
    return point.own_steps.empty() ? point.dt : point.own_steps.front().dt;
}

double duration(const Simulation& point) { return static_cast<double>(point.steps) * time_step(point); }

/// Column of the rows at `step`.
std::size_t watch_of(const PathColumns& columns, const Simulation& point, std::uint64_t step) {
    const auto& steps = point.observe.steps;
    require(columns.value.size() == steps.size(), "the rows are not of the steps that were to be observed");
    const auto found = std::find(steps.begin(), steps.end(), step);
    require(found != steps.end(), "the step that an observable needs was not observed");
    return static_cast<std::size_t>(found - steps.begin());
}

const std::vector<double>& log_abs_at_end(const PathColumns& columns, const Simulation& point) {
    return columns.log_abs[watch_of(columns, point, point.steps)];
}

/// x at the end, on the paths that did not fail.
std::vector<double> values_at_end(const PathColumns& columns, const Simulation& point) {
    const auto watch = watch_of(columns, point, point.steps);
    std::vector<double> values;
    for (std::size_t i = 0; i < columns.value[watch].size(); ++i)
        if (!std::isnan(columns.log_abs[watch][i])) values.push_back(columns.value[watch][i]);
    return values;
}

/// Log growth over time.
std::vector<double> growth_rows(const PathColumns& columns, const Simulation& point) {
    auto rows = numbers_in(columns.log_growth);
    for (const double time = duration(point); double& row : rows) row /= time;
    return rows;
}

/// Takes away what the noise of a path explains of its growth, unless a path failed or steps are few.
void control_growth(std::vector<double>& rows, const PathColumns& columns, const Simulation& point) {
    if (columns.noise_sum.size() == rows.size() && rows.size() * point.steps >= fewest_controlled_steps)
        control_rows(rows, columns.noise_sum, columns.noise_squares);
}

std::vector<double> escape_rows(const PathColumns& columns) {
    std::vector<double> rows;
    for (const auto step : columns.exit_step)
        if (step != failed_before_exit) rows.push_back(step != 0);
    return rows;
}

std::vector<double> trapped_rows(const PathColumns& columns, const Simulation& point, double within) {
    auto rows = numbers_in(log_abs_at_end(columns, point));
    for (const double bound = std::log(within); double& row : rows) row = row < bound;
    return rows;
}

/// Steps to the exit, as in a run's summary: with a bridge it lies somewhere inside its step.
std::vector<double> steps_to_exit(const PathColumns& columns, const Simulation& point) {
    const double offset = exit_steps(point).offset;
    std::vector<double> steps;
    for (const auto step : columns.exit_step)
        if (step != failed_before_exit) steps.push_back(step == 0 ? infinity : std::abs(step) + offset);
    return steps;
}

/// The sign is judged by the rows themselves, which are less skewed than what the noise leaves of them.
Measured mean_growth(const PathColumns& columns, const Simulation& point) {
    auto rows = growth_rows(columns, point);
    const auto moments = Moments::of(rows);
    const auto fallen = static_cast<std::uint64_t>(std::count(rows.begin(), rows.end(), -infinity));
    if (fallen > 0 && !falls_by_chance(fallen, moments, point.steps, duration(point)))
        return {{-infinity, unknown}, 0};
    control_growth(rows, columns, point);
    return {Moments::of(rows).mean_estimate(), odds_by_chance(moments, 0)};
}

/// The share of ones.
Estimate share_in(const std::vector<double>& rows) {
    if (rows.empty()) return {};
    return cautious_proportion(std::accumulate(rows.begin(), rows.end(), 0.0),
                               static_cast<double>(rows.size()));
}

Estimate exit_quantile(const PathColumns& columns, const Simulation& point, double p) {
    return scaled(quantile_of(steps_to_exit(columns, point), p, exit_steps(point)), time_step(point));
}

/// Rows come with the largest exponent first.
Estimate exponent_of(const PathColumns& columns, const Simulation& point, double number) {
    const auto rows = numbers_in(columns.log_stretches.at(static_cast<std::size_t>(number) - 1));
    return scaled(Moments::of(rows).mean_estimate(), 1 / duration(point));
}

Estimate tail_index_of(const std::vector<double>& log_abs, double share) {
    const auto sizes = numbers_in(log_abs);
    const double wanted = std::round(share * static_cast<double>(sizes.size()));
    const auto k = std::max(fewest_of_tail, static_cast<std::size_t>(wanted));
    if (k >= sizes.size()) return {};
    try {
        return tail_index_with_bias(sizes, k);
    } catch (const std::domain_error&) {  // too many are 0, or equal
        return {};
    }
}

/// A - 1 at all watched steps of all paths. Sizes come from log |x| and signs from x, which keeps its
/// sign where it under- or overflows.
std::vector<double> factors_less_one(const PathColumns& columns, const Simulation& point) {
    std::vector<double> factors;
    for (std::uint64_t n = 0; n < std::min(point.steps, watched_factors); ++n) {
        const auto from = watch_of(columns, point, n), to = watch_of(columns, point, n + 1);
        const auto &x = columns.value[from], &y = columns.value[to];
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double before = columns.log_abs[from][i], after = columns.log_abs[to][i];
            if (!std::isfinite(before) || std::isnan(after)) continue;
            const bool flipped = std::signbit(x[i]) != std::signbit(y[i]);
            factors.push_back(flipped ? -std::exp(after - before) - 1 : std::expm1(after - before));
        }
    }
    return factors;
}

/// The moments of any number of rows, in the order of blocks.
Moments moments_of(std::span<const double> rows) {
    Moments all;
    for (; !rows.empty(); rows = rows.subspan(std::min<std::size_t>(row_block, rows.size())))
        all.merge(Moments::of(rows.first(std::min<std::size_t>(row_block, rows.size()))));
    return all;
}

/// E(A - 1) - Var(A)/2. With d = A - E A the delta method's row is d - d^2/2, of variance
/// m_2 - m_3 + (m_4 - m_2^2)/4.
Estimate small_step_of(const Moments& less_one) {
    const auto n = static_cast<double>(less_one.count);
    const double m2 = less_one.m2 / n, m3 = less_one.m3 / n, m4 = less_one.m4 / n;
    const double variance = m2 - m3 + (m4 - m2 * m2) / 4;
    return {less_one.mean - less_one.variance_estimate().value / 2, std::sqrt(std::max(0.0, variance) / n)};
}

/// log E A^2. A^2 = mu^2 + 2 mu d + d^2 has the variance 4 mu^2 m_2 + 4 mu m_3 + m_4 - m_2^2. Where the
/// relative error of E A^2 is not small, few rows make the sum, and there are larger ones to come: the
/// estimate is too low, and its error too.
Estimate mean_square_of(const Moments& less_one) {
    constexpr double largest_error = 0.03;
    const auto n = static_cast<double>(less_one.count);
    const double mu = 1 + less_one.mean, m2 = less_one.m2 / n, m3 = less_one.m3 / n, m4 = less_one.m4 / n;
    const double excess = less_one.mean * (2 + less_one.mean) + less_one.variance_estimate().value;
    const double variance = 4 * mu * mu * m2 + 4 * mu * m3 + m4 - m2 * m2;
    const double error = std::sqrt(std::max(0.0, variance) / n) / (1 + excess);
    return {std::log1p(excess), error < largest_error ? error : unknown};
}

/// The factors less one become the delta method's rows of small_step, (A - 1) - (A - E A)^2/2.
void to_small_step_rows(std::vector<double>& factors, const Moments& less_one) {
    for (double& row : factors) row -= (row - less_one.mean) * (row - less_one.mean) / 2;
}

/// They become the rows A^2 - 1, whose mean has the sign of log E A^2.
void to_mean_square_rows(std::vector<double>& factors, const Moments&) {
    for (double& row : factors) row *= 2 + row;
}

/// What an estimator sees.
struct Seen {
    const Observable& o;
    const PathColumns& columns;
    const Simulation& point;
    double trapped_within;

    std::vector<double> values_at_end() const { return noisetrap::values_at_end(columns, point); }
};

/// The estimate is a function of the factors less one; `to_rows` makes of them the rows whose mean has its sign.
Measured of_factors(const Seen& seen, Estimate (*estimate)(const Moments&),
                    void (*to_rows)(std::vector<double>&, const Moments&)) {
    if (!steps_multiply(seen.point)) return {};
    auto factors = factors_less_one(seen.columns, seen.point);
    const auto less_one = moments_of(factors);
    if (less_one.count < 2) return {};
    const auto e = estimate(less_one);
    to_rows(factors, less_one);
    const double chance = std::isnan(e.standard_error) ? unknown : odds_by_chance(moments_of(factors), 0);
    return {scaled(e, 1 / time_step(seen.point)), chance};
}

std::vector<double> growth_rows(const Seen& seen) { return growth_rows(seen.columns, seen.point); }
std::vector<double> escape_rows(const Seen& seen) { return escape_rows(seen.columns); }
std::vector<double> trapped_rows(const Seen& seen) {
    return trapped_rows(seen.columns, seen.point, seen.trapped_within);
}

/// How an observable is estimated, and the rows of which it is the mean, where there are such.
struct Estimator {
    Kind kind;
    Measured (*estimate)(const Seen&);
    std::vector<double> (*rows)(const Seen&) = nullptr;
};
constexpr Estimator estimators[] = {
    {Kind::growth, [](const Seen& s) { return mean_growth(s.columns, s.point); }, growth_rows},
    {Kind::escaped, [](const Seen& s) -> Measured { return {share_in(escape_rows(s))}; }, escape_rows},
    {Kind::trapped, [](const Seen& s) -> Measured { return {share_in(trapped_rows(s))}; }, trapped_rows},
    {Kind::quantile, [](const Seen& s) -> Measured { return {quantile_of(s.values_at_end(), s.o.p)}; }},
    {Kind::exit_time, [](const Seen& s) -> Measured { return {exit_quantile(s.columns, s.point, s.o.p)}; }},
    {Kind::tail_index,
     [](const Seen& s) -> Measured { return {tail_index_of(log_abs_at_end(s.columns, s.point), s.o.p)}; }},
    {Kind::exponent, [](const Seen& s) -> Measured { return {exponent_of(s.columns, s.point, s.o.p)}; }},
    {Kind::mode, [](const Seen& s) -> Measured { return {mode_of(s.values_at_end())}; }},
    {Kind::small_step, [](const Seen& s) { return of_factors(s, small_step_of, to_small_step_rows); }},
    {Kind::mean_square, [](const Seen& s) { return of_factors(s, mean_square_of, to_mean_square_rows); }}};

const Estimator& estimator_of(const Observable& o) {
    for (const auto& estimator : estimators)
        if (estimator.kind == o.kind) return estimator;
    throw std::domain_error("paths of the engine have no such observable");
}

}  // namespace

bool takes_euler_steps(const Simulation& s) {
    return steps_multiply(s) && !find_answer(*s.entry, Quantity::small_step, Of::scheme);
}

bool steps_multiply(const Simulation& s) {
    return is_linear(*s.entry) && !s.observe.of &&
           std::none_of(s.ensembles.begin(), s.ensembles.end(), [&](const auto& model) {
               return s.entry->make(model, s.method, s.dt, s.run.precision).moves_zero;
           });
}

void observe(Simulation& s, const std::vector<Observable>& observables) {
    const auto any = [&](Needs needs) {
        return std::any_of(observables.begin(), observables.end(),
                           [&](const Observable& wanted) { return kind_of(wanted).needs == needs; });
    };
    require(!any(Needs::products) || spectrum_complaint(*s.entry).empty(),
            "paths of the engine have no such observable");
    Observation o;
    o.quantiles = false;
    o.of = s.observe.of, o.exit_of = s.observe.exit_of, o.exit_side = s.observe.exit_side;
    if (any(Needs::products)) o.exponents = s.entry->formula->variables.size();
    o.growth = any(Needs::growth);
    o.control = o.growth && s.observe.control;
    o.exit_radius = s.observe.exit_radius;
    if (any(Needs::exits)) o.exit = std::max(s.observe.exit, ExitWatch::at_steps);
    if (any(Needs::factors) && is_linear(*s.entry))
        for (std::uint64_t n = 0; n <= std::min(s.steps, watched_factors); ++n) o.steps.push_back(n);
    if (any(Needs::end) && (o.steps.empty() || o.steps.back() != s.steps)) o.steps.push_back(s.steps);
    s.observe = std::move(o);
}

std::vector<Measured> estimates_of(const std::vector<Observable>& observables, const PathColumns& columns,
                                   const Simulation& point, double trapped_within) {
    std::vector<Measured> estimates;
    for (const auto& o : observables)
        estimates.push_back(estimator_of(o).estimate({o, columns, point, trapped_within}));
    return estimates;
}

std::vector<double> rows_of(const Observable& o, const PathColumns& columns, const Simulation& point,
                            double trapped_within) {
    const auto rows = estimator_of(o).rows;
    if (!rows) throw std::domain_error("only growth and odds are means of rows");
    return rows({o, columns, point, trapped_within});
}

bool falls_by_chance(std::uint64_t fallen, const Moments& others, std::uint64_t steps, double time) {
    constexpr double far_from_underflow = -500;  // smallest sizes are e^-1300 or so
    const double path_steps = static_cast<double>(others.count) * static_cast<double>(steps);
    return fallen < others.count && static_cast<double>(fallen) <= 1 + path_steps / (1 << 20) &&
           others.mean * time > far_from_underflow;
}

std::uint64_t failed_rows(const PathColumns& columns) {
    const auto at = [](const auto& column, std::size_t i) { return i < column.size() ? column[i] : 0; };
    std::size_t paths = std::max(columns.log_growth.size(), columns.exit_step.size());
    for (const auto& column : columns.log_stretches) paths = std::max(paths, column.size());
    for (const auto& column : columns.log_abs) paths = std::max(paths, column.size());
    std::uint64_t failed = 0;
    for (std::size_t i = 0; i < paths; ++i)
        failed += std::isnan(at(columns.log_growth, i)) ||
                  std::any_of(columns.log_stretches.begin(), columns.log_stretches.end(),
                              [&](const auto& column) { return std::isnan(column[i]); }) ||
                  at(columns.exit_step, i) == failed_before_exit ||
                  std::any_of(columns.log_abs.begin(), columns.log_abs.end(),
                              [&](const auto& column) { return std::isnan(column[i]); });
    return failed;
}

}  // namespace noisetrap
