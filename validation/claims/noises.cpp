// Claims about the noises that users of other tools expect: heavy tails, jumps, memory, schedules. Each model is a formula,
// as a user would write it.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/diffusions/stable_exit.hpp"
#include "analysis/growth/growth.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/law_tests.hpp"

namespace noisetrap {
namespace {

/// x <- x(1 + a + xi) + eta, with the noise xi as a table of TOML.
std::string saddle_with(const char* name, double a, const std::string& xi) {
    return fmt::format(
        "[model]\nname = \"claim {}\"\nnext = \"x + (a + xi)*x\"\nparameters = {{a = {}}}\n[noise]\n"
        "xi = {{{}}}\n",
        name, a, xi);
}

Claim growth_claim(Laboratory& laboratory, const char* section, const char* statement,
                   const std::string& parameters, const Simulation& s) {
    return {section, statement, parameters, growth_of(laboratory, s),
            exact(Quantity::growth, Of::scheme, {s})};
}

/// Steps of dx = -x dt + 0.1 dL from 0, which leave |x| < 1 by one long jump: at about 79.3 as noise and steps get small,
/// and after a time that is as good as exponential.
std::vector<Claim> stable_exit_claims(Laboratory& laboratory, const char* section) {
    constexpr double alpha = 1.5, h = 0.1;
    const double scale = 0.1 * std::pow(h, 1 / alpha);
    auto s =
        run_of_text(fmt::format("[model]\nname = \"claim levy exit\"\nnext = \"0.9*x + xi\"\n[noise]\n"
                                "xi = {{law = \"stable\", alpha = {}, scale = {}}}\n[ensemble]\nx0 = 0.0\n",
                                alpha, scale),
                    16000, 1 << 16);
    s.observe.exit = ExitWatch::at_steps;
    s.observe.exit_radius = 1;
    const auto exact = stable_exit(alpha, 1 - h, scale, 1, 0);
    std::vector<double> times;
    const auto columns = laboratory.collect(s).front();
    for (const double step : columns.exit_step)
        times.push_back(h * (step == 0 ? static_cast<double>(s.steps) : std::abs(step)));
    const auto moments = Moments::of(times);
    const char* text = "dx = -x dt + 0.1 dL, alpha = 1.5, dt = 0.1, |x| < 1";
    return {{section, "mean exit time: a power of the noise, no barrier in it", text, moments.mean_estimate(),
             WrongTheory::of(h * exact.mean)},
            {section, "variance of the exit time: nearly that of an exponential law", text,
             moments.variance_estimate(), WrongTheory::of(h * h * exact.variance)}};
}

/// The odds that |x| has ever been 10 times its start under that schedule, in the time u = t/(1 + t/100), in which log|x| has
/// noise of strength 1: bridges know no noise that depends on time. The reference solves the backward equation.
Claim odds_under_schedule(Laboratory& laboratory, double t, double reference) {
    const auto share = [&](std::uint64_t steps) {
        auto s = run_of_text(
            "[model]\nname = \"claim passage under a schedule\"\n"
            "equation = \"dx = (0.2/(1 - t/100) - 0.5) dt + 1 dW\"\n[ensemble]\nx0 = 0.0\n",
            steps, 1 << 17);
        s.dt = t / (1 + t / 100) / static_cast<double>(steps);
        s.observe.exit = ExitWatch::with_bridge;
        s.observe.exit_radius = std::log(10.0);
        s.observe.exit_side = ExitSide::upper;
        return share_of(laboratory.collect(s).front().exit_step, [](double step) { return step != 0; });
    };
    const auto [estimate, discretisation] = extrapolate(share(512), share(1024));
    Claim claim{"noise: schedules",
                "odds of ten times the start by then",
                fmt::format("l = 0.2/(1 + t/100), a = l, sigma = 5 l, t = {}", t),
                estimate,
                WrongTheory::of(reference),
                discretisation};
    claim.bias = 2e-4;  // of the reference's digits and of what is left of order dt^2
    return claim;
}

}  // namespace

Evidence noise_heavy_tails(Laboratory& laboratory) {
    const char* section = "noise: heavy tails";
    struct Case {
        const char *name, *xi, *statement;
        double a;
    };
    const Case cases[] = {
        {"t3", "law = \"student-t\", nu = 3, sd = 0.5", "tails free what normal noise traps", 0.1},
        {"t3-trap", "law = \"student-t\", nu = 3, sd = 0.4", "E log|1 + a + xi| per step", 0.02},
        {"t5", "law = \"student-t\", nu = 5, sd = 0.5", "E log|1 + a + xi| per step", 0.1},
        {"stable", "law = \"stable\", alpha = 1.5, scale = 0.4", "no variance, and yet a trap", 0.1},
        {"stable-thin", "law = \"stable\", alpha = 1.8, scale = 0.4", "E log|1 + a + xi| per step", 0.1},
        {"cauchy", "law = \"stable\", alpha = 1.0, scale = 0.4", "without a mean there is no trap", 0.1}};
    Evidence evidence;
    for (const auto& c : cases)
        evidence.claims.push_back(growth_claim(laboratory, section, c.statement,
                                               fmt::format("a = {}, {}", c.a, c.xi),
                                               run_of_text(saddle_with(c.name, c.a, c.xi), 1000, 1 << 16)));
    return evidence;
}

/// The growth rate of the very steps, whose limit is a - sigma^2/2 + Gamma(alpha) cos(pi alpha/2) s^alpha + rate log|1 + size|.
Evidence noise_levy(Laboratory& laboratory) {
    const char* section = "noise: Levy processes";
    struct Case {
        const char *name, *equation, *noise, *statement;
    };
    const Case cases[] = {{"stable", "dx = 0.2*x dt + 0.7*x dL", "dL = {law = \"stable\", alpha = 1.5}",
                           "a stable process traps"},
                          {"jumps", "dx = 0.3*x dt + 0.5*x dW + 0.5*x dN - 0.5*x dM",
                           "dN = {law = \"jumps\", rate = 1.0}\ndM = {law = \"jumps\", rate = 1.0}",
                           "jumps of either sign trap"}};
    Evidence evidence;
    for (const auto& c : cases) {
        auto s = run_of_text(fmt::format("[model]\nname = \"claim levy {}\"\nequation = \"{}\"\n[noise]\n{}\n"
                                         "[integrator]\ndt = 0.01\n",
                                         c.name, c.equation, c.noise),
                             1000, 1 << 16);
        auto claim =
            growth_claim(laboratory, section, c.statement, fmt::format("{}, dt = 0.01", c.equation), s);
        claim.estimate = scaled(claim.estimate, 1 / s.dt);
        claim.discretisation = claim.theory - exact(Quantity::growth, Of::sde, {s});
        evidence.claims.push_back(claim);
    }
    auto leaving = stable_exit_claims(laboratory, section);
    evidence.claims.insert(evidence.claims.end(), leaving.begin(), leaving.end());
    return evidence;
}

/// At fixed long-time intensity: memory of one step's length and more takes the trap away.
Evidence noise_correlated(Laboratory& laboratory) {
    const char* section = "noise: correlated";
    Evidence evidence;
    // a = 0.1, sigma = 0.6, step 0.05: per step a h and sigma sqrt(h). Figures of an independent program, per unit of time.
    struct Case {
        double time, growth;
    };
    for (const auto& [time, growth] : {Case{0.5, -0.038874}, Case{1, 0.016349}, Case{2, 0.055813}}) {
        const auto toml = fmt::format(
            "[model]\nname = \"claim correlated\"\nnext = \"x + (0.005 + xi)*x\"\nparameters = "
            "{{}}\n[noise]\n"
            "xi = {{process = \"correlated\", correlation_time = {}, sd = {}}}\n",
            time, 0.6 * std::sqrt(0.05));
        const auto s = run_of_text(toml, 2000, 1 << 15);
        auto claim = growth_claim(laboratory, section, "growth depends on the law of one step alone",
                                  fmt::format("a = 0.1, sigma = 0.6, h = 0.05, memory of {} steps", time), s);
        require(std::abs(claim.theory / 0.05 - WrongTheory::of(growth)) < 1e-5,
                "growth is not that of the reference");
        evidence.claims.push_back(claim);
    }
    // Anticorrelated additive noise: x <- (1 + a) x + tau (eta[n] - eta[n-1]), eta[-1] = 0.
    constexpr double a = 0.05, tau = 0.1;
    constexpr int steps = 40;
    auto s = run_of_text(
        "[model]\nname = \"claim anticorrelated\"\nnext = \"x + 0.05*x + eta\"\n[noise]\n"
        "eta = {process = \"anticorrelated\", sd = 0.1}\n[ensemble]\nx0 = 0.0\n",
        steps, 1 << 18);
    const auto x = laboratory.collect(s).front().value[0];
    std::vector<double> squares;
    for (const double at : x) squares.push_back(at * at);
    double exact_variance = 1;
    for (int k = 1; k < steps; ++k) exact_variance += a * a * std::pow(1 + a, 2 * (steps - 1 - k));
    evidence.claims.push_back(
        {section, "anticorrelated noise: E x^2, of which independent noise has 457 times as much",
         "a = 0.05, tau = 0.1, n = 40", Moments::of(squares).mean_estimate(),
         WrongTheory::of(tau * tau * exact_variance)});
    return evidence;
}

/// Eight samples, xi = +-0.7 and eta of different sizes, one in a step.
Evidence noise_reshuffled(Laboratory& laboratory) {
    const char* section = "noise: order of samples";
    const auto text = [](int reshuffled) {
        return fmt::format(
            "[model]\nname = \"claim samples {}\"\nnext = \"x + (0.1 + 0.7*cos(pi*i))*x + "
            "eta(i)\"\n[functions]\n"
            "eta = \"step(3.5 - u)*sign(1.5 - u) + step(u - 3.5)*0.5*cos(pi*u)\"\n[noise]\n"
            "i = {{process = \"samples\", samples = 8, reshuffled = {}}}\n[observe]\ngrowth = false\n",
            reshuffled, reshuffled);
    };
    Evidence evidence;
    std::vector<double> largest;
    for (const int reshuffled : {0, 1}) {
        const auto s = run_of_text(text(reshuffled), 800, 1 << 14);
        const auto sizes = laboratory.collect(s).front().log_abs[0];
        double most = 0;
        for (const double log_abs : sizes) most = std::max(most, std::exp(log_abs));
        largest.push_back(most);
    }
    evidence.claims.push_back(count_claim(section, "reshuffled: |x| stays below max|Q|/(1 - |P|) = 20.6179",
                                          "N = 8, after 100 epochs", largest[1] < 20.6179, 1));
    evidence.claims.push_back(count_claim(section, "drawn with replacement: a power law goes beyond it",
                                          "N = 8, 800 steps", largest[0] > 20.6179, 1));
    // The heavy ball a = 0.05, sigma = 0.5, momentum 0.7 over four samples: opposite phases (figures of an independent
    // program, by the invariant law of directions).
    struct Case {
        int reshuffled;
        double growth;
        const char* statement;
    };
    for (const auto& [reshuffled, growth, statement] :
         {Case{1, -0.03566, "reshuffling creates a trap under momentum"},
          Case{0, 0.04860, "with replacement the same samples let go"}}) {
        const auto toml = fmt::format(
            "[model]\nname = \"claim order {0}\"\nnext = [\"x = x + m*v + (a + s*cos(pi*i))*x\", "
            "\"v = m*v + (a + s*cos(pi*i))*x\"]\nparameters = {{a = 0.05, s = 0.5, m = 0.7}}\n[noise]\n"
            "i = {{process = \"samples\", samples = 4, reshuffled = {0}}}\n",
            reshuffled);
        auto s = run_of_text(toml, 1200, 1 << 16);
        Claim claim{section, statement, "a = 0.05, sigma = 0.5, m = 0.7, N = 4",
                    later_growth(laboratory, s, 200), WrongTheory::of(growth)};
        claim.bias = 2e-5;  // of the reference
        evidence.claims.push_back(claim);
    }
    return evidence;
}

/// Two-point noise that keeps its sign with odds q: the same growth, another tail; here growth of a chain of two states.
Evidence noise_switching(Laboratory& laboratory) {
    const char* section = "noise: switching";
    Evidence evidence;
    for (const double keep : {0.1, 0.9}) {
        const auto toml = fmt::format(
            "[model]\nname = \"claim switching\"\nnext = \"(1.05 + 0.6*(2*s - 1))*x\"\n[noise]\n"
            "s = {{process = \"switching\", up = {0}, down = {0}}}\n",
            1 - keep);
        evidence.claims.push_back(growth_claim(laboratory, section, "persistence does not change growth",
                                               fmt::format("mu = 1.05, s = 0.6, q = {}", keep),
                                               run_of_text(toml, 1000, 1 << 15)));
    }
    // dx = a x dt + sigma x dW in two regimes, by exact steps.
    const auto s = run_of_text(
        "[model]\nname = \"claim regimes\"\nnext = \"x*exp(h*((0.2 - 0.1*s) - (0.5 + 0.5*s)^2/2) + "
        "sqrt(h)*(0.5 + 0.5*s)*z)\"\n"
        "parameters = {h = 0.1}\n[noise]\ns = {process = \"switching\", up = 0.1, down = 0.2}\nz = {law = "
        "\"gaussian\"}\n",
        1000, 1 << 15);
    evidence.claims.push_back({section, "mean of a - sigma^2/2 over the regimes",
                               "(0.2, 0.5), (0.1, 1), odds 2/3, 1/3", scaled(growth_of(laboratory, s), 10),
                               WrongTheory::of(-1.0 / 12)});
    return evidence;
}

/// A schedule is a formula of t, here l(t) = 0.2/(1 + t/100): growth is a sum over Euler's steps, each with its own rate.
Evidence noise_schedule(Laboratory& laboratory) {
    constexpr double dt = 0.0625;
    Evidence evidence;
    for (const double t : {150.0, 800.0}) {
        const auto s = run_of_text(
            "[model]\nname = \"claim schedule\"\nequation = \"dx = l(t)*x dt + 5*l(t)*x dW\"\nparameters = "
            "{l0 = 0.2, H = 100.0}\n"
            "[functions]\nl = \"l0/(1 + u/H)\"\n[integrator]\ndt = 0.0625\n",
            static_cast<std::uint64_t>(t / dt), 1 << 14);
        double of_steps = 0;
        for (std::uint64_t n = 0; n < s.steps; ++n) {
            const double rate = 0.2 / (1 + static_cast<double>(n) * dt / 100);
            of_steps += step_growth(Law::gaussian, rate * dt, 5 * rate * std::sqrt(dt));
        }
        Claim claim{"noise: schedules",
                    t < 200 ? "annealing: the deepest dip of the mean of log|x|"
                            : "annealing: nearly back at the start",
                    fmt::format("l = 0.2/(1 + t/100), a = l, sigma = 5 l, t = {}, dt = {}", t, dt),
                    scaled(growth_of(laboratory, s), static_cast<double>(s.steps)),
                    WrongTheory::of(of_steps)};
        claim.discretisation = of_steps - (20 * std::log1p(t / 100) - 50 * (1 - 1 / (1 + t / 100)));
        evidence.claims.push_back(claim);
    }
    for (const auto& [t, odds] : {std::pair{100.0, 0.2778}, {1000.0, 0.6004}})
        evidence.claims.push_back(odds_under_schedule(laboratory, t, odds));
    return evidence;
}

/// The edge of the trap at l a = 0.05 depends on the fourth moment, of which an SDE knows nothing: where the SDE has its
/// edge, the recursion grows or falls.
Evidence noise_kurtosis(Laboratory& laboratory) {
    const char* section = "noise: kurtosis";
    constexpr double a = 0.05, edge_of_sde = 0.1;
    Evidence evidence;
    struct Case {
        const char* law;
        double square;
    };
    for (const auto& [law, square] :
         {Case{"two-point", 0.1025}, Case{"uniform", 0.0984657}, Case{"gaussian", 0.0905766}}) {
        const auto at = [&](double variance, std::uint64_t paths) {
            return recursion(saddle(a, std::sqrt(variance), 0, law), 1.0, 1000, paths);
        };
        const auto text = [&](double variance) {
            return fmt::format("{}, a = 0.05, sigma^2 = {}", law, variance);
        };
        evidence.claims.push_back({section, "growth is 0 at the edge, of which the SDE says sigma^2 = 0.1",
                                   text(square), growth_of(laboratory, at(WrongTheory::of(square), 1 << 17)),
                                   0});
        const auto s = at(edge_of_sde, 1 << 19);
        const auto growth = growth_of(laboratory, s);
        evidence.claims.push_back({section, "growth at the SDE's edge", text(edge_of_sde), growth,
                                   exact(Quantity::growth, Of::scheme, {s})});
        evidence.claims.push_back(
            count_claim(section, "where the SDE says 0 and errs by more than 4.7 s.e.", text(edge_of_sde),
                        std::abs(growth.value) > critical_z() * growth.standard_error, 1));
    }
    return evidence;
}

}  // namespace noisetrap
