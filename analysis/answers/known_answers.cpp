#include "analysis/answers/known_answers.hpp"

#include <fmt/core.h>

#include <cmath>
#include <stdexcept>

#include "analysis/diffusions/exit_time.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/laws/moments.hpp"
#include "analysis/laws/quartic_well.hpp"
#include "analysis/laws/stationary_law.hpp"

namespace noisetrap {
namespace {

/// Collects answers; those that do not exist (std::domain_error) are left out.
class Answers {
    const Simulation& s_;

  public:
    std::vector<KnownAnswer> known;

    explicit Answers(const Simulation& s) : s_(s) {}
    double parameter(const char* key) const { return std::get<double>(s_.ensembles[0].at(key)); }
    std::string time_unit() const { return s_.entry->formulation == Formulation::sde ? "time" : "step"; }

    template <class F>
    void add(const std::string& quantity, const std::string& unit, const std::string& source, F value) {
        try {
            known.push_back({quantity, value(), unit, source});
        } catch (const std::domain_error&) {
        } catch (const std::runtime_error&) {  // beyond what a series of Boost's can evaluate
        }
    }
};

void stationary(Answers& answers, const Config& config, const StationaryLaw& law, const std::string& of) {
    const auto source = fmt::format("{} law (Wong 1964)", law.name());
    answers.add("stationary mode" + of, "length", source, [&] { return law.mode(); });
    answers.add("stationary E log|x|" + of, "log length", source, [&] { return law.mean_log_abs(); });
    for (double p : config.quantiles)
        answers.add(fmt::format("stationary {} quantile{}", p, of), "length", source,
                    [&] { return law.quantile(p); });
    for (double x : config.cdf_at) {
        answers.add(fmt::format("stationary P(X <= {}){}", x, of), "-", source, [&] { return law.cdf(x); });
        answers.add(fmt::format("stationary density at {}{}", x, of), "1/length", source,
                    [&] { return law.density(x); });
    }
}

void linear_sde(Answers& answers, const Config& config) {
    const auto& s = config.simulation;
    const double a = answers.parameter("a"), sigma = answers.parameter("sigma"),
                 tau = answers.parameter("tau"), rho = answers.parameter("rho");
    const auto of_scheme = fmt::format(" of {} at dt = {}", s.entry->method, s.dt);
    answers.add("growth rate", "1/time", "a - sigma^2/2 (Ito); the origin attracts where it is negative",
                [&] { return sde_growth_rate(a, sigma); });
    if (s.entry->method == "euler-maruyama") {
        answers.add("growth rate" + of_scheme, "1/time", "E log|A|/dt",
                    [&] { return euler_growth_rate(a, sigma, s.dt); });
        answers.add("tail exponent" + of_scheme, "-", "E|A|^kappa = 1 (Kesten 1973)", [&] {
            stationary_law(a, sigma, tau, rho);  // throws where there is none
            return euler_tail_index(a, sigma, s.dt);
        });
        answers.add("mean-square factor" + of_scheme, "1/step", "(1 + a dt)^2 + sigma^2 dt; stable below 1",
                    [&] { return (1 + a * s.dt) * (1 + a * s.dt) + sigma * sigma * s.dt; });
    }
    if (s.entry->method == "milstein")
        answers.add("growth rate" + of_scheme, "1/time", "E log|A|/dt",
                    [&] { return milstein_growth_rate(a, sigma, s.dt); });
    answers.add("tail exponent", "-", "1 - 2a/sigma^2; no moment of this order or above",
                [&] { return stationary_law(a, sigma, tau, rho).tail_index(); });
    try {
        stationary(answers, config, stationary_law(a, sigma, tau, rho), "");
    } catch (const std::domain_error&) {
    }
    for (double t : config.times) {
        const auto moments = sde_moments(a, sigma, tau, rho, s.x0, t);
        if (s.x0_deviation != 0) break;
        answers.add(fmt::format("E x at t = {}", t), "length", "moment equation",
                    [&] { return moments.first; });
        answers.add(fmt::format("Var x at t = {}", t), "length^2", "moment equation",
                    [&] { return moments.variance; });
    }
    if (s.observe.exit != ExitWatch::none)
        answers.add(fmt::format("mean exit time from |x| < {}", s.observe.exit_radius), "time",
                    "boundary value problem (Karlin and Taylor 1981)",
                    [&] { return mean_exit_time(a, sigma, tau, rho, s.observe.exit_radius, s.x0); });
}

void noisy_saddle(Answers& answers, const Config& config) {
    const auto& s = config.simulation;
    const double l = std::get<double>(s.method.at("learning_rate"));
    const double a = l * answers.parameter("a"), sigma = l * answers.parameter("sigma"),
                 tau = l * answers.parameter("tau"), rho = answers.parameter("rho");
    const auto law = law_named(std::get<std::string>(s.ensembles[0].at("law")));
    const auto limit = std::string(", small-step limit");
    answers.add("growth rate", "1/step", "E log|1 + l(a + xi)|; trapped where it is negative",
                [&] { return step_growth(law, a, sigma); });
    answers.add("growth rate" + limit, "1/step", "l a - (l sigma)^2/2",
                [&] { return sde_growth_rate(a, sigma); });
    if (const auto window = trap_window(law, a); window && l > 0) {
        answers.add("trap window in sigma, lower edge", "1/step", "E log|1 + l(a + xi)| = 0",
                    [&] { return window->lower / l; });
        answers.add("trap window in sigma, upper edge", "1/step", "E log|1 + l(a + xi)| = 0",
                    [&] { return window->upper / l; });
    }
    // With a = 0 and rho = 1 or -1 drift and noises all vanish at one point, where x then ends.
    if (tau != 0 && !(a == 0 && std::abs(rho) == 1))
        answers.add("tail exponent", "-", "E|A|^kappa = 1 (Kesten 1973, Goldie 1991)",
                    [&] { return tail_index(law, 1 + a, sigma); });
    if (step_growth(law, a, sigma) < 0) {
        answers.add("tail exponent" + limit, "-", "1 - 2a/(l sigma^2)",
                    [&] { return stationary_law(a, sigma, tau, rho).tail_index(); });
        try {
            stationary(answers, config, stationary_law(a, sigma, tau, rho), limit);
        } catch (const std::domain_error&) {
        }
    }
    for (double n : config.times) {
        const auto steps = static_cast<std::int64_t>(n);
        if (s.x0_deviation != 0) break;
        const auto moments = recursion_moments(a, sigma, tau, rho, s.x0, steps);
        answers.add(fmt::format("E x[{}]", n), "length", "linear recursion", [&] { return moments.first; });
        answers.add(fmt::format("Var x[{}]", n), "length^2", "linear recursion",
                    [&] { return moments.variance; });
    }
}

void quartic_well(Answers& answers, const Config& config) {
    const double mu = answers.parameter("mu"), zeta = answers.parameter("zeta");
    const std::string source = "Chen et al. 2023";
    answers.add("growth rate at the origin", "1/time", "mu - zeta^2/2 (Ito); collapse where it is negative",
                [&] { return quartic_well_growth_at_origin(mu, zeta); });
    answers.add("growth rate", "1/time", "E(mu - 3 x^2) - zeta^2/2, of dx(t)/dx(0)",
                [&] { return quartic_well_growth_rate(mu, zeta); });
    if (mu > 0)
        answers.add("threshold of zeta", "1/sqrt(time)", "sqrt(2 mu)", [&] { return std::sqrt(2 * mu); });
    answers.add("stationary E x^2", "length^2", source, [&] { return quartic_well_mean_square(mu, zeta); });
    for (double p : config.quantiles)
        answers.add(fmt::format("stationary {} quantile of |X|", p), "length",
                    "x^2/zeta^2 is gamma distributed", [&] { return quartic_well_quantile(mu, zeta, p); });
    for (double x : config.cdf_at)
        answers.add(fmt::format("stationary P(|X| <= {})", x), "-", "x^2/zeta^2 is gamma distributed",
                    [&] { return quartic_well_cdf(mu, zeta, x); });
}

void piecewise_linear(Answers& answers, const Config& config) {
    const auto& s = config.simulation;
    if (s.observe.exit != ExitWatch::none && s.x0 == 0)
        answers.add(fmt::format("mean exit time from |x| < {}", s.observe.exit_radius), "time",
                    "R/a - tau^2/(2 a^2) (1 - exp(-2 a R/tau^2))", [&] {
                        return mean_exit_time_piecewise_linear(
                            answers.parameter("a"), answers.parameter("tau"), s.observe.exit_radius);
                    });
}

}  // namespace

std::vector<KnownAnswer> known_answers(const Config& config) {
    const auto& entry = *config.simulation.entry;
    Answers answers(config.simulation);
    if (entry.model == "linear-sde") linear_sde(answers, config);
    if (entry.model == "noisy-saddle" && entry.method == "sgd") noisy_saddle(answers, config);
    if (entry.model == "quartic-well") quartic_well(answers, config);
    if (entry.model == "piecewise-linear-sde") piecewise_linear(answers, config);
    return std::move(answers.known);
}

}  // namespace noisetrap
