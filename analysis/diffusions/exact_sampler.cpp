#include "analysis/diffusions/exact_sampler.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "analysis/diffusions/draws.hpp"

namespace noisetrap {
namespace {

double log_cosh(double u) { return std::abs(u) + std::log1p(std::exp(-2 * std::abs(u))) - std::numbers::ln2; }
double sech(double u) { return 1 / std::cosh(u); }

}  // namespace

NaturalCoordinate::NaturalCoordinate(double a, double sigma, double tau, double rho)
    : sigma_(sigma),
      m_(rho * tau / sigma),
      omega_(tau * std::sqrt(1 - rho * rho)),
      c_(a / sigma - sigma / 2),
      d_(a * m_ / omega_) {
    if (!(sigma > 0 && tau > 0 && std::abs(rho) < 1))
        throw std::domain_error("the natural coordinate needs sigma > 0, tau > 0 and |rho| < 1");
}

double NaturalCoordinate::of(double x) const { return std::asinh(sigma_ * (x + m_) / omega_) / sigma_; }
double NaturalCoordinate::back(double y) const { return omega_ * std::sinh(sigma_ * y) / sigma_ - m_; }
double NaturalCoordinate::drift(double y) const { return c_ * std::tanh(sigma_ * y) - d_ * sech(sigma_ * y); }

ExactSampler::ExactSampler(double a, double sigma, double tau, double rho)
    : NaturalCoordinate(a, sigma, tau, rho) {
    const double mean = (c_ * c_ + d_ * d_ + c_ * sigma_) / 4;
    const double amplitude = std::hypot(d_ * d_ + c_ * sigma_ - c_ * c_, d_ * sigma_ - 2 * c_ * d_) / 4;
    least_ = mean - amplitude;
    range_ = 2 * amplitude;
    const double tries =
        std::exp((std::numbers::ln2 * std::abs(c_) + std::numbers::pi * std::abs(d_)) / sigma_);
    if (!(tries <= 1e4))
        throw std::domain_error("a sample without a time step may take more than 10000 tries");
}

/// (alpha^2 + alpha')/2
double ExactSampler::phi(double y) const {
    const double s = sech(sigma_ * y), th = std::tanh(sigma_ * y), alpha = c_ * th - d_ * s;
    return (alpha * alpha + sigma_ * s * (c_ * s + d_ * th)) / 2;
}

/// The proposal is a draw of a normal law whose mean drifts as alpha does far out: inwards where c < 0, else to either side.
double ExactSampler::proposed(double y, double t, PathDraws& draws) const {
    double drift = std::copysign(1.0, y) * c_;
    if (c_ > 0) {
        const double odds_up = 1 / (1 + std::exp(-2 * c_ * y));
        drift = draws.uniform() < odds_up ? c_ : -c_;
    }
    return y + drift * t + std::sqrt(t) * draws.normal();
}

/// Those of keeping a proposal: exp(int alpha) over the proposal's weight, over the largest that this can be.
double ExactSampler::end_odds(double y, double end) const {
    const double power = c_ / sigma_, gudermannian = 2 * std::atan(std::tanh(sigma_ * end / 2));
    double log_odds = power * log_cosh(sigma_ * end) - d_ / sigma_ * gudermannian -
                      std::abs(d_) * std::numbers::pi / (2 * sigma_);
    if (c_ > 0)
        log_odds -= log_cosh(c_ * end) + std::numbers::ln2 * (1 + std::max(0.0, power - 1) - power);
    else
        log_odds -= std::copysign(1.0, y) * c_ * end - std::numbers::ln2 * power;
    return std::exp(log_odds);
}

/// The points of a Poisson process over the range of phi, in the order of time, on the Brownian bridge between both ends.
bool ExactSampler::survives(double y, double end, double t, PathDraws& draws) const {
    double now = 0;
    while (true) {
        const auto [gap, height] = draws.uniforms();
        const double next = now - std::log(gap) / range_;
        if (!(next < t)) return true;
        const double step = next - now, left = t - now;
        y += (end - y) * step / left + std::sqrt(step * (left - step) / left) * draws.normal();
        now = next;
        if (height * range_ < phi(y) - least_) return false;
    }
}

double ExactSampler::moved(double y, double t, PathDraws& draws) const {
    while (true) {
        const double end = proposed(y, t, draws);
        if (draws.uniform() < end_odds(y, end) && survives(y, end, t, draws)) return end;
    }
}

double ExactSampler::sample(double x0, double t, std::uint64_t seed, std::uint64_t path) const {
    PathDraws draws(seed, path);
    // The odds of a try fall with time, so that long times are put together of short ones.
    const double pieces = std::max(1.0, std::ceil(t * std::max(range_, c_ * c_)));
    double y = of(x0);
    for (double piece = 0; piece < pieces; ++piece) y = moved(y, t / pieces, draws);
    return back(y);
}

}  // namespace noisetrap
