// noisetrap: how noise traps gradient descent at saddle points.
#include <fmt/core.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <system_error>

#include "app/colour.hpp"
#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/completion.hpp"
#include "app/interrupt.hpp"
#include "app/launch.hpp"
#include "app/output_json.hpp"
#include "app/usage.hpp"
#include "engine/device_error.hpp"
#include "engine/error.hpp"
#include "engine/runs/run.hpp"
#include "engine/version.hpp"

namespace {

void request_stop(int) { noisetrap::interrupt.request_stop(); }

/// The first Ctrl-C asks for an orderly stop, the second one ends the program as usual.
void install_signal_handlers() {
    struct sigaction action = {};
    action.sa_handler = request_stop;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGHUP, &action, nullptr);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);  // whoever started this may have ignored it
}

/// One sentence, as far as standard error takes it.
void say(const std::string& sentence) {
    std::fputs(fmt::format("{} {}\n", noisetrap::shown(stderr, noisetrap::Look::bad, "noisetrap:"), sentence)
                   .c_str(),
               stderr);
}

/// For the user, or on another rank for rank 0, which tells the user.
void complain(int status, const std::string& sentence) {
    if (noisetrap::crew().leads())
        say(sentence);
    else
        noisetrap::crew().fail(status, sentence);
}

/// False on a rank that has no part in this command.
bool takes_part(const std::vector<std::string>& arguments) {
    constexpr const char* shared[] = {"simulate", "compare", "sweep", "validate"};
    if (noisetrap::crew().leads()) return true;
    return !arguments.empty() &&
           std::find(std::begin(shared), std::end(shared), arguments.front()) != std::end(shared);
}

void flush_standard_output() {
    errno = 0;
    if (std::fflush(stdout) != 0 || std::ferror(stdout)) noisetrap::refuse_standard_output();
}

/// Their order is reversed, as CLI11 takes them; "help COMMAND" is "COMMAND --help".
std::vector<std::string> reversed(std::vector<std::string> arguments) {
    if (!arguments.empty() && arguments.front() == "help") {
        arguments.erase(arguments.begin());
        arguments.resize(std::min<std::size_t>(arguments.size(), 1));
        arguments.push_back("--help");
    }
    std::reverse(arguments.begin(), arguments.end());
    return arguments;
}

void require_command(const CLI::App& app, const std::vector<std::string>& arguments) {
    const auto at = !arguments.empty() && arguments.front() == "help" ? 1u : 0u;
    if (arguments.size() <= at || arguments[at].starts_with("-")) return;
    if (!noisetrap::is_command(app, arguments[at]))
        throw noisetrap::InputError(noisetrap::not_a_command(app, arguments[at]));
}

/// Runs what the arguments ask for, which sets `status`, and returns the exit status.
int run_command(CLI::App& app, const std::vector<std::string>& arguments, const int& status) {
    using namespace noisetrap;
    if (!takes_part(arguments)) return 0;
    const auto failed = [](int with, const std::exception& e) {
        complain(with, e.what());
        return with;
    };
    try {
        if (!arguments.empty() && arguments.front() == completion_word) {
            print_alone(candidates_text(app, {arguments.begin() + 1, arguments.end()}));
            return 0;
        }
        require_command(app, arguments);
        app.parse(reversed(arguments));
        flush_standard_output();
        return status;
    } catch (const CLI::Success& e) {  // --help, --version
        return crew().leads() ? app.exit(e) : 0;
    } catch (const CLI::ExtrasError&) {
        complain(2, not_expected(app, arguments));
    } catch (const CLI::ParseError& e) {
        complain(2, fmt::format("{} (noisetrap --help shows how)", e.what()));
    } catch (const TimeIsUp& e) {
        return failed(4, e);
    } catch (const Interrupted& e) {
        return failed(130, e);
    } catch (const DeviceError& e) {
        return failed(3, e);
    } catch (const std::system_error& e) {
        constexpr int ended_by_sigpipe = 128 + SIGPIPE;
        if (e.code() == std::errc::broken_pipe) return ended_by_sigpipe;
        return failed(2, e);
    } catch (const std::bad_alloc&) {
        complain(2,
                 "there is not enough memory for what the file asks for; make it smaller: run.chunk, "
                 "observe.times, or the "
                 "numbers of a network or a landscape");
    } catch (const std::exception& e) {
        return failed(2, e);
    }
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace noisetrap;
    install_signal_handlers();
    try {
        join_ranks();
    } catch (const std::exception& e) {
        if (launched_first()) say(e.what());
        return 2;
    }
    if (crew().leads()) show_engine_events();

    CLI::App app("noisetrap: how noise traps gradient descent at saddle points");
    app.set_version_flag("-v,--version", fmt::format("noisetrap {} ({})", version(), revision()));
    int status = 0;
    add_commands(app, status);
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const int ended = crew().finish(run_command(app, arguments, status), interrupt.token());
    if (ended == 3) {
        // A kernel may still run on the GPU that failed, and read what an orderly end would take apart.
        std::fflush(nullptr);
        std::_Exit(ended);
    }
    return ended;
}
