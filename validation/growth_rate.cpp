// The growth rate: E log|1 + a + xi| for the recursion, a - sigma^2/2 for the SDE, whatever tau and rho are.
#include <fmt/core.h>

#include <cmath>

#include "validation/exact.hpp"
#include "validation/experiment.hpp"

namespace noisetrap {
namespace {

constexpr const char* section = "growth rate";

Estimate rate(const EnsembleSummary& summary, double time) {
    const auto log_growth = summary.log_growth.moments.mean_estimate();
    return {log_growth.value / time, log_growth.standard_error / time};
}

std::vector<double> grid(double from, double to, int points) {
    std::vector<double> x;
    for (int i = 0; i < points; ++i) x.push_back(std::lerp(from, to, static_cast<double>(i) / (points - 1)));
    return x;
}

/// Measured rates over sigma for several a, in one launch.
nlohmann::ordered_json panel(Laboratory& laboratory, const char* law_name, Simulation base,
                             const std::vector<double>& rates, double largest_sigma,
                             double (*growth)(double a, double sigma, double dt)) {
    const auto sigmas = grid(largest_sigma / 20, largest_sigma, 20), dense = grid(1e-3, largest_sigma, 241);
    base.ensembles.clear();
    for (double a : rates)
        for (double sigma : sigmas) {
            ParameterValues model = {{"a", a}, {"sigma", sigma}, {"tau", 0.0}};
            if (*law_name) model["law"] = law_name;
            base.ensembles.push_back(model);
        }
    base.observe.growth = true;
    const auto summaries = laboratory.run(base);

    nlohmann::ordered_json json = {{"formulation", *law_name ? "recursion" : "sde"},
                                   {"law", *law_name ? law_name : "gaussian"},
                                   {"dt", base.dt},
                                   {"curves", nlohmann::json::array()}};
    for (std::size_t i = 0; i < rates.size(); ++i) {
        nlohmann::ordered_json curve = {{"a", rates[i]}, {"sigma", dense}}, points = {{"sigma", sigmas}};
        for (double sigma : dense) {
            curve["exact"].push_back(growth(rates[i], sigma, base.dt));
            curve["sde"].push_back(sde_growth_rate(rates[i], sigma));
        }
        for (std::size_t j = 0; j < sigmas.size(); ++j) {
            const auto estimate = rate(summaries[i * sigmas.size() + j], base.time(base.steps));
            points["value"].push_back(estimate.value);
            points["standard_error"].push_back(estimate.standard_error);
        }
        curve["points"] = points;
        json["curves"].push_back(curve);
    }
    return json;
}

void recursion_claims(Laboratory& laboratory, std::vector<Claim>& claims) {
    struct Case {
        const char* name;
        double a, sigma;
    };
    constexpr std::uint64_t steps = 1000;
    for (const Case& c :
         {Case{"gaussian", 0.02, 0.3}, Case{"uniform", 0.02, 0.3}, Case{"two-point", 0.02, 0.3},
          Case{"gaussian", 0.02, 1.7}, Case{"two-point", 0.02, 1.5}}) {
        auto simulation = recursion({{"a", c.a},
                                     {"sigma", c.sigma},
                                     {"tau", 0.1},
                                     {"rho", 0.5},
                                     {"law", c.name},
                                     {"eta_law", c.name}},
                                    1.0, steps, 1 << 17);
        simulation.observe.growth = true;
        const double rate_of_law = exact(Quantity::growth, Of::scheme, {simulation});
        claims.push_back({section,
                          rate_of_law < 0 ? "E log|1 + a + xi| per step: trapped"
                                          : "E log|1 + a + xi| per step: overshoots, escapes",
                          fmt::format("{}, a = {}, sigma = {}, tau = 0.1, rho = 0.5", c.name, c.a, c.sigma),
                          rate(laboratory.run(simulation).front(), steps), rate_of_law});
    }
}

/// 10^6 steps: |x| runs to e^+-400000, far beyond every floating-point range.
void long_run_claims(Laboratory& laboratory, std::vector<Claim>& claims) {
    for (double a : {0.6, -0.4}) {
        constexpr std::uint64_t steps = 1000000;
        auto simulation = recursion({{"a", a}, {"sigma", 0.3}, {"tau", a > 0 ? 0.1 : 0.0}}, 1.0, steps, 128);
        simulation.observe.growth = true;
        claims.push_back({section, "10^6 steps without overflow or false trap",
                          fmt::format("gaussian, a = {}, sigma = 0.3", a),
                          rate(laboratory.run(simulation).front(), steps),
                          exact(Quantity::growth, Of::scheme, {simulation})});
    }
}

void sde_claims(Laboratory& laboratory, std::vector<Claim>& claims) {
    constexpr double t_end = 16;
    struct Case {
        double a, sigma, tau, rho;
    };
    for (const Case& c : {Case{0.3, 1, 0, 0}, Case{0.3, 1, 0.5, 0}, Case{0.3, 1, 0.5, 0.5},
                          Case{0.3, 1, 0.5, -1}, Case{0.5, 0.6, 0.5, 0.95}}) {
        Estimate at[2];
        double of_sde = 0;
        for (int i = 0; i < 2; ++i) {
            const double dt = 1.0 / (i == 0 ? 32 : 64);
            auto simulation = euler_maruyama({{"a", c.a}, {"sigma", c.sigma}, {"tau", c.tau}, {"rho", c.rho}},
                                             1.0, t_end, dt, 1 << 17);
            simulation.observe.growth = true;
            at[i] = rate(laboratory.run(simulation).front(), t_end);
            if (i == 1)
                claims.push_back({section, "Euler-Maruyama's own rate, E log|A| / dt",
                                  fmt::format("a = {}, sigma = {}, tau = {}, rho = {}, dt = 1/64", c.a,
                                              c.sigma, c.tau, c.rho),
                                  at[1], exact(Quantity::growth, Of::scheme, {simulation})});
            of_sde = exact(Quantity::growth, Of::sde, {simulation});
        }
        const auto limit = extrapolate(at[0], at[1]);
        claims.push_back({section, "SDE: a - sigma^2/2 per unit time",
                          fmt::format("a = {}, sigma = {}, tau = {}, rho = {}", c.a, c.sigma, c.tau, c.rho),
                          limit.estimate, of_sde, limit.discretisation});
    }
}

}  // namespace

Experiment growth_rate(Laboratory& laboratory) {
    Experiment e{"growth", {{"panels", nlohmann::json::array()}}, {}};
    const std::vector<double> rates = {-0.1, 0.02, 0.15, 0.35};
    e.data["panels"].push_back(
        panel(laboratory, "two-point", recursion({}, 1.0, 1000, 1 << 12), rates, 2.0,
              [](double a, double sigma, double) { return mean_log_abs(Law::two_point, 1 + a, sigma); }));
    e.data["panels"].push_back(
        panel(laboratory, "gaussian", recursion({}, 1.0, 1000, 1 << 12), rates, 2.0,
              [](double a, double sigma, double) { return mean_log_abs(Law::gaussian, 1 + a, sigma); }));
    e.data["panels"].push_back(
        panel(laboratory, "", euler_maruyama({}, 1.0, 16, 1.0 / 64, 1 << 12), rates, 1.6, euler_growth_rate));
    recursion_claims(laboratory, e.claims);
    sde_claims(laboratory, e.claims);
    long_run_claims(laboratory, e.claims);
    return e;
}

}  // namespace noisetrap
