#include "engine/formula/expressions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/formula/code.hpp"
#include "engine/formula/evaluate.hpp"
#include "engine/formula/shape.hpp"

namespace noisetrap::formula {
namespace {

std::string product_of(const std::vector<std::string>& factors) {
    return factors.size() == 1 ? factors[0] : fmt::format("({})", fmt::join(factors, " * "));
}

}  // namespace

std::size_t Writer::place_of(const Tree& coefficient) {
    const auto [found, is_new] = places_.try_emplace(text_of(coefficient), coefficients_.size());
    if (is_new) coefficients_.push_back(coefficient);
    return found->second;
}

std::string Writer::coefficient(const Tree& tree) {
    if (is_number(tree)) return fmt::format("static_cast<Real>({:a})", tree->number);
    return fmt::format("c{}", place_of(tree));
}

std::string Writer::in_numbers(const Tree& tree) {
    const auto& parts = tree->parts;
    if (is_coefficient(tree)) return coefficient(tree);
    switch (tree->kind) {
        case Kind::name:
            return name_of(*tree);
        case Kind::negate:
            return fmt::format("(-{})", in_numbers(parts[0]));
        case Kind::sum:
            return sum_of(parts, Mode::number, "");
        case Kind::product:
            return product_of(factors_of(tree, Mode::number));
        case Kind::quotient:
            return divided(tree, Mode::number);
        case Kind::power:
            return raised(tree);
        default:
            return called(tree);
    }
}

std::string Writer::in_lengths(const Tree& tree) {
    const auto& parts = tree->parts;
    if (!has_x(tree)) return constant_length(tree);
    switch (tree->kind) {
        case Kind::name:
            return name_in("x", *tree);
        case Kind::negate:
            return fmt::format("(-{})", in_lengths(parts[0]));
        case Kind::sum:
            return sum_of(parts, Mode::length, "");
        case Kind::quotient:
            return divided(tree, Mode::length);
        case Kind::call:
            return length_of_call(tree);
        default:
            return product_of(factors_of(tree, Mode::length));
    }
}

std::string Writer::sum_of(const std::vector<Tree>& trees, Mode mode, std::string start) {
    std::vector<Term> terms;
    for (const auto& tree : trees) terms.push_back(term_of(tree, mode));
    if (start.empty()) start = started(terms);
    for (const auto& term : terms) {
        if (!term.rest.empty()) {
            start = fmt::format("fma({}{}, {}, {})", term.negative ? "-" : "", term.first, term.rest, start);
        } else {
            start = fmt::format("({} {} {})", start, term.negative ? "-" : "+", term.first);
        }
    }
    return start;
}

std::string Writer::length_of(const Tree& tree, const std::string& start) {
    if (is_number(tree, 0) && !start.empty()) return start;
    auto terms = tree->kind == Kind::sum ? tree->parts : std::vector<Tree>{tree};
    if (equation_.form != Form::recursion && equation_.system.empty()) terms = with_powers_together(terms);
    std::vector<Tree> plain, others;
    const bool all_plain = all(terms, is_plain);
    for (const auto& term : terms)
        (is_plain(term) && (all_plain || has_x(term)) ? plain : others).push_back(term);
    if (!others.empty()) {
        const auto rest = length_of_rest(sum(others));
        return plain.empty() ? start.empty() ? rest : fmt::format("({} + {})", start, rest)
                             : fmt::format("({} + {})", sum_of(plain, Mode::length, start), rest);
    }
    return sum_of(plain, Mode::length, start);
}

std::string Writer::name_in(const char* letter, const Node& variable) const {
    for (std::size_t i = 0; i < equation_.system.size(); ++i)
        if (equation_.system[i].variable == variable.name) return fmt::format("{}{}", letter, i);
    return letter;
}

std::string Writer::name_of(const Node& node) {
    if (node.role == Role::variable) {
        const auto number = name_in("v", node);
        numbers.insert(number);
        return number;
    }
    if (node.role == Role::noise) {
        for (std::size_t i = 0; i < equation_.noises.size(); ++i)
            if (equation_.noises[i].name == node.name) return fmt::format("z{}", i);
    }
    uses_step_number = true;
    if (node.role == Role::step_number) return "n";
    return fmt::format("({} * n)", coefficient(name(time_step_name, Role::step_length)));
}

std::string Writer::constant_length(const Tree& tree) {
    uses_one = true;
    return fmt::format("({} * one)", in_numbers(tree));
}

std::string Writer::divided(const Tree& tree, Mode mode) {
    const auto& above = tree->parts[0];
    if (is_coefficient(tree->parts[1])) return product_of(factors_of(tree, mode));
    return fmt::format("({} / {})", mode == Mode::length ? in_lengths(above) : in_numbers(above),
                       in_numbers(tree->parts[1]));
}

std::string Writer::raised(const Tree& tree) {
    const auto base = in_numbers(tree->parts[0]);
    const int n = whole_exponent(tree);
    if (n > 0) return fmt::format("whole_power<{}>({})", n, base);
    if (n < 0) return fmt::format("(static_cast<Real>(1) / whole_power<{}>({}))", -n, base);
    return fmt::format("pow({}, {})", base, in_numbers(tree->parts[1]));
}

std::string Writer::called(const Tree& tree) {
    std::vector<std::string> arguments;
    for (const auto& part : tree->parts) arguments.push_back(in_numbers(part));
    return fmt::format("{}({})", find_function(tree->name)->in_cpp, fmt::join(arguments, ", "));
}

std::string Writer::length_of_call(const Tree& tree) {
    if (is_odd(tree))
        return fmt::format("odd_length({}, {}, {}, unit)", in_lengths(tree->parts[0]),
                           in_numbers(tree->parts[0]), called(tree));
    std::vector<std::string> arguments;
    for (const auto& part : tree->parts) arguments.push_back(in_lengths(part));
    return fmt::format("{}({})", find_function(tree->name)->in_cpp, fmt::join(arguments, ", "));
}

std::vector<Tree> Writer::branches_of(const Tree& tree, Mode mode) {
    if (tree->kind == Kind::product) return tree->parts;
    if (tree->kind == Kind::quotient && is_coefficient(tree->parts[1])) {
        auto parts = branches_of(tree->parts[0], mode);
        parts.insert(parts.begin(), quotient(number(1), tree->parts[1], tree->place));
        return parts;
    }
    if (tree->kind == Kind::power && (mode == Mode::length || whole_exponent(tree) > 1))
        return {tree->parts[0], power(tree->parts[0], sum({tree->parts[1], number(-1)}), tree->place)};
    return {tree};
}

std::size_t Writer::lengthy_of(const std::vector<Tree>& branches) {
    const bool one = std::count_if(branches.begin(), branches.end(), has_x) == 1;
    const auto found = std::find_if(branches.begin(), branches.end(), one ? has_x : is_lengthy);
    return static_cast<std::size_t>(found - branches.begin());
}

std::vector<std::string> Writer::factors_of(const Tree& tree, Mode mode, bool negative) {
    const auto branches = branches_of(tree, mode);
    const auto length = mode == Mode::length ? lengthy_of(branches) : branches.size();
    std::vector<Tree> known;
    std::vector<std::string> factors;
    for (std::size_t i = 0; i < branches.size(); ++i) {
        if (is_coefficient(branches[i])) {
            known.push_back(branches[i]);
        } else {
            factors.push_back(i == length ? in_lengths(branches[i]) : in_numbers(branches[i]));
        }
    }
    if (known.empty() && negative) factors[0] = fmt::format("(-{})", factors[0]);
    if (!known.empty()) {
        const auto whole = product(std::move(known));
        factors.insert(factors.begin(), coefficient(negative ? negate(whole) : whole));
    }
    return factors;
}

Term Writer::term_of(const Tree& tree, Mode mode) {
    if (tree->kind == Kind::negate && !is_coefficient(tree)) {
        auto term = term_of(tree->parts[0], mode, true);
        return term;
    }
    return term_of(tree, mode, false);
}

Term Writer::term_of(const Tree& tree, Mode mode, bool negative) {
    const bool whole = is_coefficient(tree) || (mode == Mode::length && !has_x(tree));
    if (!whole && branches_of(tree, mode).size() > 1) {
        auto factors = factors_of(tree, mode, negative);
        Term term{factors[0], "", false, has_x(tree)};
        factors.erase(factors.begin());
        term.rest = product_of(factors);
        return term;
    }
    return {mode == Mode::length ? in_lengths(tree) : in_numbers(tree), "", negative, has_x(tree)};
}

std::string Writer::started(std::vector<Term>& terms) {
    const auto find = [&](auto test) { return std::find_if(terms.begin(), terms.end(), test); };
    auto first = find([](const Term& t) { return t.rest.empty() && t.has_x && !t.negative; });
    if (first == terms.end()) first = find([](const Term& t) { return t.rest.empty() && t.has_x; });
    if (first == terms.end()) first = find([](const Term& t) { return t.rest.empty() && !t.negative; });
    if (first == terms.end()) first = find([](const Term& t) { return t.rest.empty(); });
    if (first == terms.end()) first = terms.begin();
    auto text = first->rest.empty() ? first->first : fmt::format("({} * {})", first->first, first->rest);
    if (first->negative) text = fmt::format("(-{})", text);
    terms.erase(first);
    return text;
}

std::string Writer::length_of_rest(const Tree& rest) {
    const auto value = in_numbers(rest);
    uses_one = true;
    const auto start = at_zero(rest);
    if (is_number(start) && start->number != 0) return fmt::format("one * {}", value);
    if (!equation_.system.empty() || !is_coefficient(start) || !is_smooth_at_zero(rest) ||
        !is_coefficient(slope_at_zero(rest))) {
        keeps_any_size = false;
        return fmt::format("one * {}", value);
    }
    numbers.insert("v");
    return fmt::format("smooth_length(x, v, as<X>({}), {}, {}, one)", value, coefficient(start),
                       coefficient(slope_at_zero(rest)));
}

}  // namespace noisetrap::formula
