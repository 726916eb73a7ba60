// dx = (mu x - x^3) dt + zeta x dW (Chen et al. 2023).
#include "models/quartic_well.hpp"

#include <cmath>

#include "analysis/answers/axis.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/laws/quartic_well.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {
namespace {

/// The Ito equation with the same solutions: Stratonovich's mu x dt is mu x dt + zeta^2/2 x dt.
QuarticWell well_of(const Question& q) {
    auto well = q.model<QuarticWell>();
    if (q.run.stratonovich) well.mu += well.zeta * well.zeta / 2;
    return well;
}
/// The linearisation at the origin, in the sense in which the equation is meant.
Axis origin_axis(const Question& q) {
    const auto [mu, zeta] = q.model<QuarticWell>();
    return {mu, zeta};
}

template <double of(double mu, double zeta)>
double well(const Question& q) {
    const auto [mu, zeta] = well_of(q);
    return of(mu, zeta);
}
template <double of(double mu, double zeta, double at)>
double well(const Question& q) {
    const auto [mu, zeta] = well_of(q);
    return of(mu, zeta, q.at);
}
double euler_growth(const Question& q) {
    const auto [mu, zeta] = well_of(q);
    return euler_growth_rate(mu, zeta, q.dt());
}
/// In Stratonovich's sense zeta has no part in it.
double threshold_of_zeta(const Question& q) {
    const double mu = q.model<QuarticWell>().mu;
    return mu > 0 && !q.run.stratonovich ? std::sqrt(2 * mu) : unknown;
}
/// A path keeps its sign.
double quantile_of_sign(const Question& q) {
    const auto [mu, zeta] = well_of(q);
    if (q.run.x0 == 0 || !q.starts_at_a_point()) return unknown;
    return q.run.x0 > 0 ? quartic_well_quantile(mu, zeta, q.at) : -quartic_well_quantile(mu, zeta, 1 - q.at);
}

template <class... Schemes>
void append_schemes(Answers& rows) {
    (rows.push_back({Schemes::name, Quantity::growth, Of::at_origin, "E log|A|/dt",
                     growth_under<Schemes>(origin_axis), unlisted}),
     ...);
}

}  // namespace

ModelAnswers quartic_well_answers() {
    using enum Quantity;
    constexpr auto any = every_method;
    const char *law = "x^2/zeta^2 is gamma distributed", *factor = "E log|A|/dt";
    Answers rows = {
        {any, growth_at_origin, Of::sde,
         meant("mu - zeta^2/2 (Ito); collapse where it is negative",
               "mu (Stratonovich); collapse where it is negative"),
         well<quartic_well_growth_at_origin>},
        {any, long_run_growth, Of::sde,
         meant("E(mu - 3 x^2) - zeta^2/2, of dx(t)/dx(0)", "E(mu - 3 x^2), of dx(t)/dx(0)"),
         well<quartic_well_growth_rate>},
        {any, threshold, Of::sde, "sqrt(2 mu)", threshold_of_zeta},
        {any, mean_square_size, Of::stationary, "Chen et al. 2023", well<quartic_well_mean_square>},
        {any, size_quantile, Of::stationary, law, well<quartic_well_quantile>},
        {any, size_cdf, Of::stationary, law, well<quartic_well_cdf>},
        {any, quantile, Of::stationary, law, quantile_of_sign, unlisted},
        {EulerMaruyama::name, growth, Of::at_origin, factor, euler_growth, unlisted},
        {Tamed::name, growth, Of::at_origin, factor, euler_growth, unlisted},
        {Splitting::name, growth, Of::at_origin, "mu - zeta^2/2, at any step",
         well<quartic_well_growth_at_origin>, unlisted}};
    append_schemes<SplitEuler, Milstein, RkMilstein, EulerHeun, Heun, Midpoint, Sriw1, Pl1wm, Ri1>(rows);
    return {QuarticWell::name, rows};
}

}  // namespace noisetrap
