#include "app/measure_output.hpp"

#include <fmt/format.h>

#include <cmath>

#include "app/escape_output.hpp"

namespace noisetrap {
namespace {

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

}  // namespace

Json measure_json(const NetworkConfig& config, const Measurement& found) {
    auto json = point_json(config, found);
    json.update(Json{{"critical_learning_rates", critical_json(found.by_batch)},
                     {"critical_batches", Json::array()},
                     {"predictions", Json::array()}});
    for (const auto& at : found.by_rate)
        json["critical_batches"].push_back({{"learning_rate", at.learning_rate},
                                            {"exact", or_null(at.batch)},
                                            {"always", at.batch && std::isinf(*at.batch)},
                                            {"sde", finite(at.sde_batch)}});
    for (const auto& p : found.predictions) json["predictions"].push_back(to_json(p));
    return json;
}

namespace {

std::string thresholds_text(const Measurement& found) {
    std::string text = fmt::format("\nwhere the trap of one axis begins:\n");
    for (const auto& at : found.by_batch)
        text +=
            fmt::format("  batch size {:<8} {} (SDE: {:.6g})\n", at.batch,
                        at.learning_rate ? fmt::format("trapped from learning rate {:.6g}", *at.learning_rate)
                                         : "trapped at no learning rate",
                        at.sde_learning_rate);
    for (const auto& at : found.by_rate)
        text +=
            fmt::format("  learning rate {:<5} {} (SDE: {:.6g})\n", fmt::format("{:g}", at.learning_rate),
                        !at.batch               ? "trapped at no batch size"
                        : std::isinf(*at.batch) ? "trapped at every batch size that was tried"
                                                : fmt::format("trapped below batch size {:.6g}", *at.batch),
                        at.sde_batch);
    return text;
}

std::string with_error(const ProductGrowth& growth) {
    return fmt::format("{:.6f}({:.6f})", growth.rate, growth.error);
}

std::string predictions_text(const Measurement& found) {
    std::string text = fmt::format(
        "\ngrowth of log distance per step, s.e. in brackets; R is that over gradient descent's:\n");
    text += fmt::format("  {:>8} {:>5} {:>11} {:>21} {:>21} {:>7} {:>8}\n", "l", "b", "one axis",
                        "whole matrices", "beside moving base", "R", "odds");
    for (const auto& p : found.predictions) {
        text +=
            fmt::format("  {:>8g} {:>5} {:>11.6f} {:>21} {:>21} {:>7.3f} {:>8}\n", p.learning_rate, p.batch,
                        p.axis_rate, with_error(p.product), p.transverse ? with_error(*p.transverse) : "-",
                        p.ratio(), p.odds ? fmt::format("{:.4f}", *p.odds) : "-");
    }
    text += "\n";
    for (const auto& p : found.predictions)
        text += fmt::format("  l = {:g}, b = {}: {}\n", p.learning_rate, p.batch, p.verdict);
    return text;
}

}  // namespace

std::string measure_text(const NetworkConfig& config, const Measurement& found) {
    return point_text(config, found) + thresholds_text(found) + predictions_text(found);
}

}  // namespace noisetrap
