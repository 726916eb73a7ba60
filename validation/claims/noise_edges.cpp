// Claims about where traps begin and end under noises that users of other tools expect, about what an epoch of samples
// does, and about first passage under a schedule. Each model is a formula, as a user would write it; the references are
// figures of an independent program.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/input/sweep.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/law_tests.hpp"
#include "validation/swept_points.hpp"

namespace noisetrap {
namespace {

constexpr const char* edges = "noise: edges of the trap";

/// x <- x(1 + a + xi) with the noise xi as a table of TOML, whose numbers may name the parameter `width`.
Simulation saddle_of(const char* name, double a, double width, const std::string& xi, std::uint64_t paths) {
    return run_of_text(fmt::format("[model]\nname = \"claim edge {}\"\nnext = \"x + (a + xi)*x\"\n"
                                   "parameters = {{a = {}, width = {}}}\n[noise]\nxi = {{{}}}\n",
                                   name, a, width, xi),
                       1000, paths);
}

struct Edge {
    const char *name, *xi, *text;
    double a, width, unit;  // the unit is what the width is given in
};

/// Growth is 0 there: moved by a few standard errors' worth the edge is none.
Claim at_edge(Laboratory& laboratory, const Edge& edge) {
    const auto s = saddle_of(edge.name, edge.a, WrongTheory::of(edge.width) * edge.unit, edge.xi, 1 << 17);
    return {edges, "growth is 0 at the edge", fmt::format("{}, {:.7g}", edge.text, edge.width),
            growth_of(laboratory, s), 0};
}

/// The largest a at which Student's noise of three degrees traps, which it does at sigma = 1 + a: sqrt(e/2) - 1.
Claim largest_trapped(Laboratory& laboratory) {
    const auto swept = laboratory.sweep(sweep_from_text(
        "[model]\nname = \"claim largest a\"\nnext = \"x + (a + xi)*x\"\nparameters = {a = 0.2}\n"
        "[noise]\nxi = {law = \"student-t\", nu = 3, sd = \"1 + a\"}\n[integrator]\nsteps = 1000\n"
        "[ensemble]\npaths = 4096\n[sweep]\nmap = false\nmodel.a = {from = 0.1, to = 0.3, points = 11}\n"
        "observe = [\"growth\"]\n[sweep.boundary]\nobservable = \"growth\"\naccuracy = 0.002\nerror = 1e-6\n",
        "claim", {}, {}));
    const auto& curve = swept.found.curves.at(0);
    Claim claim{edges,
                "the largest a that any width traps, by the search for boundaries",
                "Student's t, nu = 3",
                {curve.y.at(0), curve.standard_error.at(0)},
                WrongTheory::of(0.16582199)};
    claim.bias = curve.standard_error.at(0) / 4;  // of a search that stops where chance helps
    return claim;
}

}  // namespace

Evidence noise_edges(Laboratory& laboratory) {
    const char* student = "law = \"student-t\", nu = 3, sd = \"width\"";
    const char* remembering = "process = \"correlated\", correlation_time = 1.0, sd = \"width\"";
    const double root = std::sqrt(0.05);  // of the step: a h and sigma sqrt(h) per step
    Evidence evidence;
    for (const auto& edge :
         {Edge{"t3-lower", student, "Student's t, nu = 3, a = 0.1, lower edge: sd =", 0.1, 0.582019, 1},
          Edge{"t3-upper", student, "Student's t, nu = 3, a = 0.1, upper edge: sd =", 0.1, 1.696371, 1},
          Edge{"memory", remembering, "memory of one step of 0.05, a = 0.1: sigma =", 0.005, 0.655356, root}})
        evidence.claims.push_back(at_edge(laboratory, edge));
    const auto thin = saddle_of("t5-trap", 0.02, 0.4, "law = \"student-t\", nu = 5, sd = \"width\"", 1 << 16);
    evidence.claims.push_back({edges, "E log|1 + a + xi| per step", "Student's t, nu = 5, a = 0.02, sd = 0.4",
                               growth_of(laboratory, thin), WrongTheory::of(-0.0674312174)});
    evidence.claims.push_back(largest_trapped(laboratory));
    return evidence;
}

/// Eight samples xi = +-0.7. Every order multiplies to the same product; a batch of two is another matter, with 105 ways to
/// make an epoch of pairs.
Evidence noise_epochs(Laboratory& laboratory) {
    const char* section = "noise: order of samples";
    Evidence evidence;
    constexpr std::uint64_t epochs = 50, samples = 8;
    const double product = std::log(1.8 * 0.4) / 2;  // E log|1.1 +- 0.7|
    const auto single = run_of_text(
        "[model]\nname = \"claim epochs\"\nnext = \"x + (0.1 + 0.7*cos(pi*i))*x\"\n[noise]\n"
        "i = {process = \"samples\", samples = 8, reshuffled = 1}\n",
        epochs * samples, 1 << 12);
    double farthest = 0;
    const auto ends = laboratory.collect(single).front().log_abs[0];
    for (const double size : ends)
        farthest = std::max(farthest, std::abs(size - WrongTheory::of(product) * epochs * samples));
    evidence.claims.push_back(count_claim(
        section, "reshuffled: log|x| is the same on all paths at the end of an epoch, but for rounding",
        "N = 8, n = 400, growth -0.1642520 a step", farthest < 1e-3, 1));
    // A step takes one sample; the second of a pair moves x by the mean of both.
    const double kappa = 1.5909590;
    const auto pairs = run_of_text(
        "[model]\nname = \"claim pairs\"\nnext = [\"x = x + odd*(0.1 + 0.35*(cos(pi*k) + cos(pi*i)))*x\", "
        "\"k = i\", \"odd = 1 - odd\"]\n[noise]\ni = {process = \"samples\", samples = 8, reshuffled = 1}\n",
        samples, 1 << 19);
    std::vector<double> powers;
    const auto sizes = laboratory.collect(pairs).front().log_abs[0];
    for (const double size : sizes) powers.push_back(std::exp(kappa * size));
    evidence.claims.push_back({section, "reshuffled pairs: E|x|^kappa = 1 after an epoch at kappa = 1.590959",
                               "N = 8, b = 2, a = 0.1, sigma = 0.7", Moments::of(powers).mean_estimate(),
                               WrongTheory::of(1)});
    return evidence;
}

/// The mean time until |x| is ten times its start under l(t) = 0.2/(1 + t/100), dx = l x dt + 5 l x dW. In the time
/// u = t/(1 + t/100) that the noise measures, log|x| has noise of strength 1, for which bridges are exact but for the drift,
/// and the drift 0.2/(1 - u/100) - 1/2. The reference solves the backward equation; 2.3e-5 of all paths take longer than 9900.
Evidence noise_first_passage(Laboratory& laboratory) {
    constexpr double u_end = 99, du = 1.0 / 32;
    const auto time = [](double u) { return u / (1 - u / 100); };
    auto s = run_of_text(
        fmt::format("[model]\nname = \"claim passage under a schedule\"\n"
                    "equation = \"dx = (0.2/(1 - t/100) - 0.5) dt + 1 dW\"\n[ensemble]\nx0 = 0.0\n"
                    "[integrator]\ndt = {}\n",
                    du),
        static_cast<std::uint64_t>(u_end / du), 1 << 17);
    s.observe.exit = ExitWatch::with_bridge;
    s.observe.exit_radius = std::log(10.0);
    s.observe.exit_side = ExitSide::upper;
    const auto levels = laboratory.collect_levels(s);
    const auto times = [&](const PathColumns& columns, double factor) {
        std::vector<double> rows;
        for (const double step : columns.exit_step)
            rows.push_back(time(step == 0 ? u_end : (step - 0.5) * factor * du));
        return rows;
    };
    auto claim = extrapolated_claim(
        {"noise: schedules", "mean time to ten times the start", "l = 0.2/(1 + t/100), a = l, sigma = 5 l"},
        times(levels.coarse, 4), times(levels.middle, 2), times(levels.fine, 1), 1, 1,
        WrongTheory::of(922.5));
    claim.bias = 0.3;  // of the reference, and of paths that are counted as there at 9900
    return {{claim}, nlohmann::ordered_json::object()};
}

}  // namespace noisetrap
