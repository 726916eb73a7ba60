// Transient laws, survival curves and exit times of any diffusion in one dimension, by finite volumes: slower
// and less exact than closed forms, and independent of all of them. The law p(x, t) of paths solves
//     dp/dt = -d/dx [drift p] + 1/2 d^2/dx^2 [variance p].
//
// Every step keeps masses positive and their sum. Results are extrapolated from two grids (Richardson), of
// `cells` and half as many: the error falls like cells^-4 (at absorbing ends at least cells^-3), and with it
// go any wiggles below 0. With the default of 2048 cells it is about 1e-6 and below on intervals of 16 to 160
// units of u, for 0.1 to 1 s a time, early or late. Weak noise far out on a logarithmic scale (an inverted
// Ornstein-Uhlenbeck process on a symlog grid) is smeared by the cells: there take even steps. error() tells.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "analysis/diffusions/spacing.hpp"

namespace noisetrap {

/// dx = drift(x) dt + sqrt(variance(x)) dW in the sense of Ito; both per unit of time.
struct Diffusion {
    std::function<double(double)> drift, variance;
};

enum class End { reflecting, absorbing };

/// The states between two ends. A reflecting end far out in a tail stands for no end.
struct Interval {
    double low, high;
    End at_low = End::reflecting, at_high = End::reflecting;
};

/// Cells of equal width in the coordinate of the spacing. Their number is rounded up to a multiple of 4.
struct Grid {
    Interval interval;
    Spacing spacing;
    int cells = 2048;
};

class TransientLaw {
  public:
    /// masses: absorbed at the low end, in equal cells, absorbed at the high end.
    TransientLaw(double time, const Grid& grid, const std::vector<double>& masses, double error);

    double time() const { return time_; }
    /// P(x_t <= x and not yet absorbed), not divided by mass().
    double cdf(double x) const;
    /// Its slope, per unit of x.
    double density(double x) const;
    /// Probability of not being absorbed yet, and of having been absorbed at either end.
    double mass() const { return mass_; }
    double absorbed_low() const { return absorbed_low_; }
    double absorbed_high() const { return absorbed_high_; }
    /// E f(x_t) over the paths not yet absorbed; f may have logarithmic singularities. The masses of all
    /// cells carry rounding errors of about 1e-13: the interval must not reach to where |f| is 1e8 and more.
    double mean(const std::function<double(double)>& f) const;
    /// Estimated error of all probabilities, from a third grid of cells/4; on the safe side, by a factor of
    /// about 16, wherever the grid is fine enough for the law.
    double error() const { return error_; }

  private:
    double time_, mass_, absorbed_low_, absorbed_high_, error_;
    Interval interval_;
    Spacing spacing_;
    std::size_t cells_;
    double low_, width_;                           // of the first cell, in u
    std::function<double(double)> cdf_, density_;  // of u
};

/// The laws at `times`, which rise from 0, of paths started at x0 or with the density `start` per unit of x
/// (whose integral over the interval becomes the total mass). At times so early that the law is narrower than
/// some cells, error() is large. Throws std::domain_error where the interval is empty, infinite or not in the
/// range of the spacing, the variance is not positive inside, x0 is not inside, there are fewer than 16
/// cells, or a time is negative or earlier than the one before.
std::vector<TransientLaw> transient_laws(const Diffusion& diffusion, const Grid& grid, double x0,
                                         std::span<const double> times);
std::vector<TransientLaw> transient_laws(const Diffusion& diffusion, const Grid& grid,
                                         const std::function<double(double)>& start,
                                         std::span<const double> times);

/// Mean time T until absorption of paths started at x0, by the stationary equation. Rounding costs a part of
/// about 1e-16 T variance/(width of a cell)^2, which matters where exits are rare. Throws std::domain_error
/// as above, and where no end absorbs or an exit is too rare.
double mean_exit_time(const Diffusion& diffusion, const Grid& grid, double x0);

}  // namespace noisetrap
