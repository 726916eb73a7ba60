#include "analysis/networks/sample_growth.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <numeric>

#include "analysis/networks/sample_batches.hpp"
#include "analysis/require.hpp"

namespace noisetrap {
namespace {

using Atoms = std::vector<SampleGrowth::Atom>;

/// Values that differ by rounding alone are one.
Atoms merged(Atoms atoms) {
    std::sort(atoms.begin(), atoms.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
    double size = 0;
    for (const auto& atom : atoms) size = std::max(size, std::abs(atom.value));
    Atoms found;
    for (const auto& atom : atoms) {
        if (!found.empty() && atom.value - found.back().value <= 1e-13 * size)
            found.back().weight += atom.weight;
        else
            found.push_back(atom);
    }
    return found;
}

constexpr std::size_t most_pairs = 4'000'000;
constexpr double small_step = 0.01;

Atoms sums(const Atoms& a, const Atoms& b) {
    Atoms all;
    all.reserve(a.size() * b.size());
    for (const auto& x : a)
        for (const auto& y : b) all.push_back({x.value + y.value, x.weight * y.weight});
    return merged(std::move(all));
}

double mean_log(const Atoms& means, double learning_rate) {
    double sum = 0;
    for (const auto& atom : means) sum += atom.weight * std::log(std::abs(1 + learning_rate * atom.value));
    return sum;
}

/// The sign change of f between two places.
template <class F>
double root_between(const F& f, double left, double right) {
    std::uintmax_t iterations = 200;
    const auto [a, b] = boost::math::tools::toms748_solve(
        f, left, right, [](double x, double y) { return std::abs(x - y) <= 1e-13 * std::abs(x + y); },
        iterations);
    return (a + b) / 2;
}

}  // namespace

SampleGrowth::SampleGrowth(std::vector<double> q, Draws draws, StopToken stop)
    : q_(std::move(q)), draws_(draws), stop_(stop) {
    require(!q_.empty(), "a growth rate needs at least one sample");
    require(std::all_of(q_.begin(), q_.end(), [](double x) { return std::isfinite(x); }),
            "a growth rate needs finite curvatures");
    const auto n = static_cast<double>(q_.size());
    Atoms all;
    for (const double x : q_) {
        mean_ += x / n;
        all.push_back({x, 1 / n});
    }
    for (const double x : q_) variance_ += (x - mean_) * (x - mean_) / n;
    atoms_ = merged(std::move(all));
}

/// The law of the mean of b numbers; null where it has too many values.
const Atoms* SampleGrowth::means_of(int batch) const {
    if (batch == 1) return &atoms_;
    const auto found = means_.find(batch);
    if (found != means_.end()) return &found->second;
    if (draws_ == Draws::without_replacement && batch > 2) return nullptr;
    Atoms law = atoms_;
    for (int drawn = 1; drawn < batch; ++drawn) {
        if (law.size() * atoms_.size() > most_pairs) return nullptr;
        law = sums(law, atoms_);
    }
    const auto n = static_cast<double>(q_.size());
    if (draws_ == Draws::without_replacement) {
        // All pairs but those of a sample with itself, which are n of the n^2.
        for (const auto& atom : atoms_) law.push_back({2 * atom.value, -atom.weight / n});
        law = merged(std::move(law));
        for (auto& atom : law) atom.weight *= n / (n - 1);
    }
    for (auto& atom : law) atom.value /= batch;
    return &(means_[batch] = std::move(law));
}

double SampleGrowth::growth(double learning_rate, int batch) const {
    require(batch >= 1, "a batch holds at least one sample");
    require(draws_ == Draws::with_replacement || static_cast<std::size_t>(batch) <= q_.size(),
            "a batch without replacement holds no more samples than there are");
    stop_.check();
    if (const auto* means = means_of(batch)) return mean_log(*means, learning_rate);
    if (draws_ == Draws::with_replacement && largest_step(learning_rate) < small_step)
        return by_moments(learning_rate, batch);
    return draws_ == Draws::with_replacement ? by_characteristic_function(learning_rate, batch)
                                             : by_draws(learning_rate, batch);
}

/// How far a sample alone can take log|A| from log(1 + l mean).
double SampleGrowth::largest_step(double learning_rate) const {
    const double most = std::max(mean_ - atoms_.front().value, atoms_.back().value - mean_);
    return learning_rate * most / std::abs(1 + learning_rate * mean_);
}

/// log(1 + u) = u - u^2/2 + u^3/3 - u^4/4 of u = l (mean of b - mean)/(1 + l mean). The rest is below the third power of
/// the largest step, as a share of the variance.
double SampleGrowth::by_moments(double learning_rate, int batch) const {
    const double scale = learning_rate / (1 + learning_rate * mean_), b = batch;
    double m[5] = {};
    for (const auto& atom : atoms_)
        for (int k = 2; k <= 4; ++k) m[k] += atom.weight * std::pow(scale * (atom.value - mean_), k);
    const double second = m[2] / b, third = m[3] / (b * b),
                 fourth = (m[4] + 3 * (b - 1) * m[2] * m[2]) / (b * b * b);
    return std::log(std::abs(1 + learning_rate * mean_)) - second / 2 + third / 3 - fourth / 4;
}

/// log|x| = integral over t > 0 of (e^-t - cos(x t))/t. In s = log t the integrand is smooth, e^-t - Re p(t); beyond the
/// last t the characteristic function of b >= 3 numbers is below 1e-4 and turns fast.
double SampleGrowth::by_characteristic_function(double learning_rate, int batch) const {
    const auto p = [&](double t) {
        std::complex<double> one = 0;
        for (const auto& atom : atoms_)
            one += atom.weight * std::polar(1.0, t * learning_rate * atom.value / batch);
        return std::polar(1.0, t) * std::pow(one, batch);
    };
    const auto integrand = [&](double s) {
        const double t = std::exp(s);
        return std::exp(-t) - p(t).real();
    };
    const double deviation = learning_rate * std::sqrt(variance_ / batch);
    const double last = std::max(40.0, 12 / deviation), first = 1e-9;
    double sum = 0;
    for (double t = first; t < last;) {
        // A panel spans at most one turn of the slowest part, e^it.
        const double next = std::min({last, t * 4, t + std::numbers::pi});
        sum += boost::math::quadrature::gauss_kronrod<double, 15>::integrate(integrand, std::log(t),
                                                                             std::log(next), 0);
        t = next;
    }
    return sum;
}

double SampleGrowth::by_draws(double learning_rate, int batch) const {
    constexpr std::uint64_t draws = 1'000'000;
    SampleBatches batches(1, batch, q_.size(), true);
    double sum = 0;
    for (std::uint64_t draw = 0; draw < draws; ++draw) {
        if (draw % 4096 == 0) stop_.check();
        double total = 0;
        batches(draw, 0, [&](std::size_t i) { total += q_[i]; });
        sum += std::log(std::abs(1 + learning_rate * total / batch));
    }
    return sum / static_cast<double>(draws);
}

std::optional<double> SampleGrowth::log_deviation(double learning_rate, int batch) const {
    const auto* means = means_of(batch);
    if (!means) return {};
    const double mean = mean_log(*means, learning_rate);
    double sum = 0;
    for (const auto& atom : *means) {
        const double away = std::log(std::abs(1 + learning_rate * atom.value)) - mean;
        sum += atom.weight * away * away;
    }
    return std::sqrt(sum);
}

std::optional<double> SampleGrowth::tail_index(double learning_rate, int batch) const {
    const auto* means = means_of(batch);
    if (!means) return {};
    const double slope = mean_log(*means, learning_rate);
    if (slope == 0) return 0.0;
    // log E|A|^k is convex in k, 0 at k = 0 with this slope: the other root lies on the side where it falls.
    const auto excess = [&](double k) {
        double sum = 0;
        for (const auto& atom : *means)
            sum += atom.weight * std::pow(std::abs(1 + learning_rate * atom.value), k);
        return std::log(sum);
    };
    const double side = slope < 0 ? 1 : -1;
    double outer = 1e-6;
    while (outer < 1000 && excess(side * outer) < 0) outer *= 2;
    if (outer >= 1000) return {};
    if (outer == 1e-6) return 0.0;
    return side * root_between([&](double k) { return excess(side * k); }, outer / 2, outer);
}

std::optional<double> SampleGrowth::critical_learning_rate(int batch) const {
    if (mean_ <= 0 || variance_ == 0) return {};
    const auto rate = [&](double l) { return growth(l, batch); };
    // The growth rate of one sample a step has narrow dips, at which that sample leaves nothing of the distance.
    const double first = sde_learning_rate(batch) / 100, factor = batch == 1 ? 1.02 : 1.2;
    if (rate(first) <= 0) return {};
    for (double l = first; l < 1e4 * first; l *= factor)
        if (rate(factor * l) <= 0) return root_between(rate, l, factor * l);
    return {};
}

std::optional<double> SampleGrowth::critical_batch(double learning_rate, int most) const {
    if (growth(learning_rate, 1) > 0) return {};
    // Less noise, faster growth: the last batch that is trapped is looked for by doubling and halving.
    int trapped = 1, free = 2;
    while (free < most && growth(learning_rate, free) <= 0) trapped = free, free = std::min(most, 2 * free);
    if (growth(learning_rate, free) <= 0) return std::numeric_limits<double>::infinity();
    while (free - trapped > 1) {
        const int middle = (trapped + free) / 2;
        (growth(learning_rate, middle) <= 0 ? trapped : free) = middle;
    }
    const double below = growth(learning_rate, trapped), above = growth(learning_rate, free);
    return trapped + below / (below - above);
}

double escape_odds(const Escape& escape, double tail_index, double log_deviation, const StartAngle& angle) {
    require(0 < escape.near && escape.near < escape.start && escape.start < escape.far,
            "odds of escape need 0 < near < start < far");
    const double overshoot = std::exp(0.583 * log_deviation), k = tail_index;
    const double far = escape.far * overshoot, near = escape.near / overshoot;
    const double growing = angle.growing / 2.0, all = angle.all / 2.0;
    if (std::abs(k) < 1e-6) {
        const double log_share = (boost::math::digamma(growing) - boost::math::digamma(all)) / 2;
        return (std::log(escape.start / near) + log_share) / std::log(far / near);
    }
    // So small shares that the mean does not exist are rarer than near/start.
    const double share = growing + k / 2 <= 0 ? 0
                                              : std::exp(std::lgamma(growing + k / 2) - std::lgamma(growing) +
                                                         std::lgamma(all) - std::lgamma(all + k / 2));
    return (share * std::pow(escape.start / near, k) - 1) / (std::pow(far / near, k) - 1);
}

}  // namespace noisetrap
