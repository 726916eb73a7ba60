// A folder of compiled kernels: KEY/COMPILER.CHECKSUM.so, where KEY says what was compiled, COMPILER by whom and
// CHECKSUM what the file holds. A pack beside the program and the user's cache are such folders.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace noisetrap {

struct CachedKernel {
    std::filesystem::path file;
    std::string key, arguments, target;
    std::uintmax_t bytes = 0;
};

class KernelCache {
    std::filesystem::path folder_;

  public:
    /// Held, shared, by whoever compiles into the folder, and alone by whoever cleans it.
    static constexpr const char* lock_name = "cache.lock";
    /// Who may read a folder that is made: a user's cache is the user's own, a pack is everybody's.
    enum class Readers { owner, everybody };

    explicit KernelCache(std::filesystem::path folder) : folder_(std::move(folder)) {}
    const std::filesystem::path& folder() const { return folder_; }
    std::filesystem::path folder_of(const std::string& key) const { return folder_ / key; }

    /// Why nothing may be loaded from here; empty where it may. A folder that others can write to is not trusted.
    std::string why_not_trusted() const;
    /// Makes the folder where it is missing; why that, or writing to it, fails, or empty.
    std::string why_not_writable(Readers readers = Readers::owner) const;

    /// The kernel compiled by `compiler` (a fingerprint), or by anybody where that is empty; whole files of an owner
    /// who is trusted alone.
    std::optional<std::filesystem::path> find(const std::string& key, const std::string& compiler) const;
    /// Moves a compiled object to its place, beside the unit that it was compiled from. Throws std::filesystem_error.
    std::filesystem::path store(const std::string& key, const std::string& compiler,
                                const std::filesystem::path& object, const std::string& unit) const;

    std::vector<CachedKernel> list() const;
    /// Removes all kernels and headers, and nothing else that may lie here; says how many bytes that were. Throws
    /// InputError where kernels are being compiled into it.
    std::uintmax_t clean() const;
};

/// $NOISETRAP_KERNEL_CACHE, or noisetrap/kernels in $XDG_CACHE_HOME or ~/.cache; empty where there is no home.
std::filesystem::path user_cache_folder();
/// kernels/ beside the program, or where it was installed; empty where there is none.
std::filesystem::path pack_folder();

std::string text_of(const std::filesystem::path& file);

}  // namespace noisetrap
