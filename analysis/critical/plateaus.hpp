// Plateaus of a training run: stretches in which the loss hardly falls, told from the losses of checkpoints alone.
#pragma once

#include <cstddef>
#include <vector>

namespace noisetrap {

/// A stretch from checkpoint `first` to `last`.
struct Plateau {
    std::size_t first, last;
    bool is_end;
};

/// Stretches of a fiftieth of the run or more. At the end of the run it is one in which every loss lies within a tenth of the
/// run's whole fall from the last one. Before that it is one, above those losses, in which the loss falls at less than a
/// quarter of the mean rate from the start to the end stretch; rates are those between checkpoints half a fiftieth of the
/// run apart, so that the noise of single checkpoints does not break a plateau. There are none where the loss does not
/// fall from first to last.
std::vector<Plateau> plateaus_of(const std::vector<double>& steps, const std::vector<double>& losses);

}  // namespace noisetrap
