#include "validation/claims/recipes.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "engine/input/config.hpp"
#include "validation/law_tests.hpp"

namespace noisetrap {

Simulation under(const char* loss, const char* optimiser, const ParameterValues& model,
                 const ParameterValues& method, double x0, std::uint64_t steps, std::uint64_t paths) {
    auto s = recursion(model, x0, steps, paths);
    s.entry = find_entry(loss, optimiser);
    s.method = method;
    return s;
}

Simulation run_of_text(const std::string& toml, std::uint64_t steps, std::uint64_t paths) {
    auto s = config_from_text(toml, "claim", {}).simulation;
    s.steps = steps;
    s.paths = paths;
    auto of = std::move(s.observe.of);
    s.observe = {};
    s.observe.of = std::move(of);
    s.observe.growth = false;
    s.observe.steps = {steps};
    return s;
}

ParameterValues saddle(double a, double sigma, double tau, const char* law) {
    return {{"a", a}, {"sigma", sigma}, {"tau", tau}, {"rho", 0.0}, {"law", law}, {"eta_law", "gaussian"}};
}

Estimate difference(const Estimate& a, const Estimate& b) {
    return {a.value - b.value, std::hypot(a.standard_error, b.standard_error)};
}

std::vector<double> doubles(const std::vector<std::uint64_t>& whole) { return {whole.begin(), whole.end()}; }

std::vector<Estimate> growth_of_each(Laboratory& laboratory, Simulation s) {
    s.observe.growth = true;
    std::vector<Estimate> rates;
    for (const auto& summary : laboratory.run(s))
        rates.push_back(scaled(summary.log_growth.moments.mean_estimate(), 1 / static_cast<double>(s.steps)));
    return rates;
}

Estimate growth_of(Laboratory& laboratory, Simulation s) {
    return growth_of_each(laboratory, std::move(s)).front();
}

Estimate later_growth(Laboratory& laboratory, Simulation s, std::uint64_t from) {
    s.observe.steps = {from, s.steps};
    const auto columns = laboratory.collect(s).front();
    auto growth = columns.log_abs[1];
    for (std::size_t i = 0; i < growth.size(); ++i) growth[i] -= columns.log_abs[0][i];
    const auto moments = Moments::of(growth);
    if (growth.size() - moments.count > growth.size() / 4096)
        throw std::runtime_error("too many paths have come to x = 0");
    return scaled(moments.mean_estimate(), 1 / static_cast<double>(s.steps - from));
}

Estimate rms_difference(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> squares;
    for (std::size_t i = 0; i < a.size(); ++i) squares.push_back((a[i] - b[i]) * (a[i] - b[i]));
    const auto mean = Moments::of(squares).mean_estimate();
    const double root = std::sqrt(mean.value);
    return {root, mean.standard_error / (2 * root)};
}

Estimate share_within(const std::vector<double>& log_abs, double r) {
    return share_of(log_abs, [bound = std::log(r)](double v) { return v < bound; });
}

double change_by_third(double at_4h, double at_2h, double at_h) {
    return std::abs(2 * at_h - 3 * at_2h + at_4h) / 3;
}

}  // namespace noisetrap
