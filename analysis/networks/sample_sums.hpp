// Sums of a network's gradient over all samples, and of its derivatives along directions, many samples at once in vector
// registers. The code is compiled once for each instruction set; each gives the same bits.
#pragma once

#include <cstddef>
#include <vector>

#include "analysis/networks/network.hpp"
#include "analysis/networks/sample_sums_task.hpp"
#include "engine/runs/backend.hpp"

namespace noisetrap {

/// Samples by packs: number i of the pack, of each of its samples. A last pack that is not full repeats its last
/// sample, which then counts once.
class PackedSamples {
    std::size_t samples_ = 0;
    std::vector<double> inputs_, targets_;

  public:
    /// Classes become a number for each output: 1 for the right one, else 0.
    PackedSamples(const Network&, const DataSet&);
    std::size_t samples() const { return samples_; }
    const double* inputs() const { return inputs_.data(); }
    const double* targets() const { return targets_.data(); }
};

/// Sets `sums`, of as many numbers as there are parameters, to the sum over samples of the gradient, and then for each of
/// `directions`, of which there are 0, 1 or directions_at_once one after the other, of its derivative.
void sum_over_samples(const Network&, const PackedSamples&, const double* parameters,
                      const double* directions, std::size_t count, double* sums, InstructionSet);

}  // namespace noisetrap
