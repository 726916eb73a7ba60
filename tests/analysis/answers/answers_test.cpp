#include "analysis/answers/answers.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <utility>

#include "analysis/answers/known_answers.hpp"
#include "analysis/growth/growth.hpp"

using namespace noisetrap;

namespace {

Simulation linear(const char* scheme, double dt) {
    Simulation s;
    s.entry = find_entry("linear-sde", scheme);
    s.ensembles = {{{"a", 0.5}, {"sigma", 1.5}, {"tau", 0.5}}, {{"a", 0.5}, {"sigma", 0.1}, {"tau", 0.5}}};
    s.dt = dt, s.steps = 64;
    return s;
}

}  // namespace

TEST_CASE("the table has one row of a quantity at most, each with its formula", "[answers]") {
    std::size_t entries = 0;
    for (const auto& entry : catalogue()) {
        std::set<std::pair<Quantity, Of>> seen;
        Simulation s;
        s.entry = &entry;
        for (const auto* row : answers_of(entry)) {
            INFO(entry.model << " " << entry.method << " " << static_cast<int>(row->quantity));
            CHECK(seen.insert({row->quantity, row->of}).second);
            CHECK(find_answer(entry, row->quantity, row->of) == row);
            if (row->of != Of::stationary) CHECK_FALSE(row->formula.text({s}).empty());
        }
        entries += !seen.empty();
    }
    CHECK(entries == 34);  // 13 + 12 + 1 of SDEs, sgd on seven losses, momentum on one of them
}

TEST_CASE("an answer is of the ensemble that is asked about, with its own step", "[answers]") {
    auto s = linear("euler-maruyama", 0.25);
    CHECK(answer(Quantity::growth, Of::sde, {s}) == 0.5 - 1.125);
    CHECK(answer(Quantity::growth, Of::sde, {s, 1}) == 0.5 - 0.1 * 0.1 / 2);
    const double coarse = answer(Quantity::growth, Of::scheme, {s});
    s.own_steps = {{{}, 0.125}, {{}, 0.25}};
    CHECK(answer(Quantity::growth, Of::scheme, {s}) != coarse);
    s.own_steps = {{{}, 0.25}, {{}, 0.125}};
    CHECK(answer(Quantity::growth, Of::scheme, {s}) == coarse);
}

TEST_CASE("a stationary answer needs steps that are trapped", "[answers]") {
    const auto fine = linear("euler-maruyama", 0.01), coarse = linear("euler-maruyama", 2),
               split = linear("splitting", 2);
    for (const auto quantity : {Quantity::mode, Quantity::mean_log_abs, Quantity::quantile, Quantity::cdf}) {
        CHECK_FALSE(std::isnan(answer(quantity, Of::stationary, {fine, 0, 0, 0.3})));
        CHECK_FALSE(std::isnan(answer(quantity, Of::stationary, {split, 0, 0, 0.3})));
        CHECK(std::isnan(answer(quantity, Of::stationary, {coarse, 0, 0, 0.3})));
        CHECK(std::isnan(answer(quantity, Of::stationary, {fine, 1, 0, 0.3})));
    }
}

TEST_CASE("answers on the way are of the SDE or of the scheme", "[answers]") {
    auto s = linear("euler-maruyama", 0.25);
    s.x0 = GENERATE(2.0, -2.0);
    const Question then{s, 0, 8, 0.3};
    CHECK(answer(Quantity::mean, Of::sde, then) == Approx(s.x0 * std::exp(0.5 * 8)));
    CHECK(answer(Quantity::mean, Of::scheme, then) == Approx(s.x0 * std::pow(1.125, 32)));
    CHECK(std::isnan(answer(Quantity::mean_log_abs, Of::scheme, then)));  // tau
    s.ensembles[0]["tau"] = 0.0;
    CHECK(answer(Quantity::mean_log_abs, Of::sde, then) == Approx(std::log(2) - 0.625 * 8));
    CHECK(answer(Quantity::mean_log_abs, Of::scheme, then) ==
          Approx(std::log(2) + euler_growth_rate(0.5, 1.5, 0.25) * 8));
    const double x = answer(Quantity::quantile, Of::sde, then);
    CHECK(answer(Quantity::cdf, Of::sde, {s, 0, 8, x}) == Approx(0.3));
    s.x0_deviation = 1;
    for (const auto quantity : {Quantity::mean, Quantity::mean_log_abs, Quantity::quantile, Quantity::cdf})
        CHECK(std::isnan(answer(quantity, Of::sde, then)));
}

// In Ito's sense the equation has the drift (a + sigma^2/2) x + rho sigma tau/2.
TEST_CASE("answers are those of the calculus in which the equation is meant", "[answers]") {
    auto s = linear("heun", 0.25);
    s.stratonovich = true;
    const Question then{s, 0, 8, 0.3};
    CHECK(answer(Quantity::growth, Of::sde, then) == 0.5);
    CHECK(answer(Quantity::mean_square, Of::sde, then) == Approx(2 * 0.5 + 2 * 1.5 * 1.5));
    CHECK(answer(Quantity::mean, Of::sde, then) == Approx(std::exp((0.5 + 1.125) * 8)));
    CHECK(answer(Quantity::growth, Of::scheme, then) > 0);
    CHECK(std::isnan(answer(Quantity::tail_index, Of::sde, then)));
    s.ensembles[0]["rho"] = 0.5;
    CHECK(answer(Quantity::growth, Of::sde, then) == 0.5);
    for (const auto quantity : {Quantity::mean, Quantity::variance, Quantity::quantile, Quantity::exit_time})
        CHECK(std::isnan(answer(quantity, Of::sde, then)));
    s.ensembles[0]["a"] = -0.5;
    CHECK(std::isnan(answer(Quantity::mode, Of::stationary, then)));
    s.ensembles[0]["rho"] = 0.0;
    CHECK(answer(Quantity::tail_index, Of::sde, then) == Approx(2 * 0.5 / (1.5 * 1.5)));

    Simulation well;
    well.entry = find_entry("quartic-well", "heun");
    well.ensembles = {{{"mu", 0.5}, {"zeta", 2.0}}};
    well.stratonovich = true;
    CHECK(answer(Quantity::growth_at_origin, Of::sde, {well}) == Approx(0.5));
    CHECK(std::isnan(answer(Quantity::threshold, Of::sde, {well})));
    well.stratonovich = false;
    CHECK(answer(Quantity::growth_at_origin, Of::sde, {well}) == Approx(0.5 - 2));
}

TEST_CASE("what has no row is unknown", "[answers]") {
    Simulation s;
    s.entry = find_entry("noisy-saddle", "adam");
    CHECK(answers_of(*s.entry).empty());
    CHECK(std::isnan(answer(Quantity::growth, Of::scheme, {s})));
}

TEST_CASE("theory lists what sweeps know", "[answers]") {
    const auto listed = [](const char* model) {
        const auto config = config_from_text(std::string("model.name = '") + model + "'", "theory", {});
        return known_answers(config).size();
    };
    for (const char* model : {"linear-sde", "noisy-saddle", "finite-sum-saddle", "random-curvature",
                              "two-sided-saddle", "two-layer-unit", "least-squares", "quartic-well"})
        CHECK(listed(model) > 0);
    CHECK(listed("relu-saddle") == 0);
}
