// What docs/library.md shows, in its order.
#include <analysis/answers/findings.hpp>
#include <analysis/growth/growth.hpp>
#include <analysis/laws/stationary_law.hpp>
#include <cmath>
#include <cstdio>
#include <engine/input/config.hpp>
#include <engine/runs/run.hpp>

int main() {
    using namespace noisetrap;
    const auto config = config_from_text("model.name = 'linear-sde'", "consumer", {"ensemble.paths=2000"});

    Simulation simulation = config.simulation;
    simulation.paths = 1000;
    const RunResult result = run(simulation);

    const auto findings = findings_of(config, run(config.simulation).ensembles[0]);
    const auto& rate = findings.growth_rate;

    const StationaryLaw law = stationary_law(-0.1, 1.0, 0.5, 0.3);
    const double upper = law.quantile(0.95);

    const double growth = step_growth(Law::gaussian, 0.05, 0.4);
    const std::optional<TrapWindow> window = trap_window(Law::gaussian, 0.05);

    std::printf("growth rate %.4f +- %.4f, theory %.4f\n", rate.estimate.value, rate.estimate.standard_error,
                rate.theory.scheme);
    const bool right = result.ensembles.size() == 1 && std::abs(law.cdf(upper) - 0.95) < 1e-9 && growth < 0 &&
                       window && window->lower < 0.4 && 0.4 < window->upper;
    return right && std::abs(z_score(rate.estimate, rate.theory.scheme)) < 4 ? 0 : 1;
}
