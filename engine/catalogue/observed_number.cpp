#include "engine/catalogue/observed_number.hpp"

#include <fmt/core.h>

#include <cmath>
#include <cstring>

#include "engine/catalogue/formula_facts.hpp"

namespace noisetrap {
namespace {

constexpr const char *struct_names[] = {"ObservedNumber", "WatchedNumber"},
                     *family_names[] = {"ObservedFamily", "WatchedFamily"};

/// The parameters that are numbers.
formula::Values values_of(const CatalogueEntry& entry, const ParameterValues& parameters) {
    formula::Values values;
    for (const auto& info : entry.model_parameters) {
        const auto found = parameters.find(info.key);
        const auto& value = found == parameters.end() ? info.standard : found->second;
        if (const auto* number = std::get_if<double>(&value)) values[info.key] = *number;
    }
    return values;
}

formula::Values at_state(const std::vector<std::string>& variables, const std::vector<double>& state,
                         formula::Values values) {
    for (std::size_t i = 0; i < variables.size(); ++i) values[variables[i]] = state[i];
    return values;
}

std::size_t round_up(std::size_t n, std::size_t to) { return (n + to - 1) / to * to; }

template <class Real>
std::vector<std::byte> bytes_of(const ObservedNumber& number, const formula::Values& values) {
    std::vector<Real> members;
    for (const auto& tree : number.code.coefficients)
        members.push_back(static_cast<Real>(formula::value_of(tree, values, 0)));
    const auto size = std::max<std::size_t>(1, members.size()) * sizeof(Real);
    std::vector<std::byte> bytes(round_up(size, number.code.bytes_aligned));
    if (!members.empty()) std::memcpy(bytes.data(), members.data(), members.size() * sizeof(Real));
    return bytes;
}

}  // namespace

double ObservedNumber::at(const std::vector<double>& state, const CatalogueEntry& entry,
                          const ParameterValues& parameters) const {
    if (tree) return formula::value_of(tree, at_state(variables, state, values_of(entry, parameters)), 0);
    double sum = 0;
    for (const double x : state) sum += x * x;
    return std::sqrt(sum);
}

const formula::Node* ObservedNumber::not_finite_at(const std::vector<double>& state,
                                                   const CatalogueEntry& entry,
                                                   const ParameterValues& parameters) const {
    if (!tree) return nullptr;
    return formula::not_finite_in(tree, at_state(variables, state, values_of(entry, parameters)), 0);
}

ObservedNumber observed_number(NumberRole role, const std::string& text, formula::Tree tree,
                               const std::vector<std::string>& variables) {
    auto code = formula::written_number(struct_names[static_cast<int>(role)], tree, variables);
    return {text, variables, std::move(tree), std::move(code)};
}

std::vector<std::string> variables_of(const CatalogueEntry& entry) {
    return entry.formula ? entry.formula->variables : std::vector<std::string>{"x"};
}

std::vector<double> start_of(const CatalogueEntry& entry, double x0) {
    std::vector<double> start = {x0};
    if (entry.formula) start.insert(start.end(), entry.formula->starts.begin(), entry.formula->starts.end());
    return start;
}

void add_number(PreparedProcess& process, const ObservedNumber& number, const CatalogueEntry& entry,
                const ParameterValues& model, Precision precision) {
    const auto values = values_of(entry, model);
    const auto bytes =
        precision == Precision::single ? bytes_of<float>(number, values) : bytes_of<double>(number, values);
    process.bytes.resize(round_up(process.bytes.size(), number.code.bytes_aligned));
    process.bytes.insert(process.bytes.end(), bytes.begin(), bytes.end());
    process.scaled = process.scaled || number.code.needs_unit;
}

void add_number(ProcessSource& source, NumberRole role, const ObservedNumber& number) {
    const auto place = static_cast<int>(role);
    source.family = fmt::format("{}<{}, {}>", family_names[place], source.family, struct_names[place]);
    source.headers.emplace_back("models/observed.hpp");
    source.text += number.code.text;
}

}  // namespace noisetrap
