// Kernels on demand: built in, in the pack beside the program, in the user's cache, or compiled now.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/kernels/cache.hpp"
#include "engine/kernels/compiler.hpp"
#include "engine/kernels/kernel.hpp"

namespace noisetrap {

/// What a unit is compiled from, as its key in a cache says: the unit's text, the headers and the target.
std::string kernel_key(const KernelSpec&);

/// Makes all of these kernels ready, those that are not there compiled side by side. Throws InputError, with the
/// compiler's first error and the place of the whole log, where one cannot be compiled.
void prepare_kernels(std::span<const KernelSpec>);

BlockFunction block_function_of(const KernelSpec&);
DeviceLaunch device_launch_of(const KernelSpec&);

/// The kernel compiled and loaded now, even where it is built in: for tests that compare the two.
BlockFunction compiled_block_function_of(const KernelSpec&);

/// Told how many kernels are still to be compiled, whenever that changes; and of what the user should know.
struct KernelEvents {
    std::function<void(std::size_t left)> compiling;
    std::function<void(const std::string& sentence)> warning;
};
void set_kernel_events(KernelEvents);

/// Compiles what is missing of these into `cache`: a pack.
void fill_cache(const KernelCache& cache, std::span<const KernelSpec>);

/// A shared object of another kind, compiled from `unit` and loaded like a kernel: the address of its symbol.
void* compiled_symbol(const std::string& unit, const char* symbol);

}  // namespace noisetrap
