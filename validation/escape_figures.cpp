#include "validation/escape_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace noisetrap {
namespace {

using Json = nlohmann::ordered_json;

bool over_batches(const EscapeConfig& config) {
    return config.learning_rates.size() == 1 && config.batches.size() > 1;
}

/// One series of a panel: the runs that differ in what the panel has along its foot.
struct Series {
    std::string label;  // empty, or followed by a comma
    std::vector<double> x;
    std::vector<const EscapeOfSteps*> runs;

    std::vector<Estimate> of(Estimate (*number)(const EscapeOfSteps&)) const {
        std::vector<Estimate> numbers;
        for (const auto* run : runs) numbers.push_back(number(*run));
        return numbers;
    }
};

/// What tells one series from others, where there are any.
std::string label_of(const EscapeConfig& config, int batch) {
    return over_batches(config) || config.batches.size() == 1 ? "" : fmt::format("b = {}, ", batch);
}

std::vector<Series> series_of(const EscapeConfig& config, const EscapeResult& result, double unit) {
    std::vector<Series> found;
    const bool batches = over_batches(config);
    for (const auto& run : result.runs) {
        const auto label = label_of(config, run.batch);
        auto at = std::find_if(found.begin(), found.end(), [&](const auto& s) { return s.label == label; });
        if (at == found.end()) at = found.insert(at, {label, {}, {}});
        at->x.push_back(batches ? run.batch : run.learning_rate / unit);
        at->runs.push_back(&run);
    }
    return found;
}

/// What learning rates are measured in: the critical one of single samples, where there is one.
std::optional<double> critical_rate(const EscapeResult& result) {
    const auto& known = result.measured.by_batch;
    return known.empty() ? std::nullopt : known.front().learning_rate;
}

double unit_of(const EscapeResult& result) { return critical_rate(result).value_or(1); }

std::string foot_of(const EscapeConfig& config, const EscapeResult& result) {
    if (over_batches(config)) return "batch size b";
    return critical_rate(result) ? "learning rate over the critical one of single samples"
                                 : "learning rate l";
}

std::vector<double> scaled(std::vector<double> values, double unit) {
    for (double& value : values) value /= unit;
    return values;
}

std::vector<double> descent_of(const EscapeResult& result, const std::vector<double>& learning_rates) {
    std::vector<double> growth;
    for (const double rate : learning_rates) growth.push_back(std::log1p(rate * result.measured.noise.a));
    return growth;
}

/// The predictions of a series' own runs, joined.
template <class Of>
void join_predictions(Panel& panel, const std::string& label, const Series& series, Of predicted) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < series.runs.size(); ++i)
        if (const std::optional<double> value = predicted(*series.runs[i])) {
            x.push_back(series.x[i]);
            y.push_back(*value);
        }
    if (!x.empty()) panel.theory(label, x, y);
}

/// Over learning rates one axis gives a line; over batch sizes there are whole numbers alone.
bool draws_lines(const EscapeConfig& config, const EscapeResult& result) {
    return !over_batches(config) && !result.lines.empty();
}

Json growth_figure(const EscapeConfig& config, const EscapeResult& result) {
    const double unit = unit_of(result);
    Panel panel("", foot_of(config, result), "growth of log distance  (per step)");
    for (const auto& series : series_of(config, result, unit)) {
        panel.points(series.label + "seen", series.x,
                     series.of([](const EscapeOfSteps& run) { return *run.growth; }));
        if (!draws_lines(config, result))
            join_predictions(panel, series.label + "predicted", series,
                             [](const EscapeOfSteps& run) { return run.predicted_growth.value; });
    }
    if (draws_lines(config, result))
        for (const auto& line : result.lines)
            panel.theory(label_of(config, line.batch) + "predicted", scaled(line.learning_rates, unit),
                         line.growth);
    auto rates = config.learning_rates;
    std::sort(rates.begin(), rates.end());
    if (!over_batches(config) && rates.size() > 1)
        panel.reference("gradient descent", scaled(rates, unit), descent_of(result, rates));
    panel.level("above, paths leave; below, they fall in", 0);
    return figure(
        "How fast distances grow",
        fmt::format("Growth of the log distance from the saddle along the way out, over {} paths so "
                    "near that nothing but the linearised steps counts, with two standard errors.",
                    config.growth_paths),
        {panel});
}

Json survival_figure(const EscapeResult& result) {
    Panel panel("", "step n", "share of paths that are still there");
    panel.x_scale("log").y_limits(0, 1.02);
    for (const auto& run : result.runs) {
        std::vector<Estimate> shares;
        for (const double share : run.survival)
            shares.push_back({share, std::sqrt(share * (1 - share) / static_cast<double>(run.paths))});
        panel.points(fmt::format("l = {:.4g}, b = {}", run.learning_rate, run.batch), run.survival_steps,
                     shares);
    }
    return figure("Neither left nor fallen in",
                  "The share of paths that have done neither after so many steps. What is left at the end is "
                  "undecided, and counts as not having left.",
                  {panel});
}

}  // namespace

Panel odds_panel(const std::string& title, const EscapeConfig& config, const EscapeResult& result) {
    Panel panel(title, foot_of(config, result), "odds of leaving");
    panel.y_limits(-0.03, 1.03);
    return panel;
}

void draw_odds(Panel& panel, const EscapeConfig& config, const EscapeResult& result) {
    const double unit = unit_of(result);
    for (const auto& series : series_of(config, result, unit)) {
        panel.points(series.label + "seen", series.x,
                     series.of([](const EscapeOfSteps& run) { return run.odds; }));
        if (over_batches(config))
            join_predictions(panel, series.label + "predicted", series,
                             [](const EscapeOfSteps& run) { return run.predicted_odds.value; });
    }
    if (!draws_lines(config, result)) return;
    for (const auto& line : result.lines)
        if (!line.odds.empty())
            panel.theory(label_of(config, line.batch) + "predicted", scaled(line.learning_rates, unit),
                         line.odds);
}

Panel exit_time_panel(const std::string& title, const EscapeConfig& config) {
    Panel panel(title, over_batches(config) ? "batch size b" : "learning rate l", "mean exit time  (steps)");
    panel.y_scale("log");
    return panel;
}

void draw_exit_times(Panel& panel, const EscapeConfig& config, const EscapeResult& result) {
    for (const auto& series : series_of(config, result, 1)) {
        panel.points(series.label + "seen", series.x,
                     series.of([](const EscapeOfSteps& run) { return run.exit_time; }));
        join_predictions(panel, series.label + "predicted", series,
                         [](const EscapeOfSteps& run) { return run.predicted_time.value; });
    }
}

static Json odds_figure(const EscapeConfig& config, const EscapeResult& result) {
    auto panel = odds_panel("", config, result);
    draw_odds(panel, config, result);
    if (!over_batches(config) && critical_rate(result))
        panel.mark("on one axis, sgd is trapped from here on", 1);
    return figure("The odds of leaving",
                  fmt::format("Shares of {} paths each that came from a distance of {:g} to {:g}, with two "
                              "standard errors, beside what one axis predicts where it is exact.",
                              config.paths, config.escape.start, config.escape.far),
                  {panel});
}

/// Whether theory has an exit time of some run.
static bool is_timed(const EscapeResult& result) {
    return std::any_of(result.runs.begin(), result.runs.end(),
                       [](const EscapeOfSteps& run) { return run.predicted_time.value.has_value(); });
}

static Json exit_time_figure(const EscapeConfig& config, const EscapeResult& result) {
    auto panel = exit_time_panel("", config);
    draw_exit_times(panel, config, result);
    return figure("How long leaving takes",
                  fmt::format("Mean number of steps of the paths that left, at a distance of {:g}, with two "
                              "standard errors{}.",
                              config.escape.far,
                              config.along_way_out ? ", beside that of one axis in continuous time"
                              : is_timed(result)   ? ", beside theory"
                                                   : ""),
                  {panel});
}

Json escape_figures(const EscapeConfig& config, const EscapeResult& result) {
    Json figures = Json::object();
    const bool some_left = std::any_of(result.runs.begin(), result.runs.end(),
                                       [](const EscapeOfSteps& run) { return run.left > 1; });
    // The first figure opens the page: exit times where theory tells them.
    const bool timed = config.along_way_out || is_timed(result);
    if (some_left && timed) figures["exit-times"] = exit_time_figure(config, result);
    if (!config.along_way_out) figures["odds"] = odds_figure(config, result);
    if (result.no_growth.empty()) figures["growth"] = growth_figure(config, result);
    if (some_left && !timed) figures["exit-times"] = exit_time_figure(config, result);
    figures["survival"] = survival_figure(result);
    return figures;
}

}  // namespace noisetrap
