#include "engine/formula/code.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/formula/code_parts.hpp"
#include "engine/formula/expressions.hpp"
#include "engine/formula/shape.hpp"
#include "engine/formula/system_code.hpp"

namespace noisetrap::formula {
namespace {

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
