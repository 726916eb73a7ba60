// Included by kernel units alone: what a unit exports. A unit is a few lines that the program writes when a kernel is
// asked for, or core.cpp.
#pragma once

#include "engine/paths/path_block.hpp"
#include "models/families.hpp"

namespace noisetrap {

template <class Family, class Precision, int W, unsigned features, Law... laws>
void block_function(const Launch& launch, const void* processes, std::uint64_t block) {
    require_family<Family>();
    using Process = typename Family::template Process<typename Precision::Real>;
    static_assert(IsProcess<Process>);
    run_block<Process, Precision, W, features, laws...>(launch, static_cast<const Process*>(processes),
                                                        block);
}

}  // namespace noisetrap

/// The unit's only function, and the key by which the program knows the object to be the one that it asked for.
#define NOISETRAP_KERNEL(...)                                                             \
    extern "C" __attribute__((visibility("default"))) const char noisetrap_kernel_key[] = \
        NOISETRAP_KERNEL_KEY;                                                             \
    extern "C" __attribute__((visibility("default"))) void noisetrap_kernel(              \
        const noisetrap::Launch& launch, const void* processes, std::uint64_t block) {    \
        using namespace noisetrap;                                                        \
        block_function<__VA_ARGS__>(launch, processes, block);                            \
    }
