#include "analysis/networks/training.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/networks/network_run.hpp"
#include "engine/error.hpp"
#include "engine/input/config_parts.hpp"
#include "engine/noise/variates.hpp"

namespace noisetrap {
namespace {

constexpr std::uint64_t most_trained = 4096;

/// Evenly spaced, or each in the same ratio to the one before, once there are whole steps enough.
std::vector<std::uint64_t> checkpoints_of(std::uint64_t steps, std::uint64_t count, bool even) {
    std::vector<std::uint64_t> kept{0};
    const auto last = static_cast<double>(steps), intervals = static_cast<double>(count - 1);
    for (std::uint64_t k = 1; k < count; ++k) {
        const double share = static_cast<double>(k) / intervals;
        const double at = even ? share * last : std::pow(last, share);
        kept.push_back(std::max(kept.back() + 1, static_cast<std::uint64_t>(std::llround(at))));
    }
    std::erase_if(kept, [&](std::uint64_t step) { return step > steps; });
    return kept;
}

/// The steps of a network take no numbers of this stream.
void shake(std::vector<double>& point, double deviation, std::uint64_t seed) {
    for (std::size_t p = 0; deviation > 0 && p < point.size(); ++p)
        point[p] += deviation * normal_of<double>(seed, Stream::first_noise, p);
}

}  // namespace

TrainingConfig read_training(ConfigReader& reader, NetworkProblem problem, double weight_decay, int threads) {
    TrainingConfig config;
    static_cast<NetworkProblem&>(config) = std::move(problem);
    reader.know_table("train");
    config.learning_rates = {reader.number("train.learning_rate", 0.1, {0, 1e6, true}, "step size l")};
    config.batches = {
        static_cast<int>(reader.integer("train.batch_size", 1, {1, 4096}, "samples of a step"))};
    config.decay = weight_decay;
    config.steps = reader.integer("train.steps", 10000, {1, most}, "of the run");
    const auto count = reader.integer("train.checkpoints", 101, {2, 1e5},
                                      "that are kept, those of the start and of the end with them");
    const bool even = reader.word("train.spacing", "even", {"even", "ratio"},
                                  "of checkpoints: even steps, or steps in even ratios") == "even";
    config.checkpoints = checkpoints_of(config.steps, count, even);
    config.paths = reader.integer("train.paths", 1, {1, static_cast<double>(most_trained)},
                                  "runs that differ in their batches alone; the first one is looked at");
    config.seed = read_seed(reader, "train.seed");
    const double deviation = reader.number("train.deviation", 0.01, {0, 1e6},
                                           "of normal numbers that are added to the point at the start");
    shake(config.point, deviation, config.seed);
    read_optimiser(reader, config);
    read_order(reader, "train", "batch_size", config);
    read_label_noise(reader, "train", config);
    config.run.backend =
        reader.word("run.backend", "omp", {"omp", "serial"}, "training runs are made on the CPU");
    read_network_precision(reader, "double", config.run);
    config.run.threads = threads;
    read_pace(reader, config.run);
    config.escape = {0, 1, 0};
    return config;
}

TrainingRun TrainedPaths::run_of(std::size_t path) const {
    TrainingRun run;
    for (std::size_t k = 0; k < steps.size(); ++k) {
        run.steps.push_back(static_cast<double>(steps[k]));
        run.points.emplace_back(at(k, path), at(k, path) + parameters);
    }
    return run;
}

TrainedPaths train(const TrainingConfig& config, const Progress& progress) {
    NetworkSaddle start;
    start.point = config.point;
    start.escape.assign(config.point.size(), 0);
    EscapeSpace nowhere;
    TrainedPaths trained{config.checkpoints, config.paths, config.point.size(), {}};
    trained.states = NetworkRun(config, start, nowhere).states_at(config.checkpoints, progress);
    const auto wrong = std::find_if(trained.states.begin(), trained.states.end(),
                                    [](double x) { return !std::isfinite(x); });
    if (wrong != trained.states.end()) {
        const auto place = static_cast<std::size_t>(wrong - trained.states.begin()) / trained.parameters;
        throw InputError(fmt::format(
            "train.learning_rate = {:g}: the run leaves the numbers before step {}; take a smaller one",
            config.learning_rate(), trained.steps[place / trained.paths]));
    }
    return trained;
}

}  // namespace noisetrap
