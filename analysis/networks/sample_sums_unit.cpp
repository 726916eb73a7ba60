// Sums over samples in one instruction set. Compiled once for each, with `noisetrap` defined as a namespace of its own,
// and without the standard library, so that the linker never lets one instruction set's code stand for another's.
#include "analysis/networks/bundle.hpp"
#include "analysis/networks/sample_sums_task.hpp"
#include "models/networks/network_gradient.hpp"

namespace noisetrap {
namespace {

/// Always in the same order.
double sum_of_lanes(const SamplePack& pack) {
    double lane[samples_at_once];
    pack.store(lane);
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

template <std::size_t K>
void sum_samples(const SampleSumsTask& task) {
    using X = Bundle<K>;
    const auto& shape = task.shape;
    const std::size_t n = parameter_count(shape), inputs = inputs_of(shape), outputs = outputs_of(shape);
    X *const sums = reinterpret_cast<X*>(task.room), *const work = sums + n;
    for (std::size_t p = 0; p < n; ++p) sums[p] = X{};
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
            work, [&](std::size_t p, const X& g) NOISETRAP_INLINED { sums[p] = fma(counts, g, sums[p]); });
        input += inputs * together, target += outputs * together;
    }
    for (std::size_t p = 0; p < n; ++p) {
        task.sums[p] = sum_of_lanes(sums[p].value);
        for (std::size_t k = 0; k < K; ++k) task.sums[(k + 1) * n + p] = sum_of_lanes(sums[p].slope[k]);
    }
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
