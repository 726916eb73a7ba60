// The stationary law of the SDE: Student t (rho = 0), inverse gamma (rho = 1 or -1), Pearson IV (between).
// Measured at two time steps and extrapolated; measured at several times, so that it is seen to have stopped
// moving.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/laws/stationary_law.hpp"
#include "validation/experiment.hpp"

namespace noisetrap {
namespace {

constexpr const char* section = "stationary law";
constexpr double sigma = 1, tau = 0.5, coarse_dt = 1.0 / 32, fine_dt = 1.0 / 64;
constexpr std::uint64_t paths = 1 << 18;
const std::vector<double> probabilities = {0.05, 0.25, 0.5, 0.75, 0.95};

struct Case {
    double a, rho, t_end;
    std::vector<double> times;
    StationaryLaw law;
    std::string parameters() const {
        return fmt::format("a = {}, sigma = {}, tau = {}, rho = {}", a, sigma, tau, rho);
    }
};

std::vector<double> quantiles(const StationaryLaw& law) {
    std::vector<double> x;
    for (double p : probabilities) x.push_back(law.quantile(p));
    return x;
}

std::vector<double> density_edges() {
    std::vector<double> edges;
    for (int i = 0; i <= 240; ++i) edges.push_back(-3 + i / 40.0);
    return edges;
}

std::vector<double> survival_radii() {
    std::vector<double> radii;
    for (int i = 0; i <= 24; ++i) radii.push_back(std::pow(10.0, -1 + i / 4.0));
    return radii;
}

/// -r descending, then r ascending.
std::vector<double> both_sides(const std::vector<double>& radii) {
    std::vector<double> edges;
    for (auto r = radii.rbegin(); r != radii.rend(); ++r) edges.push_back(-*r);
    edges.insert(edges.end(), radii.begin(), radii.end());
    return edges;
}

EnsembleSummary measure(Laboratory& laboratory, const Case& c, double dt) {
    auto simulation =
        euler_maruyama({{"a", c.a}, {"sigma", sigma}, {"tau", tau}, {"rho", c.rho}}, 1.0, c.t_end, dt, paths);
    observe_at(simulation, c.times);
    simulation.observe.bin_edges = {quantiles(c.law), density_edges(), both_sides(survival_radii())};
    return laboratory.run(simulation).front();
}

std::uint64_t outside(const EdgeCounts& counts, std::size_t radius, std::size_t radii) {
    std::uint64_t paths_outside = 0;
    for (std::size_t i = 0; i <= radii - 1 - radius; ++i) paths_outside += counts.counts[i];
    for (std::size_t i = radii + radius + 1; i < counts.counts.size(); ++i) paths_outside += counts.counts[i];
    return paths_outside;
}

void add_claims(const Case& c, const EnsembleSummary& coarse, const EnsembleSummary& fine,
                std::vector<Claim>& claims) {
    const auto& last_coarse = coarse.times.back().value.bins[0];
    const auto& last = fine.times.back().value.bins[0];
    const auto& before = fine.times[fine.times.size() - 2].value.bins[0];
    for (std::size_t i = 0; i < probabilities.size(); ++i) {
        if (i == 1 || i == 3) continue;
        const auto limit = extrapolate(last_coarse.cumulative(i), last.cumulative(i));
        claims.push_back({section, fmt::format("{}: cdf at its {} quantile", c.law.name(), probabilities[i]),
                          c.parameters(), limit.estimate, probabilities[i], limit.discretisation});
    }
    // The same paths at both times: the standard error of independent ones is an upper bound.
    const auto now = last.cumulative(3), then = before.cumulative(3);
    claims.push_back({section,
                      fmt::format("has stopped moving: cdf at the 0.75 quantile, t = {} less t = {}",
                                  c.times.back(), c.times[c.times.size() - 2]),
                      c.parameters(),
                      {now.value - then.value, std::hypot(now.standard_error, then.standard_error)},
                      0});
    const auto radii = survival_radii();
    const auto& tails = fine.times.back().value.bins[2];
    const std::size_t r1 = c.a > 0 ? 12 : 8, r2 = r1 + 4;
    claims.push_back(
        {section, "tail: P(|x| > r) falls by the law's own power",
         fmt::format("{}, {:g} < r < {:g}", c.parameters(), radii[r1], radii[r2]),
         tail_slope(outside(tails, r1, radii.size()), outside(tails, r2, radii.size()), radii[r1], radii[r2]),
         std::log(c.law.two_sided_survival(radii[r1]) / c.law.two_sided_survival(radii[r2])) /
             std::log(radii[r2] / radii[r1])});
}

nlohmann::ordered_json time_json(const StepSummary& at, double t) {
    nlohmann::ordered_json density, survival;
    const auto& bins = at.value.bins[1];
    for (std::size_t i = 0; i + 1 < bins.edges.size(); ++i) {
        const auto d = bins.density(i);
        density["lower"].push_back(bins.edges[i]);
        density["upper"].push_back(bins.edges[i + 1]);
        density["value"].push_back(d.value);
        density["standard_error"].push_back(d.standard_error);
    }
    const auto radii = survival_radii();
    for (std::size_t i = 0; i < radii.size(); ++i) {
        const auto p = proportion(outside(at.value.bins[2], i, radii.size()), paths);
        survival["r"].push_back(radii[i]);
        survival["value"].push_back(p.value);
        survival["standard_error"].push_back(p.standard_error);
    }
    return {{"t", t}, {"density", density}, {"survival", survival}};
}

nlohmann::ordered_json panel(const Case& c, const EnsembleSummary& fine) {
    nlohmann::ordered_json json = {
        {"a", c.a}, {"rho", c.rho}, {"law", std::string(c.law.name())}, {"tail_index", c.law.tail_index()}};
    for (int i = 0; i <= 480; ++i) {
        const double x = -3 + i / 80.0;
        json["density"]["x"].push_back(x);
        json["density"]["theory"].push_back(c.law.density(x));
    }
    for (int i = 0; i <= 240; ++i) {
        const double r = std::pow(10.0, -1 + i / 40.0);
        json["survival"]["r"].push_back(r);
        json["survival"]["theory"].push_back(c.law.two_sided_survival(r));
    }
    for (std::size_t i = 0; i < c.times.size(); ++i)
        json["times"].push_back(time_json(fine.times[i], c.times[i]));
    return json;
}

}  // namespace

Experiment stationary_laws(Laboratory& laboratory) {
    Experiment e{"stationary",
                 {{"sigma", sigma},
                  {"tau", tau},
                  {"paths", paths},
                  {"dt", fine_dt},
                  {"panels", nlohmann::json::array()}},
                 {}};
    for (double a : {0.1, -0.3})
        for (double rho : {-1.0, 0.0, 0.95, 1.0}) {
            const std::vector<double> times =
                a > 0 ? std::vector<double>{1, 4, 16, 48, 64} : std::vector<double>{0.5, 1.5, 4, 16, 24};
            const Case c{a, rho, times.back(), times, stationary_law(a, sigma, tau, rho)};
            const auto coarse = measure(laboratory, c, coarse_dt), fine = measure(laboratory, c, fine_dt);
            add_claims(c, coarse, fine, e.claims);
            e.data["panels"].push_back(panel(c, fine));
        }
    return e;
}

}  // namespace noisetrap
