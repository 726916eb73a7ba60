#include <algorithm>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "analysis/growth/growth.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// E|m + s Z|^kappa of a law with density on (-edge, edge), the range cut at the zero of A and at the two
// bumps.
template <class Density>
double moment_by_quadrature(double m, double s, double kappa, double edge, const Density& density) {
    boost::math::quadrature::tanh_sinh<double> rule;
    const double d = m / s, root = std::sqrt(d * d + 4 * kappa);
    double cuts[] = {-edge, (-d - root) / 2, -d, (-d + root) / 2, edge}, sum = 0;
    for (double& cut : cuts) cut = std::clamp(cut, -edge, edge);
    const auto f = [&](double z, double) { return std::pow(std::abs(m + s * z), kappa) * density(z); };
    for (int i = 0; i < 4; ++i)
        if (cuts[i] < cuts[i + 1]) sum += rule.integrate(f, cuts[i], cuts[i + 1]);
    return sum;
}

double gaussian_moment(double m, double s, double kappa) {
    const double edge = std::sqrt(4 * kappa + m * m / (s * s)) + 14;
    return moment_by_quadrature(
        m, s, kappa, edge, [](double z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi); });
}

double uniform_moment(double m, double s, double kappa) {
    const double edge = std::numbers::sqrt3;
    return moment_by_quadrature(m, s, kappa, edge, [=](double) { return 1 / (2 * edge); });
}

double two_point_moment(double m, double s, double kappa) {
    return (std::pow(std::abs(m + s), kappa) + std::pow(std::abs(m - s), kappa)) / 2;
}

}  // namespace

TEST_CASE("the tail exponent has its reference values", "[tail_index]") {
    CHECK_THAT(tail_index(Law::gaussian, 1.02, 0.3), WithinAbs(0.584091, 5e-7));
    CHECK_THAT(tail_index(Law::gaussian, 1.1, 1.0), WithinAbs(0.292895, 5e-7));
    CHECK_THAT(tail_index(Law::two_point, 1.1, 0.8), WithinAbs(0.704642, 5e-7));
}

TEST_CASE("the tail exponent solves E|A|^kappa = 1", "[tail_index]") {
    const double m = GENERATE(0.5, 0.8, 0.95, 1.0, 1.001, 1.05, 1.2, 1.5);
    const double s = GENERATE(0.01, 0.05, 0.1, 0.111, 0.112, 0.15, 0.3, 0.6, 1.0, 1.5, 3.0);
    const auto law = GENERATE(Law::gaussian, Law::uniform, Law::two_point);
    const auto moment = law == Law::gaussian  ? gaussian_moment
                        : law == Law::uniform ? uniform_moment
                                              : two_point_moment;
    if (mean_log_abs(law, m, s) >= 0) {
        CHECK_THROWS_AS(tail_index(law, m, s), std::domain_error);
    } else if (const double kappa = tail_index(law, m, s); kappa < 200) {
        INFO("law " << static_cast<int>(law) << " mean " << m << " deviation " << s << " kappa " << kappa);
        CHECK(kappa > 0);
        CHECK_THAT(moment(m, s, kappa), WithinAbs(1, 1e-11));
    }
}

TEST_CASE("mean-square stability is a tail exponent above 2", "[tail_index]") {
    // E A^2 = mean^2 + deviation^2 = 1 for every law; E A^4 = 1 for Gaussian m^4 + 6 m^2 s^2 + 3 s^4 = 1.
    for (const Law law : {Law::gaussian, Law::uniform, Law::two_point})
        for (const double s : {0.05, 0.3, 0.8})
            CHECK_THAT(tail_index(law, std::sqrt(1 - s * s), s), WithinRel(2, 1e-10));
    const double s2 = 0.1, m2 = -3 * s2 + std::sqrt(6 * s2 * s2 + 1);
    CHECK_THAT(tail_index(Law::gaussian, std::sqrt(m2), std::sqrt(s2)), WithinRel(4, 1e-12));
}

TEST_CASE("large exponents are found too", "[tail_index]") {
    const double kappa = tail_index(Law::gaussian, 0.5, 0.01);
    CHECK_THAT(kappa, WithinRel(12021.7, 1e-5));
    CHECK_THAT(tail_index(Law::two_point, 0.5, 0.500001), WithinRel(std::log(2) / std::log1p(1e-6), 1e-6));
}

TEST_CASE("a factor that never exceeds 1 leaves no tail", "[tail_index]") {
    CHECK(tail_index(Law::gaussian, 0.5, 0) == infinity);
    CHECK(tail_index(Law::uniform, 0.5, 0.25) == infinity);
    CHECK(tail_index(Law::two_point, 0.5, 0.5) == infinity);
    CHECK(tail_index(Law::uniform, 0.5, 0.3) < infinity);
}

TEST_CASE("small steps tend to the tail exponent 1 - 2a/sigma^2 of the SDE", "[tail_index]") {
    const double a = GENERATE(-0.5, 0.0, 0.2), sigma = 0.8, exact = sde_tail_index(a, sigma);
    CHECK_THAT(exact, WithinRel(1 - 2 * a / 0.64, 1e-14));
    for (const Law law : {Law::gaussian, Law::uniform, Law::two_point}) {
        const double l = 1e-4;
        CHECK_THAT(tail_index(law, 1 + l * l * a, l * sigma), WithinAbs(exact, 1e-6));
    }
    const double coarse = euler_tail_index(a, sigma, 2e-3) - exact,
                 fine = euler_tail_index(a, sigma, 1e-3) - exact;
    CHECK(std::abs(coarse) < 1e-2);
    if (std::abs(fine) > 1e-9) CHECK_THAT(coarse / fine, WithinRel(2.0, 1e-2));
}

TEST_CASE("an escaping recursion has no tail exponent", "[tail_index]") {
    CHECK_THROWS_AS(tail_index(Law::gaussian, 1.3, 0.9), std::domain_error);
    CHECK_THROWS_AS(tail_index(Law::two_point, 1.0, 0.0), std::domain_error);
    CHECK_THROWS_AS(euler_tail_index(0.5, std::sqrt(6.0), 1.0), std::domain_error);
}
