// The kernels that are part of the program, so that a first run needs no compiler.
#pragma once

#include <span>

#include "engine/kernels/kernel.hpp"

namespace noisetrap {

struct BuiltInKernel {
    const char* arguments;  // as kernel_arguments writes them
    void* function;
};
/// Those for a target; empty where it has none.
std::span<const BuiltInKernel> built_in_kernels(const std::string& target);

}  // namespace noisetrap
