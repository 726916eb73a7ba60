#include "engine/formula/shape.hpp"

#include <algorithm>

#include "engine/formula/evaluate.hpp"

namespace noisetrap::formula {
namespace {

bool is_call(const Tree& tree, const char* name) { return tree->kind == Kind::call && tree->name == name; }

bool takes_factor_for_nothing(const Tree& term) {
    if (term->kind == Kind::negate) return takes_factor_for_nothing(term->parts[0]);
    if (term->kind == Kind::quotient) return is_coefficient(term->parts[1]);
    return is_coefficient(term) || (term->kind == Kind::product &&
                                    std::any_of(term->parts.begin(), term->parts.end(), is_coefficient));
}

Tree scaled_product(const std::vector<Tree>& parts, const Tree& factor) {
    std::vector<Tree> known, others;
    for (const auto& part : parts) (is_coefficient(part) ? known : others).push_back(part);
    known.push_back(factor);
    auto coefficient = product(std::move(known));
    const auto into = std::find_if(others.begin(), others.end(), [&](const auto& part) {
        return part->kind == Kind::sum &&
               (others.size() == 1 ||
                std::count_if(part->parts.begin(), part->parts.end(),
                              [](const auto& term) { return !takes_factor_for_nothing(term); }) <= 1);
    });
    if (into == others.end()) {
        others.insert(others.begin(), std::move(coefficient));
    } else {
        *into = scaled(*into, coefficient);
    }
    return product(std::move(others));
}

/// A term's factor beside x where it is a coefficient times a whole power of x; null where it is not.
Tree beside_x(const Tree& term) {
    if (term->kind == Kind::negate) {
        const auto inner = beside_x(term->parts[0]);
        return inner ? negate(inner) : nullptr;
    }
    std::vector<Tree> factors;
    bool found = false;
    for (const auto& part : term->kind == Kind::product ? term->parts : std::vector<Tree>{term}) {
        const bool is_x = part->kind == Kind::name && part->role == Role::variable;
        const bool is_power = whole_exponent(part) > 1 && part->parts[0]->kind == Kind::name && has_x(part);
        if (is_coefficient(part)) {
            factors.push_back(part);
        } else if (!found && (is_x || is_power)) {
            found = true;
            if (is_power) factors.push_back(power(part->parts[0], number(whole_exponent(part) - 1)));
        } else {
            return nullptr;
        }
    }
    return found ? product(std::move(factors)) : nullptr;
}

}  // namespace

bool is_odd(const Tree& tree) { return tree->kind == Kind::call && find_function(tree->name)->odd; }
bool has_x(const Tree& tree) { return contains(tree, Role::variable); }
bool is_coefficient(const Tree& tree) {
    return !has_x(tree) && !contains(tree, Role::noise) && !contains(tree, Role::time) &&
           !contains(tree, Role::step_number);
}
Tree at_zero(const Tree& tree) {
    return replaced(tree, [](const Node& node) { return node.role == Role::variable ? number(0) : nullptr; });
}

bool is_affine_in(Role role, const Tree& tree) {
    const auto has = [role](const Tree& part) { return contains(part, role); };
    const auto affine = [role](const Tree& part) { return is_affine_in(role, part); };
    if (!has(tree) || tree->kind == Kind::name) return true;
    if (tree->kind == Kind::negate || tree->kind == Kind::sum) return all(tree->parts, affine);
    if (tree->kind == Kind::quotient) return !has(tree->parts[1]) && affine(tree->parts[0]);
    return tree->kind == Kind::product && all(tree->parts, affine) &&
           std::count_if(tree->parts.begin(), tree->parts.end(), has) == 1;
}
Tree linear_part(const Tree& tree) {
    const auto& parts = tree->parts;
    if (!has_x(tree)) return number(0);
    if (tree->kind == Kind::negate) return negate(linear_part(parts[0]));
    if (tree->kind == Kind::quotient) return quotient(linear_part(parts[0]), parts[1], tree->place);
    if (tree->kind == Kind::name) return tree;
    std::vector<Tree> linear;
    for (const auto& part : parts)
        linear.push_back(tree->kind == Kind::product && !has_x(part) ? part : linear_part(part));
    return tree->kind == Kind::product ? product(std::move(linear)) : sum(std::move(linear));
}

bool is_affine(const Tree& tree) { return is_affine_in(Role::variable, tree); }

bool is_lengthy(const Tree& tree) {
    const auto& parts = tree->parts;
    if (tree->kind == Kind::name) return tree->role == Role::variable;
    if (tree->kind == Kind::negate || tree->kind == Kind::sum) return all(parts, is_lengthy);
    if (tree->kind == Kind::product) return std::any_of(parts.begin(), parts.end(), is_lengthy);
    if (tree->kind == Kind::quotient) return is_lengthy(parts[0]);
    if (tree->kind == Kind::power) return is_number(parts[1]) && parts[1]->number > 1 && is_lengthy(parts[0]);
    return (is_odd(tree) || is_call(tree, "abs") || is_call(tree, "min") || is_call(tree, "max")) &&
           all(parts, is_lengthy);
}

bool is_plain(const Tree& tree) {
    const auto& parts = tree->parts;
    if (is_lengthy(tree) || !has_x(tree)) return true;
    if (tree->kind == Kind::negate || tree->kind == Kind::sum) return all(parts, is_plain);
    if (tree->kind == Kind::quotient) return !has_x(parts[1]) && is_plain(parts[0]);
    return tree->kind == Kind::product && std::count_if(parts.begin(), parts.end(), has_x) == 1 &&
           all(parts, is_plain);
}

bool is_smooth_at_zero(const Tree& tree) {
    if (!has_x(tree)) return true;
    if (!all(tree->parts, is_smooth_at_zero)) return false;
    if (tree->kind == Kind::quotient) return !is_number(at_zero(tree->parts[1]), 0);
    if (tree->kind == Kind::power && whole_exponent(tree) <= 0) {
        const auto base = at_zero(tree->parts[0]);
        return is_number(base) && base->number > 0;
    }
    if (tree->kind != Kind::call || find_function(tree->name)->smooth) return true;
    const auto argument = at_zero(tree->parts[0]);
    return tree->parts.size() == 1 && is_number(argument) && argument->number != 0;
}

Tree scaled(const Tree& tree, const Tree& factor) {
    if (is_coefficient(tree)) return product({tree, factor});
    if (tree->kind == Kind::negate) return negate(scaled(tree->parts[0], factor));
    if (tree->kind == Kind::quotient && is_coefficient(tree->parts[1]))
        return scaled(tree->parts[0], quotient(factor, tree->parts[1], tree->place));
    if (tree->kind == Kind::quotient)
        return quotient(scaled(tree->parts[0], factor), tree->parts[1], tree->place);
    if (tree->kind == Kind::product) return scaled_product(tree->parts, factor);
    if (tree->kind != Kind::sum) return product({factor, tree});
    std::vector<Tree> terms;
    for (const auto& term : tree->parts) terms.push_back(scaled(term, factor));
    return sum(std::move(terms));
}

std::vector<Tree> with_powers_together(const std::vector<Tree>& terms) {
    std::vector<Tree> beside, others;
    Tree x;
    for (const auto& term : terms) {
        const auto factor = beside_x(term);
        (factor ? beside : others).push_back(factor ? factor : term);
        any_of(term, [&](const Node& node) {
            if (node.kind == Kind::name && node.role == Role::variable) x = name(node.name, node.role);
            return false;
        });
    }
    if (beside.size() < 2 || all(beside, is_coefficient)) return terms;
    others.insert(others.begin(), product({x, sum(beside)}));
    return others;
}

}  // namespace noisetrap::formula
