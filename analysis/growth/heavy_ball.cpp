#include "analysis/growth/heavy_ball.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/growth/chain_growth.hpp"
#include "analysis/growth/growth.hpp"
#include "analysis/require.hpp"

namespace noisetrap {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// exp(-kFar) is below the rounding of a double with room for sums; kFarNoise standard deviations likewise.
constexpr double kFar = 40, kFarNoise = 8.5;
constexpr Index kFewestNodes = 65, kMostNodes = 1025;
constexpr double kTolerance = 1e-9, kMostWork = 3e9;

// With u = w^2 both integrands of g are even in w: g = <w^2>/2 under exp(-potential), potential =
// (2/sigma^2)(w^6/12 + E w^2) + constant, with its minimum 0 at w = valley.
class HalfLineLaw {
  public:
    HalfLineLaw(double energy, double sigma)
        : energy_(energy),
          stiffness_(2 / (sigma * sigma)),
          valley_(energy < 0 ? std::pow(-4 * energy, 0.25) : 0),
          width_(1 / std::sqrt(stiffness_ * std::abs(energy) + std::cbrt(stiffness_))) {}

    double mean_square() const {
        boost::math::quadrature::tanh_sinh<double> rule;
        const double low = std::max(0.0, valley_ - reach(-1)), high = valley_ + reach(+1);
        const auto sum = [&](auto f) {
            const auto weighted = [&](double w, double) { return f(w) * std::exp(-potential(w)); };
            return (low < valley_ ? rule.integrate(weighted, low, valley_) : 0) +
                   rule.integrate(weighted, valley_, high);
        };
        return sum([](double w) { return w * w; }) / sum([](double) { return 1.0; });
    }

  private:
    // w^6/12 + E w^2 less its minimum, in u = w^2 about v = valley^2 where E = -v^2/4: (u - v)^2 (u + 2v)/12.
    double potential(double w) const {
        const double u = w * w, v = valley_ * valley_, shift = (w - valley_) * (w + valley_);
        if (energy_ >= 0) return stiffness_ * u * (u * u / 12 + energy_);
        return stiffness_ * shift * shift * (u + 2 * v) / 12;
    }
    double reach(double direction) const {
        double length = width_;
        const auto inside = [&] { return direction > 0 || valley_ > length; };
        while (inside() && potential(valley_ + direction * length) < kFar) length *= 1.5;
        return length;
    }

    double energy_, stiffness_, valley_, width_;
};

double g(double energy, double sigma) {
    if (sigma == 0) return std::sqrt(std::max(0.0, -energy));
    return HalfLineLaw(energy, sigma).mean_square() / 2;
}

// At energy -|E|, g = sqrt|E| g(-1; sigma |E|^(-3/4)): least over sigma it is sqrt(a + beta^2) times this.
double least_g() {
    const auto at_unit_energy = [](double sigma) { return g(-1, sigma); };
    return boost::math::tools::brent_find_minima(at_unit_energy, 0.1, 10.0, 53).second;
}

// The unit of v on the circle of directions, such that no function on it changes quickly: of the order of h
// where the recursion takes steps of a small h, as all three terms are, and large where v is soon forgotten.
double circle_unit(const HeavyBall& ball) {
    return std::hypot(std::sqrt(std::abs(ball.a)), std::cbrt(ball.sigma * ball.sigma), 1 - ball.momentum) /
           ball.momentum;
}

// As functions of complex Z, log|(x, v/unit)| and the angle have their singularities at this distance from
// the real line; the highest harmonic on N nodes turns by N/distance per unit of Z.
double noise_step(const HeavyBall& ball, Index nodes) {
    const double unit = circle_unit(ball), distance = unit / (1 + unit * unit) / ball.sigma;
    return 2 * std::numbers::pi / (static_cast<double>(nodes) / distance + 12);
}

double work(const HeavyBall& ball, Index nodes) {
    return static_cast<double>(nodes * nodes) * 2 * kFarNoise / noise_step(ball, nodes);
}

// The recursion on directions (x, v) ~ (cos phi, unit sin phi), phi of period pi. f(phi) is known at N
// equally spaced angles, N odd, and by trigonometric interpolation between them; means over the noise are
// trapezoidal sums. Both converge faster than any power of N.
class AngleChain {
  public:
    AngleChain(const HeavyBall& ball, Index nodes)
        : ball_(ball),
          unit_(circle_unit(ball)),
          angles_(VectorXd::LinSpaced(nodes, 0, std::numbers::pi * (1 - 1.0 / static_cast<double>(nodes)))),
          jump_(nodes, nodes),
          growth_(nodes) {
        for (Index i = 0; i < nodes; ++i) fill_row(i);
    }

    double rate() const { return mean_growth(jump_, growth_); }

  private:
    void fill_row(Index i) {
        const double cosine = std::cos(angles_[i]), sine = std::sin(angles_[i]),
                     step = noise_step(ball_, angles_.size());
        const auto last = static_cast<Index>(kFarNoise / step);
        Eigen::RowVectorXd row = Eigen::RowVectorXd::Zero(angles_.size());
        double growth = 0, total = 0;
        for (Index k = -last; k <= last; ++k) {
            const double z = static_cast<double>(k) * step, odds = std::exp(-z * z / 2);
            const double v = ball_.momentum * unit_ * sine + (ball_.a + ball_.sigma * z) * cosine;
            const double x = cosine + v;
            growth += odds * std::log(std::hypot(x, v / unit_));
            add_interpolation(row, odds, std::atan2(v / unit_, x));
            total += odds;
        }
        jump_.row(i) = row / total;
        growth_[i] = growth / total;
    }

    // Adds odds times the weights of f(angle) in the values at the nodes: sin(N d)/(N sin d), d the distance
    // from a node; the signs of sin(N d) alternate.
    void add_interpolation(Eigen::RowVectorXd& row, double odds, double angle) const {
        const auto n = static_cast<double>(angles_.size());
        const auto nearest = static_cast<Index>(std::lround(angle / std::numbers::pi * n));
        const double offset = angle - static_cast<double>(nearest) * std::numbers::pi / n;
        if (std::abs(offset) < 1e-9 / n) {
            row[(nearest + angles_.size()) % angles_.size()] += odds;
            return;
        }
        double factor = odds * std::sin(n * angle) / n;
        const double sine = std::sin(angle), cosine = std::cos(angle);
        for (Index j = 0; j < angles_.size(); ++j, factor = -factor)
            row[j] += factor / (sine * cosines_[j] - cosine * sines_[j]);
    }

    HeavyBall ball_;
    double unit_;
    VectorXd angles_, cosines_ = angles_.array().cos(), sines_ = angles_.array().sin();
    MatrixXd jump_;    // E f(next angle) from f at the nodes
    VectorXd growth_;  // E log of the growth of |(x, v/unit)|
};

// Largest |root| of r^2 - (1 + m + a) r + m = 0.
double log_spectral_radius(double momentum, double a) {
    const double half = (1 + momentum + a) / 2, discriminant = half * half - momentum;
    if (discriminant < 0) return std::log(momentum) / 2;
    return std::log(std::abs(half) + std::sqrt(discriminant));
}

double growth_on_angles(const HeavyBall& ball) {
    double last = std::numeric_limits<double>::quiet_NaN();
    for (Index nodes = kFewestNodes; nodes <= kMostNodes && work(ball, nodes) < kMostWork;
         nodes = 2 * nodes - 1) {
        const double next = AngleChain(ball, nodes).rate();
        if (std::abs(next - last) < kTolerance) return next;
        last = next;
    }
    require(false, "noise or momentum of this heavy ball is too weak for its growth rate to be resolved");
    return last;
}

}  // namespace

double heavy_ball_sde_growth(double beta, double a, double sigma) {
    require(std::isfinite(beta) && std::isfinite(a) && std::isfinite(sigma),
            "a heavy ball needs finite parameters");
    return -beta + g(-(a + beta * beta), std::abs(sigma));
}

// -beta + sqrt(a + beta^2) least_g = 0
double heavy_ball_largest_trap(double beta) {
    require(beta >= 0, "a heavy ball that is driven, beta < 0, has no trap");
    static const double least = least_g();
    return (1 / (least * least) - 1) * beta * beta;
}

HeavyBall heavy_ball_steps(double beta, double a, double sigma, double h) {
    require(std::isfinite(h) && h > 0, "the step of a heavy ball must be positive");
    return {1 - 2 * beta * h, a * h * h, sigma * h * std::sqrt(h)};
}

double heavy_ball_growth(const HeavyBall& ball) {
    require(std::isfinite(ball.a) && std::isfinite(ball.sigma), "a heavy ball needs finite parameters");
    require(ball.momentum >= 0 && ball.momentum <= 1, "momentum must lie in [0, 1]");
    if (ball.momentum == 0) return step_growth(Law::gaussian, ball.a, ball.sigma);
    if (ball.sigma == 0) return log_spectral_radius(ball.momentum, ball.a);
    return growth_on_angles({ball.momentum, ball.a, std::abs(ball.sigma)});
}

double heavy_ball_variance(double h, double momentum, double sigma, double tau) {
    require(std::abs(momentum) < 1, "a stationary heavy ball needs |momentum| < 1");
    const double damping = h * (1 - momentum) * (2 * (1 + momentum) - h) / (1 + momentum);
    require(damping > sigma * sigma,
            "a heavy ball has no finite variance where sigma^2 >= h (1-m)(2(1+m)-h)/(1+m)");
    return tau * tau / (damping - sigma * sigma);
}

}  // namespace noisetrap
