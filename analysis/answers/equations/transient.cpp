// Laws of an SDE on their way, by the Fokker-Planck equation.
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include "analysis/answers/equations/functions.hpp"
#include "analysis/answers/equations/rows.hpp"
#include "analysis/answers/kept.hpp"

namespace noisetrap::equations {
namespace {

/// The end of a grid beyond which paths do not come in time: drift away from the start and nine standard deviations, at
/// their largest on the way.
double end_of_grid(const Diffusion& diffusion, const Spacing& spacing, double u0, double direction, double t,
                   double farthest) {
    constexpr double step = 0.25;
    double drift = 0, deviation = 0, u = u0;
    while (std::abs(u - u0) < drift * t + 9 * deviation * std::sqrt(t) + step) {
        const double next = u + direction * step, x = spacing.x(next), slope = spacing.slope(next);
        if (direction * next >= direction * farthest) return farthest;
        const double variance = diffusion.variance(x) / slope / slope;
        const double speed = diffusion.drift(x) / slope - variance / 2 * spacing.curvature(next) / slope;
        drift = std::max(drift, direction * speed);
        deviation = std::max(deviation, std::sqrt(variance));
        u = next;
    }
    return u;
}

/// A law on the whole line, on a grid about the stationary one, or on a half-line that ends without noise at 0, in log|x|.
struct OnItsWay {
    TransientLaw law;
    double side;  // of the half-line: x = side z
};
OnItsWay found_on_its_way(const Question& q) {
    constexpr int cells = 1024;
    constexpr double accuracy = 1e-4, far = 1e15;
    if (!q.starts_at_a_point() || !(q.t > 0)) throw std::domain_error("a law on its way starts at a point");
    const auto& found = home(q);
    const auto diffusion = diffusion_of(functions_of(q));
    if (!found.stretch || !found.stretch->contains(q.run.x0)) throw std::domain_error("no stretch");
    const auto [low, high] = *found.stretch;
    const bool half = low == 0 || high == 0;
    if (!half && !(std::isinf(low) && std::isinf(high) && found.law))
        throw std::domain_error("no grid is known to suit this law");
    const double side = high == 0 ? -1 : 1, start = side * q.run.x0;
    const Diffusion turned{[=](double z) { return side * diffusion.drift(side * z); },
                           [=](double z) { return diffusion.variance(side * z); }};
    const auto spacing = half ? Spacing::logarithmic()
                              : Spacing::symlog(found.law->quantile(0.5),
                                                (found.law->quantile(0.75) - found.law->quantile(0.25)) / 2);
    const double u0 = spacing.coordinate(start);
    const double least = half ? std::log(1e-150) : spacing.coordinate(-far),
                 most = spacing.coordinate(half && std::isfinite(high - low) ? high - low : far);
    const double from = end_of_grid(turned, spacing, u0, -1, q.t, least),
                 to = end_of_grid(turned, spacing, u0, 1, q.t, most);
    const Grid grid{{spacing.x(from), spacing.x(to)}, spacing, cells};
    auto law = transient_laws(turned, grid, start, std::vector{q.t}).front();
    if (!(law.error() < accuracy)) throw std::domain_error("a law on its way is not resolved");
    return {std::move(law), side};
}
const OnItsWay& on_its_way(const Question& q) {
    return kept<OnItsWay>(key_of(q, q.t), [&] { return found_on_its_way(q); });
}
double cdf_on_its_way(const Question& q, double x) {
    const auto& [law, side] = on_its_way(q);
    return side > 0 ? law.cdf(x) : 1 - law.cdf(-x);
}
double cdf_then(const Question& q) { return cdf_on_its_way(q, q.at); }
/// Halving in asinh x.
double quantile_then(const Question& q) {
    double low = -400, high = 400;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (cdf_on_its_way(q, 1e-100 * std::sinh(middle)) < q.at ? low : high) = middle;
    }
    return 1e-100 * std::sinh((low + high) / 2);
}

}  // namespace

Answers transient_rows() {
    using enum Quantity;
    constexpr const char* way = "Fokker-Planck equation, to 1e-4";
    return {{every_method, quantile, Of::sde, way, quantile_then, true, For::theory},
            {every_method, cdf, Of::sde, way, cdf_then, true, For::theory}};
}

}  // namespace noisetrap::equations
