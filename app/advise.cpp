#include <fmt/format.h>

#include "analysis/networks/advice.hpp"
#include "app/commands.hpp"
#include "app/interrupt.hpp"
#include "app/output_json.hpp"
#include "app/presets.hpp"
#include "engine/input/config_reader.hpp"
#include "validation/network_presets.hpp"

namespace noisetrap {
namespace {

Json to_json(const WayOut& way) {
    return {{"optimiser", way.name},
            {"settings", way.settings},
            {"leaves", way.leaves},
            {"measured", way.measured},
            {"steps", way.leaves ? Json(way.steps) : Json(nullptr)},
            {"sample_gradients", way.leaves ? Json(way.cost) : Json(nullptr)},
            {"sample_gradients_per_step", way.cost_per_step},
            {"numbers_kept", way.memory}};
}

Json json_of(const Advice& advice) {
    const auto& measurement = advice.measurement;
    Json json = {{"a", finite(measurement.noise.a)},
                 {"curvature", finite(advice.curvature)},
                 {"noise_dimension", or_null(measurement.noise_dimension)},
                 {"sentences", advice.sentences},
                 {"ways", Json::array()},
                 {"ratios", Json::array()}};
    for (const auto& way : advice.ways) json["ways"].push_back(to_json(way));
    for (const auto& p : measurement.predictions)
        json["ratios"].push_back(
            {{"learning_rate", p.learning_rate}, {"batch_size", p.batch}, {"ratio", finite(p.ratio())}});
    return json;
}

void print_way(const WayOut& way) {
    const auto shown = [&](double value) { return way.leaves ? fmt::format("{:.4g}", value) : "-"; };
    fmt::print("  {:<28} {:<30} {:>9} {:>11} {:>11.4g} {:>9.4g}  {}\n", way.name, way.settings,
               shown(way.steps), shown(way.cost), way.cost_per_step, way.memory,
               !way.leaves    ? "does not leave"
               : way.measured ? "measured"
                              : "predicted");
}

/// Of a file with a landscape, or with a network.
Advice advice_for(const MeasureOptions& options) {
    const auto asked = asked_text(options, network_presets(), "advise");
    const bool landscape = ConfigReader(asked.toml, asked.name, options.settings).has("landscape");
    if (!landscape)
        return advise(network_config_from_text(asked.toml, asked.name, options.settings, interrupt.token()));
    return advise(landscape_from_text(asked.toml, asked.name, options.settings, LandscapeCommand::advise,
                                      interrupt.token()),
                  interrupt.token());
}

}  // namespace

int advise(const MeasureOptions& options) {
    if (told_presets(options, network_presets(), "advise")) return 0;
    const auto advice = advice_for(options);
    if (options.json == "-") {
        print_alone(json_of(advice).dump(2) + "\n");
        return 0;
    }
    for (const auto& sentence : advice.sentences) fmt::print("{}\n", sentence);
    fmt::print("\n  {:<28} {:<30} {:>9} {:>11} {:>11} {:>9}\n", "optimiser", "settings", "steps", "gradients",
               "per step", "numbers");
    for (const auto& way : advice.ways) print_way(way);
    return 0;
}

}  // namespace noisetrap
