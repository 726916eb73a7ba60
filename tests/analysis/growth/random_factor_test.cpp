#include "analysis/growth/random_factor.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "analysis/growth/growth.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("with one noise E log|A| is that of the law", "[random_factor]") {
    for (const auto law : {Law::gaussian, Law::uniform, Law::two_point})
        CHECK(mean_log_abs(RandomFactor{1.02, {{law, 0.3}}}) == mean_log_abs(law, 1.02, 0.3));
    CHECK(mean_log_abs(RandomFactor{-1.5, {}}) == std::log(1.5));
    CHECK_THAT(tail_index(RandomFactor{1.02, {{Law::gaussian, 0.3}}}), WithinAbs(0.584091, 5e-7));
}

TEST_CASE("Gaussian noises add up to one", "[random_factor]") {
    const RandomFactor factor{1.1, {{Law::gaussian, 0.3}, {Law::gaussian, 0.4}, {Law::uniform, 0}}};
    CHECK_THAT(mean_log_abs(factor), WithinRel(mean_log_abs(Law::gaussian, 1.1, 0.5), 1e-14));
    CHECK_THAT(tail_index(factor), WithinRel(tail_index(Law::gaussian, 1.1, 0.5), 1e-14));
}

TEST_CASE("noises of several laws are summed and integrated over", "[random_factor]") {
    const double m = 1.05, s = 0.4, r = 0.3;
    // Two signs: a mean of four logarithms, one of which may be far below 0.
    const double signs =
        (std::log(m + s + r) + std::log(m + s - r) + std::log(m - s + r) + std::log(m - s - r)) / 4;
    CHECK_THAT(mean_log_abs(RandomFactor{m, {{Law::two_point, s}, {Law::two_point, r}}}),
               WithinRel(signs, 1e-14));
    const double mixed = (mean_log_abs(Law::gaussian, m + s, r) + mean_log_abs(Law::gaussian, m - s, r)) / 2;
    CHECK_THAT(mean_log_abs(RandomFactor{m, {{Law::gaussian, r}, {Law::two_point, s}}}),
               WithinRel(mixed, 1e-14));
    // The density of two equal uniform variates is a triangle over +-2w.
    const double w = std::sqrt(3.0) * s;
    const auto triangle = [&](double z) {
        return std::log(std::abs(m + z)) * (2 * w - std::abs(z)) / (4 * w * w);
    };
    using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
    const double exact = Rule::integrate(triangle, -2 * w, -m, 15, 1e-12) +
                         Rule::integrate(triangle, -m, 0.0, 15, 1e-12) +
                         Rule::integrate(triangle, 0.0, 2 * w, 15, 1e-12);
    CHECK_THAT(mean_log_abs(RandomFactor{m, {{Law::uniform, s}, {Law::uniform, s}}}), WithinAbs(exact, 1e-8));
}

TEST_CASE("a tail index of several laws and a factor of many noises are refused", "[random_factor]") {
    CHECK_THROWS_AS(tail_index(RandomFactor{1, {{Law::gaussian, 1}, {Law::uniform, 1}}}), std::domain_error);
    CHECK_THROWS_AS(mean_log_abs(RandomFactor{1, std::vector<RandomFactor::Noise>(13, {Law::two_point, 1})}),
                    std::domain_error);
}
