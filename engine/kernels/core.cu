// The built-in kernels of a GPU: the path block with W = 1 in a thread, launched through Thrust.
#define NOISETRAP_KERNEL_UNIT
#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system/cuda/execution_policy.h>

#include "engine/kernels/built_in.hpp"
#include "engine/kernels/kernel_unit.hpp"
#include "models/linear_sde.hpp"
#include "models/noisy_saddle.hpp"
#include "models/optimisers.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {
namespace {

template <class Family, class Precision, int, unsigned features, Law... laws>
struct OnePath {
    using Process = typename Family::template Process<typename Precision::Real>;
    Launch launch;
    const void* processes;
    __device__ void operator()(std::uint64_t path) const {
        run_block<Process, Precision, 1, features, laws...>(launch, static_cast<const Process*>(processes),
                                                            path);
    }
};

template <class Path>
void launch_paths(const Launch& launch, const void* processes, void* stream) {
    thrust::for_each_n(thrust::cuda::par_nosync.on(static_cast<cudaStream_t>(stream)),
                       thrust::make_counting_iterator<std::uint64_t>(0), launch.rows(),
                       Path{launch, processes});
}

#define TEXT(...) #__VA_ARGS__
#define KERNEL(...) {TEXT(__VA_ARGS__), reinterpret_cast<void*>(&launch_paths<OnePath<__VA_ARGS__>>)},
#define SLICE 1
const BuiltInKernel kernels[] = {
#include "engine/kernels/core_list.hpp"
};

}  // namespace
}  // namespace noisetrap

extern "C" const noisetrap::BuiltInKernel* noisetrap_core_cuda(std::size_t* count) {
    *count = std::size(noisetrap::kernels);
    return noisetrap::kernels;
}
