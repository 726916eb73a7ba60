#include "analysis/answers/known_values.hpp"

#include <cmath>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "analysis/answers/theory.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/growth/heavy_ball_ratio.hpp"
#include "analysis/growth/remedies.hpp"
#include "analysis/laws/quartic_well.hpp"
#include "analysis/laws/stationary_law.hpp"

namespace noisetrap {
namespace {

using Kind = Observable::Kind;

double square(double x) { return x * x; }

/// A point with all its parameters, and what is asked of it.
struct Question {
    Simulation point;
    double p, within;

    const ParameterValue& model(const char* key) const { return point.ensembles.front().at(key); }
    double number(const char* key) const { return std::get<double>(model(key)); }
    const std::string& word(const char* key) const { return std::get<std::string>(model(key)); }
    double method(const char* key) const { return std::get<double>(point.method.at(key)); }
    double rate() const { return method("learning_rate"); }
    double end() const { return point.time(point.steps); }
    /// Where drift and all noise vanish at one point x ends there; without diffusive noise it ends at 0.
    bool stays_noisy() const {
        return number("tau") > 0 && !(number("a") == 0 && std::abs(number("rho")) == 1);
    }
};

/// dx = a x dt + sigma x dW + tau dV: a model in the limit of small steps. Of a recursion per step.
struct Axis {
    double a, sigma, tau = 0;
};
/// E(A - 1) and Var A of one step x -> A x.
struct StepMoments {
    double drift, variance;
};
using AxisOf = Axis (*)(const Question&);
using StepOf = StepMoments (*)(const Question&);
using LawOf = Law (*)(const Question&);
using Formula = double (*)(const Question&);

// What follows from a model's axis, or from the moments of its steps

template <AxisOf axis>
double sde_growth(const Question& q) {
    return sde_growth_rate(axis(q).a, axis(q).sigma);
}
/// Of E x^2.
template <AxisOf axis>
double sde_mean_square(const Question& q) {
    return 2 * axis(q).a + square(axis(q).sigma);
}
template <AxisOf axis>
double sde_tail(const Question& q) {
    const double index = sde_tail_index(axis(q).a, axis(q).sigma);
    return q.stays_noisy() && index > 0 ? index : unknown;
}
template <StepOf step>
double small_step(const Question& q) {
    const auto [drift, variance] = step(q);
    return sde_growth_rate(drift, std::sqrt(variance)) / q.point.dt;
}
/// log E A^2 = log[(1 + drift)^2 + variance], with the digits of small steps.
template <StepOf step>
double step_mean_square(const Question& q) {
    const auto [drift, variance] = step(q);
    return std::log1p(drift * (2 + drift) + variance) / q.point.dt;
}
double stationary_quantile(const Question& q) { return AxisTheory(q.point, 0).quantile(q.p, 0).stationary; }
/// Where the steps themselves escape, the SDE's law is nobody's limit.
template <AxisOf axis, Formula growth>
double stationary_mode(const Question& q) {
    if (!(growth(q) < 0)) return unknown;
    const auto [a, sigma, tau] = axis(q);
    return stationary_law(a, sigma, tau, q.number("rho")).mode();
}

// linear-sde

Axis linear_axis(const Question& q) { return {q.number("a"), q.number("sigma"), q.number("tau")}; }

/// A = 1 + a h + sigma sqrt(h) Z.
StepMoments euler_step(const Question& q) {
    const auto axis = linear_axis(q);
    return {axis.a * q.point.dt, square(axis.sigma) * q.point.dt};
}
/// The same + sigma^2 h (Z^2 - 1)/2, which is uncorrelated with Z and has the variance (sigma^2 h)^2/2.
StepMoments milstein_step(const Question& q) {
    const auto [drift, variance] = euler_step(q);
    return {drift, variance + square(variance) / 2};
}
/// A = e^(a h) exp(sigma sqrt(h) Z - sigma^2 h/2): growth, E A^2 and tail are those of the SDE.
StepMoments splitting_step(const Question& q) {
    const auto [drift, variance] = euler_step(q);
    return {std::expm1(drift), std::exp(2 * drift) * std::expm1(variance)};
}
template <double growth(double, double, double)>
double scheme_growth(const Question& q) {
    return growth(q.number("a"), q.number("sigma"), q.point.dt);
}
double euler_tail(const Question& q) {
    if (!q.stays_noisy()) return unknown;
    return euler_tail_index(q.number("a"), q.number("sigma"), q.point.dt);
}
bool is_log_normal(const Question& q) { return q.number("tau") == 0 && q.point.x0_deviation == 0; }
double log_normal_quantile(const Question& q) {
    return is_log_normal(q) ? AxisTheory(q.point, 0).quantile(q.p, q.end()).sde : unknown;
}
double log_normal_trapped(const Question& q) {
    if (!is_log_normal(q)) return unknown;
    const AxisTheory theory(q.point, 0);
    return theory.cdf(q.within, q.end()).sde - theory.cdf(-q.within, q.end()).sde;
}

// Recursions on one axis, A = 1 + a + sigma Z

template <AxisOf axis>
StepMoments recursion_step(const Question& q) {
    return {axis(q).a, square(axis(q).sigma)};
}
template <AxisOf axis, LawOf law>
double recursion_growth(const Question& q) {
    return step_growth(law(q), axis(q).a, axis(q).sigma);
}
template <AxisOf axis, LawOf law>
double recursion_tail(const Question& q) {
    return q.stays_noisy() ? tail_index(law(q), 1 + axis(q).a, axis(q).sigma) : unknown;
}
Law law_of_noise(const Question& q) { return law_named(q.word("law")); }
Law gaussian(const Question&) { return Law::gaussian; }

Axis noisy_saddle(const Question& q) {
    return {q.rate() * q.number("a"), q.rate() * q.number("sigma"), q.rate() * q.number("tau")};
}
/// Of the mean over a batch, whose variance is exact for any samples.
Axis finite_sum(const Question& q) {
    const double batch = q.number("batch_size");
    const bool replaced = q.word("draws") == "with-replacement";
    const double share = q.rate() * (replaced ? 1 / std::sqrt(batch)
                                              : deviation_without_replacement(1, batch, q.number("samples")));
    return {q.rate() * q.number("a"), share * q.number("sigma"), share * q.number("tau")};
}
/// Curvatures -1 and 1 + q of equal odds.
Axis random_curvature(const Question& q) {
    return {q.rate() * q.number("q") / 2, q.rate() * (1 + q.number("q") / 2)};
}
double random_curvature_growth(const Question& q) { return two_curvature_growth(q.number("q"), q.rate()); }

// noisy-saddle under momentum

double heavy_ball(const Question& q) {
    const auto [a, sigma, tau] = noisy_saddle(q);
    const double momentum = q.method("momentum");
    if (momentum == 0) return step_growth(law_of_noise(q), a, sigma);
    return sigma == 0 || law_of_noise(q) == Law::gaussian ? heavy_ball_growth_on_ratios({momentum, a, sigma})
                                                          : unknown;
}
/// heavy_ball_steps with h = 1: the limit of small l at any momentum, where a/(2 beta) and sigma/(2 beta) are
/// what counts, and of l -> 0 with 1 - m ~ sqrt(l).
double heavy_ball_sde(const Question& q) {
    const auto axis = noisy_saddle(q);
    return heavy_ball_sde_growth((1 - q.method("momentum")) / 2, axis.a, axis.sigma);
}

// Losses with answers of their own

/// The faster of u + w and u - w, which are multiplied by 1 +- 2 l x y: E xy = signal, Var xy = 2 signal^2 +
/// noise^2. Its SDE is trapped iff l >= E[xy]/Var[xy].
Axis two_layer(const Question& q) {
    const double signal = q.number("signal"), noise = q.number("noise");
    return {2 * q.rate() * std::abs(signal), 2 * q.rate() * std::sqrt(2 * square(signal) + square(noise))};
}
double two_layer_exact(const Question& q) {
    const double signal = q.number("signal");
    return two_layer_growth({signal, q.number("noise")}, q.rate(), 1, signal < 0 ? -1 : 1);
}

LeastSquares least_squares(const Question& q) {
    return {static_cast<int>(q.number("dimension")), q.number("feature"), 1};
}
double least_squares_exact(const Question& q) { return least_squares_growth(least_squares(q), q.rate()); }
double least_squares_tail(const Question& q) {
    return q.number("noise") > 0 ? least_squares_tail_index(least_squares(q), q.rate()) : unknown;
}

/// The smaller the steps, the later a path changes sides: there is no SDE of both.
double two_sided(const Question& q) {
    if (law_of_noise(q) != Law::gaussian) return unknown;
    const double l = q.rate();
    return two_sided_growth({l * q.number("a_plus"), l * q.number("sigma_plus")},
                            {l * q.number("a_minus"), l * q.number("sigma_minus")});
}

/// Of dx(t)/dx(0), as t grows.
double quartic_growth(const Question& q) {
    return quartic_well_growth_rate(q.number("mu"), q.number("zeta"));
}
template <double growth(double, double, double)>
double quartic_at_origin(const Question& q) {
    return growth(q.number("mu"), q.number("zeta"), q.point.dt);
}
/// Splitting's step is exact at the origin.
double exact_growth_rate(double a, double sigma, double) { return sde_growth_rate(a, sigma); }
/// A path keeps its sign.
double quartic_quantile(const Question& q) {
    const double x0 = q.point.x0, mu = q.number("mu"), zeta = q.number("zeta");
    if (x0 == 0 || q.point.x0_deviation != 0) return unknown;
    return x0 > 0 ? quartic_well_quantile(mu, zeta, q.p) : -quartic_well_quantile(mu, zeta, 1 - q.p);
}

// The table

struct Row {
    std::string_view model, method;
    Kind kind;
    const char* name;
    Formula value;
};

constexpr const char *of_sde = "SDE", *exact = "exact", *stationary = "stationary",
                     *at_origin = "at the origin", *gaussian_batch = "Gaussian batch", *linear = "linear-sde",
                     *saddle = "noisy-saddle", *finite = "finite-sum-saddle", *curvature = "random-curvature",
                     *well = "quartic-well", *euler = "euler-maruyama", *milstein = "milstein",
                     *splitting = "splitting", *sgd = "sgd", *any = "";

// Where the steps have the SDE's own value both rows have it; but Euler-Maruyama's and SGD's small_step,
// which is the SDE's by definition, and splitting's tail index have no second row.
const Row table[] = {
    {linear, any, Kind::growth, of_sde, sde_growth<linear_axis>},
    {linear, euler, Kind::growth, exact, scheme_growth<euler_growth_rate>},
    {linear, milstein, Kind::growth, exact, scheme_growth<milstein_growth_rate>},
    {linear, splitting, Kind::growth, exact, sde_growth<linear_axis>},
    {linear, any, Kind::small_step, of_sde, sde_growth<linear_axis>},
    {linear, milstein, Kind::small_step, exact, small_step<milstein_step>},
    {linear, splitting, Kind::small_step, exact, small_step<splitting_step>},
    {linear, any, Kind::mean_square, of_sde, sde_mean_square<linear_axis>},
    {linear, euler, Kind::mean_square, exact, step_mean_square<euler_step>},
    {linear, milstein, Kind::mean_square, exact, step_mean_square<milstein_step>},
    {linear, splitting, Kind::mean_square, exact, sde_mean_square<linear_axis>},
    {linear, any, Kind::tail_index, of_sde, sde_tail<linear_axis>},
    {linear, euler, Kind::tail_index, exact, euler_tail},
    {linear, any, Kind::quantile, of_sde, log_normal_quantile},
    {linear, any, Kind::quantile, stationary, stationary_quantile},
    {linear, euler, Kind::mode, stationary, stationary_mode<linear_axis, scheme_growth<euler_growth_rate>>},
    {linear, milstein, Kind::mode, stationary,
     stationary_mode<linear_axis, scheme_growth<milstein_growth_rate>>},
    {linear, splitting, Kind::mode, stationary, stationary_mode<linear_axis, sde_growth<linear_axis>>},
    {linear, any, Kind::trapped, of_sde, log_normal_trapped},

    {saddle, sgd, Kind::growth, of_sde, sde_growth<noisy_saddle>},
    {saddle, sgd, Kind::growth, exact, recursion_growth<noisy_saddle, law_of_noise>},
    {saddle, sgd, Kind::small_step, of_sde, sde_growth<noisy_saddle>},
    {saddle, sgd, Kind::mean_square, of_sde, sde_mean_square<noisy_saddle>},
    {saddle, sgd, Kind::mean_square, exact, step_mean_square<recursion_step<noisy_saddle>>},
    {saddle, sgd, Kind::tail_index, of_sde, sde_tail<noisy_saddle>},
    {saddle, sgd, Kind::tail_index, exact, recursion_tail<noisy_saddle, law_of_noise>},
    {saddle, sgd, Kind::quantile, stationary, stationary_quantile},
    {saddle, sgd, Kind::mode, stationary,
     stationary_mode<noisy_saddle, recursion_growth<noisy_saddle, law_of_noise>>},
    {saddle, "momentum", Kind::growth, of_sde, heavy_ball_sde},
    {saddle, "momentum", Kind::growth, exact, heavy_ball},

    {finite, sgd, Kind::growth, of_sde, sde_growth<finite_sum>},
    {finite, sgd, Kind::growth, gaussian_batch, recursion_growth<finite_sum, gaussian>},
    {finite, sgd, Kind::small_step, of_sde, sde_growth<finite_sum>},
    {finite, sgd, Kind::mean_square, of_sde, sde_mean_square<finite_sum>},
    {finite, sgd, Kind::mean_square, exact, step_mean_square<recursion_step<finite_sum>>},
    {finite, sgd, Kind::tail_index, of_sde, sde_tail<finite_sum>},
    {finite, sgd, Kind::tail_index, gaussian_batch, recursion_tail<finite_sum, gaussian>},

    {curvature, sgd, Kind::growth, of_sde, sde_growth<random_curvature>},
    {curvature, sgd, Kind::growth, exact, random_curvature_growth},
    {curvature, sgd, Kind::small_step, of_sde, sde_growth<random_curvature>},
    {curvature, sgd, Kind::mean_square, of_sde, sde_mean_square<random_curvature>},
    {curvature, sgd, Kind::mean_square, exact, step_mean_square<recursion_step<random_curvature>>},

    {"two-layer-unit", sgd, Kind::growth, of_sde, sde_growth<two_layer>},
    {"two-layer-unit", sgd, Kind::growth, exact, two_layer_exact},
    {"least-squares", sgd, Kind::growth, exact, least_squares_exact},
    {"least-squares", sgd, Kind::tail_index, exact, least_squares_tail},
    {"two-sided-saddle", sgd, Kind::growth, exact, two_sided},

    {well, any, Kind::growth, of_sde, quartic_growth},
    {well, euler, Kind::growth, at_origin, quartic_at_origin<euler_growth_rate>},
    {well, milstein, Kind::growth, at_origin, quartic_at_origin<milstein_growth_rate>},
    {well, splitting, Kind::growth, at_origin, quartic_at_origin<exact_growth_rate>},
    {well, any, Kind::quantile, stationary, quartic_quantile},
};

bool applies(const Row& row, const Observable& observable, const CatalogueEntry& entry) {
    return row.kind == observable.kind && row.model == entry.model &&
           (row.method == any || row.method == entry.method);
}

void add_defaults(ParameterValues& values, const std::vector<ParameterInfo>& infos) {
    for (const auto& info : infos) values.try_emplace(info.key, info.standard);
}

Question question(const Observable& observable, const Simulation& point, double within) {
    Simulation known;
    known.entry = point.entry, known.ensembles = {point.ensembles.at(0)}, known.method = point.method;
    known.dt = point.dt, known.steps = point.steps;
    known.x0 = point.x0, known.x0_deviation = point.x0_deviation;
    add_defaults(known.ensembles.front(), point.entry->model_parameters);
    add_defaults(known.method, point.entry->method_parameters);
    return {std::move(known), observable.p, within};
}

/// Not a number where a formula does not apply, or a series of Boost's does not converge.
double value_of(const Row& row, const Question& q) {
    try {
        return row.value(q);
    } catch (const std::domain_error&) {
        return unknown;
    } catch (const std::runtime_error&) {
        return unknown;
    }
}

}  // namespace

std::vector<KnownValue> known_values(const Observable& observable, const Simulation& point,
                                     double trapped_within) {
    std::vector<KnownValue> known;
    if (!point.entry) return known;
    const auto q = question(observable, point, trapped_within);
    for (const auto& row : table)
        if (applies(row, observable, *point.entry)) known.push_back({row.name, value_of(row, q)});
    return known;
}

}  // namespace noisetrap
