// Order of convergence on coupled paths: coarse steps take the sums of the fine steps' increments.
#include "sde/schemes.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "analysis/laws/strong_error.hpp"
#include "engine/noise/variates.hpp"
#include "engine/statistics/summaries.hpp"
#include "models/linear_sde.hpp"

using namespace noisetrap;

/// Squared endpoint error of one path at `steps` steps against the exact solution along the same Brownian
/// path.
template <class Scheme>
static double squared_error(const LinearSde& model, double t_end, std::uint64_t steps, std::uint64_t finest,
                            std::uint64_t path) {
    const auto sde = model.per_step<double>(t_end / static_cast<double>(steps));
    const std::uint64_t ratio = finest / steps;
    double x = 1, brownian = 0;
    for (std::uint64_t n = 0; n < steps; ++n) {
        double sum = 0;
        for (std::uint64_t i = 0; i < ratio; ++i)
            sum += variate_of<double>(11, Stream::first_noise, path, n * ratio + i, Law::gaussian);
        x = Scheme::step(sde, x, Zero{}, Draw<double, 1>{{sum / std::sqrt(static_cast<double>(ratio))}});
        brownian += sum * std::sqrt(t_end / static_cast<double>(finest));
    }
    const double exact = std::exp((model.a - model.sigma * model.sigma / 2) * t_end + model.sigma * brownian);
    return (x - exact) * (x - exact);
}

template <class Scheme>
static Estimate mean_square(const LinearSde& model, std::uint64_t steps) {
    std::vector<double> squares;
    for (std::uint64_t path = 0; path < 6000; ++path)
        squares.push_back(squared_error<Scheme>(model, 1, steps, 256, path));
    return Moments::of(squares).mean_estimate();
}

TEMPLATE_TEST_CASE("Endpoint errors on coupled paths are the exact ones", "", EulerMaruyama, Milstein) {
    const LinearSde model{0.5, 0.5, 0, 0};
    std::vector<double> errors;
    for (const std::uint64_t steps : {16u, 64u, 256u}) {
        const auto e = mean_square<TestType>(model, steps);
        const double exact = std::is_same_v<TestType, Milstein>
                                 ? milstein_rms_error(0.5, 0.5, 1, static_cast<std::int64_t>(steps))
                                 : euler_rms_error(0.5, 0.5, 1, static_cast<std::int64_t>(steps));
        CHECK(std::abs(e.value - exact * exact) < 4 * e.standard_error);
        errors.push_back(std::sqrt(e.value));
    }
    // from 16 to 256 steps: four doublings of the order per halving of dt
    CHECK(std::log2(errors[0] / errors[2]) / 4 == Approx(TestType::strong_order).margin(0.08));
}

TEST_CASE("Milstein is Euler-Maruyama plus b b' (z^2 - 1) / 2, also with a shared additive noise") {
    const auto sde = LinearSde{0.3, 0.7, 0.4, -1}.per_step<double>(0.25);
    const double z = 1.3, b = (0.7 * 2 - 0.4) * 0.5;
    const Draw<double, 1> noise{{z}};
    CHECK(Milstein::step(sde, 2.0, 1.0, noise) - EulerMaruyama::step(sde, 2.0, 1.0, noise) ==
          Approx(b * 0.7 * 0.5 * (z * z - 1) / 2));
}

TEST_CASE("One step of splitting, by hand: the rest before or after the part with attractive noise") {
    const double a = 0.4, sigma = 0.8, tau = 0.5, rho = 0.6, h = 0.25, shift = rho * tau / sigma;
    const auto sde = LinearSde{a, sigma, tau, rho}.per_step<double>(h);
    const double z0 = 1.2, z1 = -0.3, x = 2;
    const double factor = std::exp(-sigma * sigma * h / 2 + sigma * std::sqrt(h) * z0),
                 decay = std::exp(a * h);
    const double noise = tau * std::sqrt(1 - rho * rho) * std::sqrt((std::exp(2 * a * h) - 1) / (2 * a)) * z1;
    CHECK(Splitting::step(sde, x, 1.0, Draw<double, 3>{{z0, z1, 1}}) ==
          Approx((decay * x + noise + shift) * factor - shift));
    CHECK(Splitting::step(sde, x, 1.0, Draw<double, 3>{{z0, z1, -1}}) ==
          Approx(decay * ((x + shift) * factor - shift) + noise));
}

TEST_CASE("Splitting halves a rest without noise") {
    const auto sde = LinearSde{0.4, 0.8, 0.5, -1}.per_step<double>(0.25);
    const double shift = -0.5 / 0.8, half = std::exp(0.4 * 0.125);
    const double factor = std::exp(-0.32 * 0.25 + 0.8 * 0.5 * 0.7);
    CHECK(Splitting::step(sde, 2.0, 1.0, Draw<double, 1>{{0.7}}) ==
          Approx(half * ((half * 2 + shift) * factor - shift)));
    CHECK(Splitting::active_noises(sde) == 1);
    CHECK(Splitting::active_noises(LinearSde{0.4, 0.8, 0.5, 0.3}.per_step<double>(0.25)) == 3);
    CHECK(Splitting::active_noises(LinearSde{0.4, 0.8, 0, 0}.per_step<double>(0.25)) == 1);
}

TEST_CASE("Splitting without diffusive noise is the exact solution along its Brownian path") {
    const auto sde = LinearSde{0.3, 1, 0, 0}.per_step<double>(0.5);
    double x = 1, brownian = 0;
    for (std::uint64_t n = 0; n < 8; ++n) {
        const double z = variate_of<double>(1, Stream::first_noise, 0, n, Law::gaussian);
        x = Splitting::step(sde, x, Zero{}, Draw<double, 1>{{z}});
        brownian += z * std::sqrt(0.5);
    }
    CHECK(x == Approx(std::exp((0.3 - 0.5) * 4 + brownian)).epsilon(1e-14));
}

TEST_CASE("Splitting without attractive noise is the exact Ornstein-Uhlenbeck step") {
    const auto sde = LinearSde{0.3, 0, 0.5, 0.7}.per_step<double>(0.25);
    const double noise = 0.5 * std::sqrt((std::exp(2 * 0.3 * 0.25) - 1) / 0.6) * 1.1;
    for (const double coin : {-1.0, 1.0})
        CHECK(Splitting::step(sde, 2.0, 1.0, Draw<double, 3>{{0.9, 1.1, coin}}) ==
              Approx(2 * std::exp(0.3 * 0.25) + noise));
}

TEST_CASE("Splitting loses nothing as attractive noise vanishes") {
    const Draw<double, 3> noise{{0.9, 1.1, -1}};
    const auto at = [&](double sigma) {
        return Splitting::step(LinearSde{-1, sigma, 1, 0.9}.per_step<double>(1.0 / 64), 2.0, 1.0, noise);
    };
    const double limit = std::exp(-1.0 / 64) * (2 + 0.9 / 8 * 0.9) +
                         std::sqrt(0.19) * std::sqrt((1 - std::exp(-2.0 / 64)) / 2) * 1.1;
    CHECK(at(1e-12) == Approx(limit).epsilon(1e-11));
    CHECK(at(1e-200) == Approx(limit).epsilon(1e-14));
}
