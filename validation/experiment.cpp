#include "validation/experiment.hpp"

#include <cmath>

namespace noisetrap {

std::vector<EnsembleSummary> Laboratory::run(Simulation simulation) {
    simulation.run = settings_;
    simulation.seed = ++last_seed_;
    auto result = noisetrap::run(simulation, progress_);
    result.facts.path_steps += facts_.path_steps;
    result.facts.wall_seconds += facts_.wall_seconds;
    facts_ = result.facts;
    return std::move(result.ensembles);
}

static Simulation bare(const CatalogueEntry* entry, const ParameterValues& model, double x0,
                       std::uint64_t steps, std::uint64_t paths) {
    Simulation s;
    s.entry = entry;
    s.ensembles = {model};
    s.x0 = x0;
    s.steps = steps;
    s.paths = paths;
    s.observe.quantiles = false;
    s.observe.growth = false;
    return s;
}

Simulation recursion(const ParameterValues& model, double x0, std::uint64_t steps, std::uint64_t paths) {
    return bare(find_entry("noisy-saddle", "sgd"), model, x0, steps, paths);
}

Simulation euler_maruyama(const ParameterValues& model, double x0, double t_end, double dt,
                          std::uint64_t paths) {
    const auto steps = static_cast<std::uint64_t>(std::llround(t_end / dt));
    auto s = bare(find_entry("linear-sde", "euler-maruyama"), model, x0, steps, paths);
    s.dt = dt;
    return s;
}

}  // namespace noisetrap
