#include "engine/kernels/compiler.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

#include "engine/error.hpp"
#include "engine/kernels/cache.hpp"
#include "kernel_flags.hpp"

namespace noisetrap {
namespace fs = std::filesystem;
namespace {

bool runs(const fs::path& program) {
    return access(program.c_str(), X_OK) == 0 && !fs::is_directory(program);
}

std::optional<fs::path> in_path(const std::string& name) {
    if (name.find('/') != std::string::npos) return runs(name) ? std::optional(fs::path(name)) : std::nullopt;
    const char* path = std::getenv("PATH");
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (const auto program = fs::path(folder) / name; runs(program)) return program;
    return std::nullopt;
}

/// The program that `variable` names, which must be right where it is given; else the first of `names` that is there.
std::optional<Compiler> find(const char* variable, const std::vector<std::string>& names, bool nvcc) {
    if (const char* named = std::getenv(variable); named && *named) {
        const auto program = in_path(named);
        if (!program)
            throw InputError(
                fmt::format("{} = '{}' is not a program that runs here; name a compiler", variable, named));
        return Compiler{*program, nvcc};
    }
    for (const auto& name : names)
        if (const auto program = in_path(name)) return Compiler{*program, nvcc};
    return std::nullopt;
}

bool is_gnu(const std::string& version) {
    return version.find("g++") != std::string::npos || version.find("GCC") != std::string::npos ||
           version.find("Free Software") != std::string::npos;
}

void append(std::vector<std::string>& words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
}

void append(std::vector<std::string>& words, const std::map<std::string, std::vector<std::string>>& by_target,
            const std::string& target) {
    if (const auto found = by_target.find(target); found != by_target.end()) append(words, found->second);
}

std::vector<std::string> host_flags(const std::string& target, bool gnu) {
    std::vector<std::string> flags = {"-std=c++20", "-shared", "-fPIC", "-fvisibility=hidden"};
    append(flags, kernel_flags);
    append(flags, kernel_flags_of, target);
    if (target == host_target) {
        flags.push_back("-O1");  // runs once
    } else if (gnu) {
        append(flags, kernel_tuning_gnu);
        append(flags, kernel_tuning_gnu_of, target);
    } else {
        append(flags, kernel_tuning);
        // No kernel throws, but Clang would link what unwinds calls that are not known never to.
        flags.push_back("-fno-exceptions");
    }
    return flags;
}

/// A kernel is not linked with the C library's mathematics, whose bits are the machine's own; only `portable` needs its
/// fused operation, which has those of IEEE 754.
std::vector<std::string> libraries(const std::string& target) {
    if (target == host_target || is_device(target)) return {};
    std::vector<std::string> words = {"-nodefaultlibs", "-Wl,--no-undefined", "-lc", "-lgcc"};
    if (target == "portable") words.push_back("-lm");
    return words;
}

std::vector<std::string> device_flags(const std::string& target) {
    const auto number = target.substr(target.find('_') + 1);
    return {"-std=c++20",
            "-shared",
            "-cudart=shared",
            "--fmad=false",
            "--expt-relaxed-constexpr",
            "-Xcompiler=-fPIC,-fvisibility=hidden,-ffp-contract=off",
            fmt::format("-gencode=arch=compute_{},code={}", number, target)};
}

/// What a compiler or linker says, without what only repeats where the program's own headers lie.
std::string in_words(const std::string& line) {
    const std::string asserted = "static assertion failed: ", undefined = "undefined reference to `";
    if (const auto at = line.find(asserted); at != std::string::npos)
        return line.substr(at + asserted.size());
    if (const auto at = line.find(undefined); at != std::string::npos) {
        const auto from = at + undefined.size();
        return fmt::format("it calls {}, a function of the C library, whose bits are every machine's own",
                           line.substr(from, line.rfind('\'') - from));
    }
    return line;
}

/// The first line that names an error.
std::string first_error_of(const fs::path& log) {
    std::ifstream file(log);
    std::string first;
    for (std::string line; std::getline(file, line);) {
        if (first.empty() && !line.empty()) first = line;
        for (const char* word : {"error:", "error :", "undefined reference"})
            if (line.find(word) != std::string::npos) return in_words(line);
    }
    return first.empty() ? "it says nothing" : first;
}

pid_t start(const std::vector<std::string>& words, const fs::path& log, const fs::path& temporary) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    posix_spawnattr_t attributes;  // a process group of its own, which can be ended as a whole
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);

    std::vector<char*> arguments, environment;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const std::string folder = "TMPDIR=" + temporary.string(), language = "LC_ALL=C";
    for (char** entry = environ; *entry; ++entry)
        if (std::string_view(*entry).substr(0, 7) != "TMPDIR=" &&
            std::string_view(*entry).substr(0, 7) != "LC_ALL=")
            environment.push_back(*entry);
    environment.push_back(const_cast<char*>(folder.c_str()));
    environment.push_back(const_cast<char*>(language.c_str()));
    environment.push_back(nullptr);

    pid_t child = -1;
    const int failure =
        posix_spawn(&child, words[0].c_str(), &actions, &attributes, arguments.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failure) throw InputError(fmt::format("the compiler {} cannot be started", words[0]));
    return child;
}

/// Its exit status; ends it where a stop is requested.
int wait_for(pid_t child, StopToken stop) {
    using namespace std::chrono_literals;
    for (int status = 0;;) {
        const pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child) return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        if (ended < 0 && errno != EINTR) return 0;  // SIGCHLD is ignored: whether there is an object tells
        if (stop.stop_requested()) {
            kill(-child, SIGKILL);
            waitpid(child, &status, 0);
            throw Interrupted();
        }
        std::this_thread::sleep_for(2ms);
    }
}

}  // namespace

bool is_device(const std::string& target) {
    return target.starts_with("sm_") || target.starts_with("compute_");
}

std::string Compiler::identity() const {
    std::error_code error;
    const auto real = fs::canonical(program, error);
    const auto size = fs::file_size(real, error);
    const auto changed = fs::last_write_time(real, error).time_since_epoch().count();
    return fmt::format("{} {} {}", real.string(), size, changed);
}

std::string Compiler::version() const {
    const auto command = fmt::format("'{}' --version 2>/dev/null", program.string());
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::array<char, 4096> text{};
    const auto size = pipe ? std::fread(text.data(), 1, text.size() - 1, pipe.get()) : 0;
    const std::string said(text.data(), size);
    if (!nvcc) return said.substr(0, said.find('\n'));
    const auto at = said.find("release");
    return at == std::string::npos ? "" : "nvcc " + said.substr(at, said.find('\n', at) - at);
}

std::vector<std::string> Compiler::flags(const std::string& target) const {
    return nvcc ? device_flags(target) : host_flags(target, is_gnu(version()));
}

std::string flags_of_bits(const std::string& target) {
    auto flags = is_device(target) ? device_flags(target) : kernel_flags;
    append(flags, kernel_flags_of, target);
    append(flags, libraries(target));
    return fmt::format("{}", fmt::join(flags, " "));
}

std::optional<Compiler> host_compiler() { return find("NOISETRAP_CXX", {"g++", "c++", "clang++"}, false); }

std::optional<Compiler> device_compiler() {
    return find("NOISETRAP_NVCC", {"nvcc", "/usr/local/cuda/bin/nvcc"}, true);
}

Compiler compiler_for(const std::string& target) {
    const bool device = is_device(target);
    if (const auto compiler = device ? device_compiler() : host_compiler()) return *compiler;
    if (device)
        throw InputError(
            "this run needs a GPU kernel that is not there yet, and there is no nvcc to compile it: install "
            "the "
            "CUDA toolkit, name its compiler in NOISETRAP_NVCC, or run with run.backend = 'omp'");
    throw InputError(
        "this run needs a kernel that is not there yet, and there is no C++ compiler to compile it: install "
        "g++ "
        "(Debian: apt-get install g++) or name a compiler in NOISETRAP_CXX; what `noisetrap kernels list` "
        "shows runs "
        "without one");
}

Compiled compile(const Compiler& compiler, const std::string& target, const std::string& key,
                 const std::vector<fs::path>& include, const fs::path& unit, const fs::path& object,
                 const fs::path& log, StopToken stop) {
    std::vector<std::string> words = {compiler.program.string()};
    for (auto& flag : compiler.flags(target)) words.push_back(std::move(flag));
    words.push_back(fmt::format("-DNOISETRAP_KERNEL_KEY=\"{}\"", key));
    for (const auto& folder : include) words.push_back("-I" + folder.string());
    words.insert(words.end(), {unit.string(), "-o", object.string()});
    for (auto& library : libraries(target)) words.push_back(std::move(library));
    const int status = wait_for(start(words, log, object.parent_path()), stop);
    if (status == 0 && fs::exists(object)) return {.ok = true};
    const auto said = text_of(log);
    const bool disk_full =
        said.find("No space left") != said.npos || said.find("quota exceeded") != said.npos;
    return {false, first_error_of(log), disk_full};
}

}  // namespace noisetrap
