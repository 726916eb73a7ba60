#include "app/sweep_store.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

#include "app/configuration_difference.hpp"
#include "app/hdf5_file.hpp"
#include "app/launch.hpp"
#include "app/output_folder.hpp"
#include "app/output_hdf5.hpp"
#include "app/sweep_results.hpp"
#include "engine/error.hpp"
#include "engine/runs/backend.hpp"
#include "engine/version.hpp"

namespace fs = std::filesystem;

namespace noisetrap {
namespace {

constexpr const char *data_file = "data.h5", *kind = "sweep";
constexpr const char* results[] = {data_file,     "sweep.json", "run.json",
                                   "config.toml", "index.html", "figures"};

/// What a write that was cut off leaves behind.
bool is_partial(const fs::path& file) {
    return std::any_of(std::begin(results), std::end(results),
                       [&](const char* name) { return file.filename() == fmt::format(".{}.partial", name); });
}

[[noreturn]] void fail(const std::string& shown, int reason) {
    throw InputError(fmt::format("{}: cannot be written ({})", shown, std::strerror(reason)));
}

/// Or is not there. A sweep's data.h5 says that it is one, unless it is damaged.
bool holds_nothing_else(const fs::path& folder) {
    std::error_code error;
    const bool stored = fs::exists(folder / data_file, error);
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const auto name = entry.path().filename().string();
        const bool known = std::find(std::begin(results), std::end(results), name) != std::end(results);
        if (!is_partial(entry.path()) && !(stored && known)) return false;
    }
    if (!stored) return true;
    try {
        const Hdf5Reader file((folder / data_file).string(), "");
        return file.has_attribute("kind") && file.attribute("/", "kind") == kind;
    } catch (const InputError&) {
        return true;
    }
}

}  // namespace

SweepStore::SweepStore(const std::string& folder, const Sweep& sweep, bool fresh)
    : folder_(fs::absolute(folder).lexically_normal()), shown_(folder), sweep_(sweep) {
    if (!folder_.has_filename()) folder_ = folder_.parent_path();
    std::error_code error;
    if (fs::exists(folder_, error) && !fs::is_directory(folder_, error))
        throw InputError(fmt::format("--out {}: is a file, not a folder; name another one", folder));
    if (!holds_nothing_else(folder_))
        throw InputError(
            fmt::format("--out {}: is there already, and holds no sweep; name another folder", folder));
    made_ = fs::create_directories(folder_, error);
    if (error) fail("--out " + folder, error.value());
    lock();
    remove_partial();
    if (fresh) {
        remove_results();
    } else if (fs::exists(folder_ / data_file, error)) {
        load();
    }
}

SweepStore::~SweepStore() {
    std::error_code ignored;
    if (made_ && fs::is_empty(folder_, ignored)) fs::remove(folder_, ignored);
    if (lock_ >= 0) close(lock_);
}

/// Held until the process ends, however it ends.
void SweepStore::lock() {
    lock_ = open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock_ < 0) fail("--out " + shown_, errno);
    if (flock(lock_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        throw InputError(
            fmt::format("--out {}: another sweep is at work in this folder; wait for it", shown_));
    if (access(folder_.c_str(), W_OK) != 0) fail("--out " + shown_, errno);
}

void SweepStore::remove_results() const {
    std::error_code ignored;
    for (const char* name : results) fs::remove_all(folder_ / name, ignored);
}

void SweepStore::remove_partial() const {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder_, ignored))
        if (is_partial(entry.path())) fs::remove(entry.path(), ignored);
}

void SweepStore::load() {
    const auto shown = (fs::path(shown_) / data_file).string();
    const Hdf5Reader file((folder_ / data_file).string(), shown);
    const auto begun_by = file.attribute("/", "noisetrap") + " (" + file.attribute("/", "revision") + ")";
    const auto this_is = fmt::format("{} ({})", version(), revision());
    const auto way_out = "--fresh starts over, --out names another folder";
    if (begun_by != this_is)
        throw InputError(
            fmt::format("{}: was begun by noisetrap {}, and this is {}: numbers of both do not mix; {}",
                        shown, begun_by, this_is, way_out));
    const auto differs =
        difference_of(file.text("configuration"), provenance(sweep_.resolved, sweep_.base.run));
    if (!differs.empty())
        throw InputError(fmt::format("{}: holds another sweep: {}; {}", shown, differs, way_out));
    state_ = read_state(file, sweep_);
}

void SweepStore::write(const SweepFindings* findings) const {
    Hdf5File file;
    file.attribute("/", "kind", kind);
    file.attribute("/", "noisetrap", version());
    file.attribute("/", "revision", revision());
    file.text("configuration", provenance(sweep_.resolved, sweep_.base.run));
    write_state(file, sweep_, state_);
    if (findings) write_findings(file, sweep_, *findings);
    write_text(data_file, file.bytes());
}

void SweepStore::keep() {
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - kept_at_;
    if (since.count() >= 20 * keeping_took_) keep_now();
}

void SweepStore::keep_now() {
    const auto start = std::chrono::steady_clock::now();
    write(nullptr);
    kept_at_ = std::chrono::steady_clock::now();
    keeping_took_ = std::chrono::duration<double>(kept_at_ - start).count();
}

void SweepStore::finish(const SweepFindings& findings) const { write(&findings); }

void SweepStore::write_text(const std::string& name, const std::string& text) const {
    replace_synced(folder_ / name, (fs::path(shown_) / name).string(), text);
}

/// What this run was like, as far as that does not decide the numbers.
static Json run_json(const Sweep& sweep, double seconds) {
    const auto backend = make_backend(sweep.base.run);
    return {{"backend", backend->name()},
            {"device", backend->device()},
            {"ranks", crew().size()},
            {"threads", backend->threads()},
            {"wall_seconds_of_the_last_start", seconds}};
}

void write_sweep(const SweepStore& store, const Sweep& sweep, const SweepFindings& found,
                 const std::string& json, double seconds) {
    store.finish(found);
    store.write_text("config.toml", to_toml(sweep.resolved, false));
    store.write_text("sweep.json", json);
    store.write_text("run.json", run_json(sweep, seconds).dump(2) + "\n");
}

}  // namespace noisetrap
