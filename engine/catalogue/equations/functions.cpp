// Models that are formulas as functions of plain numbers, for what is known without running them.
#include <utility>

#include "engine/catalogue/equations/model.hpp"
#include "engine/formula/calculus.hpp"

namespace noisetrap::equations {

std::function<double(double)> variance_of(const Model& model, const ParameterValues& parameters) {
    auto values = model.values(parameters);
    values["t"] = 0;
    return [&noises = model.given.equation.noises, values = std::move(values)](double x) {
        double sum = 0;
        for (const auto& noise : noises) {
            const double amplitude = formula::value_of(noise.factor, values, x);
            sum += amplitude * amplitude;
        }
        return sum;
    };
}

namespace {

FormulaFunctions::Function function_of(const formula::Tree& tree, const formula::Values& values) {
    return [tree, values](double x) { return formula::value_and_slope_of(tree, values, x); };
}

FormulaFunctions::Function between_calculi(const formula::Equation& equation, const formula::Values& values) {
    return [&equation, values](double x) {
        Dual<double> sum{0, 0};
        for (const auto& noise : equation.noises)
            sum = sum + formula::between_calculi(noise.factor, values, x);
        return sum;
    };
}

/// The next x with the values of the noises; under plain gradient descent that of a loss.
FormulaFunctions recursion_functions(const Model& model, const formula::Values& values, double rate) {
    FormulaFunctions functions;
    const auto& equation = model.given.equation;
    for (std::size_t i = 0; i < model.given.laws.size(); ++i)
        functions.laws.push_back(model.noise_law(i, values));
    for (std::size_t i = 0; i < equation.noises.size(); ++i) {
        const auto numbers = model.source_numbers(i, values);
        const auto& facts = *model.source(i).facts;
        functions.deviations.push_back(formula::value_of(equation.noises[i].factor, values, 0) *
                                       facts.spread(numbers));
        functions.levels.push_back(facts.levels(numbers));
    }
    functions.next = [&equation, here = formula::Values(values), rate](
                         double x, const std::vector<double>& noises) mutable {
        for (std::size_t i = 0; i < noises.size(); ++i) here[equation.noises[i].name] = noises[i];
        const auto right = formula::value_and_slope_of(equation.drift, here, x);
        return equation.form == formula::Form::loss ? Dual<double>{x, 1} - rate * right : right;
    };
    return functions;
}

/// Without noise. All variables but the one that is differentiated by are constants there.
FormulaFunctions system_functions(const Model& model, const formula::Values& values) {
    FormulaFunctions functions;
    const auto& system = model.given.equation.system;
    const auto at = [&system](formula::Values here, const std::vector<double>& state) {
        for (std::size_t i = 0; i < system.size(); ++i) here[system[i].variable] = state[i];
        return here;
    };
    functions.rates = [&system, values, at](const std::vector<double>& state) {
        std::vector<double> rates;
        const auto here = at(values, state);
        for (const auto& component : system)
            rates.push_back(formula::value_of(component.drift, here, state[0]));
        return rates;
    };
    functions.jacobian = [&system, values, at](const std::vector<double>& state) {
        std::vector<double> slopes;
        for (const auto& component : system)
            for (std::size_t j = 0; j < system.size(); ++j) {
                auto here = at(values, state);
                here.erase(system[j].variable);
                slopes.push_back(formula::value_and_slope_of(component.drift, here, state[j]).slope);
            }
        return slopes;
    };
    if (!model.is_sde()) return functions;
    functions.rates_between = [&system, values, at](const std::vector<double>& state) {
        std::vector<double> rates;
        for (const auto& [value, slope] :
             formula::between_calculi(system, at(values, state), system[0].variable))
            rates.push_back(value);
        return rates;
    };
    functions.jacobian_between = [&system, values, at](const std::vector<double>& state) {
        const auto size = system.size();
        std::vector<double> slopes(size * size);
        for (std::size_t j = 0; j < size; ++j) {
            const auto column = formula::between_calculi(system, at(values, state), system[j].variable);
            for (std::size_t i = 0; i < size; ++i) slopes[i * size + j] = column[i].slope;
        }
        return slopes;
    };
    return functions;
}

FormulaFunctions functions_of(const Model& model, const ParameterValues& parameters,
                              const ParameterValues& method) {
    auto values = model.values(parameters);
    values["t"] = values["n"] = 0;
    values[formula::time_step_name] = 1;
    const auto& equation = model.given.equation;
    if (!model.is_sde())
        for (const auto& noise : equation.noises) values[noise.name] = 0;
    if (model.is_system()) return system_functions(model, values);
    if (!model.is_sde()) {
        const auto rate = method.find("learning_rate");
        return recursion_functions(model, values, rate == method.end() ? 1 : std::get<double>(rate->second));
    }
    FormulaFunctions functions;
    functions.drift = function_of(equation.drift, values);
    for (const auto& noise : equation.noises)
        functions.amplitudes.push_back(function_of(noise.factor, values));
    functions.between_calculi = between_calculi(equation, values);
    for (std::size_t i = 0; i < equation.noises.size(); ++i)
        functions.laws.push_back(model.noise_law(i, values));
    return functions;
}

FormulaFacts::Shape shape_of(const Model& model) {
    const auto& equation = model.given.equation;
    const bool affine =
        formula::is_affine(equation.drift) &&
        (!model.is_sde() || std::all_of(equation.noises.begin(), equation.noises.end(),
                                        [](const auto& noise) { return formula::is_affine(noise.factor); }));
    const auto without_noise = formula::replaced(equation.drift, [](const formula::Node& node) {
        return node.role == formula::Role::noise ? formula::number(0) : nullptr;
    });
    if (!affine) return FormulaFacts::Shape::nonlinear;
    const bool multiplies =
        !model.is_sde() || std::any_of(equation.noises.begin(), equation.noises.end(),
                                       [](const auto& n) { return formula::has_x(n.factor); });
    return multiplies && formula::is_number(formula::at_zero(without_noise), 0) ? FormulaFacts::Shape::linear
                                                                                : FormulaFacts::Shape::affine;
}

}  // namespace

std::shared_ptr<const FormulaFacts> facts_of(const std::shared_ptr<const Model>& model) {
    FormulaFacts facts;
    const auto& equation = model->given.equation;
    std::vector<formula::Tree> trees;
    for (const auto& component : equation.system) {
        facts.variables.push_back(component.variable);
        if (const auto start = model->given.constants.find(formula::start_name(component.variable));
            start != model->given.constants.end())
            facts.starts.push_back(start->second);
        trees.push_back(component.drift);
        trees.insert(trees.end(), component.factors.begin(), component.factors.end());
    }
    if (!model->is_system()) {
        facts.variables = {equation.variable};
        trees.push_back(equation.drift);
        for (const auto& noise : equation.noises) trees.push_back(noise.factor);
        facts.shape = shape_of(*model);
        facts.linear_in_noise = formula::is_affine_in(formula::Role::noise, equation.drift);
    }
    facts.is_affine = formula::all(trees, formula::is_affine);
    for (const auto& tree : trees)
        facts.changes_in_time = facts.changes_in_time || formula::contains(tree, formula::Role::time) ||
                                formula::contains(tree, formula::Role::step_number);
    facts.standard_noise = !model->any_law([](Law law) { return !facts_of(law).standard; });
    facts.remembers = model->remembers();
    facts.functions = [model](const ParameterValues& parameters, const ParameterValues& method) {
        return functions_of(*model, parameters, method);
    };
    return std::make_shared<const FormulaFacts>(std::move(facts));
}

}  // namespace noisetrap::equations
