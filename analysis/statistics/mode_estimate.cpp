#include "analysis/statistics/mode_estimate.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>
#include <span>

namespace noisetrap {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

struct Interval {
    double low = unknown, high = unknown;
    double length() const { return high - low; }
};

/// The shortest interval with `count` + 1 of the ascending rows.
Interval shortest(std::span<const double> rows, std::size_t count) {
    Interval best{0, infinity};
    for (std::size_t i = 0; i + count < rows.size(); ++i)
        if (rows[i + count] - rows[i] < best.length()) best = {rows[i], rows[i + count]};
    return best.length() < infinity ? best : Interval{};
}

/// The widest of the shortest intervals in which the density is 0.7 of the peak's or more on average: some
/// 2.5 standard deviations of a normal law, and a small part of any quantile's range of a heavy-tailed one.
Interval peak_of(std::span<const double> rows) {
    Interval peak;
    double densest = 0;
    for (double share = 0.02; share < 0.95; share *= 1.25) {
        const auto count =
            std::max<std::size_t>(1, static_cast<std::size_t>(share * static_cast<double>(rows.size())));
        const auto next = shortest(rows, count);
        if (next.length() == 0) return next;
        const double density = share / next.length();
        densest = std::max(densest, density);
        if (!(density >= 0.7 * densest)) break;
        peak = next;
    }
    return peak;
}

/// K(u) = (1 - u^2)^3 (3 - 11 u^2) on |u| < 1, whose second moment is 0; not normalised.
class KernelDensity {
    std::span<const double> rows_;  // ascending
    double h_;

    template <class Term>
    double sum(double m, Term term) const {
        double total = 0;
        const auto first = std::upper_bound(rows_.begin(), rows_.end(), m - h_);
        for (auto x = first; x != rows_.end() && *x < m + h_; ++x) total += term((*x - m) / h_);
        return total;
    }

  public:
    KernelDensity(std::span<const double> rows, double bandwidth) : rows_(rows), h_(bandwidth) {}

    double at(double m) const {
        return sum(m, [](double u) {
            const double w = 1 - u * u;
            return w * w * w * (3 - 11 * u * u);
        });
    }
    /// The maximum between two points.
    double peak(double low, double high) const {
        constexpr int bits = 26;
        return boost::math::tools::brent_find_minima([&](double m) { return -at(m); }, low, high, bits).first;
    }
    /// The standard error of a maximum at m.
    double standard_error(double m) const {
        const double squares = sum(m, [](double u) {
            const double w = 1 - u * u, slope = 8 * u * w * w * (5 - 11 * u * u);
            return slope * slope;
        });
        const double curvature =
            sum(m, [](double u) { return 8 * (1 - u * u) * (5 - u * u * (58 - 77 * u * u)); });
        return h_ * std::sqrt(squares) / std::abs(curvature);
    }
};

/// The highest of the maxima in an interval.
double highest(const KernelDensity& density, const Interval& interval) {
    constexpr int places = 32;
    const double step = interval.length() / places;
    double best = interval.low, most = density.at(best);
    for (int i = 1; i <= places; ++i)
        if (const double m = interval.low + i * step, here = density.at(m); here > most)
            best = m, most = here;
    return density.peak(best - step, best + step);
}

}  // namespace

Estimate mode_of(std::vector<double> rows) {
    constexpr double largest_shift = 1.25;  // in standard errors
    // The maximum is found where chance makes the peak sharp, so that its curvature says too small an error. A fifth more
    // makes 3 errors hold the mode of log-normal and inverse-gamma laws in 99 % of samples or more.
    constexpr double sharpest = 1.2;
    if (rows.size() < fewest_rows_of_a_mode) return {};
    std::sort(rows.begin(), rows.end());
    const auto interval = peak_of(rows);
    if (!(interval.length() > 0)) return {interval.low, 0 * interval.low};  // an atom, or no rows
    // The bandwidth begins as wide as the peak at 10^4 rows. The error alone would be least as n^(-1/11); falling faster, the
    // bias stays below the error.
    double h = interval.length() * std::pow(static_cast<double>(rows.size()) / 1e4, -1.0 / 7);
    double mode = highest({rows, h}, interval), plain_error = KernelDensity(rows, h).standard_error(mode);
    for (int halvings = 0;; ++halvings) {
        h /= std::sqrt(2.0);
        const KernelDensity finer(rows, h);
        const double next = finer.peak(mode - h / 2, mode + h / 2);
        plain_error = std::max(plain_error, finer.standard_error(next));
        const double error = sharpest * plain_error, shift = next - mode;
        mode = next;
        if (!(std::abs(shift) >= largest_shift * error) || halvings == 6)
            return {mode, std::hypot(error, shift)};
    }
}

}  // namespace noisetrap
