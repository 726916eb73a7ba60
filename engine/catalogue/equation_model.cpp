#include "engine/catalogue/equation_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <memory>

#include "engine/catalogue/own_model.hpp"
#include "engine/formula/code.hpp"
#include "engine/formula/evaluate.hpp"

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
    bool is_active(std::size_t noise, const std::vector<double>& coefficients) const {
        const auto& places = code.active[noise];
        return places.empty() || std::any_of(places.begin(), places.end(),
                                             [&](std::size_t place) { return coefficients[place] != 0; });
    }
    Law law(std::size_t noise) const { return given.equation.is_sde ? Law::gaussian : given.laws[noise]; }
};

/// The coefficients as the kernel holds them.
template <class Real>
PreparedProcess prepared(const Model& model, const formula::Values& values) {
    std::vector<Real> members;
    std::vector<double> coefficients;
    for (const auto& tree : model.code.coefficients) {
        members.push_back(static_cast<Real>(formula::value_of(tree, values, 0)));
        coefficients.push_back(static_cast<double>(members.back()));
    }
    if (model.code.keeps_step_number) members.push_back(0);
    PreparedProcess process;
    process.bytes.resize(members.size() * sizeof(Real));
    std::memcpy(process.bytes.data(), members.data(), process.bytes.size());
    process.moves_zero = model.code.always_moves;
    for (const auto place : model.code.moving)
        process.moves_zero = process.moves_zero || coefficients[place] != 0;
    process.scaled = model.code.has_length || process.moves_zero;
    // The last noises are left out where nothing needs them, but for the first of all.
    auto count = model.code.active.size();
    while (count > 1 && !model.is_active(count - 1, coefficients)) --count;
    for (std::size_t i = 0; i < count; ++i)
        process.laws.push_back(i == 0 || model.is_active(i, coefficients) || model.given.equation.is_sde
                                   ? model.law(i)
                                   : Law::none);
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
    if (!equation.is_sde)
        for (const auto& noise : equation.noises) values[noise.name] = 0;
    const auto look = [&](const formula::Tree& tree, const std::string& what) -> std::string {
        const auto* node = formula::not_finite_in(tree, values, x0);
        if (!node) return "";
        const bool divides =
            node->kind == formula::Kind::quotient && formula::value_of(node->parts[1], values, x0) == 0;
        return fmt::format("is no start: {} {} at column {}", what,
                           divides ? "divides by zero there," : "has no finite value there,", node->place);
    };
    auto wrong = look(equation.drift, equation.is_sde ? "the drift" : "the next state");
    for (const auto& noise : equation.noises)
        if (wrong.empty() && equation.is_sde) wrong = look(noise.factor, "the factor of " + noise.name);
    return wrong;
}

CatalogueEntry entry_of(const std::shared_ptr<const Model>& model, const std::string& method,
                        ProcessSource source) {
    CatalogueEntry entry;
    const auto& given = model->given;
    const bool sde = given.equation.is_sde;
    entry.model = given.name;
    entry.method = method;
    entry.formulation = sde ? Formulation::sde : Formulation::recursion;
    entry.equation = given.equation.text;
    entry.model_parameters = given.parameters;
    entry.most_noises = static_cast<int>(given.equation.noises.size());
    entry.differentiable = model->code.differentiable;
    entry.source = std::move(source);
    entry.model_complaint = [](const ParameterValues&) { return Complaint{}; };
    entry.method_complaint = [](const ParameterValues&) { return Complaint{}; };
    entry.start_complaint = [model](const ParameterValues& values, double x0) {
        return start_complaint(*model, values, x0);
    };
    entry.make = [model](const ParameterValues& parameters, const ParameterValues&, double dt,
                         Precision precision) {
        const auto values = model->per_step(parameters, dt);
        return precision == Precision::single ? prepared<float>(*model, values)
                                              : prepared<double>(*model, values);
    };
    if (!sde) return entry;
    entry.drift = [model](const ParameterValues& parameters) {
        auto values = model->values(parameters);
        values["t"] = 0;
        return
            [model, values](double x) { return formula::value_of(model->given.equation.drift, values, x); };
    };
    entry.variance = [model](const ParameterValues& parameters) { return variance_of(*model, parameters); };
    for (const auto& noise : given.equation.noises)
        entry.noise_depends_on_time =
            entry.noise_depends_on_time || formula::contains(noise.factor, formula::Role::time);
    return entry;
}

}  // namespace

void add_equation(const EquationModel& given) {
    const auto model = std::make_shared<const Model>(Model{given, formula::written(given.equation)});
    std::deque<CatalogueEntry> entries;
    const auto add = [&](const std::string& method, const std::string& family) {
        entries.push_back(entry_of(
            model, method, {family, {"models/equation.hpp", "sde/schemes.hpp"}, "", model->code.text}));
    };
    if (!given.equation.is_sde) {
        add(recursion_method, "MapFamily<EquationMap>");
    } else {
        add("euler-maruyama", "SdeFamily<Equation, EulerMaruyama, Discretised>");
        if (given.equation.noises.size() == 1) add("milstein", "SdeFamily<Equation, Milstein, Discretised>");
    }
    std::string key = "equation\n" + given.name + "\n" + given.equation.text + "\n" + model->code.text;
    for (const auto& info : given.parameters)
        key += fmt::format("\n{} = {}", info.key, std::get<double>(info.standard));
    for (std::size_t i = 0; i < model->code.active.size(); ++i)
        key += fmt::format("\n{}", static_cast<int>(model->law(i)));
    for (const auto& [name, value] : given.constants) key += fmt::format("\n{} = {}", name, value);
    keep_own_entries(key, given.name, std::move(entries));
}

}  // namespace noisetrap
