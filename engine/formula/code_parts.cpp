#include "engine/formula/code_parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "engine/formula/evaluate.hpp"
#include "engine/formula/shape.hpp"

namespace noisetrap::formula {
namespace {

/// Any value of a noise or of time, at which what depends on it is not 0 by chance.
Tree at_any_time(const Tree& tree, const Equation& equation) {
    double generic = 0.7390851332151607;
    std::map<std::string, Tree> values;
    for (const auto& noise : equation.noises)
        values[noise.name] =
            equation.form == Form::sde ? number(0) : product({noise.factor, number(generic *= 1.1)});
    return replaced(tree, [&](const Node& node) -> Tree {
        if (node.role == Role::noise) return values.at(node.name);
        if (node.role == Role::time || node.role == Role::step_number) return number(generic);
        return nullptr;
    });
}

}  // namespace

void note_what_moves_zero(const Tree& tree, const Equation& equation, Writer& writer, Written& code) {
    const auto start = at_any_time(at_zero(tree), equation);
    if (is_number(start)) {
        code.always_moves = code.always_moves || start->number != 0;
        return;
    }
    const auto place = writer.place_of(start);
    if (std::find(code.moving.begin(), code.moving.end(), place) == code.moving.end())
        code.moving.push_back(place);
}

Tree scale_of(const Noise& noise) { return noise.scale ? noise.scale : name(root_name, Role::step_length); }

std::string shapes_text(const Equation& equation, Writer& writer) {
    std::vector<std::string> shapes;
    for (const auto& noise : equation.noises)
        shapes.push_back(noise.shape ? writer.coefficient(noise.shape) : "Real{}");
    if (std::none_of(equation.noises.begin(), equation.noises.end(),
                     [](const Noise& noise) { return noise.shape != nullptr; }))
        return "";
    return fmt::format(
        "    NOISETRAP_HD Real shape(int i) const {{\n        const Real shapes[] = {{{}}};\n        return "
        "shapes[i];\n    }}\n",
        fmt::join(shapes, ", "));
}

bool jumps(const Tree& tree) {
    return any_of(
        tree, [](const Node& node) { return node.kind == Kind::call && find_function(node.name)->jumps; });
}

std::vector<std::size_t> activity_of(const Tree& amplitude, Writer& writer) {
    std::vector<std::size_t> places;
    for (const auto& term : amplitude->kind == Kind::sum ? amplitude->parts : std::vector<Tree>{amplitude}) {
        const auto& bare = term->kind == Kind::negate ? term->parts[0] : term;
        std::vector<Tree> known;
        for (const auto& part : bare->kind == Kind::product ? bare->parts : std::vector<Tree>{bare})
            if (is_coefficient(part)) known.push_back(part);
        if (known.empty()) return {};
        places.push_back(writer.place_of(product(std::move(known))));
    }
    return places;
}

std::string Body::returning(const std::string& expression) const {
    std::string text;
    for (const auto& number : writer_.numbers)
        text += fmt::format("        const X {} = in_units(x{}, unit);\n", number, number.substr(1));
    if (writer_.uses_one)
        text +=
            fmt::format("        const auto one = {};\n", writer_.any_unit ? "length_of_one(unit)" : "unit");
    return text + "        return " + expression + ";\n";
}

std::string members(const std::vector<Tree>& coefficients, bool keeps_step_number) {
    std::string text;
    for (std::size_t i = 0; i < coefficients.size(); ++i)
        text += fmt::format("    Real c{};  // {}\n", i, text_of(coefficients[i]));
    if (keeps_step_number) text += "    Real n;  // of the step\n";
    return text;
}

std::string moves_zero_text(const Written& code) {
    std::vector<std::string> terms;
    for (const auto place : code.moving) terms.push_back(fmt::format("c{} != 0", place));
    if (code.always_moves) terms = {"true"};
    return fmt::format("    NOISETRAP_HD bool moves_zero() const {{ return {}; }}\n",
                       terms.empty() ? "false" : fmt::format("{}", fmt::join(terms, " || ")));
}

std::string facts(const Written& code, std::size_t noises, bool keeps_any_size) {
    return fmt::format(
        "    static constexpr int noises = {};\n    static constexpr bool has_length = {}, differentiable = "
        "{};\n"
        "    static constexpr std::int64_t lowest_exponent = {};\n",
        noises, code.has_length, code.differentiable, keeps_any_size ? "no_lowest_exponent" : "-900");
}

std::string times_text(const char* type, const Written& code) {
    if (!code.keeps_step_number) return "";
    const auto function = [&](const char* argument, const char* number) {
        return fmt::format(
            "    NOISETRAP_HD {0} {1} const {{\n        {0} now = *this;\n        now.n = {2};\n        "
            "return "
            "now;\n    }}\n",
            type, argument, number);
    };
    return function("at(unsigned long long number)", "static_cast<Real>(number)") +
           function("later(double share)", "n + static_cast<Real>(share)");
}

std::string reach_text(Writer& writer) {
    const auto reach = quotient(number(1), name(root_name, Role::step_length));
    return fmt::format("    NOISETRAP_HD Real reach() const {{ return {}; }}\n", writer.coefficient(reach));
}

}  // namespace noisetrap::formula
