#include "analysis/diffusions/spacing.hpp"

#include <cmath>
#include <stdexcept>

namespace noisetrap {

Spacing Spacing::symlog(double centre, double linear_within) {
    if (std::isfinite(centre) && linear_within > 0) return {Kind::symlog, centre, linear_within};
    throw std::domain_error(
        "a symlog spacing needs a centre and a positive length within which it is linear");
}

double Spacing::coordinate(double x) const {
    switch (kind_) {
        case Kind::logarithmic:
            return std::log(x);
        case Kind::symlog:
            return std::asinh((x - centre_) / within_);
        default:
            return x;
    }
}

double Spacing::x(double u) const {
    switch (kind_) {
        case Kind::logarithmic:
            return std::exp(u);
        case Kind::symlog:
            return centre_ + within_ * std::sinh(u);
        default:
            return u;
    }
}

double Spacing::slope(double u) const {
    switch (kind_) {
        case Kind::logarithmic:
            return std::exp(u);
        case Kind::symlog:
            return within_ * std::cosh(u);
        default:
            return 1;
    }
}

double Spacing::curvature(double u) const {
    switch (kind_) {
        case Kind::logarithmic:
            return std::exp(u);
        case Kind::symlog:
            return within_ * std::sinh(u);
        default:
            return 0;
    }
}

}  // namespace noisetrap
