#include "analysis/critical/enumeration.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <stdexcept>

#include "analysis/critical/eigenvectors.hpp"
#include "analysis/critical/search.hpp"

namespace noisetrap {
namespace {

constexpr double same_place = 1e-5;

bool is_new(const std::vector<PlacedPoint>& found, const Point& at) {
    return std::none_of(found.begin(), found.end(), [&](const auto& other) {
        return (as_vector(other.at) - as_vector(at)).norm() < same_place;
    });
}

constexpr double longest = 0.3;  // step
constexpr int most_steps = 40;

/// Newton's search by short steps; none where it does not converge.
std::optional<Point> reached_from(const Landscape& landscape, Point start) {
    SearchSettings settings;
    settings.method = SearchMethod::newton;
    settings.trust = longest;
    settings.tolerance = 1e-9;
    settings.steps = most_steps;
    auto end = search(landscape, std::move(start), settings);
    if (end.outcome != Outcome::converged) return {};
    return std::move(end.x);
}

/// The same on the unit sphere. A loss of the direction u alone has H u = -g, so that Newton's step in all three
/// coordinates doubles their length; this one is that of the tangent plane, whose slopes and bends are the sphere's.
std::optional<Point> reached_on_sphere(const Landscape& landscape, Point u) {
    std::array<double, 9> hessian{};
    Eigen::Map<Eigen::Vector3d> at(u.data());
    for (int step = 0; step < most_steps; ++step) {
        Eigen::Vector3d g;
        landscape.gradient(u, {g.data(), 3});
        landscape.hessian(u, hessian);
        Eigen::Matrix<double, 3, 2> plane;
        plane.col(0) = at.unitOrthogonal();
        plane.col(1) = at.cross(plane.col(0));
        const Eigen::Matrix2d bends = plane.transpose() * Eigen::Map<Eigen::Matrix3d>(hessian.data()) * plane;
        Eigen::Vector3d move = -plane * bends.fullPivLu().solve(plane.transpose() * g);
        if (!move.allFinite()) return {};
        if (move.norm() < 1e-11) return u;
        move *= std::min(1.0, longest / move.norm());
        at = (at + move).normalized().eval();
    }
    return {};
}

/// The next place of a lattice whose coordinates go from -1 to `most`; none after the last one.
void advance(std::vector<int>& place, int most) {
    for (int& coordinate : place) {
        if (++coordinate <= most) return;
        coordinate = -1;
    }
    place.clear();
}

/// Number k of `starts` places that lie evenly on the upper half of a sphere (a lattice of Fibonacci's).
Point place_on_sphere(std::size_t k, std::size_t starts) {
    const double height = (static_cast<double>(k) + 0.5) / static_cast<double>(starts),
                 around = static_cast<double>(k) * std::numbers::pi * (3 - std::sqrt(5.0)),
                 radius = std::sqrt(1 - height * height);
    return {radius * std::cos(around), radius * std::sin(around), height};
}

}  // namespace

std::vector<PlacedPoint> critical_points_in_cube(const Landscape& landscape, double side, double apart) {
    std::vector<PlacedPoint> found;
    const auto is_within = [&](double x) { return x >= 0 && x < side; };
    const int most = static_cast<int>(std::ceil(side / apart)) + 1;
    for (std::vector<int> place(landscape.size(), -1); !place.empty(); advance(place, most)) {
        Point start(place.size());
        for (std::size_t i = 0; i < start.size(); ++i) start[i] = place[i] * apart;
        auto at = reached_from(landscape, std::move(start));
        if (!at || !std::all_of(at->begin(), at->end(), is_within) || !is_new(found, *at)) continue;
        auto kind = classify(landscape, *at);
        found.push_back({std::move(*at), std::move(kind)});
    }
    return found;
}

std::array<std::size_t, 3> glass_point_counts(const SphericalGlass& glass) {
    const LandscapeOf landscape{glass};
    for (std::size_t starts = 200; starts <= 12800; starts *= 4) {
        std::vector<PlacedPoint> found;
        for (std::size_t k = 0; k < starts; ++k) {
            auto at = reached_on_sphere(landscape, place_on_sphere(k, starts));
            if (!at) continue;
            Point beyond = *at;
            for (double& c : beyond) c = -c;
            if (!is_new(found, *at) || !is_new(found, beyond)) continue;
            auto kind = classify(landscape, *at);
            found.push_back({std::move(*at), std::move(kind)});
        }
        std::array<std::size_t, 3> counts{};
        for (const auto& point : found) ++counts[point.kind.index], ++counts[2 - point.kind.index];
        if (found.size() % 2 == 1 && found.size() <= 7 && counts[0] + counts[2] == counts[1] + 2)
            return counts;
    }
    throw std::domain_error("a glass of three spins has critical points that searches do not find");
}

}  // namespace noisetrap
