#include "analysis/growth/roots.hpp"

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>

namespace noisetrap {
namespace {

// Whether |f| grows with the distance from the root on both sides, with opposite signs: where rounding decides signs, or
// f oscillates within a thousandth of x, it does not.
bool stands_out(const std::function<double(double)>& f, double root) {
    constexpr double least_growth = 1.5;
    double low = 0, high = 0;
    for (const double distance : {1e-5, 1e-4, 1e-3}) {
        const double below = f(root - distance * std::abs(root)), above = f(root + distance * std::abs(root));
        if (!(below * above < 0) || below * low < 0 || std::abs(below) < least_growth * std::abs(low) ||
            std::abs(above) < least_growth * std::abs(high))
            return false;
        low = below, high = above;
    }
    return true;
}

// A root within the bracket, or not a number where f jumps over 0, has a pole or is lost in rounding.
double refined(const std::function<double(double)>& f, double low, double high) {
    const double at_low = f(low), at_high = f(high);
    std::uintmax_t rounds = 200;
    const auto [left, right] = boost::math::tools::toms748_solve(
        f, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(53), rounds);
    const double root = std::abs(f(left)) < std::abs(f(right)) ? left : right;
    const bool is_zero = std::abs(f(root)) <= 1e-6 * std::max(std::abs(at_low), std::abs(at_high));
    return is_zero && stands_out(f, root) ? root : std::nan("");
}

}  // namespace

std::vector<double> places_on_the_line(int decades, int per_decade) {
    std::vector<double> places;
    for (int k = -decades * per_decade; k <= decades * per_decade; ++k) {
        const double size = std::pow(10.0, static_cast<double>(k) / per_decade);
        places.push_back(size);
        places.push_back(-size);
    }
    places.push_back(0);
    std::sort(places.begin(), places.end());
    return places;
}

std::vector<double> roots_on_the_line(const std::function<double(double)>& f) {
    const auto places = places_on_the_line(12, 32);
    std::vector<double> values, roots;
    for (const double x : places) values.push_back(f(x));
    for (std::size_t i = 0; i < places.size(); ++i) {
        const bool inside = i > 0 && i + 1 < places.size();
        if (values[i] == 0 && (places[i] == 0 || (inside && values[i - 1] != 0 && values[i + 1] != 0)))
            roots.push_back(places[i]);
        if (i + 1 == places.size() || !std::isfinite(values[i] + values[i + 1])) continue;
        if (std::signbit(values[i]) == std::signbit(values[i + 1]) || values[i] == 0 || values[i + 1] == 0)
            continue;
        if (const double root = refined(f, places[i], places[i + 1]); std::isfinite(root))
            roots.push_back(root);
    }
    return roots;
}

}  // namespace noisetrap
