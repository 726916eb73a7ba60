// Coordinates in which equal cells suit a law: straight, or logarithmic where tails are heavy.
#pragma once

namespace noisetrap {

class Spacing {
  public:
    /// u = x
    static Spacing linear() { return {Kind::linear, 0, 1}; }
    /// u = log x, for states above 0
    static Spacing logarithmic() { return {Kind::logarithmic, 0, 1}; }
    /// u = asinh((x - centre)/linear_within): even steps near the centre, even ratios far from it on both
    /// sides. Throws std::domain_error unless linear_within > 0.
    static Spacing symlog(double centre, double linear_within);

    double coordinate(double x) const;
    double x(double u) const;
    /// dx/du and d^2x/du^2
    double slope(double u) const;
    double curvature(double u) const;

  private:
    enum class Kind { linear, logarithmic, symlog };
    Spacing(Kind kind, double centre, double within) : kind_(kind), centre_(centre), within_(within) {}

    Kind kind_;
    double centre_, within_;
};

}  // namespace noisetrap
