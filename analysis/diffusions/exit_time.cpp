#include "analysis/diffusions/exit_time.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "analysis/diffusions/exit_problem.hpp"
#include "analysis/require.hpp"

namespace noisetrap {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// log|x| drifts at a - sigma^2/2 on average, and leaves only upwards.
double geometric_exit_time(double a, double sigma, double radius, double x0) {
    const double growth = a - sigma * sigma / 2;
    return growth > 0 ? std::log(radius / std::abs(x0)) / growth : kInfinity;
}

// Where |rho| = 1 the noise vanishes at one point, whose distance z obeys dz = (a z +- c) dt + sigma z dW.
// After the crossing the sign is +, and 0 is an entrance: nothing returns to it. Before it is -: 0 is where
// paths cross. All integrals are of one kind, k = 2a/sigma^2 and b = 2c/sigma^2:
//     I(p, z) = 1/c int_0^inf (1 + w z/b)^p e^-w dw
struct OneWayPoint {
    double a, sigma, c;

    double k() const { return 2 * a / (sigma * sigma); }
    double b() const { return 2 * c / (sigma * sigma); }

    double integral(double p, double z) const {
        return integrate([=, this](double w) { return std::exp(p * std::log1p(w * z / b()) - w); });
    }
    // int_from^to I(p, z) dz, where int (1 + w z/b)^p dz = b/w (1 + w z/b)^(p+1)/(p+1).
    double integral(double p, double from, double to) const {
        return integrate([=, this](double w) {
            const double before = (p + 1) * std::log1p(w * from / b()) - w;
            const double log_ratio = std::log1p(w * (to - from) / (b() + w * from));
            const double rise = (p + 1) * log_ratio;
            if (p == -1) return b() / w * log_ratio * std::exp(-w);
            if (rise > 1) return b() / w * (std::exp(before + rise) - std::exp(before)) / (p + 1);
            return b() / w * std::expm1(rise) / (p + 1) * std::exp(before);
        });
    }
    // After the crossing s(v) int_0^v m = I(-k, v); T is its integral from z to the far end.
    double time_from_entrance(double z, double far) const { return integral(-k(), z, far); }
    // Before it m(v) int_0^v s = I(k - 2, v); its integral is the time spent below z by paths that cross.
    double time_near_crossing(double z) const { return integral(k() - 2, 0, z); }
    // int_0^z s in units of s(z), as m = 2/(sigma^2 z^2 s).
    double scale_near_crossing(double z) const { return integral(k() - 2, z) * sigma * sigma * z * z / 2; }
    // How near panels go: between here and z the exponent b/z of the scale density changes by 1.
    double nearest_panel(double z) const { return z * b() / (z + b()); }

  private:
    template <class Function>
    double integrate(const Function& f) const {
        return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(f, 0, kInfinity, 15, 1e-12) / c;
    }
};

// The noise vanishes at x = `point` > 0 (rho = -1), inside the interval or on its edge. The drift carries
// paths over it in `direction`, up where a > 0, and to the edge on that side.
double one_way_exit_time(double a, double sigma, double tau, double radius, double x0) {
    if (a == 0) return kInfinity;
    const double point = tau / sigma, z = std::abs(x0 - point), direction = a > 0 ? 1 : -1;
    const double far = radius - direction * point;
    const OneWayPoint crossing{a, sigma, std::abs(a) * point};
    if (direction * (x0 - point) >= 0) return crossing.time_from_entrance(z, far);
    const double near = crossing.nearest_panel(z), scale = crossing.scale_near_crossing(near);
    const LinearDiffusion sde{a, sigma, tau, -1};
    const Exit exit = a > 0 ? leave_interval(sde, -radius, point - near, x0, {.low = 0, .high = scale})
                            : leave_interval(sde, point + near, radius, x0, {.low = scale, .high = 0});
    const double odds_of_crossing = a > 0 ? exit.odds_high : 1 - exit.odds_high;
    return exit.mean_time +
           odds_of_crossing * (crossing.time_near_crossing(near) + crossing.time_from_entrance(0, far));
}

// (e^-u - 1 + u)/u^2
double second_remainder(double u) {
    if (std::abs(u) > 0.5) return (std::expm1(-u) + u) / (u * u);
    double term = 0.5, sum = 0;
    for (int k = 3; k < 20; ++k) {
        sum += term;
        term *= -u / k;
    }
    return sum;
}

}  // namespace

double mean_exit_time(double a, double sigma, double tau, double rho, double radius, double x0) {
    require(std::isfinite(a + sigma + tau + radius + x0), "a mean exit time needs finite parameters");
    require(radius > 0, "the radius of an exit time must be positive");
    require(sigma >= 0 && tau >= 0, "sigma and tau are standard deviations: they must not be negative");
    require(std::abs(rho) <= 1, "rho is a correlation: it must lie in [-1, 1]");
    if (std::abs(x0) >= radius) return 0;
    if (tau == 0) return geometric_exit_time(a, sigma, radius, x0);
    if (std::abs(rho) == 1 && tau <= sigma * radius)
        return one_way_exit_time(a, sigma, tau, radius, rho < 0 ? x0 : -x0);
    return leave_interval({a, sigma, tau, rho}, -radius, radius, x0).mean_time;
}

double mean_exit_time_piecewise_linear(double a, double s, double radius) {
    if (s == 0) return a > 0 ? radius / a : kInfinity;
    const double unit = radius * radius / (s * s);
    return 2 * unit * second_remainder(2 * a * radius / (s * s));
}

}  // namespace noisetrap
