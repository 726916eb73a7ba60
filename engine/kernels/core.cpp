// The built-in kernels of one instruction set. Compiled once for each, with `noisetrap` defined as a namespace of
// its own, so that the linker never lets one instruction set's code stand for another's.
#define NOISETRAP_KERNEL_UNIT
#include <cstddef>
#include <iterator>

#include "engine/kernels/kernel_unit.hpp"
#include "models/linear_sde.hpp"
#include "models/noisy_saddle.hpp"
#include "models/optimisers.hpp"
#include "sde/schemes.hpp"

namespace noisetrap {
namespace {

struct Kernel {  // as BuiltInKernel
    const char* arguments;
    void (*function)(const Launch&, const void*, std::uint64_t);
};

#define TEXT(...) #__VA_ARGS__
#define KERNEL(...) {TEXT(__VA_ARGS__), block_function<__VA_ARGS__>},
#define SLICE 16
constexpr Kernel kernels[] = {
#include "engine/kernels/core_list.hpp"
};

}  // namespace
}  // namespace noisetrap

extern "C" const void* NOISETRAP_CORE(std::size_t* count) {
    *count = std::size(noisetrap::kernels);
    return noisetrap::kernels;
}
