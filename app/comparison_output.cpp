#include "app/comparison_output.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "app/hdf5_file.hpp"
#include "app/output_hdf5.hpp"
#include "engine/runs/plan.hpp"
#include "engine/version.hpp"

namespace noisetrap {
namespace {

Json values_json(const ParameterValues& values) {
    Json json = Json::object();
    for (const auto& [key, value] : values) std::visit([&, &k = key](const auto& v) { json[k] = v; }, value);
    return json;
}

Json varied_json(const Contender& contender) {
    Json json = Json::object();
    const auto all = values_json(contender.parameters);
    for (const auto& key : contender.varied) json[key] = all[key];
    return json;
}

Json to_json(const Odds& odds) {
    return {{"value", finite(odds.value)}, {"low", odds.interval.low}, {"high", odds.interval.high}};
}

Json survival_json(const Outcome& o) {
    Json json = {
        {"cost", o.costs}, {"inside", Json::array()}, {"low", Json::array()}, {"high", Json::array()}};
    for (const auto& odds : o.inside) {
        json["inside"].push_back(finite(odds.value));
        json["low"].push_back(odds.interval.low);
        json["high"].push_back(odds.interval.high);
    }
    return json;
}

Json contender_json(const Comparison& comparison, const Contender& c, const Outcome& o) {
    Json costs = Json::object();
    for (std::size_t i = 0; i < comparison.quantiles.size(); ++i)
        costs[fmt::format("{}", comparison.quantiles[i])] = to_json(o.cost_of_escape[i]);
    return {{"label", c.label},
            {"optimiser", c.entry->method},
            {"equation", c.entry->method_equation},
            {"parameters", values_json(c.parameters)},
            {"varied", varied_json(c)},
            {"cost",
             {{"per_step", c.cost.per_step}, {"landmark", c.cost.landmark}, {"interval", c.cost.interval}}},
            {"steps", c.steps},
            {"evaluations", o.evaluations},
            {"escaped", o.escaped},
            {"failed", o.failed},
            {"odds", to_json(o.odds)},
            {"cost_of_escape", costs},
            {"growth_per_gradient", o.growth ? to_json(*o.growth) : Json(nullptr)},
            {"survival", survival_json(o)},
            {"rank", o.rank},
            {"best", o.best},
            {"typical", o.typical}};
}

std::string varied_text(const Contender& c) {
    std::vector<std::string> parts;
    for (const auto& key : c.varied)
        parts.push_back(
            std::visit([&](const auto& v) { return fmt::format("{} = {}", key, v); }, c.parameters.at(key)));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string cost_text(const Estimate& cost) {
    return std::isfinite(cost.value) ? fmt::format("{:.4g}", cost.value) : "never";
}

std::string growth_text(const std::optional<Estimate>& growth) {
    if (!growth) return "-";
    if (!std::isfinite(growth->value)) return "not finite";
    return fmt::format("{:>11.3e} ± {:<8.1e}", growth->value, growth->standard_error);
}

const char* place_text(const Contender& c, const Outcome& o) {
    if (c.varied.empty()) return "";
    return o.best && o.typical ? "best, typical" : o.best ? "best" : o.typical ? "typical" : "";
}

std::string contender_text(const Contender& c, const Outcome& o) {
    std::vector<std::string> costs;
    for (const auto& cost : o.cost_of_escape) costs.push_back(cost_text(cost));
    return fmt::format("  {:<16} {:<34} {:<13} {:>8.4f} [{:.4f}, {:.4f}]  {:<30} {}{}\n", c.label,
                       varied_text(c), place_text(c, o), o.odds.value, o.odds.interval.low,
                       o.odds.interval.high, fmt::format("{}", fmt::join(costs, " / ")),
                       growth_text(o.growth), o.failed ? fmt::format("  ({} paths failed)", o.failed) : "");
}

}  // namespace

Json comparison_json(const Comparison& comparison, const RunFacts& facts,
                     const std::vector<Outcome>& outcomes) {
    const auto& s = comparison.common;
    const auto& model = *comparison.contenders.front().entry;
    Json json = {
        {"noisetrap", version()},
        {"revision", revision()},
        {"device", facts.device},
        {"backend", facts.backend},
        {"ranks", facts.ranks},
        {"threads", facts.threads},
        {"precision", precision_name(s.run.precision)},
        {"wall_seconds", facts.wall_seconds},
        {"path_steps", facts.path_steps},
        {"seed", s.seed},
        {"paths", s.paths},
        {"x0", s.x0},
        {"budget", comparison.budget},
        {"exit_radius", s.observe.exit_radius},
        {"quantiles", comparison.quantiles},
        {"model",
         {{"name", model.model}, {"equation", model.equation}, {"parameters", values_json(s.ensembles[0])}}},
        {"contenders", Json::array()}};
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        json["contenders"].push_back(contender_json(comparison, comparison.contenders[i], outcomes[i]));
    return json;
}

std::vector<Simulation> simulations_of(const Comparison& comparison) {
    std::vector<Simulation> simulations;
    for (const auto& contender : comparison.contenders)
        simulations.push_back(simulation_of(comparison, contender));
    return simulations;
}

std::vector<EnsembleSummary> run_all(const Comparison& comparison, CheckpointStore& checkpoints,
                                     const Progress& tell, RunFacts& facts) {
    std::vector<EnsembleSummary> summaries;
    const auto simulations = simulations_of(comparison);
    prepare(simulations);
    double before = 0;
    for (const auto& simulation : simulations) {
        const auto place = static_cast<double>(summaries.size());
        const auto count = static_cast<double>(comparison.contenders.size());
        // in millionths of a contender, each of which has its share of the whole
        const Progress progress = [&](std::uint64_t done, std::uint64_t total, double seconds) {
            const double share = (place + static_cast<double>(done) / static_cast<double>(total)) / count;
            if (tell) tell(static_cast<std::uint64_t>(share * 1e6), 1000000, before + seconds);
        };
        auto result = checkpoints.run(simulation, tell ? progress : Progress{});
        summaries.push_back(std::move(result.ensembles[0]));
        before += result.facts.wall_seconds;
        const auto path_steps = facts.path_steps + result.facts.path_steps;
        facts = result.facts;
        facts.path_steps = path_steps;
        facts.wall_seconds = before;
    }
    return summaries;
}

std::string table_text(const Comparison& comparison, const RunFacts& facts,
                       const std::vector<Outcome>& outcomes) {
    const auto& s = comparison.common;
    auto text = fmt::format(
        "{}: {} paths, {:g} gradients each, escaped at |x| >= {:g}; {:.3g} s, {:.2e} path-steps/s\n",
        comparison.contenders.front().entry->model, s.paths, comparison.budget, s.observe.exit_radius,
        facts.wall_seconds, facts.path_steps_per_second());
    text += fmt::format("  {:<16} {:<34} {:<13} {:>8} {:<17} {:<30} {}\n", "optimiser", "of its grid", "",
                        "escaped", " 95 % interval",
                        fmt::format("cost: {} quantiles", fmt::join(comparison.quantiles, " / ")),
                        "growth per gradient");
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        if (outcomes[i].best || outcomes[i].typical)
            text += contender_text(comparison.contenders[i], outcomes[i]);
    return text;
}

void write_hdf5(const OutputFolder& folder, const Comparison& comparison,
                const std::vector<Outcome>& outcomes) {
    Hdf5File file;
    file.attribute("/", "noisetrap", version());
    file.attribute("/", "revision", revision());
    file.text("configuration", provenance(comparison.resolved, comparison.common.run));
    std::vector<std::uint64_t> numbers, escaped, failed, steps;
    std::vector<double> odds, low, high, costs, errors, growth, growth_error;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const auto& o = outcomes[i];
        numbers.push_back(i), escaped.push_back(o.escaped), failed.push_back(o.failed);
        steps.push_back(comparison.contenders[i].steps);
        odds.push_back(o.odds.value), low.push_back(o.odds.interval.low),
            high.push_back(o.odds.interval.high);
        for (const auto& cost : o.cost_of_escape)
            costs.push_back(cost.value), errors.push_back(cost.standard_error);
        growth.push_back(o.growth ? o.growth->value : std::nan(""));
        growth_error.push_back(o.growth ? o.growth->standard_error : std::nan(""));
    }
    file.coordinate<std::uint64_t>("contender", numbers, "1", "place in compare.json");
    file.coordinate<double>("probability", comparison.quantiles, "1", "of the quantiles");
    file.dataset<std::uint64_t>("steps", steps, {"contender"}, "1", "steps that the budget pays for");
    file.dataset<std::uint64_t>("escaped", escaped, {"contender"}, "paths", "that escaped within the budget");
    file.dataset<std::uint64_t>("failed", failed, {"contender"}, "paths", "that stopped being numbers");
    file.dataset<double>("odds", odds, {"contender"}, "1", "of escape within the budget");
    file.dataset<double>("odds_low", low, {"contender"}, "1", "lower end of the 95 % interval");
    file.dataset<double>("odds_high", high, {"contender"}, "1", "upper end of the 95 % interval");
    file.dataset<double>("cost_of_escape", costs, {"contender", "probability"}, "gradients", "quantiles");
    file.dataset<double>("cost_of_escape_standard_error", errors, {"contender", "probability"}, "gradients",
                         "standard error");
    file.dataset<double>("growth", growth, {"contender"}, "1/gradient", "of log |dx(n)/dx(0)|");
    file.dataset<double>("growth_standard_error", growth_error, {"contender"}, "1/gradient",
                         "standard error");
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const auto group = fmt::format("survival_{}", i);
        std::vector<double> inside;
        for (const auto& share : outcomes[i].inside) inside.push_back(share.value);
        file.group(group.c_str());
        file.coordinate<double>(group + "/cost", outcomes[i].costs, "gradients", "spent so far");
        file.dataset<double>(group + "/inside", inside, {group + "/cost"}, "1",
                             "share of paths that have not escaped");
    }
    folder.write("data.h5", file.bytes());
}

}  // namespace noisetrap
