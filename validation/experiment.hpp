// Experiments run simulations and return claims and figures. Those of `reproduce`, in the order of the
// argument, are named here; those of `validate` in claims.hpp.
#pragma once

#include <array>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/runs/run.hpp"
#include "validation/claim.hpp"

namespace noisetrap {

struct EscapeConfig;
struct Escaped;  // networks.hpp
struct Sweep;
struct SweptPoints;  // swept_points.hpp

struct Experiment {
    std::string figure;  // the figure's name in reproduce.json, or empty
    nlohmann::ordered_json data;
    std::vector<Claim> claims;
};

/// Columns of the same paths at time steps 4 dt, 2 dt and dt, along the same Brownian paths.
struct Levels {
    PathColumns coarse, middle, fine;
};

/// Runs simulations for experiments, each with a seed of its own (first_seed, first_seed + 1, ...), and keeps
/// count. Every simulation runs with its number of paths times `paths_factor`, at least 4096.
/// Throws std::runtime_error where a path fails.
class Laboratory {
    RunSettings settings_;
    Progress progress_;
    RunFacts facts_;
    std::uint64_t next_seed_;
    double paths_factor_;

    void prepare(Simulation&);
    std::vector<EnsembleSummary> run_prepared(const Simulation&);
    void count(const RunFacts&);
    void count(std::uint64_t path_steps, double seconds);

  public:
    static constexpr std::uint64_t fewest_paths = 4096;

    explicit Laboratory(RunSettings settings, Progress progress = {}, std::uint64_t first_seed = 1,
                        double paths_factor = 1)
        : settings_(std::move(settings)),
          progress_(std::move(progress)),
          next_seed_(first_seed),
          paths_factor_(paths_factor) {}
    std::vector<EnsembleSummary> run(Simulation);
    /// Runs with as many paths as are written.
    std::vector<EnsembleSummary> run_as_written(Simulation);
    std::vector<PathColumns> collect(Simulation);
    /// The rows of the first ensemble at three time steps; the simulation holds the fine time step.
    Levels collect_levels(const Simulation& fine);
    /// With the number of paths, at least 64, and of batches at a point, at least 1, times `paths_factor`;
    /// not more paths than are written. Paths that fail are for the claims to look at.
    SweptPoints sweep(Sweep);
    /// A network from near a saddle, with the number of paths, also of those whose growth is measured, times
    /// `paths_factor`.
    Escaped escape(EscapeConfig);
    /// What a sweep measures at its first point, `times` times, each with noise of its own, and with as many paths as
    /// are written.
    std::vector<std::vector<Estimate>> measured_again(Sweep, std::size_t times);
    /// The next run takes the noise of the last one again.
    void same_noise() { --next_seed_; }
    void new_noise() { ++next_seed_; }
    /// For what runs beside the engine: a seed of its own, and how many paths a run of so many would have.
    std::uint64_t take_seed() { return next_seed_++; }
    std::uint64_t paths_of(std::uint64_t paths) const;
    /// The facts of the last run, path_steps and wall_seconds summed over all.
    const RunFacts& facts() const { return facts_; }
};

/// A recursion (sgd, learning rate 1), or an SDE under a scheme, that observes nothing yet.
Simulation recursion(const ParameterValues& model, double x0, std::uint64_t steps, std::uint64_t paths);
Simulation sde(const char* model_name, const char* scheme, const ParameterValues& model, double x0,
               double t_end, double dt, std::uint64_t paths);
Simulation euler_maruyama(const ParameterValues& model, double x0, double t_end, double dt,
                          std::uint64_t paths);
/// Looks at the paths at these times, ascending multiples of dt.
void observe_at(Simulation&, const std::vector<double>& times);
/// The same process at a time step `factor` times as long, along the same Brownian path; `factor` is a power
/// of two that divides the number of steps.
Simulation coarsened(Simulation, std::uint64_t factor);

Experiment attractive_noise(Laboratory&);
Experiment diffusive_noise(Laboratory&);
Experiment both_noises(Laboratory&);
std::vector<Claim> moments_of_both_noises(Laboratory&);
Experiment growth_rate(Laboratory&);
Experiment stationary_laws(Laboratory&);
Experiment sample_paths(Laboratory&);
/// The same saddle under the same noise, once too weak to hold the paths and once twice as strong.
Experiment free_and_trapped_paths(Laboratory&);
/// One saddle under noises of many kinds.
Experiment kinds_of_noise(Laboratory&);
/// Networks at saddles: odds of leaving and exit times, predicted and seen.
Experiment real_networks(Laboratory&);

/// The surfaces of a shaken double well and paths on them, under attractive noise and under shaking: panels
/// of
/// {"title", "row", "column", "f", "paths": [{"x", "y", "f"}], "note"}, f[i][j] at (x[j], y[i]).
nlohmann::ordered_json double_well_surfaces(Laboratory&);

struct NamedExperiment {
    const char* name;
    Experiment (*run)(Laboratory&);
};
inline constexpr NamedExperiment experiments[] = {
    {"attractive-noise", attractive_noise}, {"diffusive-noise", diffusive_noise},
    {"both-noises", both_noises},           {"growth-rate", growth_rate},
    {"stationary-laws", stationary_laws},   {"paths", sample_paths},
    {"trap", free_and_trapped_paths},       {"kinds-of-noise", kinds_of_noise},
    {"real-networks", real_networks}};

}  // namespace noisetrap
