#include "analysis/sweeps/observables.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>

#include "analysis/answers/answers.hpp"
#include "analysis/require.hpp"
#include "analysis/statistics/quantiles.hpp"
#include "analysis/statistics/significance.hpp"
#include "analysis/statistics/tail_estimate.hpp"

namespace noisetrap {
namespace {

using Kind = Observable::Kind;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::uint64_t watched_factors = 32;  // steps of which x[n+1]/x[n] is looked at
constexpr std::size_t fewest_of_tail = 20;

bool needs_exits(const Observable& o) { return o.kind == Kind::escaped || o.kind == Kind::exit_time; }
bool needs_factors(const Observable& o) { return o.kind == Kind::small_step || o.kind == Kind::mean_square; }
bool needs_end(const Observable& o) {
    return o.kind == Kind::trapped || o.kind == Kind::quantile || o.kind == Kind::tail_index ||
           o.kind == Kind::mode;
}

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

Measured mean_growth(const std::vector<double>& rows, const Simulation& point) {
    const auto moments = Moments::of(rows);
    const auto fallen = static_cast<std::uint64_t>(std::count(rows.begin(), rows.end(), -infinity));
    if (fallen > 0 && !falls_by_chance(fallen, moments, point.steps, duration(point)))
        return {{-infinity, unknown}, 0};
    return {moments.mean_estimate(), odds_by_chance(moments, 0)};
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

/// Of as many rows as there may be.
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
void to_mean_square_rows(std::vector<double>& factors) {
    for (double& row : factors) row *= 2 + row;
}

Measured of_factors(const Observable& o, const PathColumns& columns, const Simulation& point) {
    if (!steps_multiply(point)) return {};
    auto factors = factors_less_one(columns, point);
    const auto less_one = moments_of(factors);
    if (less_one.count < 2) return {};
    const bool small_step = o.kind == Kind::small_step;
    const auto e = small_step ? small_step_of(less_one) : mean_square_of(less_one);
    small_step ? to_small_step_rows(factors, less_one) : to_mean_square_rows(factors);
    const double chance = std::isnan(e.standard_error) ? unknown : odds_by_chance(moments_of(factors), 0);
    return {scaled(e, 1 / time_step(point)), chance};
}

Measured estimate_of(const Observable& o, const PathColumns& columns, const Simulation& point,
                     double trapped_within) {
    switch (o.kind) {
        case Kind::growth:
            return mean_growth(growth_rows(columns, point), point);
        case Kind::escaped:
            return {share_in(escape_rows(columns))};
        case Kind::trapped:
            return {share_in(trapped_rows(columns, point, trapped_within))};
        case Kind::quantile:
            return {quantile_of(values_at_end(columns, point), o.p)};
        case Kind::exit_time:
            return {exit_quantile(columns, point, o.p)};
        case Kind::tail_index:
            return {tail_index_of(log_abs_at_end(columns, point), o.p)};
        case Kind::mode:
            return {mode_of(values_at_end(columns, point))};
        case Kind::small_step:
        case Kind::mean_square:
            return of_factors(o, columns, point);
        case Kind::exponent:
            break;
    }
    throw std::domain_error("paths of the engine have no such observable");
}

struct Interval {
    double low = unknown, high = unknown;
    double length() const { return high - low; }
};

/// The shortest interval with `count` + 1 of the ascending rows.
Interval shortest(std::span<const double> rows, std::size_t count) {
    Interval best{0, infinity};
    for (std::size_t i = 0; i + count < rows.size(); ++i)
        if (rows[i + count] - rows[i] < best.length()) best = {rows[i], rows[i + count]};
    return best.length() < infinity ? best : Interval{};
}

/// The widest of the shortest intervals in which the density is 0.7 of the peak's or more on average: some
/// 2.5 standard deviations of a normal law, and a small part of any quantile's range of a heavy-tailed one.
Interval peak_of(std::span<const double> rows) {
    Interval peak;
    double densest = 0;
    for (double share = 0.02; share < 0.95; share *= 1.25) {
        const auto count =
            std::max<std::size_t>(1, static_cast<std::size_t>(share * static_cast<double>(rows.size())));
        const auto next = shortest(rows, count);
        if (next.length() == 0) return next;
        const double density = share / next.length();
        densest = std::max(densest, density);
        if (!(density >= 0.7 * densest)) break;
        peak = next;
    }
    return peak;
}

/// K(u) = (1 - u^2)^3 (3 - 11 u^2) on |u| < 1, whose second moment is 0; not normalised.
class KernelDensity {
    std::span<const double> rows_;  // ascending
    double h_;

    template <class Term>
    double sum(double m, Term term) const {
        double total = 0;
        const auto first = std::upper_bound(rows_.begin(), rows_.end(), m - h_);
        for (auto x = first; x != rows_.end() && *x < m + h_; ++x) total += term((*x - m) / h_);
        return total;
    }

  public:
    KernelDensity(std::span<const double> rows, double bandwidth) : rows_(rows), h_(bandwidth) {}

    double at(double m) const {
        return sum(m, [](double u) {
            const double w = 1 - u * u;
            return w * w * w * (3 - 11 * u * u);
        });
    }
    /// The maximum between two points.
    double peak(double low, double high) const {
        constexpr int bits = 26;
        return boost::math::tools::brent_find_minima([&](double m) { return -at(m); }, low, high, bits).first;
    }
    /// Of a maximum at m.
    double standard_error(double m) const {
        const double squares = sum(m, [](double u) {
            const double w = 1 - u * u, slope = 8 * u * w * w * (5 - 11 * u * u);
            return slope * slope;
        });
        const double curvature =
            sum(m, [](double u) { return 8 * (1 - u * u) * (5 - u * u * (58 - 77 * u * u)); });
        return h_ * std::sqrt(squares) / std::abs(curvature);
    }
};

/// The highest of the maxima in an interval.
double highest(const KernelDensity& density, const Interval& interval) {
    constexpr int places = 32;
    const double step = interval.length() / places;
    double best = interval.low, most = density.at(best);
    for (int i = 1; i <= places; ++i)
        if (const double m = interval.low + i * step, here = density.at(m); here > most)
            best = m, most = here;
    return density.peak(best - step, best + step);
}

}  // namespace

bool takes_euler_steps(const Simulation& s) {
    return steps_multiply(s) && !find_answer(*s.entry, Quantity::small_step, Of::scheme);
}

bool steps_multiply(const Simulation& s) {
    return is_linear(*s.entry) &&
           std::none_of(s.ensembles.begin(), s.ensembles.end(), [&](const auto& model) {
               return s.entry->make(model, s.method, s.dt, s.run.precision).moves_zero;
           });
}

void observe(Simulation& s, const std::vector<Observable>& observables) {
    const auto any = [&](auto is) { return std::any_of(observables.begin(), observables.end(), is); };
    require(!any([](const Observable& o) { return o.kind == Kind::exponent; }),
            "paths of the engine have no such observable");
    Observation o;
    o.quantiles = false;
    o.growth = any([](const Observable& wanted) { return wanted.kind == Kind::growth; });
    o.exit_radius = s.observe.exit_radius;
    if (any(needs_exits)) o.exit = std::max(s.observe.exit, ExitWatch::at_steps);
    if (any(needs_factors) && is_linear(*s.entry))
        for (std::uint64_t n = 0; n <= std::min(s.steps, watched_factors); ++n) o.steps.push_back(n);
    if (any(needs_end) && (o.steps.empty() || o.steps.back() != s.steps)) o.steps.push_back(s.steps);
    s.observe = std::move(o);
}

std::vector<Measured> estimates_of(const std::vector<Observable>& observables, const PathColumns& columns,
                                   const Simulation& point, double trapped_within) {
    std::vector<Measured> estimates;
    for (const auto& o : observables) estimates.push_back(estimate_of(o, columns, point, trapped_within));
    return estimates;
}

std::vector<double> rows_of(const Observable& o, const PathColumns& columns, const Simulation& point,
                            double trapped_within) {
    switch (o.kind) {
        case Kind::growth:
            return growth_rows(columns, point);
        case Kind::escaped:
            return escape_rows(columns);
        case Kind::trapped:
            return trapped_rows(columns, point, trapped_within);
        default:
            throw std::domain_error("only growth and odds are means of rows");
    }
}

bool falls_by_chance(std::uint64_t fallen, const Moments& others, std::uint64_t steps, double time) {
    constexpr double far_from_underflow = -500;  // smallest sizes are e^-1300 or so
    const double path_steps = static_cast<double>(others.count) * static_cast<double>(steps);
    return fallen < others.count && static_cast<double>(fallen) <= 1 + path_steps / (1 << 20) &&
           others.mean * time > far_from_underflow;
}

Estimate mode_of(std::vector<double> rows) {
    constexpr double largest_shift = 1.5;  // in standard errors
    if (rows.size() < fewest_rows_of_a_mode) return {};
    std::sort(rows.begin(), rows.end());
    const auto interval = peak_of(rows);
    if (!(interval.length() > 0)) return {interval.low, 0 * interval.low};  // an atom, or no rows
    // As wide as the peak at 10^4 rows. The error alone would be least as n^(-1/11); falling faster, the
    // bias stays below the error.
    double h = interval.length() * std::pow(static_cast<double>(rows.size()) / 1e4, -1.0 / 7);
    double mode = highest({rows, h}, interval);
    for (int halvings = 0;; ++halvings) {
        h /= std::sqrt(2.0);
        const KernelDensity finer(rows, h);
        const double next = finer.peak(mode - h / 2, mode + h / 2), error = finer.standard_error(next);
        const double shift = next - mode;
        mode = next;
        if (!(std::abs(shift) >= largest_shift * error) || halvings == 6)
            return {mode, std::hypot(error, shift)};
    }
}

std::uint64_t failed_rows(const PathColumns& columns) {
    const auto at = [](const auto& column, std::size_t i) { return i < column.size() ? column[i] : 0; };
    std::size_t paths = std::max(columns.log_growth.size(), columns.exit_step.size());
    for (const auto& column : columns.log_abs) paths = std::max(paths, column.size());
    std::uint64_t failed = 0;
    for (std::size_t i = 0; i < paths; ++i)
        failed += std::isnan(at(columns.log_growth, i)) || at(columns.exit_step, i) == failed_before_exit ||
                  std::any_of(columns.log_abs.begin(), columns.log_abs.end(),
                              [&](const auto& column) { return std::isnan(column[i]); });
    return failed;
}

}  // namespace noisetrap
