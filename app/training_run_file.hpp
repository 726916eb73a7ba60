// The parameters of a training run, as other programs have kept them.
#pragma once

#include "analysis/critical/landscape_file.hpp"

namespace noisetrap {

/// A file (.npy, .npz, .h5 or .hdf5) whose arrays have one entry of their first axis for each checkpoint; or a folder of
/// such files, one a checkpoint, whose names end in the step. What is in the arrays of a checkpoint, by rows and in
/// their order, are the parameters. Throws InputError with one sentence where they are not `parameters` finite numbers,
/// or where steps do not rise.
TrainingRun read_training_run(const RunToAnalyse&, std::size_t parameters);

}  // namespace noisetrap
