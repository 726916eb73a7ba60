#include "analysis/diffusions/exit_law.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

#include "analysis/require.hpp"

namespace noisetrap {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int fewest_nodes = 32, most_nodes = 256;

// In the coordinate of this spacing the noise of a linear SDE is even: asinh((x - c)/w) where the variance is
// v (1 + ((x - c)/w)^2), v its least value.
Spacing spacing_of(const Diffusion& diffusion, double low, double high) {
    constexpr int places = 400;
    double quietest = low, least = diffusion.variance(low), noisiest = low, most = least;
    for (int i = 0; i <= places; ++i) {
        const double x = std::lerp(low, high, static_cast<double>(i) / places), v = diffusion.variance(x);
        require(std::isfinite(v), "the noise of an exit must be finite inside its interval");
        if (v < least) least = v, quietest = x;
        if (v > most) most = v, noisiest = x;
    }
    require(least > 0, "the noise of an exit must not vanish inside its interval");
    // A parabola through the places at the least value finds it between them.
    const double h = (high - low) / places;
    if (quietest > low && quietest < high) {
        const double left = diffusion.variance(quietest - h), right = diffusion.variance(quietest + h);
        const double bend = left - 2 * least + right;
        if (bend > 0) quietest += h / 2 * (left - right) / bend, least = diffusion.variance(quietest);
    }
    if (!(most > 2 * least)) return Spacing::linear();
    return Spacing::symlog(quietest, std::abs(noisiest - quietest) * std::sqrt(least / (most - least)));
}

// Nodes cos(pi j/n), from +1 to -1, and the matrix that differentiates polynomials there (Trefethen 2000).
struct Chebyshev {
    VectorXd node;
    MatrixXd slope;

    explicit Chebyshev(int n) : node(n + 1), slope(n + 1, n + 1) {
        for (int j = 0; j <= n; ++j) node[j] = std::sin(std::numbers::pi * (n - 2 * j) / (2.0 * n));
        for (int i = 0; i <= n; ++i) {
            double sum = 0;
            for (int j = 0; j <= n; ++j) {
                if (i == j) continue;
                const double ratio = (i == 0 || i == n ? 2.0 : 1.0) / (j == 0 || j == n ? 2.0 : 1.0);
                const double difference = 2 * std::sin(std::numbers::pi * (i + j) / (2.0 * n)) *
                                          std::sin(std::numbers::pi * (j - i) / (2.0 * n));
                slope(i, j) = ratio * ((i + j) % 2 == 0 ? 1 : -1) / difference;
                sum += slope(i, j);
            }
            slope(i, i) = -sum;
        }
    }
    // The value at z of the polynomial through values at the nodes (Berrut and Trefethen 2004).
    template <class Vector>
    typename Vector::Scalar at(const Vector& values, double z) const {
        const Index n = node.size() - 1;
        typename Vector::Scalar above = 0;
        double below = 0;
        for (Index j = 0; j <= n; ++j) {
            if (z == node[j]) return values[j];
            const double weight = (j % 2 == 0 ? 1 : -1) * (j == 0 || j == n ? 0.5 : 1.0) / (z - node[j]);
            above += weight * values[j];
            below += weight;
        }
        return above / below;
    }
};

struct Generator {
    Chebyshev grid;
    MatrixXd whole;  // rows of the inner nodes, columns of all
    double start;    // x0 as a node

    MatrixXd inside() const { return whole.middleCols(1, whole.rows()); }
    // The value at the start of a function that vanishes at both ends.
    template <class Vector>
    typename Vector::Scalar at_start(const Vector& values) const {
        Vector all = Vector::Zero(values.size() + 2);
        all.segment(1, values.size()) = values;
        return grid.at(all, start);
    }
};

// Ito's formula in the coordinate u of the spacing, u = middle + half z.
Generator generator_of(const Diffusion& diffusion, double low, double high, double x0, int n) {
    const auto spacing = spacing_of(diffusion, low, high);
    const double from = spacing.coordinate(low), to = spacing.coordinate(high), half = (to - from) / 2,
                 middle = from + half;
    Generator made{Chebyshev(n), MatrixXd(n - 1, n + 1), (spacing.coordinate(x0) - middle) / half};
    const MatrixXd second = made.grid.slope * made.grid.slope;
    for (int i = 1; i < n; ++i) {
        const double u = middle + half * made.grid.node[i], x = spacing.x(u), slope = spacing.slope(u);
        const double spread = diffusion.variance(x) / 2 / slope / slope;
        const double drift = (diffusion.drift(x) - spread * spacing.curvature(u)) / slope;
        made.whole.row(i - 1) =
            drift / half * made.grid.slope.row(i) + spread / (half * half) * second.row(i);
    }
    return made;
}

struct Answers {
    double mean, variance, odds;
};

Answers answers_of(const Generator& generator) {
    const auto solver = generator.inside().partialPivLu();
    const Index inner = generator.whole.rows();
    const VectorXd first = solver.solve(-VectorXd::Ones(inner)), second = solver.solve(-2 * first);
    // The first node is the upper end, where the odds are 1.
    const VectorXd odds = solver.solve(-generator.whole.col(0));
    VectorXd all = VectorXd::Zero(inner + 2);
    all[0] = 1;
    all.segment(1, inner) = odds;
    const double mean = generator.at_start(first);
    return {mean, generator.at_start(second) - mean * mean, generator.grid.at(all, generator.start)};
}

bool agree(const Answers& one, const Answers& other) {
    const auto near = [](double x, double y, double size) { return std::abs(x - y) <= 1e-9 * size; };
    return one.mean > 0 && near(one.mean, other.mean, one.mean) &&
           near(one.variance, other.variance, one.variance + one.mean * one.mean) &&
           near(one.odds, other.odds, 1);
}

}  // namespace

/// P(T > t) = sum of weight e^(rate t), over rates with a negative real part.
struct ExitLaw::Modes {
    Eigen::VectorXcd rate, weight;
};

ExitLaw::ExitLaw(const Diffusion& diffusion, double low, double high, double x0)
    : diffusion_(diffusion), low_(low), high_(high), x0_(x0) {
    require(std::isfinite(low) && std::isfinite(high) && low < x0 && x0 < high,
            "an exit starts inside a finite interval");
    auto last = answers_of(generator_of(diffusion, low, high, x0, fewest_nodes));
    for (nodes_ = 2 * fewest_nodes; nodes_ <= most_nodes; nodes_ *= 2) {
        const auto next = answers_of(generator_of(diffusion, low, high, x0, nodes_));
        if (agree(next, last)) {
            mean_ = next.mean, variance_ = next.variance, odds_ = next.odds;
            return;
        }
        last = next;
    }
    require(false, "an exit law is not resolved: the noise is too weak against the drift");
}

const ExitLaw::Modes& ExitLaw::modes() const {
    if (modes_) return *modes_;
    const auto generator = generator_of(diffusion_, low_, high_, x0_, nodes_);
    const Eigen::EigenSolver<MatrixXd> solver(generator.inside());
    require(solver.info() == Eigen::Success, "the rates of an exit law were not found");
    const Eigen::MatrixXcd vectors = solver.eigenvectors();
    const Index inner = vectors.rows();
    Modes found{solver.eigenvalues(), vectors.partialPivLu().solve(Eigen::VectorXcd::Ones(inner))};
    for (Index k = 0; k < inner; ++k) {
        const Eigen::VectorXcd mode = vectors.col(k);
        found.weight[k] *= generator.at_start(mode);
    }
    modes_ = std::make_shared<const Modes>(std::move(found));
    return *modes_;
}

double ExitLaw::decay_rate() const { return -modes().rate.real().maxCoeff(); }

double ExitLaw::survival(double t) const {
    if (t <= 0) return 1;
    const auto& [rate, weight] = modes();
    std::complex<double> sum = 0;
    for (Index k = 0; k < rate.size(); ++k) sum += weight[k] * std::exp(rate[k] * t);
    return std::clamp(sum.real(), 0.0, 1.0);
}

}  // namespace noisetrap
