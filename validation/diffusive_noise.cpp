// Diffusive noise alone: x <- x + eta. x[N] - x[0] has mean 0 and standard deviation tau sqrt N, whatever the
// law.
#include <fmt/core.h>

#include <cmath>

#include "validation/exact.hpp"
#include "validation/experiment.hpp"

namespace noisetrap {

static Estimate deviation(const Moments& moments) {
    const auto variance = moments.variance_estimate();
    const double root = std::sqrt(variance.value);
    return {root, variance.standard_error / (2 * root)};
}

Experiment diffusive_noise(Laboratory& laboratory) {
    constexpr double tau = 1;
    constexpr std::uint64_t paths = 1 << 18;
    const std::vector<std::uint64_t> steps = {1, 4, 16, 64, 256, 1024, 4096};
    Experiment e{"diffusive", {{"tau", tau}, {"paths", paths}, {"steps", steps}}, {}};
    for (const char* law : {"gaussian", "uniform", "two-point"}) {
        auto simulation = recursion(
            {{"a", 0.0}, {"sigma", 0.0}, {"tau", tau}, {"law", law}, {"eta_law", law}}, 0.0, 4096, paths);
        simulation.observe.steps = steps;
        const auto times = laboratory.run(simulation).front().times;
        for (const auto& at : times) {
            const auto sd = deviation(at.value.moments), mean = at.value.moments.mean_estimate();
            if (at.step == 64 || at.step == 4096)
                e.claims.push_back({"diffusive noise", "standard deviation of x[N] is tau sqrt N",
                                    fmt::format("{}, tau = {}, N = {}", law, tau, at.step), sd,
                                    diffusion_deviation(tau, static_cast<double>(at.step))});
            if (std::string(law) != "gaussian") continue;
            e.data["deviation"].push_back(sd.value);
            e.data["deviation_standard_error"].push_back(sd.standard_error);
            e.data["mean"].push_back(mean.value);
            e.data["mean_standard_error"].push_back(mean.standard_error);
        }
    }
    return e;
}

}  // namespace noisetrap
