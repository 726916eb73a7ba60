// A law known by the masses of its cells, between them by a spline through its distribution function.
#include <boost/math/interpolators/cardinal_quintic_b_spline.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <iterator>
#include <numeric>

#include "analysis/diffusions/fokker_planck.hpp"

namespace noisetrap {

TransientLaw::TransientLaw(double time, const Grid& grid, const std::vector<double>& masses, double error)
    : time_(time),
      absorbed_low_(masses.front()),
      absorbed_high_(masses.back()),
      error_(error),
      interval_(grid.interval),
      spacing_(grid.spacing),
      cells_(masses.size() - 2),
      low_(spacing_.coordinate(interval_.low)),
      width_((spacing_.coordinate(interval_.high) - low_) / static_cast<double>(cells_)) {
    std::vector<double> below{0};  // at the faces of the cells
    std::partial_sum(masses.begin() + 1, masses.end() - 1, std::back_inserter(below));
    mass_ = below.back();
    const boost::math::interpolators::cardinal_quintic_b_spline<double> spline(below, low_, width_);
    cdf_ = spline;
    density_ = [spline](double u) { return spline.prime(u); };
}

double TransientLaw::cdf(double x) const {
    if (x <= interval_.low) return 0;
    return x < interval_.high ? cdf_(spacing_.coordinate(x)) : mass_;
}

double TransientLaw::density(double x) const {
    if (x <= interval_.low || x >= interval_.high) return 0;
    const double u = spacing_.coordinate(x);
    return density_(u) / spacing_.slope(u);
}

double TransientLaw::mean(const std::function<double(double)>& f) const {
    const auto integrand = [&](double u) { return f(spacing_.x(u)) * density_(u); };
    const auto face = [this](std::size_t i) { return low_ + static_cast<double>(i) * width_; };
    using Rule = boost::math::quadrature::gauss_kronrod<double, 15>;
    double sum = 0;  // five halvings of a cell are for singularities: in the tails all is rounding
    for (std::size_t i = 0; i < cells_; ++i) sum += Rule::integrate(integrand, face(i), face(i + 1), 5, 1e-6);
    return sum;
}

}  // namespace noisetrap
