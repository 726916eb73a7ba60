#include "analysis/networks/advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "analysis/critical/eigenvectors.hpp"
#include "analysis/critical/first_order.hpp"
#include "analysis/critical/ways_out.hpp"
#include "analysis/networks/network_landscape.hpp"
#include "analysis/spectra/lanczos.hpp"

namespace noisetrap {
namespace {

constexpr std::uint64_t most_steps = 20000, most_gradients = 40000;
constexpr std::size_t most_whole = 200, krylov_vectors = 10;
constexpr double momentum = 0.9, adam_rate = 0.001, errors = 4;

/// A saddle that steps with the gradient of all samples start beside.
class Race {
    const NetworkConfig& config_;
    const NetworkSaddle& saddle_;
    NetworkLandscape landscape_;
    Point start_;

  public:
    Race(const NetworkConfig& config, const NetworkSaddle& saddle)
        : config_(config), saddle_(saddle), landscape_(config.network, config.data, 0), start_(saddle.point) {
        const auto direction = random_direction(start_.size());
        const double length = as_vector(direction).norm();
        for (std::size_t i = 0; i < start_.size(); ++i)
            start_[i] += config.escape.start * direction[i] / length;
    }
    double parameters() const { return static_cast<double>(start_.size()); }
    double samples() const { return static_cast<double>(config_.data.samples()); }

    WayOut run(const char* name, std::string settings, double memory,
               const std::function<Evaluations(const Landscape&, Point&)>& step) const {
        WayOut way{name, std::move(settings), memory, 0, 0, 0, false, true};
        Point x = start_;
        Evaluations spent;
        std::uint64_t steps = 0;
        while (!way.leaves && steps < most_steps && spent.total() < most_gradients) {
            spent += step(landscape_, x);
            ++steps;
            const double away = (as_vector(x) - as_vector(saddle_.point)).dot(as_vector(saddle_.escape));
            if (!std::isfinite(away)) break;
            way.leaves = std::abs(away) >= config_.escape.far;
        }
        way.steps = static_cast<double>(steps);
        way.cost = static_cast<double>(spent.total()) * samples();
        way.cost_per_step = way.cost / way.steps;
        return way;
    }
};

void append_first_order(std::vector<WayOut>& ways, const Race& race, double curvature) {
    const double n = race.parameters(), rate = 1 / curvature;
    const auto add = [&](const char* name, std::string settings, double vectors, auto optimiser) {
        Descent descent(optimiser);
        ways.push_back(race.run(name, std::move(settings), vectors * n,
                                [&](const Landscape& f, Point& x) { return descent.step(f, x); }));
    };
    add("gradient descent", fmt::format("l = 1/|H| = {:.3g}", rate), 2, Sgd{rate});
    const auto with_momentum = fmt::format("l = 1/|H|, momentum {:g}", momentum);
    add("heavy ball", with_momentum, 3, Momentum{rate, momentum});
    add("Nesterov", with_momentum, 3, Nesterov{rate, momentum});
    add("Adam", fmt::format("l = {:g}", adam_rate), 4, Adam{{adam_rate, 0.9, 0.999, 1e-8}});
}

void append_second_order(std::vector<WayOut>& ways, const Race& race, double a, double far) {
    const double n = race.parameters(), damping = a / 10;
    const std::size_t vectors = std::min(krylov_vectors, static_cast<std::size_t>(n));
    ways.push_back(race.run("saddle-free Newton, Krylov", fmt::format("{} vectors, damping a/10", vectors),
                            static_cast<double>(vectors + 3) * n, [&](const Landscape& f, Point& x) {
                                return krylov_saddle_free_step(f, x, 1, damping, vectors);
                            }));
    if (n <= static_cast<double>(most_whole))
        ways.push_back(race.run(
            "saddle-free Newton", "damping a/10", 2 * n * n + 2 * n,
            [&](const Landscape& f, Point& x) { return saddle_free_newton_step(f, x, 1, damping); }));
    const CurvatureSteps along{std::numeric_limits<double>::infinity(), 2 * far, 0, a / 2};
    ways.push_back(
        race.run("negative curvature", "Lanczos to 1e-12", std::min(120.0, n) * n + 3 * n,
                 [&](const Landscape& f, Point& x) { return negative_curvature_step(f, x, along).cost; }));
}

/// Beyond twice its inverse even the gradient of all samples throws paths ever further across the steepest wall.
bool too_large(double learning_rate, double steepest_wall) { return learning_rate * steepest_wall > 2; }

/// Its growth rate says how many steps lie between two distances.
WayOut stochastic_descent(const TrapPrediction& p, double steepest_wall, const Escape& escape,
                          double parameters) {
    WayOut way{"stochastic gradient descent",
               fmt::format("l = {:g}, batch {}", p.learning_rate, p.batch),
               2 * parameters,
               static_cast<double>(p.batch),
               0,
               0,
               false,
               false};
    way.leaves = !p.diverges() && !too_large(p.learning_rate, steepest_wall) &&
                 p.decisive.rate > errors * p.decisive.error;
    if (way.leaves) way.steps = std::log(escape.far / escape.start) / p.decisive.rate;
    way.cost = way.steps * way.cost_per_step;
    return way;
}

std::string cheapest_sentence(const Advice& advice) {
    const auto& best = advice.ways.front();
    if (!best.leaves) return "None of the optimisers that were tried leaves this point within the budget.";
    return fmt::format(
        "Take {} ({}): it leaves after about {:.3g} steps and {:.3g} gradients of single samples, the "
        "fewest of all that were tried, and keeps {:.3g} numbers.",
        best.name, best.settings, best.steps, best.cost, best.memory);
}

std::string noise_sentence(const TrapPrediction& p, double steepest_wall, bool pushed) {
    const auto place =
        fmt::format("At l = {:g} and batches of {} R is {:.3g}: ", p.learning_rate, p.batch, p.ratio());
    if (p.diverges()) return place + "steps leave the numbers: take a smaller learning rate.";
    if (too_large(p.learning_rate, steepest_wall))
        return place + fmt::format(
                           "steps across the steepest wall leave all points: take l below {:.3g}, twice the "
                           "inverse of its curvature.",
                           2 / steepest_wall);
    const double error = p.decisive.error / p.descent_rate;
    if (p.ratio() + errors * error < 0 && pushed)
        return place +
               "noise shrinks distances, but samples push at the point itself, so that paths leave all the "
               "same.";
    if (p.ratio() + errors * error < 0)
        return place + "noise traps, and stochastic gradient descent does not leave.";
    if (p.ratio() - errors * error < 0 && error > 0)
        return place + "whether noise traps there is undecided within four standard errors.";
    if (p.ratio() < 1)
        return place + fmt::format("noise slows stochastic gradient descent {:.3g} times.", 1 / p.ratio());
    return place + "noise does not slow stochastic gradient descent.";
}

std::string remedy_sentence(const Advice& advice) {
    for (const auto& p : advice.measurement.predictions) {
        if (p.ratio() >= 0) continue;
        for (const auto& at : advice.measurement.by_batch)
            if (at.batch == p.batch && at.learning_rate)
                return fmt::format("Below a learning rate of {:.4g} batches of {} are not trapped.",
                                   *at.learning_rate, at.batch);
    }
    return "";
}

std::string dimension_sentence(const Measurement& measurement) {
    if (!measurement.noise_dimension)
        return "With more than 100 parameters the dimension of the noise is not worked out.";
    const double d = *measurement.noise_dimension;
    if (d < 1.01)
        return "All noise lies in one matrix (d_eff = 1), so that noise of enough strength can trap.";
    return fmt::format(
        "The noise has {:.3g} matrices' worth of dimensions (d_eff), and noise of more than one hardly ever "
        "traps.",
        d);
}

std::string curvature_sentence(const Advice& advice) {
    const double a = advice.measurement.noise.a, share = a / advice.curvature;
    const auto measured =
        fmt::format("The way out is {:.3g} times as steep as the steepest wall (a/|H|): ", share);
    if (share > 0.05) return measured + "gradient descent is fast there, and second derivatives do not pay.";
    return measured +
           fmt::format(
               "gradient descent needs about {:.3g} steps to double the distance, so that momentum or "
               "second derivatives may pay.",
               std::log(2.0) / std::log1p(share));
}

}  // namespace

Advice advise(const NetworkConfig& config) {
    Advice advice;
    advice.measurement = measure(config);
    const auto& measurement = advice.measurement;
    const auto& values = measurement.saddle.eigenvalues;
    advice.curvature = std::max(std::abs(values.front()), std::abs(values.back()));
    const double steepest_wall = std::max(values.back(), 0.0);
    const Race race(config, measurement.saddle);
    append_first_order(advice.ways, race, advice.curvature);
    append_second_order(advice.ways, race, measurement.noise.a, config.escape.far);
    for (const auto& p : measurement.predictions)
        advice.ways.push_back(stochastic_descent(p, steepest_wall, config.escape, race.parameters()));
    std::stable_sort(advice.ways.begin(), advice.ways.end(), [](const WayOut& one, const WayOut& other) {
        return one.leaves != other.leaves ? one.leaves : one.leaves && one.cost < other.cost;
    });
    advice.sentences = {cheapest_sentence(advice), curvature_sentence(advice),
                        dimension_sentence(measurement)};
    for (const auto& p : measurement.predictions)
        advice.sentences.push_back(noise_sentence(p, steepest_wall, measurement.pushed));
    if (const auto remedy = remedy_sentence(advice); !remedy.empty()) advice.sentences.push_back(remedy);
    return advice;
}

}  // namespace noisetrap
