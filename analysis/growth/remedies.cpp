#include "analysis/growth/remedies.hpp"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>

#include "analysis/growth/growth.hpp"
#include "analysis/laws/stationary_law.hpp"
#include "analysis/require.hpp"

namespace noisetrap {
namespace {

void require_noisy_saddle(double a, double sigma) {
    require(std::isfinite(a) && a > 0,
            "a critical batch or learning rate needs a saddle: a must be positive");
    require(std::isfinite(sigma) && sigma > 0,
            "a critical batch or learning rate needs noise: sigma must be positive");
}

double square(double x) { return x * x; }

// log|1 + change|, with the digits of a small change.
double log_factor(double change) {
    return std::abs(change) < 0.5 ? std::log1p(change) : std::log(std::abs(1 + change));
}

// With q = l sigma/(1 + l a) the factor is (1 + l a)(1 + q Z) and E log|factor| = log(1 + l a) + h(q),
// h(q) = E log|1 + q Z|. It is negative iff pull(q) > a/sigma, pull(q) = (1 - e^h(q))/q, which rises from 0
// to one maximum and falls to 0 where h = 0.
double pull(Law law, double q) { return q == 0 ? 0 : -std::expm1(mean_log_abs(law, 1, q)) / q; }

double root_of_pull(Law law, double target, double left, double right) {
    std::uintmax_t rounds = 200;
    const auto ends =
        boost::math::tools::toms748_solve([=](double q) { return pull(law, q) - target; }, left, right,
                                          boost::math::tools::eps_tolerance<double>(51), rounds);
    return (ends.first + ends.second) / 2;
}

// (1 + l a)^2 - (l sigma)^2 = 1 and -1.
std::optional<LearningRateWindow> two_point_window(double a, double sigma) {
    const double excess = (sigma - a) * (sigma + a);
    if (!(excess > 0)) return std::nullopt;
    return LearningRateWindow{2 * a / excess, (a + std::sqrt(a * a + 2 * excess)) / excess};
}

}  // namespace

double critical_batch(double a, double sigma) {
    require_noisy_saddle(a, sigma);
    return sigma * sigma / (2 * a);
}

std::optional<double> critical_batch(Law law, double a, double sigma, double learning_rate) {
    require_noisy_saddle(a, sigma);
    require(std::isfinite(learning_rate) && learning_rate > 0, "the learning rate must be positive");
    const auto window = trap_window(law, learning_rate * a);
    if (!window) return std::nullopt;
    return square(learning_rate * sigma / window->lower);
}

double deviation_without_replacement(double sigma, double batch, double population) {
    require(population > 1 && batch >= 1 && batch <= population,
            "a batch without replacement must have 1 to N samples, of N > 1");
    return sigma * std::sqrt((population - batch) / (population - 1) / batch);
}

double batch_without_replacement(double batch, double population) {
    require(population > 1 && batch > 0, "batches are positive and are drawn from more than one sample");
    return population * (batch / (population - 1 + batch));
}

double two_point_batch_growth(int batch, double a, double sigma) {
    require(batch >= 1, "a batch has at least one sample");
    const boost::math::binomial law(batch, 0.5);
    double sum = 0;
    for (int heads = 0; heads <= batch; ++heads)
        sum += boost::math::pdf(law, heads) * log_factor(a + sigma * (2.0 * heads - batch) / batch);
    return sum;
}

double critical_learning_rate(double a, double sigma) {
    require_noisy_saddle(a, sigma);
    return 2 * a / (sigma * sigma);
}

std::optional<LearningRateWindow> learning_rate_window(Law law, double a, double sigma) {
    require(std::isfinite(a) && a >= 0, "a window of learning rates needs a >= 0");
    require(std::isfinite(sigma) && sigma > 0, "a window of learning rates needs sigma > 0");
    if (law == Law::two_point) return two_point_window(a, sigma);
    const double last = trap_window(law, 0)->upper, target = a / sigma;  // h(last) = 0
    const auto push = [law](double q) { return -pull(law, q); };
    const double strongest = boost::math::tools::brent_find_minima(push, 0.1, last, 53).first;
    if (!(pull(law, strongest) > target)) return std::nullopt;
    const auto rate = [=](double q) { return q / (sigma - a * q); };
    return LearningRateWindow{rate(root_of_pull(law, target, 0, strongest)),
                              rate(target > 0 ? root_of_pull(law, target, strongest, last) : last)};
}

AnnealedGrowth annealed_growth(Law law, double a, double sigma,
                               const std::function<double(std::uint64_t)>& learning_rate,
                               std::uint64_t steps) {
    AnnealedGrowth growth;
    bool has_been_negative = false;
    for (std::uint64_t n = 1; n <= steps; ++n) {
        const double rate = learning_rate(n - 1);
        require(std::isfinite(rate), "a learning rate of the schedule is not finite");
        growth.last += step_growth(law, rate * a, rate * sigma);
        if (growth.last < growth.minimum) {
            growth.minimum = growth.last;
            growth.minimum_step = n;
        }
        has_been_negative = has_been_negative || growth.last < 0;
        if (has_been_negative && growth.last >= 0 && !growth.return_step) growth.return_step = n;
    }
    return growth;
}

double svrg_epoch_growth(double a, double sigma) {
    require_noisy_saddle(a, sigma);
    return stationary_law(a, sigma, sigma, -1).mean_log_abs();
}

// The factor is 1 + l(q/2 +- (1 + q/2)).
double two_curvature_growth(double q, double learning_rate) {
    return step_growth(Law::two_point, learning_rate * q / 2, learning_rate * (1 + q / 2));
}

LearningRateWindow two_curvature_window(double q) {
    return *learning_rate_window(Law::two_point, q / 2, 1 + q / 2);
}

double two_sided_growth(const Side& right, const Side& left) {
    require(right.sigma > 0 && left.sigma > 0, "a two-sided quadratic needs sigma > 0 on both sides");
    const auto leave = [](const Side& side) {
        return boost::math::cdf(boost::math::normal(), -(1 + side.a) / side.sigma);
    };
    const double from_right = leave(right), from_left = leave(left), both = from_right + from_left;
    require(both > 1e-300, "the sign never changes: the growth rate depends on the side of the start");
    const auto growth = [](const Side& side) { return step_growth(Law::gaussian, side.a, side.sigma); };
    return from_left / both * growth(right) + from_right / both * growth(left);
}

}  // namespace noisetrap
