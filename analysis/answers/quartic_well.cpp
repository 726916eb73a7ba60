// dx = (mu x - x^3) dt + zeta x dW (Chen et al. 2023).
#include "models/quartic_well.hpp"

#include <cmath>

#include "analysis/answers/answers.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/laws/quartic_well.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {
namespace {

template <double of(double mu, double zeta)>
double well(const Question& q) {
    const auto [mu, zeta] = q.model<QuarticWell>();
    return of(mu, zeta);
}
template <double of(double mu, double zeta, double at)>
double well(const Question& q) {
    const auto [mu, zeta] = q.model<QuarticWell>();
    return of(mu, zeta, q.at);
}
double euler_growth(const Question& q) {
    const auto [mu, zeta] = q.model<QuarticWell>();
    return euler_growth_rate(mu, zeta, q.dt());
}
double milstein_growth(const Question& q) {
    const auto [mu, zeta] = q.model<QuarticWell>();
    return milstein_growth_rate(mu, zeta, q.dt());
}
double threshold_of_zeta(const Question& q) {
    const double mu = q.model<QuarticWell>().mu;
    return mu > 0 ? std::sqrt(2 * mu) : unknown;
}
/// A path keeps its sign.
double quantile_of_sign(const Question& q) {
    const auto [mu, zeta] = q.model<QuarticWell>();
    if (q.run.x0 == 0 || !q.starts_at_a_point()) return unknown;
    return q.run.x0 > 0 ? quartic_well_quantile(mu, zeta, q.at) : -quartic_well_quantile(mu, zeta, 1 - q.at);
}

}  // namespace

ModelAnswers quartic_well_answers() {
    using enum Quantity;
    constexpr auto any = every_method;
    const char* law = "x^2/zeta^2 is gamma distributed";
    return {QuarticWell::name,
            {{any, growth_at_origin, Of::sde, "mu - zeta^2/2 (Ito); collapse where it is negative",
              well<quartic_well_growth_at_origin>},
             {any, long_run_growth, Of::sde, "E(mu - 3 x^2) - zeta^2/2, of dx(t)/dx(0)",
              well<quartic_well_growth_rate>},
             {any, threshold, Of::sde, "sqrt(2 mu)", threshold_of_zeta},
             {any, mean_square_size, Of::stationary, "Chen et al. 2023", well<quartic_well_mean_square>},
             {any, size_quantile, Of::stationary, law, well<quartic_well_quantile>},
             {any, size_cdf, Of::stationary, law, well<quartic_well_cdf>},
             {any, quantile, Of::stationary, law, quantile_of_sign, unlisted},
             {EulerMaruyama::name, growth, Of::at_origin, "E log|A|/dt", euler_growth, unlisted},
             {Milstein::name, growth, Of::at_origin, "E log|A|/dt", milstein_growth, unlisted},
             {Splitting::name, growth, Of::at_origin, "mu - zeta^2/2, at any step",
              well<quartic_well_growth_at_origin>, unlisted}}};
}

}  // namespace noisetrap
