#include "analysis/statistics/goodness_of_fit.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <queue>
#include <stdexcept>
#include <utility>

#include "analysis/require.hpp"

namespace noisetrap {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
// What a computed distribution function may fall by, or leave [0, 1] by.
constexpr double kRounding = 1e-9;

void require_level(double level) {
    require(level > 0 && level < 1, "a level of significance must lie between 0 and 1");
}

void require_ascending(std::span<const double> samples) {
    require(!samples.empty(), "no distance without samples");
    bool ascending = !std::isnan(samples[0]);
    for (std::size_t i = 1; i < samples.size(); ++i) ascending &= samples[i - 1] <= samples[i];
    require(ascending, "samples must be ascending numbers");
}

double probability(const Cdf& cdf, double x) {
    const double p = cdf(x);
    require(p >= -kRounding && p <= 1 + kRounding, "a distribution function must lie in [0, 1]");
    return p;
}

double part(std::size_t count, std::size_t n) { return static_cast<double>(count) / static_cast<double>(n); }

// The samples between number `first` and number `last`, and F at these two.
struct Cell {
    std::size_t first, last;
    double low, high;
};

class KsSearch {
  public:
    KsSearch(std::span<const double> ascending, const Cdf& cdf)
        : samples_(ascending), cdf_(cdf), found_{.n = ascending.size()} {}

    // Breadth first: what is found in coarse cells excludes most of the finer ones.
    KsDistance run() {
        std::queue<Cell> cells;
        cells.push({0, found_.n - 1, visit(0), visit(found_.n - 1)});
        for (; !cells.empty(); cells.pop()) {
            const Cell cell = cells.front();
            require(cell.low <= cell.high + kRounding, "a distribution function must not fall");
            if (!may_hold_more(cell)) continue;
            const std::size_t middle = cell.first + (cell.last - cell.first) / 2;
            const double f = visit(middle);
            cells.push({cell.first, middle, cell.low, f});
            cells.push({middle, cell.last, f, cell.high});
        }
        return found_;
    }

  private:
    // F_n jumps from i/n to (i + 1)/n at sample i, counted from 0.
    double visit(std::size_t i) {
        const double f = probability(cdf_, samples_[i]);
        found_.above = std::max(found_.above, part(i + 1, found_.n) - f);
        found_.below = std::max(found_.below, f - part(i, found_.n));
        return f;
    }
    bool may_hold_more(const Cell& cell) const {
        if (cell.last - cell.first < 2) return false;
        return part(cell.last, found_.n) - cell.low > found_.above ||
               cell.high - part(cell.first + 1, found_.n) > found_.below;
    }

    std::span<const double> samples_;
    const Cdf& cdf_;
    KsDistance found_;
};

// The z at which Kolmogorov's limit is `level`; it is below 2 exp(-2 z^2) everywhere, and 1 to a double's
// precision at 0.15.
double kolmogorov_quantile(double level) {
    const auto excess = [=](double z) { return std::log(kolmogorov_survival(z)) - std::log(level); };
    const double upper = std::sqrt((std::numbers::ln2 - std::log(level)) / 2) + 0.01;
    std::uintmax_t rounds = 200;
    const auto [left, right] = boost::math::tools::toms748_solve(
        excess, 0.15, upper, boost::math::tools::eps_tolerance<double>(51), rounds);
    return (left + right) / 2;
}

// A sum of terms that nearly cancels: what each addition rounds away is kept (Neumaier 1974).
class ExactSum {
    double sum_ = 0, lost_ = 0;

  public:
    void add(double x) {
        const double sum = sum_ + x;
        lost_ += std::abs(sum_) >= std::abs(x) ? (sum_ - sum) + x : (x - sum) + sum_;
        sum_ = sum;
    }
    double value() const { return std::isfinite(sum_) ? sum_ + lost_ : sum_; }
};

// P(A^2 < z) = sqrt(2 pi)/z sum_j binomial(-1/2, j)(4j + 1) e^(-t_j) int_0^inf exp(z/(8(w^2 + 1)) - t_j w^2)
// dw, t_j = (4j + 1)^2 pi^2/(8z) (Anderson and Darling 1952).
double anderson_darling_cdf(double z) {
    double binomial = 1, sum = 0;
    for (int j = 0; j < 6; ++j) {
        const double order = 4 * j + 1, t = order * order * kPi * kPi / (8 * z);
        // in units of the Gaussian's width
        const auto f = [=](double v) { return std::exp(z / (8 * (v * v / t + 1)) - v * v - t); };
        sum += binomial * order / std::sqrt(t) *
               boost::math::quadrature::gauss_kronrod<double, 61>::integrate(f, 0.0, kInfinity, 10, 1e-13);
        binomial *= -(j + 0.5) / (j + 1);
    }
    return std::sqrt(2 * kPi) / z * sum;
}

// For sum_j chi^2_j/lambda_j, D(u) = prod_j (1 - u/lambda_j), Smirnov (1937) found
//     P(> z) = 1/pi sum_k (-1)^(k+1) int_(lambda_(2k-1))^(lambda_(2k)) e^(-z u/2)/(u sqrt(-D(u))) du,
// the inversion of the characteristic function along its cuts. Here lambda_j = j(j + 1) and
// D(u) = -cos(pi s/2)/(pi u) with s^2 = 1 + 4u: the k-th cut is s = 4k + theta, |theta| < 1.
double anderson_darling_cut(int k, double z) {
    const auto f = [=](double theta, double to_end) {
        const double s = 4 * k + theta, square = (s - 1) * (s + 1);
        return std::exp(-z * square / 8) * s / std::sqrt(square * std::sin(kPi / 2 * std::abs(to_end)));
    };
    return boost::math::quadrature::tanh_sinh<double>().integrate(f, -1.0, 1.0) * std::numbers::inv_sqrtpi;
}

double anderson_darling_tail(double z) {
    double sum = 0;
    for (int k = 1; k <= 5; ++k) sum += (k % 2 == 1 ? 1 : -1) * anderson_darling_cut(k, z);
    return sum;
}

}  // namespace

double KsDistance::distance() const { return std::max(above, below); }

double KsDistance::p_value() const {
    require(n > 0, "no distance without samples");
    const auto size = static_cast<double>(n), root = std::sqrt(size);
    if (other_n > 0) {
        const auto other = static_cast<double>(other_n);
        return kolmogorov_survival(root * std::sqrt(other / (size + other)) * distance());
    }
    const double z = root * distance();
    return kolmogorov_survival(z + 1 / (6 * root) + (z - 1) / (4 * size));
}

double kolmogorov_survival(double z) {
    require(!std::isnan(z), "a distance must be a number");
    if (z <= 0) return 1;
    double sum = 0;
    if (z >= 1) {
        for (int k = 5; k >= 1; --k) sum = std::exp(-2.0 * k * k * z * z) - sum;
        return 2 * sum;
    }
    // Jacobi's identity turns the series into one that converges where z is small.
    for (int k = 7; k >= 1; k -= 2) sum += std::exp(-(k * kPi / z) * (k * kPi / z) / 8);
    return 1 - std::sqrt(2 * kPi) / z * sum;
}

double critical_distance(double level, std::size_t n) {
    require_level(level);
    require(n > 0, "no distance without samples");
    const auto size = static_cast<double>(n), root = std::sqrt(size);
    const double z = (kolmogorov_quantile(level) - 1 / (6 * root) + 1 / (4 * size)) / (1 + 1 / (4 * size));
    return z / root;
}

double noticed_difference(double level, double power, std::size_t n) {
    require(power >= 0.5 && power < 1, "a power must lie between 0.5 and 1");
    const double deviations = std::numbers::sqrt2 * boost::math::erfc_inv(2 * (1 - power));
    return critical_distance(level, n) + deviations * 0.5 / std::sqrt(static_cast<double>(n));
}

Cdf shifted(Cdf cdf, double by) {
    require(std::isfinite(by), "a shift must be a number");
    return [cdf = std::move(cdf), by](double x) { return std::clamp(cdf(x) + by, 0.0, 1.0); };
}

Cdf bent(Cdf cdf, double by) {
    require(std::abs(by) <= 0.25, "a distribution function can be bent by 1/4 at most");
    return [cdf = std::move(cdf), by](double x) {
        const double f = cdf(x);
        return f + 4 * by * f * (1 - f);
    };
}

KsDistance ks_distance(std::span<const double> ascending, const Cdf& cdf) {
    require_ascending(ascending);
    return KsSearch(ascending, cdf).run();
}

KsDistance ks_distance(std::span<const double> ascending, std::span<const double> other_ascending) {
    require_ascending(ascending);
    require_ascending(other_ascending);
    KsDistance found{.n = ascending.size(), .other_n = other_ascending.size()};
    std::size_t i = 0, j = 0;
    while (i < found.n && j < found.other_n) {
        const double x = std::min(ascending[i], other_ascending[j]);
        while (i < found.n && ascending[i] == x) ++i;
        while (j < found.other_n && other_ascending[j] == x) ++j;
        const double difference = part(i, found.n) - part(j, found.other_n);
        found.above = std::max(found.above, difference);
        found.below = std::max(found.below, -difference);
    }
    return found;
}

KsBounds ks_bounds(const EdgeCounts& bins, const Cdf& cdf) {
    const std::size_t n = bins.total();
    require(n > 0, "no distance without samples");
    require_ascending(bins.edges);
    KsDistance least{.n = n}, most{.n = n};
    std::size_t count = 0;
    double f = 0, f_n = 0;  // at the left end of the bin
    for (std::size_t i = 0; i < bins.counts.size(); ++i) {
        const bool last = i == bins.edges.size();
        const double f_right = last ? 1 : probability(cdf, bins.edges[i]);
        require(f_right >= f - kRounding, "a distribution function must not fall");
        const double f_n_right = part(count += bins.counts[i], n);
        least.above = std::max(least.above, f_n_right - f_right);
        least.below = std::max(least.below, f_right - f_n_right);
        most.above = std::max(most.above, f_n_right - f);
        most.below = std::max(most.below, f_right - f_n);
        f = f_right, f_n = f_n_right;
    }
    return {least, most};
}

double anderson_darling(std::span<const double> ascending, const Cdf& cdf, const Cdf& survival) {
    require_ascending(ascending);
    const std::size_t n = ascending.size();
    const auto is_lower = [&](double x) { return probability(cdf, x) < 0.5; };
    const auto half = std::partition_point(ascending.begin(), ascending.end(), is_lower) - ascending.begin();
    ExactSum sum;
    for (std::size_t i = 0; i < n; ++i) {
        const bool lower = i < static_cast<std::size_t>(half);
        const double p = std::clamp(probability(lower ? cdf : survival, ascending[i]), 0.0, 1.0);
        const double near = std::log(p), far = std::log1p(-p);
        sum.add(static_cast<double>(2 * i + 1) * (lower ? near : far));
        sum.add(static_cast<double>(2 * (n - i) - 1) * (lower ? far : near));
    }
    return -static_cast<double>(n) - sum.value() / static_cast<double>(n);
}

double anderson_darling_p_value(double a2) {
    require(!std::isnan(a2), "A^2 must be a number");
    if (a2 <= 0.01) return 1;  // to a double's precision
    if (a2 < 1) return 1 - anderson_darling_cdf(a2);
    return a2 < 1000 ? anderson_darling_tail(a2) : 0;
}

double critical_anderson_darling(double level) {
    require_level(level);
    const auto excess = [=](double z) { return std::log(anderson_darling_p_value(z)) - std::log(level); };
    std::uintmax_t rounds = 200;
    // P(> z) < 1.2 exp(-z) where it is below a half.
    const auto [left, right] = boost::math::tools::toms748_solve(
        excess, 0.01, 2 - std::log(level), boost::math::tools::eps_tolerance<double>(48), rounds);
    return (left + right) / 2;
}

}  // namespace noisetrap
