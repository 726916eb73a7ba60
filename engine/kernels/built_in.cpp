#include "engine/kernels/built_in.hpp"

#include "engine/kernels/compiler.hpp"

extern "C" {
const noisetrap::BuiltInKernel* noisetrap_core_portable(std::size_t* count);
#if NOISETRAP_HAS_X86_LEVELS
const noisetrap::BuiltInKernel* noisetrap_core_x86_64_v3(std::size_t* count);
const noisetrap::BuiltInKernel* noisetrap_core_x86_64_v4(std::size_t* count);
#endif
#if NOISETRAP_HAS_CUDA
const noisetrap::BuiltInKernel* noisetrap_core_cuda(std::size_t* count);
#endif
}

namespace noisetrap {

std::span<const BuiltInKernel> built_in_kernels(const std::string& target) {
    std::size_t count = 0;
    const BuiltInKernel* first = nullptr;
    if (target == "portable") first = noisetrap_core_portable(&count);
#if NOISETRAP_HAS_X86_LEVELS
    if (target == "x86-64-v3") first = noisetrap_core_x86_64_v3(&count);
    if (target == "x86-64-v4") first = noisetrap_core_x86_64_v4(&count);
#endif
#if NOISETRAP_HAS_CUDA
    if (is_device(target)) first = noisetrap_core_cuda(&count);
#endif
    return {first, count};
}

}  // namespace noisetrap
