#include "analysis/laws/peaked_law.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace noisetrap {
namespace {

// Below exp(-740) a double holds no relative accuracy.
constexpr double kLowestExponent = -740;

// A panel is at most 1 wide and the exponent changes by at most about 6 over it: 20 Gauss nodes are then
// exact to double precision.
double panel_width(const PeakedDensity& density, double u, double direction) {
    const auto steepest = [&](double width) {
        return std::max(std::abs(density.slope(u)), std::abs(density.slope(u + direction * width)));
    };
    double width = 1;
    while (steepest(width) * width > 6) width /= 1.5;
    return width;
}

template <class Function>
double root(const Function& f, double left, double right) {
    std::uintmax_t rounds = 100;
    const auto ends = boost::math::tools::toms748_solve(
        f, left, right, boost::math::tools::eps_tolerance<double>(51), rounds);
    return (ends.first + ends.second) / 2;
}

}  // namespace

PeakedLaw::PeakedLaw(PeakedDensity density) : density_(std::move(density)) {
    march(-1, density_.left_end);
    std::reverse(edges_.begin(), edges_.end());
    edges_.push_back(0);
    march(+1, density_.right_end);
    accumulate();
}

void PeakedLaw::march(double direction, double end) {
    double u = 0;
    while (direction * u < direction * end && density_.exponent(u) > kLowestExponent) {
        u += direction * panel_width(density_, u, direction);
        edges_.push_back(u);
    }
}

void PeakedLaw::accumulate() {
    const std::size_t last = edges_.size() - 1;
    below_.assign(last + 1, tail_mass(edges_.front()));
    above_.assign(last + 1, tail_mass(edges_.back()));
    for (std::size_t i = 0; i < last; ++i) below_[i + 1] = below_[i] + panel_mass(edges_[i], edges_[i + 1]);
    for (std::size_t i = last; i > 0; --i) above_[i - 1] = above_[i] + panel_mass(edges_[i - 1], edges_[i]);
    total_ = below_[last] + above_[last];
}

double PeakedLaw::panel_mass(double from, double to) const {
    const auto density = [this](double u) { return std::exp(density_.exponent(u)); };
    return boost::math::quadrature::gauss<double, 20>::integrate(density, from, to);
}

// The integral of an exponential from u outwards.
double PeakedLaw::tail_mass(double u) const {
    if (std::isinf(u)) return 0;
    return std::exp(density_.exponent(u)) / std::abs(density_.slope(u));
}

double PeakedLaw::mass_below(double u) const {
    if (u <= edges_.front()) return tail_mass(u);
    if (u >= edges_.back()) return total_ - tail_mass(u);
    const auto panel =
        static_cast<std::size_t>(std::upper_bound(edges_.begin(), edges_.end(), u) - edges_.begin());
    return below_[panel - 1] + panel_mass(edges_[panel - 1], u);
}

double PeakedLaw::mass_above(double u) const {
    if (u <= edges_.front()) return total_ - tail_mass(u);
    if (u >= edges_.back()) return tail_mass(u);
    const auto panel =
        static_cast<std::size_t>(std::upper_bound(edges_.begin(), edges_.end(), u) - edges_.begin());
    return above_[panel] + panel_mass(u, edges_[panel]);
}

double PeakedLaw::point_with_mass_below(double mass) const {
    if (mass > total_ / 2) return point_with_mass_above(total_ - mass);
    const double edge = edges_.front();
    if (mass <= below_.front()) return edge + std::log(mass / below_.front()) / density_.slope(edge);
    const auto right = std::upper_bound(below_.begin(), below_.end(), mass) - below_.begin();
    const auto panel = std::min(static_cast<std::size_t>(right), edges_.size() - 1);
    return root([&](double u) { return mass_below(u) - mass; }, edges_[panel - 1], edges_[panel]);
}

double PeakedLaw::point_with_mass_above(double mass) const {
    if (mass > total_ / 2) return point_with_mass_below(total_ - mass);
    const double edge = edges_.back();
    if (mass <= above_.back()) return edge + std::log(mass / above_.back()) / density_.slope(edge);
    const auto right = std::lower_bound(above_.rbegin(), above_.rend(), mass) - above_.rbegin();
    const auto panel = edges_.size() - std::min(static_cast<std::size_t>(right), edges_.size() - 1);
    return root([&](double u) { return mass_above(u) - mass; }, edges_[panel - 1], edges_[panel]);
}

// f grows with slope 1 outwards: int_0^inf (f(u) + v) e^(-|slope| v) dv
double PeakedLaw::tail_mean(const std::function<double(double)>& f, double u) const {
    return tail_mass(u) * (f(u) + 1 / std::abs(density_.slope(u)));
}

double PeakedLaw::mean(const std::function<double(double)>& f, double singular) const {
    boost::math::quadrature::tanh_sinh<double> rule;
    // The second argument selects Boost's overload that tolerates nodes rounded onto an end.
    const auto weighted = [&](double u, double) { return f(u) * std::exp(density_.exponent(u)); };
    double sum = tail_mean(f, edges_.front()) + tail_mean(f, edges_.back());
    for (std::size_t i = 0; i + 1 < edges_.size(); ++i) {
        const double left = edges_[i], right = edges_[i + 1], split = std::clamp(singular, left, right);
        if (split > left) sum += rule.integrate(weighted, left, split);
        if (split < right) sum += rule.integrate(weighted, split, right);
    }
    return sum / total_;
}

}  // namespace noisetrap
