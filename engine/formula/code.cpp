#include "engine/formula/code.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/formula/evaluate.hpp"
#include "engine/formula/shape.hpp"

namespace noisetrap::formula {
namespace {

/// A term as a factor and the rest, for a fused product; or whole, with no rest.
struct Term {
    std::string first, rest;
    bool negative = false, has_x = false;
};

enum class Mode { number, length };

std::string product_of(const std::vector<std::string>& factors) {
    return factors.size() == 1 ? factors[0] : fmt::format("({})", fmt::join(factors, " * "));
}

/// Writes expressions, and notes which coefficients and which locals they use.
class Writer {
    const Equation& equation_;
    std::vector<Tree> coefficients_;
    std::map<std::string, std::size_t> places_;

  public:
    bool uses_one = false, uses_step_number = false, keeps_any_size = true;
    std::set<std::string> numbers;  // of variables, as the expressions name them
    /// The unit may be of any size. It is at most 1 where a linear equation looks at it, since then 0 is moved.
    bool any_unit = true;

    explicit Writer(const Equation& equation) : equation_(equation) {}
    const std::vector<Tree>& coefficients() const { return coefficients_; }

    std::size_t place_of(const Tree& coefficient) {
        const auto [found, is_new] = places_.try_emplace(text_of(coefficient), coefficients_.size());
        if (is_new) coefficients_.push_back(coefficient);
        return found->second;
    }
    std::string coefficient(const Tree& tree) {
        if (is_number(tree)) return fmt::format("static_cast<Real>({:a})", tree->number);
        return fmt::format("c{}", place_of(tree));
    }

    /// The value of the formula.
    std::string in_numbers(const Tree& tree) {
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

    /// The length of the formula, where that is plain.
    std::string in_lengths(const Tree& tree) {
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

    /// start + the terms, each product fused with its sum.
    std::string sum_of(const std::vector<Tree>& trees, Mode mode, std::string start) {
        std::vector<Term> terms;
        for (const auto& tree : trees) terms.push_back(term_of(tree, mode));
        if (start.empty()) start = started(terms);
        for (const auto& term : terms) {
            if (!term.rest.empty()) {
                start =
                    fmt::format("fma({}{}, {}, {})", term.negative ? "-" : "", term.first, term.rest, start);
            } else {
                start = fmt::format("({} {} {})", start, term.negative ? "-" : "+", term.first);
            }
        }
        return start;
    }

    /// The length of a sum of any terms. Those that are not plain go together, unit f(x/unit), with the constants that
    /// may take them to 0 at x = 0.
    std::string length_of(const Tree& tree, const std::string& start) {
        if (is_number(tree, 0) && !start.empty()) return start;
        auto terms = tree->kind == Kind::sum ? tree->parts : std::vector<Tree>{tree};
        if (equation_.form != Form::recursion && equation_.system.empty())
            terms = with_powers_together(terms);
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

  private:
    /// Where there are several variables, the place of each is in its name.
    std::string name_in(const char* letter, const Node& variable) const {
        for (std::size_t i = 0; i < equation_.system.size(); ++i)
            if (equation_.system[i].variable == variable.name) return fmt::format("{}{}", letter, i);
        return letter;
    }
    std::string name_of(const Node& node) {
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

    std::string constant_length(const Tree& tree) {
        uses_one = true;
        return fmt::format("({} * one)", in_numbers(tree));
    }

    std::string divided(const Tree& tree, Mode mode) {
        const auto& above = tree->parts[0];
        if (is_coefficient(tree->parts[1])) return product_of(factors_of(tree, mode));
        return fmt::format("({} / {})", mode == Mode::length ? in_lengths(above) : in_numbers(above),
                           in_numbers(tree->parts[1]));
    }
    std::string raised(const Tree& tree) {
        const auto base = in_numbers(tree->parts[0]);
        const int n = whole_exponent(tree);
        if (n > 0) return fmt::format("whole_power<{}>({})", n, base);
        if (n < 0) return fmt::format("(static_cast<Real>(1) / whole_power<{}>({}))", -n, base);
        return fmt::format("pow({}, {})", base, in_numbers(tree->parts[1]));
    }
    std::string called(const Tree& tree) {
        std::vector<std::string> arguments;
        for (const auto& part : tree->parts) arguments.push_back(in_numbers(part));
        return fmt::format("{}({})", find_function(tree->name)->in_cpp, fmt::join(arguments, ", "));
    }
    std::string length_of_call(const Tree& tree) {
        if (is_odd(tree))
            return fmt::format("odd_length({}, {}, {}, unit)", in_lengths(tree->parts[0]),
                               in_numbers(tree->parts[0]), called(tree));
        std::vector<std::string> arguments;
        for (const auto& part : tree->parts) arguments.push_back(in_lengths(part));
        return fmt::format("{}({})", find_function(tree->name)->in_cpp, fmt::join(arguments, ", "));
    }

    /// The branches whose product a tree is: a quotient by a coefficient, a power x x^(n-1).
    static std::vector<Tree> branches_of(const Tree& tree, Mode mode) {
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
    /// The branch that is taken as a length: the only one with x, or the first that vanishes with x.
    static std::size_t lengthy_of(const std::vector<Tree>& branches) {
        const bool one = std::count_if(branches.begin(), branches.end(), has_x) == 1;
        const auto found = std::find_if(branches.begin(), branches.end(), one ? has_x : is_lengthy);
        return static_cast<std::size_t>(found - branches.begin());
    }

    /// The coefficient first, then the others.
    std::vector<std::string> factors_of(const Tree& tree, Mode mode, bool negative = false) {
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

    Term term_of(const Tree& tree, Mode mode) {
        if (tree->kind == Kind::negate && !is_coefficient(tree)) {
            auto term = term_of(tree->parts[0], mode, true);
            return term;
        }
        return term_of(tree, mode, false);
    }
    Term term_of(const Tree& tree, Mode mode, bool negative) {
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

    /// Takes out the term that a sum starts with: one that is no product, with x if there is one.
    static std::string started(std::vector<Term>& terms) {
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

    std::string length_of_rest(const Tree& rest) {
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
};

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

/// The size of an increment over a step.
Tree scale_of(const Noise& noise) { return noise.scale ? noise.scale : name(root_name, Role::step_length); }

/// The numbers that give the noises' laws their shapes.
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

/// The coefficients of an amplitude's terms; none where a term has no coefficient.
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

/// Expressions of one function, and the locals that they use.
class Body {
    Writer& writer_;

  public:
    explicit Body(Writer& writer) : writer_(writer) {
        writer_.numbers.clear();
        writer_.uses_one = false;
    }
    std::string returning(const std::string& expression) const {
        std::string text;
        for (const auto& number : writer_.numbers)
            text += fmt::format("        const X {} = in_units(x{}, unit);\n", number, number.substr(1));
        if (writer_.uses_one)
            text += fmt::format("        const auto one = {};\n",
                                writer_.any_unit ? "length_of_one(unit)" : "unit");
        return text + "        return " + expression + ";\n";
    }
};

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

/// The coefficients at the start of a step, and when a share of it has gone by.
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

/// How far a truncated scheme takes the coefficients, in units: h^(-1/2), where a step of -x^3 comes to 0.
std::string reach_text(Writer& writer) {
    const auto reach = quotient(number(1), name(root_name, Role::step_length));
    return fmt::format("    NOISETRAP_HD Real reach() const {{ return {}; }}\n", writer.coefficient(reach));
}

constexpr const char* of_x = "    template <class X, class Unit>\n    NOISETRAP_HD X ";

/// The functions of a step of an SDE.
class SdeText {
    const Equation& equation_;
    Writer& writer_;
    Tree drift_;
    std::vector<Tree> amplitudes_;

    std::string amplitude(std::size_t i) {
        return fmt::format("as<X>({})", writer_.length_of(amplitudes_[i], ""));
    }
    std::string function(const std::string& head, const std::string& expression, const Body& body) const {
        return of_x + head + " {\n" + body.returning(expression) + "    }\n";
    }
    std::string diffused() {
        const Body body(writer_);
        std::string sum = "from";
        for (std::size_t i = amplitudes_.size(); i-- > 0;)
            sum = fmt::format("fma({}, noise.template get<{}>(), {})", writer_.length_of(amplitudes_[i], ""),
                              i, sum);
        return "    template <class X, class Unit, class Noise>\n    NOISETRAP_HD X diffused(X from, "
               "[[maybe_unused]] X x, [[maybe_unused]] Unit unit, const Noise& noise) const {\n" +
               body.returning(sum) + "    }\n";
    }
    std::string variance() {
        const Body body(writer_);
        std::vector<std::string> squares;
        for (std::size_t i = 0; i < amplitudes_.size(); ++i)
            squares.push_back(fmt::format("whole_power<2>({})", amplitude(i)));
        return "    template <class X, class Unit>\n    NOISETRAP_HD X variance([[maybe_unused]] X x, "
               "[[maybe_unused]] Unit unit) const {\n" +
               body.returning(fmt::format("{}", fmt::join(squares, " + "))) + "    }\n";
    }

  public:
    SdeText(const Equation& equation, Writer& writer) : equation_(equation), writer_(writer) {
        drift_ = scaled(equation.drift, name(time_step_name, Role::step_length));
        for (const auto& noise : equation.noises)
            amplitudes_.push_back(scaled(noise.factor, scale_of(noise)));
    }
    void note_facts(Written& code) {
        for (const auto& amplitude : amplitudes_) {
            code.active.push_back(activity_of(amplitude, writer_));
            note_what_moves_zero(amplitude, equation_, writer_, code);
            code.has_length = code.has_length || !is_affine(amplitude);
            code.differentiable = code.differentiable && !jumps(amplitude);
        }
        note_what_moves_zero(drift_, equation_, writer_, code);
        code.has_length = code.has_length || !is_affine(drift_);
        code.differentiable = code.differentiable && !jumps(drift_);
    }
    std::string functions() {
        const std::string arguments = "([[maybe_unused]] X x, [[maybe_unused]] Unit unit) const";
        const Body of_drift(writer_);
        auto text = function("drift" + arguments, "as<X>(" + writer_.length_of(drift_, "") + ")", of_drift);
        const Body of_drifted(writer_);
        text += function("drifted" + arguments, writer_.length_of(drift_, "x"), of_drifted);
        const Body of_amplitude(writer_);
        text += function("amplitude" + arguments, amplitude(0), of_amplitude);
        return text + diffused() + variance() + reach_text(writer_);
    }
};

std::string sde_text(const Equation& equation, Writer& writer, Written& code) {
    SdeText sde(equation, writer);
    sde.note_facts(code);
    writer.any_unit = code.has_length;
    const auto functions = sde.functions() + shapes_text(equation, writer);
    code.keeps_step_number = writer.uses_step_number;
    return "template <class Real>\nstruct EquationStep {\n    using Number = Real;\n    static constexpr "
           "bool "
           "noisy_rest = false;\n" +
           facts(code, equation.noises.size(), writer.keeps_any_size) +
           members(writer.coefficients(), code.keeps_step_number) + functions +
           times_text("EquationStep", code) + moves_zero_text(code) +
           "    int active_noises() const { return noises; }\n    bool active_rest_noise() const { return "
           "false; }\n};\n"
           "struct Equation {\n    template <class Real>\n    using Step = EquationStep<Real>;\n"
           "    static constexpr const char *name = \"\", *equation = \"\";\n    static int parameters();\n"
           "    template <class Real>\n    Step<Real> per_step(double) const;\n};\n";
}

/// The noises of a step: standard variates times their deviations.
std::string variates_of(const Equation& equation, Writer& writer) {
    std::vector<std::string> variates;
    for (std::size_t i = 0; i < equation.noises.size(); ++i)
        variates.push_back(
            fmt::format("c{} * noise.number({})", writer.place_of(equation.noises[i].factor), i));
    return fmt::format("{}", fmt::join(variates, ", "));
}
std::string locals(const Equation& equation, const char* source) {
    std::string text;
    for (std::size_t i = 0; i < equation.noises.size(); ++i)
        text += fmt::format("        [[maybe_unused]] const Real z{} = {}[{}];\n", i, source, i);
    return text;
}

/// What a recursion and a loss have in common.
void note_facts(const Equation& equation, Writer& writer, Written& code) {
    for (const auto& noise : equation.noises)
        code.active.push_back(is_number(noise.factor)
                                  ? std::vector<std::size_t>{}
                                  : std::vector<std::size_t>{writer.place_of(noise.factor)});
    note_what_moves_zero(equation.drift, equation, writer, code);
    code.has_length = !is_affine(equation.drift);
    code.differentiable = !jumps(equation.drift);
    writer.any_unit = code.has_length;
}

constexpr const char* of_host =
    "    int active_noises() const { return noises; }\n    NOISETRAP_HD Law law(int) const { return "
    "Law::gaussian; }\n";

std::string recursion_text(const Equation& equation, Writer& writer, Written& code) {
    note_facts(equation, writer, code);
    const Body body(writer);
    const auto next = writer.length_of(equation.drift, "");
    const auto step = body.returning("as<X>(" + next + ")");
    const auto variates =
        fmt::format("        const Real drawn[] = {{{}}};\n", variates_of(equation, writer));
    const std::string n =
        writer.uses_step_number ? "        const Real n = static_cast<Real>(number);\n" : "";
    const auto shapes = shapes_text(equation, writer);
    return "template <class Real>\nstruct EquationMap {\n" +
           facts(code, equation.noises.size(), writer.keeps_any_size) +
           members(writer.coefficients(), false) +
           "    template <class X, class Unit, class Noise>\n    NOISETRAP_HD X step([[maybe_unused]] X x, "
           "[[maybe_unused]] Unit unit, [[maybe_unused]] unsigned long long number,\n                        "
           "const Noise& noise) const {\n" +
           n + variates + locals(equation, "drawn") + step + "    }\n" + shapes + moves_zero_text(code) +
           of_host + "};\n";
}

std::string loss_text(const Equation& equation, Writer& writer, Written& code) {
    note_facts(equation, writer, code);
    const auto function = [&](const std::string& head, const Tree& tree, const std::string& before) {
        const Body body(writer);
        const auto value = writer.length_of(tree, "");
        return of_x + head + " const {\n" + before + body.returning("as<X>(" + value + ")") + "    }\n";
    };
    const auto mean = replaced(
        equation.drift, [](const Node& node) { return node.role == Role::noise ? number(0) : nullptr; });
    const std::string arguments = "([[maybe_unused]] X x, [[maybe_unused]] Unit unit";
    auto functions = function("gradient" + arguments + ", const Sample& sample)", equation.drift,
                              locals(equation, "sample.z"));
    functions += function("mean_gradient" + arguments + ")", mean, "");
    functions += shapes_text(equation, writer);
    const auto variates = variates_of(equation, writer);
    return fmt::format(
               "template <class Real>\nstruct EquationLoss {{\n    static constexpr int dimensions = 1, "
               "noises = {};\n"
               "    static constexpr bool linear = {}, differentiable = {};\n",
               equation.noises.size(), !code.has_length, code.differentiable) +
           members(writer.coefficients(), false) + "    struct Sample {\n        Real z[noises];\n    };\n" +
           "    template <int N>\n    NOISETRAP_HD Sample sample(const Draw<Real, N>& noise) const {\n       "
           " return {{" +
           variates + "}};\n    }\n" + functions + moves_zero_text(code) + of_host +
           "    bool uses(int) const { return true; }\n};\n"
           "struct Equation {\n    template <class Real>\n    using Loss = EquationLoss<Real>;\n"
           "    static constexpr const char *name = \"\", *equation = \"\";\n    static int parameters();\n"
           "    template <class Real>\n    Loss<Real> loss() const;\n};\n";
}

/// Several variables: the step of SDEs, or a recursion.
class SystemText {
    const Equation& equation_;
    Writer& writer_;
    std::vector<Component> scaled_;

    bool is_sde() const { return equation_.form == Form::sde; }
    std::string drift(std::size_t i) {
        return fmt::format("as<X>({})", writer_.length_of(scaled_[i].drift, ""));
    }
    std::string drifted(std::size_t i) { return writer_.length_of(scaled_[i].drift, fmt::format("x{}", i)); }
    std::string diffused(std::size_t i) {
        const auto& factors = scaled_[i].factors;
        auto sum = fmt::format("from.at[{}]", i);
        for (std::size_t j = factors.size(); j-- > 0;)
            if (!is_number(factors[j], 0))
                sum = fmt::format("fma({}, noise.template get<{}>(), {})", writer_.length_of(factors[j], ""),
                                  j, sum);
        return sum;
    }
    std::string variables() const {
        std::string text;
        for (std::size_t i = 0; i < scaled_.size(); ++i)
            text += fmt::format("        [[maybe_unused]] const X x{0} = s.at[{0}];\n", i);
        return text;
    }
    /// Returns the state whose number i is expression(i).
    template <class Expression>
    std::string body(Expression expression) {
        const Body body(writer_);
        std::vector<std::string> numbers;
        for (std::size_t i = 0; i < scaled_.size(); ++i) numbers.push_back(expression(i));
        return variables() +
               body.returning(fmt::format("{{{{{}}}}}", fmt::join(numbers, ",\n                 ")));
    }
    /// A noise is drawn where one of its factors may be other than 0.
    void note_activity(Written& code) {
        for (std::size_t j = 0; j < equation_.noises.size(); ++j) {
            std::vector<std::size_t> all_places;
            bool always = false;
            for (const auto& component : scaled_) {
                if (is_number(component.factors[j], 0)) continue;
                const auto places = activity_of(component.factors[j], writer_);
                always = always || places.empty();
                all_places.insert(all_places.end(), places.begin(), places.end());
            }
            code.active.push_back(always ? std::vector<std::size_t>{} : all_places);
        }
    }
    std::string starts() {
        std::vector<std::string> places = {"Real{}"};
        for (std::size_t i = 1; i < scaled_.size(); ++i)
            places.push_back(writer_.coefficient(name(start_name(scaled_[i].variable), Role::parameter)));
        return fmt::format(
            "    NOISETRAP_HD Real other_start(int i) const {{\n        const Real starts[] = {{{}}};\n      "
            "  return "
            "starts[i];\n    }}\n",
            fmt::join(places, ", "));
    }

  public:
    SystemText(const Equation& equation, Writer& writer)
        : equation_(equation), writer_(writer), scaled_(equation.system) {
        if (!is_sde()) return;
        for (auto& component : scaled_) {
            component.drift = scaled(component.drift, name(time_step_name, Role::step_length));
            for (std::size_t j = 0; j < component.factors.size(); ++j)
                component.factors[j] = scaled(component.factors[j], scale_of(equation.noises[j]));
        }
    }
    void note_facts(Written& code) {
        if (is_sde()) {
            note_activity(code);
        } else {
            for (const auto& noise : equation_.noises)
                code.active.push_back({writer_.place_of(noise.factor)});
        }
        for (const auto& component : scaled_) {
            auto trees = component.factors;
            trees.push_back(component.drift);
            for (const auto& tree : trees) {
                note_what_moves_zero(tree, equation_, writer_, code);
                code.has_length = code.has_length || !is_affine(tree);
                code.differentiable = code.differentiable && !jumps(tree);
            }
        }
    }
    std::string sde_text(Written& code) {
        const std::string head =
            "    template <class X, class Unit{}>\n    NOISETRAP_HD State<X, numbers> {}("
            "{}[[maybe_unused]] const State<X, numbers>& s, [[maybe_unused]] Unit unit{}) const {{\n";
        const auto function = [&](const char* name, auto expression) {
            return fmt::format(fmt::runtime(head), "", name, "", "") + body(expression) + "    }\n";
        };
        auto functions = function("drift", [&](std::size_t i) { return drift(i); }) +
                         function("drifted", [&](std::size_t i) { return drifted(i); });
        functions += fmt::format(fmt::runtime(head), ", class Noise", "diffused",
                                 "const State<X, numbers>& from, ", ", [[maybe_unused]] const Noise& noise") +
                     body([&](std::size_t i) { return diffused(i); }) + "    }\n";
        functions += starts() + reach_text(writer_) + shapes_text(equation_, writer_);
        code.keeps_step_number = writer_.uses_step_number;
        return fmt::format(
                   "template <class Real>\nstruct EquationSystem {{\n    using Number = Real;\n"
                   "    static constexpr int numbers = {};\n",
                   scaled_.size()) +
               facts(code, equation_.noises.size(), writer_.keeps_any_size) +
               members(writer_.coefficients(), code.keeps_step_number) + functions +
               times_text("EquationSystem", code) + moves_zero_text(code) +
               "    int active_noises() const { return noises; }\n};\n";
    }
    std::string recursion_text(const Written& code) {
        std::string lines;
        for (std::size_t j = 0; j < equation_.noises.size(); ++j)
            lines += fmt::format("        const Real z{0} = c{1} * noise.number({0});\n", j,
                                 writer_.place_of(equation_.noises[j].factor));
        const auto next = body([&](std::size_t i) { return drift(i); });
        if (writer_.uses_step_number) lines += "        const Real n = static_cast<Real>(number);\n";
        const auto others = starts() + shapes_text(equation_, writer_);
        return fmt::format(
                   "template <class Real>\nstruct EquationMap {{\n    static constexpr int numbers = {};\n",
                   scaled_.size()) +
               facts(code, equation_.noises.size(), writer_.keeps_any_size) +
               members(writer_.coefficients(), false) +
               "    template <class X, class Unit, class Noise>\n    NOISETRAP_HD State<X, numbers> "
               "step(const State<X, "
               "numbers>& s, [[maybe_unused]] Unit unit,\n                                        "
               "[[maybe_unused]] "
               "unsigned long long number, const Noise& noise) const {\n" +
               lines + next + "    }\n" + others + moves_zero_text(code) + of_host + "};\n";
    }
};

std::string system_text(const Equation& equation, Writer& writer, Written& code) {
    SystemText system(equation, writer);
    system.note_facts(code);
    return equation.form == Form::sde ? system.sde_text(code) : system.recursion_text(code);
}

/// A function of a state that returns the length of `tree`.
std::string number_text(const std::string& head, const Tree& tree, std::size_t variables, Writer& writer) {
    const Body body(writer);
    const auto value = writer.length_of(tree, "");
    std::string text = head;
    for (std::size_t i = 0; i < variables; ++i)
        text += fmt::format("        [[maybe_unused]] const X x{0} = s.at[{0}];\n", i);
    return text + body.returning(fmt::format("as<X>({})", value)) + "    }\n";
}

constexpr const char* of_state =
    "    template <class X, int D, class Unit>\n    NOISETRAP_HD X operator()(const State<X, D>& s, "
    "[[maybe_unused]] Unit unit) const {\n";
constexpr const char* along_state =
    "    template <class X, int D>\n    NOISETRAP_HD X along(const State<X, D>& s) const {\n";

}  // namespace

WrittenNumber written_number(const std::string& name, const Tree& tree,
                             const std::vector<std::string>& variables) {
    Equation equation;
    for (const auto& variable : variables) equation.system.push_back({variable, {}, {}});
    Writer writer(equation);
    WrittenNumber code;
    std::string functions =
        fmt::format("{}        return norm_of<{}>(s);\n    }}\n", of_state, variables.size());
    bool any_size = true;
    if (tree) {
        code.affine = is_affine(tree);
        code.needs_unit = !code.affine || !is_number(at_zero(tree), 0);
        any_size = !code.needs_unit;
        functions = number_text(of_state, tree, variables.size(), writer);
        if (code.affine) functions += number_text(along_state, linear_part(tree), variables.size(), writer);
    }
    code.coefficients = writer.coefficients();
    const auto whole = std::max<std::size_t>(1, code.coefficients.size()) * sizeof(double);
    code.text = fmt::format(
        "namespace noisetrap {{\ntemplate <class Real>\nstruct alignas({2}) {0} {{\n    static constexpr int "
        "variables = {1};\n    static constexpr bool affine = {3};\n    static constexpr std::int64_t "
        "lowest_exponent = {4};\n{5}{6}}};\nstatic_assert(sizeof({0}<double>) == {7});\n}}  // namespace "
        "noisetrap\n",
        name, variables.size(), code.bytes_aligned, code.affine,
        any_size ? "no_lowest_exponent" : "sizeof(Real) == sizeof(float) ? -100 : -900",
        members(code.coefficients, false), functions,
        (whole + code.bytes_aligned - 1) / code.bytes_aligned * code.bytes_aligned);
    return code;
}

Written written(const Equation& equation) {
    Writer writer(equation);
    Written code;
    const bool many = !equation.system.empty();
    const bool sde = equation.form == Form::sde && !many,
               recursion = equation.form == Form::recursion || many;
    const auto body = many        ? system_text(equation, writer, code)
                      : sde       ? sde_text(equation, writer, code)
                      : recursion ? recursion_text(equation, writer, code)
                                  : loss_text(equation, writer, code);
    code.coefficients = writer.coefficients();
    const char* type = sde                          ? "EquationStep"
                       : !recursion                 ? "EquationLoss"
                       : equation.form == Form::sde ? "EquationSystem"
                                                    : "EquationMap";
    code.text = fmt::format(
        "namespace noisetrap {{\n{}static_assert(sizeof({}<double>) == {} * sizeof(double));\n}}  // "
        "namespace "
        "noisetrap\n",
        body, type, code.coefficients.size() + code.keeps_step_number);
    return code;
}

}  // namespace noisetrap::formula
