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

#include "app/commands.hpp"
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
    std::fputs(fmt::format("noisetrap: {}\n", sentence).c_str(), stderr);
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

/// Two commands that are often wanted, at the end of the help.
void add_examples(CLI::App* command, const char* first, const char* second) {
    command->footer(fmt::format("Examples:\n  noisetrap {}\n  noisetrap {}", first, second));
}

std::string minus_alone(const std::string& text) {
    if (text == "-") return "";
    return fmt::format("takes only - (standard output); use --json - > {}", text);
}

/// What commands that read a configuration share; returns --out, which gets its own help.
CLI::Option* add_common(CLI::App& command, std::vector<std::string>& settings, const char* example,
                        std::string& out, const char* out_help, std::string& json, const char* json_help) {
    command.add_option("--set", settings, fmt::format("override a key, for example --set {}", example))
        ->take_all()
        ->expected(1);
    command.add_option("--json", json, json_help)->check(minus_alone);
    return command.add_option("--out", out, out_help);
}

void require_name(const CLI::Option* out, const std::string& folder) {
    if (out->count() > 0 && folder.empty()) throw noisetrap::InputError("--out is empty: name a folder");
}

/// --checkpoint and --time-limit.
void add_checkpoint(CLI::App& command, noisetrap::CheckpointOptions& options) {
    // CLI::Range takes "nan" for a number of every range.
    const CLI::Validator minutes(
        [](std::string& text) {
            char* end = nullptr;
            const double value = std::strtod(text.c_str(), &end);
            const bool good = end != text.c_str() && *end == 0 && value >= 0 && value <= 1e6;
            return good ? std::string() : fmt::format("{} is not a number of minutes from 0 to 1e6", text);
        },
        "");
    command
        .add_option("--checkpoint", options.minutes,
                    "keep how far the run has come, every so many minutes, in a file beside --out; the same "
                    "command then goes on from there")
        ->type_name("MINUTES")
        ->check(minutes);
    command
        .add_option("--time-limit", options.time_limit,
                    "stop within so many minutes, and keep how far the run has come (exit status 4)")
        ->type_name("MINUTES")
        ->check(minutes);
}

void require_out(const noisetrap::CheckpointOptions& options, const std::string& out) {
    if (options.wanted() && out.empty())
        throw noisetrap::InputError(
            "--checkpoint and --time-limit keep their file beside the results: they need --out");
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
        complain(2, "there is not enough memory for this run; make run.chunk or observe.times smaller");
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
    app.require_subcommand(1);
    int status = 0;

    SimulateOptions options;
    auto* simulate_command =
        app.add_subcommand("simulate", "run an ensemble of paths described by a TOML file");
    simulate_command->add_option("FILE", options.file, "configuration; noisetrap defaults NAME prints one")
        ->required();
    auto* out_option = add_common(*simulate_command, options.settings, "model.sigma=1.2", options.out,
                                  "folder for the page, config.toml, summary.json and data.h5", options.json,
                                  "- prints the summary as JSON, alone, on standard output");
    simulate_command->add_flag("--fresh", options.fresh, "replace results that are in the folder already");
    simulate_command->add_flag("!--no-page", options.page,
                               "leave out index.html, which takes a second or two");
    add_examples(simulate_command, "simulate saddle.toml --set model.sigma=1.2 --out first",
                 "simulate saddle.toml --set integrator.t_end=100 --json -");
    add_checkpoint(*simulate_command, options.checkpoint);
    simulate_command->callback([&, out_option] {
        require_name(out_option, options.out);
        require_out(options.checkpoint, options.out);
        status = simulate(options);
    });

    CompareOptions comparison;
    auto* compare_command =
        app.add_subcommand("compare", "several optimisers on one loss, at the same cost in gradients");
    compare_command
        ->add_option("FILE", comparison.file, "the loss, the budget and the optimisers (docs/compare.md)")
        ->required();
    auto* compare_out =
        add_common(*compare_command, comparison.settings, "compare.budget=5000", comparison.out,
                   "folder for the page, compare.json, data.h5 and config.toml", comparison.json,
                   "- prints compare.json, alone, on standard output");
    compare_command->add_flag("--fresh", comparison.fresh, "replace results that are in the folder already");
    add_examples(compare_command, "compare docs/compare.toml --out comparison",
                 "compare docs/compare.toml --set compare.budget=5000 --out comparison --fresh");
    add_checkpoint(*compare_command, comparison.checkpoint);
    compare_command->callback([&, compare_out] {
        require_name(compare_out, comparison.out);
        require_out(comparison.checkpoint, comparison.out);
        status = compare(comparison);
    });

    SweepOptions sweep_options;
    auto* sweep_command = app.add_subcommand(
        "sweep",
        "a grid of parameters: phase diagrams, and where a boundary lies; resumed where it was cut off");
    sweep_command->add_option("FILE", sweep_options.file,
                              "the model, the axes and what is asked (docs/sweep.md)");
    sweep_command->add_option("--preset", sweep_options.preset, "a ready-made diagram instead of a FILE");
    sweep_command->add_flag("--presets", sweep_options.list, "list the ready-made diagrams");
    sweep_command->add_flag("--print", sweep_options.print, "print the preset's FILE, to be changed");
    sweep_command->add_flag("--fresh", sweep_options.fresh, "start over instead of going on");
    auto* sweep_out = add_common(
        *sweep_command, sweep_options.settings, "ensemble.paths=4000", sweep_options.out,
        "folder for the page, sweep.json, data.h5 and config.toml (default: the name of the preset, "
        "or that of FILE with -sweep)",
        sweep_options.json, "- prints sweep.json, alone, on standard output");
    add_examples(sweep_command, "sweep docs/sweep.toml --out window", "sweep --preset a-sigma --print");
    sweep_command->callback([&, sweep_out] {
        require_name(sweep_out, sweep_options.out);
        status = sweep(sweep_options);
    });

    std::string out = "report";
    auto* reproduce_command = app.add_subcommand("reproduce", "run the analysis and write the report");
    reproduce_command->add_option("--out", out, "folder for the report (default: report)");
    add_examples(reproduce_command, "reproduce", "reproduce --out my-report");
    reproduce_command->callback([&] { status = reproduce(out); });

    ValidateOptions validation;
    auto* validate_command = app.add_subcommand(
        "validate", "check every claim of the theory, each at a stated error level and power");
    validate_command->add_option("--only", validation.only,
                                 "groups of claims whose name or subject contains this");
    validate_command->add_flag("--quick", validation.quick, "a thirty-second of the paths: under a minute");
    validate_command->add_option("--paths", validation.paths_factor,
                                 "multiply all numbers of paths by this, 1/32 to 16");
    validate_command->add_option("--seed", validation.seed, "another seed, other noise (default 1)")
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 36));
    validate_command->add_flag("--self-test", validation.self_test,
                               "move each exact answer by what its claim notices: every claim must fail");
    validate_command
        ->add_option("--coverage", validation.coverage,
                     "instead of the claims: how often the intervals that the program prints hold the exact "
                     "answer, over N runs of each kind (try 200; 2000 for a figure)")
        ->type_name("N");
    validate_command->add_option("--out", validation.out,
                                 "folder for validation.json and the page (default: "
                                 "validation-report)");
    add_examples(validate_command, "validate --quick", "validate --coverage 2000 --out coverage");
    validate_command->callback([&] { status = validate(validation); });

    TheoryOptions theory_options;
    auto* theory_command = app.add_subcommand("theory", "what theory knows of a model, without running it");
    theory_command->add_option("NAME", theory_options.model, "a model, or a TOML file as for simulate")
        ->required();
    theory_command
        ->add_option("--set", theory_options.settings, "as for simulate, for example --set model.a=0.1")
        ->take_all()
        ->expected(1);
    theory_command->add_option("--json", theory_options.json, "- prints JSON")->check(minus_alone);
    add_examples(theory_command, "theory linear-sde --set model.a=0.1", "theory pitchfork.toml --json -");
    theory_command->callback([&] { status = theory(theory_options); });

    MeasureOptions measure_options;
    auto* measure_command = app.add_subcommand(
        "measure", "measure the noise of a network at a saddle, and predict whether it traps");
    measure_command
        ->add_option("FILE", measure_options.file, "a TOML file: data, network, point (docs/networks.md)")
        ->required();
    measure_command
        ->add_option("--set", measure_options.settings, "override a key, for example --set network.bias=true")
        ->take_all()
        ->expected(1);
    measure_command->add_option("--json", measure_options.json, "- prints JSON")->check(minus_alone);
    add_examples(measure_command, "measure gate.toml", "measure gate.toml --set data.inputs=[22] --json -");
    measure_command->callback([&] { status = measure(measure_options); });

    LandscapeOptions landscape_options;
    auto* landscape_command = app.add_subcommand(
        "landscape", "find the critical points of a loss of many parameters, and say what each is");
    landscape_command
        ->add_option("FILE", landscape_options.file, "the landscape and the search (docs/landscapes.md)")
        ->required();
    auto* landscape_out =
        add_common(*landscape_command, landscape_options.settings, "search.starts=1000",
                   landscape_options.out, "folder for the page, landscape.json, data.h5 and config.toml",
                   landscape_options.json, "- prints landscape.json, alone, on standard output");
    landscape_command->add_flag("--fresh", landscape_options.fresh,
                                "replace results that are in the folder already");
    add_examples(landscape_command, "landscape docs/landscape.toml --out saddles",
                 "landscape docs/landscape.toml --set search.method=newton");
    landscape_command->callback([&, landscape_out] {
        require_name(landscape_out, landscape_options.out);
        status = landscape(landscape_options);
    });

    LandscapeOptions spectrum_options;
    auto* spectrum_command = app.add_subcommand(
        "spectrum", "the eigenvalues of a loss's Hessian at one point, without making the Hessian");
    spectrum_command
        ->add_option("FILE", spectrum_options.file, "the landscape and the point (docs/landscapes.md)")
        ->required();
    auto* spectrum_out =
        add_common(*spectrum_command, spectrum_options.settings, "spectrum.probes=20", spectrum_options.out,
                   "folder for the page, spectrum.json, data.h5 and config.toml", spectrum_options.json,
                   "- prints spectrum.json, alone, on standard output");
    spectrum_command->add_flag("--fresh", spectrum_options.fresh,
                               "replace results that are in the folder already");
    add_examples(spectrum_command, "spectrum docs/landscape.toml --out spectrum",
                 "spectrum docs/landscape.toml --set spectrum.at={3,4,5}");
    spectrum_command->callback([&, spectrum_out] {
        require_name(spectrum_out, spectrum_options.out);
        status = spectrum(spectrum_options);
    });

    auto* list_command = app.add_subcommand("list", "the models, and what steps them");
    add_examples(list_command, "list", "list schemes");
    std::string listed;
    list_command
        ->add_option(
            "WHAT", listed,
            "schemes: their calculus, orders, noises and costs; landscapes: losses for `landscape` and "
            "`spectrum`")
        ->check(CLI::IsMember({"schemes", "landscapes"}));
    list_command->callback([&] {
        status = listed.empty() ? list() : listed == "schemes" ? list_schemes() : list_landscapes();
    });
    std::string name;
    auto* show_command =
        app.add_subcommand("show", "the equation and parameters of a model, or of a landscape");
    show_command->add_option("NAME", name)->required();
    add_examples(show_command, "show linear-sde", "show noisy-saddle");
    show_command->callback([&] { status = show(name); });
    auto* defaults_command = app.add_subcommand("defaults", "a commented configuration that runs as it is");
    defaults_command->add_option("NAME", name)->required();
    std::string defaults_file;
    defaults_command->add_option("-o", defaults_file, "write them to this new file")->option_text("FILE");
    add_examples(defaults_command, "defaults linear-sde -o saddle.toml", "defaults noisy-saddle > ns.toml");
    defaults_command->callback([&] { status = defaults(name, defaults_file); });
    KernelOptions kernel_options;
    auto* kernels_command = app.add_subcommand("kernels", "compiled kernels: list, clean, build");
    kernels_command->require_subcommand(1);
    kernels_command->add_subcommand("list", "the kernels in the pack and in the cache")->callback([&] {
        status = list_kernels();
    });
    kernels_command->add_subcommand("clean", "empty the cache")->callback([&] { status = clean_kernels(); });
    auto* build_command = kernels_command->add_subcommand(
        "build", "compile kernels in advance, for a machine without a compiler");
    build_command->add_option("FILE", kernel_options.file, "a TOML file: the kernel of this run alone");
    build_command->add_option("--set", kernel_options.settings,
                              "change a key of the file: --set run.precision=double");
    build_command->add_flag("--core", kernel_options.core, "those that are built in (the default)");
    build_command->add_flag("--all", kernel_options.all,
                            "every model under every method, in every precision");
    build_command->add_option(
        "--isa", kernel_options.targets,
        "portable, x86-64-v3, x86-64-v4, or a GPU's architecture such as sm_90; this machine's "
        "unless given");
    build_command->add_option(
        "--out", kernel_options.out,
        "a folder instead of the cache; named kernels and beside the program it is a pack");
    add_examples(kernels_command, "kernels list", "kernels build --all");
    add_examples(build_command, "kernels build --all", "kernels build --core --isa sm_90 --out kernels");
    build_command->callback([&] { status = build_kernels(kernel_options); });
    auto* info_command = app.add_subcommand("info", "version, backends, devices, instruction set, threads");
    add_examples(info_command, "info", "info | grep backend");
    info_command->callback([&] { status = info(); });

    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const int ended = crew().finish(run_command(app, arguments, status), interrupt.token());
    if (ended == 3) {
        // A kernel may still run on the GPU that failed, and read what an orderly end would take apart.
        std::fflush(nullptr);
        std::_Exit(ended);
    }
    return ended;
}
