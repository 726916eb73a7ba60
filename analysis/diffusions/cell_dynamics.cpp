// Where probability goes: the matrix exponential and the inverse of the generator.
#include <Eigen/SparseLU>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include "analysis/diffusions/diffusion_cells.hpp"
#include "analysis/require.hpp"

namespace noisetrap {
namespace {

using Eigen::VectorXd;
using Matrix = Eigen::SparseMatrix<double>;
// A tridiagonal matrix fills in nothing in its own order. Its columns are dominated by their diagonals, so
// that no rows are exchanged either and solving adds, multiplies and divides numbers of one sign.
using Solver = Eigen::SparseLU<Matrix, Eigen::NaturalOrdering<int>>;

constexpr double kTimeTolerance = 1e-9;
constexpr int kFewestSteps = 16, kRungs = 9;

// Sum of |difference| of the masses
double distance(const VectorXd& one, const VectorXd& other) { return (one - other).lpNorm<1>(); }

// The law after a random time, the sum of `steps` exponential times of mean time/steps each (implicit Euler).
VectorXd after_gamma_time(const Matrix& generator, VectorXd law, double time, int steps) {
    Matrix step(generator.rows(), generator.cols());
    step.setIdentity();
    step -= time / steps * generator;
    const Solver solver(step);
    for (int i = 0; i < steps; ++i) law = solver.solve(law);
    return law;
}

}  // namespace

// At a gamma distributed time the law has no negative mass and the right total; its error is a power series
// in 1/steps, which Romberg's scheme removes. All that costs is solving with some tridiagonal matrices: the
// stiffness does not matter, as it would to an explicit stepper, nor the range of the stationary weights, as
// it would to an expansion in eigenvectors. Where the steps do not suffice (a narrow law carried far) time is
// halved.
VectorXd DiffusionCells::advance(const VectorXd& law, double time, int halvings) const {
    if (time == 0) return law;
    std::vector<VectorXd> last;  // extrapolated from 1, 2, ... of the gamma times so far
    for (int rung = 0; rung < kRungs; ++rung) {
        std::vector<VectorXd> next{after_gamma_time(generator_, law, time, kFewestSteps << rung)};
        for (std::size_t k = 0; k < last.size(); ++k)
            next.push_back(next[k] + (next[k] - last[k]) / ((2 << k) - 1));
        const double change = rung > 0 ? distance(next.back(), last.back()) : law.lpNorm<1>();
        require(std::isfinite(change),
                "a Fokker-Planck law must be finite, and its times and rates not too large");
        if (change <= kTimeTolerance * law.lpNorm<1>()) return next.back();
        last = std::move(next);
    }
    require(halvings > 0,
            "a Fokker-Planck law cannot be followed this far: its times and rates are too large");
    return advance(advance(law, time / 2, halvings - 1), time / 2, halvings - 1);
}

// The time spent in each cell, g = int_0^inf law dt, solves generator g = -law (the backward equation's
// adjoint).
double DiffusionCells::mean_exit_time(const VectorXd& law) const {
    require(interval_.at_low == End::absorbing || interval_.at_high == End::absorbing,
            "a mean exit time needs an absorbing end");
    const Matrix minus_inside = -generator_.block(1, 1, cells_, cells_);
    const Solver solver(minus_inside);
    const double time = solver.info() == Eigen::Success ? solver.solve(law.segment(1, cells_)).sum() : 0;
    require(std::isfinite(time) && time > 0, "an exit is too rare for a mean exit time");
    return time;
}

}  // namespace noisetrap
