// Claims about noise in equations with inertia, about the tails that jumps and switching leave, and about odds far too
// small for plain runs. Each model is a formula, as a user would write it.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/diffusions/splitting.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/law_tests.hpp"

namespace noisetrap {
namespace {

/// m x'' + x' = (a + y) x with an Ornstein-Uhlenbeck noise y of long-time intensity sigma^2 and correlation time theta.
std::string inertial(double a, double sigma, double mass, double theta) {
    return fmt::format(
        "[model]\nname = \"claim inertia\"\nequation = [\"dx = v dt\", \"dv = ((a + y)*x - v)/m dt\", "
        "\"dy = -y/theta dt + sigma/theta dW\"]\nparameters = {{a = {}, sigma = {}, m = {}, theta = {}}}\n"
        "[integrator]\nscheme = \"heun\"\ndt = 0.05\n",
        a, sigma, mass, theta);
}

struct Reference {
    double value, bias;
};

/// Growth per unit of time, after the direction (x, v) and the noise have forgotten how they started.
Claim later_growth_claim(Laboratory& laboratory, const Words& words, const std::string& toml, double from,
                         double to, Reference reference) {
    auto s = run_of_text(toml, 1, 1 << 16);
    s.steps = static_cast<std::uint64_t>(std::llround(to / s.dt));
    const auto growth = later_growth(laboratory, s, static_cast<std::uint64_t>(std::llround(from / s.dt)));
    Claim claim{words.section, words.statement, words.parameters, scaled(growth, 1 / s.dt),
                WrongTheory::of(reference.value)};
    claim.bias = reference.bias;
    return claim;
}

}  // namespace

/// The references are Galerkin solutions, and of Langevin's steps the transfer operator on the projective line.
Evidence noise_inertia(Laboratory& laboratory) {
    const char* section = "noise: inertia";
    struct Case {
        double a, sigma, mass, theta, growth;
        const char* statement;
    };
    Evidence evidence;
    for (const auto& [a, sigma, mass, theta, growth, statement] :
         {Case{0.05, 0.5, 0.5, 0.5, -0.02748142, "memory as long as momentum weakens the trap"},
          Case{0.02, 0.3, 2, 0.5, -0.021902357, "momentum that outlasts memory keeps it"}})
        evidence.claims.push_back(later_growth_claim(
            laboratory,
            {section, statement,
             fmt::format("m x'' + x' = (a + y) x, a = {}, sigma = {}, m = {}, theta = {}", a, sigma, mass,
                         theta)},
            inertial(a, sigma, mass, theta), 20, 80, {growth, 5e-5}));  // the bias is Heun's, of order dt^2
    evidence.claims.push_back(later_growth_claim(
        laboratory,
        {section, "BAOAB's own growth; the equation's is -0.108546", "x'' + 2 x' = 0.1 x + x w, dt = 0.4"},
        "[model]\nname = \"claim langevin\"\nequation = [\"dx = v dt\", \"dv = (0.1*x - 2*v) dt + x dW\"]\n"
        "[integrator]\nscheme = \"baoab\"\ndt = 0.4\n",
        20, 400, {-0.114807, 1e-6}));
    evidence.claims.back().discretisation = -0.114807 + 0.108546;
    return evidence;
}

namespace {

/// E|x|^kappa at the end, from x = 1.
Claim moment_claim(Laboratory& laboratory, const Words& words, const Simulation& s, double kappa,
                   double theory) {
    std::vector<double> powers;
    const auto columns = laboratory.collect(s).front();
    for (const double log_abs : columns.log_abs[0]) powers.push_back(std::exp(kappa * log_abs));
    return {words.section, words.statement, words.parameters, Moments::of(powers).mean_estimate(),
            WrongTheory::of(theory)};
}

/// E|x[n]|^kappa of a factor that is `up` or `down` and keeps its kind with odds `keep`; both kinds are equally likely at
/// the start.
double persistent_moment(double up, double down, double keep, double kappa, std::uint64_t steps) {
    const double of_up = std::pow(std::abs(up), kappa), of_down = std::pow(std::abs(down), kappa);
    double at_up = 0.5, at_down = 0.5;
    for (std::uint64_t n = 0; n < steps; ++n) {
        const double next_up = keep * of_up * at_up + (1 - keep) * of_down * at_down;
        at_down = (1 - keep) * of_up * at_up + keep * of_down * at_down;
        at_up = next_up;
    }
    return at_up + at_down;
}

/// dx = a x dt + sigma x dW in two regimes, (a, sigma) = (0.2, 0.5) and (0.1, 1), which change at the rates 1 and 2. With
/// v the eigenvector of diag(kappa a + sigma^2 kappa (kappa - 1)/2) + Q to the eigenvalue 0, v |x|^kappa is a martingale. A
/// step takes the mean of what its two ends say, which leaves an error of order h^2.
Claim regimes_claim(Laboratory& laboratory, const char* section) {
    constexpr double kappa = 0.3215194, h = 0.1, rates[] = {1, 2};
    constexpr int steps = 40;
    const auto rate_of_moment = [&](double a, double sigma) {
        return kappa * a + sigma * sigma * kappa * (kappa - 1) / 2;
    };
    const double d[] = {rate_of_moment(0.2, 0.5), rate_of_moment(0.1, 1)};
    require(std::abs((d[0] - rates[0]) * (d[1] - rates[1]) - rates[0] * rates[1]) < 1e-6,
            "kappa is not where moments stay");
    const double leaves = -std::expm1(-3 * h) / 3, flips[] = {rates[0] * leaves, rates[1] * leaves};
    double v[] = {1, 1 - d[0] / rates[0]};
    const double of_start = (2 * v[0] + v[1]) / 3;
    for (double& weight : v) weight /= of_start;
    const auto s = run_of_text(
        fmt::format(
            "[model]\nname = \"claim regimes and tails\"\n"
            "next = [\"y = y + step(n - 0.5)*(m(s, k)*h + sqrt(h*q(s, k))*z)\", \"k = s\"]\n"
            "parameters = {{h = {}}}\n[functions]\n"
            "drift = \"0.2 - 0.1*u - (0.5 + 0.5*u)^2/2\"\nm = \"(drift(u) + drift(v))/2\"\n"
            "q = \"((0.5 + 0.5*u)^2 + (0.5 + 0.5*v)^2)/2\"\n[noise]\n"
            "s = {{process = \"switching\", up = {:.17g}, down = {:.17g}}}\nz = {{sd = 1.0}}\n"
            "[ensemble]\nx0 = 0.0\n[observe]\ngrowth = false\nof = \"exp({}*y)*({:.17g} + {:.17g}*k)\"\n",
            h, flips[0], flips[1], kappa, v[0], v[1] - v[0]),
        steps + 1, 1 << 19);
    double at[] = {2.0 / 3, 1.0 / 3};
    for (int n = 0; n < steps; ++n) {
        const double grown[] = {at[0] * std::exp(h * d[0] / 2), at[1] * std::exp(h * d[1] / 2)};
        at[0] = (grown[0] * (1 - flips[0]) + grown[1] * flips[1]) * std::exp(h * d[0] / 2);
        at[1] = (grown[1] * (1 - flips[1]) + grown[0] * flips[0]) * std::exp(h * d[1] / 2);
    }
    const double of_steps = at[0] * v[0] + at[1] * v[1];
    return {section,
            "regimes: E v|x|^kappa = 1 at kappa = 0.3215194, v the weight of a regime",
            "(a, sigma) = (0.2, 0.5), (0.1, 1), rates 1, 2, t = 4",
            Moments::of(laboratory.collect(s).front().value[0]).mean_estimate(),
            WrongTheory::of(of_steps),
            of_steps - 1};
}

}  // namespace

/// kappa is where E|x|^kappa neither grows nor falls: the exponent of the tail P(|x| > r) ~ r^-kappa that additive noise
/// leaves (Kesten 1973). Its values are an independent program's.
Evidence noise_moments(Laboratory& laboratory) {
    const char* section = "noise: tails";
    Evidence evidence;
    const auto jumping = run_of_text(
        "[model]\nname = \"claim jumps\"\nnext = \"x*exp(h*(0.3 - 0.5^2/2) + sqrt(h)*0.5*z)*pow(1.5, "
        "N)*pow(0.5, M)\"\n"
        "parameters = {h = 0.5}\n[noise]\nz = {law = \"gaussian\"}\nN = {law = \"jumps\", rate = 0.5}\n"
        "M = {law = \"jumps\", rate = 0.5}\n",
        8, 1 << 19);
    evidence.claims.push_back(moment_claim(
        laboratory,
        {section, "jumps: E|x|^kappa = 1 at kappa = 0.2580507", "a = 0.3, sigma = 0.5, jumps +-0.5, t = 4"},
        jumping, 0.2580507, 1));
    struct Case {
        double keep, kappa;
        std::uint64_t steps;  // so few that rare paths do not make the moment
    };
    for (const auto& [keep, kappa, steps] : {Case{0.5, 0.731444, 8}, Case{0.9, 0.082711, 24}}) {
        const double settled = persistent_moment(1.65, 0.45, keep, kappa, 1000),
                     then = persistent_moment(1.65, 0.45, keep, kappa, steps);
        require(std::abs(settled / persistent_moment(1.65, 0.45, keep, kappa, 2000) - 1) < 1e-3,
                "kappa is not where moments stay");
        const auto s = run_of_text(
            fmt::format("[model]\nname = \"claim switching\"\nnext = \"(1.05 + 0.6*(2*s - 1))*x\"\n[noise]\n"
                        "s = {{process = \"switching\", up = {0}, down = {0}}}\n",
                        1 - keep),
            steps, 1 << 19);
        evidence.claims.push_back(moment_claim(
            laboratory,
            {section, fmt::format("persistence: E|x|^kappa, {:.4f} for ever at kappa = {}", settled, kappa),
             fmt::format("mu = 1.05, s = 0.6, q = {}, n = {}", keep, steps)},
            s, kappa, then));
    }
    evidence.claims.push_back(regimes_claim(laboratory, section));
    return evidence;
}

/// Noise whose law is tilted by |A|^kappa, E|A|^kappa = 1, carries every path out; a path counts with the ratio of the two
/// laws along it (Siegmund 1976). Here the tilted law of z is replaced by a normal one of its mean and deviation, from which
/// it differs so little that a path's weight has a relative deviation of a fifth, however far out the level is.
Evidence rare_escapes(Laboratory& laboratory) {
    struct Case {
        double level, odds;
    };
    Evidence evidence;
    for (const auto& [level, odds] : {Case{1e2, 5.20109e-6}, Case{1e4, 3.33840e-11}, Case{1e6, 2.1446e-16}}) {
        const auto toml = fmt::format(
            "[model]\nname = \"claim tilt\"\nnext = [\"x = x + step(L - x)*log(abs(m + s*z(xi)))\", "
            "\"w = w + step(L - x)*(xi^2/2 - z(xi)^2/2 + log(c))\"]\n"
            "parameters = {{m = 0.98, s = {}, L = {}, b = 0.4024080260, c = 0.9695867167}}\n"
            "[functions]\nz = \"b + c*u\"\n[noise]\nxi = {{law = \"gaussian\"}}\n[ensemble]\nx0 = 0.0\n"
            "[observe]\ngrowth = false\nof = \"step(x - L)*exp(w)\"\n",
            0.5 * std::sqrt(0.1), std::log(level));
        auto s = run_of_text(toml, 2000, 1 << 16);
        Claim claim{
            "rare escapes", "P(|x| ever reaches L |x0|), by tilted noise",
            fmt::format("a = -0.2, sigma = 0.5, dt = 0.1, L = {:.0e}, in units of {:.1e}", level, odds),
            scaled(Moments::of(laboratory.collect(s).front().value[0]).mean_estimate(), 1 / odds),
            WrongTheory::of(1)};
        claim.bias = 1.2e-3;  // three standard errors of the reference, which sampled the tilted law itself
        evidence.claims.push_back(claim);
    }
    return evidence;
}

/// Odds that |x| reaches R before 0, in the natural coordinate y: walks that have come least far are begun again where others
/// passed them. Between its steps a walk is farther than at them by 0.5826 sqrt(h) on average, which moves both ends. What
/// that leaves, 0.53 % at this step, follows from the integral equation of the walk, solved by an independent program.
Evidence rare_splitting(Laboratory& laboratory) {
    constexpr double a = -0.5, sigma = 0.5, tau = 0.5, x0 = 0.1, radius = 54.99, h = 0.01, left = 5.3e-3;
    constexpr std::size_t walks = 500;
    const auto natural = [](double x) { return std::asinh(sigma * x / tau) / sigma; };
    const double inwards = mean_overshoot * std::sqrt(h), root = std::sqrt(h),
                 drift = (a / sigma - sigma / 2) * h;
    const auto step = [&](double y, PathDraws& draws) {
        return y + drift * std::tanh(sigma * y) + root * draws.normal();
    };
    // s(x0)/s(R) with s(x) = int_0^x (1 + sigma^2 u^2/tau^2)^(-a/sigma^2) du, which is of a polynomial here.
    static_assert(-a / (sigma * sigma) == 2 && sigma == tau);
    const auto scale = [](double x) { return x + 2 * x * x * x / 3 + x * x * x * x * x / 5; };
    const double exact = scale(x0) / scale(radius);
    std::vector<double> odds;
    for (auto runs = std::max<std::uint64_t>(laboratory.paths_of(1 << 18) * 30 >> 18, 8); runs > 0; --runs)
        odds.push_back(odds_by_splitting(step, natural(x0), inwards, natural(radius) - inwards, walks,
                                         laboratory.take_seed()) /
                       exact);
    Claim claim{"rare escapes",
                "P(|x| reaches R before 0), by splitting, in units of the exact odds",
                fmt::format("a = -0.5, sigma = tau = 0.5, x0 = 0.1, R = {}, dt = {}, odds {:.6e}, {} walks",
                            radius, h, exact, walks),
                Moments::of(odds).mean_estimate(),
                WrongTheory::of(1),
                left};
    claim.bias = left;
    return {{claim}, nlohmann::ordered_json::object()};
}

}  // namespace noisetrap
