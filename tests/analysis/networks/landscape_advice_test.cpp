// Which optimiser is recommended at a saddle of a landscape, held against what theory says of every axis.
#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/growth/growth.hpp"
#include "analysis/networks/advice.hpp"

using namespace noisetrap;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

Advice advice_with(const std::string& toml, const std::vector<std::string>& settings = {}) {
    return advise(landscape_from_text(toml, "test", settings, LandscapeCommand::advise));
}
std::string all_sentences(const Advice& advice) {
    std::string all;
    for (const auto& sentence : advice.sentences) all += sentence + "\n";
    return all;
}
const WayOut& way_of(const Advice& advice, const std::string& name) {
    return *std::find_if(advice.ways.begin(), advice.ways.end(),
                         [&](const auto& way) { return way.name == name; });
}

constexpr const char* two_ways =
    "landscape = {type = 'quadratic-saddle', axes = 4, concave = 2, down = 0.1, down_to = 0.05}\n";

}  // namespace

TEST_CASE("advise on landscapes: without noise it says so, and counts gradients of the loss") {
    const auto advice = advice_with("landscape.type = 'linear-net'");
    CHECK(advice.measurement.predictions.empty());
    CHECK_THAT(all_sentences(advice), Contains("No noise is defined here"));
    CHECK_THAT(all_sentences(advice), Contains("At the point {} 6 of 12 directions lead down"));
    const auto& descent = way_of(advice, "gradient descent");
    CHECK(descent.leaves);
    CHECK(descent.cost == descent.steps);
    CHECK(descent.memory == 24);
}

TEST_CASE("advise on landscapes: where ways out are equally steep, leaving along any of them counts") {
    const auto advice = advice_with("landscape.type = 'orthogonal-tensor'");  // -8/5 four times at `5 equal`
    CHECK(advice.measurement.saddle.ways_out.size() == 4 * 5);
    CHECK(way_of(advice, "negative curvature").leaves);
    CHECK(way_of(advice, "negative curvature").steps <= 2);
}

TEST_CASE("advise on landscapes: gradient descent doubles the distance at a rate of 1/|H| where a = |H|") {
    // A random start of length 1e-4 has some 1e-4 of its one way out of one axis: 2^9 is the first power beyond 300.
    const auto advice = advice_with("landscape = {type = 'quadratic-saddle', axes = 1}");
    CHECK(way_of(advice, "gradient descent").steps == 9);
}

TEST_CASE("advise on landscapes: growth is that of the fastest way out, each way out by itself") {
    const auto advice =
        advice_with(two_ways, {"noise.sigma=[2.0]", "noise.samples=1000", "advise.learning_rates=[0.5]"});
    const auto& p = advice.measurement.predictions.at(0);
    CHECK(p.axis_rate == Approx(step_growth(Law::gaussian, 0.05, 1)));
    CHECK(p.axis_rate < 0);
    CHECK(p.decisive.rate == Approx(std::log1p(0.5 * 0.05)));  // the second way out has no noise
    CHECK(way_of(advice, "stochastic gradient descent").leaves);
    CHECK(*advice.measurement.noise_dimension == Approx(1));
}

TEST_CASE("advise on landscapes: noise on every way out traps, below whose learning rate it does not") {
    const std::vector<std::string> settings = {"noise.sigma=[2.0, 2.0]", "noise.samples=1000",
                                               "advise.learning_rates=[0.5]"};
    const auto advice = advice_with(two_ways, settings);
    CHECK(advice.measurement.predictions.at(0).ratio() < 0);
    CHECK_FALSE(way_of(advice, "stochastic gradient descent").leaves);
    CHECK(*advice.measurement.noise_dimension == Approx(2));
    CHECK_THAT(all_sentences(advice),
               Contains("noise traps, and stochastic gradient descent does not leave"));
    const double edge = advice.measurement.by_batch.at(0).learning_rate.value();
    CHECK(edge == Approx(2 * 0.1 / 4).epsilon(0.05));  // the SDE's, 2 a/sigma^2, of the steeper way out
    CHECK(step_growth(Law::gaussian, edge * 0.1, edge * 2) == Approx(0).margin(1e-12));
    // A batch of b has the noise of one sample over sqrt b.
    auto larger = settings;
    larger.insert(larger.end(), {"advise.batch_sizes=[400]"});
    CHECK(advice_with(two_ways, larger).measurement.predictions.at(0).ratio() > 0);
}

TEST_CASE("advise on landscapes: flat directions of a symmetry are no ways out") {
    const auto advice = advice_with(
        "landscape.type = 'linear-net'",  // {1,3}: -1 once, and 4 flat ones
        {"advise.at={1,3}", "noise.sigma=[5.0]", "noise.samples=1000", "advise.learning_rates=[0.1]"});
    CHECK(advice.measurement.predictions.at(0).decisive.rate == Approx(step_growth(Law::gaussian, 0.1, 0.5)));
    CHECK(advice.measurement.predictions.at(0).ratio() < 0);
}

TEST_CASE("advise on landscapes: noise of the gradient lets paths out of what shrinks distances") {
    const auto advice = advice_with(two_ways, {"noise.sigma=[2.0, 2.0]", "noise.tau=[0.1]",
                                               "noise.samples=1000", "advise.learning_rates=[0.5]"});
    CHECK_THAT(all_sentences(advice), Contains("samples push at the point itself"));
}

TEST_CASE("advise on landscapes: noise that throws paths across a wall is no way out") {
    const auto advice =
        advice_with("landscape = {type = 'quadratic-saddle', axes = 2}",
                    {"noise.sigma=[0.0, 9.0]", "noise.samples=1000", "advise.learning_rates=[1.0]"});
    CHECK(advice.measurement.predictions.at(0).diverges());
    CHECK_FALSE(way_of(advice, "stochastic gradient descent").leaves);
    CHECK_THAT(all_sentences(advice), Contains("take a smaller learning rate"));
}

TEST_CASE("advise on landscapes: without a list of points the saddle that most searches end at is taken") {
    const auto advice =
        advice_with("landscape = {type = 'gaussian-field'}\nsearch = {starts = 20, seed = 2}\n");
    CHECK(advice.measurement.saddle.gradient_norm < 1e-8);
    CHECK(advice.measurement.noise.a > 0);
    CHECK_THAT(all_sentences(advice), Contains("At the saddle that most searches end at"));
}

TEST_CASE("advise on landscapes: beyond whole Hessians one way out is known at least") {
    const auto advice = advice_with(
        "landscape = {type = 'matrix-factorisation', rows = 700, rank = 4, values = [4, 2, 1]}\n"
        "advise.at = '{2}'\n");
    CHECK(advice.measurement.noise.a == Approx(4));  // the unlearnt mode of 4, along a spare column
    CHECK_THAT(all_sentences(advice), Contains("of 2800 parameters one direction leads down at least"));
    CHECK(advice.ways.front().leaves);
}

TEST_CASE("advise on landscapes: what is no saddle is refused in a sentence") {
    const auto says = [](const std::vector<std::string>& settings, const char* words) {
        CHECK_THROWS_WITH(advice_with("landscape.type = 'coupled-saddle'\n", settings), Contains(words));
    };
    says({"advise.at=[1.0, 0.0, 0.0]"}, "advise.at is a point that nothing leads down from");
    says({"advise.at=[0.5, 0.0, 0.0]"}, "advise.at is not a critical point: |gradient| = 0.375");
    says({"advise.at=[0.5]"}, "advise.at has 1 numbers");
    says({"advise.at=[1e200, 0.0, 0.0]"}, "advise.at");
    says({"noise.sigma=[0.1]"}, "noise.samples is missing");
    says({"noise.samples=10"}, "noise.samples is about noise");
    says({"noise.sigma=[1, 1, 1, 1]", "noise.samples=10"}, "noise.sigma has 4 numbers");
    says({"noise.sigma=[-1]", "noise.samples=10"}, "noise.sigma");
    says({"advise.start=1"}, "advise.start = 1 must be below advise.far");
}
