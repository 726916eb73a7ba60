// Gates that noise switches off: which inputs a network of gates has stopped to use after a training run, in how many of its
// paths, and what the noise of the other gates' errors predicts.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/networks/training.hpp"

namespace noisetrap {

class Workers;

/// One gate, in shares of the paths. It is off where the length of its two weights is below `off_below`.
struct GateFate {
    double off = 0;           // at the end of the run
    double predicted = 0;     // that the gate falls in, from the errors of all other gates along the run
    double by_origin = 0;     // 0 or 1: the same from the errors of a network that answers 0
    std::uint64_t right = 0;  // paths of which the prediction holds
};

struct FeatureMap {
    std::vector<GateFate> gates;
    std::uint64_t paths = 0;
    double off_share = 0;  // of all pairs of a path and a gate
    std::uint64_t right = 0, right_by_origin = 0, pairs = 0;
    std::uint64_t all_or_none = 0;  // gates of which at least nine tenths of the paths agree
};

/// Near zero a gate's weights u +- w are multiplied by 1 -+ l phi'(0) g x, x its input and g the derivative of the loss by the
/// network's answer. The gate is predicted to fall in where E log|1 -+ l phi'(0) g x| < 0 for both, g being that of the
/// network without this gate: means over all samples, and over the checkpoints of the run's second half. (With the gate in
/// it g is wrong: a living gate has used up its signal.) Of batches of one sample, with weight decay taken into account.
FeatureMap feature_map(const TrainingConfig&, const TrainedPaths&, double off_below, Workers&);

/// Whether there is such a prediction: of gates whose function is odd or bends at zero by a half, by single samples whose
/// labels stay as they are: train.label_noise would have to be averaged over as well.
bool has_feature_map(const TrainingConfig&);

}  // namespace noisetrap
