#include "engine/formula/evaluate.hpp"

#include <cmath>
#include <iterator>

#include "engine/formula/calculus.hpp"

namespace noisetrap::formula {
namespace {

constexpr Function functions[] = {
    {"exp", "exp", 1, false, true, false},        {"log", "logarithm", 1, false, false, false},
    {"sqrt", "sqrt", 1, false, false, false},     {"sin", "sin", 1, true, true, false},
    {"cos", "cos", 1, false, true, false},        {"tan", "tan", 1, true, true, false},
    {"tanh", "tanh", 1, true, true, false},       {"sinh", "sinh", 1, true, true, false},
    {"cosh", "cosh", 1, false, true, false},      {"atan", "atan", 1, true, true, false},
    {"abs", "abs", 1, false, false, false},       {"sign", "sign_of", 1, false, false, true},
    {"step", "step_of", 1, false, false, true},   {"min", "smaller_of", 2, false, false, false},
    {"max", "larger_of", 2, false, false, false},
};

template <class T>
T constant(double value) {
    return T{} + value;
}

template <class T>
T applied(const std::string& f, T a, T b) {
    if (f == "exp") return exp(a);
    if (f == "log") return logarithm(a);
    if (f == "sqrt") return sqrt(a);
    if (f == "sin") return sin(a);
    if (f == "cos") return cos(a);
    if (f == "tan") return tan(a);
    if (f == "tanh") return tanh(a);
    if (f == "sinh") return sinh(a);
    if (f == "cosh") return cosh(a);
    if (f == "atan") return atan(a);
    if (f == "abs") return abs(a);
    if (f == "sign") return sign_of(a);
    if (f == "step") return step_of(a);
    if (f == "min") return smaller_of(a, b);
    return larger_of(a, b);
}

template <class T>
T whole(T x, int n) {
    if (n < 0) return 1.0 / whole(x, -n);
    if (n == 1) return x;
    if (n % 2 != 0) return x * whole(x, n - 1);
    const T root = whole(x, n / 2);
    return root * root;
}

template <class T>
T raised(const Tree& tree, T base, T exponent) {
    if (const int n = whole_exponent(tree)) return whole(base, n);
    if (is_number(tree->parts[1])) return pow(base, tree->parts[1]->number);
    return pow(base, exponent);
}

/// `variable` gives the number of a variable, by its name, that has no value.
template <class T, class Variable>
T evaluated(const Tree& tree, const Values& values, const Variable& variable);
template <class T>
T at(const Tree& tree, const Values& values, T x);

template <class T>
T combined(const Tree& tree, const std::vector<T>& parts) {
    T result = parts[0];
    switch (tree->kind) {
        case Kind::negate:
            return -result;
        case Kind::sum:
            for (std::size_t i = 1; i < parts.size(); ++i) result = result + parts[i];
            return result;
        case Kind::product:
            for (std::size_t i = 1; i < parts.size(); ++i) result = result * parts[i];
            return result;
        case Kind::quotient:
            return result / parts[1];
        case Kind::power:
            return raised(tree, result, parts[1]);
        default:
            return applied(tree->name, result, parts.size() > 1 ? parts[1] : result);
    }
}

template <class T, class Variable>
T evaluated(const Tree& tree, const Values& values, const Variable& variable) {
    if (is_number(tree)) return constant<T>(tree->number);
    if (tree->kind == Kind::name) {
        const auto found = values.find(tree->name);
        if (tree->role == Role::variable && found == values.end()) return variable(tree->name);
        return constant<T>(found == values.end() ? std::nan("") : found->second);
    }
    if (tree->kind == Kind::slope_at_zero)
        return constant<T>(at(tree->parts[0], values, Dual<double>{0, 1}).slope);
    std::vector<T> parts;
    for (const auto& part : tree->parts) parts.push_back(evaluated<T>(part, values, variable));
    return combined(tree, parts);
}

/// The one variable is x.
template <class T>
T at(const Tree& tree, const Values& values, T x) {
    return evaluated<T>(tree, values, [x](const std::string&) { return x; });
}

}  // namespace

const Function* find_function(const std::string& name) {
    for (const auto& function : functions)
        if (function.name == name) return &function;
    return nullptr;
}

std::vector<std::string> function_names() {
    std::vector<std::string> names;
    for (const auto& function : functions) names.emplace_back(function.name);
    names.emplace_back("pow");
    return names;
}

double value_of(const Tree& tree, const Values& values, double x) { return at(tree, values, x); }

Dual<double> value_and_slope_of(const Tree& tree, const Values& values, double x) {
    return at(tree, values, Dual<double>{x, 1});
}

Dual<double> between_calculi(const Tree& amplitude, const Values& values, double x) {
    const auto [value, slope] = at(amplitude, values, Dual<Dual<double>>{{x, 1}, {1, 0}});
    return 0.5 * (value * slope);
}

std::vector<Dual<double>> between_calculi(const std::vector<Component>& system, const Values& state,
                                          const std::string& by) {
    using Number = Dual<double>;
    auto constants = state;
    for (const auto& component : system) constants.erase(component.variable);
    const auto place = [&](const std::string& variable) {
        return Number{state.at(variable), variable == by ? 1.0 : 0.0};
    };
    std::vector<Number> sum(system.size());
    for (std::size_t k = 0; k < system[0].factors.size(); ++k) {
        // The state moves along b, which itself depends on the variable.
        std::map<std::string, Dual<Number>> moving;
        for (const auto& component : system)
            moving[component.variable] = {place(component.variable),
                                          evaluated<Number>(component.factors[k], constants, place)};
        for (std::size_t i = 0; i < system.size(); ++i)
            sum[i] = sum[i] + 0.5 * evaluated<Dual<Number>>(
                                        system[i].factors[k], constants,
                                        [&](const std::string& variable) { return moving.at(variable); })
                                        .slope;
    }
    return sum;
}

const Node* not_finite_in(const Tree& tree, const Values& values, double x) {
    for (const auto& part : tree->parts)
        if (const auto* inner = not_finite_in(part, values, x)) return inner;
    return std::isfinite(value_of(tree, values, x)) ? nullptr : tree.get();
}

}  // namespace noisetrap::formula
