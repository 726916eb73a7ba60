#include <fmt/core.h>

#include <cmath>

#include "analysis/answers/known_answers.hpp"
#include "app/commands.hpp"
#include "app/output_json.hpp"
#include "engine/error.hpp"

namespace noisetrap {

static void print_json(const std::string& model, const Config& config,
                       const std::vector<KnownAnswer>& answers) {
    Json json = {{"model", model}, {"input", resolved_input(config)}, {"answers", Json::array()}};
    for (const auto& a : answers)
        json["answers"].push_back(
            {{"quantity", a.quantity}, {"value", finite(a.value)}, {"unit", a.unit}, {"source", a.source}});
    fmt::print("{}\n", json.dump(2));
}

int theory(const TheoryOptions& options) {
    require_model(options.model, "theory");
    const auto config =
        config_from_text(fmt::format("model.name = '{}'", options.model), "theory", options.settings);
    const auto answers = known_answers(config);
    if (options.json == "-") {
        print_json(options.model, config, answers);
        return 0;
    }
    fmt::print("{}: {}\n", options.model, equation_of(config.simulation));
    for (const auto& a : answers)
        fmt::print("  {:<54} {:>16.10g}  {:<12} {}\n", a.quantity, a.value, a.unit, a.source);
    if (answers.empty()) fmt::print("  nothing is known in closed form\n");
    return 0;
}

}  // namespace noisetrap
