#include "app/command_line.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <memory>

#include "app/commands.hpp"
#include "app/completion.hpp"
#include "app/file_keys.hpp"
#include "app/man_page.hpp"
#include "app/output_json.hpp"
#include "engine/error.hpp"

namespace noisetrap {
namespace {

using CLI::App;
using std::make_shared;

/// Two commands that are often wanted, at the end of the help.
void add_examples(CLI::App* command, const char* first, const char* second) {
    command->footer(fmt::format("Examples:\n  noisetrap {}\n  noisetrap {}", first, second));
}

std::string minus_alone(const std::string& text) {
    if (text == "-") return "";
    return fmt::format("takes only - (standard output); use --json - > {}", text);
}

/// What commands that read a configuration share; returns --out, which gets its own help.
void add_settings(CLI::App& command, std::vector<std::string>& settings, const std::string& help) {
    command.add_option("--set", settings, help)->type_name("KEY=VALUE")->take_all()->expected(1);
}
void add_json(CLI::App& command, std::string& json, const std::string& help) {
    command.add_option("--json", json, help)->type_name("-")->check(minus_alone);
}
CLI::Option* add_common(CLI::App& command, std::vector<std::string>& settings, const char* example,
                        std::string& out, const std::string& out_help, std::string& json,
                        const std::string& json_help) {
    add_settings(command, settings, fmt::format("override a key, for example --set {}", example));
    add_json(command, json, json_help);
    return command.add_option("--out", out, out_help)->type_name("FOLDER");
}

/// To be told what the command would cost. It has nothing to say as JSON.
void add_dry_run(App& command, bool& dry_run) {
    command
        .add_flag("--dry-run", dry_run,
                  "tell path-steps, time, memory and kernels to compile, and run and write nothing")
        ->excludes("--json");
}

/// FILE, or --preset; what the presets are, as the end of a sentence.
void add_file(CLI::App& command, FileOptions& options, const char* file_help, const std::string& presets) {
    command.add_option("FILE", options.file, file_help);
    command.add_option("--preset", options.preset, "a ready-made " + presets + " instead of a FILE")
        ->type_name("PRESET");
    command.add_flag("--presets", options.list, "list the ready-made " + presets + "s");
    command.add_flag("--print", options.print, "print the preset's FILE, to be changed");
}

void require_name(const CLI::Option* out, const std::string& folder) {
    if (out->count() > 0 && folder.empty()) throw InputError("--out is empty: name a folder");
}

/// --checkpoint and --time-limit.
void add_checkpoint(CLI::App& command, CheckpointOptions& options) {
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

void require_out(const CheckpointOptions& options, const std::string& out) {
    if (options.wanted() && out.empty())
        throw InputError("--checkpoint and --time-limit keep their file beside the results: they need --out");
}

void add_simulate(App& app, int& status) {
    auto* command = app.add_subcommand("simulate", "run an ensemble of paths described by a TOML file");
    auto options = make_shared<SimulateOptions>();
    command->add_option("FILE", options->file, "configuration; noisetrap defaults NAME prints one")
        ->required();
    auto* out = add_common(*command, options->settings, "model.sigma=1.2", options->out,
                           "folder for the page, config.toml, summary.json and data.h5", options->json,
                           "- prints the summary as JSON, alone, on standard output");
    command->add_flag("--fresh", options->fresh, "replace results that are in the folder already");
    command->add_flag_callback(
        "--no-page", [options] { options->page = false; },
        "leave out index.html, which takes a second or two");
    add_dry_run(*command, options->dry_run);
    add_checkpoint(*command, options->checkpoint);
    add_examples(command, "simulate saddle.toml --set model.sigma=1.2 --out first",
                 "simulate saddle.toml --set ensemble.paths=1e9 --dry-run");
    command->callback([&status, options, out] {
        require_name(out, options->out);
        require_out(options->checkpoint, options->out);
        status = simulate(*options);
    });
}

void add_compare(App& app, int& status) {
    auto* command =
        app.add_subcommand("compare", "several optimisers on one loss, at the same cost in gradients");
    auto options = make_shared<CompareOptions>();
    command->add_option("FILE", options->file, "the loss, the budget and the optimisers (docs/compare.md)")
        ->required();
    auto* out = add_common(*command, options->settings, "compare.budget=5000", options->out,
                           "folder for the page, compare.json, data.h5 and config.toml", options->json,
                           "- prints compare.json, alone, on standard output");
    command->add_flag("--fresh", options->fresh, "replace results that are in the folder already");
    add_dry_run(*command, options->dry_run);
    add_checkpoint(*command, options->checkpoint);
    add_examples(command, "compare docs/compare.toml --out comparison",
                 "compare docs/compare.toml --set compare.budget=5000 --out comparison --fresh");
    command->callback([&status, options, out] {
        require_name(out, options->out);
        require_out(options->checkpoint, options->out);
        status = compare(*options);
    });
}

void add_sweep(App& app, int& status) {
    auto* command = app.add_subcommand(
        "sweep",
        "a grid of parameters: phase diagrams, and where a boundary lies; resumed where it was cut off");
    auto options = make_shared<SweepOptions>();
    add_file(*command, *options, "the model, the axes and what is asked (docs/sweep.md)", "diagram");
    command->add_flag("--fresh", options->fresh, "start over instead of going on");
    auto* out = add_common(
        *command, options->settings, "ensemble.paths=4000", options->out,
        "folder for the page, sweep.json, data.h5 and config.toml (default: the name of the preset, "
        "or that of FILE with -sweep)",
        options->json, "- prints sweep.json, alone, on standard output");
    add_dry_run(*command, options->dry_run);
    add_examples(command, "sweep docs/sweep.toml --out window", "sweep --preset a-sigma --dry-run");
    command->callback([&status, options, out] {
        require_name(out, options->out);
        status = sweep(*options);
    });
}

void add_reproduce(App& app, int& status) {
    auto* command = app.add_subcommand("reproduce", "run the analysis and write the report");
    auto options = make_shared<ReproduceOptions>();
    command->add_option("--only", options->only, "the parts whose name contains this; a wrong one lists all")
        ->type_name("TEXT");
    command->add_option("--paths", options->paths_factor, "multiply all numbers of paths by this, 1/32 to 64")
        ->type_name("FACTOR");
    auto* out = command->add_option("--out", options->out, "folder for the report (default: report)")
                    ->type_name("FOLDER");
    add_examples(command, "reproduce", "reproduce --only momentum --paths 10 --out momentum");
    command->callback([&status, options, out] {
        require_name(out, options->out);
        status = reproduce(*options);
    });
}

void add_validate(App& app, int& status) {
    auto* command = app.add_subcommand(
        "validate", "check every claim of the theory, each at a stated error level and power");
    auto options = make_shared<ValidateOptions>();
    command->add_option("--only", options->only, "groups of claims whose name or subject contains this");
    command->add_flag("--quick", options->quick, "a thirty-second of the paths: under a minute");
    command->add_option("--paths", options->paths_factor,
                        "multiply all numbers of paths by this, 1/32 to 16");
    command->add_option("--seed", options->seed, "another seed, other noise (default 1)")
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 36));
    command->add_flag("--self-test", options->self_test,
                      "move each exact answer by what its claim notices: every claim must fail");
    command
        ->add_option("--coverage", options->coverage,
                     "instead of the claims: how often the intervals that the program prints hold the exact "
                     "answer, over N runs of each kind (try 200; 2000 for a figure)")
        ->type_name("N");
    command
        ->add_option("--out", options->out,
                     "folder for validation.json and the page (default: validation-report)")
        ->type_name("FOLDER");
    add_examples(command, "validate --quick", "validate --coverage 2000 --out coverage");
    command->callback([&status, options] { status = validate(*options); });
}

void add_theory(App& app, int& status) {
    auto* command = app.add_subcommand("theory", "what theory knows of a model, without running it");
    auto options = make_shared<TheoryOptions>();
    command->add_option("NAME", options->model, "a model, or a TOML file as for simulate")->required();
    add_settings(*command, options->settings, "as for simulate, for example --set model.a=0.1");
    add_json(*command, options->json, "- prints JSON");
    add_examples(command, "theory linear-sde --set model.a=0.1", "theory pitchfork.toml --json -");
    command->callback([&status, options] { status = theory(*options); });
}

/// What reads a network at a point and writes nothing.
void add_of_network(App& app, int& status, const char* name, const char* meaning, const char* file,
                    int (*run)(const MeasureOptions&)) {
    auto* command = app.add_subcommand(name, meaning);
    auto options = make_shared<MeasureOptions>();
    add_file(*command, *options, file, "experiment");
    add_settings(*command, options->settings, "override a key, for example --set network.bias=true");
    add_json(*command, options->json, "- prints JSON");
    add_examples(command, fmt::format("{} gate.toml", name).c_str(),
                 fmt::format("{} gate.toml --set data.inputs=[22] --json -", name).c_str());
    command->callback([&status, options, run] { status = run(*options); });
}

void add_measure(App& app, int& status) {
    add_of_network(app, status, "measure",
                   "measure the noise of a network at a saddle, and predict whether it traps",
                   "a TOML file: data, network, point (docs/networks.md)", measure);
}

void add_advise(App& app, int& status) {
    add_of_network(
        app, status, "advise",
        "which optimiser leaves a saddle of a network or a landscape most cheaply, and why",
        "a TOML file: data, network, point (docs/networks.md), or a landscape (docs/landscapes.md)", advise);
}

void add_escape(App& app, int& status) {
    auto* command = app.add_subcommand(
        "escape", "run a network from near a saddle, and see whether it leaves, beside what is predicted");
    auto options = make_shared<EscapeOptions>();
    add_file(*command, *options, "a TOML file: data, network, point, escape (docs/networks.md)",
             "experiment");
    auto* out = add_common(*command, options->settings, "escape.paths=1e6", options->out,
                           "folder for the page, escape.json, data.h5 and config.toml", options->json,
                           "- prints escape.json, alone, on standard output");
    command->add_flag("--fresh", options->fresh, "replace results that are in the folder already");
    add_examples(command, "escape --preset gate-odds --out odds",
                 "escape gate.toml --set escape.learning_rates=[0.3] --out left");
    command->callback([&status, options, out] {
        require_name(out, options->out);
        status = escape(*options);
    });
}

/// What reads a loss of many parameters, and writes a page.
struct LossCommand {
    const char *name, *meaning, *file, *setting, *example, *other_example;
    int (*run)(const LandscapeOptions&);
    const char* presets = nullptr;  // what its ready-made files are, where it has some
};

void add_of_loss(App& app, int& status, const LossCommand& of) {
    auto* command = app.add_subcommand(of.name, of.meaning);
    auto options = make_shared<LandscapeOptions>();
    if (of.presets)
        add_file(*command, *options, of.file, of.presets);
    else
        command->add_option("FILE", options->file, of.file)->required();
    auto* out =
        add_common(*command, options->settings, of.setting, options->out,
                   fmt::format("folder for the page, {}.json, data.h5 and config.toml", of.name),
                   options->json, fmt::format("- prints {}.json, alone, on standard output", of.name));
    command->add_flag("--fresh", options->fresh, "replace results that are in the folder already");
    add_examples(command, of.example, of.other_example);
    command->callback([&status, options, out, run = of.run] {
        require_name(out, options->out);
        status = run(*options);
    });
}

void add_landscape(App& app, int& status) {
    add_of_loss(app, status,
                {"landscape", "find the critical points of a loss of many parameters, and say what each is",
                 "the landscape and the search (docs/landscapes.md)", "search.starts=1000",
                 "landscape docs/landscape.toml --out saddles",
                 "landscape docs/landscape.toml --set search.method=newton", landscape});
}

void add_spectrum(App& app, int& status) {
    add_of_loss(app, status,
                {"spectrum", "the eigenvalues of a loss's Hessian at one point, without making the Hessian",
                 "the landscape and the point (docs/landscapes.md)", "spectrum.probes=20",
                 "spectrum docs/landscape.toml --out spectrum",
                 "spectrum docs/landscape.toml --set 'spectrum.at={3,4,5}'", spectrum});
}

void add_analyse(App& app, int& status) {
    add_of_loss(
        app, status,
        {"analyse", "checkpoints of a training run: curvature, index, and the saddles that it came near",
         "the loss, and where the run is or how it is made (docs/landscapes.md)", "analyse.run=run.npz",
         "analyse run.toml --out run", "analyse --preset digits-run --out watched", analyse, "training run"});
}

void add_list(App& app, int& status) {
    auto* command = app.add_subcommand("list", "the models, and what steps them");
    auto what = make_shared<std::string>();
    command
        ->add_option(
            "WHAT", *what,
            "schemes: their calculus, orders, noises and costs; landscapes: losses for `landscape` and "
            "`spectrum`")
        ->check(CLI::IsMember({"schemes", "landscapes"}));
    add_examples(command, "list", "list schemes");
    command->callback([&status, what] {
        status = what->empty() ? list() : *what == "schemes" ? list_schemes() : list_landscapes();
    });
}

void add_show(App& app, int& status) {
    auto* command = app.add_subcommand("show", "the equation and parameters of a model, or of a landscape");
    auto name = make_shared<std::string>();
    command->add_option("NAME", *name)->required();
    add_examples(command, "show linear-sde", "show noisy-saddle");
    command->callback([&status, name] { status = show(*name); });
}

void add_defaults(App& app, int& status) {
    auto* command = app.add_subcommand("defaults", "a commented configuration that runs as it is");
    auto name = make_shared<std::string>(), file = make_shared<std::string>();
    command->add_option("NAME", *name)->required();
    command->add_option("-o", *file, "write them to this new file")->type_name("FILE");
    add_examples(command, "defaults linear-sde -o saddle.toml", "defaults noisy-saddle > ns.toml");
    command->callback([&status, name, file] { status = defaults(*name, *file); });
}

void add_init(App& app, int& status) {
    auto* command =
        app.add_subcommand("init", "write a commented file to begin with, for a model or an equation");
    auto options = make_shared<InitOptions>();
    command->add_option("NAME", options->model, "a model (default: linear-sde), or a landscape");
    command->add_option("--equation", options->equation, "an SDE of one's own instead of a model")
        ->type_name("TEXT");
    command->add_option("-o", options->file, "write this new file instead of NAME.toml or equation.toml")
        ->type_name("FILE");
    add_examples(command, "init noisy-saddle", "init --equation 'dx = (mu*x - x^3) dt + s dW' -o well.toml");
    command->callback([&status, options] { status = init(*options); });
}

void add_report(App& app, int& status) {
    auto* command = app.add_subcommand("report", "draw the page of results anew, without running anything");
    auto folder = make_shared<std::string>();
    command->add_option("FOLDER", *folder, "that --out has named before")->required();
    add_examples(command, "report window", "report validation-report");
    command->callback([&status, folder] { status = report(*folder); });
}

void add_schema(App& app, int& status) {
    auto* command = app.add_subcommand("schema", "every key of files as JSON Schema, for editors");
    auto kind = make_shared<std::string>();
    command->add_option("COMMAND", *kind, "whose files are meant (default: all)")
        ->check(CLI::IsMember(file_kinds()));
    add_examples(command, "schema > noisetrap.schema.json", "schema sweep");
    command->callback([&status, kind] { status = print_schema(*kind); });
}

void add_completion(App& app, int& status) {
    auto* command = app.add_subcommand("completion", "a script by which a shell completes command lines");
    auto shell = make_shared<std::string>();
    command->add_option("SHELL", *shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember(
            std::vector<std::string>(std::begin(completion_shells), std::end(completion_shells))));
    add_examples(command, "completion bash > ~/.local/share/bash-completion/completions/noisetrap",
                 "completion fish > ~/.config/fish/completions/noisetrap.fish");
    command->callback([&status, shell] {
        print_alone(completion_script(*shell));
        status = 0;
    });
}

void add_man(App& app, int& status) {
    auto* command = app.add_subcommand("man", "the manual page, which packages install");
    add_examples(command, "man > noisetrap.1", "man | man -l -");
    command->callback([&app, &status] {
        print_alone(man_page(app));
        status = 0;
    });
}

void add_kernels(App& app, int& status) {
    auto* command = app.add_subcommand("kernels", "compiled kernels: list, clean, build");
    command->require_subcommand(1);
    add_examples(command, "kernels list", "kernels build --all");
    command->add_subcommand("list", "the kernels in the pack and in the cache")->callback([&status] {
        status = list_kernels();
    });
    command->add_subcommand("clean", "empty the cache")->callback([&status] { status = clean_kernels(); });
    auto* build =
        command->add_subcommand("build", "compile kernels in advance, for a machine without a compiler");
    auto options = make_shared<KernelOptions>();
    build->add_option("FILE", options->file, "a TOML file: the kernel of this run alone");
    build->add_option("--set", options->settings, "change a key of the file: --set run.precision=double")
        ->type_name("KEY=VALUE");
    build->add_flag("--core", options->core, "those that are built in (the default)");
    build->add_flag("--all", options->all, "every model under every method, in every precision");
    build->add_option("--isa", options->targets,
                      "portable, x86-64-v3, x86-64-v4, or a GPU's architecture such as sm_90; this machine's "
                      "unless given");
    build
        ->add_option("--out", options->out,
                     "a folder instead of the cache; named kernels and beside the program it is a pack")
        ->type_name("FOLDER");
    add_examples(build, "kernels build --all", "kernels build --core --isa sm_90 --out kernels");
    build->callback([&status, options] { status = build_kernels(*options); });
}

void add_info(App& app, int& status) {
    auto* command = app.add_subcommand("info", "version, backends, devices, instruction set, threads");
    add_examples(command, "info", "info | grep backend");
    command->callback([&status] { status = info(); });
}

}  // namespace

void add_commands(App& app, int& status) {
    app.require_subcommand(1);
    for (const auto add : {add_simulate, add_compare,    add_sweep,  add_reproduce, add_validate, add_theory,
                           add_measure,  add_advise,     add_escape, add_landscape, add_spectrum, add_analyse,
                           add_report,   add_init,       add_list,   add_show,      add_defaults, add_kernels,
                           add_schema,   add_completion, add_man,    add_info})
        add(app, status);
}

}  // namespace noisetrap
