// The estimates whose coverage is looked at: every kind that `simulate` and `sweep` print, where the exact answer is
// that of the very steps that are taken, so that nothing but chance lies between the two.
#include "validation/coverage.hpp"

#include <fmt/format.h>

#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <functional>
#include <numeric>

#include "analysis/answers/findings.hpp"
#include "analysis/sweeps/point_source.hpp"
#include "validation/exact.hpp"
#include "validation/references.hpp"
#include "validation/sweep_presets.hpp"
#include "validation/swept_points.hpp"

namespace noisetrap {
namespace {

/// An estimate of `simulate`, and what is exact for it.
struct Printed {
    std::string quantity;
    std::function<Estimate(const Findings&)> estimate;
    double exact;
    Promise promise = Promise::normal;
};

/// An observable of `sweep`, as its file names it.
struct Observed {
    std::string observable;
    double exact;
    Promise promise = Promise::normal;
};

class Studies {
    Laboratory& laboratory_;
    std::string section_;
    std::size_t ensembles_;
    std::vector<Reading> readings_;

  public:
    Studies(Laboratory& laboratory, std::string section, std::size_t ensembles)
        : laboratory_(laboratory), section_(std::move(section)), ensembles_(ensembles) {}

    /// `simulate` with the ensemble of this file, many times.
    void simulate(const std::string& parameters, const std::string& toml,
                  const std::vector<Printed>& printed) {
        const auto first = readings_.size();
        for (const auto& p : printed)
            readings_.push_back({p.quantity + ", simulate", parameters, p.exact, {}, p.promise});
        auto config = config_from_text(toml, "coverage", {});
        config.simulation.ensembles.resize(ensembles_, config.simulation.ensembles.front());
        const auto summaries = laboratory_.run_as_written(config.simulation);
        for (const auto& summary : summaries) {
            const auto findings = findings_of(config, summary);
            for (std::size_t i = 0; i < printed.size(); ++i)
                readings_[first + i].estimates.push_back(printed[i].estimate(findings));
        }
    }

    /// `sweep` with the first point of this file, many times; its observables are added to it.
    void sweep(const std::string& parameters, const std::string& toml,
               const std::vector<Observed>& observed) {
        std::string names;
        for (const auto& o : observed)
            names += fmt::format("{}'{}'", names.empty() ? "" : ", ", o.observable);
        const auto measured = laboratory_.measured_again(
            sweep_from_text(toml + fmt::format("\nobserve = [{}]\n", names), "coverage", {}, host_models()),
            ensembles_);
        for (std::size_t i = 0; i < observed.size(); ++i) {
            Reading reading{
                observed[i].observable + ", sweep", parameters, observed[i].exact, {}, observed[i].promise};
            for (const auto& point : measured) reading.estimates.push_back(point[i]);
            readings_.push_back(std::move(reading));
        }
    }

    void add(Reading reading) { readings_.push_back(std::move(reading)); }
    Evidence evidence() const { return coverage_evidence(section_, readings_); }
};

/// The answer of the table for the run of this file.
double known(const std::string& toml, Quantity quantity, Of of, double t = 0, double at = 0) {
    const auto config = config_from_text(toml, "coverage", {});
    return exact(quantity, of, {config.simulation, 0, t, at});
}

std::string saddle_file(const std::string& model, int steps, int paths, const std::string& more = "") {
    return fmt::format(
        "model = {{name = 'noisy-saddle', {}}}\noptimiser = {{name = 'sgd', learning_rate = 1.0}}\n"
        "integrator.steps = {}\nensemble.paths = {}\n{}\n",
        model, steps, paths, more);
}

std::string sde_file(const std::string& model, const char* scheme, double dt, double t_end, int paths,
                     const std::string& more = "") {
    return fmt::format(
        "model = {{name = 'linear-sde', {}}}\nintegrator = {{scheme = '{}', dt = {}, t_end = {}}}\n"
        "ensemble.paths = {}\n{}\n",
        model, scheme, dt, t_end, paths, more);
}

/// A sweep has an axis; its first point is the one that is measured.
std::string swept(const std::string& file, const std::string& axis) {
    return file + "\n[sweep]\nphases = false\n" + axis;
}

Estimate growth_rate(const Findings& f) { return f.growth_rate.estimate; }
Estimate plain_growth_rate(const Findings& f) { return f.plain_growth_rate.value(); }
auto at_end(Finding TimeFindings::*member) {
    return [member](const Findings& f) { return (f.times.back().*member).estimate; };
}
auto quantile_at_end(std::size_t i) {
    return [i](const Findings& f) { return f.times.back().quantiles[i].estimate; };
}
auto cdf_at_end(std::size_t i) {
    return [i](const Findings& f) { return f.times.back().cdf[i].estimate; };
}

Evidence growth_coverage(Laboratory& laboratory, std::size_t ensembles) {
    Studies studies(laboratory, "coverage of growth rates", ensembles);
    const auto gaussian = saddle_file("a = 0.1, sigma = 0.6, tau = 0.0", 256, 1024);
    studies.simulate(
        "a = 0.1, sigma = 0.6, 1024 paths of 256 steps", gaussian,
        {{"growth rate", growth_rate, known(gaussian, Quantity::growth, Of::scheme)},
         {"growth rate without control", plain_growth_rate, known(gaussian, Quantity::growth, Of::scheme)}});
    const auto few = saddle_file("a = -0.05, sigma = 0.9, tau = 0.0, law = 'two-point'", 8, 256);
    studies.simulate("two-point noise, a = -0.05, sigma = 0.9, 256 paths of 8 steps", few,
                     {{"growth rate of skewed rows", growth_rate, known(few, Quantity::growth, Of::scheme)}});
    const auto euler =
        sde_file("a = 0.3, sigma = 1.0, tau = 0.5, rho = 0.5", "euler-maruyama", 0.125, 4, 1024);
    studies.simulate(
        "Euler-Maruyama, a = 0.3, sigma = 1, tau = rho = 0.5, dt = 1/8", euler,
        {{"growth rate beside additive noise", growth_rate, known(euler, Quantity::growth, Of::scheme)}});
    studies.sweep("a = 0.1, sigma = 0.6, 256 paths of 1024 steps",
                  swept(saddle_file("sigma = 0.6, tau = 0.0", 1024, 256), "model.a = [0.1, 0.2]"),
                  {{"growth", known(gaussian, Quantity::growth, Of::scheme)},
                   {"small-step", known(gaussian, Quantity::small_step, Of::sde)},
                   {"mean-square", known(gaussian, Quantity::mean_square, Of::scheme)}});
    return studies.evidence();
}

Evidence moment_coverage(Laboratory& laboratory, std::size_t ensembles) {
    Studies studies(laboratory, "coverage of moments", ensembles);
    const auto of_scheme = [](const std::string& file, Quantity quantity) {
        return known(file, quantity, Of::scheme, 16);
    };
    const auto both = [&](const std::string& file, const std::string& rows, Promise promise) {
        return std::vector<Printed>{
            {"mean of " + rows, at_end(&TimeFindings::mean), of_scheme(file, Quantity::mean)},
            {"variance of " + rows, at_end(&TimeFindings::variance), of_scheme(file, Quantity::variance),
             promise}};
    };
    const auto light = saddle_file("a = -0.5, sigma = 0.2, tau = 1.0", 16, 1024);
    studies.simulate("a = -0.5, sigma = 0.2, tau = 1, 1024 paths", light,
                     both(light, "light rows", Promise::normal));
    // E x^8 is infinite in the long run.
    const auto heavy = saddle_file("a = -0.3, sigma = 0.4, tau = 0.5, rho = 0.5", 16, 1024);
    studies.simulate("a = -0.3, sigma = 0.4, tau = rho = 0.5, 1024 paths", heavy,
                     both(heavy, "heavy rows", Promise::heavy_rows));
    const auto log_normal = sde_file("a = 0.3, sigma = 1.0, tau = 0.0", "splitting", 0.25, 4, 1024);
    studies.simulate(
        "splitting, a = 0.3, sigma = 1, t = 4, 1024 paths", log_normal,
        {{"mean of log|x|", at_end(&TimeFindings::mean_log_abs),
          known(log_normal, Quantity::mean_log_abs, Of::sde, 4)},
         {"variance of log|x|", [](const Findings& f) { return f.times.back().variance_log_abs; }, 4.0}});
    return studies.evidence();
}

Evidence law_coverage(Laboratory& laboratory, std::size_t ensembles) {
    Studies studies(laboratory, "coverage of quantiles and odds", ensembles);
    const std::string model = "a = 0.3, sigma = 1.0, tau = 0.0";
    const auto file = sde_file(model, "splitting", 0.25, 4, 4096,
                               "observe = {quantiles = [0.002, 0.5, 0.9, 0.995], cdf_at = [0.05, 1.0]}");
    const auto quantile = [&](double p) { return known(file, Quantity::quantile, Of::sde, 4, p); };
    const auto below = [&](double x) { return known(file, Quantity::cdf, Of::sde, 4, x); };
    studies.simulate("log-normal law, a = 0.3, sigma = 1, t = 4, 4096 paths", file,
                     {{"0.002 quantile", quantile_at_end(0), quantile(0.002), Promise::at_least},
                      {"0.5 quantile", quantile_at_end(1), quantile(0.5), Promise::at_least},
                      {"0.9 quantile", quantile_at_end(2), quantile(0.9), Promise::at_least},
                      {"0.995 quantile", quantile_at_end(3), quantile(0.995), Promise::at_least},
                      {"P(x < 0.05)", cdf_at_end(0), below(0.05)},
                      {"P(x < 1)", cdf_at_end(1), below(1)}});
    const auto trapped = known(file, Quantity::within, Of::sde, 4, 0.5);
    studies.sweep("log-normal law, a = 0.3, sigma = 1, t = 4, 1024 paths",
                  swept(sde_file("a = 0.3, tau = 0.0", "splitting", 0.25, 4, 1024),
                        "model.sigma = [1.0, 1.1]\n"
                        "trapped_within = 0.5"),
                  {{"median", quantile(0.5), Promise::at_least},
                   {"quantile:0.99", quantile(0.99), Promise::at_least},
                   {"trapped", trapped}});
    return studies.evidence();
}

/// The t at which Brownian motion has left |x| < 1 with odds p.
double brownian_exit_quantile(double p) {
    std::uintmax_t rounds = 200;
    const auto [low, high] =
        boost::math::tools::bisect([&](double t) { return 1 - brownian_survival(t, 1) - p; }, 1e-3, 20.0,
                                   boost::math::tools::eps_tolerance<double>(40), rounds);
    return (low + high) / 2;
}

Evidence exit_coverage(Laboratory& laboratory, std::size_t ensembles) {
    constexpr int barrier = 8, steps = 64;
    const auto exits = PlainWalk::exit_odds(barrier, steps);
    const double escaped = std::accumulate(exits.begin(), exits.end(), 0.0);
    double of_those_that_left = 0;
    for (int n = 0; n <= steps; ++n) of_those_that_left += n * exits[static_cast<std::size_t>(n)];
    const double restricted = of_those_that_left + steps * (1 - escaped);
    const double by_32 = std::accumulate(exits.begin(), exits.begin() + 33, 0.0);

    Studies studies(laboratory, "coverage of exits", ensembles);
    const std::string walk = "a = 0.0, sigma = 0.0, tau = 1.0, eta_law = 'two-point'",
                      watch = "ensemble.x0 = 0.0\nobserve.exit_radius = 8.0\nobserve.growth = false\n",
                      probes = "observe.largest = [7.5]\nobserve.inside = 3.5\n";
    studies.simulate(
        "fair walk of 64 steps, leaving at 8, 1024 paths", saddle_file(walk, steps, 1024, watch + probes),
        {{"P(T > 32)",
          [](const Findings& f) {
              const auto& at = f.first_passage->survival_times;
              const auto i = std::find(at.begin(), at.end(), 32.0) - at.begin();
              return f.first_passage->survival[static_cast<std::size_t>(i)].estimate;
          },
          1 - by_32},
         {"mean exit time of those that left",
          [](const Findings& f) { return f.first_passage->mean_time.estimate; },
          of_those_that_left / escaped},
         {"E min(T, 64)", [](const Findings& f) { return f.first_passage->restricted_mean; }, restricted},
         {"P(largest |x| > 7.5)", [](const Findings& f) { return f.largest->beyond[0]; }, escaped},
         {"mean time inside 3.5", [](const Findings& f) { return f.inside->mean_time; },
          PlainWalk::mean_steps_within(3.5, steps)}});
    const std::string bridge =
                          "ensemble.x0 = 0.0\nobserve.exit_radius = 1.0\nobserve.exit_bridge = true\n"
                          "observe.growth = false\n",
                      brownian = "a = 0.0, sigma = 0.0, tau = 1.0";
    const auto exit_quantile = [](std::size_t i) {
        return [i](const Findings& f) { return f.first_passage->quantiles[i]; };
    };
    studies.simulate(
        "Brownian motion leaving |x| < 1, dt = 1/64, 1024 paths",
        sde_file(brownian, "euler-maruyama", 0.015625, 4, 1024, bridge + "observe.quantiles = [0.5, 0.9]\n"),
        {{"0.5 quantile of the exit time", exit_quantile(0), brownian_exit_quantile(0.5), Promise::at_least},
         {"0.9 quantile of the exit time", exit_quantile(1), brownian_exit_quantile(0.9),
          Promise::at_least}});
    studies.sweep(
        "fair walk of 64 steps, leaving at 8, 512 paths",
        swept(saddle_file("a = 0.0, sigma = 0.0, eta_law = 'two-point'", steps, 512, "ensemble.x0 = 0.0"),
              "exit_radius = 8.0\nmodel.tau = [1.0, 1.5]"),
        {{"escaped", escaped}});
    const auto inside = gaussian_walk_survival(0.125, 1, 256);
    const auto first_beyond = [&](double p) {
        const auto left = [p](double odds) { return 1 - odds >= p; };
        return static_cast<double>(std::find_if(inside.begin(), inside.end(), left) - inside.begin()) / 64;
    };
    studies.sweep(
        "steps of Brownian motion leaving |x| < 1, dt = 1/64, 512 paths",
        swept(sde_file("a = 0.0, sigma = 0.0", "euler-maruyama", 0.015625, 4, 512, "ensemble.x0 = 0.0"),
              "exit_radius = 1.0\nmodel.tau = [1.0, 1.5]"),
        {{"exit-time:0.5", first_beyond(0.5), Promise::at_least},
         {"exit-time:0.1", first_beyond(0.1), Promise::at_least}});
    return studies.evidence();
}

Evidence tail_coverage(Laboratory& laboratory, std::size_t ensembles) {
    Studies studies(laboratory, "coverage of tails and modes", ensembles);
    const std::string trapped = "a = -0.4, sigma = 0.9, tau = 0.5";
    const auto file = saddle_file(trapped, 128, 8192);
    studies.sweep("stationary law, a = -0.4, sigma = 0.9, tau = 0.5, 8192 paths",
                  swept(saddle_file("a = -0.4, tau = 0.5", 128, 8192), "model.sigma = [0.9, 1.0]"),
                  {{"tail-index:0.01", known(file, Quantity::tail_index, Of::scheme), Promise::at_least},
                   {"tail-index:0.05", known(file, Quantity::tail_index, Of::scheme), Promise::at_least}});
    // The mode of exp(m + s Z) is exp(m - s^2).
    studies.sweep(
        "log-normal law, a = 0.3, sigma = 1, t = 1, 16384 paths",
        swept(sde_file("a = 0.3, tau = 0.0", "splitting", 0.25, 1, 16384), "model.sigma = [1.0, 1.1]"),
        {{"mode", std::exp(0.3 - 0.5 - 1), Promise::at_least}});
    return studies.evidence();
}

Evidence spectrum_coverage(Laboratory& laboratory, std::size_t ensembles) {
    Studies studies(laboratory, "coverage of Lyapunov exponents", ensembles);
    const MatrixProduct product{Structure::plain, 3, 0, 0.5};
    const auto exponent = [&](int k) { return *exact_exponent(product, k); };
    studies.sweep(
        "Newman's product in three dimensions, sigma = 0.5, 64 runs of 100 steps",
        "model = {name = 'matrix-product', structure = 'plain', dimension = 3}\nintegrator.steps = 100\n"
        "ensemble.paths = 64\n[sweep]\nmodel.sigma = [0.5, 0.6]",
        {{"exponent:1", exponent(1)}, {"exponent:2", exponent(2)}, {"exponent:3", exponent(3)}});
    return studies.evidence();
}

/// Every column of a search is an ensemble of its own: rho has no part in growth. With control there would be nothing to
/// count, since splitting's growth is a sum of normals.
Evidence edge_coverage(Laboratory& laboratory, std::size_t ensembles) {
    Studies studies(laboratory, "coverage of edges", ensembles);
    const auto text = fmt::format(
        "model = {{name = 'linear-sde', a = 0.2, tau = 0.0}}\n"
        "integrator = {{scheme = 'splitting', dt = 0.25, t_end = 16.0}}\nensemble.paths = 128\n[sweep]\n"
        "model.rho = {{from = -0.9, to = 0.9, points = {}}}\nmodel.sigma = {{from = 0.05, to = 2.0, points = "
        "9}}\n"
        "observe = ['growth']\ncontrol = false\nmap = false\n[sweep.boundary]\nobservable = "
        "'growth'\naccuracy = 0.01\nbatch "
        "= 128\n",
        ensembles);
    const auto swept = laboratory.sweep(sweep_from_text(text, "coverage", {}, host_models()));
    Reading edge{
        "edge of the trap, sweep", "splitting, a = 0.2, sigma from 0.05 to 2", std::sqrt(2 * 0.2), {}};
    for (const auto& curve : swept.found.curves)
        for (std::size_t i = 0; i < curve.y.size(); ++i)
            edge.estimates.push_back({curve.y[i], curve.standard_error[i]});
    studies.add(std::move(edge));
    return studies.evidence();
}

}  // namespace

std::vector<ClaimGroup> coverage_groups(std::size_t ensembles) {
    const auto group = [&](const char* name, const char* statement,
                           Evidence (*gather)(Laboratory&, std::size_t)) -> ClaimGroup {
        return {name, statement, [=](Laboratory& laboratory) { return gather(laboratory, ensembles); }};
    };
    return {group("coverage/growth", "growth rates, of steps and of squares", growth_coverage),
            group("coverage/moments", "means and variances", moment_coverage),
            group("coverage/laws", "quantiles and odds", law_coverage),
            group("coverage/exits", "exit times, survival, largest |x|, time inside", exit_coverage),
            group("coverage/tails", "tail indices and modes", tail_coverage),
            group("coverage/spectra", "Lyapunov exponents", spectrum_coverage),
            group("coverage/edges", "edges that a search finds", edge_coverage)};
}

}  // namespace noisetrap
