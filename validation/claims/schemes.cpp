// Claims about schemes that other libraries have: growth rates, endpoints and differences between levels are those of each
// scheme's own steps.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/growth/scheme_errors.hpp"
#include "analysis/statistics/significance.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/references.hpp"

namespace noisetrap {
namespace {

struct Case {
    const char* scheme;
    double a, sigma, dt;
    const char* what;
};

/// Growth per step, of the linear SDE without additive noise.
Claim growth_claim(Laboratory& laboratory, const Case& c) {
    constexpr std::uint64_t steps = 256;
    auto simulation = sde("linear-sde", c.scheme, {{"a", c.a}, {"sigma", c.sigma}, {"tau", 0.0}}, 1.0,
                          static_cast<double>(steps) * c.dt, c.dt, 1 << 19);
    simulation.observe.growth = true;
    const auto growth = laboratory.run(simulation).front().log_growth.moments.mean_estimate();
    const auto n = static_cast<double>(steps);
    return {"schemes: growth rate",
            fmt::format("E log|A| per step, {}", c.what),
            fmt::format("{}, a = {}, sigma = {:.6g}, dt = {:.6g}", c.scheme, c.a, c.sigma, c.dt),
            {growth.value / n, growth.standard_error / n},
            exact(Quantity::growth, Of::scheme, {simulation}) * c.dt};
}

}  // namespace

/// The largest steps that keep Higham's trap were found by a program that shares nothing with this one.
Evidence schemes_of_others(Laboratory& laboratory) {
    const double sqrt6 = std::sqrt(6.0);
    const char *kept = "where the SDE's trap is kept", *below = "just below the step that loses the trap",
               *beyond = "just beyond the step that loses the trap";
    struct Edge {
        const char* scheme;
        double step;
    };
    struct Rate {
        const char* scheme;
        double growth;
    };
    Evidence evidence;
    for (const char* scheme : {"split-euler", "heun", "sriw1", "pl1wm", "ri1"})
        evidence.claims.push_back(growth_claim(laboratory, {scheme, 0.3, 1, 0.25, kept}));
    for (const auto& [scheme, step] :
         {Edge{"euler-maruyama", 0.31569266}, Edge{"split-euler", 0.26118266}, Edge{"heun", 0.21938337},
          Edge{"milstein", 0.61631016}, Edge{"rk-milstein", 0.54919093}, Edge{"pl1wm", 0.51346612},
          Edge{"sriw1", 0.6710}}) {
        const auto shrinks = growth_claim(laboratory, {scheme, 0.5, sqrt6, 0.99 * step, below}),
                   grows = growth_claim(laboratory, {scheme, 0.5, sqrt6, 1.01 * step, beyond});
        require(shrinks.theory < 0 && grows.theory > 0, "the growth rate does not change sign where it must");
        evidence.claims.insert(evidence.claims.end(), {shrinks, grows});
    }
    for (const auto& [scheme, growth] :
         {Rate{"split-euler", -1.415198}, Rate{"milstein", -2.683275}, Rate{"rk-milstein", -2.722762},
          Rate{"heun", -0.580852}, Rate{"pl1wm", -3.287026}}) {
        const Case at{scheme, 0.5, sqrt6, 0.125, "Higham's saddle, -2.5 dt in the limit"};
        evidence.claims.push_back(growth_claim(laboratory, at));
        require(std::abs(evidence.claims.back().theory / at.dt - WrongTheory::of(growth)) < 2e-6,
                "growth is not that of the reference");
    }
    return evidence;
}

namespace {

/// The exact solution of dx = -x dt + dV at every h, along the Brownian path that `sra1` and `sra3` take: of the integral of
/// exp(-(h - s)) dV the parts along their two normals, z of V(h) and y of the area, and the rest r as a third one.
Simulation spring_along_the_path(double h, std::uint64_t steps, std::uint64_t paths) {
    const double decay = std::exp(-h), all = -std::expm1(-2 * h) / 2;
    const double along = -std::expm1(-h) / std::sqrt(h);
    const double area = std::sqrt(12 / (h * h * h)) * (1 - decay - h * decay + h / 2 * std::expm1(-h));
    const double rest = std::sqrt(std::max(all - along * along - area * area, 0.0));
    return run_of_text(fmt::format("[model]\nname = \"claim spring\"\nnext = \"c*x + p*z + q*y + s*r\"\n"
                                   "parameters = {{c = {:.17g}, p = {:.17g}, q = {:.17g}, s = {:.17g}}}\n"
                                   "[noise]\nz = {{sd = 1.0}}\ny = {{sd = 1.0}}\nr = {{sd = 1.0}}\n",
                                   decay, along, area, rest),
                       steps, paths);
}

/// The errors are those of an independent program, to five digits.
std::vector<Claim> additive_endpoints(Laboratory& laboratory) {
    struct Endpoint {
        const char* scheme;
        std::uint64_t steps;
        double rms;
    };
    std::vector<Claim> claims;
    for (const auto& [scheme, steps, rms] :
         {Endpoint{"sra1", 8, 2.3206e-3}, Endpoint{"sra1", 16, 5.6171e-4}, Endpoint{"sra3", 8, 2.3721e-3},
          Endpoint{"sra3", 64, 3.6046e-5}}) {
        const double h = 1.0 / static_cast<double>(steps);
        constexpr std::uint64_t paths = 1 << 18;
        const auto spring =
            run_of_text(fmt::format("[model]\nname = \"claim {0}\"\nequation = \"dx = -x dt + 1 dV\"\n"
                                    "[integrator]\nscheme = \"{0}\"\ndt = {1}\n",
                                    scheme, h),
                        steps, paths);
        const auto ends = laboratory.collect(spring).front().value[0];
        laboratory.same_noise();
        const auto exact = laboratory.collect(spring_along_the_path(h, steps, paths)).front().value[0];
        Claim claim{"schemes: endpoints", "RMS endpoint error, additive noise",
                    fmt::format("{}, dx = -x dt + dV, T = 1, N = {}", scheme, steps),
                    rms_difference(ends, exact), WrongTheory::of(rms)};
        claim.bias = 1e-4 * rms;  // of the reference's digits
        claims.push_back(claim);
    }
    return claims;
}

}  // namespace

/// Splitting without diffusive noise is the exact solution along the same Brownian path.
Evidence scheme_endpoints(Laboratory& laboratory) {
    struct Case {
        const char* scheme;
        double (*rms)(double a, double sigma, double time, int steps);
    };
    constexpr double a = 0.5, sigma = 0.5;
    Evidence evidence;
    for (const int steps : {16, 64}) {
        auto run = sde("linear-sde", "splitting", {{"a", a}, {"sigma", sigma}, {"tau", 0.0}}, 1.0, 1,
                       1.0 / steps, 1 << 18);
        run.observe.steps = {run.steps};
        const auto exact = laboratory.collect(run).front().value[0];
        for (const auto& [scheme, rms] :
             {Case{"split-euler", scheme_rms_error<SplitEuler>},
              Case{"rk-milstein", scheme_rms_error<RkMilstein>}, Case{"heun", scheme_rms_error<Heun>},
              Case{"sriw1", scheme_rms_error<Sriw1>}, Case{"pl1wm", scheme_rms_error<Pl1wm>}}) {
            laboratory.same_noise();
            run.entry = find_entry("linear-sde", scheme);
            const auto ends = laboratory.collect(run).front().value[0];
            evidence.claims.push_back(
                {"schemes: endpoints", "RMS endpoint error along the same Brownian path",
                 fmt::format("{}, a = sigma = 0.5, T = 1, N = {}", scheme, steps),
                 rms_difference(ends, exact), WrongTheory::of(rms(a, sigma, 1, steps))});
        }
    }
    // An Ornstein-Uhlenbeck process of variance 1/2; the scheme's own share of it is that of an independent program.
    auto spring =
        sde("linear-sde", "sra1", {{"a", -1.0}, {"sigma", 0.0}, {"tau", 1.0}}, 0.0, 20, 0.5, 1 << 20);
    spring.observe.steps = {spring.steps};
    Claim claim{"schemes: endpoints", "stationary variance at a long step", "sra1, a = -1, tau = 1, dt = 0.5",
                Moments::of(laboratory.collect(spring).front().value[0]).variance_estimate(),
                WrongTheory::of(0.957265 / 2)};
    claim.bias = 3e-7;  // of the reference
    evidence.claims.push_back(claim);
    const auto additive = additive_endpoints(laboratory);
    evidence.claims.insert(evidence.claims.end(), additive.begin(), additive.end());
    return evidence;
}

namespace {

/// With two noises that do not commute Milstein's steps need an area that cannot be drawn. Without it, a level that takes the
/// mean of a path and of the path with the noises of its steps swapped in pairs has the variance that Milstein's would have.
Claim antithetic_level(Laboratory& laboratory, int level) {
    constexpr double a = -0.5, sigma = 0.5, tau = 0.5;
    const int steps = 1 << level;
    const double h = 1.0 / steps;
    const auto s = run_of_text(
        fmt::format(
            "[model]\nname = \"claim antithetic\"\nnext = [\"f = (f*m(w1) + e(w1, u1))*m(w2) + e(w2, u2)\", "
            "\"g = (g*m(w2) + e(w2, u2))*m(w1) + e(w1, u1)\", \"c = c*o(w1 + w2) + e(w1 + w2, u1 + u2)\"]\n"
            "parameters = {{a = {}, s = {}, tau = {}, h = {}}}\nstart = {{g = 1.0, c = 1.0}}\n"
            "[functions]\nm = \"1 + a*h + s*u + s^2*(u^2 - h)/2\"\n"
            "o = \"1 + 2*a*h + s*u + s^2*(u^2 - 2*h)/2\"\ne = \"tau*v + s*tau*u*v/2\"\n"
            "[noise]\nw1 = {{sd = \"sqrt(h)\"}}\nu1 = {{sd = \"sqrt(h)\"}}\nw2 = {{sd = \"sqrt(h)\"}}\n"
            "u2 = {{sd = \"sqrt(h)\"}}\n[observe]\nof = \"(f + g)/2 - c\"\ngrowth = false\n",
            a, sigma, tau, h),
        static_cast<std::uint64_t>(steps / 2), 1 << 19);
    return {"schemes: levels", "variance between two levels, noises that do not commute",
            fmt::format("antithetic Milstein, a = {}, sigma = tau = 0.5, T = 1, N = {} and {}", a, steps,
                        steps / 2),
            Moments::of(laboratory.collect(s).front().value[0]).variance_estimate(),
            WrongTheory::of(antithetic_level_variance(a, sigma, tau, 1, steps))};
}

}  // namespace

Evidence scheme_levels(Laboratory& laboratory) {
    struct Case {
        const char* scheme;
        double (*variance)(double a, double sigma, double time, int steps);
    };
    constexpr double a = 0.05, sigma = 0.2;
    Evidence evidence;
    for (const auto& [scheme, variance] :
         {Case{"euler-maruyama", level_variance<EulerMaruyama>}, Case{"milstein", level_variance<Milstein>}})
        for (int level = 1; level <= 5; ++level) {
            const int steps = 1 << level;
            auto run = sde("linear-sde", scheme, {{"a", a}, {"sigma", sigma}, {"tau", 0.0}}, 1.0, 1,
                           1.0 / steps, 1 << 19);
            run.observe.steps = {run.steps};
            auto ends = laboratory.collect(run).front().value[0];
            laboratory.same_noise();
            const auto coarse = laboratory.collect(coarsened(run, 2)).front().value[0];
            for (std::size_t i = 0; i < ends.size(); ++i) ends[i] -= coarse[i];
            evidence.claims.push_back(
                {"schemes: levels", "variance between two levels of a multilevel estimate",
                 fmt::format("{}, a = 0.05, sigma = 0.2, T = 1, N = {} and {}", scheme, steps, steps / 2),
                 Moments::of(ends).variance_estimate(), WrongTheory::of(variance(a, sigma, 1, steps))});
        }
    for (int level = 1; level <= 5; ++level) evidence.claims.push_back(antithetic_level(laboratory, level));
    return evidence;
}

/// Where Euler's paths explode, steps that take the coefficients at |x| <= h^(-1/2) at most do not. From far out, x0 = 2 Z,
/// they come to a law of their own, beside E x^2 = 1 of the equation.
Evidence scheme_truncated(Laboratory& laboratory) {
    Evidence evidence;
    for (const double h : {0.4, 0.2, 0.1}) {
        const int steps = static_cast<int>(std::lround(8 / h));
        auto s = run_of_text(
            fmt::format("[model]\nname = \"claim truncated\"\nequation = \"dx = (1.5*x - x^3) dt + "
                        "x dW\"\n[integrator]\nscheme = \"truncated\"\ndt = {}\n[ensemble]\n"
                        "x0 = 0.0\nx0_deviation = 2.0\n",
                        h),
            static_cast<std::uint64_t>(steps), 1 << 19);
        auto squares = laboratory.collect(s).front().value[0];
        for (double& x : squares) x *= x;
        const double theory = truncated_mean_square(1.5, 1, h, steps, 2);
        Claim claim{"schemes: steep drifts",
                    "E x^2 of truncated steps, from their transfer operator",
                    fmt::format("dx = (1.5 x - x^3) dt + x dW, x0 = 2 Z, t = 8, dt = {}", h),
                    Moments::of(squares).mean_estimate(),
                    WrongTheory::of(theory),
                    theory - 1};
        claim.bias = 2e-4 * theory;  // of the grid
        evidence.claims.push_back(claim);
    }
    return evidence;
}

}  // namespace noisetrap
