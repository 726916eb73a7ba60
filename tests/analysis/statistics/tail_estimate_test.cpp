#include "analysis/statistics/tail_estimate.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <stdexcept>
#include <vector>

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
const std::vector<double> eight_sizes{3.0, 0.5, -1.0, 2.2, 0.9, 1.7, -2.0, 0.1};

// log|X| of P(|X| > r) = r^-alpha
std::vector<double> pareto_logs(std::size_t n, double alpha, std::uint64_t seed) {
    std::mt19937_64 generator(seed);
    std::exponential_distribution<double> law(alpha);
    std::vector<double> logs(n);
    for (double& v : logs) v = law(generator);
    return logs;
}

std::vector<double> cauchy_logs(std::size_t n, std::uint64_t seed) {
    std::mt19937_64 generator(seed);
    std::cauchy_distribution<double> law;
    std::vector<double> logs(n);
    for (double& v : logs) v = std::log(std::abs(law(generator)));
    return logs;
}

// P(|X| > e^v) = 2/pi atan(e^-v)
double cauchy_survival(double v) { return 2 / std::numbers::pi * std::atan(std::exp(-v)); }

}  // namespace

TEST_CASE("the tail index is one over the mean log excess", "[tail_estimate]") {
    // numpy, by the definition: the excesses over 1 are 2, 1.2 and 0.7
    const auto tail = tail_estimate(eight_sizes, 1);
    CHECK(tail.log_threshold == 1);
    CHECK(tail.exceedances == 3);
    CHECK_THAT(tail.index.value, WithinRel(0.7692307692307692, 1e-14));
    CHECK_THAT(tail.index.standard_error, WithinRel(0.4441155916843275, 1e-14));
    CHECK_THAT(tail.mean_log_excess.value, WithinRel(1.3, 1e-14));
    CHECK_THAT(tail.mean_log_excess.standard_error, WithinRel(0.3785938897200183, 1e-14));
}

TEST_CASE("the largest samples are measured from the one before them", "[tail_estimate]") {
    const auto tail = tail_estimate_of_largest(eight_sizes, 3);
    CHECK(tail.log_threshold == 0.9);
    CHECK(tail.exceedances == 3);
    CHECK_THAT(tail.index.value, WithinRel(0.7142857142857142, 1e-14));
    CHECK_THAT(tail.mean_log_excess.value, WithinRel(1.4, 1e-14));
    CHECK(tail_estimate_of_largest(eight_sizes, 7).log_threshold == -2);
}

TEST_CASE("neither paths at 0 nor sizes beyond any double disturb it", "[tail_estimate]") {
    auto logs = pareto_logs(1000, 0.5, 1);
    const auto before = tail_estimate(logs, 1.5);
    for (double& v : logs) v += 1e5;
    logs.insert(logs.end(), 50, -infinity);
    const auto after = tail_estimate(logs, 1e5 + 1.5);
    CHECK(after.exceedances == before.exceedances);
    CHECK_THAT(after.index.value, WithinRel(before.index.value, 1e-9));
}

TEST_CASE("the mean log excess and its standard error are those of a power law", "[tail_estimate]") {
    const double alpha = GENERATE(0.1, 1.5);
    const int repeats = 1000;
    double sum = 0, squares = 0;
    for (int i = 0; i < repeats; ++i) {
        const auto tail =
            tail_estimate_of_largest(pareto_logs(2000, alpha, 100 + static_cast<unsigned>(i)), 400);
        const double z = (tail.mean_log_excess.value - 1 / alpha) * alpha * std::sqrt(400);
        CHECK_THAT(tail.index.standard_error, WithinRel(tail.index.value / 20, 1e-14));
        CHECK_THAT(tail.mean_log_excess.standard_error, WithinRel(tail.mean_log_excess.value / 20, 0.35));
        sum += z, squares += z * z;
    }
    CHECK_THAT(sum / repeats, WithinAbs(0, 4 / std::sqrt(repeats)));
    CHECK_THAT(squares / repeats, WithinAbs(1, 4 * std::sqrt(2.0 / repeats)));
}

TEST_CASE("a scan of a power law finds the same index at every threshold", "[tail_estimate]") {
    const auto scan = tail_scan(pareto_logs(100000, 1.2, 2));
    REQUIRE(scan.size() == 5);
    const std::size_t exceedances[] = {10000, 3333, 1000, 333, 100};
    for (std::size_t i = 0; i < 5; ++i) CHECK(scan[i].exceedances == exceedances[i]);
    for (const auto& tail : scan) {
        CHECK_THAT(tail.index.value, WithinAbs(1.2, 4 * tail.index.standard_error));
        CHECK_THAT(std::exp(-1.2 * tail.log_threshold) * 1e5,
                   WithinRel(static_cast<double>(tail.exceedances), 0.4));
    }
    CHECK(tail_scan(pareto_logs(900, 1.2, 3)).empty());
}

TEST_CASE("where the power is not reached yet the law itself is", "[tail_estimate]") {
    const auto tail = tail_estimate(cauchy_logs(100000, 4), 0);
    const auto excess = tail.mean_log_excess;
    CHECK_THAT(excess.value, WithinAbs(mean_log_excess(cauchy_survival, 0), 4 * excess.standard_error));
    CHECK(std::abs(tail.index.value - 1) > 20 * tail.index.standard_error);
    for (const auto& far : tail_scan(cauchy_logs(100000, 5)))
        CHECK_THAT(far.mean_log_excess.value, WithinAbs(mean_log_excess(cauchy_survival, far.log_threshold),
                                                        4 * far.mean_log_excess.standard_error));
}

TEST_CASE("a power law has the mean log excess 1/alpha over every threshold", "[tail_estimate]") {
    const double alpha = GENERATE(1e-3, 0.1, 1.0, 3.7, 1e3), threshold = GENERATE(0.0, 0.1, 500.0);
    if (alpha * threshold > 700) return;  // the odds of exceeding it are no double
    const auto survival = [=](double v) { return std::exp(-alpha * v); };
    CHECK_THAT(mean_log_excess(survival, threshold), WithinRel(1 / alpha, 1e-10));
}

TEST_CASE("other laws have their mean log excess", "[tail_estimate]") {
    // mpmath.quad of the definition with 30 digits
    const auto log_normal = [](double v) { return boost::math::erfc(v / std::numbers::sqrt2) / 2; };
    CHECK_THAT(mean_log_excess(log_normal, 0), WithinRel(0.797884560802865356, 1e-11));
    CHECK_THAT(mean_log_excess(log_normal, 2), WithinRel(0.373215532822840867, 1e-11));
    CHECK_THAT(mean_log_excess(cauchy_survival, 0), WithinRel(1.16624361612327512, 1e-11));
    CHECK_THAT(mean_log_excess(cauchy_survival, 3), WithinRel(1.00055030662043437, 1e-11));
    // X uniform on (0, 1) ends at log|X| = 0: (u - 1 - log u)/(1 - u)
    const auto uniform = [](double v) { return v < 0 ? -std::expm1(v) : 0.0; };
    CHECK_THAT(mean_log_excess(uniform, -1), WithinRel(1 / (std::numbers::e - 1), 1e-9));
}

TEST_CASE("no tail is refused", "[tail_estimate]") {
    const std::vector<double> none, equal{1, 1, 1, 0}, zeros{-infinity, -infinity, 1};
    CHECK_THROWS_AS(tail_estimate(none, 0), std::domain_error);
    CHECK_THROWS_AS(tail_estimate(eight_sizes, 3), std::domain_error);
    CHECK_THROWS_AS(tail_estimate(eight_sizes, not_a_number), std::domain_error);
    CHECK_THROWS_AS(tail_estimate(zeros, -infinity), std::domain_error);
    CHECK_THROWS_AS(tail_estimate({{1.0, infinity}}, 0), std::domain_error);
    CHECK_THROWS_AS(tail_estimate({{1.0, not_a_number}}, 0), std::domain_error);
    CHECK_THROWS_AS(tail_estimate_of_largest(eight_sizes, 0), std::domain_error);
    CHECK_THROWS_AS(tail_estimate_of_largest(eight_sizes, 8), std::domain_error);
    CHECK_THROWS_AS(tail_estimate_of_largest(equal, 2), std::domain_error);
    CHECK_THROWS_AS(tail_estimate_of_largest(zeros, 2), std::domain_error);
    CHECK_THROWS_AS(tail_scan(none), std::domain_error);
    CHECK_THROWS_AS(tail_scan(eight_sizes, 0), std::domain_error);
    CHECK_THROWS_AS(mean_log_excess([](double) { return 0.0; }, 0), std::domain_error);
    CHECK_THROWS_AS(mean_log_excess(cauchy_survival, infinity), std::domain_error);
    CHECK_THROWS_AS(mean_log_excess([](double) { return 0.5; }, 0), std::domain_error);
}
