#include "engine/input/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "engine/error.hpp"
#include "engine/input/config_parts.hpp"
#include "engine/input/observed.hpp"
#include "engine/input/suggestions.hpp"

namespace noisetrap {
namespace {

void read_terms(ConfigReader& reader, Comparison& comparison) {
    auto& s = comparison.common;
    reader.know_table("compare");
    comparison.budget = reader.number("compare.budget", 10000, {0, most, true},
                                      "gradients of single samples that each path may spend");
    s.observe.exit_radius = reader.number("compare.exit_radius", 10, {0, 1e300, true},
                                          "a path has escaped at |x| >= exit_radius [length]");
    s.observe.exit = ExitWatch::at_steps;
    read_observed(reader, "compare", s);
    read_exit_number(reader, "compare", s, true);
    check_exit(reader, s, "compare.exit_radius");
    comparison.quantiles = read_probabilities(reader, "compare.quantiles", {0.1, 0.5, 0.9},
                                              "probabilities p of the quantiles of the cost of escape");
    if (comparison.quantiles.empty())
        reader.complain("compare.quantiles", "is an empty list: give at least one");
    const auto points = reader.integer("compare.points", 100, {1, 100000}, "of the survival curve");
    for (std::uint64_t i = 0; i <= points; ++i)
        comparison.costs.push_back(comparison.budget * static_cast<double>(i) / static_cast<double>(points));
}

std::vector<std::string> varied_keys(const std::vector<ParameterValues>& grid) {
    std::vector<std::string> varied;
    for (const auto& [key, value] : grid.front())
        if (std::any_of(grid.begin(), grid.end(),
                        [&key = key, &value = value](const auto& point) { return point.at(key) != value; }))
            varied.push_back(key);
    return varied;
}

void check(const ConfigReader& reader, const Simulation& s, const std::string& section) {
    check_together(reader, s, section);
    check_lengths(reader, s, "compare.exit_radius");
    check_start_of_numbers(reader, "compare", s);
}

/// The optimiser of a table, with a contender for each point of its grid.
void read_contenders(ConfigReader& reader, const std::string& model, const std::string& label,
                     Comparison& comparison) {
    const std::string section = "optimisers." + label;
    reader.know_table(section);
    const std::string letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    if (label.find_first_not_of(letters) != std::string::npos)
        throw InputError(
            fmt::format("optimisers.\"{}\" is not a label: use letters, digits, - and _", label));
    std::vector<std::string> methods;
    for (const auto* entry : entries_of(model)) methods.push_back(entry->method);
    const bool known = std::find(methods.begin(), methods.end(), label) != methods.end();
    if (!known && !reader.has(section + ".name"))
        reader.complain(section, fmt::format("is not the name of an optimiser: give it one, name = '{}'{}",
                                             methods.front(), did_you_mean(label, methods)));
    const auto method = reader.word(section + ".name", label, methods,
                                    fmt::format("optimiser: {}", fmt::join(methods, ", ")));
    const auto* entry = find_entry(model, method);
    const auto grid = read_parameter_grid(reader, section, entry->method_parameters);
    const auto varied = varied_keys(grid);
    for (const auto& point : grid) comparison.contenders.push_back({label, entry, point, varied, {}, 0});
    if (comparison.contenders.size() > most_grid_points)
        reader.complain(section, fmt::format("brings all grids to more than {} points", most_grid_points));
}

/// What a contender may do for its budget.
void settle_steps(const ConfigReader& reader, Comparison& comparison) {
    for (auto& contender : comparison.contenders) {
        check(reader, simulation_of(comparison, contender), "optimisers." + contender.label);
        contender.cost = contender.entry->cost(comparison.common.ensembles[0], contender.parameters);
        contender.steps = contender.cost.steps_within(comparison.budget, static_cast<std::uint64_t>(most));
        if (contender.steps == 0)
            reader.complain("compare.budget",
                            fmt::format("= {} does not pay for one step of {}, which costs {}",
                                        comparison.budget, contender.label, contender.cost.of(1)));
    }
}

/// Every key of a file is asked for here, and nowhere else.
Comparison read_keys(ConfigReader& reader, const std::string& name) {
    Comparison comparison;
    auto& s = comparison.common;
    const auto& first = read_model(reader);
    if (first.formulation == Formulation::sde)
        reader.complain("model.name",
                        fmt::format("= '{}' is an SDE: optimisers are compared on losses", first.model));
    if (!first.cost) reader.complain("model.next", "is stepped as it is: optimisers are compared on losses");
    s.ensembles = {read_parameters(reader, "model", first.model_parameters)};
    s.entry = &first;
    read_ensemble(reader, s);
    read_terms(reader, comparison);
    s.observe.growth = reader.flag("compare.growth", first.differentiable,
                                   "follow log |dx(n)/dx(0)| of every path over the whole budget");
    if (s.observe.growth && !first.differentiable)
        reader.complain("compare.growth",
                        fmt::format("= true does not fit: the gradient of '{}' jumps", first.model));
    read_run(reader, s.run);
    const auto labels = reader.tables_in("optimisers");
    if (labels.empty())
        throw InputError(
            fmt::format("{}: there is nothing to compare: give a table [optimisers.NAME] for each optimiser, "
                        "for example [optimisers.sgd]",
                        name));
    for (const auto& label : labels) read_contenders(reader, first.model, label, comparison);
    return comparison;
}

}  // namespace

Declarations keys_of_comparison(const std::string& toml) {
    ConfigReader reader(toml, "a file", {});
    read_keys(reader, "a file");
    return reader.declarations();
}

Comparison comparison_from_text(const std::string& toml, const std::string& name,
                                const std::vector<std::string>& settings, StopToken stop) {
    ConfigReader reader(toml, name, settings, stop);
    auto comparison = read_keys(reader, name);
    settle_steps(reader, comparison);
    reader.refuse_unknown_keys();
    comparison.resolved = reader.take_resolved();
    return comparison;
}

Comparison read_comparison(const std::string& file, const std::vector<std::string>& settings,
                           StopToken stop) {
    return comparison_from_text(text_of_file(file), file, settings, stop);
}

Simulation simulation_of(const Comparison& comparison, const Contender& contender) {
    Simulation s = comparison.common;
    s.entry = contender.entry;
    s.method = contender.parameters;
    s.steps = contender.steps;
    for (const double cost : comparison.costs) {
        const auto step = static_cast<double>(contender.cost.steps_within(cost, contender.steps));
        if (s.observe.survival_steps.empty() || step > s.observe.survival_steps.back())
            s.observe.survival_steps.push_back(step);
    }
    return s;
}

}  // namespace noisetrap
