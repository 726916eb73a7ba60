#include "app/output_folder.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "engine/error.hpp"

namespace fs = std::filesystem;

namespace noisetrap {

namespace {

constexpr const char* summaries[] = {"summary.json",  "compare.json", "landscape.json",
                                     "spectrum.json", "analyse.json", "escape.json"};
constexpr const char* others[] = {"config.toml",    "page.json",  "data.h5",
                                  "checkpoints.h5", "index.html", "figures"};

template <class Names>
bool is_among(const Names& names, const std::string& name) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// The first entry that no command writes; empty where all are theirs.
std::string foreign_entry(const fs::path& folder) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const auto name = entry.path().filename().string();
        const bool known = is_among(summaries, name) || is_among(others, name);
        if (!known || entry.is_symlink() || entry.is_directory() != (name == "figures")) return name;
    }
    for (const auto& entry : fs::directory_iterator(folder / "figures", error))
        if (entry.path().extension() != ".svg" || !entry.is_regular_file())
            return (fs::path("figures") / entry.path().filename()).string();
    return "";
}

/// Written by a command that has a summary, and nothing beside it.
bool holds_results_alone(const fs::path& folder) {
    const auto has = [&](const char* name) { return fs::is_regular_file(folder / name); };
    return has("config.toml") && std::any_of(std::begin(summaries), std::end(summaries), has) &&
           foreign_entry(folder).empty();
}

/// Open and locked until it is closed, as it is when its process ends, however that ends; -1 where somebody else has it.
int locked_folder(const fs::path& folder) {
    const int opened = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened >= 0 && flock(opened, LOCK_EX | LOCK_NB) == 0) return opened;
    if (opened >= 0) close(opened);
    return -1;
}

/// Removes what processes that were killed have left behind.
void remove_abandoned(const fs::path& parent, const std::string& prefix) {
    std::error_code ignored;
    std::vector<fs::path> left;
    for (const auto& entry : fs::directory_iterator(parent, ignored))
        if (entry.path().filename().string().starts_with(prefix)) left.push_back(entry.path());
    for (const auto& folder : left) {
        const int opened = locked_folder(folder);
        if (opened < 0) continue;
        fs::remove_all(folder, ignored);
        close(opened);
    }
}

}  // namespace

void OutputFolder::refuse_what_is_there(const std::string& target, Earlier earlier) {
    std::error_code error;
    const bool folder = fs::is_directory(target_, error);
    if (folder && fs::is_empty(target_, error)) return;
    if (folder && earlier != Earlier::refused && holds_results_alone(target_)) {
        if (earlier == Earlier::replaced) {
            replaces_ = true;
            return;
        }
        throw InputError(fmt::format(
            "--out {}: is there already and not an empty folder; --fresh replaces these results", target));
    }
    const bool asked = folder && earlier == Earlier::replaced;
    throw InputError(fmt::format("--out {}: is there already and not an empty folder{}; name another one",
                                 target,
                                 asked ? ", nor one with results alone, which --fresh replaces" : ""));
}

OutputFolder::OutputFolder(const std::string& target, Earlier earlier) {
    std::error_code error;
    target_ = fs::weakly_canonical(fs::absolute(target), error);
    if (error) target_ = fs::absolute(target).lexically_normal();
    if (!target_.has_filename()) target_ = target_.parent_path();
    const auto prefix = "." + target_.filename().string() + ".partial-";
    remove_abandoned(target_, prefix);
    remove_abandoned(target_.parent_path(), prefix);
    existed_ = fs::exists(target_, error);
    if (existed_) refuse_what_is_there(target, earlier);
    make_parents();
    const auto parent = existed_ && !replaces_ ? target_ : target_.parent_path();
    std::string name = fmt::format("{}/{}XXXXXX", parent.string(), prefix);
    if (!mkdtemp(name.data())) {
        const int reason = errno;
        for (auto made = made_parents_.rbegin(); made != made_parents_.rend(); ++made)
            fs::remove(*made, error);
        throw InputError(fmt::format("--out {}: cannot be written ({})", target, std::strerror(reason)));
    }
    partial_ = name;
    lock_ = locked_folder(partial_);
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
    if (lock_ >= 0) close(lock_);
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

/// Puts a file that is on the disk in its place, and brings the folder that says so there too.
static void put_in_place(const fs::path& partial, const fs::path& file, const std::string& shown) {
    const auto fail = [&](int reason) {
        throw InputError(fmt::format("{}: cannot be written ({})", shown, std::strerror(reason)));
    };
    std::error_code error;
    fs::rename(partial, file, error);
    if (error) fail(error.value());
    const auto parent = file.has_parent_path() ? file.parent_path() : fs::path(".");
    const int folder = open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool good = folder >= 0 && fsync(folder) == 0;
    const int reason = errno;
    if (folder >= 0) close(folder);
    if (!good) fail(reason);
}

void replace_synced(const fs::path& file, const std::string& shown, const std::string& text) {
    const auto partial = file.parent_path() / ("." + file.filename().string() + ".partial");
    try {
        write_synced(partial, shown, text);
        put_in_place(partial, file, shown);
    } catch (const InputError&) {
        std::error_code ignored;
        fs::remove(partial, ignored);
        throw;
    }
}

void write_new_file(const std::string& file, const std::string& text) {
    const int opened = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (opened < 0 && errno == EEXIST)
        throw InputError(fmt::format("{}: is there already and is left alone; name another file", file));
    if (opened < 0) throw InputError(fmt::format("{}: cannot be written ({})", file, std::strerror(errno)));
    close(opened);
    try {
        write_synced(file, file, text);
    } catch (const InputError&) {
        unlink(file.c_str());
        throw;
    }
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

/// The new folder and the old one change places, so that one of them is always there.
void OutputFolder::replace_target() {
    std::error_code error;
    if (!holds_results_alone(target_))
        throw InputError(fmt::format("{}: has changed meanwhile and is left alone", target_.string()));
    if (renameat2(AT_FDCWD, partial_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) == 0) {
        fs::remove_all(partial_, error);
        return;
    }
    const fs::path old = partial_.string() + "-old";  // this file system cannot exchange names
    fs::rename(target_, old, error);
    if (!error) fs::rename(partial_, target_, error);
    if (error) {
        std::error_code ignored;
        if (!fs::exists(target_, ignored)) fs::rename(old, target_, ignored);
        throw InputError(fmt::format("{}: cannot be put in place ({})", target_.string(), error.message()));
    }
    fs::remove_all(old, error);
}

void OutputFolder::commit() {
    std::error_code error;
    if (existed_ && !replaces_) {
        for (const auto& entry : fs::directory_iterator(partial_))
            if (!error) fs::rename(entry.path(), target_ / entry.path().filename(), error);
        if (!error) fs::remove(partial_, error);
    } else {
        const mode_t mask = umask(0);  // mkdtemp has made it for its owner alone
        umask(mask);
        fs::permissions(partial_, static_cast<fs::perms>(0777 & ~mask), error);
        if (replaces_) {
            replace_target();
        } else {
            fs::rename(partial_, target_, error);  // atomic
        }
    }
    if (error)
        throw InputError(fmt::format("{}: cannot be put in place ({})", target_.string(), error.message()));
    partial_.clear();
}

std::unique_ptr<OutputFolder> asked_folder(const std::string& target, bool fresh) {
    if (target.empty()) return nullptr;
    return std::make_unique<OutputFolder>(target, fresh ? Earlier::replaced : Earlier::refused_with_hint);
}

}  // namespace noisetrap
