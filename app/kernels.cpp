#include <fmt/core.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdio>

#include "app/commands.hpp"
#include "app/interrupt.hpp"
#include "app/progress.hpp"
#include "engine/catalogue/scheme_facts.hpp"
#include "engine/error.hpp"
#include "engine/input/config.hpp"
#include "engine/kernels/store.hpp"
#include "engine/runs/backend.hpp"
#include "engine/runs/plan.hpp"

namespace noisetrap {
namespace {

/// Where the defaults have two noises and the scheme takes one, the additive one is left out; where it takes additive
/// noise alone, the other.
PreparedProcess default_process(Simulation& s) {
    const auto* scheme = find_scheme(s.entry->method);
    if (!scheme || s.entry->model != "linear-sde") return process_of(s, 0);
    if (scheme->takes == Takes::one) s.ensembles = {{{"tau", 0.0}}};
    if (scheme->takes == Takes::additive) s.ensembles = {{{"sigma", 0.0}}};
    return process_of(s, 0);
}

/// The kernel that the defaults of an entry need.
KernelSpec default_kernel(const CatalogueEntry& entry, Precision precision, const std::string& target) {
    Simulation s;
    s.entry = &entry;
    s.dt = entry.formulation == Formulation::sde ? 1.0 / 64 : 1;
    s.observe.growth = entry.differentiable;
    s.observe.control = entry.known_noise && precision != Precision::single;
    s.run.precision = precision;
    return kernel_of(s, default_process(s), target);
}

bool is_core(const CatalogueEntry& entry) {
    return (entry.model == "linear-sde" && entry.method == "euler-maruyama") ||
           (entry.model == "noisy-saddle" && entry.method == "sgd");
}

/// The kernels that are built in, or all.
std::vector<KernelSpec> listed_kernels(const KernelOptions& options,
                                       const std::vector<std::string>& targets) {
    std::vector<KernelSpec> kernels;
    for (const auto& target : targets)
        for (const auto& entry : catalogue())
            for (const auto precision : {Precision::mixed, Precision::double_, Precision::single}) {
                const bool core = is_core(entry) && precision == Precision::mixed;
                if (!options.all && !core) continue;
                kernels.push_back(default_kernel(entry, precision, target));
            }
    return kernels;
}

/// The kernel of `noisetrap simulate FILE`.
std::vector<KernelSpec> kernels_of_run(const KernelOptions& options,
                                       const std::vector<std::string>& targets) {
    const auto s = read_config(options.file, options.settings, interrupt.token()).simulation;
    if (!s.entry->source.mark.empty())
        throw InputError(
            fmt::format("'{}' is a model of one's own, which is compiled where its header is: a pack cannot "
                        "hold it",
                        s.entry->model));
    std::vector<KernelSpec> kernels;
    for (const auto& target : targets) kernels.push_back(kernel_of(s, process_of(s, 0), target));
    return kernels;
}

std::vector<KernelSpec> wanted_kernels(const KernelOptions& options) {
    auto targets = options.targets;
    if (targets.empty()) targets.push_back(cpu_target({}));
    if (options.file.empty()) return listed_kernels(options, targets);
    if (options.core || options.all)
        throw InputError("name a FILE, whose kernel is built, or --core or --all, not both");
    return kernels_of_run(options, targets);
}

void check_target(const std::string& target) {
    const auto digits = target.substr(target.find('_') + 1);
    const bool device =
        is_device(target) && !digits.empty() && digits.find_first_not_of("0123456789af") == std::string::npos;
    for (const auto* name : instruction_set_names)
        if (target == name) return;
    if (!device)
        throw InputError(
            fmt::format("--isa '{}' is none of portable, x86-64-v3, x86-64-v4, or a GPU's architecture "
                        "such as sm_90 (compute_90 for PTX)",
                        target));
}

void print_cache(const char* what, const KernelCache& cache) {
    std::uintmax_t bytes = 0;
    const auto kernels = cache.list();
    for (const auto& kernel : kernels) {
        fmt::print("  {:<10} {}\n", kernel.target, kernel.arguments);
        bytes += kernel.bytes;
    }
    fmt::print("{}: {} kernels, {:.1f} MB in {}\n", what, kernels.size(), static_cast<double>(bytes) / 1e6,
               cache.folder().string());
}

}  // namespace

int list_kernels() {
    if (const auto pack = pack_folder(); !pack.empty()) print_cache("pack", KernelCache(pack));
    const KernelCache users(user_cache_folder());
    print_cache("cache", users);
    fmt::print("built in: linear-sde under euler-maruyama and noisy-saddle under sgd, mixed precision\n");
    return 0;
}

int clean_kernels() {
    const KernelCache users(user_cache_folder());
    if (const auto why = users.why_not_trusted(); !why.empty())
        throw InputError(fmt::format("{} is left alone: {}", users.folder().string(), why));
    fmt::print("removed {:.1f} MB from {}\n", static_cast<double>(users.clean()) / 1e6,
               users.folder().string());
    return 0;
}

int build_kernels(const KernelOptions& options) {
    for (const auto& target : options.targets) check_target(target);
    const auto kernels = wanted_kernels(options);
    const KernelCache cache(options.out.empty() ? user_cache_folder()
                                                : std::filesystem::absolute(options.out));
    if (cache.folder().empty()) throw InputError("there is no home folder: name one with --out");
    fill_cache(cache, kernels, interrupt.token());
    fmt::print("{} kernels are in {}\n", kernels.size(), cache.folder().string());
    return 0;
}

void show_engine_events() {
    KernelEvents events;
    const auto say = [](const std::string& sentence) {
        std::fputs(fmt::format("noisetrap: {}\n", sentence).c_str(), stderr);
    };
    events.warning = say;
    set_backend_warning(say);
    if (isatty(STDERR_FILENO))
        events.compiling = [](std::size_t left) {
            if (left == 0) return end_progress();
            std::fputs(fmt::format("\r\033[Kcompiling kernels, which are kept for later runs: {} left", left)
                           .c_str(),
                       stderr);
        };
    set_kernel_events(std::move(events));
}

void print_compilers() {
    const auto print = [](const char* what, const std::optional<Compiler>& compiler,
                          const std::string& target) {
        if (!compiler) return fmt::print("{}: none found\n", what);
        fmt::print("{}: {} ({})\n  flags for {}: {}\n", what, compiler->program.string(), compiler->version(),
                   target, fmt::join(compiler->flags(target), " "));
    };
    print("kernel compiler", host_compiler(), cpu_target({}));
    print("GPU kernel compiler", device_compiler(), "sm_90");
    const auto cache = user_cache_folder(), pack = pack_folder();
    fmt::print("kernel cache: {}\n", cache.empty() ? "none, as there is no home folder" : cache.string());
    fmt::print("kernel pack: {}\n", pack.empty() ? "none" : pack.string());
}

}  // namespace noisetrap
