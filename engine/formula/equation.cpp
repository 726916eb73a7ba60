#include "engine/formula/equation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace noisetrap::formula {
namespace {

/// The factors of each differential, in the order in which they come up.
class Differentials {
    std::vector<std::pair<std::string, std::vector<Tree>>> found_;

    static bool has(const Tree& tree) { return contains(tree, Role::differential); }
    static const Node& inside(const Tree& tree) {
        if (tree->role == Role::differential && tree->kind == Kind::name) return *tree;
        return inside(*std::find_if(tree->parts.begin(), tree->parts.end(), has));
    }
    void add(const std::string& differential, Tree factor) {
        for (auto& [name, factors] : found_)
            if (name == differential) return factors.push_back(std::move(factor));
        found_.push_back({differential, {std::move(factor)}});
    }
    [[noreturn]] static void refuse(const Tree& tree) {
        const auto& differential = inside(tree);
        throw FormulaError(differential.place,
                           fmt::format("'{}' must stand behind its factor, once in a term: {} {}",
                                       differential.name, "(...)", differential.name));
    }

    void take_product(const Tree& term, const Tree& factor) {
        std::vector<Tree> others = {factor};
        Tree with;
        for (const auto& part : term->parts) {
            if (has(part) && with) refuse(part);
            if (has(part)) {
                with = part;
            } else {
                others.push_back(part);
            }
        }
        take(with, product(std::move(others)));
    }

  public:
    /// The terms of `tree` times `factor`.
    void take(const Tree& tree, const Tree& factor) {
        if (!has(tree))
            throw FormulaError(std::max<std::size_t>(tree->place, 1),
                               fmt::format("'{}' stands without dt or a noise such as dW: write {} dt",
                                           text_of(tree), text_of(tree)));
        if (tree->kind == Kind::name) return add(tree->name, factor);
        if (tree->kind == Kind::negate) return take(tree->parts[0], negate(factor));
        if (tree->kind == Kind::product) return take_product(tree, factor);
        if (tree->kind == Kind::quotient && !has(tree->parts[1]))
            return take(tree->parts[0], quotient(factor, tree->parts[1], tree->place));
        if (tree->kind != Kind::sum) refuse(tree);
        for (const auto& part : tree->parts) take(part, factor);
    }
    Tree taken(const std::string& differential) {
        for (const auto& [name, factors] : found_)
            if (name == differential) return sum(factors);
        return number(0);
    }
    std::vector<std::string> noises() const {
        std::vector<std::string> names;
        for (const auto& [name, factors] : found_)
            if (name != "dt") names.push_back(name);
        return names;
    }
};

std::string lower(std::string word) {
    for (auto& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return word;
}

void refuse_near_twins(const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (lower(names[i]) == lower(names[j]))
                throw FormulaError(
                    1, fmt::format("{} and {} differ in capitals alone: one noise has one name", names[j],
                                   names[i]));
}

std::string variable_of(const std::string& left) {
    if (left.size() < 2 || left[0] != 'd' || !is_name(left.substr(1)) || left == "dt")
        throw FormulaError(1, fmt::format("'{}' is no left side of an SDE: it is written dx = ...", left));
    return left.substr(1);
}

}  // namespace

Equation read_sde(const std::string& text, Scope scope) {
    const auto sides = sides_of(text);
    Equation equation{true, text, variable_of(sides.left), {}, {}};
    if (scope.names.count(equation.variable))
        throw FormulaError(1, fmt::format("{} is a variable and a parameter: give one of them another name",
                                          equation.variable));
    scope.names[equation.variable] = Role::variable;
    scope.names.emplace("t", Role::time);
    scope.differentials = true;
    const std::string blank(sides.place, ' ');  // so that columns are those of the whole text
    const auto right = parse(blank + sides.right, scope);
    Differentials terms;
    if (!is_number(right, 0)) terms.take(right, number(1));
    equation.drift = terms.taken("dt");
    for (const auto& noise : terms.noises()) equation.noises.push_back({noise, terms.taken(noise)});
    std::erase_if(equation.noises, [](const Noise& noise) { return is_number(noise.factor, 0); });
    const auto names = terms.noises();
    refuse_near_twins(names);
    if (equation.noises.empty()) throw FormulaError(1, "it has no noise: write a term such as sigma*x dW");
    return equation;
}

Equation read_recursion(const std::string& text, Scope scope, std::vector<Noise> noises) {
    scope.names["x"] = Role::variable;
    scope.names.emplace("n", Role::step_number);
    for (const auto& noise : noises) scope.names[noise.name] = Role::noise;
    auto next = parse(text, scope);
    for (const auto& noise : noises)
        if (!any_of(next,
                    [&](const Node& node) { return node.role == Role::noise && node.name == noise.name; }))
            throw FormulaError(
                1, fmt::format("the noise {} does not stand in it: take it out of [noise]", noise.name));
    return {false, text, "x", std::move(next), std::move(noises)};
}

}  // namespace noisetrap::formula
