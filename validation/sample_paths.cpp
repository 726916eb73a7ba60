// A few whole paths: how they leave a saddle or sink into it, and in the trap long quiet times near the saddle, rare
// large excursions.
#include <cmath>

#include "validation/exact.hpp"
#include "validation/experiment.hpp"

namespace noisetrap {
namespace {

constexpr std::uint64_t sample = 5;  // paths

/// log10|x| along each path, in thousandths: as fine as a picture shows.
nlohmann::json log10_abs(const Simulation& simulation, const std::vector<std::uint64_t>& steps) {
    auto paths = nlohmann::json::array();
    for (std::uint64_t path = 0; path < sample; ++path) {
        auto heights = nlohmann::json::array();
        for (const double x : replay(simulation, 0, path, steps))
            heights.push_back(std::round(1000 * std::log10(std::abs(x))) / 1000);
        paths.push_back(std::move(heights));
    }
    return paths;
}

}  // namespace

Experiment free_and_trapped_paths(Laboratory&) {
    constexpr double a = 0.05;
    std::vector<std::uint64_t> steps;
    for (std::uint64_t step = 0; step <= 1000; step += 5) steps.push_back(step);
    Experiment e{"trap", {{"a", a}, {"steps", steps}, {"panels", nlohmann::json::array()}}, {}};
    for (const double sigma : {0.2, 0.4}) {
        const auto simulation =
            recursion({{"a", a}, {"sigma", sigma}, {"tau", 0.0}, {"law", "gaussian"}}, 1.0, 1000, sample);
        e.data["panels"].push_back({{"sigma", sigma},
                                    {"growth", exact(Quantity::growth, Of::scheme, {simulation})},
                                    {"log10_abs", log10_abs(simulation, steps)}});
    }
    return e;
}

Experiment sample_paths(Laboratory&) {
    constexpr double a = 0.5, sigma = 1.2, tau = 0.1, t_end = 200, dt = 1.0 / 64;
    const auto simulation =
        euler_maruyama({{"a", a}, {"sigma", sigma}, {"tau", tau}, {"rho", 0.0}}, 0.0, t_end, dt, sample);
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
    for (std::uint64_t path = 0; path < sample; ++path)
        e.data["x"].push_back(replay(simulation, 0, path, steps));
    return e;
}

}  // namespace noisetrap
