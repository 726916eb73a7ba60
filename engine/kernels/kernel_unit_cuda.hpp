// Included by CUDA kernel units alone: the path block with W = 1 in a GPU thread.
#pragma once

#include <cuda_runtime.h>

#include "engine/paths/path_block.hpp"
#include "models/families.hpp"

namespace noisetrap {

template <class Family, class Precision, unsigned features, Law... laws>
__global__ void step_paths(Launch launch, const void* processes) {
    using Process = typename Family::template Process<typename Precision::Real>;
    const std::uint64_t path = std::uint64_t{blockIdx.x} * blockDim.x + threadIdx.x;
    if (path < launch.rows())
        run_block<Process, Precision, 1, features, laws...>(launch, static_cast<const Process*>(processes),
                                                            path);
}

template <class Family, class Precision, int, unsigned features, Law... laws>
void launch_on_device(const Launch& launch, const void* processes, void* stream) {
    constexpr unsigned threads = 256;
    const auto blocks = static_cast<unsigned>((launch.rows() + threads - 1) / threads);
    step_paths<Family, Precision, features, laws...>
        <<<blocks, threads, 0, static_cast<cudaStream_t>(stream)>>>(launch, processes);
}

}  // namespace noisetrap

#define NOISETRAP_KERNEL(...)                                                             \
    extern "C" __attribute__((visibility("default"))) const char noisetrap_kernel_key[] = \
        NOISETRAP_KERNEL_KEY;                                                             \
    extern "C" __attribute__((visibility("default"))) void noisetrap_kernel(              \
        const noisetrap::Launch& launch, const void* processes, void* stream) {           \
        using namespace noisetrap;                                                        \
        launch_on_device<__VA_ARGS__>(launch, processes, stream);                         \
    }
