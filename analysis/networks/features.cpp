#include "analysis/networks/features.hpp"

#include <cmath>

#include "engine/statistics/workers.hpp"

namespace noisetrap {
namespace {

/// phi'(0).
double slope_at_zero(UnitFunction unit) { return unit_slope(unit, 0.0, unit_value(unit, 0.0)); }

/// The derivative of the loss by the one answer.
double pull(const Network& network, double answer, double target) {
    double found = 0;
    pull_outputs(
        network, &answer, [target](std::size_t) { return target; }, &found);
    return found;
}

/// Sums of the log of what a step multiplies the weights u + w and u - w of one gate by.
struct SideSums {
    double plus = 0, minus = 0;
    bool both_fall() const { return plus < 0 && minus < 0; }
};

class Gates {
    const TrainingConfig& config_;
    const TrainedPaths& trained_;
    const double rate_, kept_;  // l phi'(0), and what weight decay leaves of a weight in a step
    const std::size_t gates_;

    void add(SideSums& sums, double g, double x) const {
        sums.plus += std::log(std::abs(kept_ - rate_ * g * x));
        sums.minus += std::log(std::abs(kept_ + rate_ * g * x));
    }

  public:
    Gates(const TrainingConfig& config, const TrainedPaths& trained)
        : config_(config),
          trained_(trained),
          rate_(config.learning_rate() * slope_at_zero(config.network.unit)),
          kept_(1 - config.learning_rate() * config.decay),
          gates_(config.network.width(0)) {}

    std::size_t count() const { return gates_; }

    std::vector<bool> off_at_end(std::size_t path, double below) const {
        const double* at = trained_.at(trained_.steps.size() - 1, path);
        std::vector<bool> off;
        for (std::size_t j = 0; j < gates_; ++j) off.push_back(std::hypot(at[j], at[gates_ + j]) < below);
        return off;
    }
    /// Which gates fall in by the errors of all others, at the second half of the checkpoints.
    std::vector<bool> predicted(std::size_t path) const {
        std::vector<SideSums> sums(gates_);
        std::vector<double> answers(gates_);
        for (std::size_t k = trained_.steps.size() / 2; k < trained_.steps.size(); ++k) {
            const double* at = trained_.at(k, path);
            for (std::size_t i = 0; i < config_.data.samples(); ++i) {
                const double* x = config_.data.input_of(i);
                double all = 0;
                for (std::size_t j = 0; j < gates_; ++j)
                    all += answers[j] = at[gates_ + j] * unit_value(config_.network.unit, at[j] * x[j]);
                for (std::size_t j = 0; j < gates_; ++j)
                    add(sums[j], pull(config_.network, all - answers[j], config_.data.target_of(i)[0]), x[j]);
            }
        }
        return signs_of(sums);
    }
    std::vector<bool> by_origin() const {
        std::vector<SideSums> sums(gates_);
        for (std::size_t i = 0; i < config_.data.samples(); ++i)
            for (std::size_t j = 0; j < gates_; ++j)
                add(sums[j], pull(config_.network, 0, config_.data.target_of(i)[0]),
                    config_.data.input_of(i)[j]);
        return signs_of(sums);
    }

  private:
    static std::vector<bool> signs_of(const std::vector<SideSums>& sums) {
        std::vector<bool> fall;
        for (const auto& sum : sums) fall.push_back(sum.both_fall());
        return fall;
    }
};

}  // namespace

bool has_feature_map(const TrainingConfig& config) {
    return config.network.kind == NetworkKind::gates && config.network.unit != UnitFunction::relu &&
           config.network.unit != UnitFunction::sigmoid && config.batch() == 1 && config.optimiser == "sgd" &&
           config.label_noise == 0;
}

FeatureMap feature_map(const TrainingConfig& config, const TrainedPaths& trained, double off_below,
                       Workers& workers) {
    const Gates gates(config, trained);
    std::vector<std::vector<bool>> off(trained.paths), predicted(trained.paths);
    workers.for_each(static_cast<int>(trained.paths), [&](int number) {
        const auto path = static_cast<std::size_t>(number);
        off[path] = gates.off_at_end(path, off_below);
        predicted[path] = gates.predicted(path);
    });
    const auto by_origin = gates.by_origin();
    FeatureMap map;
    map.paths = trained.paths;
    map.pairs = map.paths * gates.count();
    std::uint64_t off_pairs = 0;
    const auto paths = static_cast<double>(trained.paths);
    for (std::size_t j = 0; j < gates.count(); ++j) {
        auto& gate = map.gates.emplace_back();
        gate.by_origin = by_origin[j];
        std::uint64_t off_paths = 0, predicted_paths = 0;
        for (std::size_t path = 0; path < trained.paths; ++path) {
            off_paths += off[path][j];
            predicted_paths += predicted[path][j];
            gate.right += off[path][j] == predicted[path][j];
            map.right_by_origin += off[path][j] == by_origin[j];
        }
        gate.off = static_cast<double>(off_paths) / paths;
        gate.predicted = static_cast<double>(predicted_paths) / paths;
        map.right += gate.right;
        off_pairs += off_paths;
        map.all_or_none += 10 * off_paths <= map.paths || 10 * off_paths >= 9 * map.paths;
    }
    map.off_share = static_cast<double>(off_pairs) / static_cast<double>(map.pairs);
    return map;
}

}  // namespace noisetrap
