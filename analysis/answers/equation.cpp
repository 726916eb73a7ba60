// Models that are formulas. Their rows follow from the form of the formula; the numbers from its functions.
#include "analysis/answers/equation.hpp"

#include <fmt/core.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>

#include "analysis/answers/axis.hpp"
#include "analysis/answers/kept.hpp"
#include "analysis/diffusions/exit_law.hpp"
#include "analysis/diffusions/fokker_planck.hpp"
#include "analysis/growth/fixed_points.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/growth/heavy_laws.hpp"
#include "analysis/growth/random_factor.hpp"
#include "analysis/growth/roots.hpp"
#include "analysis/laws/diffusion_law.hpp"
#include "analysis/laws/moments.hpp"
#include "analysis/require.hpp"
#include "engine/catalogue/formula_facts.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {
namespace {

using Shape = FormulaFacts::Shape;

constexpr double infinity = std::numeric_limits<double>::infinity();

FormulaFunctions given_functions(const Question& q) {
    const auto& method = q.run.own_steps.empty() ? q.run.method : q.run.own_steps.at(q.ensemble).method;
    return q.run.entry->formula->functions(q.run.ensembles.at(q.ensemble), method);
}

/// An SDE in Ito's sense: a Stratonovich equation is turned into the one with the same solutions.
FormulaFunctions functions_of(const Question& q) {
    auto functions = given_functions(q);
    if (q.run.stratonovich && functions.drift)
        functions.drift = [given = functions.drift, rest = functions.between_calculi](double x) {
            return given(x) + rest(x);
        };
    return functions;
}

std::function<double(double)> value_of(const WithSlope& f) {
    return [f](double x) { return f(x).value; };
}

Diffusion diffusion_of(const FormulaFunctions& functions) {
    return {value_of(functions.drift), [amplitudes = functions.amplitudes](double x) {
                double sum = 0;
                for (const auto& amplitude : amplitudes) {
                    const double value = amplitude(x).value;
                    sum += value * value;
                }
                return sum;
            }};
}

/// What decides the answers of a formula: its values at the parameters, and where paths start.
struct Key {
    const CatalogueEntry* entry;
    ParameterValues parameters;
    double x0, deviation, t;
    bool stratonovich;
    bool operator==(const Key&) const = default;
};
Key key_of(const Question& q, double t = 0) {
    return {q.run.entry, q.run.ensembles.at(q.ensemble), q.run.x0, q.run.x0_deviation, t, q.run.stratonovich};
}

// SDEs that are linear or affine in x

/// The axis at x of a formula whose slopes are the same everywhere.
Axis axis_at(const FormulaFunctions& functions, double x) {
    Axis axis{functions.drift(x).slope, 0, 0, 0};
    double both = 0;
    for (const auto& amplitude : functions.amplitudes) {
        const auto [value, slope] = amplitude(x);
        axis.sigma = std::hypot(axis.sigma, slope);
        axis.tau = std::hypot(axis.tau, value);
        both += value * slope;
    }
    if (both != 0) axis.rho = std::clamp(both / (axis.sigma * axis.tau), -1.0, 1.0);
    return axis;
}
Axis axis_at_zero(const Question& q) { return axis_at(functions_of(q), 0); }
/// As the formula has it, for rows that know both calculi.
Axis given_axis(const Question& q) { return axis_at(given_functions(q), 0); }

/// About the fixed point of an affine drift, which is none where the drift is constant.
struct Shifted {
    double x;
    Axis axis;
};
Shifted shifted(const Question& q) {
    const auto functions = functions_of(q);
    const auto [constant, slope] = functions.drift(0);
    if (slope == 0) throw std::domain_error("a constant drift has no fixed point");
    return {-constant / slope, axis_at(functions, -constant / slope)};
}
FirstTwoMoments affine_moments(const Question& q) {
    const auto [x, axis] = shifted(q);
    if (!q.starts_at_a_point()) throw std::domain_error("paths start at many points");
    auto moments = sde_moments(axis.a, axis.sigma, axis.tau, axis.rho, q.run.x0 - x, q.t);
    moments.first += x;
    return moments;
}

// The stationary law of an SDE

/// The stretch on which paths are in the end, and its law; or why there is none.
struct Home {
    std::optional<Stretch> stretch;
    std::shared_ptr<const DiffusionLaw> law = nullptr;
    std::string why = "";
};

/// Where the noise vanishes the drift carries paths over into the next stretch, or back.
std::optional<Stretch> home_of(const Diffusion& diffusion, const std::vector<Stretch>& stretches, double x0) {
    auto here = std::find_if(stretches.begin(), stretches.end(), [&](auto& s) { return s.contains(x0); });
    for (std::size_t moves = 0; here != stretches.end() && moves < stretches.size(); ++moves) {
        const bool down = std::isfinite(here->low) && diffusion.drift(here->low) < 0,
                   up = std::isfinite(here->high) && diffusion.drift(here->high) > 0;
        if (!down && !up) return *here;
        if (down && up) return std::nullopt;
        const double end = down ? here->low : here->high;
        here = std::find_if(stretches.begin(), stretches.end(),
                            [&](auto& s) { return (down ? s.high : s.low) == end; });
    }
    return std::nullopt;
}

std::vector<Stretch> stretches_of(const FormulaFunctions& functions, const Diffusion& diffusion) {
    std::vector<std::function<double(double)>> amplitudes;
    for (const auto& amplitude : functions.amplitudes) amplitudes.push_back(value_of(amplitude));
    return noisy_stretches(diffusion, amplitudes);
}

Home found_home(const Question& q) {
    const auto functions = functions_of(q);
    const auto diffusion = diffusion_of(functions);
    const auto stretches = stretches_of(functions, diffusion);
    if (!q.starts_at_a_point() && stretches.size() != 1)
        return {std::nullopt, nullptr, "paths start on several stretches between places without noise"};
    const auto stretch =
        q.starts_at_a_point() ? home_of(diffusion, stretches, q.run.x0) : std::optional(stretches.front());
    if (!stretch)
        return {std::nullopt, nullptr, fmt::format("paths from {} find no stretch with noise", q.run.x0)};
    try {
        return {stretch, std::make_shared<const DiffusionLaw>(diffusion, *stretch,
                                                              roots_on_the_line(diffusion.drift))};
    } catch (const std::domain_error& error) {
        return {stretch, nullptr, error.what()};
    }
}
const Home& home(const Question& q) {
    return kept<Home>(key_of(q), [&] { return found_home(q); });
}
const DiffusionLaw& stationary(const Question& q) {
    const auto& found = home(q);
    if (!found.law) throw std::domain_error(found.why);
    return *found.law;
}
using OfLaw = double (*)(const DiffusionLaw&, const Question&);
Value on_law(OfLaw value) {
    return [=](const Question& q) { return value(stationary(q), q); };
}

double stationary_variance(const DiffusionLaw& law, const Question&) {
    const double mean = law.moment(1), square = law.moment(2);
    return std::isfinite(mean) ? square - mean * mean : std::isinf(square) ? square : unknown;
}
double finite_tail(const DiffusionLaw& law, const Question&) {
    const double index = law.tail_index();
    return std::isfinite(index) ? index : unknown;
}
/// E(f' - sum g'^2/2), the mean rate of log|dx(t)/dx(0)| (Ito).
double flow_growth(const DiffusionLaw& law, const Question& q) {
    const auto functions = functions_of(q);
    return law.mean([&](double x) {
        double rate = functions.drift(x).slope;
        for (const auto& amplitude : functions.amplitudes) {
            const double slope = amplitude(x).slope;
            rate -= slope * slope / 2;
        }
        return rate;
    });
}

// Growth at a fixed point at 0

FixedPoint at_origin(const Question& q) {
    const auto functions = functions_of(q);
    const auto point = linearisation(functions.drift, functions.amplitudes, 0);
    if (functions.drift(0).value != 0 || !point.smooth || point.tau != 0)
        throw std::domain_error("x = 0 is no fixed point with a linearisation");
    return point;
}
double origin_growth(const Question& q) { return at_origin(q).growth(); }
double origin_euler(const Question& q) {
    const auto point = at_origin(q);
    return euler_growth_rate(point.a, point.sigma, q.dt());
}
double origin_milstein(const Question& q) {
    const auto point = at_origin(q);
    return scheme_growth_rate<Milstein>(point.a, point.sigma, q.dt());
}

// Exits

/// The mean time until z >= radius from z0, above a fixed point without noise at z = 0 with the rates a and sigma. Where
/// it attracts some paths never leave. Where it repels the grid ends, reflecting, at a z below which paths spend less than
/// e^-36 of their time: there the speed density is z^(2 growth/sigma^2 - 1).
double time_above_quiet_place(const Diffusion& from_there, double a, double sigma, double z0, double radius) {
    const double growth = a - sigma * sigma / 2;
    if (growth < 0) return infinity;
    const double depth = 36 * sigma * sigma / (2 * growth);
    if (!(growth > 0) || depth > 300) return unknown;
    const Grid grid{
        {z0 * std::exp(-depth), radius, End::reflecting, End::absorbing}, Spacing::logarithmic(), 4096};
    return mean_exit_time(from_there, grid, z0);
}

/// Throws std::domain_error where the noise vanishes between the ends.
const ExitLaw& exit_law(const Question& q) {
    if (!q.starts_at_a_point()) throw std::domain_error("paths start at many points");
    return kept<ExitLaw>(std::pair(key_of(q), q.at), [&] {
        const auto functions = functions_of(q);
        const auto diffusion = diffusion_of(functions);
        for (const auto& stretch : stretches_of(functions, diffusion))
            if (stretch.contains(-q.at) && stretch.contains(q.at))
                return ExitLaw(diffusion, -q.at, q.at, q.run.x0);
        throw std::domain_error("the noise vanishes between the ends");
    });
}
double mean_exit(const Question& q) {
    const double radius = q.at, x0 = q.run.x0;
    if (!q.starts_at_a_point()) return unknown;
    if (std::abs(x0) >= radius) return 0;
    const auto functions = functions_of(q);
    const auto diffusion = diffusion_of(functions);
    const auto stretches = stretches_of(functions, diffusion);
    const auto here =
        std::find_if(stretches.begin(), stretches.end(), [&](auto& s) { return s.contains(x0); });
    if (here == stretches.end()) return unknown;
    const bool quiet_low = here->low >= -radius, quiet_high = here->high <= radius;
    if (!quiet_low && !quiet_high) return exit_law(q).mean();
    if (quiet_low && quiet_high) return unknown;
    const double place = quiet_low ? here->low : here->high, side = quiet_low ? 1 : -1;
    const auto point = linearisation(functions.drift, functions.amplitudes, place);
    if (functions.drift(place).value != 0 || !point.smooth || point.tau != 0 || !(point.sigma > 0))
        return unknown;
    const Diffusion from_there{[=](double z) { return side * diffusion.drift(place + side * z); },
                               [=](double z) { return diffusion.variance(place + side * z); }};
    return time_above_quiet_place(from_there, point.a, point.sigma, std::abs(x0 - place),
                                  radius - side * place);
}

double exit_spread(const Question& q) { return exit_law(q).variance(); }
double exit_upwards(const Question& q) { return exit_law(q).odds_high(); }
double exit_decay(const Question& q) { return exit_law(q).decay_rate(); }
double inside_still(const Question& q) { return exit_law(q).survival(q.t); }

// Laws on their way

/// The end of a grid beyond which paths do not come in time: drift away from the start and nine standard deviations, at
/// their largest on the way.
double end_of_grid(const Diffusion& diffusion, const Spacing& spacing, double u0, double direction, double t,
                   double farthest) {
    constexpr double step = 0.25;
    double drift = 0, deviation = 0, u = u0;
    while (std::abs(u - u0) < drift * t + 9 * deviation * std::sqrt(t) + step) {
        const double next = u + direction * step, x = spacing.x(next), slope = spacing.slope(next);
        if (direction * next >= direction * farthest) return farthest;
        const double variance = diffusion.variance(x) / slope / slope;
        const double speed = diffusion.drift(x) / slope - variance / 2 * spacing.curvature(next) / slope;
        drift = std::max(drift, direction * speed);
        deviation = std::max(deviation, std::sqrt(variance));
        u = next;
    }
    return u;
}

/// On the whole line about the stationary law, or on a half-line that ends without noise at 0, in log|x|.
struct OnItsWay {
    TransientLaw law;
    double side;  // of the half-line: x = side z
};
OnItsWay found_on_its_way(const Question& q) {
    constexpr int cells = 1024;
    constexpr double accuracy = 1e-4, far = 1e15;
    if (!q.starts_at_a_point() || !(q.t > 0)) throw std::domain_error("a law on its way starts at a point");
    const auto& found = home(q);
    const auto diffusion = diffusion_of(functions_of(q));
    if (!found.stretch || !found.stretch->contains(q.run.x0)) throw std::domain_error("no stretch");
    const auto [low, high] = *found.stretch;
    const bool half = low == 0 || high == 0;
    if (!half && !(std::isinf(low) && std::isinf(high) && found.law))
        throw std::domain_error("no grid is known to suit this law");
    const double side = high == 0 ? -1 : 1, start = side * q.run.x0;
    const Diffusion turned{[=](double z) { return side * diffusion.drift(side * z); },
                           [=](double z) { return diffusion.variance(side * z); }};
    const auto spacing = half ? Spacing::logarithmic()
                              : Spacing::symlog(found.law->quantile(0.5),
                                                (found.law->quantile(0.75) - found.law->quantile(0.25)) / 2);
    const double u0 = spacing.coordinate(start);
    const double least = half ? std::log(1e-150) : spacing.coordinate(-far),
                 most = spacing.coordinate(half && std::isfinite(high - low) ? high - low : far);
    const double from = end_of_grid(turned, spacing, u0, -1, q.t, least),
                 to = end_of_grid(turned, spacing, u0, 1, q.t, most);
    const Grid grid{{spacing.x(from), spacing.x(to)}, spacing, cells};
    auto law = transient_laws(turned, grid, start, std::vector{q.t}).front();
    if (!(law.error() < accuracy)) throw std::domain_error("a law on its way is not resolved");
    return {std::move(law), side};
}
const OnItsWay& on_its_way(const Question& q) {
    return kept<OnItsWay>(key_of(q, q.t), [&] { return found_on_its_way(q); });
}
double cdf_on_its_way(const Question& q, double x) {
    const auto& [law, side] = on_its_way(q);
    return side > 0 ? law.cdf(x) : 1 - law.cdf(-x);
}
double cdf_then(const Question& q) { return cdf_on_its_way(q, q.at); }
/// Halving in asinh x.
double quantile_then(const Question& q) {
    double low = -400, high = 400;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (cdf_on_its_way(q, 1e-100 * std::sinh(middle)) < q.at ? low : high) = middle;
    }
    return 1e-100 * std::sinh((low + high) / 2);
}

// Recursions

double map_at(const FormulaFunctions& functions, double x) {
    return functions.next(x, std::vector<double>(functions.laws.size(), 0)).value;
}

/// y <- A y + B about x, to first order.
struct LinearMap {
    RandomFactor factor;
    double tau = 0, rho = 0;  // of B
    bool one_law = true;      // of all noises that count
};
LinearMap linear_map(const FormulaFunctions& functions, double x) {
    const std::vector<double> none(functions.laws.size(), 0);
    const auto mean = functions.next(x, none);
    LinearMap map{{mean.slope, {}}};
    double both = 0;
    std::optional<NoiseLaw> law;
    for (std::size_t i = 0; i < none.size(); ++i) {
        auto noises = none;
        noises[i] = 1;
        const auto moved = functions.next(x, noises);
        const double deviation = functions.deviations[i], slope = (moved.slope - mean.slope) * deviation,
                     push = (moved.value - mean.value) * deviation;
        map.factor.noises.push_back({functions.laws[i], slope});
        map.tau = std::hypot(map.tau, push);
        both += slope * push;
        if (slope == 0 && push == 0) continue;
        map.one_law = map.one_law && (!law || *law == functions.laws[i]);
        law = functions.laws[i];
    }
    if (both != 0) map.rho = std::clamp(both / (map.factor.deviation() * map.tau), -1.0, 1.0);
    return map;
}
LinearMap map_at_zero(const Question& q) {
    if (!q.run.entry->formula->linear_in_noise)
        throw std::domain_error("the mean is that without noise where noise is linear alone");
    return linear_map(functions_of(q), 0);
}
Axis axis_of_map(const Question& q) {
    const auto map = map_at_zero(q);
    return {map.factor.mean - 1, map.factor.deviation(), map.tau, map.rho};
}
double map_growth(const Question& q) { return mean_log_abs(map_at_zero(q).factor); }
double map_tail(const Question& q) {
    const auto map = map_at_zero(q);
    return map.tau > 0 ? tail_index(map.factor) : unknown;
}

// SDEs with noise that is no Brownian motion, linear in x

/// a - sigma^2/2 + sum of Gamma(alpha) cos(pi alpha/2) s^alpha over stable noises + sum of rate log|1 + size| over jumps
/// (derived: log|x| is a sum of independent increments, and int log|1 - z^2| z^(-1 - alpha) dz = (pi/alpha)
/// cot(pi alpha/2)).
double levy_growth(const Question& q) {
    const auto functions = functions_of(q);
    double rate = functions.drift(0).slope;
    for (std::size_t i = 0; i < functions.laws.size(); ++i) {
        const auto [law, shape] = functions.laws[i];
        const double size = functions.amplitudes[i](0).slope;
        rate += law == Law::stable  ? stable_growth(shape, size)
                : law == Law::jumps ? shape * std::log(std::abs(1 + size))
                                    : -size * size / 2;
    }
    return rate;
}
/// E log|A|/dt of Euler's steps.
double levy_growth_of_steps(const Question& q) {
    const auto functions = functions_of(q);
    const double dt = q.dt();
    RandomFactor factor{1 + functions.drift(0).slope * dt, {}};
    for (std::size_t i = 0; i < functions.laws.size(); ++i) {
        auto law = functions.laws[i];
        const double scale = law.law == Law::stable  ? std::pow(dt, 1 / law.shape)
                             : law.law == Law::jumps ? 1
                                                     : std::sqrt(dt);
        if (law.law == Law::jumps) law.shape *= dt;
        factor.noises.push_back({law, functions.amplitudes[i](0).slope * scale});
    }
    return mean_log_abs(factor) / dt;
}
Answers levy_rows() {
    using enum Quantity;
    return {{every_method, growth, Of::sde,
             "a - sigma^2/2 + Gamma(alpha) cos(pi alpha/2) s^alpha + rate log|1 + size|", levy_growth},
            {every_method, growth, Of::scheme, "E log|A|/dt", levy_growth_of_steps}};
}
/// E log|A| over what the noises of one step are worth, whatever they remember: growth is a mean over many steps, and
/// depends on the law of one alone (ergodic theorem). Noises of few values are summed over.
double marginal_growth(const FormulaFunctions& functions, std::vector<double> values, std::size_t first) {
    const auto count = values.size();
    for (std::size_t i = first; i < count; ++i) {
        if (functions.levels[i].empty()) continue;
        double sum = 0;
        for (const auto& level : functions.levels[i]) {
            values[i] = level.value;
            sum += level.odds * marginal_growth(functions, values, i + 1);
        }
        return sum;
    }
    RandomFactor factor{functions.next(0, values).slope, {}};
    for (std::size_t i = 0; i < count; ++i) {
        if (!functions.levels[i].empty()) continue;
        const auto slope_at = [&](double z) {
            auto moved = values;
            moved[i] = z;
            return functions.next(0, moved).slope - factor.mean;
        };
        require(std::abs(slope_at(2) - 2 * slope_at(1)) <= 1e-12 * (1 + std::abs(slope_at(2))),
                "growth is known where noise is linear in the formula");
        factor.noises.push_back({functions.laws[i], slope_at(1) * functions.deviations[i]});
    }
    return factor.noises.empty() ? std::log(std::abs(factor.mean)) : mean_log_abs(factor);
}
double growth_with_memory(const Question& q) {
    const auto functions = functions_of(q);
    return marginal_growth(functions, std::vector<double>(functions.laws.size(), 0), 0);
}
Answers remembering_rows() {
    return {{every_method, Quantity::growth, Of::scheme,
             "E log|A| over the law of one step (ergodic theorem)", growth_with_memory}};
}
/// Of a linear recursion with noise without a variance.
Answers heavy_map_rows() {
    using enum Quantity;
    return {{every_method, growth, Of::scheme, "E log|A|; trapped where it is negative", map_growth},
            {every_method, tail_index, Of::scheme, "E|A|^kappa = 1 (Kesten 1973, Goldie 1991)", map_tail}};
}

Answers general_rows(bool affine) {
    using enum Quantity;
    constexpr std::string_view any = every_method, euler = EulerMaruyama::name, milstein = Milstein::name;
    const char *law = "density exp(int 2 f/g^2)/g^2 (Karlin and Taylor 1981)",
               *linear = "linearised at x = 0", *way = "Fokker-Planck equation, to 1e-4",
               *exits = "backward equation (Karlin and Taylor 1981)";
    const auto from_law = [=](Quantity quantity, OfLaw value) {
        return Answer{any, quantity, Of::stationary, law, on_law(value), true, For::runs};
    };
    Answers rows = {
        from_law(tail_index, finite_tail),
        from_law(mode, [](const DiffusionLaw& l, const Question&) { return l.mode(); }),
        from_law(mean, [](const DiffusionLaw& l, const Question&) { return l.moment(1); }),
        from_law(variance, stationary_variance),
        from_law(mean_log_abs, [](const DiffusionLaw& l, const Question&) { return l.mean_log_abs(); }),
        from_law(quantile, [](const DiffusionLaw& l, const Question& q) { return l.quantile(q.at); }),
        from_law(cdf, [](const DiffusionLaw& l, const Question& q) { return l.cdf(q.at); }),
        from_law(density, [](const DiffusionLaw& l, const Question& q) { return l.density(q.at); }),
        {any, quantile, Of::sde, way, quantile_then, true, For::theory},
        {any, cdf, Of::sde, way, cdf_then, true, For::theory},
        {any, exit_time, Of::sde, exits, mean_exit, true, For::runs},
        {any, exit_variance, Of::sde, exits, exit_spread, true, For::runs},
        {any, exit_upper, Of::sde, exits, exit_upwards, true, For::runs},
        {any, exit_rate, Of::sde, exits, exit_decay, true, For::runs},
        {any, survival, Of::sde, exits, inside_still, true, For::runs}};
    if (affine) {
        const AxisOf axis = axis_at_zero;
        const auto of_axis = [=](double (*value)(const Axis&, double dt)) {
            return [=](const Question& q) { return value(axis(q), q.dt()); };
        };
        append(rows,
               {{any, growth, Of::sde, "a - sigma^2/2 (Ito), whatever moves x = 0", on(axis, sde_growth)},
                {euler, growth, Of::scheme, "E log|A|/dt",
                 of_axis([](const Axis& a, double dt) { return euler_growth_rate(a.a, a.sigma, dt); })},
                {milstein, growth, Of::scheme, "E log|A|/dt", of_axis([](const Axis& a, double dt) {
                     return scheme_growth_rate<Milstein>(a.a, a.sigma, dt);
                 })},
                {euler, small_step, Of::sde, "a - sigma^2/2", on(axis, sde_growth)},
                {euler, mean_square, Of::sde, "2a + sigma^2 (Ito)", on(axis, sde_mean_square)},
                {euler, mean_square, Of::scheme, "(log E A^2)/dt", mean_square_rate(axis, euler_step)},
                {any, mean, Of::sde, "moment equation about the fixed point",
                 [](const Question& q) { return affine_moments(q).first; }},
                {any, variance, Of::sde, "moment equation about the fixed point",
                 [](const Question& q) { return affine_moments(q).variance; }},
                {any, relaxation, Of::sde, "that of the linear SDE about the fixed point",
                 [](const Question& q) { return sde_relaxation(shifted(q).axis, q); }}});
    } else {
        append(rows, {{any, growth_at_origin, Of::sde, linear, origin_growth},
                      {euler, growth, Of::at_origin, linear, origin_euler, unlisted},
                      {milstein, growth, Of::at_origin, linear, origin_milstein, unlisted},
                      {any, long_run_growth, Of::sde, "E(f' - sum g'^2/2), of dx(t)/dx(0)",
                       on_law(flow_growth), true, For::runs}});
    }
    return rows;
}

Answers linear_map_rows() {
    using enum Quantity;
    constexpr auto any = every_method;
    const AxisOf axis = axis_of_map;
    Answers rows = {{any, growth, Of::scheme, "E log|A|; trapped where it is negative", map_growth},
                    {any, growth, Of::sde, "a - sigma^2/2 of A - 1", on(axis, sde_growth)},
                    {any, tail_index, Of::scheme, "E|A|^kappa = 1 (Kesten 1973, Goldie 1991)", map_tail},
                    {any, tail_index, Of::sde, "1 - 2a/sigma^2 of A - 1", on(axis, sde_tail)}};
    append(rows, stationary_answers(any, axis));
    append(rows, moment_answers(any, axis, Of::scheme));
    append(rows, moment_answers(any, axis, Of::sde, unlisted));
    append(rows, log_size_answers(any, axis));
    append(rows, factor_answers(any, axis));
    return rows;
}

/// The rows of a map that moves x = 0 on the mean, or is not linear.
Answers map_rows(bool affine) {
    using enum Quantity;
    if (affine)
        return {{every_method, growth, Of::scheme, "E log|A|; trapped where it is negative", map_growth},
                {every_method, growth, Of::sde, "a - sigma^2/2 of A - 1", on(axis_of_map, sde_growth)}};
    const auto at_zero = [](const Question& q) {
        return map_at(functions_of(q), 0) == 0 && axis_of_map(q).tau == 0 ? map_growth(q) : unknown;
    };
    return {{every_method, growth_at_origin, Of::scheme, "E log|A|, linearised at x = 0", at_zero},
            {every_method, growth, Of::at_origin, "E log|A|, linearised at x = 0", at_zero, unlisted}};
}

// Fixed points

void add_points_of_sde(const FormulaFunctions& functions, EquationTheory& theory) {
    for (const auto& point : fixed_points(functions.drift, functions.amplitudes))
        theory.points.push_back(
            {point.x, point.a, point.sigma, point.tau, point.rho, point.growth(), point.tail_index()});
}

/// Whether the slope by x is affine in the noises: at twice and with the other sign it has as much more.
bool has_affine_slope(const FormulaFunctions& functions, double x) {
    const std::size_t noises = functions.laws.size();
    const auto slope = [&](double all) { return functions.next(x, std::vector<double>(noises, all)).slope; };
    const auto sum = [&] {
        double total = slope(0);
        for (std::size_t i = 0; i < noises; ++i) {
            std::vector<double> one(noises, 0);
            one[i] = 1;
            total += functions.next(x, one).slope - slope(0);
        }
        return total;
    }();
    const double size = std::abs(slope(0)) + std::abs(slope(1)) + std::abs(slope(-2));
    return std::abs(slope(1) - sum) <= 1e-12 * size &&
           std::abs(slope(-2) - slope(0) + 2 * (slope(1) - slope(0))) <= 1e-12 * size;
}

KnownPoint known_point(const FormulaFunctions& functions, double x) {
    const auto as_sde = linearisation(
        [&](double at) { return functions.next(at, std::vector<double>(functions.laws.size(), 0)); }, {}, x);
    KnownPoint point{x, unknown, unknown, unknown, unknown, unknown, unknown};
    if (!as_sde.smooth || !has_affine_slope(functions, x)) return point;
    const auto map = linear_map(functions, x);
    point.a = map.factor.mean - 1, point.sigma = map.factor.deviation(), point.tau = map.tau,
    point.rho = map.rho;
    try {
        point.growth = mean_log_abs(map.factor);
        if (map.tau > 0 && map.one_law && point.trapped()) point.tail_index = tail_index(map.factor);
    } catch (const std::domain_error&) {  // it stays unknown
    }
    return point;
}

void add_points_of_map(const FormulaFunctions& functions, EquationTheory& theory) {
    for (const double x : roots_on_the_line([&](double at) { return map_at(functions, at) - at; }))
        theory.points.push_back(known_point(functions, x));
}

/// The points nearest to 0, where there are very many.
void keep_few(EquationTheory& theory) {
    constexpr std::size_t most = 20;
    auto& points = theory.points;
    if (points.size() <= most) return;
    std::sort(points.begin(), points.end(),
              [](const auto& one, const auto& other) { return std::abs(one.x) < std::abs(other.x); });
    points.resize(most);
    std::sort(points.begin(), points.end(),
              [](const auto& one, const auto& other) { return one.x < other.x; });
    theory.notes.push_back(fmt::format("There are more fixed points: the {} nearest to 0 are listed.", most));
}

void add_system(const FormulaFacts& facts, const FormulaFunctions& functions, EquationTheory& theory) {
    const auto size = facts.variables.size();
    const std::vector<double> zero(size, 0);
    const auto rates = functions.rates(zero);
    if (std::any_of(rates.begin(), rates.end(), [](double rate) { return rate != 0; })) {
        theory.notes.push_back(
            "The state 0 is no fixed point, and others are not looked for in several variables.");
        return;
    }
    const auto slopes = functions.jacobian(zero);
    const auto n = static_cast<Eigen::Index>(size);
    const Eigen::MatrixXd jacobian =
        Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
            slopes.data(), n, n);
    if (!jacobian.allFinite()) {
        theory.notes.push_back("The state 0 is a fixed point without a linearisation.");
        return;
    }
    const Eigen::VectorXcd values = jacobian.eigenvalues();
    theory.eigenvalues.assign(values.begin(), values.end());
    theory.notes.push_back(
        "The state 0 is a fixed point without noise; whether noise traps there is not known of several "
        "variables.");
}

std::string end_text(double x) {
    return std::isinf(x) ? (x > 0 ? "infinity" : "-infinity") : fmt::format("{:.6g}", x);
}

void note_stationary_law(const Simulation& s, EquationTheory& theory) {
    const auto& found = home({s});
    if (found.law) {
        theory.notes.push_back(fmt::format("There is a stationary law, on ({}, {}).",
                                           end_text(found.stretch->low), end_text(found.stretch->high)));
    } else if (found.stretch) {
        theory.notes.push_back(fmt::format("There is no stationary density on ({}, {}): {}.",
                                           end_text(found.stretch->low), end_text(found.stretch->high),
                                           found.why));
    } else {
        theory.notes.push_back(fmt::format("No stationary law is known: {}.", found.why));
    }
}

}  // namespace

const Answers& equation_answers(const CatalogueEntry& entry) {
    static const Answers none, linear = linear_rows(given_axis), affine = general_rows(true),
                               nonlinear = general_rows(false), linear_recursion = linear_map_rows(),
                               affine_recursion = map_rows(true), recursion = map_rows(false);
    const auto& facts = *entry.formula;
    if (facts.is_system() || facts.changes_in_time) return none;
    const bool sde = entry.formulation == Formulation::sde;
    static const Answers levy = levy_rows(), heavy_map = heavy_map_rows();
    static const Answers remembering = remembering_rows();
    if (facts.remembers) return facts.shape == Shape::nonlinear ? none : remembering;
    if (!facts.standard_noise) return facts.shape != Shape::linear ? none : sde ? levy : heavy_map;
    switch (facts.shape) {
        case Shape::linear:
            return sde ? linear : linear_recursion;
        case Shape::affine:
            return sde ? affine : affine_recursion;
        case Shape::nonlinear:
            return sde ? nonlinear : recursion;
    }
    return none;
}

EquationTheory equation_theory(const Simulation& s) {
    EquationTheory theory;
    if (!s.entry->formula) return theory;
    const auto& facts = *s.entry->formula;
    const auto functions = functions_of({s});
    if (s.stratonovich)
        theory.notes.push_back(
            facts.is_system() ? "Of several variables nothing is worked out in Stratonovich's sense."
                              : "The drift here is that of the Ito equation with the same solutions, f + "
                                "sum of g g'/2.");
    if (s.stratonovich && facts.is_system()) return theory;
    if (facts.changes_in_time) {
        theory.notes.push_back("The formula changes in time: fixed points and laws of it are not known.");
    } else if (facts.remembers) {
        theory.notes.push_back(
            "A noise here remembers: of several steps together only the growth rate is known.");
    } else if (!facts.standard_noise) {
        theory.notes.push_back(
            "A noise here is no Brownian motion, or has no variance: fixed points and laws are not looked "
            "for.");
    } else if (facts.is_system()) {
        add_system(facts, functions, theory);
    } else if (s.entry->formulation == Formulation::sde) {
        add_points_of_sde(functions, theory);
        note_stationary_law(s, theory);
    } else if (facts.linear_in_noise) {
        add_points_of_map(functions, theory);
    } else {
        theory.notes.push_back(
            "Noise is not linear in the formula: fixed points of its mean are not looked for.");
    }
    keep_few(theory);
    return theory;
}

}  // namespace noisetrap
