#include "engine/catalogue/equation_model.hpp"

#include <fmt/format.h>

#include <deque>
#include <memory>

#include "engine/catalogue/equations/model.hpp"
#include "engine/catalogue/own_model.hpp"
#include "models/optimisers.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {
namespace {

using equations::Model;

/// The family of the process, with its sources.
std::string with_sources(const Model& model, std::string family, bool kicks) {
    if (!model.remembers()) return family;
    for (const auto& source : model.given.sources) family += fmt::format(", {}", source.facts->type);
    return fmt::format("DrivenFamily<{}{}>", family, kicks ? ", Independent" : "");
}

Complaint no_complaint(const ParameterValues&) { return {}; }

/// What the entries of a model have in common.
CatalogueEntry entry_of(const std::shared_ptr<const Model>& model, const std::string& family,
                        const std::string& header) {
    CatalogueEntry entry;
    const auto& given = model->given;
    entry.model = given.name;
    entry.formulation = model->is_sde() ? Formulation::sde : Formulation::recursion;
    entry.equation = given.equation.text;
    entry.model_parameters = given.parameters;
    entry.differentiable = model->code.differentiable;
    entry.source = {family, {"models/equation.hpp", header}, "", model->code.text};
    if (model->remembers()) entry.source.headers.emplace_back("models/noise_processes.hpp");
    entry.known_noise = !model->any_law(has_shape) && !model->remembers();
    entry.model_complaint = [model](const ParameterValues& values) {
        return equations::noise_complaint_of(*model, values);
    };
    entry.method_complaint = no_complaint;
    entry.start_complaint = [model](const ParameterValues& values, double x0) {
        return equations::start_complaint(*model, values, x0);
    };
    entry.make = [model](const ParameterValues& parameters, const ParameterValues&, double dt,
                         Precision precision) {
        return equations::as_recursion(*model, parameters, dt, precision);
    };
    return entry;
}

/// An SDE of one variable or of several.
CatalogueEntry under_scheme(const std::shared_ptr<const Model>& model, const SchemeFacts& scheme) {
    const auto family = [&](const char* meant) {
        if (scheme.remembers)
            return fmt::format("RememberingFamily<{}, {}, Remembering>",
                               model->is_system() ? "EquationSystem" : "EquationStep", scheme.type);
        return model->is_system() ? fmt::format("SystemFamily<EquationSystem, {}, {}, DiscretisedSystem>",
                                                scheme.type, meant)
                                  : fmt::format("SdeFamily<Equation, {}, {}>", scheme.type, meant);
    };
    auto entry = entry_of(model, family("Discretised"), "sde/schemes.hpp");
    if (!model->any_law(has_shape)) entry.source_of_stratonovich = family("DiscretisedStratonovich");
    entry.method = scheme.name;
    entry.make = [model, &scheme](const ParameterValues& parameters, const ParameterValues&, double dt,
                                  Precision precision) {
        return equations::as_sde(*model, parameters, dt, precision, scheme);
    };
    for (const auto& component : model->given.equation.system)
        for (const auto& factor : component.factors)
            entry.noise_depends_on_time =
                entry.noise_depends_on_time || formula::contains(factor, formula::Role::time);
    if (model->is_system() || model->any_law(has_shape)) return entry;
    entry.drift = [model](const ParameterValues& parameters) {
        auto values = model->values(parameters);
        values["t"] = 0;
        return
            [model, values](double x) { return formula::value_of(model->given.equation.drift, values, x); };
    };
    entry.variance = [model](const ParameterValues& parameters) {
        return equations::variance_of(*model, parameters);
    };
    for (const auto& noise : model->given.equation.noises)
        entry.noise_depends_on_time =
            entry.noise_depends_on_time || formula::contains(noise.factor, formula::Role::time);
    return entry;
}

CatalogueEntry under_optimiser(const std::shared_ptr<const Model>& model, const OptimiserFacts& optimiser) {
    const auto family = fmt::format("RecursionFamily<Equation, {}>", optimiser.source.type);
    auto entry = entry_of(model, with_sources(*model, family, optimiser.kicks), optimiser.source.header);
    entry.method = optimiser.name;
    entry.method_equation = optimiser.equation;
    entry.method_parameters = optimiser.parameters;
    entry.differentiable = entry.differentiable && optimiser.differentiable;
    entry.method_complaint = optimiser.complaint;
    entry.cost = optimiser.cost;
    entry.make = [model, &optimiser](const ParameterValues& parameters, const ParameterValues& method,
                                     double dt, Precision precision) {
        return equations::optimised(*model, parameters, dt, precision, optimiser, method);
    };
    return entry;
}

std::deque<CatalogueEntry> all_entries(const std::shared_ptr<const Model>& model) {
    std::deque<CatalogueEntry> entries;
    const auto facts = equations::facts_of(model);
    if (model->is_sde()) {
        for (const auto& scheme : scheme_facts())
            if (scheme.converts && (scheme.for_systems || !model->is_system()) &&
                (!model->any_law(has_shape) || scheme.name == std::string(EulerMaruyama::name)) &&
                (!scheme.langevin || formula::is_langevin(model->given.equation)))
                entries.push_back(under_scheme(model, scheme));
    } else if (model->given.equation.form == formula::Form::recursion) {
        entries.push_back(
            entry_of(model, with_sources(*model, "MapFamily<EquationMap>", false), "sde/schemes.hpp"));
        entries.back().method = recursion_method;
    } else {
        for (const auto& optimiser : optimiser_facts()) entries.push_back(under_optimiser(model, optimiser));
    }
    const bool is_loss = model->given.equation.form == formula::Form::loss;
    for (auto& entry : entries)
        if (!is_loss || entry.method == Sgd::name) entry.formula = facts;
    return entries;
}

}  // namespace

std::string spectrum_complaint(const CatalogueEntry& entry) {
    if (!entry.formula || !entry.formula->is_system())
        return fmt::format(
            "goes with systems of formulas: of '{}' the growth rate is the one exponent that is known",
            entry.model);
    if (!entry.differentiable)
        return fmt::format("does not fit: a formula of '{}' jumps, and has no linearised flow", entry.model);
    const auto count = entry.formula->variables.size();
    if (count > most_exponents)
        return fmt::format("goes with {} variables at most, and '{}' has {}", most_exponents, entry.model,
                           count);
    return "";
}

void add_equation(const EquationModel& given) {
    const auto model = std::make_shared<const Model>(Model{given, formula::written(given.equation)});
    std::string key = "equation\n" + given.name + "\n" + given.equation.text + "\n" + model->code.text;
    for (const auto& info : given.parameters)
        key += fmt::format("\n{} = {}", info.key, std::get<double>(info.standard));
    for (std::size_t i = 0; i < model->code.active.size(); ++i)
        key += fmt::format("\n{}", static_cast<int>(model->law(i)));
    for (const auto& source : given.sources) {
        key += fmt::format("\n{}", source.facts->name);
        for (const auto& tree : source.keys) key += fmt::format(" {}", formula::text_of(tree));
    }
    for (const auto& [name, value] : given.constants) key += fmt::format("\n{} = {}", name, value);
    for (const auto& [name, value] : given.worked_out)
        key += fmt::format("\n{} = {}", name, formula::text_of(value));
    keep_own_entries(key, given.name, all_entries(model));
}

}  // namespace noisetrap
