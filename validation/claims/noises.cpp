// Claims about the noises that users of other tools expect: heavy tails, jumps, memory, schedules. Each model is a formula,
// as a user would write it.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/growth/growth.hpp"
#include "engine/input/config.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"

namespace noisetrap {
namespace {

/// The run that a configuration describes; its formula joins the catalogue.
Simulation simulation_of(const std::string& toml, std::uint64_t steps, std::uint64_t paths) {
    auto s = config_from_text(toml, "claim", {}).simulation;
    s.steps = steps;
    s.paths = paths;
    s.observe = {};
    s.observe.growth = false;
    s.observe.steps = {steps};
    return s;
}

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
                                               simulation_of(saddle_with(c.name, c.a, c.xi), 1000, 1 << 16)));
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
        auto s =
            simulation_of(fmt::format("[model]\nname = \"claim levy {}\"\nequation = \"{}\"\n[noise]\n{}\n"
                                      "[integrator]\ndt = 0.01\n",
                                      c.name, c.equation, c.noise),
                          1000, 1 << 16);
        auto claim =
            growth_claim(laboratory, section, c.statement, fmt::format("{}, dt = 0.01", c.equation), s);
        claim.estimate = scaled(claim.estimate, 1 / s.dt);
        claim.discretisation = claim.theory - exact(Quantity::growth, Of::sde, {s});
        evidence.claims.push_back(claim);
    }
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
        const auto s = simulation_of(toml, 2000, 1 << 15);
        auto claim = growth_claim(laboratory, section, "growth depends on the law of one step alone",
                                  fmt::format("a = 0.1, sigma = 0.6, h = 0.05, memory of {} steps", time), s);
        require(std::abs(claim.theory / 0.05 - WrongTheory::of(growth)) < 1e-5,
                "growth is not that of the reference");
        evidence.claims.push_back(claim);
    }
    // Anticorrelated additive noise: x <- (1 + a) x + tau (eta[n] - eta[n-1]), eta[-1] = 0.
    constexpr double a = 0.05, tau = 0.1;
    constexpr int steps = 40;
    auto s = simulation_of(
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
        const auto s = simulation_of(text(reshuffled), 800, 1 << 14);
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
        auto s = simulation_of(toml, 1200, 1 << 16);
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
                                               simulation_of(toml, 1000, 1 << 15)));
    }
    // dx = a x dt + sigma x dW in two regimes, by exact steps.
    const auto s = simulation_of(
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
        const auto s = simulation_of(
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
    return evidence;
}

/// The edge of the trap at l a = 0.05 depends on the fourth moment, of which an SDE knows nothing.
Evidence noise_kurtosis(Laboratory& laboratory) {
    Evidence evidence;
    struct Case {
        const char* law;
        double square;
    };
    for (const auto& [law, square] :
         {Case{"two-point", 0.1025}, Case{"uniform", 0.0984657}, Case{"gaussian", 0.0905766}}) {
        const auto s =
            recursion(saddle(0.05, std::sqrt(WrongTheory::of(square)), 0, law), 1.0, 1000, 1 << 17);
        evidence.claims.push_back(
            {"noise: kurtosis", "growth is 0 at the edge, of which the SDE says sigma^2 = 0.1",
             fmt::format("{}, a = 0.05, sigma^2 = {}", law, square), growth_of(laboratory, s), 0});
    }
    return evidence;
}

}  // namespace noisetrap
