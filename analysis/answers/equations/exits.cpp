// First passage of an SDE through |x| = R, by the backward equation.
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "analysis/answers/equations/functions.hpp"
#include "analysis/answers/equations/rows.hpp"
#include "analysis/answers/kept.hpp"
#include "analysis/diffusions/exit_law.hpp"
#include "analysis/growth/fixed_points.hpp"

namespace noisetrap::equations {
namespace {

/// The mean time until z >= radius from z0, above a fixed point without noise at z = 0 with the rates a and sigma. Where
/// it attracts some paths never leave. Where it repels the grid ends, reflecting, at a z below which paths spend less than
/// e^-36 of their time: there the speed density is z^(2 growth/sigma^2 - 1).
double time_above_quiet_place(const Diffusion& from_there, double a, double sigma, double z0, double radius) {
    const double growth = a - sigma * sigma / 2;
    if (growth < 0) return std::numeric_limits<double>::infinity();
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

}  // namespace

Answers exit_rows() {
    using enum Quantity;
    constexpr std::string_view any = every_method;
    constexpr const char* exits = "backward equation (Karlin and Taylor 1981)";
    return {{any, exit_time, Of::sde, exits, mean_exit, true, For::runs},
            {any, exit_variance, Of::sde, exits, exit_spread, true, For::runs},
            {any, exit_upper, Of::sde, exits, exit_upwards, true, For::runs},
            {any, exit_rate, Of::sde, exits, exit_decay, true, For::runs},
            {any, survival, Of::sde, exits, inside_still, true, For::runs}};
}

}  // namespace noisetrap::equations
