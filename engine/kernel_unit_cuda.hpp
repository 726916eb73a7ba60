// Included by the generated .cu units alone: the path block with W = 1 in a GPU thread, launched through
// Thrust.
#pragma once

#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system/cuda/execution_policy.h>

#include "engine/kernel_unit.hpp"

namespace noisetrap {

template <class Process, class Precision, int N, bool scaled, bool tangent>
struct OnePath {
    Launch launch;
    const Process* processes;
    __device__ void operator()(std::uint64_t path) const {
        run_block<Process, Precision, 1, N, scaled, tangent>(launch, processes, path);
    }
};

template <class Process, class Precision, int N, bool scaled, bool tangent>
void launch_on_device(const Launch& launch, const void* processes, void* stream) {
    const OnePath<Process, Precision, N, scaled, tangent> f{launch, static_cast<const Process*>(processes)};
    thrust::for_each_n(thrust::cuda::par_nosync.on(static_cast<cudaStream_t>(stream)),
                       thrust::make_counting_iterator<std::uint64_t>(0), launch.rows(), f);
}

template <class Process, class Precision>
struct ChooseDeviceLaunch {
    template <int N, bool scaled, bool tangent>
    DeviceLaunch operator()() const {
        return launch_on_device<Process, Precision, N, scaled, tangent>;
    }
};

template <class Family>
DeviceLaunch find_device_launch(const Variant& v) {
    using D = typename Family::template Process<double>;
    if constexpr (in_mixed_precision_alone<Family>) {
        if (v.precision != Precision::mixed || v.arithmetic != Arithmetic::exact) return nullptr;
        return choose_features<D>(v, ChooseDeviceLaunch<D, Mixed>{});
    } else {
        using F = typename Family::template Process<float>;
        switch (v.precision) {
            case Precision::mixed:
                if (v.arithmetic == Arithmetic::fast)
                    return choose_features<D>(v, ChooseDeviceLaunch<D, FastMixed>{});
                return choose_features<D>(v, ChooseDeviceLaunch<D, Mixed>{});
            case Precision::double_:
                return choose_features<D>(v, ChooseDeviceLaunch<D, Double>{});
            case Precision::single:
                return choose_features<F>(v, ChooseDeviceLaunch<F, Single>{});
        }
        return nullptr;
    }
}

}  // namespace noisetrap
