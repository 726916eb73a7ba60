// A law on the real line known through the logarithm of its density: one peak, tails at least exponential.
// Masses are tabulated once on panels fitted to the density, so that both tails keep their relative accuracy
// down to 1e-300 and a distribution function costs one panel, not one integral over the line.
#pragma once

#include <functional>
#include <vector>

namespace noisetrap {

/// Density exp(exponent(u)), not normalised, with its peak exponent(0) = 0. Left of `left_end` and right of
/// `right_end` the exponent is a straight line to double precision.
struct PeakedDensity {
    std::function<double(double)> exponent, slope;
    double left_end, right_end;
};

class PeakedLaw {
  public:
    explicit PeakedLaw(PeakedDensity density);

    /// Integral of exp(exponent) over the line.
    double total() const { return total_; }
    /// Integrals of exp(exponent) left of u and right of u.
    double mass_below(double u) const;
    double mass_above(double u) const;
    /// Their inverses, for 0 < mass < total.
    double point_with_mass_below(double mass) const;
    double point_with_mass_above(double mass) const;
    /// Mean of f(u), which may be logarithmically singular at u = `singular` and grows like |u| in the tails.
    double mean(const std::function<double(double)>& f, double singular) const;
    double exponent(double u) const { return density_.exponent(u); }

  private:
    double panel_mass(double from, double to) const;
    double tail_mass(double u) const;
    double tail_mean(const std::function<double(double)>& f, double u) const;
    void march(double direction, double end);
    void accumulate();

    PeakedDensity density_;
    std::vector<double> edges_;          // rising
    std::vector<double> below_, above_;  // mass left and right of each edge
    double total_ = 0;
};

}  // namespace noisetrap
