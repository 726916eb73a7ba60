#include "analysis/growth/heavy_ball_ratio.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/growth/chain_growth.hpp"
#include "analysis/require.hpp"

namespace noisetrap {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kFewestNodes = 96, kMostNodes = 384;
constexpr double kTolerance = 1e-3;
// Trapezoidal sums over a Gaussian are good to 1e-6 at this many standard deviations a node.
constexpr double kCoarsest = 1.2;
constexpr double kFarNoise = 7;

// What matters of a ratio's distance from 1: of the order of h where the recursion takes steps of a small h,
// as all three terms are.
double scale_of(const HeavyBall& ball) {
    return std::min(
        1.0, std::hypot(std::sqrt(std::abs(ball.a)), std::cbrt(ball.sigma * ball.sigma), 1 - ball.momentum));
}

// u = middle + width tan(angle), the angle at the middles of N equal parts of (-pi/2, pi/2): a circle, as u =
// infinity is one ratio. Where the nodes resolve the Gaussian of the next ratio, it is summed over them;
// elsewhere functions change so little within it that they are interpolated between nodes.
class RatioChain {
  public:
    RatioChain(const HeavyBall& ball, Index nodes)
        : ball_(ball),
          middle_(1 - scale_of(ball)),
          width_(scale_of(ball) * (std::sqrt(ball.momentum) + ball.sigma / 2)),
          part_(std::numbers::pi / static_cast<double>(nodes)),
          jump_(MatrixXd::Zero(nodes, nodes)),
          growth_(nodes),
          ratios_(nodes),
          sizes_(nodes) {
        for (Index j = 0; j < nodes; ++j) {
            ratios_[j] =
                middle_ + width_ * std::tan(-std::numbers::pi / 2 + part_ * (static_cast<double>(j) + 0.5));
            sizes_[j] = log_size(ratios_[j]);
        }
        for (Index i = 0; i < nodes; ++i) fill_row(i);
    }

    double rate() const { return mean_growth(jump_, growth_); }

  private:
    // Growth is counted as that of |(x - middle x_prev, width x_prev)|, log|u| + log_size(u') - log_size(u),
    // which has no pole.
    void fill_row(Index i) {
        const double u = ratios_[i], centre = 1 + ball_.a + ball_.momentum - ball_.momentum / u;
        growth_[i] =
            std::log(std::abs(u)) - sizes_[i] +
            (length_of_part(centre) < kCoarsest * ball_.sigma ? resolved(i, centre) : far(i, centre));
    }
    // Fills the row; returns the mean of log_size.
    double resolved(Index i, double centre) {
        for (Index j = 0; j < ratios_.size(); ++j) {
            const double z = (ratios_[j] - centre) / ball_.sigma;
            if (std::abs(z) < kFarNoise) jump_(i, j) = std::exp(-z * z / 2) * length_of_part(ratios_[j]);
        }
        jump_.row(i) /= jump_.row(i).sum();
        return jump_.row(i).dot(sizes_);
    }
    double far(Index i, double centre) {
        double total = 0, size = 0;
        for (double z = -kFarNoise; z <= kFarNoise; z += 0.5) {
            const double odds = std::exp(-z * z / 2), next = centre + ball_.sigma * z;
            add_interpolation(i, odds, next);
            size += odds * log_size(next);
            total += odds;
        }
        jump_.row(i) /= total;
        return size / total;
    }
    // Lagrange's polynomials on the six nearest nodes.
    void add_interpolation(Index i, double odds, double ratio) {
        const double place = (std::atan((ratio - middle_) / width_) + std::numbers::pi / 2) / part_ - 0.5;
        const auto left = static_cast<Index>(std::floor(place));
        const double offset = place - static_cast<double>(left);
        const Index n = ratios_.size();
        for (int j = -2; j <= 3; ++j) {
            double weight = odds;
            for (int k = -2; k <= 3; ++k)
                if (k != j) weight *= (offset - k) / (j - k);
            jump_(i, (left + j + n) % n) += weight;
        }
    }
    double log_size(double u) const { return std::log(std::hypot(u - middle_, width_)); }
    double length_of_part(double u) const {
        return part_ * (width_ + (u - middle_) * (u - middle_) / width_);
    }

    HeavyBall ball_;
    double middle_, width_, part_;
    MatrixXd jump_;
    VectorXd growth_, ratios_, sizes_;
};

}  // namespace

double heavy_ball_growth_on_ratios(const HeavyBall& ball) {
    require(std::isfinite(ball.a) && std::isfinite(ball.sigma), "a heavy ball needs finite parameters");
    require(ball.momentum >= 0 && ball.momentum <= 1, "momentum must lie in [0, 1]");
    if (ball.momentum == 0 || ball.sigma == 0) return heavy_ball_growth(ball);
    const HeavyBall positive{ball.momentum, ball.a, std::abs(ball.sigma)};
    double last = std::numeric_limits<double>::quiet_NaN();
    for (Index nodes = kFewestNodes; nodes <= kMostNodes; nodes *= 2) {
        const double next = RatioChain(positive, nodes).rate();
        if (std::abs(next - last) < kTolerance * scale_of(positive)) return next;
        last = next;
    }
    require(false, "the growth rate of this heavy ball is not resolved on its ratios");
    return last;
}

}  // namespace noisetrap
