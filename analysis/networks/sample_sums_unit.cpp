// Sums over samples in one instruction set. Compiled once for each, with `noisetrap` defined as a namespace of its own,
// and without the standard library, so that the linker never lets one instruction set's code stand for another's.
#include "analysis/networks/bundle.hpp"
#include "analysis/networks/sample_sums_task.hpp"
#include "models/networks/network_gradient.hpp"

namespace noisetrap {

template <std::size_t K>
inline constexpr std::size_t units_at_once<Bundle<K>> = K > 1 ? 1 : 2;

namespace {

using SumPack = Pack<double, sums_at_once>;

/// Always in the same order.
double sum_of_lanes(const SumPack& pack) {
    double lane[sums_at_once];
    pack.store(lane);
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

/// Adds the samples that count, eight after eight.
void add_samples(SumPack& sum, const SamplePack& counts, const SamplePack& of) {
    double number[samples_at_once], counted[samples_at_once];
    of.store(number), counts.store(counted);
    NOISETRAP_UNROLL
    for (int k = 0; k < samples_at_once; k += sums_at_once)
        sum = fma(SumPack::load(counted + k), SumPack::load(number + k), sum);
}

template <std::size_t K>
void sum_samples(const SampleSumsTask& task) {
    using X = Bundle<K>;
    const auto& shape = task.shape;
    const std::size_t n = parameter_count(shape), inputs = inputs_of(shape), outputs = outputs_of(shape);
    X* const work = reinterpret_cast<X*>(task.room);
    SumPack* const sums = reinterpret_cast<SumPack*>(work + workspace_of(shape));
    for (std::size_t p = 0; p < n * (K + 1); ++p) sums[p] = SumPack(0);
    const double *const parameters = task.parameters, *const directions = task.directions;
    const auto at = [=](std::size_t p) NOISETRAP_INLINED {
        return X::of(SamplePack(parameters[p]),
                     [=](std::size_t k) NOISETRAP_INLINED { return SamplePack(directions[k * n + p]); });
    };
    constexpr std::size_t together = samples_at_once;
    const double *input = task.inputs, *target = task.targets;
    for (std::size_t first = 0; first < task.samples; first += together) {
        const auto counts = packed<double, samples_at_once>([&](int k) NOISETRAP_INLINED {
            return first + static_cast<std::size_t>(k) < task.samples ? 1.0 : 0.0;
        });
        network_gradient(
            shape, at,
            [input](std::size_t i) NOISETRAP_INLINED { return X{} + SamplePack::load(input + i * together); },
            [target](std::size_t j) NOISETRAP_INLINED { return SamplePack::load(target + j * together); },
            work,
            [&](std::size_t p, const X& g) NOISETRAP_INLINED {
                SumPack* const sum = sums + p * (K + 1);
                add_samples(sum[0], counts, g.value);
                NOISETRAP_UNROLL
                for (std::size_t k = 0; k < K; ++k) add_samples(sum[k + 1], counts, g.slope[k]);
            });
        input += inputs * together, target += outputs * together;
    }
    for (std::size_t p = 0; p < n; ++p)
        for (std::size_t k = 0; k <= K; ++k) task.sums[k * n + p] = sum_of_lanes(sums[p * (K + 1) + k]);
}

}  // namespace
}  // namespace noisetrap

extern "C" void NOISETRAP_SAMPLE_SUMS(const void* of) {
    using namespace noisetrap;
    const auto& task = *static_cast<const SampleSumsTask*>(of);
    switch (task.count) {
        case 0:
            return sum_samples<0>(task);
        case 1:
            return sum_samples<1>(task);
        default:
            return sum_samples<directions_at_once>(task);
    }
}
