#include "engine/input/observed.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "engine/catalogue/formula_facts.hpp"
#include "engine/catalogue/scheme_facts.hpp"
#include "engine/formula/shape.hpp"
#include "engine/input/equations.hpp"
#include "engine/input/suggestions.hpp"

namespace noisetrap {
namespace {

std::string without_spaces(std::string text) {
    std::erase(text, ' ');
    return text;
}

std::vector<std::string> names_in(const formula::Scope& scope) {
    std::vector<std::string> names;
    for (const auto& [name, role] : scope.names) names.push_back(name);
    return names;
}

/// What was meant by a name that nobody knows.
std::string hint_about(const formula::FormulaError& error, const formula::Scope& scope) {
    if (error.word.empty()) return "";
    const auto meant = did_you_mean(error.word, error.known);
    return meant.empty() ? fmt::format("; it may hold {}", fmt::join(names_in(scope), ", ")) : meant;
}

formula::Tree tree_of(const ConfigReader& reader, const std::string& key, const std::string& text,
                      const formula::Scope& scope) {
    try {
        const auto tree = formula::parse(text, scope);
        if (!formula::has_x(tree)) throw formula::FormulaError(1, "it holds no variable");
        return tree;
    } catch (const formula::FormulaError& error) {
        reader.complain_at(key, 0, error.column, error.what() + hint_about(error, scope));
    }
}

/// The number that the text stands for; null where that is `standard`.
std::shared_ptr<const ObservedNumber> read_number(ConfigReader& reader, const std::string& key,
                                                  NumberRole role, const std::string& standard,
                                                  const CatalogueEntry& entry, const std::string& meaning) {
    const auto text = reader.text(key, standard, meaning);
    if (without_spaces(text) == without_spaces(standard)) return nullptr;
    const auto variables = variables_of(entry);
    auto scope = scope_of(reader, entry);
    for (const auto& variable : variables) scope.names[variable] = formula::Role::variable;
    if (without_spaces(text) == norm_word && !scope.names.count(norm_word)) {
        if (!entry.formula)
            reader.complain(key, fmt::format("= 'norm' goes with models that are formulas, whose variables "
                                             "have names; of '{}' x is known",
                                             entry.model));
        return std::make_shared<const ObservedNumber>(observed_number(role, text, nullptr, variables));
    }
    return std::make_shared<const ObservedNumber>(
        observed_number(role, text, tree_of(reader, key, text, scope), variables));
}

/// As a number that is observed or watched.
std::shared_ptr<const ObservedNumber> first_variable(NumberRole role, const CatalogueEntry& entry) {
    const auto variables = variables_of(entry);
    auto first = formula::name(variables[0], formula::Role::variable);
    return std::make_shared<const ObservedNumber>(
        observed_number(role, variables[0], std::move(first), variables));
}

const ObservedNumber* watched_number(const Simulation& s) {
    return s.observe.exit_of ? s.observe.exit_of.get() : s.observe.of.get();
}

double start_value(const ConfigReader& reader, const std::string& key, const Simulation& s,
                   const ObservedNumber& number) {
    const auto start = start_of(*s.entry, s.x0);
    const auto& parameters = s.ensembles.front();
    if (const auto* node = number.not_finite_at(start, *s.entry, parameters))
        reader.complain_at(key, 0, std::max<std::size_t>(node->place, 1),
                           fmt::format("it has no finite value at the start, x0 = {}", s.x0));
    return number.at(start, *s.entry, parameters);
}

}  // namespace

void read_observed(ConfigReader& reader, const std::string& table, Simulation& s) {
    s.observe.of = read_number(reader, table + ".of", NumberRole::observed, variables_of(*s.entry).front(),
                               *s.entry, "what is observed: a formula of the variables, or norm");
}

void read_observed_as(ConfigReader& reader, const std::string& key, const std::string& meaning,
                      Simulation& s) {
    s.observe.of =
        read_number(reader, key, NumberRole::observed, variables_of(*s.entry).front(), *s.entry, meaning);
    if (!s.observe.of) s.observe.of = first_variable(NumberRole::observed, *s.entry);
}

void read_exit_number(ConfigReader& reader, const std::string& table, Simulation& s, bool watched) {
    const std::string of = table + ".exit_of", side = table + ".exit_side";
    auto& o = s.observe;
    if (!watched) {
        for (const auto& key : {of, side}) {
            reader.know(key);
            if (reader.has(key)) reader.complain(key, fmt::format("needs {}.exit_radius", table));
        }
        return;
    }
    o.exit_of = read_number(reader, of, NumberRole::watched, observed_text(s), *s.entry,
                            "with exit_radius: what is watched for exits, a formula as `of`");
    const std::vector<std::string> sides = {std::begin(exit_side_names), std::end(exit_side_names)};
    const auto word =
        reader.word(side, sides[0], sides, "with exit_radius: the side that counts: both, upper, lower");
    o.exit_side = static_cast<ExitSide>(std::find(sides.begin(), sides.end(), word) - sides.begin());
}

std::string observed_text(const Simulation& s) {
    return s.observe.of ? s.observe.of->text : variables_of(*s.entry).front();
}

std::string watched_text(const Simulation& s) {
    return s.observe.exit_of ? s.observe.exit_of->text : observed_text(s);
}

void check_start_of_numbers(const ConfigReader& reader, const std::string& table, const Simulation& s) {
    const auto& o = s.observe;
    if (s.x0_deviation != 0) return;
    if (o.of) start_value(reader, table + ".of", s, *o.of);
    if (o.exit == ExitWatch::none) return;
    const auto* number = watched_number(s);
    const auto value =
        number ? start_value(reader, table + (o.exit_of ? ".exit_of" : ".of"), s, *number) : s.x0;
    const double size = o.exit_side == ExitSide::both    ? std::abs(value)
                        : o.exit_side == ExitSide::upper ? value
                                                         : -value;
    if (!(size < o.exit_radius))
        reader.complain(table + ".exit_radius",
                        number ? fmt::format("= {} is passed at the start already, where {} = {}",
                                             o.exit_radius, watched_text(s), value)
                               : fmt::format("= {} must be above |x0| = {}", o.exit_radius, std::abs(s.x0)));
}

void check_bridge(const ConfigReader& reader, const std::string& key, Simulation& s) {
    auto& o = s.observe;
    if (o.exit != ExitWatch::with_bridge) return;
    if (s.entry->formulation != Formulation::sde)
        reader.complain(key, "fits SDEs only: a recursion has nothing between its steps");
    if (s.entry->formula && !s.entry->formula->standard_noise)
        reader.complain(key, "goes with Brownian noise alone: make integrator.dt smaller instead");
    const auto* number = watched_number(s);
    if (!number && s.entry->formula && s.entry->formula->is_system()) {
        o.exit_of = first_variable(NumberRole::watched, *s.entry);
        number = o.exit_of.get();
    }
    if (number && !number->code.affine)
        reader.complain(
            key, fmt::format("does not go with {}, which is not linear in the variables, so that what the "
                             "noise does to it inside a step is not known; leave the key out",
                             number->text));
    const auto* scheme = find_scheme(s.entry->method);
    if (scheme && scheme->strong_order == 0)
        reader.complain(
            key,
            fmt::format("does not go with the scheme '{}', which follows no Brownian path; use 'heun' or "
                        "'euler-maruyama'",
                        scheme->name));
    if (s.entry->noise_depends_on_time)
        reader.complain(key, "does not go with noise that depends on t: make integrator.dt smaller instead");
}

}  // namespace noisetrap
