#include "analysis/networks/advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/networks/landscape_noise.hpp"
#include "analysis/networks/network_landscape.hpp"

namespace noisetrap {
namespace {

constexpr double errors = 4;
constexpr const char* sample_gradients = "gradients of single samples";

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
    if (p.ratio() < 1 && p.ratio() > 0.995)
        return place + "noise slows stochastic gradient descent by less than a hundredth.";
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

std::string index_sentence(const LandscapeMeasurement& of) {
    const auto n = of.measured.saddle.parameters();
    if (!of.index_known)
        return fmt::format("At {} of {} parameters one direction leads down at least.", of.point, n);
    return fmt::format("At {} {} of {} directions lead{} down (its index).", of.point, of.index, n,
                       of.index == 1 ? "s" : "");
}

/// Noise that is diagonal in the eigenvectors leaves every axis to itself, so that more of it traps no less.
std::string axes_sentence(const LandscapeMeasurement& of) {
    if (of.noisy == 0) return "Samples differ in their gradients alone, and such noise never traps.";
    return fmt::format(
        "Curvatures differ from sample to sample along {} eigenvector{} (d_eff = {:.3g}), each a problem of "
        "its own: noise traps where it traps along every way out.",
        of.noisy, of.noisy == 1 ? "" : "s", *of.measured.noise_dimension);
}

/// Stochastic gradient descent beside the others, the cheapest first.
void append_predicted(Advice& advice, const Escape& escape) {
    const double parameters = static_cast<double>(advice.measurement.saddle.parameters());
    const double steepest_wall = std::max(advice.measurement.saddle.eigenvalues.back(), 0.0);
    for (const auto& p : advice.measurement.predictions)
        advice.ways.push_back(stochastic_descent(p, steepest_wall, escape, parameters));
    sort_by_cost(advice.ways);
}

void append_noise_sentences(Advice& advice) {
    const auto& measurement = advice.measurement;
    const double steepest_wall = std::max(measurement.saddle.eigenvalues.back(), 0.0);
    for (const auto& p : measurement.predictions)
        advice.sentences.push_back(noise_sentence(p, steepest_wall, measurement.pushed));
    if (const auto remedy = remedy_sentence(advice); !remedy.empty()) advice.sentences.push_back(remedy);
}

}  // namespace

Advice advise(const NetworkConfig& config) {
    Advice advice;
    advice.measurement = measure(config);
    const auto& saddle = advice.measurement.saddle;
    const double a = advice.measurement.noise.a;
    advice.curvature = std::max(std::abs(saddle.eigenvalues.front()), std::abs(saddle.eigenvalues.back()));
    advice.ways = race(NetworkLandscape(config.network, config.data, 0),
                       {saddle.point, saddle.ways_out, a, advice.curvature, config.escape.start,
                        config.escape.far, static_cast<double>(config.data.samples()), config.products.stop});
    append_predicted(advice, config.escape);
    advice.sentences = {cheapest_sentence(advice.ways, sample_gradients),
                        curvature_sentence(a, advice.curvature), dimension_sentence(advice.measurement)};
    append_noise_sentences(advice);
    return advice;
}

Advice advise(const LandscapeFile& file, StopToken stop) {
    const auto& asked = file.advice;
    const auto found = measure(file, stop);
    Advice advice;
    advice.measurement = found.measured;
    const auto& saddle = advice.measurement.saddle;
    const double a = advice.measurement.noise.a;
    advice.curvature = std::max(std::abs(saddle.eigenvalues.front()), std::abs(saddle.eigenvalues.back()));
    advice.ways = race(*file.landscape, {saddle.point, saddle.ways_out, a, advice.curvature, asked.start,
                                         asked.far, asked.samples, stop});
    append_predicted(advice, {asked.start, asked.far, 0});
    advice.sentences = {cheapest_sentence(advice.ways, asked.noisy() ? sample_gradients : "gradients"),
                        index_sentence(found), curvature_sentence(a, advice.curvature)};
    advice.sentences.push_back(
        asked.noisy() ? axes_sentence(found)
                      : "No noise is defined here (noise.sigma, noise.tau), so that the advice follows from "
                        "a/|H|, the index and the cost of second derivatives alone.");
    append_noise_sentences(advice);
    return advice;
}

}  // namespace noisetrap
