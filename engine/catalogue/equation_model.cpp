#include "engine/catalogue/equation_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <memory>

#include "engine/catalogue/formula_facts.hpp"
#include "engine/catalogue/optimiser_facts.hpp"
#include "engine/catalogue/own_model.hpp"
#include "engine/catalogue/scheme_facts.hpp"
#include "engine/formula/calculus.hpp"
#include "engine/formula/code.hpp"
#include "engine/formula/evaluate.hpp"
#include "engine/formula/shape.hpp"
#include "models/optimisers.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {
namespace {

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

/// The coefficients as the kernel holds them.
struct Coefficients {
    std::vector<std::byte> bytes;
    std::vector<double> values;
};

template <class Real>
Coefficients rounded(const Model& model, const formula::Values& values) {
    std::vector<Real> members;
    Coefficients found;
    for (const auto& tree : model.code.coefficients) {
        members.push_back(static_cast<Real>(formula::value_of(tree, values, 0)));
        found.values.push_back(static_cast<double>(members.back()));
    }
    if (model.code.keeps_step_number) members.push_back(0);
    found.bytes.resize(members.size() * sizeof(Real));
    std::memcpy(found.bytes.data(), members.data(), found.bytes.size());
    return found;
}

Coefficients coefficients_of(const Model& model, const ParameterValues& parameters, double dt,
                             Precision precision) {
    const auto values = model.per_step(parameters, dt);
    return precision == Precision::single ? rounded<float>(model, values) : rounded<double>(model, values);
}

/// The last noises are left out where nothing needs them, but for the first of all.
void leave_out_last(std::vector<Law>& laws) {
    while (laws.size() > 1 && laws.back() == Law::none) laws.pop_back();
}

PreparedProcess prepared(const Model& model, const Coefficients& coefficients) {
    PreparedProcess process{coefficients.bytes, {}, model.code.always_moves, false, 0};
    for (const auto place : model.code.moving)
        process.moves_zero = process.moves_zero || coefficients.values[place] != 0;
    process.scaled = model.code.has_length || process.moves_zero || model.starts_apart();
    for (std::size_t i = 0; i < model.code.active.size(); ++i)
        process.laws.push_back(model.is_active(i, coefficients.values) ? model.law(i) : Law::none);
    return process;
}

/// The most jumps of a step.
double jumps_of(const Model& model, const formula::Values& values) {
    double most = 0;
    for (std::size_t i = 0; i < model.given.laws.size(); ++i)
        if (model.law(i) == Law::jumps) most = std::max(most, model.noise_law(i, values).shape);
    return most;
}

/// The process with what makes its noises behind it: the bytes of Driven (models/noise_processes.hpp), and the laws of
/// what the sources draw. Noises beyond those of the model are an optimiser's own.
template <class Real>
void append_sources(PreparedProcess& process, const Model& model, const formula::Values& values) {
    std::vector<Real> numbers;
    std::vector<Law> laws;
    auto inner = process.laws;
    inner.resize(std::max(inner.size(), model.given.sources.size()), Law::none);
    for (std::size_t i = 0; i < inner.size(); ++i) {
        if (!model.source(i).remembers()) {
            laws.push_back(inner[i]);
            continue;
        }
        for (const double number : model.source_numbers(i, values))
            numbers.push_back(static_cast<Real>(number));
        for (const auto law : model.source(i).facts->laws)
            laws.push_back(inner[i] == Law::none ? Law::none : law);
    }
    numbers.push_back(0);
    auto& bytes = process.bytes;
    const auto start = bytes.size(), whole = model.is_map() ? sizeof(Real) : sizeof(double);
    bytes.resize((start + numbers.size() * sizeof(Real) + whole - 1) / whole * whole);
    std::memcpy(bytes.data() + start, numbers.data(), numbers.size() * sizeof(Real));
    process.laws = laws;
    leave_out_last(process.laws);
}
void add_sources(PreparedProcess& process, const Model& model, const formula::Values& values,
                 Precision precision) {
    if (!model.remembers()) return;
    if (precision == Precision::single) return append_sources<float>(process, model, values);
    append_sources<double>(process, model, values);
}
/// The family of the process, with its sources.
std::string with_sources(const Model& model, std::string family, bool kicks) {
    if (!model.remembers()) return family;
    for (const auto& source : model.given.sources) family += fmt::format(", {}", source.facts->type);
    return fmt::format("DrivenFamily<{}{}>", family, kicks ? ", Independent" : "");
}

PreparedProcess as_recursion(const Model& model, const Coefficients& coefficients) {
    auto process = prepared(model, coefficients);
    leave_out_last(process.laws);
    return process;
}

PreparedProcess as_sde(const Model& model, const Coefficients& coefficients, const SchemeFacts& scheme) {
    auto process = prepared(model, coefficients);
    const auto all = process.laws;
    process.additive = true;
    for (std::size_t i = 0; i < all.size(); ++i)
        process.additive = process.additive && (all[i] == Law::none || model.is_additive(i));
    leave_out_last(process.laws);
    process.noises = static_cast<int>(process.laws.size());
    process.laws = laws_under(scheme, static_cast<int>(all.size()), process.noises);
    for (std::size_t i = 0; i < model.given.laws.size() && i < process.laws.size(); ++i)
        if (process.laws[i] != Law::none) process.laws[i] = model.law(i);
    process.scaled = process.scaled || scheme.has_length;
    return process;
}

/// A loss under an optimiser: the bytes of Optimised (models/optimised.hpp).
PreparedProcess optimised(const Model& model, const Coefficients& coefficients,
                          const OptimiserFacts& optimiser, const ParameterValues& method) {
    auto process = prepared(model, coefficients);
    auto& bytes = process.bytes;
    bytes.resize((bytes.size() + sizeof(double) - 1) / sizeof(double) * sizeof(double));
    const auto of_optimiser = optimiser.bytes(method);
    bytes.insert(bytes.end(), of_optimiser.begin(), of_optimiser.end());
    if (optimiser.deterministic) std::fill(process.laws.begin(), process.laws.end(), Law::none);
    if (optimiser.kicks) process.laws.push_back(optimiser.law(method));
    leave_out_last(process.laws);
    process.moves_zero = process.moves_zero || optimiser.kicks;
    process.scaled = model.code.has_length || !optimiser.linear || process.moves_zero;
    return process;
}

/// What an SDE does per unit of time.
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

/// Why a path cannot start at x0: the first part of the formula that has no value there.
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

/// The parameter to blame for a number of a noise.
Complaint blame(const Model& model, const formula::Tree& tree, const std::string& what) {
    for (const auto& info : model.given.parameters)
        if (formula::any_of(tree, [&](const auto& node) { return node.name == info.key; }))
            return {info.key, what};
    return {};
}

/// The first number of a noise that cannot be, where it is a formula of parameters; plain ones are checked where they
/// are read.
Complaint noise_complaint_of(const Model& model, const ParameterValues& parameters) {
    const auto values = model.per_step(parameters, 1);
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

Complaint no_complaint(const ParameterValues&) { return {}; }

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

/// Only gradient descent makes a recursion of one variable of a loss.
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
        return noise_complaint_of(*model, values);
    };
    entry.method_complaint = no_complaint;
    entry.start_complaint = [model](const ParameterValues& values, double x0) {
        return start_complaint(*model, values, x0);
    };
    entry.make = [model](const ParameterValues& parameters, const ParameterValues&, double dt,
                         Precision precision) {
        auto process = as_recursion(*model, coefficients_of(*model, parameters, dt, precision));
        process.jumps = jumps_of(*model, model->per_step(parameters, dt));
        add_sources(process, *model, model->per_step(parameters, dt), precision);
        return process;
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
        auto process = as_sde(*model, coefficients_of(*model, parameters, dt, precision), scheme);
        process.jumps = jumps_of(*model, model->per_step(parameters, dt));
        return process;
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
    entry.variance = [model](const ParameterValues& parameters) { return variance_of(*model, parameters); };
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
        auto process =
            optimised(*model, coefficients_of(*model, parameters, dt, precision), optimiser, method);
        add_sources(process, *model, model->per_step(parameters, dt), precision);
        return process;
    };
    return entry;
}

std::deque<CatalogueEntry> all_entries(const std::shared_ptr<const Model>& model) {
    std::deque<CatalogueEntry> entries;
    const auto facts = facts_of(model);
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
    keep_own_entries(key, given.name, all_entries(model));
}

}  // namespace noisetrap
