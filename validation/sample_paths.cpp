// A few whole paths in the trap: long quiet times near the saddle, rare large excursions.
#include "validation/experiment.hpp"

namespace noisetrap {

Experiment sample_paths(Laboratory&) {
    constexpr double a = 0.5, sigma = 1.2, tau = 0.1, t_end = 200, dt = 1.0 / 64;
    const auto simulation =
        euler_maruyama({{"a", a}, {"sigma", sigma}, {"tau", tau}, {"rho", 0.0}}, 0.0, t_end, dt, 5);
    std::vector<std::uint64_t> steps;
    std::vector<double> times;
    for (std::uint64_t step = 0; step <= simulation.steps; step += 4) {
        steps.push_back(step);
        times.push_back(simulation.time(step));
    }
    Experiment e{"paths",
                 {{"a", a},
                  {"sigma", sigma},
                  {"tau", tau},
                  {"rho", 0.0},
                  {"t", times},
                  {"x", nlohmann::json::array()}},
                 {}};
    for (std::uint64_t path = 0; path < 5; ++path) e.data["x"].push_back(replay(simulation, 0, path, steps));
    return e;
}

}  // namespace noisetrap
