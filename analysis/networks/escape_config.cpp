#include "analysis/networks/escape_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/networks/network_run.hpp"
#include "engine/input/config_parts.hpp"

namespace noisetrap {
void read_optimiser(ConfigReader& reader, EscapeConfig& config) {
    reader.know_table("optimiser");
    config.optimiser = reader.word("optimiser.name", "sgd", network_optimisers(),
                                   "what steps the network, each parameter by itself");
    auto infos = optimiser_parameters(config.optimiser);
    std::erase_if(infos, [](const ParameterInfo& info) { return info.key == "learning_rate"; });
    config.method = read_parameters(reader, "optimiser", infos);
}

void read_order(ConfigReader& reader, const std::string& section, const char* batches, EscapeConfig& config) {
    config.order = read_choice<SampleOrder>(
        reader, section + ".order", {std::begin(sample_order_names), std::end(sample_order_names)},
        "with-replacement; without-replacement: a batch holds no sample twice; reshuffled: every sample "
        "once, "
        "then all in another order");
    if (config.order == SampleOrder::without_replacement)
        refuse_large_batches(reader, section + "." + batches, config);
    config.draws = config.order == SampleOrder::without_replacement ? Draws::without_replacement
                                                                    : Draws::with_replacement;
}

void read_label_noise(ConfigReader& reader, const std::string& section, EscapeConfig& config) {
    const auto key = section + ".label_noise";
    config.label_noise =
        reader.number(key, 0, {0, 1e30}, "deviation of what is added anew to every target that a step takes");
    if (config.label_noise > 0 && config.network.loss != NetworkLoss::square)
        reader.complain(key, "is for network.loss = 'square' alone");
}

void read_network_precision(ConfigReader& reader, const std::string& standard, RunSettings& r) {
    r.precision = reader.word("run.precision", standard, {"single", "double"},
                              "of parameters and data: float32 or float64") == "single"
                      ? Precision::single
                      : Precision::double_;
}

namespace {

class EscapeReader {
    ConfigReader& reader_;
    EscapeConfig config_;

    void read_distances() {
        auto& escape = config_.escape;
        const auto distance = reader_.word("escape.distance", "space", {"space", "along"},
                                           "space: the length in the directions that matter for leaving; "
                                           "along: what a displacement has along the way out");
        config_.along_way_out = distance == "along";
        escape.start = reader_.number("escape.start", 1e-4, {0, 1e30}, "distance at which a path starts");
        escape.far = reader_.number("escape.far", 0.03, {0, 1e15, true}, "distance at which it has left");
        escape.near = reader_.number("escape.near", config_.along_way_out ? 0 : 1e-12, {0, 1e30},
                                     "distance at which it has fallen in; 0: never");
        if (!(escape.near < escape.start || escape.near == 0) || !(escape.start < escape.far))
            reader_.complain("escape.start",
                             fmt::format("= {} must lie between escape.near = {} and escape.far = {}",
                                         escape.start, escape.near, escape.far));
        config_.any_angle = reader_.flag("escape.any_angle", !config_.along_way_out,
                                         "a path starts in any direction that matters; else on the way out");
    }

    /// Their squares must be normal numbers.
    void check_range() const {
        const double least = config_.run.precision == Precision::single ? 1e-18 : 1e-150;
        for (const auto& [key, distance] :
             {std::pair{"escape.near", config_.escape.near}, std::pair{"escape.start", config_.escape.start}})
            if (distance > 0 && distance < least)
                reader_.complain(
                    key,
                    fmt::format("= {:g} is too small a distance for run.precision = '{}': {:g} is the least",
                                distance, least == 1e-18 ? "single" : "double", least));
    }

    void read_run_settings() {
        auto& r = config_.run;
        read_backend(reader_, r);
        read_network_precision(reader_, "single", r);
        read_pace(reader_, r);
    }

  public:
    explicit EscapeReader(ConfigReader& reader) : reader_(reader) {}

    EscapeConfig read() {
        static_cast<NetworkProblem&>(config_) = read_network_problem(reader_);
        read_saddle_search(reader_, config_);
        config_.products_where_exact = false;
        reader_.know_table("escape");
        config_.title = reader_.text("escape.title", "", "of the page");
        config_.caption = reader_.text("escape.caption", "", "what there is to see, symbols written *x*");
        read_steps(reader_, "escape", config_);
        read_optimiser(reader_, config_);
        read_order(reader_, "escape", "batch_sizes", config_);
        config_.decay = reader_.number("escape.weight_decay", 0, {0, 1e6},
                                       "adds this times the parameters to the gradient");
        read_label_noise(reader_, "escape", config_);
        read_distances();
        config_.steps = reader_.integer("escape.steps", 100000, {1, most}, "after which a path is undecided");
        config_.paths =
            reader_.integer("escape.paths", 10000, {1, most}, "of each learning rate and batch size");
        config_.growth_steps = reader_.integer("escape.growth_steps", 400, {0, 1e6},
                                               "of the paths whose growth is measured; 0: none");
        config_.growth_paths = reader_.integer("escape.growth_paths", 10000, {2, most}, "of these paths");
        config_.seed = read_seed(reader_, "escape.seed");
        read_run_settings();
        check_range();
        leave_to_others(reader_, {"measure"});
        return std::move(config_);
    }
};

}  // namespace

EscapeConfig escape_config_from_text(const std::string& toml, const std::string& name,
                                     const std::vector<std::string>& settings, StopToken stop) {
    ConfigReader reader(toml, name, settings, stop);
    auto config = EscapeReader(reader).read();
    reader.refuse_unknown_keys();
    config.resolved = reader.take_resolved();
    return config;
}

Declarations keys_of_escape(const std::string& toml) {
    return declared_by(toml, [](ConfigReader& reader) { EscapeReader(reader).read(); });
}

EscapeConfig read_escape_config(const std::string& file, const std::vector<std::string>& settings,
                                StopToken stop) {
    return escape_config_from_text(text_of_file(file), file, settings, stop);
}

}  // namespace noisetrap
