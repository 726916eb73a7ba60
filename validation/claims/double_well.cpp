// Claims about a shaken double well, which traps by attractive noise or by smoothing, and the surfaces that
// show both.
#include <fmt/core.h>

#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>

#include "analysis/statistics/significance.hpp"
#include "models/optimised.hpp"
#include "models/optimisers.hpp"
#include "models/shaken_double_well.hpp"
#include "validation/claims.hpp"
#include "validation/claims/recipes.hpp"
#include "validation/exact.hpp"
#include "validation/figure.hpp"

namespace noisetrap {
namespace {

constexpr double well_rate = 0.005, well_radius = 0.4;
constexpr std::uint64_t well_steps = 4000;

ParameterValues well(double shake, double sigma) { return {{"c", 1.0}, {"shake", shake}, {"sigma", sigma}}; }
const ParameterValues well_method = {{"learning_rate", well_rate}};

constexpr const char* double_well = "double well: noise or smoothing";

Estimate well_growth(Laboratory& laboratory, double sigma, std::uint64_t paths) {
    return later_growth(
        laboratory, under("shaken-double-well", "sgd", well(0, sigma), well_method, 1e-60, 500, paths), 100);
}

constexpr double near = 0.1;  // where the slope of the mean gradient is taken

/// E f'(x)/x at x = near: 4 (x^2 + 3 shake^2 - c), c = 1.
double smoothed_curvature(double shake) { return 4 * (near * near + 3 * shake * shake - 1); }

/// From one step of many paths.
Estimate mean_curvature(Laboratory& laboratory, double shake, std::uint64_t paths) {
    auto s = under("shaken-double-well", "sgd", well(shake, 0), well_method, near, 1, paths);
    s.observe.steps = {1};
    const auto x = laboratory.run(s).front().times[0].value.moments.mean_estimate();
    return {(near - x.value) / (near * well_rate), x.standard_error / (near * well_rate)};
}

Panel noise_panel(const std::vector<double>& noises, const std::vector<Estimate>& growth) {
    const auto fine = even(0.005, 1, 100);
    std::vector<double> rates;
    for (double spread : fine) rates.push_back(step_growth(Law::gaussian, 4 * well_rate, spread));
    Panel noise("attractive noise, no shaking", "strength l σ  (1/step)", "growth rate at x = 0  (1/step)");
    noise.theory("E log|1 + 4 c l + l ξ|", fine, rates).points("measured", noises, growth);
    return noise.level("trapped below", 0);
}

Panel shaking_panel(const std::vector<double>& shakes, const std::vector<Estimate>& curvature) {
    const auto fine = even(0, 0.9, 100);
    std::vector<double> slopes;
    for (double shake : fine) slopes.push_back(smoothed_curvature(shake));
    Panel smooth("shaking, no attractive noise", "shake s  (length)", "mean slope of f'  (1/step)");
    smooth.theory("4 (x² + 3 s² − c)", fine, slopes).points("measured", shakes, curvature);
    return smooth.level("attracts above", 0).mark("s² = c/3", std::sqrt(1.0 / 3));
}

struct Surface {
    const char* title;
    int row, column;
    double shake, sigma;
    /// E f(x + shake Z).
    double at(double x, double y) const {
        const double s2 = shake * shake, q = x * x + s2 - 1;
        return q * q + 4 * s2 * x * x + 2 * s2 * s2 + y * y + s2;
    }
};

/// A path of both coordinates, from which the engine reports the first: the loss's own struct, stepped here.
nlohmann::ordered_json path_on(const Surface& surface, double x0, double y0, std::uint64_t seed) {
    const Optimised<ShakenDoubleWellLoss<double>, Sgd, double> process{
        with_parameters<ShakenDoubleWell>(well(surface.shake, surface.sigma)).loss<double>(),
        with_parameters<Sgd>(well_method)};
    boost::random::mt19937_64 random(seed);
    boost::random::normal_distribution<double> normal;
    State<double, 2> w{{x0, y0}};
    std::vector<double> x, y, f;
    for (std::uint64_t n = 0; n <= 1600; ++n) {
        if (n % 10 == 0) {
            x.push_back(w.at[0]), y.push_back(w.at[1]);
            f.push_back(surface.at(w.at[0], w.at[1]));
        }
        const double z0 = normal(random), z1 = normal(random), z2 = normal(random);
        w = process.step(w, 1.0, n, Draw<double, 3>{{z0, z1, z2}});
    }
    return {{"x", x}, {"y", y}, {"f", f}};
}

std::string share_note(Laboratory& laboratory, const Surface& surface) {
    auto s = under("shaken-double-well", "sgd", well(surface.shake, surface.sigma), well_method, 0.3,
                   well_steps, 1 << 13);
    s.observe.steps = {s.steps};
    const auto sizes = laboratory.collect(s).front().log_abs[0];
    const auto inside = static_cast<std::uint64_t>(
        std::count_if(sizes.begin(), sizes.end(), [](double v) { return v < std::log(well_radius); }));
    const auto interval = wilson_interval(inside, sizes.size(), 0.05);
    return fmt::format("|x| < {} after {} steps: {:.1f} % of {} paths (95 %: {:.1f} to {:.1f} %)",
                       well_radius, well_steps,
                       100.0 * static_cast<double>(inside) / static_cast<double>(sizes.size()), sizes.size(),
                       100 * interval.low, 100 * interval.high);
}

nlohmann::ordered_json surface_panel(Laboratory& laboratory, const Surface& surface,
                                     const std::vector<double>& x, const std::vector<double>& y) {
    std::vector<std::vector<double>> f;
    for (double at_y : y) {
        f.emplace_back();
        for (double at_x : x) f.back().push_back(surface.at(at_x, at_y));
    }
    auto paths = nlohmann::ordered_json::array();
    for (const auto& [x0, y0] : {std::pair{0.3, 1.0}, {-0.1, -1.0}, {1.4, 0.8}})
        paths.push_back(path_on(surface, x0, y0, laboratory.take_seed()));
    return {{"title", surface.title},   {"row", surface.row},
            {"column", surface.column}, {"f", f},
            {"paths", paths},           {"note", share_note(laboratory, surface)}};
}

}  // namespace

Evidence remedy_double_well(Laboratory& laboratory) {
    Evidence evidence;
    const auto noises = even(0, 1, 6), shakes = even(0, 0.9, 7);
    std::vector<Estimate> growth, curvature;
    for (double spread : noises) growth.push_back(well_growth(laboratory, spread / well_rate, 1 << 12));
    for (double shake : shakes) curvature.push_back(mean_curvature(laboratory, shake, 1 << 17));
    constexpr double strong = 0.4 / well_rate;
    evidence.claims.push_back(
        {double_well, "attractive noise alone traps: growth of the linear map at x = 0",
         fmt::format("c = 1, shake = 0, l = {}, sigma = {}", well_rate, strong),
         well_growth(laboratory, strong, 1 << 15),
         WrongTheory::of(step_growth(Law::gaussian, 4 * well_rate, strong * well_rate))});
    for (double shake : {0.4, 0.75})
        evidence.claims.push_back(
            {double_well,
             shake * shake < 1.0 / 3 ? "little shaking: the mean gradient still repels"
                                     : "shaking alone traps: the mean gradient attracts",
             fmt::format("c = 1, sigma = 0, shake = {}, E f'/x at x = {}", shake, near),
             mean_curvature(laboratory, shake, 1 << 22), WrongTheory::of(smoothed_curvature(shake))});
    evidence.figures["remedy-double-well"] =
        figure("Two ways to be held between two wells",
               "Left: attractive noise leaves the mean surface as it is, and traps where it makes the growth "
               "rate negative. Right: taking the gradient at a shaken point smooths the surface, until the "
               "saddle of *f* = (*x*² − *c*)² + *y*², *c* = 1, is the minimum of its mean.",
               {noise_panel(noises, growth), shaking_panel(shakes, curvature)});
    return evidence;
}

nlohmann::ordered_json double_well_surfaces(Laboratory& laboratory) {
    const Surface surfaces[] = {{"no noise", 0, 0, 0, 0},
                                {"attractive noise, weak", 0, 1, 0, 0.1 / well_rate},
                                {"attractive noise, strong", 0, 2, 0, 0.4 / well_rate},
                                {"no shaking", 1, 0, 0, 0},
                                {"shaking, s² < c/3", 1, 1, 0.4, 0},
                                {"shaking, s² > c/3", 1, 2, 0.75, 0}};
    const auto x = even(-1.8, 1.8, 41), y = even(-1.2, 1.2, 41);
    auto panels = nlohmann::ordered_json::array();
    for (const auto& surface : surfaces) panels.push_back(surface_panel(laboratory, surface, x, y));
    return {
        {"title", "Two ways to be held between two wells"},
        {"caption",
         "*f* = (*x*² − *c*)² + *y*², *c* = 1. Top: attractive noise *ξ x* leaves the mean surface as it is. "
         "Bottom: the gradient is taken at a shaken point, and the surface drawn is its mean, E *f* at "
         "(*x*, *y*) + *s* (*Z*₁, *Z*₂); beyond *s*² = *c*/3 it has a single minimum, between the wells. "
         "Learning rate 0.005, three paths of 1600 steps each."},
        {"x", x},
        {"y", y},
        {"panels", panels}};
}

}  // namespace noisetrap
