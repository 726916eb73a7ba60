#include "analysis/statistics/control_variates.hpp"

#include <algorithm>
#include <cmath>

namespace noisetrap {
namespace {

/// A control that varies by no more beside the other, in squares, is left out.
constexpr double collinear = 1e-9;
/// The share of the plane that stays in the rows.
constexpr double kept = 0x1p-20;

/// The first column's plane over the controls.
struct Plane {
    double slope[2] = {};
    int controls = 0;  // that vary
    double residual;   // sum of squares that is left
    double leverage;   // of the place where the controls are 0: m^T S^-1 m, m their means, S their products
};

/// By Gram and Schmidt: the second control less its share of the first, where it varies by itself.
Plane plane_of(const JointMoments& rows) {
    const auto s = [&](std::size_t a, std::size_t b) { return rows.product_of(a, b); };
    Plane plane{.residual = s(0, 0), .leverage = 0};
    double share = 0;  // of the first control in the second
    if (s(1, 1) > 0) {
        share = s(1, 2) / s(1, 1);
        plane.slope[0] = s(0, 1) / s(1, 1);
        plane.residual -= plane.slope[0] * s(0, 1);
        plane.leverage += rows.mean[1] * rows.mean[1] / s(1, 1);
        ++plane.controls;
    }
    const double own = s(2, 2) - share * s(1, 2), along = s(0, 2) - share * s(0, 1);
    if (own > collinear * s(2, 2)) {
        const double mean = rows.mean[2] - share * rows.mean[1];
        plane.slope[1] = along / own;
        plane.slope[0] -= share * plane.slope[1];
        plane.residual -= plane.slope[1] * along;
        plane.leverage += mean * mean / own;
        ++plane.controls;
    }
    plane.residual = std::max(plane.residual, 0.0);
    return plane;
}

}  // namespace

std::optional<Estimate> controlled_mean(const JointMoments& rows) {
    if (rows.count < fewest_controlled_rows || !(rows.product_of(0, 0) > 0)) return {};
    const auto plane = plane_of(rows);
    if (plane.controls == 0) return {};
    const auto n = static_cast<double>(rows.count);
    const double taken = plane.slope[0] * rows.mean[1] + plane.slope[1] * rows.mean[2];
    const double variance = plane.residual / (n - 1 - plane.controls) * (1 / n + plane.leverage),
                 of_kept = kept * kept * rows.product_of(0, 0) / (n - 1) / n;
    return Estimate{rows.mean[0] - (1 - kept) * taken, std::sqrt(variance + of_kept)};
}

void control_rows(std::vector<double>& rows, std::span<const double> first, std::span<const double> second) {
    const auto finite = [](double row) { return std::isfinite(row); };
    if (rows.size() < 2 * fewest_controlled_rows || !std::all_of(rows.begin(), rows.end(), finite)) return;
    const std::size_t half = rows.size() / 2, rest = rows.size() - half;
    const auto plane_over = [&](std::size_t from, std::size_t count) {
        return plane_of(JointMoments::of({std::span<const double>(rows).subspan(from, count),
                                          first.subspan(from, count), second.subspan(from, count)}));
    };
    const Plane of_first_half = plane_over(0, half), of_second_half = plane_over(half, rest);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& plane = i < half ? of_second_half : of_first_half;
        rows[i] -= (1 - kept) * (plane.slope[0] * first[i] + plane.slope[1] * second[i]);
    }
}

}  // namespace noisetrap
