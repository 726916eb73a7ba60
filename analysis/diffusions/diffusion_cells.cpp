#include "analysis/diffusions/diffusion_cells.hpp"

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/cardinal_b_spline.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "analysis/require.hpp"

namespace noisetrap {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using Matrix = Eigen::SparseMatrix<double>;
void check(const Interval& interval, const Spacing& spacing) {
    require(std::isfinite(interval.low) && std::isfinite(interval.high) && interval.low < interval.high,
            "the ends of a Fokker-Planck grid must be finite and in rising order");
    const double low = spacing.coordinate(interval.low), high = spacing.coordinate(interval.high);
    require(std::isfinite(low) && std::isfinite(high) && low < high,
            "a logarithmic Fokker-Planck grid must lie above 0");
}

double bernoulli(double w) { return w == 0 ? 1 : w / std::expm1(w); }

}  // namespace

DiffusionCells::DiffusionCells(const Diffusion& diffusion, const Grid& grid)
    : diffusion_(diffusion), interval_(grid.interval), spacing_(grid.spacing), cells_(grid.cells) {
    check(interval_, spacing_);
    low_ = spacing_.coordinate(interval_.low);
    width_ = (spacing_.coordinate(interval_.high) - low_) / static_cast<double>(cells_);
    generator_ = rates();
}

// Ito's formula: dx = (dx/du) du + 1/2 (d^2x/du^2) (du)^2
double DiffusionCells::half_variance(double u) const {
    const double slope = spacing_.slope(u), variance = diffusion_.variance(spacing_.x(u));
    require(std::isfinite(variance) && variance > 0,
            "the variance of a Fokker-Planck equation must be positive inside its interval");
    return variance / 2 / slope / slope;
}

double DiffusionCells::drift(double u) const {
    return (diffusion_.drift(spacing_.x(u)) - half_variance(u) * spacing_.curvature(u)) / spacing_.slope(u);
}

Matrix DiffusionCells::rates() const {
    std::vector<Eigen::Triplet<double>> entries;
    const auto jump = [&](Index from, Index to, double rate) {
        require(std::isfinite(rate), "the drift of a Fokker-Planck equation must be finite");
        entries.emplace_back(to, from, rate);
        entries.emplace_back(from, from, -rate);
    };
    const auto up = [&](Index state, double length, double face) {
        const double w = length * drift(face) / half_variance(face);
        return half_variance(centre(state)) * bernoulli(-w) / (width_ * length);
    };
    const auto down = [&](Index state, double length, double face) {
        const double w = length * drift(face) / half_variance(face);
        return half_variance(centre(state)) * bernoulli(w) / (width_ * length);
    };
    for (Index below = 1; below < cells_; ++below) {
        const double face = centre(below) + width_ / 2;
        jump(below, below + 1, up(below, width_, face));
        jump(below + 1, below, down(below + 1, width_, face));
    }
    // From the centre of the last cell it is half a cell to the end; drift and noise are taken halfway.
    if (interval_.at_low == End::absorbing) jump(1, 0, down(1, width_ / 2, low_ + width_ / 4));
    if (interval_.at_high == End::absorbing)
        jump(cells_, cells_ + 1, up(cells_, width_ / 2, centre(cells_) + width_ / 4));
    Matrix generator(cells_ + 2, cells_ + 2);
    generator.setFromTriplets(entries.begin(), entries.end());
    return generator;
}

VectorXd DiffusionCells::point(double x0) const {
    require(x0 > interval_.low && x0 < interval_.high, "a Fokker-Planck start must lie inside the interval");
    VectorXd law = VectorXd::Zero(cells_ + 2);
    const double place = (spacing_.coordinate(x0) - low_) / width_ + 0.5;  // state whose centre is x0
    // An end mirrors what lies beyond it, with the opposite sign where it absorbs.
    const auto mirror = [&](Index absorbed, Index image, End end, double mass) {
        law[image] += end == End::reflecting ? mass : -mass;
        if (end == End::absorbing) law[absorbed] += 2 * mass;
    };
    const auto first = static_cast<Index>(std::floor(place)) - 1;
    for (Index state = first; state < first + 4; ++state) {
        const double mass = boost::math::cardinal_b_spline<3>(place - static_cast<double>(state));
        if (state < 1)
            mirror(0, 1 - state, interval_.at_low, mass);
        else if (state > cells_)
            mirror(cells_ + 1, 2 * cells_ + 1 - state, interval_.at_high, mass);
        else
            law[state] += mass;
    }
    return law;
}

VectorXd DiffusionCells::masses(const std::function<double(double)>& density) const {
    VectorXd law = VectorXd::Zero(cells_ + 2);
    const auto integrand = [&](double u) { return density(spacing_.x(u)) * spacing_.slope(u); };
    for (Index state = 1; state <= cells_; ++state)
        law[state] = boost::math::quadrature::gauss<double, 7>::integrate(
            integrand, centre(state) - width_ / 2, centre(state) + width_ / 2);
    return law;
}

}  // namespace noisetrap
