#include <fmt/core.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cmath>
#include <filesystem>

#include "app/commands.hpp"
#include "app/output_folder.hpp"
#include "app/output_json.hpp"
#include "app/progress.hpp"
#include "engine/error.hpp"
#include "engine/version.hpp"
#include "validation/experiment.hpp"

extern char** environ;

namespace noisetrap {
namespace {

void print_claim(const Claim& c, std::string& section) {
    if (c.section != section) fmt::print("\n{}\n", section = c.section);
    const auto discretisation =
        std::isnan(c.discretisation) ? std::string() : fmt::format("{:+.1e}", c.discretisation);
    fmt::print("  {:<62} {:<52} {:>12.6g} ± {:<8.1e} {:>9} {:>12.6g} {:>6.2f}\n", c.statement, c.parameters,
               c.estimate.value, c.estimate.standard_error, discretisation, c.theory, c.z());
}

Json claim_json(const Claim& c) {
    return {{"section", c.section},
            {"claim", c.statement},
            {"parameters", c.parameters},
            {"estimate", finite(c.estimate.value)},
            {"standard_error", finite(c.estimate.standard_error)},
            {"discretisation", finite(c.discretisation)},
            {"theory", finite(c.theory)},
            {"z", finite(c.z())}};
}

/// The Python module beside the sources, or where it was installed.
std::filesystem::path python_folder() {
    const auto installed = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() /
                           NOISETRAP_PYTHON_INSTALLED;
    return std::filesystem::exists(installed) ? installed : std::filesystem::path(NOISETRAP_PYTHON_SOURCE);
}

/// Debian's python3 has Debian's matplotlib; NOISETRAP_PYTHON names another one.
void draw_report(const std::filesystem::path& folder) {
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
        posix_spawn(&child, python.c_str(), nullptr, nullptr, const_cast<char**>(arguments), environ);
    while (failed == 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        if (stop_requested) kill(child, SIGTERM);
    if (stop_requested) throw Interrupted();
    if (failed != 0 || status != 0)
        throw InputError(
            fmt::format("the figures could not be drawn: {} needs matplotlib (Debian: python3-matplotlib); "
                        "NOISETRAP_PYTHON names another Python",
                        python));
}

}  // namespace

int reproduce(const std::string& out) {
    OutputFolder folder(out);
    Laboratory laboratory(RunSettings{}, terminal_progress("reproduce"));
    Json json = {{"noisetrap", version()}, {"revision", revision()}}, claims = Json::array(),
         figures = Json::object();
    fmt::print("{:<64} {:<52} {:>12}   {:<8} {:>9} {:>12} {:>6}\n", "claim", "parameters", "estimate", "s.e.",
               "dt effect", "theory", "z");
    std::string section;
    double largest = 0;
    for (const auto experiment : experiments) {
        const auto result = experiment(laboratory);
        end_progress();
        for (const auto& claim : result.claims) {
            print_claim(claim, section);
            claims.push_back(claim_json(claim));
            largest = std::max(largest, std::abs(claim.z()));
        }
        if (!result.figure.empty()) figures[result.figure] = result.data;
        std::fflush(stdout);
    }
    const auto& facts = laboratory.facts();
    json.update({{"device", facts.device},
                 {"backend", facts.backend},
                 {"threads", facts.threads},
                 {"precision", "mixed"},
                 {"wall_seconds", facts.wall_seconds},
                 {"path_steps", facts.path_steps}});
    json["claims"] = claims;
    json["figures"] = figures;
    folder.write("reproduce.json", json.dump() + "\n");
    draw_report(folder.path());
    folder.commit();
    fmt::print("\n{} claims, largest |z| = {:.2f}; {:.3g} path-steps in {:.3g} s\nreport: {}/index.html\n",
               claims.size(), largest, static_cast<double>(facts.path_steps), facts.wall_seconds, out);
    return 0;
}

}  // namespace noisetrap
