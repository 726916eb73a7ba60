// Claims about a remedy that changes the form of the step: momentum, as the heavy ball and as Nesterov's, at
// a noisy saddle.
#include <fmt/core.h>

#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>

#include "analysis/growth/heavy_ball.hpp"
#include "analysis/growth/lyapunov.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"

namespace noisetrap {
namespace {

constexpr double ball_a = 0.01, ball_sigma = 0.2;

Simulation ball(const char* optimiser, double momentum, double a, double sigma, std::uint64_t steps,
                std::uint64_t paths) {
    return under("noisy-saddle", optimiser, saddle(a, sigma),
                 {{"learning_rate", 1.0}, {"momentum", momentum}}, 1, steps, paths);
}

/// The rate over the steps after the first 200.
Estimate engine_growth(Laboratory& laboratory, const char* optimiser, double momentum, std::uint64_t paths) {
    return later_growth(laboratory, ball(optimiser, momentum, ball_a, ball_sigma, 1000, paths), 200);
}

/// By the QR method, from matrices that know nothing of the engine: of (x, v) under the heavy ball, of (x[n],
/// x[n - 1]) under Nesterov's, whose step is x[n + 1] = (1 + a + xi) (x[n] + m (x[n] - x[n - 1])).
Estimate qr_growth(Laboratory& laboratory, bool nesterov, double m, std::uint64_t paths) {
    boost::random::mt19937_64 random(laboratory.take_seed());
    boost::random::normal_distribution<double> normal;
    const auto next = [&] {
        const double k = ball_a + ball_sigma * normal(random), factor = 1 + k;
        Eigen::MatrixXd matrix(2, 2);
        if (nesterov)
            matrix << factor * (1 + m), -factor * m, 1, 0;
        else
            matrix << 1 + k, m, k, m;
        return matrix;
    };
    constexpr std::uint64_t runs = 256;
    const std::uint64_t steps = laboratory.paths_of(paths) * 8 / runs;
    return lyapunov_exponents(next, {steps, runs, 200}).front();
}

Claim small_step_claim(Laboratory& laboratory) {
    constexpr double beta = 1, a = 0.1, sigma = 1;
    std::vector<Estimate> rates;
    std::vector<double> exact;
    for (const double h : {1.0 / 16, 1.0 / 32}) {
        const auto b = heavy_ball_steps(beta, a, sigma, h);
        const auto steps = static_cast<std::uint64_t>(std::llround(100 / h));
        rates.push_back(scaled(
            later_growth(laboratory, ball("momentum", b.momentum, b.a, b.sigma, steps, 1 << 17), steps / 10),
            1 / h));
        exact.push_back(heavy_ball_growth(b) / h);
    }
    const auto limit = extrapolate(rates[0], rates[1]);
    return {"remedy: momentum",
            "small steps: -beta + g(-(a + beta^2)) per unit of time",
            "beta = 1, a = 0.1, sigma = 1, h = 1/16 and 1/32",
            limit.estimate,
            heavy_ball_sde_growth(beta, a, sigma),
            limit.discretisation,
            std::abs(2 * exact[1] - exact[0] - heavy_ball_sde_growth(beta, a, sigma))};
}

Claim variance_claim(Laboratory& laboratory) {
    constexpr double h = 0.1, m = 0.9, sigma = 0.05, tau = 0.1;
    auto s = under("noisy-saddle", "momentum", saddle(-h, sigma, tau),
                   {{"learning_rate", 1.0}, {"momentum", m}}, 0, 600, 1 << 18);
    s.observe.steps = {s.steps};
    return {"remedy: momentum", "at a minimum: stationary Var x",
            fmt::format("a = -{}, sigma = {}, tau = {}, m = {}", h, sigma, tau, m),
            laboratory.run(s).front().times[0].value.moments.variance_estimate(),
            heavy_ball_variance(h, m, sigma, tau)};
}

Panel growth_over_momentum(Laboratory& laboratory) {
    std::vector<double> dense = even(0.4, 0.96, 15), exact;
    dense.insert(dense.begin(), {0.2, 0.25, 0.3, 0.35});
    for (double m : dense) exact.push_back(heavy_ball_growth({m, ball_a, ball_sigma}));
    dense.insert(dense.begin(), 0);
    exact.insert(exact.begin(), step_growth(Law::gaussian, ball_a, ball_sigma));
    const std::vector<double> momenta = {0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95};
    std::vector<Estimate> balls, nesterovs, qr, qr_nesterov;
    for (double m : momenta) {
        balls.push_back(engine_growth(laboratory, "momentum", m, 1 << 14));
        nesterovs.push_back(engine_growth(laboratory, "nesterov", m, 1 << 14));
        qr.push_back(qr_growth(laboratory, false, m, 1 << 13));
        qr_nesterov.push_back(qr_growth(laboratory, true, m, 1 << 13));
    }
    Panel panel(fmt::format("a = {}, σ = {}, τ = 0", ball_a, ball_sigma), "momentum m",
                "growth rate  (1/step)");
    panel.theory("heavy ball, exact", dense, exact)
        .points("heavy ball, engine", momenta, balls)
        .points("heavy ball, QR", momenta, qr)
        .points("Nesterov, engine", momenta, nesterovs)
        .points("Nesterov, QR", momenta, qr_nesterov)
        .level("trapped below", 0);
    return panel;
}

}  // namespace

Evidence remedy_momentum(Laboratory& laboratory) {
    constexpr const char* section = "remedy: momentum";
    const auto text = [](double m) {
        return fmt::format("a = {}, sigma = {}, m = {}", ball_a, ball_sigma, m);
    };
    Evidence evidence;
    evidence.claims.push_back({section, "without momentum: E log|1 + a + xi|, a trap", text(0),
                               engine_growth(laboratory, "momentum", 0, 1 << 16),
                               exact(Quantity::long_run_growth, Of::scheme,
                                     {ball("momentum", 0, ball_a, ball_sigma, 1000, 1 << 16)})});
    const double by_collocation = WrongTheory::of(heavy_ball_growth({0.9, ball_a, ball_sigma}));
    evidence.claims.push_back({section, "with momentum: growth by collocation, no trap", text(0.9),
                               engine_growth(laboratory, "momentum", 0.9, 1 << 16), by_collocation});
    evidence.claims.push_back({section, "the same by the QR method, without the engine", text(0.9),
                               qr_growth(laboratory, false, 0.9, 1 << 17), by_collocation});
    const auto qr = qr_growth(laboratory, true, 0.9, 1 << 17);
    evidence.claims.push_back({section, "Nesterov's: engine minus QR method", text(0.9),
                               difference(engine_growth(laboratory, "nesterov", 0.9, 1 << 16), qr), 0});
    evidence.claims.push_back(small_step_claim(laboratory));
    evidence.claims.push_back(variance_claim(laboratory));
    evidence.figures["remedy-momentum"] =
        figure("Enough momentum ends the trap",
               "Growth rates of |*x*| at a saddle that traps plain gradient descent (*m* = 0), over the "
               "momentum: measured in the engine, by the QR method from random matrices, and exact. With "
               "enough momentum the trap is gone.",
               {growth_over_momentum(laboratory)});
    return evidence;
}

}  // namespace noisetrap
