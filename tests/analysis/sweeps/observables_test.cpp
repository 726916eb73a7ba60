#include "analysis/sweeps/observables.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <stdexcept>

#include "analysis/growth/growth.hpp"
#include "analysis/laws/stationary_law.hpp"
#include "analysis/statistics/mode_estimate.hpp"
#include "engine/input/config.hpp"

using namespace noisetrap;
using Kind = Observable::Kind;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
using Generator = std::mt19937_64;

Observable observable(Kind kind, double p = 0.5) { return {"", kind, p}; }

Simulation simulation(const std::string& model, const std::vector<std::string>& settings) {
    return config_from_text("model.name = '" + model + "'", "test", settings).simulation;
}
Simulation saddle(const std::vector<std::string>& settings = {}) {
    auto all = settings;
    all.insert(all.begin(), "model.tau=0");
    return simulation("noisy-saddle", all);
}

/// Rows of x at the end.
PathColumns columns_of(std::vector<double> x) {
    auto log_abs = x;
    for (double& v : log_abs) v = std::log(std::abs(v));
    return {{std::move(x)}, {std::move(log_abs)}, {}, {}};
}
std::vector<double> drawn(std::size_t n, Generator& generator, const std::function<double(Generator&)>& law) {
    std::vector<double> x(n);
    for (double& v : x) v = law(generator);
    return x;
}

Estimate estimate(const Observable& o, const PathColumns& columns, Simulation s, double within = 1e-6) {
    observe(s, {o});
    return estimates_of({o}, columns, s, within).front();
}
/// By the engine.
Estimate measured(const Observable& o, Simulation s, double within = 1e-6) {
    observe(s, {o});
    return estimates_of({o}, collect(s).ensembles.front(), s, within).front();
}
double z(const Estimate& e, double exact) { return (e.value - exact) / e.standard_error; }

/// z over repetitions: its mean is 0 and its mean square 1, up to what is allowed beside 4 standard errors.
void check_honest(int repeats, const std::function<Estimate(Generator&)>& once, double exact,
                  double bias = 0.05, double spread = 0.1) {
    Generator generator(11);
    Moments of_z;
    for (int i = 0; i < repeats; ++i) {
        const double one[] = {z(once(generator), exact)};
        of_z.merge(Moments::of(one));
    }
    CHECK(of_z.count == static_cast<std::uint64_t>(repeats));
    const auto variance = of_z.variance_estimate();
    INFO("mean z " << of_z.mean << ", variance " << variance.value);
    CHECK(std::abs(of_z.mean) < bias + 4 / std::sqrt(repeats));
    CHECK(std::abs(variance.value - 1) < spread + 4 * variance.standard_error);
}

/// Samples by the table of quantiles, so that each costs little.
std::function<double(Generator&)> sampler(const StationaryLaw& law) {
    std::vector<double> table(4001);
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = law.quantile((static_cast<double>(i) + 0.5) / static_cast<double>(table.size()));
    return [table](Generator& g) {
        const double place =
            std::uniform_real_distribution<double>(0, static_cast<double>(table.size() - 1))(g);
        const auto i = static_cast<std::size_t>(place);
        return table[i] + (place - static_cast<double>(i)) * (table[i + 1] - table[i]);
    };
}

double cauchy(Generator& g) { return std::cauchy_distribution<double>()(g); }

}  // namespace

TEST_CASE("only what is needed is watched", "[observables]") {
    auto s = saddle({"integrator.steps=100"});
    s.observe.exit_radius = 7;
    const auto after = [&](std::vector<Observable> wanted) {
        auto copy = s;
        observe(copy, wanted);
        return copy.observe;
    };
    CHECK(after({observable(Kind::growth)}).growth);
    CHECK(after({observable(Kind::growth)}).steps.empty());
    CHECK(after({observable(Kind::mode)}).steps == std::vector<std::uint64_t>{100});
    CHECK_FALSE(after({observable(Kind::mode)}).growth);
    CHECK(after({observable(Kind::mode)}).exit == ExitWatch::none);
    CHECK(after({observable(Kind::escaped)}).exit == ExitWatch::at_steps);
    CHECK(after({observable(Kind::escaped)}).exit_radius == 7);
    CHECK(after({observable(Kind::escaped)}).steps.empty());
    CHECK(after({observable(Kind::small_step)}).steps.size() == 33);
    CHECK(after({observable(Kind::small_step), observable(Kind::trapped)}).steps.back() == 100);
    CHECK_FALSE(after({observable(Kind::small_step)}).quantiles);
    s.observe.exit = ExitWatch::with_bridge;
    CHECK(after({observable(Kind::exit_time)}).exit == ExitWatch::with_bridge);
    s.steps = 32;
    CHECK(after({observable(Kind::small_step), observable(Kind::mode)}).steps.size() == 33);
    CHECK_THROWS_AS(after({observable(Kind::exponent)}), std::domain_error);
}

TEST_CASE("the exponents of a system are means over its paths, and what is observed stays", "[observables]") {
    auto s = config_from_text("[model]\nequation = ['dx = y dt + x dW', 'dy = -y dt + y dW']", "test",
                              {"integrator.dt=0.5", "integrator.steps=20", "observe.of=x*y"})
                 .simulation;
    const auto second = observable(Kind::exponent, 2);
    auto copy = s;
    observe(copy, {second});
    CHECK(copy.observe.exponents == 2);
    CHECK(copy.observe.of == s.observe.of);
    PathColumns rows;
    rows.log_stretches = {{1, 2, 3}, {-10, -20, -30}};
    CHECK_THAT(estimate(second, rows, s).value, WithinRel(-2, 1e-12));
    CHECK(failed_rows(rows) == 0);
    rows.log_stretches[1][0] = not_a_number;
    CHECK(failed_rows(rows) == 1);
}

TEST_CASE("steps multiply where there is nothing but attractive noise", "[observables]") {
    CHECK(steps_multiply(saddle()));
    CHECK_FALSE(steps_multiply(saddle({"model.tau=0.1"})));
    CHECK_FALSE(steps_multiply(saddle({"optimiser.name=momentum"})));
    CHECK_FALSE(steps_multiply(saddle({"optimiser.name=perturbed"})));
    for (const char* scheme : {"euler-maruyama", "milstein", "splitting"})
        CHECK(steps_multiply(
            simulation("linear-sde", {"model.tau=0", std::string("integrator.scheme=") + scheme})));
    CHECK_FALSE(steps_multiply(simulation("linear-sde", {"integrator.scheme=splitting"})));
    CHECK(steps_multiply(simulation("random-curvature", {})));
    CHECK(steps_multiply(simulation("finite-sum-saddle", {"model.tau=0"})));
    CHECK_FALSE(steps_multiply(simulation("quartic-well", {})));
    const auto s = saddle({"model.tau=0.1", "integrator.steps=40", "ensemble.paths=64"});
    CHECK(std::isnan(measured(observable(Kind::small_step), s).value));
    CHECK(std::isnan(measured(observable(Kind::mean_square), s).value));
}

TEST_CASE("growth is per unit of time, and -infinity where the law lets paths fall", "[observables]") {
    auto s = saddle({"integrator.steps=10"});
    s.dt = 0.5;
    PathColumns columns{{}, {}, {5, 10, 15, not_a_number}, {}};
    auto e = estimate(observable(Kind::growth), columns, s);
    CHECK_THAT(e.value, WithinRel(2.0, 1e-15));
    CHECK_THAT(e.standard_error, WithinRel(1 / std::sqrt(3.0), 1e-14));
    CHECK(rows_of(observable(Kind::growth), columns, s, 0) == std::vector<double>{1, 2, 3});
    CHECK(failed_rows(columns) == 1);
    columns.log_growth.assign(100, 1.0);
    columns.log_growth[3] = -infinity;  // one of 100: by chance
    CHECK_THAT(estimate(observable(Kind::growth), columns, s).value, WithinRel(0.2, 1e-14));
    CHECK(std::isinf(rows_of(observable(Kind::growth), columns, s, 0)[3]));  // who asks sees more rows
    columns.log_growth[4] = -infinity;
    e = estimate(observable(Kind::growth), columns, s);
    CHECK(e.value == -infinity);
    CHECK(std::isnan(e.standard_error));
    CHECK(rows_of(observable(Kind::growth), columns, s, 0).size() == 100);
}

TEST_CASE("round parameters bring no path to a zero that real numbers do not give", "[observables]") {
    // A = 1 + 2 z: the float z = -1/2 would come once in some 8e7 normals, and of these 1e8 one at least was one before
    // normals had their last bit set.
    const auto s = saddle({"model.a=0", "model.sigma=2", "integrator.steps=10000", "ensemble.paths=10000"});
    auto watched = s;
    observe(watched, {observable(Kind::growth)});
    const auto columns = collect(watched).ensembles.front();
    CHECK(std::count(columns.log_growth.begin(), columns.log_growth.end(), -infinity) == 0);
    const auto e = estimates_of({observable(Kind::growth)}, columns, watched, 0).front();
    CHECK(std::abs(z(e, step_growth(Law::gaussian, 0, 2))) < 4);
    CHECK_FALSE(falls_by_chance(1, {1000, -900, 1, 1, 1}, 1000, 1));  // others are close to underflow
}

TEST_CASE("odds have an error even where all or none were seen", "[observables]") {
    const auto s = saddle({"integrator.steps=10"});
    PathColumns columns;
    columns.exit_step = {3, -4, 0, 0, failed_before_exit};
    auto e = estimate(observable(Kind::escaped), columns, s);
    CHECK(e.value == 0.5);
    CHECK_THAT(e.standard_error, WithinRel(std::sqrt(0.25 / 8), 1e-14));
    CHECK(rows_of(observable(Kind::escaped), columns, s, 0) == std::vector<double>{1, 1, 0, 0});
    CHECK(failed_rows(columns) == 1);
    columns.exit_step.assign(96, 0);
    e = estimate(observable(Kind::escaped), columns, s);
    CHECK(e.value == 0);
    CHECK_THAT(e.standard_error, WithinRel(std::sqrt(0.02 * 0.98 / 100), 1e-14));
    const auto ends = columns_of({1e-7, -1e-7, 0, 1e-5, not_a_number});
    auto at_end = s;
    observe(at_end, {observable(Kind::trapped)});
    CHECK(rows_of(observable(Kind::trapped), ends, at_end, 1e-6) == std::vector<double>{1, 1, 1, 0});
    CHECK(std::isnan(estimate(observable(Kind::trapped), columns_of({not_a_number}), s).value));
    CHECK_THROWS_AS(rows_of(observable(Kind::mode), ends, s, 0), std::domain_error);
    check_honest(
        4000,
        [&](Generator& g) {
            return estimate(observable(Kind::trapped), columns_of(drawn(400, g, cauchy)), s, 0.1);
        },
        2 / std::acos(-1.0) * std::atan(0.1));
}

TEST_CASE("quantiles are order statistics", "[observables]") {
    const auto s = saddle({"integrator.steps=10"});
    std::vector<double> x(99);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i * 7 % 99) + 1;  // 1 to 99
    for (const double p : {0.1, 0.5, 0.9})
        CHECK(estimate(observable(Kind::quantile, p), columns_of(x), s).value == 100 * p);
    CHECK_THAT(estimate(observable(Kind::quantile), columns_of(x), s).standard_error,
               WithinRel(std::sqrt(99.0) / 2, 0.07));  // the ends of three of them are whole ranks
    CHECK(std::isnan(estimate(observable(Kind::quantile, 0.999), columns_of(x), s).standard_error));
    for (const double p : {0.02, 0.5, 0.9})
        check_honest(
            2000,
            [&](Generator& g) {
                return estimate(observable(Kind::quantile, p), columns_of(drawn(2000, g, cauchy)), s);
            },
            std::tan(std::acos(-1.0) * (p - 0.5)), 0.1,
            p == 0.02 ? 0.6 : 0.25);  // as wide as its long side asks
}

TEST_CASE("times of exits are infinite where too few left", "[observables]") {
    auto s = saddle({"integrator.steps=1000"});
    s.dt = 0.5;
    PathColumns columns;
    for (int i = 1; i <= 399; ++i) columns.exit_step.push_back(i > 300 ? 0 : i % 2 ? i : -i);
    columns.exit_step.push_back(failed_before_exit);
    CHECK(estimate(observable(Kind::exit_time), columns, s).value == 100);
    CHECK_THAT(estimate(observable(Kind::exit_time), columns, s).standard_error,
               WithinRel(0.5 * std::sqrt(399.0) / 2, 0.04));
    const auto none = estimate(observable(Kind::exit_time, 0.9), columns, s);
    CHECK(none.value == infinity);
    CHECK(std::isnan(none.standard_error));
    CHECK(std::isnan(estimate(observable(Kind::exit_time, 0.74), columns, s).standard_error));
    s.observe.exit = ExitWatch::with_bridge;
    CHECK(estimate(observable(Kind::exit_time), columns, s).value == 99.75);
    columns.exit_step.assign(400, 6);
    s.observe.exit = ExitWatch::at_steps;
    CHECK(estimate(observable(Kind::exit_time), columns, s).value == 3);
    CHECK(estimate(observable(Kind::exit_time), columns, s).standard_error == 0.25);
}

TEST_CASE("tails have their index, or none that can be known", "[observables]") {
    const auto s = saddle({"integrator.steps=10"});
    const auto pareto = [](Generator& g) {
        return std::exp(std::exponential_distribution<double>(0.7)(g)) * (g() % 2 ? 1 : -1);
    };
    check_honest(
        1000,
        [&](Generator& g) {
            return estimate(observable(Kind::tail_index, 0.1), columns_of(drawn(4000, g, pareto)), s);
        },
        0.7, 0.1, 0.8);  // errors that allow for a bias are too large where there is none
    Generator g(3);
    const auto few = [&](std::size_t n) {
        return estimate(observable(Kind::tail_index, 0.01), columns_of(drawn(n, g, pareto)), s);
    };
    CHECK(std::isnan(few(20).value));
    CHECK(std::isfinite(few(21).value));
    CHECK(std::isnan(few(80).standard_error));  // 4 times as many are all of them
    CHECK(few(81).standard_error / few(81).value > 1 / std::sqrt(20.0));
    CHECK(std::isnan(
        estimate(observable(Kind::tail_index, 0.1), columns_of(std::vector<double>(999, 0.0)), s).value));
}

TEST_CASE("the error of a tail's index has the bias of its threshold", "[observables]") {
    // dx = a x dt + dW (x + 0.5) with a < 0 ends at b/G - 0.5, G of the gamma law of index kappa = 1 - 2a. With the error
    // of a power law alone all estimates from 5 % of the paths are more than 3 of it off.
    const auto s = saddle({"integrator.steps=10"});
    for (const double a : {-0.1, -0.4, -1.0})
        for (const double share : {0.01, 0.05, 0.1}) {
            const double index = 1 - 2 * a;
            Generator g(9);
            std::gamma_distribution<double> gamma(index, 1);
            int beyond = 0;
            for (int i = 0; i < 100; ++i) {
                const auto x = drawn(20000, g, [&](Generator& each) { return -a / gamma(each) - 0.5; });
                const auto e = estimate(observable(Kind::tail_index, share), columns_of(x), s);
                beyond += std::abs(z(e, index)) > 3;
            }
            INFO("a = " << a << ", share " << share << ": " << beyond << " of 100");
            CHECK(beyond <= 3);
        }
}

TEST_CASE("the mode of a law of any tail is found with its error", "[observables]") {
    struct {
        double a, sigma, tau, rho;
    } const laws[] = {{-2, 1, 0.5, 0},    {0.3, 1, 0.5, 0}, {-0.4, 0.8, 0.3, -0.5},
                      {0.3, 1, 0.5, 0.5}, {0.3, 1, 0.5, 1}, {-0.4, 1, 0.5, 1}};
    for (const auto& c : laws) {
        const auto law = stationary_law(c.a, c.sigma, c.tau, c.rho);
        INFO(law.name() << ", a = " << c.a << ", rho = " << c.rho);
        const auto draw = sampler(law);
        // A bandwidth's bias is no more than its error; the error of the heaviest tails is half too small.
        check_honest(
            40, [&](Generator& g) { return mode_of(drawn(10000, g, draw)); }, law.mode(), 0.6, 1.8);
    }
}

TEST_CASE("the mode of many rows is sharp, of an atom exact, of nothing unknown", "[observables]") {
    Generator g(5);
    const auto law = stationary_law(0.3, 1, 0.5, 0);
    const auto e = mode_of(drawn(100000, g, sampler(law)));
    CHECK_THAT(e.value, WithinAbs(law.mode(), 4 * e.standard_error));
    CHECK(e.standard_error < 0.03);
    auto shifted = drawn(8000, g, cauchy);
    shifted.insert(shifted.end(), 2400, 2.5);
    CHECK(mode_of(shifted).value == 2.5);
    CHECK(mode_of(shifted).standard_error == 0);
    CHECK(std::isnan(mode_of({}).value));
    CHECK(std::isnan(mode_of(drawn(fewest_rows_of_a_mode - 1, g, cauchy)).value));
    CHECK(std::isnan(mode_of(std::vector<double>(50, infinity)).value));
    auto scaled = drawn(9000, g, cauchy);
    const auto once = mode_of(scaled);
    for (double& v : scaled) v *= 1024;
    CHECK_THAT(mode_of(scaled).value, WithinRel(1024 * once.value, 1e-6));
    CHECK_THAT(mode_of(scaled).standard_error, WithinRel(1024 * once.standard_error, 1e-6));
}

TEST_CASE("factors of steps are seen whatever the sizes are", "[observables]") {
    const auto agree = [](const Simulation& s, double a, double sigma) {
        const double mean_square = std::log((1 + a) * (1 + a) + sigma * sigma);
        CHECK(std::abs(z(measured(observable(Kind::small_step), s), a - sigma * sigma / 2)) < 4);
        CHECK(std::abs(z(measured(observable(Kind::mean_square), s), mean_square)) < 4);
    };
    // Factors of 1 and 1e-15 lead below the smallest double within 32 steps, from either side.
    auto s = saddle({"model.a=-0.5", "model.law=two-point", "integrator.steps=50", "ensemble.paths=2000"});
    s.ensembles[0]["sigma"] = 0.5 - 1e-15;
    for (const double x0 : {1e-100, -1e-100, 1e100}) {
        s.x0 = x0;
        agree(s, -0.5, 0.5);
    }
    // Factors of 1e8 (1 + z) lead beyond the largest, with both signs.
    s = saddle({"model.a=1e6", "model.sigma=1e6", "optimiser.learning_rate=100", "integrator.steps=50",
                "ensemble.paths=2000"});
    s.x0 = 1e100;
    agree(s, 1e8, 1e8);
}

TEST_CASE("small steps and mean squares have honest errors", "[observables]") {
    // Factors of splitting are log-normal, E A = e^(a dt) and E A^2 = e^((2 a + sigma^2) dt): skewed.
    const double a = 0.1, v = 0.5 * 0.5, mean = std::exp(a), variance = std::exp(2 * a) * std::expm1(v);
    const std::size_t repeats = 400, paths = 1000;
    auto s = simulation("linear-sde",
                        {"model.tau=0", "model.a=0.1", "model.sigma=0.5", "integrator.dt=1",
                         "integrator.scheme=splitting", "integrator.steps=5", "ensemble.paths=400000"});
    const std::vector<Observable> both{observable(Kind::small_step), observable(Kind::mean_square)};
    observe(s, both);
    const auto all = collect(s).ensembles.front();
    const auto part = [&](std::size_t first) {
        PathColumns columns = {
            std::vector<std::vector<double>>(6), std::vector<std::vector<double>>(6), {}, {}};
        for (std::size_t i = 0; i < 6; ++i) {
            columns.value[i] = {&all.value[i][first], &all.value[i][first] + paths};
            columns.log_abs[i] = {&all.log_abs[i][first], &all.log_abs[i][first] + paths};
        }
        return columns;
    };
    for (std::size_t kind : {0u, 1u}) {
        std::size_t first = 0;
        const auto once = [&](Generator&) {
            const auto e = estimates_of(both, part(first), s, 0)[kind];
            first += paths;
            return e;
        };
        check_honest(repeats, once, kind == 0 ? mean - 1 - variance / 2 : 2 * a + v);
    }
}

TEST_CASE("schemes have the mean square of their factors", "[observables]") {
    for (const std::string scheme : {"euler-maruyama", "milstein", "splitting"}) {
        const double a = -0.2, v = 0.5 * 0.5, dt = 0.5;
        const double euler = (1 + a * dt) * (1 + a * dt) + v * dt;
        const double mean_square = scheme == "splitting"        ? std::exp((2 * a + v) * dt)
                                   : scheme == "euler-maruyama" ? euler
                                                                : euler + v * v * dt * dt / 2;
        const auto s = simulation(
            "linear-sde", {"model.tau=0", "model.a=-0.2", "model.sigma=0.5", "integrator.dt=0.5",
                           "integrator.steps=40", "ensemble.paths=4000", "integrator.scheme=" + scheme});
        CHECK(std::abs(z(measured(observable(Kind::mean_square), s), std::log(mean_square) / dt)) < 4);
    }
}

TEST_CASE("a mean square that few rows make has no known error", "[observables]") {
    // log A^2 is normal with standard deviation 2 sigma sqrt(dt) = 8: the sum's largest rows are not seen.
    const auto s = simulation("linear-sde",
                              {"model.tau=0", "model.a=-8", "model.sigma=4", "integrator.dt=1",
                               "integrator.scheme=splitting", "integrator.steps=40", "ensemble.paths=2000"});
    CHECK(std::isnan(measured(observable(Kind::mean_square), s).standard_error));
}

TEST_CASE("exits and ends of the engine are counted", "[observables]") {
    auto s = saddle({"model.a=0.05", "model.sigma=0.1", "integrator.steps=60", "ensemble.paths=1000"});
    s.observe.exit_radius = 3;
    const std::vector<Observable> wanted{observable(Kind::escaped), observable(Kind::exit_time),
                                         observable(Kind::quantile), observable(Kind::trapped)};
    observe(s, wanted);
    const auto columns = collect(s).ensembles.front();
    const auto e = estimates_of(wanted, columns, s, 0.1);
    const auto summary = run(s).ensembles.front();
    CHECK(e[0].value == static_cast<double>(summary.passage.upper + summary.passage.lower) / 1000);
    CHECK_THAT(e[2].value, WithinAbs(std::pow(1.05 * std::exp(-0.005), 60), 4 * e[2].standard_error));
    CHECK(e[1].value > 15);
    CHECK(e[1].value < 40);
    CHECK(e[3].value == 0);
    CHECK(failed_rows(columns) == 0);
}
