#include "engine/formula/tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "engine/formula/evaluate.hpp"

namespace noisetrap::formula {
namespace {

Tree made(Node node) {
    for (const auto& part : node.parts) node.size += part->size;
    return std::make_shared<const Node>(std::move(node));
}

bool all_numbers(const std::vector<Tree>& parts) {
    return std::all_of(parts.begin(), parts.end(), [](const auto& part) { return is_number(part); });
}

/// A node of numbers is a number, where it has a value.
Tree folded(Tree tree) {
    if (!all_numbers(tree->parts)) return tree;
    const double value = value_of(tree, {}, 0.0);
    return std::isfinite(value) ? number(value) : tree;
}

/// Parts of parts of the same kind, in their order.
std::vector<Tree> flattened(const std::vector<Tree>& parts, Kind kind) {
    std::vector<Tree> flat;
    for (const auto& part : parts)
        if (part->kind == kind) {
            flat.insert(flat.end(), part->parts.begin(), part->parts.end());
        } else {
            flat.push_back(part);
        }
    return flat;
}

}  // namespace

Tree number(double value) { return made({Kind::number, value}); }
Tree name(std::string name, Role role, std::size_t place) {
    return made({Kind::name, 0, std::move(name), role, {}, place});
}

Tree negate(Tree a) {
    if (is_number(a)) return number(-a->number);
    if (a->kind == Kind::negate) return a->parts[0];
    if (a->kind == Kind::sum) {
        std::vector<Tree> parts;
        for (const auto& part : a->parts) parts.push_back(negate(part));
        return sum(std::move(parts));
    }
    return made({Kind::negate, 0, {}, {}, {a}, a->place});
}

Tree sum(std::vector<Tree> parts) {
    auto flat = flattened(parts, Kind::sum);
    std::erase_if(flat, [](const auto& part) { return is_number(part, 0); });
    if (flat.empty()) return number(0);
    if (flat.size() == 1) return flat[0];
    const auto place = flat[0]->place;
    return folded(made({Kind::sum, 0, {}, {}, std::move(flat), place}));
}

Tree product(std::vector<Tree> parts) {
    bool negative = false;
    for (auto& part : parts)
        if (part->kind == Kind::negate || is_number(part, -1)) {
            part = negate(part);
            negative = !negative;
        }
    auto flat = flattened(parts, Kind::product);
    const bool none = std::any_of(flat.begin(), flat.end(), [](const auto& p) { return is_number(p, 0); });
    if (none) return number(0);
    std::erase_if(flat, [](const auto& part) { return is_number(part, 1); });
    if (flat.empty()) return number(negative ? -1 : 1);
    const auto place = flat[0]->place;
    auto whole =
        flat.size() == 1 ? flat[0] : folded(made({Kind::product, 0, {}, {}, std::move(flat), place}));
    return negative ? negate(std::move(whole)) : whole;
}

Tree quotient(Tree a, Tree b, std::size_t place) {
    if (is_number(b, 1)) return a;
    if (is_number(a, 0) && !is_number(b, 0)) return a;
    if (a->kind == Kind::negate) return negate(quotient(a->parts[0], std::move(b), place));
    return folded(made({Kind::quotient, 0, {}, {}, {std::move(a), std::move(b)}, place}));
}

Tree power(Tree base, Tree exponent, std::size_t place) {
    if (is_number(exponent, 0)) return number(1);
    if (is_number(exponent, 1)) return base;
    return folded(made({Kind::power, 0, {}, {}, {std::move(base), std::move(exponent)}, place}));
}

Tree call(std::string function, std::vector<Tree> arguments, std::size_t place) {
    return folded(made({Kind::call, 0, std::move(function), {}, std::move(arguments), place}));
}

Tree slope_at_zero(Tree a) {
    if (!contains(a, Role::variable)) return number(0);
    const auto place = a->place;
    return made({Kind::slope_at_zero, 0, {}, {}, {std::move(a)}, place});
}

bool is_number(const Tree& tree) { return tree->kind == Kind::number; }
bool is_number(const Tree& tree, double value) { return is_number(tree) && tree->number == value; }

int whole_exponent(const Tree& tree) {
    if (tree->kind != Kind::power || !is_number(tree->parts[1])) return 0;
    const double exponent = tree->parts[1]->number;
    return exponent == std::floor(exponent) && std::abs(exponent) <= 64 ? static_cast<int>(exponent) : 0;
}

bool any_of(const Tree& tree, const std::function<bool(const Node&)>& test) {
    if (test(*tree)) return true;
    return std::any_of(tree->parts.begin(), tree->parts.end(),
                       [&](const auto& part) { return any_of(part, test); });
}

bool contains(const Tree& tree, Role role) {
    if (tree->kind == Kind::slope_at_zero && role == Role::variable) return false;
    if (tree->kind == Kind::name && tree->role == role) return true;
    return std::any_of(tree->parts.begin(), tree->parts.end(),
                       [&](const auto& part) { return contains(part, role); });
}

Tree replaced(const Tree& tree, const std::function<Tree(const Node&)>& replacement) {
    if (tree->kind == Kind::name) {
        auto other = replacement(*tree);
        return other ? other : tree;
    }
    std::vector<Tree> parts;
    for (const auto& part : tree->parts) parts.push_back(replaced(part, replacement));
    switch (tree->kind) {
        case Kind::negate:
            return negate(parts[0]);
        case Kind::sum:
            return sum(std::move(parts));
        case Kind::product:
            return product(std::move(parts));
        case Kind::quotient:
            return quotient(parts[0], parts[1], tree->place);
        case Kind::power:
            return power(parts[0], parts[1], tree->place);
        case Kind::call:
            return call(tree->name, std::move(parts), tree->place);
        default:
            return tree;
    }
}

std::string text_of(const Tree& tree) {
    std::vector<std::string> parts;
    for (const auto& part : tree->parts) parts.push_back(text_of(part));
    switch (tree->kind) {
        case Kind::number:
            return fmt::format("{}", tree->number);
        case Kind::name:
            return tree->name;
        case Kind::negate:
            return fmt::format("-({})", parts[0]);
        case Kind::sum:
            return fmt::format("({})", fmt::join(parts, " + "));
        case Kind::product:
            return fmt::format("({})", fmt::join(parts, "*"));
        case Kind::quotient:
            return fmt::format("({}/{})", parts[0], parts[1]);
        case Kind::power:
            return fmt::format("({}^{})", parts[0], parts[1]);
        case Kind::call:
            return fmt::format("{}({})", tree->name, fmt::join(parts, ", "));
        case Kind::slope_at_zero:
            return fmt::format("slope_at_zero({})", parts[0]);
    }
    return {};
}

}  // namespace noisetrap::formula
