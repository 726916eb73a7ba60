// Comparisons of optimisers: what a file says, what a budget pays for, and who comes out best.
#include "engine/input/comparison.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/answers/outcome.hpp"

using namespace noisetrap;

static const std::string small =
    "[model]\nname = 'noisy-saddle'\n[ensemble]\npaths = 2000\nx0 = 0.01\n"
    "[compare]\nbudget = 400\nexit_radius = 1\n[optimisers.sgd]\nlearning_rate = [0.5, 1.0]\n";

static Comparison read(const std::string& more, const std::vector<std::string>& settings = {}) {
    return comparison_from_text(small + more, "test.toml", settings);
}

TEST_CASE("A list makes a grid, and a table may rename its optimiser") {
    const auto c =
        read("[optimisers.heavy]\nname = 'momentum'\nmomentum = [0.5, 0.9]\nlearning_rate = [0.1, 0.2]\n");
    REQUIRE(c.contenders.size() == 2 + 4);
    CHECK(c.contenders[2].label == "heavy");
    CHECK(c.contenders[2].entry->method == "momentum");
    CHECK(c.contenders[2].varied == std::vector<std::string>{"learning_rate", "momentum"});
    CHECK(c.contenders[0].varied == std::vector<std::string>{"learning_rate"});
}

TEST_CASE("An empty table is an optimiser with its defaults") {
    const auto c = read("[optimisers.adam]\n");
    CHECK(std::get<double>(c.contenders.back().parameters.at("beta1")) == 0.9);
}

TEST_CASE("Every contender takes the steps that the budget pays for") {
    const auto c = read(
        "[optimisers.svrg]\ninterval = 20\nsamples = 100\n[optimisers.gradient-descent]\nsamples = 100\n");
    CHECK(c.contenders[0].steps == 400);
    CHECK(c.contenders[2].steps == 50);  // 2 landmarks of 100 and 80 steps of 2 would be more: 40 + 10 steps
    CHECK(c.contenders[2].cost.of(c.contenders[2].steps) <= 400);
    CHECK(c.contenders[2].cost.of(c.contenders[2].steps + 1) > 400);
    CHECK(c.contenders[3].steps == 4);
}

TEST_CASE("What does not fit is refused in a sentence that names file, line and key") {
    CHECK_THROWS_WITH(
        read("[optimisers.adamm]\nlearning_rate = 0.1\n"),
        Catch::Contains("optimisers.adamm is not the name of an optimiser") && Catch::Contains("'adam'"));
    CHECK_THROWS_WITH(read("[optimisers.adam]\nbeta3 = 0.1\n"),
                      Catch::Contains("test.toml:12: optimisers.adam.beta3 is not a key here"));
    CHECK_THROWS_WITH(read("[optimisers.adam]\nbeta1 = [0.9, 1.5]\n"),
                      Catch::Contains("beta1 = 1.5 must be between"));
    CHECK_THROWS_WITH(read("[optimisers.adam]\nbeta1 = []\n"), Catch::Contains("is an empty list"));
    CHECK_THROWS_WITH(read("[optimisers.svrg]\ninterval = 0\n"), Catch::Contains("must be between 1 and"));
    CHECK_THROWS_WITH(read("[optimisers.svrg]\ninterval = 2.5\n"),
                      Catch::Contains("optimisers.svrg.interval = 2.5 must be a whole number"));
    CHECK_THROWS_WITH(
        read("[optimisers.gradient-descent]\nsamples = 1000\n"),
        Catch::Contains(
            "compare.budget = 400 does not pay for one step of gradient-descent, which costs 1000"));
    CHECK_THROWS_WITH(read("", {"compare.exit_radius=0.001"}), Catch::Contains("must be above |x0|"));
    CHECK_THROWS_WITH(read("", {"compare.exit_radius=1e200"}),
                      Catch::Contains("compare.exit_radius = 1e+200"));
    CHECK_THROWS_WITH(read("", {"compare.quantiles=[]"}), Catch::Contains("is an empty list"));
    CHECK_THROWS_WITH(read("[optimisers.'my sgd']\nname = 'sgd'\n"), Catch::Contains("is not a label"));
    CHECK_THROWS_WITH(comparison_from_text("model.name = 'linear-sde'", "test.toml", {}),
                      Catch::Contains("is an SDE"));
    CHECK_THROWS_WITH(comparison_from_text("model.name = 'noisy-saddle'", "test.toml", {}),
                      Catch::Contains("there is nothing to compare"));
}

TEST_CASE("The resolved comparison reads back as itself") {
    const auto c = read("[optimisers.heavy]\nname = 'momentum'\nmomentum = [0.5, 0.9]\n");
    const auto text = to_toml(c.resolved, false);
    CHECK(to_toml(comparison_from_text(text, "again.toml", {}).resolved, false) == text);
}

TEST_CASE("Outcomes count escapes, price them in gradients and rank each grid") {
    const auto c = read("[optimisers.svrg]\nsamples = 50\ninterval = 10\n",
                        {"model.a=0.2", "model.sigma=0.1", "model.tau=0.01"});
    std::vector<EnsembleSummary> summaries;
    for (const auto& contender : c.contenders)
        summaries.push_back(run(simulation_of(c, contender)).ensembles[0]);
    const auto outcomes = outcomes_of(c, summaries);
    // Larger steps leave sooner: the grid's best, and with two points the better one is the typical one too.
    CHECK((outcomes[1].best && outcomes[1].rank == 1 && outcomes[0].rank == 2));
    CHECK(outcomes[1].odds.value == 1);
    CHECK(outcomes[1].odds.interval.low > 0.99);
    CHECK(outcomes[1].cost_of_escape[1].value < outcomes[0].cost_of_escape[1].value);
    // Everybody is inside at the start, and the curve falls to the share that stays.
    for (const auto& o : outcomes) {
        CHECK(o.inside.front().value == 1);
        CHECK(o.inside.back().value == Approx(1 - o.odds.value));
        CHECK(std::is_sorted(o.costs.begin(), o.costs.end()));
        CHECK(o.costs.back() <= 400);
    }
    // The growth rate per gradient of sgd at learning rate 1: log growth over 400 steps of cost 1.
    const auto& growth = summaries[1].log_growth.moments;
    CHECK(outcomes[1].growth->value == Approx(growth.mean / 400));
}

TEST_CASE("An escape at a known step costs what the steps until then cost") {
    // 0.1 1.1^n >= 1 first at n = 25, without any noise.
    const auto c = comparison_from_text(
        "[model]\nname = 'noisy-saddle'\na = 0.1\nsigma = 0\ntau = 0\n[ensemble]\npaths = 100\nx0 = "
        "0.1\n[compare]\n"
        "budget = 25000\nexit_radius = 1\n[optimisers.sgd]\n[optimisers.gradient-descent]\nsamples = 1000\n"
        "[optimisers.svrg]\ninterval = 25\nsamples = 100\n",
        "test.toml", {});
    std::vector<EnsembleSummary> summaries;
    for (const auto& contender : c.contenders)
        summaries.push_back(run(simulation_of(c, contender)).ensembles[0]);
    const auto outcomes = outcomes_of(c, summaries);
    const double costs[] = {25, 25000, 2 * 25 + 100};
    for (std::size_t i = 0; i < 3; ++i)
        for (const auto& cost : outcomes[i].cost_of_escape) CHECK(cost.value == costs[i]);
}

TEST_CASE("Growth is -infinity once a path has fallen on zero, not the mean of those that have not") {
    // Two curvatures at learning rate 1: half of the steps lead to 0 exactly.
    const auto c = comparison_from_text(
        "[model]\nname = 'random-curvature'\n[ensemble]\npaths = 4096\n[compare]\n"
        "budget = 8\nexit_radius = 100\n[optimisers.sgd]\nlearning_rate = 1\n",
        "test.toml", {});
    const auto outcomes = outcomes_of(c, {run(simulation_of(c, c.contenders[0])).ensembles[0]});
    CHECK(outcomes[0].growth->value == -INFINITY);
}

TEST_CASE("A contender of which every path failed is ranked last") {
    auto c = read("");
    std::vector<EnsembleSummary> summaries;
    for (const auto& contender : c.contenders)
        summaries.push_back(run(simulation_of(c, contender)).ensembles[0]);
    auto& passage = summaries[0].passage;
    passage.upper = passage.lower = 0;
    passage.steps.not_a_number = c.common.paths;
    const auto outcomes = outcomes_of(c, summaries);
    CHECK((outcomes[0].rank == 2 && outcomes[1].best));
}

TEST_CASE("All contenders see the same noise") {
    // Two labels of the same optimiser come out alike to the last path.
    const auto c = read("[optimisers.again]\nname = 'sgd'\nlearning_rate = 0.5\n");
    const auto a = run(simulation_of(c, c.contenders[0])).ensembles[0],
               b = run(simulation_of(c, c.contenders[2])).ensembles[0];
    CHECK(a.log_growth.moments.mean == b.log_growth.moments.mean);
    CHECK(a.passage.upper == b.passage.upper);
}

TEST_CASE("A comparison may watch a formula of x") {
    const auto c = read("", {"compare.exit_of=x^2 + sigma", "compare.exit_side=upper"});
    REQUIRE(c.common.observe.exit_of);
    CHECK(c.common.observe.exit_of->text == "x^2 + sigma");
    CHECK(c.common.observe.exit_side == ExitSide::upper);
    CHECK_THROWS_WITH(read("", {"compare.of=3/(x - 0.01)"}), Catch::Contains("no finite value at the start"));
}
