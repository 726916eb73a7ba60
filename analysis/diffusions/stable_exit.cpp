#include "analysis/diffusions/stable_exit.hpp"

#include <Eigen/Dense>
#include <boost/math/interpolators/cardinal_quintic_b_spline.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <stdexcept>
#include <vector>

namespace noisetrap {
namespace {

struct Nodes {
    std::vector<double> at, weight;
};

/// Gauss's rule of 10 points on each of equal parts of an interval.
Nodes composite_gauss(double low, double high, int parts) {
    using Rule = boost::math::quadrature::gauss<double, 10>;
    Nodes nodes;
    const double half = (high - low) / parts / 2;
    for (int part = 0; part < parts; ++part) {
        const double centre = low + (2 * part + 1) * half;
        for (std::size_t i = 0; i < Rule::abscissa().size(); ++i)
            for (const double side : {-1.0, 1.0}) {
                nodes.at.push_back(centre + side * half * Rule::abscissa()[i]);
                nodes.weight.push_back(half * Rule::weights()[i]);
            }
    }
    return nodes;
}

/// The density of Z up to `largest`: (1/pi) int cos(kz) e^(-k^alpha) dk, where k = v^2 takes the kink at 0 away.
std::function<double(double)> stable_density(double alpha, double largest) {
    constexpr double spacing = 0.05;
    const double last = std::pow(40.0, 1 / (2 * alpha));
    // A part of this length holds at most one turn of the cosine.
    const auto parts = static_cast<int>(std::ceil(last * (1 + largest * last / std::numbers::pi)));
    const auto v = composite_gauss(0, last, parts);
    std::vector<double> amplitude, density;
    for (std::size_t i = 0; i < v.at.size(); ++i)
        amplitude.push_back(2 * v.at[i] * v.weight[i] * std::exp(-std::pow(v.at[i], 2 * alpha)) /
                            std::numbers::pi);
    for (double z = 0; z < largest + 2 * spacing; z += spacing) {
        double sum = 0;
        for (std::size_t i = 0; i < v.at.size(); ++i) sum += amplitude[i] * std::cos(v.at[i] * v.at[i] * z);
        density.push_back(sum);
    }
    const boost::math::interpolators::cardinal_quintic_b_spline<double> spline(density, 0, spacing);
    return [spline](double z) { return spline(std::abs(z)); };
}

}  // namespace

ExitSteps stable_exit(double alpha, double decay, double scale, double radius, double x0) {
    if (!(alpha > 1 && alpha < 2 && scale > 0 && scale <= radius && std::abs(x0) < radius))
        throw std::domain_error("this exit of a stable walk is not known");
    constexpr double most_parts = 150;
    const double parts = std::ceil(std::max(8.0, 1.2 * radius / scale));
    if (parts > most_parts) throw std::domain_error("the noise is too weak for 1500 nodes");
    const auto y = composite_gauss(-radius, radius, static_cast<int>(parts));
    const auto density = stable_density(alpha, (1 + std::abs(decay)) * radius / scale);
    const auto n = static_cast<Eigen::Index>(y.at.size());
    const auto row_from = [&](double x) {
        Eigen::VectorXd row(n);
        for (Eigen::Index j = 0; j < n; ++j) {
            const auto k = static_cast<std::size_t>(j);
            row[j] = density((y.at[k] - decay * x) / scale) / scale * y.weight[k];
        }
        return row;
    };
    Eigen::MatrixXd stays(n, n);
    for (Eigen::Index i = 0; i < n; ++i) stays.row(i) = row_from(y.at[static_cast<std::size_t>(i)]);
    const Eigen::PartialPivLU<Eigen::MatrixXd> leaves(Eigen::MatrixXd::Identity(n, n) - stays);
    const Eigen::VectorXd mean = leaves.solve(Eigen::VectorXd::Ones(n));
    const Eigen::VectorXd square = leaves.solve((2 * mean.array() - 1).matrix());
    const auto from_start = row_from(x0);
    const double first = 1 + from_start.dot(mean), second = 2 * first - 1 + from_start.dot(square);
    return {first, second - first * first};
}

}  // namespace noisetrap
