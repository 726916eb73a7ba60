#include "analysis/diffusions/splitting.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/statistics/summaries.hpp"

using namespace noisetrap;

namespace {

/// A walk of steps +1 with odds 1/3 and else -1: from 1 it is at n before 0 with odds 1/(2^n - 1) (the gambler's ruin).
double lame_step(double y, PathDraws& draws) { return y + (draws.uniform() < 1.0 / 3 ? 1 : -1); }

}  // namespace

TEST_CASE("splitting finds the odds of the gambler's ruin, where many walks come equally far",
          "[splitting]") {
    const double high = GENERATE(4.0, 20.0);
    std::vector<double> odds;
    for (std::uint64_t seed = 0; seed < 400; ++seed)
        odds.push_back(odds_by_splitting(lame_step, 1, 0, high, 100, seed));
    const auto [mean, error] = Moments::of(odds).mean_estimate();
    const double exact = 1 / (std::exp2(high) - 1);
    INFO(mean / exact << " +- " << error / exact);
    CHECK(error < 0.1 * exact);
    CHECK(std::abs(mean - exact) < 4 * error);
}

TEST_CASE("splitting is sure of what always happens, and repeats itself", "[splitting]") {
    const auto climb = [](double y, PathDraws&) { return y + 1; };
    CHECK(odds_by_splitting(climb, 1, 0, 5, 10, 1) == 1);
    const auto fall = [](double y, PathDraws&) { return y - 1; };
    CHECK(odds_by_splitting(fall, 1, 0, 5, 10, 1) == 0);
    CHECK(odds_by_splitting(lame_step, 1, 0, 12, 50, 7) == odds_by_splitting(lame_step, 1, 0, 12, 50, 7));
}
