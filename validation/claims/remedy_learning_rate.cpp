// Claims about a remedy that changes the step: smaller learning rates, down to the critical one of each law
// of the noise.
#include <fmt/core.h>

#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

#include "analysis/growth/remedies.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"

namespace noisetrap {
namespace {

constexpr const char* section = "remedy: smaller learning rate";
constexpr double a = 0.2, sigma = 1;

struct NamedLaw {
    const char* name;
    Law law;
};
constexpr NamedLaw gaussian = {"gaussian", Law::gaussian}, two_point = {"two-point", Law::two_point};

Simulation at_rate(const NamedLaw& law, double learning_rate) {
    return under("noisy-saddle", "sgd", saddle(a, sigma, 0, law.name), {{"learning_rate", learning_rate}}, 1,
                 500, 1 << 17);
}

/// The noise is the same for every learning rate, so that the measured rate is a smooth function of it; its
/// root's standard error is the rate's, over the slope.
Estimate measured_root(Laboratory& laboratory, const NamedLaw& law, double near) {
    const auto rate = [&](double l) {
        const auto estimate = growth_of(laboratory, at_rate(law, l));
        laboratory.same_noise();
        return estimate;
    };
    std::uintmax_t evaluations = 20;
    const auto [low, high] =
        boost::math::tools::toms748_solve([&](double l) { return rate(l).value; }, 0.85 * near, 1.15 * near,
                                          boost::math::tools::eps_tolerance<double>(20), evaluations);
    const double root = (low + high) / 2, apart = 0.01 * root;
    const double slope = (rate(root + apart).value - rate(root - apart).value) / (2 * apart);
    const double error = rate(root).standard_error / std::abs(slope);
    laboratory.new_noise();
    return {root, error};
}

void add_law(Laboratory& laboratory, const NamedLaw& law, const std::vector<double>& dense,
             std::vector<Claim>& claims, Panel& panel) {
    const double of_sde = critical_learning_rate(a, sigma);
    const std::vector<double> shown = {0.1, 0.2, 0.3, of_sde, 0.6, 0.8, 1, 1.5};
    const auto text = fmt::format("{}, a = {}, sigma = {}", law.name, a, sigma);
    auto window = learning_rate_window(law.law, a, sigma).value();
    window = {WrongTheory::of(window.lower), WrongTheory::of(window.upper)};
    claims.push_back({section, "critical learning rate: smaller ones escape", text,
                      measured_root(laboratory, law, window.lower), window.lower});
    if (law.law == Law::gaussian)
        claims.push_back({section, "upper edge: larger ones overshoot, which the SDE does not know", text,
                          measured_root(laboratory, law, window.upper), window.upper});
    std::vector<Estimate> measured;
    for (double l : shown) measured.push_back(growth_of(laboratory, at_rate(law, l)));
    claims.push_back({section,
                      law.law == Law::gaussian ? "at the SDE's critical rate: trapped"
                                               : "at the SDE's critical rate: escapes",
                      fmt::format("{}, l = {}", text, of_sde), measured[3],
                      exact(Quantity::growth, Of::scheme, {at_rate(law, of_sde)})});
    std::vector<double> curve;
    for (double l : dense) curve.push_back(step_growth(law.law, l * a, l * sigma));
    panel.theory(law.name, dense, curve).points(law.name, shown, measured);
}

}  // namespace

Evidence remedy_learning_rate(Laboratory& laboratory) {
    const double of_sde = critical_learning_rate(a, sigma);
    const auto dense = even(0.01, 1.8, 180);
    Evidence evidence;
    Panel panel("a = 0.2, σ = 1", "learning rate l", "growth rate γ  (1/step)");
    for (const auto& law : {gaussian, two_point}) add_law(laboratory, law, dense, evidence.claims, panel);
    std::vector<double> sde_rates;
    for (double l : dense) sde_rates.push_back(l * a - l * l * sigma * sigma / 2);
    panel.reference("SDE: l a − l²σ²/2", dense, sde_rates).mark("SDE: 2a/σ²", of_sde);
    panel.level("trapped below", 0).y_limits(-0.45, 0.3);
    evidence.figures["remedy-learning-rate"] = figure(
        "Small learning rates escape, slowly",
        "Growth per step over the learning rate. Below the critical rate |*x*| grows, but the less the "
        "smaller the rate is; above the upper edge steps overshoot. Where that is depends on the law of "
        "the noise; the SDE knows one critical rate for all laws, and no upper edge.",
        {panel});
    return evidence;
}

}  // namespace noisetrap
