// Formulas with noise that is no Brownian motion, that has no variance, or that remembers.
#include <cmath>
#include <vector>

#include "analysis/answers/equations/functions.hpp"
#include "analysis/answers/equations/rows.hpp"
#include "analysis/growth/heavy_laws.hpp"
#include "analysis/require.hpp"

namespace noisetrap::equations {
namespace {

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

}  // namespace

Answers levy_rows() {
    using enum Quantity;
    return {{every_method, growth, Of::sde,
             "a - sigma^2/2 + Gamma(alpha) cos(pi alpha/2) s^alpha + rate log|1 + size|", levy_growth},
            {every_method, growth, Of::scheme, "E log|A|/dt", levy_growth_of_steps}};
}

Answers remembering_rows() {
    return {{every_method, Quantity::growth, Of::scheme,
             "E log|A| over the law of one step (ergodic theorem)", growth_with_memory}};
}

}  // namespace noisetrap::equations
