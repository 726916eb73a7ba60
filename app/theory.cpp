#include <fmt/core.h>

#include <cmath>
#include <filesystem>

#include "analysis/answers/equation.hpp"
#include "analysis/answers/known_answers.hpp"
#include "app/commands.hpp"
#include "app/output_json.hpp"
#include "engine/error.hpp"

namespace noisetrap {
namespace {

void print_json(const Config& config, const std::vector<KnownAnswer>& answers,
                const EquationTheory& equation) {
    Json json = {{"model", config.simulation.entry->model},
                 {"input", resolved_input(config.resolved)},
                 {"answers", Json::array()}};
    for (const auto& a : answers)
        json["answers"].push_back(
            {{"quantity", a.quantity}, {"value", finite(a.value)}, {"unit", a.unit}, {"source", a.source}});
    if (config.simulation.entry->formula) {
        json["fixed_points"] = Json::array();
        for (const auto& p : equation.points)
            json["fixed_points"].push_back({{"x", p.x},
                                            {"a", finite(p.a)},
                                            {"sigma", finite(p.sigma)},
                                            {"tau", finite(p.tau)},
                                            {"rho", finite(p.rho)},
                                            {"growth", finite(p.growth)},
                                            {"trapped", p.is_known() ? Json(p.trapped()) : Json(nullptr)},
                                            {"tail_exponent", finite(p.tail_index)}});
        json["eigenvalues"] = Json::array();
        for (const auto& value : equation.eigenvalues)
            json["eigenvalues"].push_back({value.real(), value.imag()});
        json["notes"] = equation.notes;
    }
    fmt::print("{}\n", json.dump(2));
}

void print_equation(const EquationTheory& equation) {
    for (const auto& p : equation.points) {
        if (!p.is_known()) {
            fmt::print("  fixed point x = {:.10g}, without a linearisation\n", p.x);
            continue;
        }
        fmt::print(
            "  fixed point x = {:.10g}: a = {:.6g}, sigma = {:.6g}, tau = {:.6g}, rho = {:.6g}; growth "
            "{:.6g}, {}{}\n",
            p.x, p.a, p.sigma, p.tau, p.rho, p.growth, p.trapped() ? "trapped" : "not trapped",
            std::isnan(p.tail_index) ? "" : fmt::format("; tail exponent {:.6g}", p.tail_index));
    }
    for (const auto& value : equation.eigenvalues)
        fmt::print("  eigenvalue of the Jacobian at 0: {:.10g}{}\n", value.real(),
                   value.imag() == 0 ? "" : fmt::format(" {:+.10g} i", value.imag()));
    for (const auto& note : equation.notes) fmt::print("  {}\n", note);
}

/// Of a model's name, or of the run that a file describes.
Config config_of(const TheoryOptions& options) {
    std::error_code error;
    if (!entries_of(options.model).empty() || !std::filesystem::exists(options.model, error)) {
        require_model(options.model, "theory");
        return config_from_text(fmt::format("model.name = '{}'", options.model), "theory", options.settings);
    }
    return read_config(options.model, options.settings);
}

}  // namespace

int theory(const TheoryOptions& options) {
    const auto config = config_of(options);
    const auto equation = equation_theory(config.simulation);
    const auto answers = known_answers(config);
    if (options.json == "-") {
        print_json(config, answers, equation);
        return 0;
    }
    fmt::print("{}: {}\n", config.simulation.entry->model, equation_of(config.simulation));
    print_equation(equation);
    for (const auto& a : answers)
        fmt::print("  {:<54} {:>16.10g}  {:<12} {}\n", a.quantity, a.value, a.unit, a.source);
    if (answers.empty()) fmt::print("  nothing is known in closed form\n");
    return 0;
}

}  // namespace noisetrap
