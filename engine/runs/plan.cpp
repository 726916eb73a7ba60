#include "engine/runs/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/catalogue/scheme_facts.hpp"
#include "engine/error.hpp"
#include "engine/kernels/compiler.hpp"
#include "engine/kernels/store.hpp"
#include "engine/noise/streams.hpp"
#include "engine/numbers/lanes.hpp"
#include "engine/runs/memory.hpp"
#include "engine/statistics/summaries.hpp"

namespace noisetrap {
namespace {

std::uint64_t round_up(std::uint64_t n, std::uint64_t to) { return (n + to - 1) / to * to; }

/// Between the path numbers of neighbouring ensembles.
std::uint64_t stride_of(const Simulation& s) { return round_up(s.paths, path_alignment); }

/// Small enough that summaries find the rows of a chunk in the caches, large enough that a launch costs
/// nothing.
std::uint64_t chosen_chunk(const Simulation& s, const Backend& backend) {
    constexpr std::uint64_t most = 1 << 18, of_a_thread = 1 << 15, memory_of_a_thread = 4 << 20;
    const auto threads = static_cast<std::uint64_t>(backend.threads());
    const auto bytes = row_bytes(s.observe);
    const std::uint64_t in_caches = threads * std::min(of_a_thread, memory_of_a_thread / bytes);
    // On a CPU ten seconds or so, so that what is kept between chunks is never far behind.
    const std::uint64_t in_time =
        std::max(threads * row_block, (std::uint64_t{1} << 34) / std::max<std::uint64_t>(s.steps, 1));
    const std::uint64_t fitting = backend.on_device() ? (64 << 20) / bytes : std::min(in_caches, in_time);
    return round_up(s.run.chunk ? s.run.chunk : std::clamp(fitting, row_block, most), row_block);
}

/// One path at a time runs as on a GPU with the portable instruction set; the others have vectors to fill.
bool in_slices(const Simulation& s, const std::string& target) {
    return s.run.lanes != 1 || target != "portable";
}

/// Paths of a block on a CPU: as many as there is room for, since a group begins with work that its slices
/// share, and paths that are left close ranks in their block; but no more than leaves work for every thread.
/// On a GPU one.
int chosen_lanes(const Simulation& s, const Backend& backend, std::uint64_t launch_rows) {
    constexpr int room = most_lanes<widest_slice>;
    if (backend.on_device()) return 1;
    if (s.run.lanes) return s.run.lanes;
    const std::uint64_t per_thread = launch_rows / static_cast<std::uint64_t>(backend.threads());
    const std::uint64_t wanted = std::min({std::uint64_t{room}, s.paths, per_thread});
    return static_cast<int>(round_up(std::max<std::uint64_t>(wanted, 1), widest_slice));
}

unsigned features_of(const Simulation& s, const PreparedProcess& process) {
    const auto& o = s.observe;
    unsigned features = Feature::plain;
    if (process.scaled) features |= Feature::scaled;
    if (process.scaled && o.growth) features |= Feature::tangent;
    if (o.exit != ExitWatch::none) features |= Feature::exits;
    if (o.exit == ExitWatch::with_bridge) features |= Feature::bridges;
    if (s.coarsening > 1) features |= Feature::coarse;
    if (o.wants(Column::log_largest)) features |= Feature::largest;
    if (o.wants(Column::steps_inside)) features |= Feature::inside;
    if (o.wants(Column::noise_sum)) features |= Feature::control;
    if (o.exit != ExitWatch::none && o.exit_side != ExitSide::both) features |= Feature::one_sided;
    if (o.wants(Column::log_stretches)) features |= Feature::spectrum;
    return features;
}

std::vector<Batch> batches_of(const Simulation& s, const std::string& target) {
    std::vector<Batch> batches;
    for (std::uint64_t g = 0; g < s.ensembles.size(); ++g) {
        auto process = process_of(s, g);
        const bool fits = !batches.empty() && batches.back().features.laws == process.laws &&
                          batches.back().features.scaled == process.scaled;
        if (!fits) batches.push_back({g, {}, process.bytes.size(), process, kernel_of(s, process, target)});
        auto& bytes = batches.back().processes;
        bytes.insert(bytes.end(), process.bytes.begin(), process.bytes.end());
    }
    return batches;
}

void check(const Simulation& s) {
    check_run_settings(s.run);
    if (s.observe.growth && !s.entry->differentiable)
        throw InputError(fmt::format("'{}' has no growth rate: its gradient jumps", s.entry->model));
    if (s.stratonovich && s.entry->source_of_stratonovich.empty())
        throw InputError("integrator.calculus " + calculus_complaint(*s.entry));
    if (s.seed >= seed_limit)
        throw InputError(
            fmt::format("seed = {} must be below {}: streams take the bits above", s.seed, seed_limit));
    if (!std::has_single_bit(s.coarsening))
        throw InputError(fmt::format("coarsening = {} is not a power of two", s.coarsening));
}

/// The setting 'fast' is the arithmetic of a GPU's hardware; 'exact' runs everywhere, with the same bytes.
void check_fast(const RunSettings& run) {
    if (run.precision != Precision::mixed)
        throw SettingError("run.arithmetic", "= 'fast' goes with run.precision = 'mixed' alone");
    for (const auto& b : backends())
        if (b.name == "cuda" && (!b.usable || run.backend == "omp" || run.backend == "serial"))
            throw SettingError(
                "run.arithmetic",
                fmt::format("= 'fast' is that of a GPU, and this run has none ({}); use 'exact'",
                            b.usable ? "run.backend = '" + run.backend + "'" : b.note));
}

void check_backend(const RunSettings& run) {
    if (run.backend != "cuda") return;
    for (const auto& b : backends())
        if (b.name == "cuda" && !b.usable)
            throw SettingError("run.backend", fmt::format("= 'cuda' cannot run here: {}; use 'omp'", b.note));
}

}  // namespace

void check_run_settings(const RunSettings& run) {
    constexpr int room = most_lanes<widest_slice>;
    check_backend(run);
    if (run.arithmetic == Arithmetic::fast) check_fast(run);
    if (run.lanes < 0 || run.lanes > room || (run.lanes != 1 && run.lanes % widest_slice != 0))
        throw SettingError("run.lanes", fmt::format("= {} must be 0, 1 or a multiple of {} up to {}",
                                                    run.lanes, widest_slice, room));
    cpu_target(run);
}

std::string cpu_target(const RunSettings& run) {
    const auto best = best_instruction_set();
    if (run.instruction_set == "auto") return instruction_set_names[static_cast<int>(best)];
    for (int i = 0; i < 3; ++i)
        if (run.instruction_set == instruction_set_names[i]) {
            if (i > static_cast<int>(best))
                throw SettingError(
                    "run.instruction_set",
                    fmt::format("= '{}' is more than this processor has ({})", run.instruction_set,
                                instruction_set_names[static_cast<int>(best)]));
            return run.instruction_set;
        }
    throw SettingError(
        "run.instruction_set",
        fmt::format("= '{}' is none of auto, portable, x86-64-v3, x86-64-v4", run.instruction_set));
}

PreparedProcess process_of(const Simulation& s, std::uint64_t ensemble) {
    const auto& method = s.own_steps.empty() ? s.method : s.own_steps[ensemble].method;
    const double dt = s.own_steps.empty() ? s.dt : s.own_steps[ensemble].dt;
    auto process = s.entry->make(s.ensembles[ensemble], method, dt, s.run.precision);
    if (const auto wrong = noise_complaint(*s.entry, process); !wrong.empty())
        throw InputError(fmt::format("scheme '{}' {}", s.entry->method, wrong));
    for (const auto* number : {s.observe.of.get(), s.observe.exit_of.get()})
        if (number) add_number(process, *number, *s.entry, s.ensembles[ensemble], s.run.precision);
    return process;
}

KernelSpec kernel_of(const Simulation& s, const PreparedProcess& process, const std::string& target) {
    KernelSpec spec{s.entry->source, s.run.precision, s.run.arithmetic, 1, features_of(s, process),
                    process.laws,    target};
    if (s.stratonovich) spec.process.family = s.entry->source_of_stratonovich;
    if (s.observe.of) add_number(spec.process, NumberRole::observed, *s.observe.of);
    if (s.observe.exit_of) add_number(spec.process, NumberRole::watched, *s.observe.exit_of);
    if (!is_device(target) && in_slices(s, target))
        spec.slice = s.run.precision == Precision::double_ ? slice_lanes<double> : slice_lanes<float>;
    return spec;
}

void set_chunk(Plan& plan, const Simulation& s, const Backend& backend, std::uint64_t rows) {
    plan.chunk = round_up(rows, row_block);
    plan.lanes = chosen_lanes(s, backend, plan.rows_per_launch(s));
    require_memory(plan.rows_per_launch(s) * row_bytes(s.observe),
                   "the columns of one chunk; make run.chunk smaller");
}

Plan plan_of(const Simulation& s, const Backend& backend) {
    check(s);
    Plan plan;
    plan.target = backend.on_device() ? backend.target() : cpu_target(s.run);
    set_chunk(plan, s, backend, chosen_chunk(s, backend));
    plan.batches = batches_of(s, plan.target);
    return plan;
}

void prepare(const std::vector<Simulation>& simulations) {
    std::vector<KernelSpec> kernels;
    for (const auto& s : simulations)
        for (const auto& batch : plan_of(s, *make_backend(s.run.backend, s.run.threads)).batches)
            kernels.push_back(batch.kernel);
    if (!simulations.empty()) ready_kernels(kernels, simulations.front().run.stop);
}

Launch launch_of(const Simulation& s, std::uint64_t first_ensemble, std::uint64_t ensembles,
                 std::uint64_t first_path, std::uint64_t paths, int lanes, const Columns& columns,
                 Monitor& monitor) {
    const auto& o = s.observe;
    return {.seed = s.seed,
            .first_ensemble = s.first_ensemble + first_ensemble,
            .ensembles = ensembles,
            .first_path = first_path,
            .paths = paths,
            .stride = stride_of(s),
            .lanes = static_cast<std::uint64_t>(lanes),
            .steps = s.steps,
            .watched_steps = o.steps.data(),
            .watches = o.steps.size(),
            .x0 = s.x0,
            .x0_deviation = s.x0_deviation,
            .coarsening = s.coarsening,
            .coarse_weight = 1 / std::sqrt(static_cast<double>(s.coarsening)),
            .exit_radius = o.exit_radius,
            .exit_sign = o.exit_side == ExitSide::lower ? -1.0 : 1.0,
            .inside_radius = o.inside_radius,
            .exponents = o.exponents,
            .columns = columns,
            .monitor = &monitor};
}

std::uint64_t row_bytes(const Observation& observe) {
    std::uint64_t numbers = 1;
    for (int c = 0; c < column_count; ++c) numbers += observe.numbers_of(static_cast<Column>(c));
    return numbers * sizeof(double);
}

}  // namespace noisetrap
