// What cannot be of a model that is a formula: its starts, and the numbers of its noises.
#include <fmt/format.h>

#include "engine/catalogue/equations/model.hpp"

namespace noisetrap::equations {

std::string start_complaint(const Model& model, const ParameterValues& parameters, double x0) {
    const auto& equation = model.given.equation;
    auto values = model.values(parameters);
    values["t"] = values["n"] = 0;
    if (!model.is_sde())
        for (const auto& noise : equation.noises) values[noise.name] = 0;
    const auto look = [&](const formula::Tree& tree, const std::string& what) -> std::string {
        const auto* node = formula::not_finite_in(tree, values, x0);
        if (!node) return "";
        const bool divides =
            node->kind == formula::Kind::quotient && formula::value_of(node->parts[1], values, x0) == 0;
        return fmt::format("is no start: {} {} at column {}", what,
                           divides ? "divides by zero there," : "has no finite value there,", node->place);
    };
    constexpr const char* of_form[] = {"the drift", "the next state", "the gradient"};
    const std::string what = of_form[static_cast<int>(equation.form)];
    if (!model.is_system()) {
        auto wrong = look(equation.drift, what);
        for (const auto& noise : equation.noises)
            if (wrong.empty() && model.is_sde()) wrong = look(noise.factor, "the factor of " + noise.name);
        return wrong;
    }
    for (const auto& component : equation.system) {
        const auto start = values.find(formula::start_name(component.variable));
        values[component.variable] = start == values.end() ? x0 : start->second;
    }
    std::string wrong;
    for (const auto& component : equation.system) {
        if (wrong.empty()) wrong = look(component.drift, what + " of " + component.variable);
        for (std::size_t i = 0; i < component.factors.size() && wrong.empty(); ++i)
            wrong = look(component.factors[i], "a factor of " + equation.noises[i].name);
    }
    return wrong;
}

namespace {

/// The parameter to blame for a number of a noise.
Complaint blame(const Model& model, const formula::Tree& tree, const std::string& what) {
    for (const auto& info : model.given.parameters)
        if (formula::any_of(tree, [&](const auto& node) { return node.name == info.key; }))
            return {info.key, what};
    return {};
}

}  // namespace

Complaint noise_complaint_of(const Model& model, const ParameterValues& parameters) {
    const auto values = model.per_step(parameters, 1);
    if (const auto wrong =
            formula::correlation_complaint(model.given.equation, model.given.correlations, values);
        !wrong.empty())
        for (const auto& correlation : model.given.correlations)
            if (const auto complaint = blame(model, correlation.value, "does not fit: " + wrong))
                return complaint;
    for (std::size_t i = 0; i < model.given.sources.size(); ++i)
        for (std::size_t k = 0; k < model.given.sources[i].keys.size(); ++k) {
            const auto& tree = model.given.sources[i].keys[k];
            const auto& key = model.given.sources[i].facts->keys[k];
            const double value = formula::value_of(tree, values, 0);
            if (!key.allows(value))
                return blame(model, tree,
                             fmt::format("gives {} the {} {}, which {}", model.given.equation.noises[i].name,
                                         key.name, value, key.range()));
        }
    for (std::size_t i = 0; i < model.given.laws.size(); ++i) {
        const auto& noise = model.given.equation.noises[i];
        const auto [law, shape] = model.noise_law(i, values);
        const std::string wrong = noise.shape ? shape_complaint(law, shape) : "";
        if (!wrong.empty())
            return blame(
                model, noise.shape,
                fmt::format("gives {} the {} {}, which {}", noise.name, facts_of(law).shape, shape, wrong));
    }
    return {};
}

}  // namespace noisetrap::equations
