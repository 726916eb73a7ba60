// The machine's own compilers, found when they are needed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/stop.hpp"

namespace noisetrap {

/// The target of units that are no kernels: what a model tells the program of itself.
inline constexpr const char* host_target = "host";

/// Whether a target is a GPU's architecture: "sm_90", or "compute_90" for PTX.
bool is_device(const std::string& target);

struct Compiler {
    std::filesystem::path program;
    bool nvcc = false;

    /// Which program it is: path, size and time of change. Cheap, and changes when the compiler does.
    std::string identity() const;
    /// The first line of what it says of itself; empty where it does not run.
    std::string version() const;
    /// Flags for a target. Those of one target give the same bits from every compiler; some are for speed alone.
    std::vector<std::string> flags(const std::string& target) const;
};

/// The flags of a target that may decide bits, apart from those that are for speed alone.
std::string flags_of_bits(const std::string& target);

/// $NOISETRAP_CXX, or the first of the usual names in $PATH.
std::optional<Compiler> host_compiler();
/// $NOISETRAP_NVCC, or nvcc in $PATH or in /usr/local/cuda.
std::optional<Compiler> device_compiler();
/// The one for a target. Throws InputError, which says what to install, where there is none.
Compiler compiler_for(const std::string& target);

/// What became of a compilation.
struct Compiled {
    bool ok = false;
    std::string first_error = {};  // of the log
    bool disk_full = false;
};
/// Compiles `unit` to the shared object `object`, with everything that the compiler says in `log`; its temporary files
/// go to the folder of `object`. Throws Interrupted when a stop is requested, and ends the
/// compiler.
Compiled compile(const Compiler&, const std::string& target, const std::string& key,
                 const std::vector<std::filesystem::path>& include, const std::filesystem::path& unit,
                 const std::filesystem::path& object, const std::filesystem::path& log, StopToken stop);

}  // namespace noisetrap
