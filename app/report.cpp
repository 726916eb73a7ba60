#include "app/report.hpp"

#include <fmt/core.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "app/interrupt.hpp"
#include "engine/error.hpp"
#include "engine/runs/run.hpp"

extern char** environ;

namespace noisetrap {

static std::filesystem::path program_folder() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

/// The Python module beside the sources, or where it was installed.
static std::filesystem::path python_folder() {
    const auto installed = program_folder().parent_path() / NOISETRAP_PYTHON_INSTALLED;
    return std::filesystem::exists(installed) ? installed : std::filesystem::path(NOISETRAP_PYTHON_SOURCE);
}

/// What Python says of the folder, by its exit status: 0, or 2 after a sentence of the report's own.
static int report_on(const std::filesystem::path& folder) {
    const char* chosen = std::getenv("NOISETRAP_PYTHON");
    const std::string python = chosen ? chosen : "/usr/bin/python3";
    const char* others = std::getenv("PYTHONPATH");
    setenv("PYTHONPATH",
           fmt::format("{}{}{}", python_folder().string(), others ? ":" : "", others ? others : "").c_str(),
           1);
    setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
    const std::string argument = folder.string();
    const char* arguments[] = {python.c_str(), "-m", "noisetrap_report", argument.c_str(), nullptr};
    pid_t child = 0;
    int status = 1;
    const int failed =
        posix_spawnp(&child, python.c_str(), nullptr, nullptr, const_cast<char**>(arguments), environ);
    while (failed == 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        if (interrupt.stop_requested()) kill(child, SIGTERM);
    interrupt.token().check();
    if (failed != 0)
        throw InputError(
            fmt::format("the figures could not be drawn: {}: {}; NOISETRAP_PYTHON names another Python",
                        python, std::strerror(failed)));
    constexpr int wrong_results = 2;
    if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == wrong_results))
        return WEXITSTATUS(status);
    throw InputError(
        fmt::format("the figures could not be drawn: {} needs matplotlib and Jinja2 (Debian: "
                    "python3-matplotlib python3-jinja2); NOISETRAP_PYTHON names another Python",
                    python));
}

void draw_report(const std::filesystem::path& folder) {
    if (report_on(folder) != 0)
        throw InputError("the report could not be drawn from the results of this very run");
}

bool redraw_report(const std::filesystem::path& folder) { return report_on(folder) == 0; }

}  // namespace noisetrap
