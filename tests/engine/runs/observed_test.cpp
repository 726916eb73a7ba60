// Other numbers than the first variable: what is observed, what is watched for exits, and all exponents.
#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/growth/growth.hpp"
#include "engine/error.hpp"
#include "engine/input/config.hpp"
#include "tests/engine/runs/summary_bits.hpp"

using namespace noisetrap;

namespace {

constexpr double critical = 4.7;

Config configured(const std::string& toml, const std::vector<std::string>& settings = {}) {
    return config_from_text(toml, "test", settings);
}
EnsembleSummary simulated(const std::string& toml) { return run(configured(toml).simulation).ensembles[0]; }
/// Standard errors between an estimate and the exact value.
double z_score(const Estimate& estimate, double exact) {
    return (estimate.value - exact) / estimate.standard_error;
}

/// Without noise and under BAOAB: half steps of the force -k x, and friction in the middle.
struct Spring {
    double k, g, h, x, v;
    void step() {
        v -= h / 2 * k * x;
        x += h / 2 * v;
        v *= std::exp(-g * h);
        x += h / 2 * v;
        v -= h / 2 * k * x;
    }
};

const std::string brownian = "[model]\nequation = ['dx = dW', 'dy = dV']\n";

/// x falls into 0 in both directions: the diagonal has the exponents.
std::string triangular(double dt) {
    return "[model]\nequation = ['dx = (b*x + y) dt + s*x dW', 'dy = a*y dt + r*y dV']\n"
           "parameters = {a = 0.2, r = 0.6, b = -0.5, s = 0.3}\nstart = {y = 0.5}\n[integrator]\ndt = " +
           std::to_string(dt) +
           "\n[observe]\nof = 'x*y'\nexit_of = 'x - y/2'\nexit_radius = 2.0\nexit_side = 'lower'\n"
           "exit_bridge = true\nspectrum = true\n";
}

std::string refusal(const std::string& toml, const std::vector<std::string>& settings) {
    try {
        configured(toml, settings);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("A formula of the state is observed, another is watched, and volumes shrink by the friction") {
    auto s =
        configured(
            "[model]\nequation = ['dx = v dt', 'dv = (-k*x - g*v) dt + s dW']\n"
            "parameters = {k = 0.5, g = 0.25, s = 0.0}\nstart = {v = 1.0}\n[integrator]\nscheme = 'baoab'\n"
            "dt = 0.25\nsteps = 21\n[ensemble]\npaths = 2\nx0 = 2.0\n[observe]\nof = 'x*v - k'\n"
            "exit_of = 'v'\nexit_side = 'lower'\nexit_radius = 1.0\nspectrum = true\n")
            .simulation;
    s.observe.steps = {0, 3, 21};
    const auto rows = collect(s).ensembles[0];
    Spring spring{0.5, 0.25, 0.25, 2, 1};
    std::vector<double> seen = {spring.x * spring.v - 0.5};
    double left = 0;
    for (int n = 1; n <= 21; ++n) {
        spring.step();
        seen.push_back(spring.x * spring.v - 0.5);
        if (left == 0 && spring.v <= -1) left = n;
    }
    REQUIRE(left > 3);
    for (const std::size_t watch : {0, 1, 2}) {
        CHECK(rows.value[watch][1] == Approx(seen[s.observe.steps[watch]]).epsilon(1e-12));
        CHECK(rows.log_abs[watch][1] ==
              Approx(std::log(std::abs(seen[s.observe.steps[watch]]))).margin(1e-12));
    }
    CHECK(rows.exit_step[0] == -left);
    CHECK(rows.log_stretches[0][0] + rows.log_stretches[1][0] == Approx(-0.25 * 0.25 * 21).epsilon(1e-12));
}

// n x of two Brownian motions is one where |n| = 1: P(it passes 1 by t) = 2 (1 - Phi(1/sqrt t)), which bridges give at any
// step. Without them steps of 1/4 miss a fifth.
TEST_CASE("Bridges of a linear functional give the law of first passage at any step") {
    const auto found =
        simulated(brownian +
                  "[integrator]\ndt = 0.25\nt_end = 2.0\n[ensemble]\npaths = 40000\nx0 = 0.0\n[observe]\n"
                  "growth = false\nexit_of = '0.6*x - 0.8*y'\nexit_radius = 1.0\nexit_side = 'upper'\n"
                  "exit_bridge = true\n")
            .passage;
    const double odds = std::erfc(1 / std::sqrt(2.0) / std::sqrt(2.0)), paths = 40000;
    CHECK(found.lower == 0);
    CHECK(std::abs(static_cast<double>(found.upper) / paths - odds) <
          critical * std::sqrt(odds * (1 - odds) / paths));
}

// Both springs have the variance 1/2 at every step under this scheme, so that |x| is Rayleigh's.
TEST_CASE("The norm is observed, and the scheme of Leimkuhler and Matthews has the exact stationary law") {
    const auto found = simulated(
        "[model]\nequation = ['dx = -x dt + dW', 'dy = -y dt + dV']\n[integrator]\nscheme = "
        "'leimkuhler-matthews'\n"
        "dt = 0.5\nt_end = 12.0\n[ensemble]\npaths = 100000\nx0 = 0.0\n[observe]\nof = 'norm'\ngrowth = "
        "false\n"
        "cdf_at = [1.0]\n");
    const auto& end = found.times.back();
    CHECK(std::abs(z_score(end.value.moments.mean_estimate(), std::sqrt(std::acos(-1.0)) / 2)) < critical);
    CHECK(std::abs(z_score(end.value.bins[0].cumulative(0), 1 - std::exp(-1.0))) < critical);
}

TEST_CASE("Exponents of triangular equations are those of the diagonal, the largest first", "[bytes]") {
    const double dt = 0.125;
    const auto config = configured(triangular(dt), {"ensemble.paths=1200", "integrator.steps=4096"});
    const auto stretches = run(config.simulation).ensembles[0].log_stretches;
    REQUIRE(stretches.size() == 3);
    const double exact[] = {euler_growth_rate(0.2, 0.6, dt), euler_growth_rate(-0.5, 0.3, dt)},
                 time = config.simulation.time(4096);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto log_stretch = stretches[i].moments.mean_estimate();
        const double turning = 2;  // until the frame lies as the flow has it
        CHECK(std::abs(log_stretch.value - exact[i] * time) <
              critical * log_stretch.standard_error + turning);
    }
    CHECK(std::abs(z_score(stretches[2].moments.mean_estimate(), (exact[0] + exact[1]) * time)) < critical);

    // The same bytes lane by lane and with one thread.
    const std::vector<std::string> few = {"ensemble.paths=300", "integrator.steps=203"};
    auto alone = few;
    alone.insert(alone.end(), {"run.instruction_set=portable", "run.lanes=1", "run.threads=1"});
    CHECK(bits(run(configured(triangular(dt), few).simulation).ensembles[0]) ==
          bits(run(configured(triangular(dt), alone).simulation).ensembles[0]));
}

TEST_CASE("What cannot be observed, watched or followed is refused in a sentence") {
    using Catch::Matchers::Contains;
    const auto refused = [](const std::vector<std::string>& settings) {
        return refusal(
            "[model]\nequation = ['dx = v dt', 'dv = -stiff*x dt + x dW']\nparameters = {stiff = 1.0}\n",
            settings);
    };
    CHECK_THAT(refused({"observe.of=x*w"}),
               Contains("observe.of at column 3") && Contains("'w' is not known"));
    CHECK_THAT(refused({"observe.of=stif*x"}), Contains("did you mean 'stiff'"));
    CHECK_THAT(refused({"observe.of=2*stiff"}), Contains("holds no variable"));
    CHECK_THAT(refused({"observe.of=1/(x - 1)"}), Contains("no finite value at the start"));
    CHECK_THAT(refused({"observe.exit_of=v"}), Contains("needs observe.exit_radius"));
    CHECK_THAT(refused({"observe.exit_side=upper"}), Contains("needs observe.exit_radius"));
    CHECK_THAT(refused({"observe.exit_of=3*x", "observe.exit_radius=2"}),
               Contains("passed at the start already"));
    CHECK(refused({"observe.exit_of=3*x", "observe.exit_side=lower", "observe.exit_radius=2"}).empty());
    CHECK_THAT(refused({"observe.exit_of=x*v", "observe.exit_radius=2", "observe.exit_bridge=true"}),
               Contains("not linear in the variables"));
    CHECK(refused({"observe.exit_radius=2", "observe.exit_bridge=true"}).empty());
    const std::string one = "model.name = 'linear-sde'";
    CHECK_THAT(refusal(one, {"observe.spectrum=true"}), Contains("goes with systems of formulas"));
    CHECK_THAT(refusal(one, {"observe.of=norm"}), Contains("goes with models that are formulas"));
    CHECK(refusal(one, {"observe.of=x^2 - sigma"}).empty());
}

TEST_CASE("Schemes that do not fit a system say why") {
    using Catch::Matchers::Contains;
    const auto refused = [](const std::string& second, const std::string& scheme) {
        return refusal("[model]\nequation = ['dx = v dt', '" + second + "']\n",
                       {"integrator.scheme=" + scheme});
    };
    CHECK(refused("dv = (x - x^3 - 2*v) dt + x dW", "baoab").empty());
    CHECK_THAT(refused("dv = (x - v*x) dt + dW", "baoab"), Contains("is for Langevin"));
    CHECK_THAT(refused("dv = -x dt + v dW", "baoab"), Contains("is for Langevin"));
    CHECK_THAT(refused("dv = -x dt + v dW", "leimkuhler-matthews"), Contains("does not depend on x"));
    CHECK(refused("dv = -x^3 dt + x dW", "trapezoidal").empty());
    CHECK_THAT(refusal("model.name = 'linear-sde'", {"integrator.scheme=truncated"}),
               Contains("formulas alone"));
}
