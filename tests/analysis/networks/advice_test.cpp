// Which optimiser is recommended is held against what theory says of the point.
#include "analysis/networks/advice.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>

#include "analysis/spectra/lanczos.hpp"
#include "tests/temporary_folder.hpp"

using namespace noisetrap;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

Advice advice_with(std::vector<std::string> settings) {
    settings.insert(settings.end(), {"measure.chains=2", "measure.steps=100"});
    return advise(network_config_from_text("", "test", settings));
}
Advice gate_at(const std::string& learning_rate) {
    return advice_with({"data.inputs=[36]", "measure.learning_rates=[" + learning_rate + "]"});
}

const WayOut& way_of(const Advice& advice, const std::string& name) {
    return *std::find_if(advice.ways.begin(), advice.ways.end(),
                         [&](const auto& way) { return way.name == name; });
}

/// Steps until what a start beside the point has of the way out has grown by `factor` a step to measure.far, as long as
/// steps are linear.
double linear_steps(const Advice& advice, double factor) {
    constexpr double start = 1e-4, far = 0.03;
    const auto& e = advice.measurement.saddle.escape;
    const auto direction = random_direction(e.size());
    double along = 0, square = 0;
    for (std::size_t i = 0; i < e.size(); ++i)
        along += direction[i] * e[i], square += direction[i] * direction[i];
    return std::ceil(std::log(far / (start * std::abs(along) / std::sqrt(square))) / std::log(factor));
}

}  // namespace

TEST_CASE("advise: where noise does not trap a gate, single samples are the cheapest way out") {
    const auto advice = gate_at("0.05");
    const auto& best = advice.ways.front();
    CHECK(best.name == "stochastic gradient descent");
    CHECK(best.steps == Approx(std::log(0.03 / 1e-4) / .003747391589));  // its exact growth rate
    CHECK(best.cost == best.steps);
    CHECK(best.memory == 4);
    CHECK_THAT(advice.sentences.front(), StartsWith("Take stochastic gradient descent (l = 0.05, batch 1)"));
}

TEST_CASE("advise: where noise traps, the gradient of all samples is recommended instead") {
    const auto advice = gate_at("0.3");
    CHECK(advice.ways.front().measured);
    CHECK(advice.ways.front().leaves);
    const auto& trapped = way_of(advice, "stochastic gradient descent");
    CHECK_FALSE(trapped.leaves);
    CHECK(&trapped == &advice.ways.back());
    const auto words = [&](const char* part) {
        return std::any_of(advice.sentences.begin(), advice.sentences.end(),
                           [&](const auto& s) { return s.find(part) != std::string::npos; });
    };
    CHECK(words("noise traps, and stochastic gradient descent does not leave"));
    CHECK(words("Below a learning rate of 0.1994 batches of 1 are not trapped"));
    CHECK(words("(d_eff = 1)"));
}

TEST_CASE("advise: steps that are too long to follow are never recommended, however fast they grow") {
    for (const char* rate : {"50", "1000"}) {
        const auto advice = gate_at(rate);
        CHECK(advice.measurement.predictions[0].decisive.rate > 0);
        CHECK_FALSE(way_of(advice, "stochastic gradient descent").leaves);
        CHECK_THAT(advice.sentences.front(), !Contains("stochastic"));
    }
}

TEST_CASE("advise: gradient descent and saddle-free Newton take the steps of the linear theory") {
    // A gate has eigenvalues a and -a, so that gradient descent doubles the distance, and a saddle-free step with damping
    // a/10 multiplies it by 1 + 1/1.1.
    const auto gate = gate_at("0.05");
    CHECK(gate.curvature == Approx(gate.measurement.noise.a));
    CHECK(way_of(gate, "gradient descent").steps == linear_steps(gate, 2));
    CHECK(way_of(gate, "saddle-free Newton").steps == linear_steps(gate, 1 + 1 / 1.1));
    CHECK(way_of(gate, "saddle-free Newton").cost_per_step == 1797 * (1 + 2 * 2));
}

TEST_CASE("advise: second derivatives pay where the way out is much less steep than the steepest wall") {
    // An autoencoder of two inputs, uncorrelated, with variances v = 5 and 4.9, whose one unit has learnt the second. Along
    // the first, weights a and b beside it have the loss E[(1 - ab)^2 v_1 + b^2 v_2 + a^2 v_1]/2.
    const TemporaryFolder folder;
    std::ostringstream samples;
    for (const double p : {-3, -1, 1, 3})
        for (const double q : {-2, -1, 1, 2}) samples << p << "," << 1.4 * q << "\n";
    const auto advice = advice_with({"data.file='" + folder.with("samples.csv", samples.str()) + "'",
                                     "data.standardise=false", "data.target='inputs'",
                                     "network.unit='linear'", "point.at='principal-components'",
                                     "point.components=[2]", "measure.learning_rates=[0.01]"});
    const double middle = (5 + 4.9) / 2, root = std::hypot((5 - 4.9) / 2, 5);
    CHECK(advice.measurement.noise.a == Approx(root - middle));
    CHECK(advice.curvature == Approx(root + middle));
    const double share = (root - middle) / (root + middle);
    const auto& descent = way_of(advice, "gradient descent");
    const auto& krylov = way_of(advice, "saddle-free Newton, Krylov");
    CHECK(descent.steps == Approx(linear_steps(advice, 1 + share)).epsilon(0.05));
    CHECK(krylov.leaves);
    CHECK(krylov.cost < descent.cost);
    CHECK(way_of(advice, "negative curvature").cost < descent.cost);
    for (std::size_t k = 1; k < advice.ways.size(); ++k)  // the first that leaves is the cheapest
        if (advice.ways[k].leaves) CHECK(advice.ways[k - 1].cost <= advice.ways[k].cost);
}
