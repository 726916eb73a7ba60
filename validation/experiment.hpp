// The first results, in the order of the argument: each runs simulations and returns claims and a figure's
// data.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/run.hpp"
#include "validation/claim.hpp"

namespace noisetrap {

struct Experiment {
    std::string figure;  // the figure's name in reproduce.json, or empty
    nlohmann::ordered_json data;
    std::vector<Claim> claims;
};

/// Runs simulations for experiments, each with a seed of its own (1, 2, 3, ...), and keeps count.
class Laboratory {
    RunSettings settings_;
    Progress progress_;
    RunFacts facts_;
    std::uint64_t last_seed_ = 0;

  public:
    explicit Laboratory(RunSettings settings, Progress progress = {})
        : settings_(std::move(settings)), progress_(std::move(progress)) {}
    std::vector<EnsembleSummary> run(Simulation simulation);
    /// Of the last run, path_steps and wall_seconds summed over all.
    const RunFacts& facts() const { return facts_; }
};

/// A recursion (sgd, learning rate 1) or an SDE (euler-maruyama) that observes nothing yet.
Simulation recursion(const ParameterValues& model, double x0, std::uint64_t steps, std::uint64_t paths);
Simulation euler_maruyama(const ParameterValues& model, double x0, double t_end, double dt,
                          std::uint64_t paths);

Experiment attractive_noise(Laboratory&);
Experiment diffusive_noise(Laboratory&);
Experiment both_noises(Laboratory&);
Experiment growth_rate(Laboratory&);
Experiment stationary_laws(Laboratory&);
Experiment sample_paths(Laboratory&);

inline const std::vector<Experiment (*)(Laboratory&)> experiments = {
    attractive_noise, diffusive_noise, both_noises, growth_rate, stationary_laws, sample_paths};

}  // namespace noisetrap
