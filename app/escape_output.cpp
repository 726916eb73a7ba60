#include "app/escape_output.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "app/hdf5_file.hpp"
#include "engine/version.hpp"

namespace noisetrap {
namespace {

Json to_json(const Predicted& predicted) {
    return {{"value", or_null(predicted.value)}, {"z", or_null(predicted.z)}};
}

std::string number_text(const char* name, double value, double error, const char* meaning) {
    return fmt::format("  {:<6}{:>14.9g}  {:<12} {}\n", name, value,
                       error > 0 ? fmt::format("+- {:.3g}", error) : "", meaning);
}

std::string network_text(const Network& network) {
    const auto kind = network.kind == NetworkKind::layers
                          ? std::string("network")
                          : fmt::format("{} network", network_kind_names[static_cast<int>(network.kind)]);
    return fmt::format("{} of {} units{}, {}{}, {} loss", kind, fmt::join(network.widths, "-"),
                       network.steps > 1 ? fmt::format(", {} times", network.steps) : "",
                       unit_function_names[static_cast<int>(network.unit)],
                       network.bias ? " with biases" : "",
                       network_loss_names[static_cast<int>(network.loss)]);
}

std::string with_error(const Estimate& e, int digits) {
    if (!std::isfinite(e.value)) return "-";
    if (!std::isfinite(e.standard_error)) return fmt::format("{:.{}f}", e.value, digits);
    return fmt::format("{:.{}f}({:.{}f})", e.value, digits, e.standard_error, digits);
}

std::string predicted_text(const Predicted& predicted, int digits) {
    if (!predicted.value) return "-";
    const auto value = fmt::format("{:.{}f}", *predicted.value, digits);
    return predicted.z ? fmt::format("{} z{:+.1f}", value, *predicted.z) : value;
}

Json run_json(const EscapeOfSteps& run) {
    return {{"learning_rate", run.learning_rate},
            {"batch_size", run.batch},
            {"paths", run.paths},
            {"left", run.left},
            {"fell_in", run.fell_in},
            {"undecided", run.undecided},
            {"failed", run.failed},
            {"odds",
             {{"value", run.odds.value},
              {"standard_error", run.odds.standard_error},
              {"interval", {run.interval.low, run.interval.high}},
              {"predicted", to_json(run.predicted_odds)}}},
            {"exit_time",
             {{"mean", finite(run.exit_time.value)},
              {"standard_error", finite(run.exit_time.standard_error)},
              {"median", finite(run.median_exit)},
              {"predicted", to_json(run.predicted_time)}}},
            {"growth", run.growth ? Json{{"value", finite(run.growth->value)},
                                         {"standard_error", finite(run.growth->standard_error)},
                                         {"predicted", to_json(run.predicted_growth)}}
                                  : Json(nullptr)},
            {"survival", {{"steps", run.survival_steps}, {"share", run.survival}}}};
}

}  // namespace

std::string point_text(const NetworkConfig& config, const Measurement& found) {
    const auto& saddle = found.saddle;
    auto text = fmt::format("{}: {} parameters, {} samples\n", network_text(config.network),
                            saddle.parameters(), config.data.samples());
    text += fmt::format(
        "critical point: |gradient| {:.3g}; eigenvalues of the Hessian: {} negative, {} flat, {} "
        "positive\n\n",
        saddle.gradient_norm, saddle.index(), saddle.flat(),
        static_cast<int>(saddle.parameters()) - saddle.index() - saddle.flat());
    const auto& n = found.noise;
    text += "along the way out, for batches of one sample:\n";
    text +=
        number_text("a", n.a, n.a_error, "gradient descent multiplies the distance by 1 + l a at each step");
    text +=
        number_text("sigma", n.sigma, n.sigma_error, "attractive noise: deviation of the samples' curvature");
    text += number_text("tau", n.tau, n.tau_error,
                        "diffusive noise: deviation of the samples' push at the point itself");
    if (n.sigma > 0 && n.tau > 0) text += number_text("rho", n.rho, n.rho_error, "correlation of the two");
    if (found.noise_dimension)
        text += number_text("d_eff", *found.noise_dimension, 0,
                            "matrices' worth of noise; 1: theory of one axis is exact");
    return text;
}

Json point_json(const NetworkConfig& config, const Measurement& found) {
    const auto& noise = found.noise;
    const auto estimate = [](double value, double error) { return to_json(Estimate{value, error}); };
    return {{"input", resolved_input(config.resolved)},
            {"network", network_text(config.network)},
            {"samples", config.data.samples()},
            {"parameters", found.saddle.parameters()},
            {"gradient", finite(found.saddle.gradient_norm)},
            {"index", found.saddle.index()},
            {"flat", found.saddle.flat()},
            {"eigenvalues", found.saddle.eigenvalues},
            {"escape_direction", found.saddle.escape},
            {"a", estimate(noise.a, noise.a_error)},
            {"sigma", estimate(noise.sigma, noise.sigma_error)},
            {"tau", estimate(noise.tau, noise.tau_error)},
            {"rho", estimate(noise.rho, noise.rho_error)},
            {"noise_dimension", or_null(found.noise_dimension)}};
}

std::string escape_text(const EscapeConfig& config, const EscapeResult& result) {
    auto text = point_text(config, result.measured);
    text += fmt::format(
        "\n{} paths of {} each, from distance {:g} {}; left at {:g}, fallen in at {:g}; {:.4g} path-steps in "
        "{:.3g} s\n\n",
        config.paths, config.optimiser, config.escape.start,
        config.along_way_out ? "along the way out"
                             : fmt::format("in the {} directions that matter", result.space.vectors),
        config.escape.far, config.escape.near, static_cast<double>(result.facts.path_steps),
        result.facts.wall_seconds);
    text += fmt::format("  {:>9} {:>5} {:>16} {:>14} {:>7} {:>7} {:>7}  {:>19} {:>9} {:>9}  {:>19} {:>16}\n",
                        "l", "b", "odds of leaving", "predicted", "fell in", "undec.", "failed",
                        "mean exit time", "median", "predicted", "growth a step", "predicted");
    for (const auto& run : result.runs) {
        const auto share = [&](std::uint64_t count) {
            return static_cast<double>(count) / static_cast<double>(run.paths);
        };
        text += fmt::format(
            "  {:>9g} {:>5} {:>16} {:>14} {:>7.4f} {:>7.4f} {:>7.4f}  {:>19} {:>9} {:>9}  {:>19} {:>16}\n",
            run.learning_rate, run.batch, with_error(run.odds, 4), predicted_text(run.predicted_odds, 4),
            share(run.fell_in), share(run.undecided), share(run.failed), with_error(run.exit_time, 1),
            std::isfinite(run.median_exit) ? fmt::format("{:.0f}", run.median_exit) : "-",
            predicted_text(run.predicted_time, 1), run.growth ? with_error(*run.growth, 6) : "-",
            predicted_text(run.predicted_growth, 6));
    }
    if (!result.no_growth.empty()) text += fmt::format("\nno growth is measured: {}\n", result.no_growth);
    if (!result.no_prediction.empty())
        text += fmt::format("\nnothing is predicted: {}\n", result.no_prediction);
    return text;
}

Json critical_json(const std::vector<BatchThreshold>& thresholds) {
    Json json = Json::array();
    for (const auto& at : thresholds)
        json.push_back({{"batch_size", at.batch},
                        {"exact", or_null(at.learning_rate)},
                        {"sde", finite(at.sde_learning_rate)}});
    return json;
}

Json escape_json(const EscapeConfig& config, const EscapeResult& result) {
    Json json = {{"noisetrap", version()}, {"revision", revision()}};
    json.update(point_json(config, result.measured));
    json.update(Json{{"critical_learning_rates", critical_json(result.measured.by_batch)},
                     {"pushed", result.measured.pushed},
                     {"directions", result.space.vectors},
                     {"ways_out", result.space.growing},
                     {"path_steps", result.facts.path_steps},
                     {"seconds", result.facts.wall_seconds},
                     {"threads", result.facts.threads},
                     {"instruction_set", result.facts.instruction_set},
                     {"no_growth", result.no_growth},
                     {"no_prediction", result.no_prediction},
                     {"runs", Json::array()}});
    for (const auto& run : result.runs) json["runs"].push_back(run_json(run));
    return json;
}

void write_hdf5(const OutputFolder& folder, const EscapeConfig& config, const EscapeResult& result) {
    Hdf5File file;
    file.attribute("/", "noisetrap", version());
    file.attribute("/", "revision", revision());
    auto resolved = config.resolved;
    std::erase_if(resolved, [](const ResolvedKey& key) { return key.key.starts_with("run."); });
    file.text("configuration", to_toml(resolved, false));
    std::vector<std::uint64_t> numbers(result.runs.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i;
    file.coordinate<std::uint64_t>("run", numbers, "1", "one for each learning rate and batch size");
    const auto write = [&](const char* name, const char* unit, const char* meaning, auto of) {
        std::vector<double> column;
        for (const auto& run : result.runs) column.push_back(of(run));
        file.dataset<double>(name, column, {"run"}, unit, meaning);
    };
    using Run = EscapeOfSteps;
    const double none = std::nan("");
    write("learning_rate", "1", "step size l", [](const Run& r) { return r.learning_rate; });
    write("batch_size", "samples", "of a step", [](const Run& r) { return r.batch; });
    const auto count = [](std::uint64_t n) { return static_cast<double>(n); };
    write("left", "paths", "that have left", [&](const Run& r) { return count(r.left); });
    write("fell_in", "paths", "that have fallen in", [&](const Run& r) { return count(r.fell_in); });
    write("undecided", "paths", "that have done neither", [&](const Run& r) { return count(r.undecided); });
    write("failed", "paths", "that stopped being numbers", [&](const Run& r) { return count(r.failed); });
    write("predicted_odds", "1", "of leaving, by theory",
          [&](const Run& r) { return r.predicted_odds.value.value_or(none); });
    write("mean_exit_time", "steps", "of those that left", [](const Run& r) { return r.exit_time.value; });
    write("median_exit_time", "steps", "of those that left", [](const Run& r) { return r.median_exit; });
    write("growth", "1/step", "of the log distance along the way out",
          [&](const Run& r) { return r.growth ? r.growth->value : none; });
    write("predicted_growth", "1/step", "of that, by theory",
          [&](const Run& r) { return r.predicted_growth.value.value_or(none); });
    const auto& steps = result.runs.front().survival_steps;
    std::vector<double> survival;
    for (const auto& run : result.runs)
        survival.insert(survival.end(), run.survival.begin(), run.survival.end());
    file.coordinate<double>("step", steps, "steps", "where survival is counted");
    file.dataset<double>("survival", survival, {"run", "step"}, "1",
                         "share that has neither left nor fallen in");
    folder.write("data.h5", file.bytes());
}

}  // namespace noisetrap
