// The text of a kernel unit: what is compiled when a kernel is asked for.
#pragma once

#include <string>

#include "engine/kernels/kernel.hpp"

namespace noisetrap {

/// The template arguments of a kernel, as C++ writes them: also its name among the built-in kernels.
std::string kernel_arguments(const KernelSpec&);
/// A translation unit that exports the kernel.
std::string unit_text(const KernelSpec&);

}  // namespace noisetrap
