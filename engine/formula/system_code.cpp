#include "engine/formula/system_code.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/formula/code_parts.hpp"
#include "engine/formula/shape.hpp"

namespace noisetrap::formula {
namespace {

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

}  // namespace

std::string system_text(const Equation& equation, Writer& writer, Written& code) {
    SystemText system(equation, writer);
    system.note_facts(code);
    return equation.form == Form::sde ? system.sde_text(code) : system.recursion_text(code);
}

}  // namespace noisetrap::formula
