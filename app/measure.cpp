#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analysis/networks/measurement.hpp"
#include "app/commands.hpp"
#include "app/output_json.hpp"

namespace noisetrap {
namespace {

Json or_null(const std::optional<double>& x) { return x ? finite(*x) : Json(nullptr); }

Json to_json(const ProductGrowth& growth) { return to_json(Estimate{growth.rate, growth.error}); }

Json to_json(const TrapPrediction& p) {
    return {{"learning_rate", p.learning_rate},
            {"batch_size", p.batch},
            {"axis_rate", finite(p.axis_rate)},
            {"descent_rate", finite(p.descent_rate)},
            {"product_rate", to_json(p.product)},
            {"transverse_rate", p.transverse ? to_json(*p.transverse) : Json(nullptr)},
            {"ratio", finite(p.ratio())},
            {"escape_odds", or_null(p.odds)},
            {"verdict", p.verdict}};
}

Json json_of(const NetworkConfig& config, const Measurement& found) {
    const auto& noise = found.noise;
    Json json = {{"input", resolved_input(config.resolved)},
                 {"samples", config.data.samples()},
                 {"parameters", found.saddle.parameters()},
                 {"gradient", finite(found.saddle.gradient_norm)},
                 {"index", found.saddle.index()},
                 {"flat", found.saddle.flat()},
                 {"eigenvalues", found.saddle.eigenvalues},
                 {"escape_direction", found.saddle.escape},
                 {"a", to_json(Estimate{noise.a, noise.a_error})},
                 {"sigma", to_json(Estimate{noise.sigma, noise.sigma_error})},
                 {"tau", to_json(Estimate{noise.tau, noise.tau_error})},
                 {"rho", to_json(Estimate{noise.rho, noise.rho_error})},
                 {"noise_dimension", or_null(found.noise_dimension)},
                 {"critical_learning_rates", Json::array()},
                 {"critical_batches", Json::array()},
                 {"predictions", Json::array()}};
    for (const auto& at : found.by_batch)
        json["critical_learning_rates"].push_back({{"batch_size", at.batch},
                                                   {"exact", or_null(at.learning_rate)},
                                                   {"sde", finite(at.sde_learning_rate)}});
    for (const auto& at : found.by_rate)
        json["critical_batches"].push_back({{"learning_rate", at.learning_rate},
                                            {"exact", or_null(at.batch)},
                                            {"sde", finite(at.sde_batch)}});
    for (const auto& p : found.predictions) json["predictions"].push_back(to_json(p));
    return json;
}

void print_point(const NetworkConfig& config, const Measurement& found) {
    const auto& network = config.network;
    const auto& saddle = found.saddle;
    fmt::print("network of {} units, {}{}, {} loss: {} parameters, {} samples\n",
               fmt::join(network.widths, "-"), unit_function_names[static_cast<int>(network.unit)],
               network.bias ? " with biases" : "", network_loss_names[static_cast<int>(network.loss)],
               saddle.parameters(), config.data.samples());
    fmt::print(
        "critical point: |gradient| {:.3g}; eigenvalues of the Hessian: {} negative, {} flat, {} "
        "positive\n\n",
        saddle.gradient_norm, saddle.index(), saddle.flat(),
        static_cast<int>(saddle.parameters()) - saddle.index() - saddle.flat());
}

void print_number(const char* name, double value, double error, const char* meaning) {
    fmt::print("  {:<6}{:>14.9g}  {:<12} {}\n", name, value, error > 0 ? fmt::format("+- {:.3g}", error) : "",
               meaning);
}

void print_noise(const Measurement& found) {
    const auto& n = found.noise;
    fmt::print("along the way out, for batches of one sample:\n");
    print_number("a", n.a, n.a_error, "gradient descent multiplies the distance by 1 + l a at each step");
    print_number("sigma", n.sigma, n.sigma_error, "attractive noise: deviation of the samples' curvature");
    print_number("tau", n.tau, n.tau_error,
                 "diffusive noise: deviation of the samples' push at the point itself");
    if (n.sigma > 0 && n.tau > 0) print_number("rho", n.rho, n.rho_error, "correlation of the two");
    if (found.noise_dimension)
        print_number("d_eff", *found.noise_dimension, 0,
                     "matrices' worth of noise; 1: theory of one axis is exact");
}

void print_thresholds(const Measurement& found) {
    fmt::print("\nwhere the trap of one axis begins:\n");
    for (const auto& at : found.by_batch)
        fmt::print("  batch size {:<8} {} (SDE: {:.6g})\n", at.batch,
                   at.learning_rate ? fmt::format("trapped from learning rate {:.6g}", *at.learning_rate)
                                    : "trapped at no learning rate",
                   at.sde_learning_rate);
    for (const auto& at : found.by_rate)
        fmt::print(
            "  learning rate {:<5} {} (SDE: {:.6g})\n", fmt::format("{:g}", at.learning_rate),
            at.batch ? fmt::format("trapped below batch size {:.6g}", *at.batch) : "trapped at no batch size",
            at.sde_batch);
}

std::string with_error(const ProductGrowth& growth) {
    return fmt::format("{:.6f}({:.6f})", growth.rate, growth.error);
}

void print_predictions(const Measurement& found) {
    fmt::print("\ngrowth of log distance per step, s.e. in brackets; R is that over gradient descent's:\n");
    fmt::print("  {:>8} {:>5} {:>11} {:>21} {:>21} {:>7} {:>8}\n", "l", "b", "one axis", "whole matrices",
               "beside moving base", "R", "odds");
    for (const auto& p : found.predictions) {
        fmt::print("  {:>8g} {:>5} {:>11.6f} {:>21} {:>21} {:>7.3f} {:>8}\n", p.learning_rate, p.batch,
                   p.axis_rate, with_error(p.product), p.transverse ? with_error(*p.transverse) : "-",
                   p.ratio(), p.odds ? fmt::format("{:.4f}", *p.odds) : "-");
    }
    fmt::print("\n");
    for (const auto& p : found.predictions)
        fmt::print("  l = {:g}, b = {}: {}\n", p.learning_rate, p.batch, p.verdict);
}

}  // namespace

int measure(const MeasureOptions& options) {
    const auto config = read_network_config(options.file, options.settings);
    const auto found = measure(config);
    if (options.json == "-") {
        print_alone(json_of(config, found).dump(2) + "\n");
        return 0;
    }
    print_point(config, found);
    print_noise(found);
    print_thresholds(found);
    print_predictions(found);
    return 0;
}

}  // namespace noisetrap
