#include "analysis/networks/sample_sums.hpp"

#include <algorithm>
#include <memory>

#include "analysis/networks/sample_sums_task.hpp"

extern "C" {
void noisetrap_sample_sums_portable(const void*);
#if NOISETRAP_HAS_X86_LEVELS
void noisetrap_sample_sums_x86_64_v3(const void*);
void noisetrap_sample_sums_x86_64_v4(const void*);
#endif
}

namespace noisetrap {
namespace {

constexpr std::size_t together = samples_at_once;

/// Of so many rows of `width` numbers: rows of a pack's samples become one of packs.
std::vector<double> by_packs(std::size_t samples, std::size_t width,
                             const auto& number /* of sample and place */) {
    const std::size_t packs = (samples + together - 1) / together;
    std::vector<double> packed(packs * width * together);
    for (std::size_t p = 0; p < packs; ++p)
        for (std::size_t i = 0; i < width; ++i)
            for (std::size_t k = 0; k < together; ++k)
                packed[(p * width + i) * together + k] = number(std::min(p * together + k, samples - 1), i);
    return packed;
}

/// A number of each sample of a pack, aligned as registers are.
struct alignas(64) PackRoom {
    double number[together];
};

void run(const SampleSumsTask& task, InstructionSet set) {
#if NOISETRAP_HAS_X86_LEVELS
    if (set == InstructionSet::x86_64_v4) return noisetrap_sample_sums_x86_64_v4(&task);
    if (set == InstructionSet::x86_64_v3) return noisetrap_sample_sums_x86_64_v3(&task);
#else
    static_cast<void>(set);
#endif
    noisetrap_sample_sums_portable(&task);
}

}  // namespace

PackedSamples::PackedSamples(const Network& network, const DataSet& data)
    : samples_(data.samples()),
      inputs_(by_packs(samples_, inputs_of(network),
                       [&](std::size_t s, std::size_t i) { return data.input_of(s)[i]; })),
      targets_(by_packs(samples_, outputs_of(network), [&](std::size_t s, std::size_t j) {
          const double* target = data.target_of(s);
          if (network.loss != NetworkLoss::softmax) return target[j];
          return j == static_cast<std::size_t>(target[0]) ? 1.0 : 0.0;
      })) {}

void sum_over_samples(const Network& network, const PackedSamples& samples, const double* parameters,
                      const double* directions, std::size_t count, double* sums, InstructionSet set) {
    const std::size_t packs = workspace_of(network) + network.parameters() * sums_at_once / together + 1;
    const auto room =
        std::make_unique_for_overwrite<PackRoom[]>(packs * (1 + std::max<std::size_t>(count, 1)));
    run({{network.widths.data(), network.layers(), network.unit, network.bias, network.loss, network.kind,
          network.steps},
         samples.samples(),
         samples.inputs(),
         samples.targets(),
         parameters,
         directions,
         count,
         room[0].number,
         sums},
        set);
}

}  // namespace noisetrap
