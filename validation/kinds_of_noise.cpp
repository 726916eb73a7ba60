// One saddle under noises of equal size and different kind: which of them trap. Each row is a formula, as a user would write
// it, with a few of its paths and its growth rate, measured and exact.
#include <fmt/core.h>

#include <cmath>
#include <optional>

#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"

namespace noisetrap {
namespace {

constexpr std::uint64_t steps = 300, forgotten = 60, every = 5, paths = 1 << 14, shown = 6;

struct Kind {
    const char *group, *name, *model, *noise;
    std::optional<double> reference =
        {};  // where the table has no answer: log 1.1 + 0.2 log 0.5, or an independent program's
};

constexpr const char *saddle_of_xi = "next = \"x + (0.1 + xi)*x\"\n",
                     *with_momentum =
                         "next = [\"x = x + 0.7*v + (0.05 + 0.5*cos(pi*i))*x\", \"v = 0.7*v + (0.05 + "
                         "0.5*cos(pi*i))*x\"]\n";

const Kind kinds[] = {
    {"tails", "two-point", saddle_of_xi, "xi = {law = \"two-point\", sd = 0.5}"},
    {"tails", "normal", saddle_of_xi, "xi = {law = \"gaussian\", sd = 0.5}"},
    {"tails", "Student's t, ν = 5", saddle_of_xi, "xi = {law = \"student-t\", nu = 5, sd = 0.5}"},
    {"tails", "Student's t, ν = 3", saddle_of_xi, "xi = {law = \"student-t\", nu = 3, sd = 0.5}"},
    {"tails", "stable, α = 1.5", saddle_of_xi, "xi = {law = \"stable\", alpha = 1.5, scale = 0.4}"},
    {"tails", "stable, α = 1 (Cauchy)", saddle_of_xi, "xi = {law = \"stable\", alpha = 1.0, scale = 0.4}"},
    {"jumps", "halved once in 5 steps", "next = \"1.1*pow(0.5, N)*x\"\n", "N = {law = \"jumps\", rate = 0.2}",
     -0.043319256308},
    {"memory", "anticorrelated", saddle_of_xi, "xi = {process = \"anticorrelated\", sd = 0.5}"},
    {"memory", "correlated over 5 steps", saddle_of_xi,
     "xi = {process = \"correlated\", correlation_time = 5, sd = 0.5}"},
    {"memory", "two states, 10 steps each", "next = \"(1.1 + 0.5*(2*s - 1))*x\"\n",
     "s = {process = \"switching\", up = 0.1, down = 0.1}"},
    {"order, with momentum", "samples reshuffled", with_momentum,
     "i = {process = \"samples\", samples = 4, reshuffled = 1}", -0.03566},
    {"order, with momentum", "samples drawn anew", with_momentum,
     "i = {process = \"samples\", samples = 4, reshuffled = 0}", 0.04860}};

/// log10|x| of the first paths, in thousandths: as fine as a picture shows.
nlohmann::json first_paths(const PathColumns& columns) {
    auto all = nlohmann::json::array();
    for (std::uint64_t path = 0; path < shown; ++path) {
        auto heights = nlohmann::json::array();
        for (const auto& at_step : columns.log_abs)
            heights.push_back(std::round(1000 * at_step[path] / std::log(10.0)) / 1000);
        all.push_back(std::move(heights));
    }
    return all;
}

}  // namespace

Experiment kinds_of_noise(Laboratory& laboratory) {
    std::vector<std::uint64_t> observed;
    for (std::uint64_t step = 0; step <= steps; step += every) observed.push_back(step);
    Experiment e{"kinds", {{"a", 0.1}, {"steps", observed}, {"rows", nlohmann::json::array()}}, {}};
    for (const auto& kind : kinds) {
        auto s = run_of_text(
            fmt::format("[model]\nname = \"kind of noise\"\n{}[noise]\n{}\n", kind.model, kind.noise), steps,
            paths);
        s.observe.steps = observed;
        const auto columns = laboratory.collect(s).front();
        auto grown = columns.log_abs.back();
        const auto& from = columns.log_abs[forgotten / every];
        for (std::size_t i = 0; i < grown.size(); ++i) grown[i] -= from[i];
        const auto growth = scaled(Moments::of(grown).mean_estimate(), 1.0 / (steps - forgotten));
        const double known = kind.reference ? *kind.reference : exact(Quantity::growth, Of::scheme, {s});
        e.claims.push_back({"which noise traps", "growth rate per step",
                            fmt::format("{}: {}", kind.group, kind.name), growth, known});
        e.data["rows"].push_back(
            {{"group", kind.group},
             {"name", kind.name},
             {"growth", {{"value", growth.value}, {"standard_error", growth.standard_error}}},
             {"exact", known},
             {"log10_abs", first_paths(columns)}});
    }
    return e;
}

}  // namespace noisetrap
