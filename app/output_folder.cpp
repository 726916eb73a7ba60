#include "app/output_folder.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/error.hpp"

namespace fs = std::filesystem;

namespace noisetrap {

OutputFolder::OutputFolder(const std::string& target) {
    std::error_code error;
    target_ = fs::weakly_canonical(fs::absolute(target), error);
    if (error) target_ = fs::absolute(target).lexically_normal();
    if (!target_.has_filename()) target_ = target_.parent_path();
    existed_ = fs::exists(target_, error);
    if (existed_ && !(fs::is_directory(target_, error) && fs::is_empty(target_, error)))
        throw InputError(
            fmt::format("--out {}: is there already and not an empty folder; name another one", target));
    make_parents();
    const auto parent = existed_ ? target_ : target_.parent_path();
    std::string name = fmt::format("{}/.{}.partial-XXXXXX", parent.string(), target_.filename().string());
    if (!mkdtemp(name.data())) {
        const int reason = errno;
        for (auto made = made_parents_.rbegin(); made != made_parents_.rend(); ++made)
            fs::remove(*made, error);
        throw InputError(fmt::format("--out {}: cannot be written ({})", target, std::strerror(reason)));
    }
    partial_ = name;
}

void OutputFolder::make_parents() {
    std::vector<fs::path> missing;
    std::error_code error;
    for (auto parent = target_.parent_path(); !fs::exists(parent, error) && parent.has_relative_path();
         parent = parent.parent_path())
        missing.push_back(parent);
    for (auto parent = missing.rbegin(); parent != missing.rend(); ++parent)
        if (fs::create_directory(*parent, error)) made_parents_.push_back(*parent);
}

OutputFolder::~OutputFolder() {
    if (partial_.empty()) return;
    std::error_code ignored;
    fs::remove_all(partial_, ignored);
    for (auto made = made_parents_.rbegin(); made != made_parents_.rend(); ++made) fs::remove(*made, ignored);
}

void write_synced(const fs::path& file, const std::string& shown, const std::string& text) {
    std::FILE* out = std::fopen(file.c_str(), "wb");
    bool good = out && std::fwrite(text.data(), 1, text.size(), out) == text.size();
    good = good && std::fflush(out) == 0 && fsync(fileno(out)) == 0;
    const int reason = errno;
    if (out) std::fclose(out);
    if (!good) throw InputError(fmt::format("{}: cannot be written ({})", shown, std::strerror(reason)));
}

void OutputFolder::write(const std::string& name, const std::string& text) const {
    write_synced(partial_ / name, shown(name), text);
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
    if (existed_) {
        for (const auto& entry : fs::directory_iterator(partial_))
            if (!error) fs::rename(entry.path(), target_ / entry.path().filename(), error);
        if (!error) fs::remove(partial_, error);
    } else {
        const mode_t mask = umask(0);  // mkdtemp has made it for its owner alone
        umask(mask);
        fs::permissions(partial_, static_cast<fs::perms>(0777 & ~mask), error);
        fs::rename(partial_, target_, error);  // atomic
    }
    if (error)
        throw InputError(fmt::format("{}: cannot be put in place ({})", target_.string(), error.message()));
    partial_.clear();
}

}  // namespace noisetrap
