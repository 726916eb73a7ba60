#include "analysis/answers/equation.hpp"

#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "analysis/answers/known_answers.hpp"
#include "analysis/answers/known_values.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/laws/quartic_well.hpp"
#include "analysis/laws/stationary_law.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

std::map<std::string, double> answers_of(const std::string& toml, const std::vector<std::string>& settings) {
    std::map<std::string, double> answers;
    for (const auto& answer : known_answers(config_from_text(toml, "test", settings)))
        answers[answer.quantity] = answer.value;
    return answers;
}

std::string equation(const std::string& text, const std::string& parameters, const std::string& rest = "") {
    return "[model]\nequation = \"" + text + "\"\nparameters = {" + parameters + "}\n" + rest;
}

}  // namespace

TEST_CASE("a linear SDE as a formula has the theory of the built-in one", "[equation]") {
    const std::string tau = GENERATE("0.0", "0.5");
    const std::string linear = "dx = a*x dt + sigma*x dW + rho*tau dW + sqrt(1 - rho^2)*tau dV";
    const std::vector<std::string> settings = {"model.a=0.3",
                                               "model.sigma=1",
                                               "model.tau=" + tau,
                                               "model.rho=0.5",
                                               "observe.cdf_at=[-2.0, 0.5]",
                                               "observe.exit_radius=2",
                                               "ensemble.x0=0.1",
                                               "observe.times=[1, 4]"};
    const auto built_in = answers_of("model.name = 'linear-sde'", settings);
    const auto formula = answers_of(equation(linear, "a = 1.0, sigma = 1.0, tau = 1.0, rho = 0.0"), settings);
    CHECK(built_in.size() > 15);
    CHECK(formula.size() == built_in.size());
    for (const auto& [quantity, value] : built_in) {
        INFO(quantity);
        REQUIRE(formula.count(quantity) == 1);
        if (std::isinf(value)) CHECK(formula.at(quantity) == value);
        if (!std::isinf(value))
            CHECK_THAT(formula.at(quantity), WithinRel(value, 1e-9) || WithinAbs(value, 1e-12));
    }
}

TEST_CASE("a Stratonovich equation has the theory of the Ito equation with the same solutions",
          "[equation]") {
    struct Case {
        const char *stratonovich, *ito;
    };
    const auto [stratonovich, ito] = GENERATE(
        Case{"dx = (mu*x - x^3) dt + zeta*x dW", "dx = ((mu + zeta^2/2)*x - x^3) dt + zeta*x dW"},
        Case{"dx = mu*(1 - x) dt + zeta*x dW", "dx = (mu*(1 - x) + zeta^2*x/2) dt + zeta*x dW"},
        Case{"dx = -mu*x dt + sqrt(1 + x^2) dW + zeta*sin(x) dV",
             "dx = (-mu*x + x/2 + zeta^2*sin(x)*cos(x)/2) dt + sqrt(1 + x^2) dW + zeta*sin(x) dV"},
        Case{"dx = -mu*x dt + zeta*x dW + 0.3 dV", "dx = (-mu + zeta^2/2)*x dt + zeta*x dW + 0.3 dV"});
    const std::string parameters = "mu = 1.5, zeta = 0.8";
    const std::vector<std::string> settings = {"observe.cdf_at=[0.7]", "observe.exit_radius=3",
                                               "observe.times=[1, 4]"};
    const auto other = "[integrator]\ncalculus = \"stratonovich\"\n";
    INFO(stratonovich);
    const auto theirs = answers_of(equation(ito, parameters), settings),
               ours = answers_of(equation(stratonovich, parameters, other), settings);
    CHECK(theirs.size() > 5);
    for (const auto& [quantity, value] : theirs) {
        INFO(quantity);
        REQUIRE(ours.count(quantity) == 1);
        if (std::isinf(value)) CHECK(ours.at(quantity) == value);
        if (!std::isinf(value))
            CHECK_THAT(ours.at(quantity), WithinRel(value, 1e-8) || WithinAbs(value, 1e-10));
    }
    const auto points_of = [&](const std::string& toml) {
        return equation_theory(config_from_text(toml, "test", settings).simulation).points;
    };
    const auto their_points = points_of(equation(ito, parameters)),
               our_points = points_of(equation(stratonovich, parameters, other));
    REQUIRE(our_points.size() == their_points.size());
    for (std::size_t i = 0; i < our_points.size(); ++i) {
        CHECK_THAT(our_points[i].x, WithinAbs(their_points[i].x, 1e-12));
        CHECK_THAT(our_points[i].growth, WithinAbs(their_points[i].growth, 1e-9));
    }
}

TEST_CASE("a Stratonovich system has the eigenvalues of the Ito system with the same solutions",
          "[equation]") {
    const auto theory_of = [](const std::string& drifts, const std::string& rest) {
        return equation_theory(
            config_from_text("[model]\nequation = [" + drifts +
                                 "]\nparameters = {s = 0.5, r = 0.7, p = -0.4, q = 0.9}\n" + rest,
                             "test", {})
                .simulation);
    };
    // (b . grad) b of W is (s^2 x, q s x cos x), and that of V (r p x, p r y).
    const std::string noise_x = " + s*x dW + r*y dV\"", noise_y = " + q*sin(x) dW + p*x dV\"";
    const auto ours = theory_of("\"dx = y dt" + noise_x + ", \"dy = (-x - y) dt" + noise_y,
                                "[integrator]\ncalculus = \"stratonovich\"\n"),
               theirs = theory_of("\"dx = (y + (s^2 + r*p)*x/2) dt" + noise_x +
                                      ", \"dy = (-x - y + (q*s*x*cos(x) + p*r*y)/2) dt" + noise_y,
                                  "");
    REQUIRE(theirs.eigenvalues.size() == 2);
    REQUIRE(ours.eigenvalues.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK_THAT(ours.eigenvalues[i].real(), WithinAbs(theirs.eigenvalues[i].real(), 1e-14));
        CHECK_THAT(ours.eigenvalues[i].imag(), WithinAbs(theirs.eigenvalues[i].imag(), 1e-14));
    }
    // Noise that does not vanish at 0 moves the fixed point.
    CHECK(theory_of("\"dx = y dt + (s + r*x) dW\", \"dy = p*x dt + q*x dW\"",
                    "[integrator]\ncalculus = \"stratonovich\"\n")
              .eigenvalues.empty());
}

TEST_CASE("what is known at x = 0 is what the list of fixed points has there", "[equation]") {
    const std::string text = GENERATE(
        "equation = \"dx = (x - x^3) dt + 2*x dW\"", "equation = \"dx = (x - x^3) dt + 2*x dW + 0.5 dV\"",
        "equation = \"dx = (1 - x) dt + x dW\"", "equation = \"dx = -t*x dt + x dW\"",
        "next = \"x + 0.1*sin(x) + xi*x\"\n[noise]\nxi = {sd = 0.5}",
        "next = \"x + 0.1 + xi*x\"\n[noise]\nxi = {sd = 1.0}");
    INFO(text);
    const auto config = config_from_text("[model]\n" + text, "test", {});
    std::optional<KnownPoint> listed;
    for (const auto& point : equation_theory(config.simulation).points)
        if (point.x == 0) listed = point;
    const auto alone = fixed_point_at_zero(config.simulation);
    REQUIRE(alone.has_value() == listed.has_value());
    if (alone) CHECK(alone->growth == listed->growth);
    if (alone) CHECK(alone->tau == listed->tau);
}

TEST_CASE("fixed points of a pitchfork, its law, and its growth rate in the end", "[equation]") {
    const double mu = 1.5, zeta = GENERATE(1.0, 2.0);
    const auto toml = equation("dx = (mu*x - x^3) dt + zeta*x dW", "mu = 1.5, zeta = 1.0");
    const std::vector<std::string> settings = {"model.zeta=" + std::to_string(zeta), "observe.cdf_at=[0.7]",
                                               "observe.exit_radius=3"};
    const auto config = config_from_text(toml, "test", settings);
    const auto theory = equation_theory(config.simulation);
    REQUIRE(theory.points.size() == 3);
    CHECK(theory.points[1].x == 0);
    CHECK_THAT(theory.points[1].growth, WithinAbs(quartic_well_growth_at_origin(mu, zeta), 1e-14));
    CHECK(theory.points[1].trapped() == (zeta > 1.8));
    CHECK_THAT(theory.points[2].x, WithinRel(std::sqrt(mu), 1e-15));
    CHECK_THAT(theory.points[2].a, WithinRel(-2 * mu, 1e-14));
    const auto answers = answers_of(toml, settings);
    CHECK_THAT(answers.at("growth rate at the origin"),
               WithinAbs(quartic_well_growth_at_origin(mu, zeta), 1e-14));
    REQUIRE(theory.notes.size() == 1);
    if (zeta < 1.8) {
        CHECK(theory.notes[0] == "There is a stationary law, on (0, infinity).");
        CHECK_THAT(answers.at("growth rate"), WithinRel(quartic_well_growth_rate(mu, zeta), 1e-9));
        CHECK_THAT(answers.at("stationary P(X <= 0.7)"), WithinAbs(quartic_well_cdf(mu, zeta, 0.7), 1e-10));
        CHECK_THAT(answers.at("stationary variance") + std::pow(answers.at("stationary mean"), 2),
                   WithinRel(quartic_well_mean_square(mu, zeta), 1e-9));
        CHECK(std::isfinite(answers.at("mean exit time from |x| < 3")));
    } else {
        CHECK_THAT(theory.notes[0],
                   Catch::Contains("no stationary density on (0, infinity): probability gathers at"));
        CHECK(answers.count("stationary mean") == 0);
        CHECK(std::isinf(answers.at("mean exit time from |x| < 3")));
    }
}

TEST_CASE("geometric Brownian motion, Ornstein-Uhlenbeck and Cox-Ingersoll-Ross have their laws",
          "[equation]") {
    // log x(t) is normal.
    auto answers = answers_of(equation("dx = mu*x dt + sigma*x dW + 0*sin(x) dV", "mu = 0.3, sigma = 1.0"),
                              {"observe.cdf_at=[2]", "observe.times=[3]", "integrator.t_end=3"});
    CHECK_THAT(answers.at("growth rate"), WithinAbs(-0.2, 1e-15));
    CHECK_THAT(answers.at("P(X <= 2) at t = 3"),
               WithinAbs(cdf(boost::math::normal(-0.6, std::sqrt(3.0)), std::log(2.0)), 1e-12));
    // About a mean, and so no linear SDE of x itself.
    answers = answers_of(
        equation("dx = k*(m - x) dt + tau dW", "k = 1.0, m = 2.0, tau = 0.5"),
        {"observe.cdf_at=[2.5]", "observe.times=[0.5, 1]", "observe.quantiles=[0.9]", "ensemble.x0=1"});
    const boost::math::normal limit(2, 0.5 / std::sqrt(2.0));
    CHECK_THAT(answers.at("stationary mean"), WithinRel(2, 1e-10));
    CHECK_THAT(answers.at("stationary variance"), WithinRel(0.125, 1e-8));
    CHECK_THAT(answers.at("stationary P(X <= 2.5)"), WithinAbs(cdf(limit, 2.5), 1e-10));
    CHECK_THAT(answers.at("stationary 0.9 quantile"), WithinRel(quantile(limit, 0.9), 1e-9));
    CHECK_THAT(answers.at("E x at t = 1"), WithinRel(2 - std::exp(-1), 1e-12));
    const boost::math::normal then(2 - std::exp(-1), std::sqrt(0.125 * -std::expm1(-2)));
    CHECK_THAT(answers.at("Var x at t = 1"), WithinRel(0.125 * -std::expm1(-2), 1e-12));
    CHECK_THAT(answers.at("P(X <= 2.5) at t = 1"), WithinAbs(cdf(then, 2.5), 1e-4));
    CHECK_THAT(answers.at("0.9 quantile at t = 1"), WithinRel(quantile(then, 0.9), 1e-3));
    CHECK(answers.at("growth rate") == -1);
    CHECK(answers.at("rate of relaxation") == 1);
    answers = answers_of(equation("dx = -k*x dt + tau dW", "k = 1.0, tau = 0.5"), {});
    CHECK_THAT(answers.at("stationary 0.95 quantile"), WithinRel(quantile(limit, 0.95) - 2, 1e-9));

    answers =
        answers_of(equation("dx = k*(m - x) dt + sigma*sqrt(max(x, 0)) dW", "k = 1.0, m = 1.0, sigma = 0.5"),
                   {"observe.cdf_at=[0.7]", "observe.quantiles=[]"});
    CHECK_THAT(answers.at("stationary P(X <= 0.7)"),
               WithinAbs(cdf(boost::math::gamma_distribution<>(8, 0.125), 0.7), 1e-10));
    CHECK_THAT(answers.at("stationary variance"), WithinRel(0.125, 1e-9));
}

TEST_CASE("paths cross a place without noise where the drift carries them over", "[equation]") {
    // The noise vanishes at x = -tau/sigma, where the drift is negative.
    const auto toml = equation("dx = a*max(x, x) dt + (sigma*x + tau) dW", "a = 0.3, sigma = 1.0, tau = 0.5");
    const std::vector<std::string> settings = {"observe.cdf_at=[-0.7]", "observe.quantiles=[]"};
    CHECK(equation_theory(config_from_text(toml, "test", settings).simulation).notes.at(0) ==
          "There is a stationary law, on (-infinity, -0.5).");
    CHECK_THAT(answers_of(toml, settings).at("stationary P(X <= -0.7)"),
               WithinAbs(stationary_law(0.3, 1, 0.5, 1).cdf(-0.7), 1e-9));
}

TEST_CASE("exits of a formula are those of the linear SDE, with noise at 0 and without", "[equation]") {
    // A maximum is no linear function, to the program.
    const auto exits = [](const std::string& parameters) {
        return answers_of(equation("dx = a*max(x, x) dt + sigma*x dW + tau dV", parameters),
                          {"observe.exit_radius=2", "ensemble.x0=0.1", "observe.times=[2]",
                           "observe.quantiles=[]", "integrator.t_end=2"});
    };
    const auto noisy = exits("a = 0.3, sigma = 1.0, tau = 0.5");
    CHECK_THAT(noisy.at("mean exit time from |x| < 2"), WithinAbs(5.38049212, 6e-9));
    CHECK_THAT(noisy.at("variance of the exit time from |x| < 2"), WithinAbs(21.184935, 6e-7));
    CHECK_THAT(noisy.at("odds to leave |x| < 2 upwards"), WithinAbs(.53761087, 6e-9));
    CHECK_THAT(noisy.at("P(no exit from |x| < 2) at t = 2"), WithinAbs(.77102954, 6e-9));
    CHECK_THAT(noisy.at("stationary E log|x|"),
               WithinAbs(stationary_law(0.3, 1, 0.5, 0).mean_log_abs(), 1e-8));
    CHECK_THAT(noisy.at("tail exponent"), WithinAbs(0.4, 1e-8));
    CHECK_THAT(exits("a = 1.0, sigma = 0.5, tau = 0.0").at("mean exit time from |x| < 2"),
               WithinRel(std::log(20.0) / 0.875, 1e-6));
    CHECK(std::isinf(exits("a = 0.1, sigma = 0.5, tau = 0.0").at("mean exit time from |x| < 2")));
}

TEST_CASE("a recursion has the theory of the noisy saddle, and factors of several noises", "[equation]") {
    const std::string noise = "[noise]\nxi = {sd = 'sigma'}\neta = {sd = 'tau'}\n";
    const std::string parameters = "parameters = {l = 0.5, a = 0.02, sigma = 0.3, tau = 0.1}\n";
    const std::string next = "[model]\nnext = \"x + l*((a + xi)*x + eta)\"\n" + parameters + noise;
    const std::string loss =
        "[model]\ngradient = \"-(a + xi)*x - eta\"\nparameters = {a = 0.02, sigma = 0.3, tau = 0.1}\n" +
        noise + "[optimiser]\nlearning_rate = 0.5\n";
    const std::vector<std::string> settings = {"integrator.steps=100", "observe.cdf_at=[0.3]"};
    auto saddle = settings;
    for (const char* key :
         {"model.a=0.02", "model.sigma=0.3", "model.tau=0.1", "optimiser.learning_rate=0.5"})
        saddle.emplace_back(key);
    const auto built_in = answers_of("model.name = 'noisy-saddle'", saddle);
    for (const auto& toml : {next, loss}) {
        const auto answers = answers_of(toml, settings);
        for (const auto& [quantity, value] : answers) {
            INFO(quantity);
            REQUIRE(built_in.count(quantity) == 1);
            CHECK_THAT(value,
                       WithinRel(built_in.at(quantity), 1e-9) || WithinAbs(built_in.at(quantity), 1e-12));
        }
        CHECK(answers.size() + 2 == built_in.size());  // all but the window's edges
        const auto points = equation_theory(config_from_text(toml, "test", settings).simulation).points;
        REQUIRE(points.size() == 1);
        CHECK_THAT(points[0].growth, WithinRel(step_growth(Law::gaussian, 0.01, 0.15), 1e-12));
        CHECK_THAT(points[0].tail_index, WithinRel(tail_index(Law::gaussian, 1.01, 0.15), 1e-9));
        CHECK_THAT(points[0].tau, WithinRel(0.05, 1e-14));
    }
}

TEST_CASE("fixed points of a recursion that is not linear", "[equation]") {
    // The logistic map with a noisy rate: 0, and 1 - 1/r with the factor 2 - r - xi (1 - 2x) at x.
    const std::string toml =
        "[model]\nnext = \"(r + xi)*x*(1 - x)\"\nparameters = {r = 1.5, s = 0.4}\n"
        "[noise]\nxi = {law = 'uniform', sd = 's'}\n";
    const auto config = config_from_text(toml, "test", {});
    const auto points = equation_theory(config.simulation).points;
    REQUIRE(points.size() == 2);
    CHECK(points[0].x == 0);
    CHECK_THAT(points[0].growth, WithinRel(mean_log_abs(Law::uniform, 1.5, 0.4), 1e-12));
    CHECK(points[0].tau == 0);
    CHECK_THAT(points[1].x, WithinRel(1.0 / 3, 1e-14));
    CHECK_THAT(points[1].growth, WithinRel(mean_log_abs(Law::uniform, 0.5, 0.4 / 3), 1e-12));
    CHECK_THAT(points[1].tau, WithinRel(0.4 * 2 / 9, 1e-12));
    CHECK(points[1].trapped());
}

TEST_CASE("of several variables the Jacobian at 0 is known and nothing else", "[equation]") {
    const auto config = config_from_text(
        "[model]\nequation = [\"dx = v dt\", \"dv = (-w^2*x - g*v) dt + tau dW\"]\n"
        "parameters = {w = 1.0, g = 1.0, tau = 1.0}\n",
        "test", {});
    const auto theory = equation_theory(config.simulation);
    REQUIRE(theory.eigenvalues.size() == 2);
    for (const auto& value : theory.eigenvalues) {
        CHECK_THAT(value.real(), WithinAbs(-0.5, 1e-14));
        CHECK_THAT(std::abs(value.imag()), WithinAbs(std::sqrt(0.75), 1e-14));
    }
    CHECK(theory.notes.size() == 1);
    CHECK(known_answers(config).empty());
}

TEST_CASE("of formulas that change in time nothing is claimed", "[equation]") {
    const auto config =
        config_from_text(equation("dx = (-k*x + cos(t)) dt + tau dW", "k = 1.0, tau = 0.2"), "test", {});
    CHECK(known_answers(config).empty());
    CHECK(equation_theory(config.simulation).notes.size() == 1);
}

TEST_CASE("sweeps know the growth of formulas where the linear trap decides it", "[equation]") {
    const auto known = [](const std::string& toml) {
        auto config = config_from_text(toml, "test", {});
        Observable growth;
        growth.kind = Observable::Kind::growth;
        std::map<std::string, double> values;
        for (const auto& value : known_values(growth, config.simulation, 1e-6))
            values[value.name] = value.value;
        return values;
    };
    const auto linear = known(equation("dx = a*x dt + sigma*x dW", "a = 0.3, sigma = 1.0"));
    CHECK_THAT(linear.at("SDE"), WithinAbs(-0.2, 1e-15));
    CHECK_THAT(linear.at("exact"), WithinAbs(euler_growth_rate(0.3, 1, 1.0 / 64), 1e-12));
    const auto well = known(equation("dx = (a*x - x^3) dt + sigma*x dW", "a = 0.3, sigma = 1.0"));
    CHECK_THAT(well.at("at the origin"), WithinAbs(euler_growth_rate(0.3, 1, 1.0 / 64), 1e-12));
    CHECK(well.count("SDE") == 0);
}
