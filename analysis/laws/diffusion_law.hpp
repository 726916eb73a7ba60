// The stationary law of dx = f dt + b dW on a stretch of the line, whatever f and b are: the density
//     p(x) ~ exp(int 2 f/b^2 dx)/b^2
// carries no probability anywhere (Karlin and Taylor 1981, section 15.5). Quadrature by Gauss' rule on cells between
// places that are even in log|x|, halved until the last Legendre coefficients are below 1e-11; beyond the outermost
// places a power of x, or of the distance from the end.
#pragma once

#include <functional>
#include <vector>

#include "analysis/diffusions/collocation.hpp"
#include "analysis/diffusions/stretches.hpp"

namespace noisetrap {

class DiffusionLaw {
  public:
    /// `marks` are places near which the law may be narrow, such as the roots of the drift. Throws std::domain_error,
    /// with a sentence that says where probability gathers, where the density has no integral.
    DiffusionLaw(Diffusion diffusion, const Stretch& stretch, const std::vector<double>& marks);

    double density(double x) const;
    double cdf(double x) const;
    /// Throws std::domain_error unless 0 < p < 1.
    double quantile(double p) const;
    /// Where the density is largest; an end of the stretch where it grows without bound.
    double mode() const;
    /// E x^k; infinite, or not a number where it has no sign, where a tail is too heavy.
    double moment(int k) const;
    double mean_log_abs() const;
    /// E f(x) of an f that tends to a constant where the law has a tail.
    double mean(const std::function<double(double)>& f) const;
    /// P(|x| > r) ~ C r^-index; infinite where the tails fall faster than powers.
    double tail_index() const;

  private:
    struct Panel {
        double left, right;
        double phi;                     // int 2 f/b^2 at the left end
        NodeValues log_density, share;  // at the nodes; the latter times weight and width
        double mass;
    };
    /// Beyond the outermost place the density is that there, times a power of the distance from the end.
    struct Tail {
        double place = 0, distance = 0;  // from the end of the stretch, or from 0 where that is infinite
        double power = 0, log_density = 0, mass = 0;
        bool infinite = false;  // its end is, and it begins at the outermost place
    };

    double drift_over_variance(double x) const;
    double rise(double left, double right, int depth) const;
    Panel panel(double left, double right, double phi) const;
    double refine(double near, double far, double phi, int depth);
    void follow(const std::vector<double>& places, std::size_t start);
    Tail tail(std::size_t outer, std::size_t inner, double end) const;
    double moment_of(const Tail&, int k) const;
    const Panel* panel_at(double x) const;
    double log_density(double x) const;

    Diffusion diffusion_;
    Stretch stretch_;
    std::vector<double> places_, phi_,
        log_;                           // of the places: phi and log density, before anything is divided out
    std::size_t first_ = 0, last_ = 0;  // places that were reached
    double peak_ = 0;                   // the largest log density at a place
    double floor_ = 0;                  // the log mass, relative to it, below which nothing counts
    std::vector<Panel> panels_;
    std::vector<double> below_;  // mass below each panel
    Tail low_, high_;
    double total_ = 0;
};

}  // namespace noisetrap
