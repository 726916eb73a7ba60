// The law of the time until a diffusion leaves an interval through either end, by Chebyshev collocation.
#pragma once

#include <memory>

#include "analysis/diffusions/fokker_planck.hpp"

namespace noisetrap {

/// Of paths from x0 inside (low, high), on which the variance is positive. With L f = drift f' + variance f''/2 and f = 0
/// at both ends (Karlin and Taylor 1981, chapter 15): L T1 = -1 for the mean, L T2 = -2 T1 for the mean square; L h = 0
/// with h = 0 and 1 at the ends for the odds; P(T > t) = exp(L t) 1. The coordinate is asinh((x - c)/w) where noise grows
/// away from its least value at c, which makes that of a linear SDE even. Nodes are doubled until mean, variance and odds
/// change by less than 1e-9 of themselves.
class ExitLaw {
  public:
    /// Throws std::domain_error where 256 nodes do not suffice (weak noise) or x0 is not inside.
    ExitLaw(const Diffusion& diffusion, double low, double high, double x0);

    double mean() const { return mean_; }
    double variance() const { return variance_; }
    double odds_high() const { return odds_; }  // of leaving through the upper end
    /// The rates at which P(T > t) falls in the end, and P(T > t). The latter is good to 1e-9 from about a hundredth of the
    /// mean on. Costs some 0.05 s once.
    double decay_rate() const;
    double survival(double t) const;

  private:
    struct Modes;
    const Modes& modes() const;

    Diffusion diffusion_;
    double low_, high_, x0_;
    int nodes_ = 0;
    double mean_ = 0, variance_ = 0, odds_ = 0;
    mutable std::shared_ptr<const Modes> modes_;
};

}  // namespace noisetrap
