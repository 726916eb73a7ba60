#include "analysis/answers/known_values.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "analysis/growth/growth.hpp"
#include "analysis/growth/heavy_ball_ratio.hpp"
#include "analysis/growth/remedies.hpp"
#include "tests/analysis/gaussian_mean.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using Kind = Observable::Kind;

namespace {

Simulation at(const char* model, const char* method, const ParameterValues& parameters,
              const ParameterValues& of_method = {}, double dt = 1) {
    Simulation s;
    s.entry = find_entry(model, method);
    REQUIRE(s.entry);
    s.ensembles = {parameters};
    s.method = of_method;
    s.dt = dt, s.steps = 100;
    return s;
}

std::vector<KnownValue> known(Kind kind, const Simulation& point, double p = 0.5) {
    return known_values({"", kind, p}, point, 1e-6);
}

double value(const std::string& name, Kind kind, const Simulation& point, double p = 0.5) {
    for (const auto& one : known(kind, point, p))
        if (one.name == name) return one.value;
    FAIL("nothing is called " << name);
    return 0;
}

std::vector<std::string> names(Kind kind, const Simulation& point) {
    std::vector<std::string> names;
    for (const auto& one : known(kind, point)) names.push_back(one.name);
    return names;
}

constexpr Kind all_kinds[] = {Kind::growth,      Kind::escaped,    Kind::trapped, Kind::quantile,
                              Kind::exit_time,   Kind::tail_index, Kind::mode,    Kind::small_step,
                              Kind::mean_square, Kind::exponent};

/// Points of which the step is about e: drift and variance of a step are both of first order in e.
std::vector<Simulation> small_steps(double e) {
    const double root = std::sqrt(e);
    const ParameterValues axis = {{"a", 0.1 * e}, {"sigma", root}, {"tau", root}, {"rho", 0.0}};
    const auto ball = heavy_ball_steps(1, 0.1, 1, e);
    auto uniform = axis, batches = axis;
    uniform["law"] = "uniform";
    batches["samples"] = 64.0, batches["batch_size"] = 2.0;
    std::vector<Simulation> points = {
        at("noisy-saddle", "sgd", axis),
        at("noisy-saddle", "sgd", uniform),
        at("finite-sum-saddle", "sgd", batches),
        at("random-curvature", "sgd", {{"q", root / 4}}, {{"learning_rate", root}}),
        at("two-layer-unit", "sgd", {{"signal", -root / 4}, {"noise", 1.0}}, {{"learning_rate", root / 8}}),
        at("noisy-saddle", "momentum", {{"a", ball.a}, {"sigma", ball.sigma}},
           {{"learning_rate", 1.0}, {"momentum", ball.momentum}})};
    for (const char* scheme : {"euler-maruyama", "milstein", "splitting"})
        points.push_back(
            at("linear-sde", scheme, {{"a", 0.3}, {"sigma", 1.0}, {"tau", 1.0}, {"rho", 1.0}}, {}, e));
    return points;
}

/// The relative distance between what is said of the steps and of their limit.
double distance(Kind kind, const Simulation& point) {
    const auto pair = known(kind, point);
    return pair[1].value / pair[0].value - 1;
}

// A of one step h with noise z.
double milstein_factor(double a, double sigma, double h, double z) {
    return 1 + a * h + sigma * std::sqrt(h) * z + sigma * sigma * h * (z * z - 1) / 2;
}
double splitting_factor(double a, double sigma, double h, double z) {
    return std::exp(a * h + sigma * std::sqrt(h) * z - sigma * sigma * h / 2);
}

/// The growth of |x| that the engine's own steps have, once directions have forgotten the start.
Estimate measured(Simulation s, double x0, std::uint64_t from, std::uint64_t last) {
    s.x0 = x0, s.steps = last, s.paths = 1 << 13, s.seed = 7;
    s.observe.growth = false, s.observe.steps = {from, last};
    auto columns = collect(s).ensembles.front();
    auto& growth = columns.log_abs[1];
    const double time = s.time(last - from);
    for (std::size_t i = 0; i < growth.size(); ++i) growth[i] = (growth[i] - columns.log_abs[0][i]) / time;
    return Moments::of(growth).mean_estimate();
}

}  // namespace

TEST_CASE("known values of growth are the reference values", "[known_values]") {
    const auto saddle = [](double a, double sigma, const char* law) {
        return at("noisy-saddle", "sgd", {{"a", a / 2}, {"sigma", sigma / 2}, {"law", law}},
                  {{"learning_rate", 2.0}});
    };
    CHECK_THAT(value("exact", Kind::growth, saddle(0.02, 0.3, "gaussian")), WithinAbs(-0.0321942, 5e-8));
    CHECK_THAT(value("exact", Kind::growth, saddle(0.1, 0.8, "two-point")), WithinAbs(-0.281059, 5e-7));
    CHECK_THAT(value("exact", Kind::tail_index, saddle(0.02, 0.3, "gaussian")), WithinAbs(0.584091, 5e-7));
    CHECK_THAT(value("exact", Kind::tail_index, saddle(0.1, 0.8, "two-point")), WithinAbs(0.704642, 5e-7));
    CHECK_THAT(value("SDE", Kind::growth, saddle(0.02, 0.3, "gaussian")), WithinRel(0.02 - 0.045, 1e-13));
    const auto euler = at("linear-sde", "euler-maruyama", {{"a", 0.5}, {"sigma", std::sqrt(6.0)}}, {}, 0.25);
    CHECK_THAT(value("exact", Kind::growth, euler) * 0.25, WithinAbs(-0.06378669, 5e-9));
    const ParameterValues sides = {
        {"a_plus", 0.05}, {"a_minus", 0.2}, {"sigma_plus", 0.6}, {"sigma_minus", 0.9}};
    CHECK_THAT(value("exact", Kind::growth, at("two-sided-saddle", "sgd", sides)),
               WithinAbs(-0.129574, 5e-7));
    for (const auto& [l, rate] : {std::pair{0.2, 0.0196104}, {0.5, -0.0667657}, {1.5, 0.2427539}})
        CHECK_THAT(
            value("exact", Kind::growth, at("random-curvature", "sgd", {{"q", 0.5}}, {{"learning_rate", l}})),
            WithinAbs(rate, 5e-8));
    const double c = 0.05;  // beta = c, a = 0.1 c^2, sigma = c^(3/2): c times the exponent of beta = 1
    const auto ball = at("noisy-saddle", "momentum", {{"a", 0.1 * c * c}, {"sigma", std::pow(c, 1.5)}},
                         {{"learning_rate", 1.0}, {"momentum", 1 - 2 * c}});
    CHECK_THAT(value("SDE", Kind::growth, ball), WithinAbs(-0.108546 * c, 5e-7 * c));
}

TEST_CASE("known quantiles are the reference values of the stationary law", "[known_values]") {
    const auto axis = [](double rho) {
        return at("linear-sde", "euler-maruyama", {{"a", 0.3}, {"sigma", 1.0}, {"tau", 0.5}, {"rho", rho}},
                  {}, 0.01);
    };
    CHECK_THAT(value("stationary", Kind::quantile, axis(0), 0.227432), WithinAbs(-2, 1e-4));
    CHECK_THAT(value("stationary", Kind::quantile, axis(0.5), 0.825731), WithinAbs(0.5, 1e-4));
    CHECK(std::isnan(value("SDE", Kind::quantile, axis(0))));
    // mode rho sigma tau/(a - sigma^2); in steps of l both noises and the drift are l times as large
    CHECK_THAT(value("stationary", Kind::mode, axis(0.5)), WithinRel(-0.25 / 0.7, 1e-12));
    const auto steps = at("noisy-saddle", "sgd", {{"a", 0.3}, {"sigma", 1.0}, {"tau", 0.5}, {"rho", 0.5}},
                          {{"learning_rate", 0.8}});
    CHECK_THAT(value("stationary", Kind::mode, steps), WithinRel(0.8 * 0.8 * 0.25 / (0.24 - 0.64), 1e-12));
}

TEST_CASE("every pair of known values agrees as steps become small", "[known_values]") {
    const double e = 1.0 / 64;
    const auto coarse = small_steps(e), fine = small_steps(e / 4);
    int pairs = 0;
    for (std::size_t i = 0; i < coarse.size(); ++i)
        for (const Kind kind : {Kind::growth, Kind::tail_index, Kind::small_step, Kind::mean_square}) {
            if (known(kind, coarse[i]).size() < 2) continue;
            INFO(coarse[i].entry->model << " " << coarse[i].entry->method << " " << static_cast<int>(kind));
            const double far = std::abs(distance(kind, coarse[i])), near = std::abs(distance(kind, fine[i]));
            CAPTURE(far, near);
            if (coarse[i].entry->method == "splitting" && kind != Kind::small_step) {
                CHECK(far == 0);  // its steps are exact
                continue;
            }
            CHECK(near < 0.02);
            CHECK(near > 1e-5);
            CHECK_THAT(far / near, WithinAbs(4, 0.8));
            ++pairs;
        }
    CHECK(pairs == 20);
}

TEST_CASE("the chain of ratios has the growth of the heavy ball by collocation", "[known_values]") {
    const auto ball =
        GENERATE(HeavyBall{0.9, 0.02, 0.05}, HeavyBall{0.9, -0.3, 0.2}, HeavyBall{0.7, 0.3, 1.0},
                 HeavyBall{0.5, 0.02, 0.5}, heavy_ball_steps(1, 0.1, 1, 0.005), HeavyBall{1.0, -0.1, 0.2});
    CHECK_THAT(heavy_ball_growth_on_ratios(ball), WithinAbs(heavy_ball_growth(ball), 1e-5));
    CHECK(heavy_ball_growth_on_ratios({0.9, 0.02, 0}) == heavy_ball_growth({0.9, 0.02, 0}));
    // with little momentum: x <- (1 + a + sigma Z) x but for terms in m
    CHECK_THAT(heavy_ball_growth_on_ratios({1e-6, 0.1, 0.3}),
               WithinAbs(step_growth(Law::gaussian, 0.1, 0.3), 1e-3));
    CHECK_THROWS_AS(heavy_ball_growth_on_ratios({1.1, 0.02, 1}), std::domain_error);
}

TEST_CASE("at any momentum small steps have l/(1 - m) for their learning rate", "[known_values]") {
    const double m = GENERATE(0.0, 0.5, 0.9), l = 1e-7 * (1 - m), a = 1, sigma = 2000;
    const auto ball =
        at("noisy-saddle", "momentum", {{"a", a}, {"sigma", sigma}}, {{"learning_rate", l}, {"momentum", m}});
    CHECK_THAT(value("SDE", Kind::growth, ball), WithinRel(sde_growth_rate(1e-7 * a, 1e-7 * sigma), 1e-3));
}

TEST_CASE("first two moments of a step are those of its factor", "[known_values]") {
    const double a = GENERATE(-0.4, 0.3), sigma = GENERATE(0.5, 1.5), h = GENERATE(0.01, 0.3);
    struct Scheme {
        const char* name;
        double (*factor)(double a, double sigma, double h, double z);
    };
    for (const auto& scheme : {Scheme{"milstein", milstein_factor}, Scheme{"splitting", splitting_factor}}) {
        const auto moment = [&](int power) {
            return gaussian_mean([&](double z) { return std::pow(scheme.factor(a, sigma, h, z), power); }, 0);
        };
        const auto point = at("linear-sde", scheme.name, {{"a", a}, {"sigma", sigma}, {"tau", 0.0}}, {}, h);
        const double mean = moment(1), square = moment(2);
        INFO(scheme.name);
        CHECK_THAT(known(Kind::mean_square, point).back().value, WithinAbs(std::log(square) / h, 1e-10));
        CHECK_THAT(value("exact", Kind::small_step, point),
                   WithinAbs((mean - 1 - (square - mean * mean) / 2) / h, 1e-10));
    }
    const auto euler = at("linear-sde", "euler-maruyama", {{"a", a}, {"sigma", sigma}}, {}, h);
    CHECK((value("exact", Kind::mean_square, euler) < 0) == euler_mean_square_stable(a, sigma, h));
    CHECK_THAT(value("SDE", Kind::small_step, euler), WithinRel(a - sigma * sigma / 2, 1e-13));
}

TEST_CASE("without diffusive noise the SDE's law is log-normal", "[known_values]") {
    const double x0 = GENERATE(2.0, -2.0), r = 1e-6;
    auto point = at("linear-sde", "splitting", {{"a", 0.3}, {"sigma", 1.5}, {"tau", 0.0}}, {}, 0.25);
    point.x0 = x0;
    const boost::math::normal law(std::log(2) + (0.3 - 1.125) * 25, 1.5 * 5);
    CHECK_THAT(value("SDE", Kind::trapped, point), WithinRel(cdf(law, std::log(r)), 1e-9));
    const double median = std::copysign(std::exp(law.mean()), x0);
    CHECK_THAT(value("SDE", Kind::quantile, point), WithinRel(median, 1e-10));
    CHECK_THAT(value("SDE", Kind::quantile, point, 0.9),
               WithinRel(x0 > 0 ? std::exp(quantile(law, 0.9)) : -std::exp(quantile(law, 0.1)), 1e-9));
    point.x0_deviation = 1;
    CHECK(std::isnan(value("SDE", Kind::trapped, point)));
    point.ensembles[0]["tau"] = 0.1;
    CHECK(std::isnan(value("SDE", Kind::quantile, point)));
}

TEST_CASE("a two-layer unit's SDE is trapped from l = E[xy]/Var[xy] on, whatever the sign of its signal",
          "[known_values]") {
    const double signal = GENERATE(0.2, -0.2), edge = two_layer_critical_temperature({0.2, 0.7});
    const auto growth = [=](double l, const char* name) {
        return value(
            name, Kind::growth,
            at("two-layer-unit", "sgd", {{"signal", signal}, {"noise", 0.7}}, {{"learning_rate", l}}));
    };
    CHECK_THAT(growth(edge, "SDE"), WithinAbs(0, 1e-15));
    CHECK(growth(0.9 * edge, "SDE") > 0);
    for (const double l : {0.1, 0.5, 2.0})
        CHECK_THAT(growth(l, "exact"), WithinAbs(std::max(two_layer_growth({signal, 0.7}, l, 1, 1),
                                                          two_layer_growth({signal, 0.7}, l, 1, -1)),
                                                 1e-12));
}

TEST_CASE("a quartic well is known along its paths and at the origin", "[known_values]") {
    const auto well = [](double zeta, double x0) {
        auto s = at("quartic-well", "euler-maruyama", {{"mu", 1.5}, {"zeta", zeta}}, {}, 1.0 / 64);
        s.x0 = x0;
        return s;
    };
    CHECK_THAT(value("SDE", Kind::growth, well(1, 1)), WithinRel(-2.0, 1e-14));
    CHECK(value("at the origin", Kind::growth, well(1, 1)) == euler_growth_rate(1.5, 1, 1.0 / 64));
    CHECK_THAT(value("SDE", Kind::growth, well(2, 1)), WithinRel(-0.5, 1e-14));
    CHECK(value("stationary", Kind::quantile, well(1, 1), 0.9) ==
          -value("stationary", Kind::quantile, well(1, -1), 0.1));
    CHECK(std::isnan(value("stationary", Kind::quantile, well(2, 1))));
    CHECK(std::isnan(value("stationary", Kind::quantile, well(1, 0))));
}

TEST_CASE("where there is no value it is not a number, and its name stays", "[known_values]") {
    const auto saddle = [](double a, double tau, double rho = 0) {
        return at("noisy-saddle", "sgd", {{"a", a}, {"sigma", 0.5}, {"tau", tau}, {"rho", rho}});
    };
    for (const char* name : {"SDE", "exact"}) {
        CHECK(value(name, Kind::tail_index, saddle(0.05, 0.1)) > 0);
        CHECK(std::isnan(value(name, Kind::tail_index, saddle(0.3, 0.1))));    // escapes
        CHECK(std::isnan(value(name, Kind::tail_index, saddle(0.05, 0))));     // ends at 0
        CHECK(std::isnan(value(name, Kind::tail_index, saddle(0, 0.1, -1))));  // ends at a fixed point
    }
    CHECK(std::isnan(value("stationary", Kind::mode, saddle(0.3, 0.1))));
    const auto ball = [](const char* law, double m) {
        return at("noisy-saddle", "momentum", {{"a", 0.02}, {"sigma", 0.3}, {"law", law}},
                  {{"learning_rate", 1.0}, {"momentum", m}});
    };
    CHECK(std::isnan(value("exact", Kind::growth, ball("uniform", 0.9))));
    CHECK(value("exact", Kind::growth, ball("uniform", 0)) == step_growth(Law::uniform, 0.02, 0.3));
    CHECK(value("exact", Kind::growth, ball("gaussian", 0)) == step_growth(Law::gaussian, 0.02, 0.3));
    CHECK(std::isnan(value("exact", Kind::growth,
                           at("least-squares", "sgd", {{"dimension", 2.0}}, {{"learning_rate", -1.0}}))));
}

TEST_CASE("all points of a sweep have the same names", "[known_values]") {
    for (const auto& entry : catalogue())
        for (const Kind kind : all_kinds) {
            auto one = at(entry.model.c_str(), entry.method.c_str(), {}), other = one;
            for (const auto& info : entry.model_parameters)
                if (std::holds_alternative<double>(info.standard))
                    other.ensembles[0][info.key] = info.smallest;
            other.x0 = 0;
            if (kind == Kind::tail_index && entry.model == "least-squares") continue;  // takes its time
            CHECK(names(kind, one) == names(kind, other));
            CHECK(names(kind, one).size() <= 2);
        }
    CHECK(known(Kind::escaped, at("noisy-saddle", "sgd", {})).empty());
    CHECK(known(Kind::growth, at("noisy-saddle", "adam", {})).empty());
    CHECK(known(Kind::exponent, Simulation{}).empty());
}

TEST_CASE("the engine's steps grow as they are known to", "[known_values]") {
    const auto rate = [](double l) { return ParameterValues{{"learning_rate", l}}; };
    struct Case {
        Simulation point;
        const char* name;
        double x0;
    };
    const Case cases[] = {
        {at("noisy-saddle", "sgd", {{"a", 0.1}, {"sigma", 0.9}, {"tau", 0.0}, {"law", "uniform"}}, rate(0.7)),
         "exact", 1},
        {at("noisy-saddle", "momentum", {{"a", 0.02}, {"sigma", 0.3}, {"tau", 0.0}},
            {{"learning_rate", 1.5}, {"momentum", 0.15}}),
         "exact", 1},
        {at("finite-sum-saddle", "sgd",
            {{"a", 0.1}, {"sigma", 2.0}, {"tau", 0.0}, {"samples", 64.0}, {"batch_size", 32.0}}, rate(0.8)),
         "Gaussian batch", 1},
        {at("finite-sum-saddle", "sgd",
            {{"a", 0.1},
             {"sigma", 2.0},
             {"tau", 0.0},
             {"samples", 64.0},
             {"batch_size", 32.0},
             {"draws", "with-replacement"}},
            rate(0.8)),
         "Gaussian batch", 1},
        {at("random-curvature", "sgd", {{"q", 0.8}}, rate(0.6)), "exact", 1},
        {at("two-layer-unit", "sgd", {{"signal", -0.3}, {"noise", 1.0}}, rate(0.2)), "exact", 1e-200},
        {at("two-sided-saddle", "sgd", {{"sigma_plus", 1.2}, {"tau", 0.0}}, rate(1.1)), "exact", 1},
        {at("least-squares", "sgd", {{"dimension", 3.0}, {"feature", 1.5}, {"noise", 0.0}}, rate(0.3)),
         "exact", 1},
        {at("linear-sde", "euler-maruyama", {{"a", 0.5}, {"sigma", 2.0}, {"tau", 0.0}}, {}, 0.25), "exact",
         1},
        {at("linear-sde", "milstein", {{"a", 0.5}, {"sigma", 2.0}, {"tau", 0.0}}, {}, 0.25), "exact", 1},
        {at("quartic-well", "milstein", {{"mu", 0.5}, {"zeta", 2.0}}, {}, 0.25), "at the origin", 1e-200}};
    for (const auto& one : cases) {
        const auto seen = measured(one.point, one.x0, 50, 450);
        INFO(one.point.entry->model << " " << one.point.entry->method);
        const double exact = value(one.name, Kind::growth, one.point);
        CAPTURE(seen.value, seen.standard_error, exact);
        CHECK_THAT(seen.value, WithinAbs(exact, 4 * seen.standard_error));
        CHECK(seen.standard_error < 0.003);
    }
}
