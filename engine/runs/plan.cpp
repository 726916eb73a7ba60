#include "engine/runs/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "engine/catalogue/scheme_facts.hpp"
#include "engine/error.hpp"
#include "engine/kernels/compiler.hpp"
#include "engine/kernels/store.hpp"
#include "engine/noise/streams.hpp"
#include "engine/numbers/lanes.hpp"
#include "engine/runs/memory.hpp"
#include "engine/runs/summary_jobs.hpp"
#include "engine/statistics/summaries.hpp"

namespace noisetrap {
namespace {

constexpr std::uint64_t most_rows = 1 << 18;  // of a launch, where the user does not say

std::uint64_t round_up(std::uint64_t n, std::uint64_t to) { return (n + to - 1) / to * to; }

/// Between the path numbers of neighbouring ensembles.
std::uint64_t stride_of(const Simulation& s) { return round_up(s.paths, path_alignment); }

/// On a CPU small enough that summaries find the rows of a chunk in the caches, and that it takes ten seconds or so:
/// what is kept between chunks is never far behind.
std::uint64_t chunk_of_host(const Simulation& s, const Backend& backend) {
    constexpr std::uint64_t of_a_thread = 1 << 15, memory_of_a_thread = 4 << 20;
    const auto threads = static_cast<std::uint64_t>(backend.threads());
    const std::uint64_t in_caches =
        threads * std::min(of_a_thread, memory_of_a_thread / row_bytes(s.observe));
    const std::uint64_t in_time =
        std::max(threads * row_block, (std::uint64_t{1} << 34) / std::max<std::uint64_t>(s.steps, 1));
    return std::min(in_caches, in_time);
}

/// Of each of several GPUs two chunks or more, where there are paths enough to fill it with less.
std::uint64_t chunk_of_devices(const Simulation& s, const Backend& backend) {
    constexpr std::uint64_t worth_a_launch = 1 << 14;
    if (backend.devices() == 1) return most_rows;
    const std::uint64_t chunks = 2 * static_cast<std::uint64_t>(backend.devices());
    return std::max(worth_a_launch, s.ensembles.size() * s.paths / chunks);
}

/// What the first launch steps, where a launch has `chunk` rows at most.
Piece largest_piece(const Simulation& s, std::uint64_t chunk) {
    const Plan plan{.target = {}, .chunk = chunk, .batches = {}};
    return {0, std::min<std::uint64_t>(plan.ensembles_per_launch(s), s.ensembles.size()), 0,
            std::min(chunk, s.paths)};
}

/// Bytes of a GPU that do not depend on the chunk: the tables that processes point into, and the local memory of as many
/// threads as it has room for, which a driver sets aside.
std::uint64_t standing_bytes(const std::vector<Batch>& batches, const Backend& backend) {
    std::uint64_t tables = 0, path = 0;
    for (const auto& batch : batches) {
        for (const auto& pointed : batch.features.tables) tables += pointed.table.size();
        path = std::max(path, batch.features.path_bytes);
    }
    return tables + path * backend.resident_threads();
}

/// Bytes of a GPU for the launches that are under way on it.
std::uint64_t device_bytes(const Simulation& s, Wanted wanted, std::uint64_t chunk) {
    const auto piece = largest_piece(s, chunk);
    const bool is_all = piece.rows() == s.ensembles.size() * s.paths;
    const std::uint64_t summaries =
        wanted == Wanted::summaries ? SummaryJobs(s).sizes(piece.ensembles, piece.paths).all() : 0;
    return (is_all ? 1 : launches_of_a_device) * (piece.rows() * row_bytes(s.observe) + summaries);
}

/// As many as fill a GPU, and as its memory has room for beside other programs.
std::uint64_t fitting(const Simulation& s, const Backend& backend, Wanted wanted, std::uint64_t chunk,
                      std::uint64_t standing) {
    const auto free = backend.free_memory(), room = (free - std::min(free, standing)) / 2;
    while (chunk > row_block && device_bytes(s, wanted, chunk) > room) chunk = round_up(chunk / 2, row_block);
    return chunk;
}

/// Large enough that a launch costs nothing.
std::uint64_t chosen_chunk(const Simulation& s, const Backend& backend, Wanted wanted,
                           const std::vector<Batch>& batches) {
    if (s.run.chunk) return s.run.chunk;
    const auto rows = backend.on_device() ? chunk_of_devices(s, backend) : chunk_of_host(s, backend);
    const auto chunk = round_up(std::clamp(rows, row_block, most_rows), row_block);
    return backend.on_device() ? fitting(s, backend, wanted, chunk, standing_bytes(batches, backend)) : chunk;
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
    if (backend.on_device() || s.observe.families) return 1;
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

/// Bytes of local memory ("CUDA C++ Programming Guide", Technical Specifications).
constexpr std::uint64_t most_of_a_thread = 512 << 10;

/// Before anything is compiled: whether threads of the GPU can hold a path, and the GPU all that stands. Where they cannot,
/// 'auto' does not turn to the CPU by itself, which may take far longer than was planned for.
void require_room_on_device(const std::vector<Batch>& batches, const Backend& backend,
                            const std::string& asked) {
    const auto instead = fmt::format("run.backend = '{}' took the GPU; write run.backend = 'omp'", asked);
    for (const auto& batch : batches)
        if (const auto bytes = batch.features.path_bytes; bytes > most_of_a_thread)
            throw InputError(
                fmt::format("a path of this network takes {} kB, and a thread of a GPU holds {} kB; {}",
                            bytes >> 10, most_of_a_thread >> 10, instead));
    const auto standing = standing_bytes(batches, backend);
    if (standing > 0)
        require_device_memory(standing, backend.free_memory(),
                              "the data and the paths that step at once; " + instead);
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

void check_devices(const RunSettings& run) {
    if (const auto wrong = complaint_about_devices(run); !wrong.empty())
        throw SettingError("run.devices", wrong);
}

}  // namespace

void check_run_settings(const RunSettings& run) {
    constexpr int room = most_lanes<widest_slice>;
    check_backend(run);
    check_devices(run);
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

/// The numbers of InFamilies (models/family.hpp), behind those of what is stepped.
static void add_families(PreparedProcess& process, const Families& families) {
    constexpr std::uint64_t aligned = 16;  // as numbers that are observed are
    const double numbers[] = {families.level, families.back, static_cast<double>(families.walks)};
    auto& bytes = process.bytes;
    const auto at = round_up(bytes.size(), aligned);
    bytes.resize(round_up(at + sizeof numbers, aligned));
    std::memcpy(bytes.data() + at, numbers, sizeof numbers);
}

PreparedProcess process_of(const Simulation& s, std::uint64_t ensemble) {
    const auto& method = s.own_steps.empty() ? s.method : s.own_steps[ensemble].method;
    const double dt = s.own_steps.empty() ? s.dt : s.own_steps[ensemble].dt;
    auto process = s.entry->make(s.ensembles[ensemble], method, dt, s.run.precision);
    if (const auto wrong = noise_complaint(*s.entry, process); !wrong.empty())
        throw InputError(fmt::format("scheme '{}' {}", s.entry->method, wrong));
    for (const auto* number : {s.observe.of.get(), s.observe.exit_of.get()})
        if (number) add_number(process, *number, *s.entry, s.ensembles[ensemble], s.run.precision);
    if (s.observe.families) add_families(process, *s.observe.families);
    return process;
}

KernelSpec kernel_of(const Simulation& s, const PreparedProcess& process, const std::string& target) {
    KernelSpec spec{s.entry->source, s.run.precision, s.run.arithmetic, 1, features_of(s, process),
                    process.laws,    target};
    if (s.stratonovich) spec.process.family = s.entry->source_of_stratonovich;
    if (s.observe.of) add_number(spec.process, NumberRole::observed, *s.observe.of);
    if (s.observe.exit_of) add_number(spec.process, NumberRole::watched, *s.observe.exit_of);
    if (s.observe.families) {
        spec.process.family = fmt::format("FamiliesOf<{}>", spec.process.family);
        spec.process.headers.emplace_back("models/family.hpp");
    } else if (!is_device(target) && in_slices(s, target))
        spec.slice = s.run.precision == Precision::double_ ? slice_lanes<double> : slice_lanes<float>;
    return spec;
}

void set_chunk(Plan& plan, const Simulation& s, const Backend& backend, Wanted wanted, std::uint64_t rows) {
    const std::string purpose = "the columns of one chunk; make run.chunk smaller";
    plan.chunk = round_up(rows, row_block);
    plan.lanes = chosen_lanes(s, backend, plan.rows_per_launch(s));
    if (backend.on_device())
        require_device_memory(standing_bytes(plan.batches, backend) + device_bytes(s, wanted, plan.chunk),
                              backend.free_memory(), purpose);
    if (!backend.on_device() || wanted == Wanted::rows)
        require_memory(plan.rows_per_launch(s) * row_bytes(s.observe), purpose);
}

Plan plan_of(const Simulation& s, const Backend& backend, Wanted wanted) {
    check(s);
    Plan plan;
    plan.target = backend.on_device() ? backend.target() : cpu_target(s.run);
    plan.batches = batches_of(s, plan.target);
    if (backend.on_device()) require_room_on_device(plan.batches, backend, s.run.backend);
    set_chunk(plan, s, backend, wanted, chosen_chunk(s, backend, wanted, plan.batches));
    return plan;
}

void prepare(const std::vector<Simulation>& simulations) {
    std::vector<KernelSpec> kernels;
    for (const auto& s : simulations)
        for (const auto& batch : plan_of(s, *make_backend(s.run)).batches) kernels.push_back(batch.kernel);
    if (!simulations.empty()) ready_kernels(kernels, simulations.front().run.stop);
}

Launch launch_of(const Simulation& s, const Piece& piece, int lanes, Monitor& monitor) {
    const auto& o = s.observe;
    return {.seed = s.seed,
            .first_ensemble = s.first_ensemble + piece.first_ensemble,
            .ensembles = piece.ensembles,
            .first_path = piece.first_path,
            .paths = piece.paths,
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
            .columns = {},
            .monitor = &monitor};
}

std::uint64_t row_bytes(const Observation& observe) { return (1 + numbers_in_row(observe)) * sizeof(double); }

}  // namespace noisetrap
