#include "analysis/networks/network_config.hpp"

#include <fmt/format.h>

#include "engine/input/config_parts.hpp"

namespace noisetrap {

void read_saddle_search(ConfigReader& reader, NetworkConfig& config) {
    reader.know_table("measure");
    config.tolerance = reader.number("measure.tolerance", 1e-6, {0, 1},
                                     "how far the point may be from critical: |mean gradient| over the "
                                     "samples' root mean square gradient");
    config.way_out = read_choice<EscapeDirection>(
        reader, "measure.way_out", {std::begin(escape_direction_names), std::end(escape_direction_names)},
        "steepest: where the loss bends down most; equal: all parameters alike, for "
        "points without curvature");
    auto& run = config.products;
    run.chains = reader.integer("measure.chains", 32, {2, 1e6}, "independent products of matrices");
    run.steps = reader.integer("measure.steps", 4000, {10, 1e12}, "of each of them");
    run.stop = reader.stop();
    run.seed = reader.integer("measure.seed", 1, {0, 9007199254740991.0}, "of their batches");
}

void read_steps(ConfigReader& reader, const std::string& section, NetworkConfig& config) {
    config.learning_rates =
        reader.numbers(section + ".learning_rates", {0.1}, {0, 1e6, true}, "step sizes l");
    config.batches.clear();
    for (const auto b : integers_or(reader, section + ".batch_sizes", 1, {1, 4096}, "samples of a step"))
        config.batches.push_back(static_cast<int>(b));
    if (config.learning_rates.empty())
        reader.complain(section + ".learning_rates", "is empty: give one at least");
    if (config.batches.empty()) reader.complain(section + ".batch_sizes", "is empty: give one at least");
}

void refuse_large_batches(const ConfigReader& reader, const std::string& key, const NetworkConfig& config) {
    for (const int b : config.batches)
        if (static_cast<std::size_t>(b) > config.data.samples())
            reader.complain(
                key, fmt::format("holds {}, more than the {} samples, which are drawn without replacement", b,
                                 config.data.samples()));
}

void leave_to_others(ConfigReader& reader, const std::vector<std::string>& tables) {
    for (const auto& table : tables) {
        reader.know_table(table);
        for (const auto& key : reader.keys_in(table)) reader.know(table + "." + key);
    }
}

namespace {

void read_distances(ConfigReader& reader, NetworkConfig& config) {
    auto& escape = config.escape;
    escape.start = reader.number("measure.start", 1e-4, {0, 1e300, true}, "distance at which a path starts");
    escape.far = reader.number("measure.far", 0.03, {0, 1e300, true}, "distance at which it has left");
    escape.near = reader.number("measure.near", 1e-12, {0, 1e300, true}, "distance at which it is trapped");
    if (!(escape.near < escape.start && escape.start < escape.far))
        reader.complain("measure.start",
                        fmt::format("= {} must lie between measure.near = {} and measure.far = {}",
                                    escape.start, escape.near, escape.far));
    const bool any =
        reader.flag("measure.any_angle", true,
                    "a path starts at any angle to the way out, in the plane of it and of the way in");
    config.angle = any ? StartAngle{1, 2} : StartAngle{1, 1};
}

void read_measure(ConfigReader& reader, NetworkConfig& config) {
    config.of_population = reader.word("measure.errors", "none", {"none", "population"},
                                       "none: the data set is the problem; population: it is a sample of "
                                       "one") == "population";
    read_steps(reader, "measure", config);
    config.draws = read_choice<Draws>(
        reader, "measure.draws", {std::begin(draws_names), std::end(draws_names)}, "how a batch is drawn");
    if (config.draws == Draws::without_replacement)
        refuse_large_batches(reader, "measure.batch_sizes", config);
    read_distances(reader, config);
}

}  // namespace

static NetworkConfig read_keys(ConfigReader& reader) {
    NetworkConfig config;
    static_cast<NetworkProblem&>(config) = read_network_problem(reader);
    read_saddle_search(reader, config);
    read_measure(reader, config);
    leave_to_others(reader, {"escape", "optimiser", "run"});
    return config;
}

Declarations keys_of_network(const std::string& toml) {
    return declared_by(toml, [](ConfigReader& reader) { read_keys(reader); });
}

NetworkConfig network_config_from_text(const std::string& toml, const std::string& name,
                                       const std::vector<std::string>& settings, StopToken stop) {
    ConfigReader reader(toml, name, settings, stop);
    auto config = read_keys(reader);
    reader.refuse_unknown_keys();
    config.resolved = reader.take_resolved();
    return config;
}

NetworkConfig read_network_config(const std::string& file, const std::vector<std::string>& settings,
                                  StopToken stop) {
    return network_config_from_text(text_of_file(file), file, settings, stop);
}

}  // namespace noisetrap
