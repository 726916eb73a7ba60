// Kernels on demand: built in, in the pack beside the program, in the user's cache, or compiled now.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/kernels/cache.hpp"
#include "engine/kernels/compiler.hpp"
#include "engine/kernels/fingerprint.hpp"
#include "engine/kernels/kernel.hpp"

namespace noisetrap {

/// What a unit is compiled from, as its key in a cache says: the unit's text, the headers and the target.
std::string kernel_key(const KernelSpec&);

/// The function of each kernel: a BlockFunction for a CPU's instruction set, a DeviceLaunch for a device. Those that
/// are not there are compiled side by side. Throws InputError, with the compiler's first error and the place of the
/// whole log, where one cannot be compiled, and Interrupted.
std::vector<void*> ready_kernels(std::span<const KernelSpec>, StopToken stop);

/// Where a kernel would be taken from now; `missing` ones are compiled when they are asked for.
enum class KernelPlace { built_in, pack, cache, missing };
KernelPlace place_of(const KernelSpec&);

/// The function of a kernel compiled and loaded now, even where it is built in: for tests that compare the two.
void* compiled_kernel(const KernelSpec&);

/// Told how many kernels are still to be compiled, whenever that changes; and of what the user should know.
struct KernelEvents {
    std::function<void(std::size_t left)> compiling;
    std::function<void(const std::string& sentence)> warning;
};
void set_kernel_events(KernelEvents);

/// Compiles what is missing of these into `cache`: a pack.
void fill_cache(const KernelCache& cache, std::span<const KernelSpec>, StopToken stop);

/// A shared object of another kind, compiled from `unit` and loaded like a kernel: the address of its symbol.
void* compiled_symbol(const std::string& unit, const char* symbol, const UserHeader& user, StopToken stop);

}  // namespace noisetrap
