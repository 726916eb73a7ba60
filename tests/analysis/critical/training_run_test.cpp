#include "analysis/critical/training_run.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/error.hpp"
#include "models/landscapes/landscapes.hpp"
#include "tests/analysis/critical/in_order.hpp"

using namespace noisetrap;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

namespace {

const LinearNet net{5, 5, 3, {5, 3, 2, 1, 0.5}};

Point at_known(const Landscape& landscape, const std::string& name) {
    for (const auto& known : landscape.points())
        if (known.name == name) return known.at;
    throw std::runtime_error("no such point");
}

/// From point to point in straight lines of ten checkpoints each, every one put aside by 1e-3 sin(1 + i); the last point
/// itself is not reached.
TrainingRun run_through(const Landscape& landscape, const std::vector<std::string>& names) {
    constexpr int between = 10;
    TrainingRun run;
    for (std::size_t leg = 0; leg + 1 < names.size(); ++leg) {
        const auto from = at_known(landscape, names[leg]), to = at_known(landscape, names[leg + 1]);
        for (int k = 0; k < between; ++k) {
            auto& x = run.points.emplace_back(from);
            for (std::size_t i = 0; i < x.size(); ++i)
                x[i] += (to[i] - from[i]) * k / between + 1e-3 * std::sin(1.0 + static_cast<double>(i));
            run.steps.push_back(100.0 * static_cast<double>(run.points.size() - 1));
        }
    }
    return run;
}

}  // namespace

TEST_CASE("training run: the saddles that it passes through are named, in their order", "[critical]") {
    const LandscapeOf landscape{net};
    const std::vector<std::string> names = {"{3,4,5}", "{1,4,5}", "{1,2,4}", "{1,2,3}"};
    const auto run = run_through(landscape, names);
    InOrder one;
    const auto found = analyse(landscape, run, {}, one);
    REQUIRE(found.places.size() == 30);
    REQUIRE(found.visits.size() >= 3);
    std::vector<std::string> seen;
    for (const auto& visit : found.visits) {
        REQUIRE(visit.point.known.has_value());
        const auto& known = found.known[*visit.point.known];
        if (std::find(names.begin(), names.end() - 1, known.name) == names.end() - 1) continue;
        seen.push_back(known.name);
        INFO(known.name);
        CHECK(visit.point.kind.index == known.index);
        CHECK(visit.point.kind.flat == known.flat());
        CHECK_THAT(visit.point.kind.loss, WithinAbs(known.loss, 1e-9));
        CHECK(visit.closest < 0.01);
    }
    CHECK(seen == std::vector<std::string>{"{3,4,5}", "{1,4,5}", "{1,2,4}"});
    for (const std::size_t leg : {0u, 1u, 2u}) {
        const auto visit = found.places[10 * leg].visit;
        REQUIRE(visit.has_value());
        CHECK(found.known[*found.visits[*visit].point.known].name == names[leg]);
    }
}

TEST_CASE("training run: steps near a point are those between half the ways to the next checkpoints",
          "[critical]") {
    const LandscapeOf landscape{CoupledSaddle{}};
    const TrainingRun run{{0, 10, 30, 40, 50},
                          {{0.5, 0.4, 0}, {0.01, 0, 0}, {0.02, 0, 0}, {0.5, 0, 0}, {1, 0.001, 0}}};
    InOrder one;
    const auto found = analyse(landscape, run, {}, one);
    REQUIRE(found.visits.size() == 2);
    CHECK(found.known[*found.visits[0].point.known].name == "saddle");
    CHECK(found.visits[0].point.found == 2);
    CHECK(found.visits[0].steps == 15 + 15);
    CHECK(found.visits[0].from == 10);
    CHECK(found.visits[0].to == 30);
    CHECK_THAT(found.visits[0].closest, WithinAbs(0.01, 1e-12));
    CHECK(found.visits[1].steps == 5);
    CHECK(!found.places[0].visit);
    CHECK(found.searches > 2);
    CHECK(found.elsewhere == found.searches - 2);
}

TEST_CASE("training run: the way out, and whether the run goes along it", "[critical]") {
    const LandscapeOf landscape{CoupledSaddle{}};
    const TrainingRun run{{0, 1}, {{0.1, 0, 0}, {0.2, 0, 0}}};
    InOrder one;
    const auto place = analyse(landscape, run, {}, one).places[0];
    CHECK_THAT(place.smallest, WithinAbs(-0.97, 1e-12));
    CHECK(place.index == 1);
    CHECK(place.index_is_exact);
    CHECK_THAT(place.escape[0], WithinAbs(1, 1e-12));
    CHECK_THAT(place.downhill, WithinAbs(1, 1e-12));
    CHECK_THAT(place.ahead.value(), WithinAbs(1, 1e-12));
}

TEST_CASE("training run: of many parameters an index is a bound from below, and close at hand",
          "[critical]") {
    const LandscapeOf landscape{net};
    const TrainingRun run{{0}, {at_known(landscape, "{3,4,5}")}};
    InOrder one;
    RunQuestions ask;
    ask.whole = 0;
    const auto place = analyse(landscape, run, ask, one).places[0];
    CHECK(!place.index_is_exact);
    CHECK(place.index >= 3);  // eigenvalues of one size count once
    CHECK(place.index <= 6);
    CHECK_THAT(place.smallest, WithinAbs(-4.5, 1e-9));
    CHECK(place.bound < 1e-9);
}

TEST_CASE("training run: what cannot be analysed is said", "[critical]") {
    const LandscapeOf landscape{CoupledSaddle{}};
    InOrder one;
    RunQuestions flat;
    flat.zero = 4;
    CHECK_THROWS_WITH(analyse(landscape, {{0}, {{0, 0, 0}}}, flat, one),
                      Contains("would call every direction flat"));
    CHECK_THROWS_WITH(analyse(landscape, {{7}, {{1e200, 0, 0}}}, {}, one), Contains("of step 7, at which"));
}
