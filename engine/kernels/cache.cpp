#include "engine/kernels/cache.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "engine/error.hpp"
#include "engine/kernels/file_lock.hpp"
#include "engine/kernels/fingerprint.hpp"

namespace noisetrap {
namespace fs = std::filesystem;
namespace {

/// Owned by this user or by root, and writable by nobody else.
std::string why_foreign(const fs::path& path) {
    struct stat info {};
    if (stat(path.c_str(), &info) != 0) return std::strerror(errno);
    if (info.st_uid != geteuid() && info.st_uid != 0) return "it belongs to another user";
    if (info.st_mode & (S_IWGRP | S_IWOTH)) return "others may write to it";
    return {};
}

/// The line "NOISETRAP_KERNEL(...)" of a unit, without the name.
std::string arguments_of(const std::string& unit) {
    const std::string name = "NOISETRAP_KERNEL(";
    const auto from = unit.find(name);
    if (from == std::string::npos) return {};
    return unit.substr(from + name.size(), unit.rfind(')') - from - name.size());
}

/// Whether a cache puts something of this name into its folder, which may hold other things too.
bool is_ours(const std::string& name) {
    const auto key = name.substr(0, 32);
    const bool of_a_key = key.size() == 32 && key.find_first_not_of("0123456789abcdef") == std::string::npos;
    const auto rest = of_a_key ? name.substr(32) : name;
    return (of_a_key && (rest.empty() || rest == ".lock" || rest == ".log")) || name == "headers.lock" ||
           name.starts_with("headers-") || name.starts_with(".compiling-");
}

void sync(const fs::path& path) {
    const int file = open(path.c_str(), O_RDONLY);
    if (file < 0) return;
    fsync(file);
    close(file);
}

}  // namespace

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string KernelCache::why_not_trusted() const {
    std::error_code error;
    return fs::exists(folder_, error) ? why_foreign(folder_) : std::string();
}

std::string KernelCache::why_not_writable(Readers readers) const {
    std::error_code error;
    const auto others =
        fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read | fs::perms::others_exec;
    if (fs::create_directories(folder_, error))
        fs::permissions(
            folder_, readers == Readers::owner ? fs::perms::owner_all : fs::perms::owner_all | others, error);
    if (error) return error.message();
    if (access(folder_.c_str(), W_OK) != 0) return std::strerror(errno);
    return {};
}

std::optional<fs::path> KernelCache::find(const std::string& key, const std::string& compiler) const {
    std::error_code error;
    const auto folder = folder_of(key);
    if (folder_.empty() || !fs::is_directory(folder, error) || !why_not_trusted().empty() ||
        !why_foreign(folder).empty())
        return std::nullopt;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const auto name = entry.path().filename().string();
        const auto dot = name.find('.');
        if (dot == std::string::npos || !name.ends_with(".so")) continue;
        if (!compiler.empty() && name.substr(0, dot) != compiler) continue;
        const auto checksum = name.substr(dot + 1, name.size() - dot - 4);
        if (why_foreign(entry.path()).empty() && fingerprint(text_of(entry.path())) == checksum)
            return entry.path();
    }
    return std::nullopt;
}

fs::path KernelCache::store(const std::string& key, const std::string& compiler, const fs::path& object,
                            const std::string& unit) const {
    const auto folder = folder_of(key);
    fs::create_directories(folder);
    fs::permissions(folder, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                                fs::perms::others_read | fs::perms::others_exec);
    {
        std::ofstream out(folder / "unit.cpp", std::ios::binary);
        out << unit;
    }
    fs::permissions(object, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read |
                                fs::perms::others_read);
    sync(object);
    const auto place = folder / fmt::format("{}.{}.so", compiler, fingerprint(text_of(object)));
    for (const auto& entry : fs::directory_iterator(folder))  // those that were damaged
        if (entry.path() != place && entry.path().filename().string().starts_with(compiler + "."))
            fs::remove(entry.path());
    fs::rename(object, place);
    return place;
}

std::vector<CachedKernel> KernelCache::list() const {
    std::vector<CachedKernel> kernels;
    std::error_code error;
    if (!fs::is_directory(folder_, error)) return kernels;
    for (const auto& folder : fs::directory_iterator(folder_, error)) {
        const auto unit = text_of(folder.path() / "unit.cpp");
        const auto target = unit.substr(0, unit.find('\n'));
        if (arguments_of(unit).empty()) continue;
        for (const auto& entry : fs::directory_iterator(folder.path(), error))
            if (entry.path().extension() == ".so")
                kernels.push_back({entry.path(), folder.path().filename().string(), arguments_of(unit),
                                   target.substr(target.rfind(' ') + 1), fs::file_size(entry.path(), error)});
    }
    return kernels;
}

std::uintmax_t KernelCache::clean() const {
    std::error_code error;
    std::uintmax_t bytes = 0;
    if (!fs::is_directory(folder_, error)) return 0;
    const FileLock alone(folder_ / lock_name);
    if (!alone.held())
        throw InputError(
            fmt::format("kernels are being compiled into {} now: clean it afterwards", folder_.string()));
    for (const auto& ours : fs::directory_iterator(folder_, error)) {
        if (!is_ours(ours.path().filename().string())) continue;
        if (ours.is_regular_file(error)) bytes += ours.file_size(error);
        if (ours.is_directory(error))
            for (const auto& entry : fs::recursive_directory_iterator(ours.path(), error))
                if (entry.is_regular_file(error)) bytes += entry.file_size(error);
        fs::remove_all(ours.path(), error);
    }
    return bytes;
}

fs::path user_cache_folder() {
    const auto of = [](const char* variable) {
        const char* value = std::getenv(variable);
        return fs::path(value ? value : "");
    };
    if (const auto named = of("NOISETRAP_KERNEL_CACHE"); !named.empty()) return fs::absolute(named);
    if (const auto cache = of("XDG_CACHE_HOME"); cache.is_absolute()) return cache / "noisetrap" / "kernels";
    if (const auto home = of("HOME"); home.is_absolute()) return home / ".cache" / "noisetrap" / "kernels";
    return {};
}

fs::path pack_folder() {
    std::error_code error;
    const auto program = fs::read_symlink("/proc/self/exe", error);
    if (error) return {};
    for (const auto& folder : {program.parent_path() / "kernels",
                               program.parent_path().parent_path() / "lib" / "noisetrap" / "kernels"})
        if (fs::is_directory(folder, error)) return folder;
    return {};
}

}  // namespace noisetrap
