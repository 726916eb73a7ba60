// Schemes as they are run: their kernels, their variates and the calculus of the equation.
#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/answers/findings.hpp"
#include "analysis/growth/growth.hpp"
#include "engine/error.hpp"

using namespace noisetrap;

namespace {

constexpr double critical = 4.7;

Findings simulated(const std::string& toml, std::vector<std::string> settings) {
    settings.emplace_back("ensemble.paths=20000");
    const auto config = config_from_text(toml, "test", settings);
    return findings_of(config, run(config.simulation).ensembles[0]);
}

}  // namespace

TEST_CASE("Growth rates of runs are those of the scheme's steps") {
    const std::vector<std::string> common = {"model.a=0.3", "model.sigma=1", "integrator.dt=0.25",
                                             "integrator.steps=256"};
    struct Run {
        const char *scheme, *calculus, *noise;
        double exact;
    };
    for (const auto& [scheme, calculus, noise, exact] :
         {Run{"heun", "ito", "model.rho=0.6", -0.091671}, Run{"ri1", "ito", "model.rho=0.6", -0.203189},
          Run{"sriw1", "stratonovich", "model.tau=0", 0.278234}}) {
        INFO(scheme);
        auto settings = common;
        for (const std::string& more : {std::string("integrator.scheme=") + scheme,
                                        std::string("integrator.calculus=") + calculus, std::string(noise)})
            settings.push_back(more);
        const auto growth = simulated("model.name = 'linear-sde'", settings).growth_rate;
        CHECK(std::abs(z_score(growth.estimate, growth.theory.scheme)) < critical);
        CHECK(growth.theory.scheme == Approx(exact).margin(1e-6));
        CHECK(growth.theory.sde == Approx(std::string(calculus) == "ito" ? -0.2 : 0.3));
    }
}

// Euler's steps of a x dt + sigma x dW, meant as Stratonovich's, are those of (a + sigma^2/2) x dt + sigma x dW.
TEST_CASE("A formula is meant in the sense of the calculus") {
    const auto growth =
        simulated("[model]\nequation = 'dx = a*x dt + sigma*x dW'\nparameters = {a = 0.1, sigma = 0.8}",
                  {"integrator.calculus=stratonovich", "integrator.dt=0.25", "integrator.steps=256"})
            .growth_rate.estimate;
    CHECK(std::abs(z_score(growth, euler_growth_rate(0.1 + 0.32, 0.8, 0.25))) < critical);
}

// (x, y) turns by the angle W. Heun's step is (x + i y)(1 + i w - w^2/2), and so E x = (1 - h/2)^n exactly.
TEST_CASE("Heun's scheme turns a system of Stratonovich equations") {
    const auto found = simulated("[model]\nequation = ['dx = -y dW', 'dy = x dW']",
                                 {"integrator.calculus=stratonovich", "integrator.scheme=heun",
                                  "integrator.dt=0.125", "integrator.steps=8", "observe.growth=false"});
    CHECK(std::abs(z_score(found.times.back().mean.estimate, std::pow(1 - 0.0625, 8))) < critical);
}

// dX = J X dt + B X o dW + C X o dV has E X(t) = exp((J + B^2/2 + C^2/2) t) X(0), and B and C do not commute.
TEST_CASE("Schemes of either calculus agree on a Stratonovich system of two noises") {
    const std::string noise_x = " + 0.5*x dW + 0.4*y dV'", noise_y = " + 0.3*y dW + 0.4*x dV'",
                      stratonovich = "[model]\nequation = ['dx = (y - x) dt" + noise_x +
                                     ", 'dy = (-x - y) dt" + noise_y + "]\nstart = {y = 1.0}",
                      ito = "[model]\nequation = ['dx = (y - 0.795*x) dt" + noise_x +
                            ", 'dy = (-x - 0.875*y) dt" + noise_y + "]\nstart = {y = 1.0}";
    const std::vector<std::string> common = {"integrator.dt=0.015625", "integrator.steps=64",
                                             "observe.growth=false"};
    const auto mean_of = [&](const std::string& toml, const std::string& scheme,
                             const std::string& calculus) {
        auto settings = common;
        settings.push_back("integrator.scheme=" + scheme);
        settings.push_back("integrator.calculus=" + calculus);
        return simulated(toml, settings).times.back().mean.estimate;
    };
    // By hand: the matrix has the trace -1.67 and, less half of it, the rows (0.04, 1) and (-1, -0.04), whose square is
    // -0.9984.
    const double turn = std::sqrt(0.9984),
                 exact = std::exp(-0.835) * (std::cos(turn) + (0.04 + 1) * std::sin(turn) / turn);
    const auto euler = mean_of(stratonovich, "euler-maruyama", "stratonovich");
    CHECK(euler.value == Approx(mean_of(ito, "euler-maruyama", "ito").value).epsilon(1e-6));
    for (const std::string scheme : {"heun", "ri1"})
        CHECK(std::abs(z_score(mean_of(stratonovich, scheme, "stratonovich"), exact)) < critical);
}

TEST_CASE("Schemes that do not fit a formula's noise are refused with one that does") {
    const auto refusal = [](const std::string& equation, const std::string& scheme) -> std::string {
        try {
            config_from_text("[model]\nequation = " + equation, "test", {"integrator.scheme=" + scheme});
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    };
    const std::string two = "'dx = -x dt + x dW + 1 dV'", system = "['dx = y dt', 'dy = -x dt + y dW']";
    using Catch::Matchers::Contains;
    CHECK_THAT(refusal(two, "milstein"),
               Contains("takes one noise") && Contains("the 2 here") && Contains("'ri1'"));
    CHECK_THAT(refusal(two, "sra1"), Contains("does not depend on x") && Contains("'ri1'"));
    CHECK_THAT(refusal(two, "splitting"), Contains("flows") && Contains("'ri1'"));
    CHECK_THAT(refusal(system, "sriw1"), Contains("one variable") && Contains("'ri1'"));
    CHECK_THAT(refusal(system, "sra3"), Contains("does not depend on x"));
    CHECK(refusal("['dx = y dt', 'dy = -x dt + 1 dW']", "sra3").empty());
    CHECK(refusal("'dx = -x dt + 1 dW + 2 dV'", "sra1").empty());
    CHECK(refusal("'dx = -x^3 dt + x dW'", "tamed").empty());
}
