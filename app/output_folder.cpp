#include "app/output_folder.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/error.hpp"

namespace fs = std::filesystem;

namespace noisetrap {

OutputFolder::OutputFolder(const std::string& target) : target_(fs::absolute(target).lexically_normal()) {
    if (!target_.has_filename()) target_ = target_.parent_path();
    std::error_code error;
    if (fs::exists(target_, error) && !(fs::is_directory(target_, error) && fs::is_empty(target_, error)))
        throw InputError(
            fmt::format("--out {}: is there already and not an empty folder; name another one", target));
    fs::create_directories(target_.parent_path(), error);
    std::string name =
        fmt::format("{}/.{}.partial-XXXXXX", target_.parent_path().string(), target_.filename().string());
    if (error || !mkdtemp(name.data()))
        throw InputError(fmt::format("--out {}: cannot be written ({})", target,
                                     error ? error.message() : std::strerror(errno)));
    partial_ = name;
    fs::permissions(partial_, fs::perms(0755), error);
}

OutputFolder::~OutputFolder() {
    std::error_code ignored;
    if (!partial_.empty()) fs::remove_all(partial_, ignored);
}

void OutputFolder::write(const std::string& name, const std::string& text) const {
    const auto file = partial_ / name;
    std::FILE* out = std::fopen(file.c_str(), "wb");
    bool good = out && std::fwrite(text.data(), 1, text.size(), out) == text.size();
    good = good && std::fflush(out) == 0 && fsync(fileno(out)) == 0;
    const int reason = errno;
    if (out) std::fclose(out);
    if (!good)
        throw InputError(
            fmt::format("{}: cannot be written ({})", (target_ / name).string(), std::strerror(reason)));
}

void OutputFolder::require_space(std::uintmax_t bytes) const {
    std::error_code error;
    const auto space = fs::space(partial_, error);
    if (!error && space.available < bytes)
        throw InputError(fmt::format("--out {}: {:.3g} GB are needed and {:.3g} GB are free on that disk",
                                     target_.string(), static_cast<double>(bytes) / 1e9,
                                     static_cast<double>(space.available) / 1e9));
}

void OutputFolder::commit() {
    std::error_code error;
    fs::rename(partial_, target_, error);  // atomic; replaces an empty folder
    if (error)
        throw InputError(fmt::format("{}: cannot be put in place ({})", target_.string(), error.message()));
    partial_.clear();
}

}  // namespace noisetrap
