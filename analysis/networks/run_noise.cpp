#include "analysis/networks/run_noise.hpp"

#include <fmt/format.h>

#include <cmath>

#include "engine/statistics/workers.hpp"

namespace noisetrap {

static NetworkSaddle looking_along(const Point& at, const Point& e) {
    NetworkSaddle place;
    place.point = at;
    place.escape = e;
    return place;
}

PlaceNoise place_noise(const NetworkProblem& problem, const Point& at, const Point& e,
                       const RunSteps& steps) {
    auto place = looking_along(at, e);
    look_along(problem.network, problem.data, place);
    // Decay bends the loss of every sample alike. Its push is the same for all too, which no deviation sees.
    for (double& h : place.curvature) h += steps.decay;
    PlaceNoise found{axis_noise(place, false), {}, {}};
    const auto& n = found.noise;
    if (!(n.a > 0) || !(steps.learning_rate > 0)) return found;
    found.noise_over_signal = steps.learning_rate * n.sigma * n.sigma / (2 * n.a * steps.batch);
    for (double& h : place.curvature) h = -h;
    const SampleGrowth axis(std::move(place.curvature), steps.draws);
    found.ratio = axis.growth(steps.learning_rate, steps.batch) / std::log1p(steps.learning_rate * n.a);
    return found;
}

std::vector<PlaceNoise> noise_along(const NetworkProblem& problem, const TrainingRun& run,
                                    const RunAnalysis& analysis, const RunSteps& steps, Workers& workers) {
    std::vector<PlaceNoise> found(run.points.size());
    workers.for_each(static_cast<int>(found.size()), [&](int number) {
        const auto k = static_cast<std::size_t>(number);
        found[k] = place_noise(problem, run.points[k], analysis.places[k].escape, steps);
    });
    return found;
}

ProductGrowth matrix_ratio(const NetworkProblem& problem, const Point& at, const Point& e, double a,
                           const RunSteps& steps, StopToken stop) {
    ProductRun run;
    run.learning_rate = steps.learning_rate;
    run.batch = steps.batch;
    run.without_replacement = steps.draws == Draws::without_replacement;
    run.decay = steps.decay;
    run.chains = 16;
    run.steps = 2000;
    run.stop = stop;
    const auto growth = product_growth(problem.network, problem.data, looking_along(at, e), run);
    const double descent = std::log1p(steps.learning_rate * a);
    return {growth.rate / descent, growth.error / descent};
}

static std::string verdict_of(const ProductGrowth& ratio) {
    constexpr double errors = 4;
    const double away = errors * ratio.error;
    if (std::isinf(ratio.rate)) return "steps are so long that a path leaves the numbers";
    if (ratio.rate + away < 0) return "noise holds the run here: a step shrinks the distance on the average";
    if (ratio.rate - away > 1) return fmt::format("noise speeds the way out up, {:.3g} times", ratio.rate);
    if (ratio.rate + away >= 1) return "noise changes the way out by less than four standard errors";
    if (ratio.rate - away <= 0)
        return "noise delays the way out so much that its rate is 0 within four standard errors";
    return fmt::format("noise delays the way out, {:.3g} times", 1 / ratio.rate);
}

static std::size_t flattest(const RunAnalysis& analysis, const Plateau& plateau) {
    std::size_t best = plateau.first;
    for (std::size_t k = plateau.first; k <= plateau.last; ++k)
        if (analysis.places[k].gradient < analysis.places[best].gradient) best = k;
    return best;
}

std::vector<PlateauVisit> plateaus_of(const TrainingRun& run, const RunAnalysis& analysis,
                                      const std::vector<PlaceNoise>& noise, const NetworkProblem* problem,
                                      const RunSteps& steps, StopToken stop) {
    std::vector<double> losses;
    for (const auto& place : analysis.places) losses.push_back(place.loss);
    std::vector<PlateauVisit> found;
    for (const auto& plateau : plateaus_of(run.steps, losses)) {
        auto& visit = found.emplace_back(PlateauVisit{plateau, flattest(analysis, plateau), {}, {}});
        if (!problem || noise.empty() || !noise[visit.place].ratio) continue;
        visit.matrix = matrix_ratio(*problem, run.points[visit.place], analysis.places[visit.place].escape,
                                    noise[visit.place].noise.a, steps, stop);
        visit.verdict = verdict_of(*visit.matrix);
    }
    return found;
}

}  // namespace noisetrap
