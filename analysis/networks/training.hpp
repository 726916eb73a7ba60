// A network that the engine trains, with the checkpoints that are kept of it: what `noisetrap analyse` looks at where no
// run is given.
#pragma once

#include "analysis/critical/training_run.hpp"
#include "analysis/networks/escape_config.hpp"

namespace noisetrap {

/// Steps as an escape has them, of one learning rate and one batch size.
struct TrainingConfig : EscapeConfig {
    std::vector<std::uint64_t> checkpoints;  // steps, rising from 0

    double learning_rate() const { return learning_rates.front(); }
    int batch() const { return batches.front(); }
};

/// The tables [train] and [optimiser] and what [run] says beside the threads. The start is the problem's point, and normal
/// numbers of deviation train.deviation on it.
TrainingConfig read_training(ConfigReader&, NetworkProblem, double weight_decay, int threads);

/// Of one path, the rise of steps with them.
struct TrainedPaths {
    std::vector<std::uint64_t> steps;
    std::size_t paths = 0, parameters = 0;
    std::vector<double> states;  // step after step, path after path

    const double* at(std::size_t step, std::size_t path) const {
        return states.data() + (step * paths + path) * parameters;
    }
    TrainingRun run_of(std::size_t path) const;
};
/// Throws InputError where a path stops being numbers.
TrainedPaths train(const TrainingConfig&, const Progress& progress = {});

}  // namespace noisetrap
