#include "app/launch.hpp"

#include <dlfcn.h>
#include <fmt/core.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "app/interrupt.hpp"
#include "app/mpi_plugin.hpp"
#include "engine/error.hpp"
#include "engine/kernels/fingerprint.hpp"
#include "engine/runs/backend.hpp"
#include "engine/version.hpp"

namespace noisetrap {
namespace {

constexpr const char* library_name = "libnoisetrap_mpi.so";

/// How a launcher says how many processes it has started, and which of them this is.
struct Launcher {
    const char *size, *rank, *name;
};
constexpr Launcher launchers[] = {{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "mpirun"},
                                  {"PMI_SIZE", "PMI_RANK", "a launcher with PMI"},
                                  {"SLURM_STEP_NUM_TASKS", "SLURM_PROCID", "srun"}};
constexpr const char* rank_alone =
    "PMIX_RANK";  // a launcher that speaks PMIx, and does not say how many there are

struct Launch {
    std::string by;
    int size = 1;  // 0: not said
    std::string rank = "0";
};

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

int number_of(const std::string& text) {
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// The first that says anything is the innermost one. Variables are inherited: NOISETRAP_RANKS=1 is for a program with
/// ranks that starts this one for itself.
Launch launch() {
    if (variable("NOISETRAP_RANKS") == "1") return {};
    for (const auto& [size, rank, name] : launchers)
        if (const int n = number_of(variable(size)); n > 0)
            return n > 1 ? Launch{name, n, variable(rank)} : Launch{};
    const auto rank = variable(rank_alone);
    return rank.empty() ? Launch{} : Launch{"a launcher with PMIx", 0, rank};
}

std::filesystem::path library_file() {
    if (const auto named = variable("NOISETRAP_MPI"); !named.empty()) return named;
    std::error_code error;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    const auto beside = folder / library_name;
    if (std::filesystem::exists(beside, error)) return beside;
    return (folder / NOISETRAP_MPI_INSTALLED / library_name).lexically_normal();
}

/// Its symbols are global, since an MPI loads parts of itself that look for them.
const NoisetrapMpi* begin_mpi(const Launch& launched) {
    const auto file = library_file();
    void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL);
    std::string why = library ? "it is of another version" : dlerror();
    if (why.starts_with(file.string() + ": ")) why.erase(0, file.string().size() + 2);
    void* begin = library ? dlsym(library, "noisetrap_mpi_1") : nullptr;
    if (!begin)
        throw InputError(
            fmt::format("was started by {} as one of several processes, and {} cannot be loaded ({}); "
                        "docs/scaling.md says how to make it, and NOISETRAP_RANKS=1 runs each alone",
                        launched.by, file.string(), why));
    const auto* mpi = reinterpret_cast<const NoisetrapMpi* (*)()>(begin)();
    if (launched.size != 0 && mpi->size != launched.size)
        throw InputError(fmt::format(
            "was started by {} as one of {} processes, and MPI sees {}: {} is of another MPI than "
            "the launcher's (docs/scaling.md)",
            launched.by, launched.size, mpi->size, file.string()));
    return mpi;
}

class MpiRanks : public Ranks {
    const NoisetrapMpi* mpi_;

  public:
    explicit MpiRanks(const Launch& launched) : mpi_(begin_mpi(launched)) {
        share_processors(mpi_->sharing_processors);
    }
    int rank() const override { return mpi_->rank; }
    int size() const override { return mpi_->size; }
    void send(Letter letter) override { mpi_->send(letter.rank, letter.text.data(), letter.text.size()); }
    std::optional<Letter> receive() override {
        Letter letter;
        std::uint64_t size = 0;
        if (!mpi_->arrived(&letter.rank, &size)) return std::nullopt;
        letter.text.resize(size);
        mpi_->take(letter.text.data());
        return letter;
    }
    void finish() override { mpi_->finish(); }
    void abort(int status) override { mpi_->abort(status); }
};

/// Never destroyed: its thread may still be at work when the process ends.
std::unique_ptr<Crew>& joined() {
    static auto* held = new std::unique_ptr<Crew>(std::make_unique<Crew>());
    return *held;
}

}  // namespace

void join_ranks() {
    const auto launched = launch();
    if (launched.size == 1) return;
    joined() = std::make_unique<Crew>([launched] { return std::make_unique<MpiRanks>(launched); },
                                      [] { interrupt.request_stop(); });
}

void agree_on(const std::string& configuration) {
    crew().agree_on(fingerprint(fmt::format("{} {}\n{}", version(), revision(), configuration)));
}

Crew& crew() { return *joined(); }

bool launched_first() {
    const auto rank = launch().rank;
    return rank == "0" || rank.empty();
}

}  // namespace noisetrap
