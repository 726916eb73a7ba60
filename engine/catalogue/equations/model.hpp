// A model that was given as a formula: what its entries in the catalogue share, cut by subject.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "engine/catalogue/equation_model.hpp"
#include "engine/catalogue/formula_facts.hpp"
#include "engine/catalogue/optimiser_facts.hpp"
#include "engine/catalogue/scheme_facts.hpp"
#include "engine/formula/code.hpp"
#include "engine/formula/evaluate.hpp"
#include "engine/formula/shape.hpp"

namespace noisetrap::equations {

/// What the entries of one model share.
struct Model {
    EquationModel given;
    formula::Written code;

    formula::Values values(const ParameterValues& parameters) const {
        formula::Values values = given.constants;
        for (const auto& info : given.parameters) {
            const auto found = parameters.find(info.key);
            values[info.key] = std::get<double>(found == parameters.end() ? info.standard : found->second);
        }
        for (const auto& [name, value] : given.worked_out) values[name] = formula::value_of(value, values, 0);
        return values;
    }
    formula::Values per_step(const ParameterValues& parameters, double dt) const {
        auto all = values(parameters);
        all[formula::time_step_name] = dt;
        all[formula::root_name] = std::sqrt(dt);
        return all;
    }
    /// Then x does not grow as dx(t)/dx(0) does, though the equations be linear.
    bool starts_apart() const {
        return std::any_of(given.equation.system.begin(), given.equation.system.end(),
                           [&](const formula::Component& component) {
                               const auto start =
                                   given.constants.find(formula::start_name(component.variable));
                               return start != given.constants.end() && start->second != 0;
                           });
    }
    bool is_active(std::size_t noise, const std::vector<double>& coefficients) const {
        const auto& places = code.active[noise];
        return places.empty() || std::any_of(places.begin(), places.end(),
                                             [&](std::size_t place) { return coefficients[place] != 0; });
    }
    bool is_additive(std::size_t noise) const {
        const auto& equation = given.equation;
        if (!is_system()) return !formula::has_x(equation.noises[noise].factor);
        return std::none_of(equation.system.begin(), equation.system.end(),
                            [&](const auto& component) { return formula::has_x(component.factors[noise]); });
    }
    bool is_system() const { return !given.equation.system.empty(); }
    bool is_map() const { return given.equation.form == formula::Form::recursion; }
    bool is_sde() const { return given.equation.form == formula::Form::sde; }
    Law law(std::size_t noise) const { return given.laws.empty() ? Law::gaussian : given.laws[noise]; }
    bool any_law(bool (*test)(Law)) const { return std::any_of(given.laws.begin(), given.laws.end(), test); }
    bool remembers() const {
        return std::any_of(given.sources.begin(), given.sources.end(),
                           [](const NoiseSource& source) { return source.remembers(); });
    }
    NoiseSource source(std::size_t noise) const {
        return noise < given.sources.size() ? given.sources[noise] : NoiseSource{&noise_facts().front(), {}};
    }
    std::vector<double> source_numbers(std::size_t noise, const formula::Values& values) const {
        std::vector<double> numbers;
        const auto from = source(noise);
        for (const auto& tree : from.facts->numbers(from.keys))
            numbers.push_back(formula::value_of(tree, values, 0));
        return numbers;
    }
    /// The law with its shape, at these values of parameters and of the time step.
    NoiseLaw noise_law(std::size_t noise, const formula::Values& values) const {
        const auto& shape = given.equation.noises[noise].shape;
        return {law(noise), shape ? formula::value_of(shape, values, 0) : 0};
    }
};

// Processes (process.cpp)
PreparedProcess as_recursion(const Model&, const ParameterValues&, double dt, Precision);
PreparedProcess as_sde(const Model&, const ParameterValues&, double dt, Precision, const SchemeFacts&);
/// A loss under an optimiser.
PreparedProcess optimised(const Model&, const ParameterValues&, double dt, Precision, const OptimiserFacts&,
                          const ParameterValues& method);

// What cannot be (complaints.cpp)
/// Why a path cannot start at x0: the first part of the formula that has no value there.
std::string start_complaint(const Model&, const ParameterValues&, double x0);
/// The first number of a noise that cannot be, where it is a formula of parameters; plain ones are checked where they
/// are read.
Complaint noise_complaint_of(const Model&, const ParameterValues&);

// The formula as functions of numbers (functions.cpp)
/// What an SDE does per unit of time.
std::function<double(double)> variance_of(const Model&, const ParameterValues&);
/// Only gradient descent makes a recursion of one variable of a loss. The model lives as long as these.
std::shared_ptr<const FormulaFacts> facts_of(const std::shared_ptr<const Model>&);

}  // namespace noisetrap::equations
