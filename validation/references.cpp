#include "validation/references.hpp"

#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <complex>
#include <numeric>

namespace noisetrap {
namespace {

/// Axes that wait become as small as 2^-10000, which a long double holds.
using Real = long double;
using Complex = std::complex<Real>;

/// x of that size, with its derivative.
Complex size_of(Complex x) { return x.real() < 0 ? -x : x; }

/// The paper's f in its words.
struct PaperOctopus {
    Real gamma, L, tau;

    Complex leaving(Complex s) const {
        const Complex d = s - tau;
        return -gamma * s * s + (10 * gamma - 14 * L) / (3 * tau) * d * d * d +
               (5 * L - 3 * gamma) / (2 * tau * tau) * d * d * d * d;
    }
    Complex holding(Complex s) const {
        const Complex d = (s - 2 * tau) / tau;
        return -gamma -
               (L + gamma) * (Real{10} * d * d * d + Real{15} * d * d * d * d + Real{6} * d * d * d * d * d);
    }
    Complex left(Complex s) const { return L * (s - 4 * tau) * (s - 4 * tau); }
    /// f, but for constants. The first axis that is shorter than 2 tau is being left.
    Complex value(const std::vector<Complex>& x) const {
        Complex f = 0;
        std::size_t i = 0;
        for (; i < x.size() && std::abs(x[i].real()) >= 2 * tau; ++i) f += left(size_of(x[i]));
        if (i == x.size()) return f;
        const Complex s = size_of(x[i]), next = i + 1 < x.size() ? x[i + 1] : 0;
        f += s.real() <= tau ? -gamma * s * s + L * next * next : leaving(s) + holding(s) * next * next;
        for (std::size_t j = i + 2; j < x.size(); ++j) f += L * x[j] * x[j];
        return f;
    }
    std::vector<Real> gradient(const std::vector<Real>& x) const {
        constexpr Real tiny = 1e-100L;
        std::vector<Complex> at(x.begin(), x.end());
        std::vector<Real> slope(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) {
            at[i] = {x[i], tiny};
            slope[i] = value(at).imag() / tiny;
            at[i] = x[i];
        }
        return slope;
    }
};

}  // namespace

std::vector<double> PlainOctopus::gradient(const std::vector<double>& x) const {
    const auto slope = PaperOctopus{gamma, L, tau}.gradient({x.begin(), x.end()});
    return {slope.begin(), slope.end()};
}

std::uint64_t PlainOctopus::steps_of_descent(double rate, double start, std::uint64_t most) const {
    const PaperOctopus octopus{gamma, L, tau};
    std::vector<Real> x(axes, start);
    for (std::uint64_t n = 1; n < most; ++n) {
        const auto slope = octopus.gradient(x);
        for (std::size_t i = 0; i < axes; ++i) x[i] -= rate * slope[i];
        if (std::abs(x.back()) >= 2 * octopus.tau) return n;
    }
    return most;
}

void PlainAmsGrad::step(double gradient) {
    ++n_;
    mean_ = beta1_ * mean_ + (1 - beta1_) * gradient;
    square_ = beta2_ * square_ + (1 - beta2_) * gradient * gradient;
    largest_square_ = std::max(largest_square_, square_);
    const double first = 1 - std::pow(beta1_, n_), second = 1 - std::pow(beta2_, n_);
    x_ -= rate_ * (mean_ / first) / (std::sqrt(largest_square_ / second) + epsilon_);
}

double PlainAmsGrad::effective_rate() const {
    return rate_ * (1 - beta1_) / (std::sqrt(largest_square_) + epsilon_);
}

std::vector<double> PlainWalk::exit_odds(int barrier, int steps) {
    // inside[i]: the odds to be at i - barrier, not having left.
    std::vector<double> inside(static_cast<std::size_t>(2 * barrier + 1)), exits = {0.0};
    inside[static_cast<std::size_t>(barrier)] = 1;
    for (int n = 1; n <= steps; ++n) {
        std::vector<double> next(inside.size());
        for (std::size_t i = 1; i + 1 < inside.size(); ++i) {
            next[i - 1] += inside[i] / 2;
            next[i + 1] += inside[i] / 2;
        }
        exits.push_back(next.front() + next.back());
        next.front() = next.back() = 0;
        inside = std::move(next);
    }
    return exits;
}

double PlainWalk::mean_steps_within(double radius, int steps) {
    std::vector<double> odds = {1.0};  // odds[k]: k of the n steps went up
    double mean = 0;
    for (int n = 1; n <= steps; ++n) {
        odds.push_back(0);
        for (std::size_t k = odds.size() - 1; k > 0; --k) odds[k] = (odds[k] + odds[k - 1]) / 2;
        odds[0] /= 2;
        for (int k = 0; k <= n; ++k)
            if (std::abs(2 * k - n) < radius) mean += odds[static_cast<std::size_t>(k)];
    }
    return mean;
}

double brownian_survival(double t, double radius) {
    const double pi = std::acos(-1.0), rate = pi * pi / (8 * radius * radius);
    double sum = 0;
    for (int k = 0; k < 200; ++k) {
        const double odd = 2 * k + 1;
        sum += (k % 2 == 0 ? 1 : -1) * std::exp(-odd * odd * rate * t) / odd;
    }
    return 4 / pi * sum;
}

std::vector<double> gaussian_walk_survival(double deviation, double radius, int steps) {
    using Quadrature = boost::math::quadrature::gauss<double, 120>;
    std::vector<double> place, weight;
    for (const int sign : {-1, 1})
        for (std::size_t i = 0; i < Quadrature::abscissa().size(); ++i) {
            place.push_back(sign * radius * Quadrature::abscissa()[i]);
            weight.push_back(radius * Quadrature::weights()[i]);
        }
    const boost::math::normal step(0, deviation);
    std::vector<double> density, survival = {1.0};
    for (const double x : place) density.push_back(pdf(step, x));
    while (true) {
        survival.push_back(std::inner_product(weight.begin(), weight.end(), density.begin(), 0.0));
        if (std::ssize(survival) > steps) return survival;
        std::vector<double> next(place.size());
        for (std::size_t i = 0; i < place.size(); ++i)
            for (std::size_t j = 0; j < place.size(); ++j)
                next[i] += weight[j] * density[j] * pdf(step, place[i] - place[j]);
        density = std::move(next);
    }
}

double antithetic_level_variance(double a, double sigma, double tau, double time, int steps) {
    using Vector = std::array<double, 4>;  // fine, swapped, coarse, 1
    const auto step = [&](double x, double h, double w, double u) {
        return x * (1 + a * h + sigma * w + sigma * sigma * (w * w - h) / 2) + tau * u +
               sigma * tau * w * u / 2;
    };
    // Three points of Gauss and Hermite do for polynomials of the fifth degree: those here have the fourth.
    struct Node {
        double z, weight;
    };
    const Node nodes[] = {{-std::sqrt(3.0), 1.0 / 6}, {0, 2.0 / 3}, {std::sqrt(3.0), 1.0 / 6}};
    const double h = time / steps, root = std::sqrt(h);
    const auto pair = [&](const Vector& x, double w, double u, double later_w, double later_u) -> Vector {
        return {step(step(x[0], h, w, u), h, later_w, later_u),
                step(step(x[1], h, later_w, later_u), h, w, u), step(x[2], 2 * h, w + later_w, u + later_u),
                1};
    };
    std::array<Vector, 4> moments;
    for (auto& row : moments) row.fill(1);
    for (int n = 0; n < steps / 2; ++n) {
        std::array<Vector, 4> next{};
        for (const auto& w : nodes)
            for (const auto& u : nodes)
                for (const auto& v : nodes)
                    for (const auto& t : nodes) {
                        const auto image = [&](const Vector& x) {
                            return pair(x, root * w.z, root * u.z, root * v.z, root * t.z);
                        };
                        // The map is x -> M x + b; with the 1 as a fourth number it is linear: its columns are those of M and b.
                        const Vector constant = image({0, 0, 0, 1});
                        std::array<Vector, 4> column;
                        for (std::size_t j = 0; j < 3; ++j) {
                            Vector unit{};
                            unit[j] = 1;
                            column[j] = image(unit);
                            for (std::size_t i = 0; i < 4; ++i) column[j][i] -= constant[i];
                        }
                        column[3] = constant;
                        const double weight = w.weight * u.weight * v.weight * t.weight;
                        for (std::size_t i = 0; i < 4; ++i)
                            for (std::size_t j = 0; j < 4; ++j)
                                for (std::size_t k = 0; k < 4; ++k)
                                    for (std::size_t l = 0; l < 4; ++l)
                                        next[i][j] += weight * column[k][i] * moments[k][l] * column[l][j];
                    }
        moments = next;
    }
    const auto& m = moments;
    const double mean = (m[0][3] + m[1][3]) / 2 - m[2][3];
    return (m[0][0] + 2 * m[0][1] + m[1][1]) / 4 - m[0][2] - m[1][2] + m[2][2] - mean * mean;
}

double truncated_mean_square(double mu, double zeta, double h, int steps, double deviation) {
    // Near 0 the mean square that is to come depends on log x: nothing there is short of the wells but for time.
    constexpr double lowest = -20, highest = 4;
    constexpr int per_unit = 48, points = static_cast<int>(highest - lowest) * per_unit + 1;
    const auto place = [](int i) { return std::exp(lowest + static_cast<double>(i) / per_unit); };
    std::vector<double> square;
    for (int i = 0; i < points; ++i) square.push_back(place(i) * place(i));
    const auto at = [&](double x) {
        const double on_grid = std::clamp((std::log(x) - lowest) * per_unit, 0.0, points - 1.001);
        const auto i = static_cast<std::size_t>(on_grid);
        return std::lerp(square[i], square[i + 1], on_grid - static_cast<double>(i));
    };
    // Over a normal law, by the midpoint rule in the fourth root of the distance from 0, where the function has a cusp.
    const auto mean_over = [&](double mean, double spread) {
        constexpr int nodes = 160;
        double sum = 0;
        for (const double side : {-1.0, 1.0}) {
            const double centre = side * mean / spread, farthest = std::max(centre, 0.0) + 8,
                         width = std::pow(farthest, 0.25) / nodes;
            for (int i = 0; i < nodes; ++i) {
                const double v = (i + 0.5) * width, z = v * v * v * v;
                sum += 4 * v * v * v * width * std::exp(-(z - centre) * (z - centre) / 2) * at(spread * z);
            }
        }
        return sum / std::sqrt(2 * std::numbers::pi);
    };
    for (int n = 0; n < steps; ++n) {
        std::vector<double> earlier;
        for (int i = 0; i < points; ++i) {
            const double x = place(i), cut = std::min(x, 1 / std::sqrt(h));
            earlier.push_back(mean_over(x + (mu - cut * cut) * cut * h, zeta * cut * std::sqrt(h)));
        }
        square = std::move(earlier);
    }
    return mean_over(0, deviation);
}

}  // namespace noisetrap
