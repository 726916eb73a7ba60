#include "engine/formula/equation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "engine/formula/shape.hpp"

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

bool holds(const Tree& tree, const std::string& noise) {
    return any_of(tree, [&](const Node& node) { return node.role == Role::noise && node.name == noise; });
}

/// Where a noise stands in a power, a function or a divisor, or twice in a product, its mean is not that without it.
void refuse_other_means(const Tree& tree, const std::string& noise) {
    if (!holds(tree, noise) || tree->kind == Kind::name) return;
    const auto count = std::count_if(tree->parts.begin(), tree->parts.end(),
                                     [&](const auto& part) { return holds(part, noise); });
    const bool linear = tree->kind == Kind::negate || tree->kind == Kind::sum ||
                        (tree->kind == Kind::product && count == 1) ||
                        (tree->kind == Kind::quotient && !holds(tree->parts[1], noise));
    if (!linear)
        throw FormulaError(
            std::max<std::size_t>(tree->place, 1),
            fmt::format("{} must stand once in a term, and in no power or function: the mean gradient "
                        "is taken to be that without noise",
                        noise));
    for (const auto& part : tree->parts) refuse_other_means(part, noise);
}

}  // namespace

namespace {

void add_variable(Scope& scope, const std::string& variable) {
    if (!scope.names.emplace(variable, Role::variable).second)
        throw FormulaError(1,
                           fmt::format("{} stands for two things: give one of them another name", variable));
}

/// Columns are those of the whole text.
Tree right_side(const Sides& sides, const Scope& scope) {
    return parse(std::string(sides.place, ' ') + sides.right, scope);
}

Differentials terms_of(const Sides& sides, const Scope& scope) {
    const auto right = right_side(sides, scope);
    Differentials terms;
    if (!is_number(right, 0)) terms.take(right, number(1));
    return terms;
}

void require_noise(const Equation& equation) {
    std::vector<std::string> names;
    for (const auto& noise : equation.noises) names.push_back(noise.name);
    refuse_near_twins(names);
    if (names.empty()) throw FormulaError(1, "it has no noise: write a term such as sigma*x dW");
}

/// reading(i) for each text; an error says which.
template <class Reading>
void each_of(const std::vector<std::string>& texts, Reading reading) {
    for (std::size_t i = 0; i < texts.size(); ++i) try {
            reading(i);
        } catch (FormulaError& error) {
            error.formula = i;
            throw;
        }
}

std::string joined(const std::vector<std::string>& texts) {
    return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

std::string start_name(const std::string& variable) { return "start of " + variable; }

Equation read_sde(const std::string& text, Scope scope) {
    const auto sides = sides_of(text);
    Equation equation{Form::sde, text, variable_of(sides.left), {}, {}, {}};
    add_variable(scope, equation.variable);
    scope.names.emplace("t", Role::time);
    scope.differentials = true;
    auto terms = terms_of(sides, scope);
    equation.drift = terms.taken("dt");
    for (const auto& noise : terms.noises()) equation.noises.push_back({noise, terms.taken(noise)});
    std::erase_if(equation.noises, [](const Noise& noise) { return is_number(noise.factor, 0); });
    require_noise(equation);
    return equation;
}

Equation read_sdes(const std::vector<std::string>& texts, Scope scope) {
    Equation equation{Form::sde, joined(texts), "", {}, {}, {}};
    std::vector<Sides> sides;
    each_of(texts, [&](std::size_t i) {
        sides.push_back(sides_of(texts[i]));
        equation.system.push_back({variable_of(sides[i].left), {}, {}});
        add_variable(scope, equation.system[i].variable);
    });
    equation.variable = equation.system[0].variable;
    scope.names.emplace("t", Role::time);
    scope.differentials = true;
    std::vector<Differentials> terms;
    each_of(texts, [&](std::size_t i) {
        terms.push_back(terms_of(sides[i], scope));
        for (const auto& name : terms[i].noises())
            if (std::none_of(equation.noises.begin(), equation.noises.end(),
                             [&](const Noise& noise) { return noise.name == name; }))
                equation.noises.push_back({name, number(1)});
    });
    for (std::size_t i = 0; i < texts.size(); ++i) {
        equation.system[i].drift = terms[i].taken("dt");
        for (const auto& noise : equation.noises)
            equation.system[i].factors.push_back(terms[i].taken(noise.name));
    }
    require_noise(equation);
    return equation;
}

static std::string unused(const std::string& noise) {
    return fmt::format("the noise {} does not stand in it: take it out of [noise]", noise);
}

static Equation read_with_noises(Form form, const std::string& text, Scope scope, std::vector<Noise> noises) {
    scope.names["x"] = Role::variable;
    for (const auto& noise : noises) scope.names[noise.name] = Role::noise;
    auto tree = parse(text, scope);
    for (const auto& noise : noises)
        if (!holds(tree, noise.name)) throw FormulaError(1, unused(noise.name));
    return {form, text, "x", std::move(tree), std::move(noises), {}};
}

Equation read_recursions(const std::vector<std::string>& texts, Scope scope, std::vector<Noise> noises) {
    Equation equation{Form::recursion, joined(texts), "", {}, {}, {}};
    std::vector<Sides> sides;
    for (const auto& noise : noises) scope.names[noise.name] = Role::noise;
    each_of(texts, [&](std::size_t i) {
        sides.push_back(sides_of(texts[i]));
        if (!is_name(sides[i].left))
            throw FormulaError(
                1, fmt::format("'{}' is no variable: of several each is written v = ...", sides[i].left));
        equation.system.push_back({sides[i].left, {}, {}});
        add_variable(scope, sides[i].left);
    });
    equation.variable = equation.system[0].variable;
    scope.names.emplace("n", Role::step_number);
    each_of(texts, [&](std::size_t i) { equation.system[i].drift = right_side(sides[i], scope); });
    for (const auto& noise : noises)
        if (std::none_of(equation.system.begin(), equation.system.end(),
                         [&](const Component& component) { return holds(component.drift, noise.name); }))
            throw FormulaError(1, unused(noise.name));
    equation.noises = std::move(noises);
    return equation;
}

/// Whether a drift is that of a velocity: what does not hold one, and a constant times its own.
static bool has_plain_friction(const Tree& tree, const std::string& own,
                               const std::set<std::string>& velocities) {
    const auto holds_velocity = [&](const Tree& part) {
        return any_of(part, [&](const Node& node) {
            return node.kind == Kind::name && node.role == Role::variable && velocities.count(node.name) != 0;
        });
    };
    if (!holds_velocity(tree)) return true;
    const auto plain = [&](const Tree& part) { return has_plain_friction(part, own, velocities); };
    if (tree->kind == Kind::name) return tree->name == own;
    if (tree->kind == Kind::negate || tree->kind == Kind::sum)
        return std::all_of(tree->parts.begin(), tree->parts.end(), plain);
    if (tree->kind == Kind::quotient) return is_coefficient(tree->parts[1]) && plain(tree->parts[0]);
    return tree->kind == Kind::product &&
           std::count_if(tree->parts.begin(), tree->parts.end(), is_coefficient) + 1 ==
               static_cast<std::ptrdiff_t>(tree->parts.size()) &&
           std::all_of(tree->parts.begin(), tree->parts.end(),
                       [&](const Tree& part) { return is_coefficient(part) || plain(part); });
}

bool is_langevin(const Equation& equation) {
    const auto& system = equation.system;
    const auto half = system.size() / 2;
    if (equation.form != Form::sde || system.empty() || system.size() % 2 != 0) return false;
    std::set<std::string> velocities;
    for (std::size_t i = half; i < system.size(); ++i) velocities.insert(system[i].variable);
    for (std::size_t i = 0; i < half; ++i) {
        const auto &x = system[i], &v = system[half + i];
        const bool glides = x.drift->kind == Kind::name && x.drift->name == v.variable;
        const bool still = std::all_of(x.factors.begin(), x.factors.end(),
                                       [](const Tree& factor) { return is_number(factor, 0); });
        const bool deaf = std::none_of(v.factors.begin(), v.factors.end(), [&](const Tree& factor) {
            return any_of(factor, [&](const Node& node) { return velocities.count(node.name) != 0; });
        });
        if (!glides || !still || !deaf || !has_plain_friction(v.drift, v.variable, velocities)) return false;
    }
    return true;
}

Equation read_recursion(const std::string& text, Scope scope, std::vector<Noise> noises) {
    scope.names.emplace("n", Role::step_number);
    return read_with_noises(Form::recursion, text, std::move(scope), std::move(noises));
}

Equation read_loss(const std::string& text, Scope scope, std::vector<Noise> noises) {
    auto loss = read_with_noises(Form::loss, text, std::move(scope), std::move(noises));
    for (const auto& noise : loss.noises) refuse_other_means(loss.drift, noise.name);
    return loss;
}

}  // namespace noisetrap::formula
