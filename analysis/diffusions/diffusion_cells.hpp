// A diffusion as a Markov chain on cells: the space and time steps of a Fokker-Planck equation.
#pragma once

#include <Eigen/Core>
#include <Eigen/SparseCore>
#include <functional>

#include "analysis/diffusions/fokker_planck.hpp"

namespace noisetrap {

/// Jumps between neighbouring cells of width h in u at the rates of exponential fitting (Scharfetter and
/// Gummel 1969; Chang and Cooper 1970): with D half the variance of u, w = h drift/D at the face between
/// cells i and i+1, and B(w) = w/(e^w - 1),
///     up from i: D_i B(-w)/h^2,  down from i+1: D_(i+1) B(w)/h^2.
/// No rate is negative, however strong the drift, and what leaves one cell enters the next: no probability
/// gets lost or negative. A law is a vector of masses: absorbed at the low end, in each cell, absorbed at the
/// high end.
class DiffusionCells {
  public:
    /// Throws std::domain_error as transient_laws does.
    DiffusionCells(const Diffusion& diffusion, const Grid& grid);

    /// All mass at x0: four cells share it by a cubic B-spline, whose variance h^2/3 does not depend on where
    /// in its cell x0 lies. Its effect is of second order and goes with the other errors of that order.
    Eigen::VectorXd point(double x0) const;
    /// The integrals of a density (per unit of x) over the cells.
    Eigen::VectorXd masses(const std::function<double(double)>& density) const;
    /// The law after `time`, to 1e-9 of its mass.
    Eigen::VectorXd advance(const Eigen::VectorXd& law, double time, int halvings = 16) const;
    /// Mean time until absorption. Throws std::domain_error where none is reached, or hardly ever.
    double mean_exit_time(const Eigen::VectorXd& law) const;

  private:
    double half_variance(double u) const;
    double drift(double u) const;
    double centre(Eigen::Index state) const { return low_ + (static_cast<double>(state) - 0.5) * width_; }
    Eigen::SparseMatrix<double> rates() const;

    Diffusion diffusion_;
    Interval interval_;
    Spacing spacing_;
    Eigen::Index cells_;
    double low_, width_;                     // of the first cell, in u
    Eigen::SparseMatrix<double> generator_;  // d law/dt = generator law
};

}  // namespace noisetrap
