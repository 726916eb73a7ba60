// How claims are decided, and that they fail when they should.
#include "validation/claim.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "engine/noise/streams.hpp"
#include "validation/claims.hpp"
#include "validation/law_tests.hpp"
#include "validation/mode_claim.hpp"
#include "validation/score_claims.hpp"

using namespace noisetrap;

static std::vector<double> normals(std::size_t n, double mean = 0) {
    std::mt19937_64 random(5);
    std::normal_distribution<double> normal(mean, 1);
    std::vector<double> sample(n);
    for (double& x : sample) x = normal(random);
    std::sort(sample.begin(), sample.end());
    return sample;
}

static double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }
static double normal_survival(double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }

TEST_CASE("A claim fails beyond the family's level shared over 640 claims") {
    CHECK(critical_z() == Approx(4.80307).margin(1e-5));  // two-sided 1e-3/640
    const auto at = [](double z) { return Claim{"", "", "", {1 + 0.1 * z, 0.1}, 1}; };
    CHECK(at(4.79).holds());
    CHECK(at(-4.79).holds());
    CHECK_FALSE(at(4.81).holds());
    CHECK_FALSE(at(-4.81).holds());
    CHECK_FALSE(Claim{"", "", "", {NAN, 0.1}, 1}.holds());
    CHECK_FALSE(Claim{"", "", "", {1, NAN}, 1}.holds());
}

TEST_CASE("What a claim notices is what it states: 99 % of such deviations") {
    const Claim claim{"", "", "", {1, 0.1}, 1};
    CHECK(claim.notices() == Approx(0.1 * (critical_z() + 2.326348)));
    CHECK_FALSE(claim.holds(Shift::up));
    CHECK_FALSE(claim.holds(Shift::down));
    // an estimate that is already 2.4 standard errors on the way to the moved answer does not notice it
    const Claim near{"", "", "", {1.24, 0.1}, 1};
    CHECK(near.holds(Shift::up));
    CHECK_FALSE(near.holds(Shift::down));
}

TEST_CASE("A count is right or wrong, without a standard error") {
    const auto right = count_claim("", "", "", 62, 62), wrong = count_claim("", "", "", 63, 62);
    CHECK(right.holds());
    CHECK(right.z() == 0);
    CHECK(std::isnan(right.estimate.standard_error));
    CHECK(right.notices() == 1);
    CHECK_FALSE(right.holds(Shift::up));
    CHECK_FALSE(right.holds(Shift::down));
    CHECK_FALSE(wrong.holds());
    CHECK_FALSE(count_claim("", "", "", NAN, 62).holds());
    CHECK_FALSE(count_claim("", "", "", 62.5, 62).holds());
}

TEST_CASE("A bias that is known to be there is no deviation, what lies beyond it is") {
    const auto claim = [](double value) {
        Claim c{"", "", "", {value, 0.1}, 0};
        c.bias = 0.5;
        return c;
    };
    for (const double inside : {-0.5, -0.1, 0.0, 0.49}) CHECK(claim(inside).z() == 0);
    CHECK(claim(0.9).z() == Approx(4));
    CHECK(claim(-0.9).z() == Approx(-4));
    CHECK_FALSE(claim(1).holds());
    CHECK_FALSE(claim(NAN).holds());
    CHECK(claim(0).notices() == Approx(0.5 + 0.1 * (critical_z() + 2.326348)));
    CHECK_FALSE(claim(0).holds(Shift::up));
    CHECK_FALSE(claim(0).holds(Shift::down));
}

TEST_CASE("Whole-law claims hold for their law and notice one that is bent by what they state") {
    const auto sample = normals(100000);
    const auto claim = whole_law({"", "", ""}, sample, normal_cdf);
    CHECK(claim.holds());
    CHECK_FALSE(claim.holds(Shift::up));
    CHECK_FALSE(claim.holds(Shift::down));
    // a mean that is off by m moves the cdf by m/sqrt(2 pi)
    const auto moved = normals(100000, 1.1 * claim.notices() * std::sqrt(2 * M_PI));
    CHECK_FALSE(whole_law({"", "", ""}, moved, normal_cdf).holds());
}

TEST_CASE("Anderson-Darling claims notice tails") {
    const auto sample = normals(100000);
    const auto claim = anderson_darling({"", "", ""}, sample, normal_cdf, normal_survival);
    CHECK(claim.holds());
    CHECK_FALSE(claim.holds(Shift::up));
    CHECK_FALSE(claim.holds(Shift::down));
}

TEST_CASE("A law that still moves is noticed") {
    const auto before = normals(40000);
    auto after = before;
    CHECK(stopped_moving({"", "", ""}, normals(40000), normals(40000)).law->notices ==
          Approx(0.0373).margin(0.001));
    for (double& x : after) x = 1.15 * x + 0.1;
    std::mt19937_64 random(9);
    auto shuffled = before, moved = after;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    std::shuffle(moved.begin(), moved.end(), random);
    CHECK_FALSE(stopped_moving({"", "", ""}, shuffled, moved).holds());
}

TEST_CASE("A claim about a mode holds for the law's own and fails for a formula that is off") {
    for (const double rho : {0.0, 0.5, 0.95, 1.0}) {
        const auto law = stationary_law(-0.3, 1, 0.5, rho);
        std::mt19937_64 random(8);
        std::uniform_real_distribution<double> uniform;
        std::vector<double> sample(100000);
        for (double& x : sample) x = law.quantile(uniform(random));
        std::sort(sample.begin(), sample.end());
        const auto claim = [&](double formula) { return mode_of_law({"", "", ""}, sample, law, formula); };
        INFO("rho = " << rho << ", notices " << claim(law.mode()).notices());
        CHECK(claim(law.mode()).holds());
        CHECK_FALSE(claim(law.mode()).holds(Shift::up));
        CHECK_FALSE(claim(law.mode()).holds(Shift::down));
        for (const double off : {-1.01, 1.01}) {
            const auto notices = claim(law.mode()).notices();
            CHECK_FALSE(claim(law.mode() + off * notices).holds());
        }
    }
    // half a standard deviation beyond the bins, where formulas that are 125 % off have been let pass
    const auto law = stationary_law(-0.3, 1, 0.5, 0.5);
    std::vector<double> sample;
    for (int i = 0; i < 20000; ++i) sample.push_back(law.quantile((i + 0.5) / 20000));
    for (const double factor : {0.8, 1.2, 2.25})
        CHECK_FALSE(mode_of_law({"", "", ""}, sample, law, factor * law.mode()).holds());
}

TEST_CASE("The chi-square of the binomial law notices tilted odds") {
    const auto atoms = binomial_law(20, 0.1);
    std::mt19937_64 random(3);
    const auto draw = [&](double odds) {
        std::binomial_distribution<int> heads(20, odds);
        std::vector<double> log_ratios(50000);
        for (double& x : log_ratios) x = atoms[static_cast<std::size_t>(heads(random))].log_ratio;
        return log_ratios;
    };
    const auto fair = whole_binomial_law({"", "", ""}, draw(0.5), atoms);
    CHECK(fair.holds());
    CHECK_FALSE(fair.holds(Shift::up));
    CHECK_FALSE(fair.holds(Shift::down));
    CHECK_FALSE(whole_binomial_law({"", "", ""}, draw(0.51), atoms).holds());
}

TEST_CASE("Groups of claims have names and seeds of their own") {
    std::vector<std::string> names;
    std::vector<std::uint64_t> seeds;
    for (std::size_t i = 0; i < claim_groups().size(); ++i) {
        names.emplace_back(claim_groups()[i].name);
        for (const std::uint64_t seed : {0u, 1u, 2u}) seeds.push_back(first_seed_of(names.back(), seed));
    }
    CHECK(*std::max_element(seeds.begin(), seeds.end()) < seed_limit);
    std::sort(names.begin(), names.end());
    std::sort(seeds.begin(), seeds.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
    for (std::size_t i = 1; i < seeds.size(); ++i) CHECK(seeds[i] - seeds[i - 1] >= 1024);
}

TEST_CASE("Standard errors that are all wrong by one factor are noticed over all claims") {
    const auto z = normals(300);
    const auto with_errors = [&](double factor) {
        std::vector<Claim> claims;
        for (const double score : z) claims.push_back({"section", "statement", "", {score, factor}, 0});
        return claims_about_scores(claims);
    };
    const auto right = with_errors(1);
    REQUIRE(right.size() == 2);  // one section is all of them
    for (const auto& claim : right) {
        CHECK(claim.holds());
        CHECK_FALSE(claim.holds(Shift::up));
        CHECK_FALSE(claim.holds(Shift::down));
    }
    CHECK(right[0].notices() ==
          Approx(0.35273).margin(1e-5));  // of 300 scores, at the level of one claim of 640
    for (const double factor : {1 / 1.4, 1.4, 3.0, 100.0}) CHECK_FALSE(with_errors(factor)[0].holds());
    CHECK_FALSE(with_errors(3)[1].holds());
}

TEST_CASE("A section whose standard errors are five times too large is noticed beside good ones") {
    const auto z = normals(200);
    std::vector<Claim> claims;
    for (std::size_t i = 0; i < z.size(); ++i)
        claims.push_back({i < 180 ? "good" : "wide", "statement", "", {z[i], i < 180 ? 1.0 : 5.0}, 0});
    const auto found = claims_about_scores(claims);
    REQUIRE(found.size() == 3);  // too few for their law
    CHECK(found[1].holds());
    CHECK_FALSE(found[2].holds());
}

TEST_CASE("Counts, laws and biased estimates have no z to judge standard errors by") {
    std::vector<Claim> claims(20, count_claim("section", "count", "", 1, 1));
    CHECK(claims_about_scores(claims).empty());
}
