// Errors of schemes on linear equations, worked out by quadrature over the steps of their own code: no chance in them.
// The figures are those of an independent program that stepped the published coefficients.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/growth/scheme_errors.hpp"
#include "analysis/laws/moments.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double a = 2, sigma = 1;  // dx = 2 x dt + x dW from x = 1 to t = 1

struct Relative {
    double mean, square;  // errors of E x and E x^2 over these
};
template <class Scheme>
Relative weak_errors(int steps) {
    const auto [drift, variance] = step_factor<Scheme>(a, sigma, 1.0 / steps).moments();
    const double square = (1 + drift) * (1 + drift) + variance;
    return {std::pow(1 + drift, steps) * std::exp(-a) - 1,
            std::pow(square, steps) * std::exp(-2 * a - sigma * sigma) - 1};
}

template <class Scheme>
void check_errors(double strong, double finer, double mean, double square) {
    INFO(Scheme::name);
    CHECK_THAT(scheme_rms_error<Scheme>(a, sigma, 1, 16), WithinRel(strong, 2e-5));
    CHECK_THAT(scheme_rms_error<Scheme>(a, sigma, 1, 64), WithinRel(finer, 2e-5));
    const auto weak = weak_errors<Scheme>(16);
    CHECK_THAT(weak.mean, WithinRel(mean, 6e-4));
    CHECK_THAT(weak.square, WithinRel(square, 6e-4));
}

}  // namespace

TEST_CASE("Errors on geometric Brownian motion are those of the published schemes") {
    check_errors<EulerMaruyama>(3.32478, 1.32903, -0.1091, -0.3685);
    check_errors<SplitEuler>(2.46982, 1.13004, -0.1091, -0.2297);
    check_errors<Milstein>(2.66968, 0.799114, -0.1091, -0.3535);
    check_errors<EulerHeun>(2.66968, 0.799114, -0.1091, -0.3535);
    check_errors<RkMilstein>(2.61697, 0.808581, -0.1091, -0.3343);
    check_errors<Heun>(1.12237, 0.287665, -0.05171, -0.1577);
    check_errors<Midpoint>(1.12237, 0.287665, -0.05171, -0.1577);
    check_errors<Sriw1>(0.335166, 0.041514, -4.733e-3, -2.786e-2);
    check_errors<Pl1wm>(0.432888, 0.0850435, -4.733e-3, -2.908e-2);
    check_errors<ImplicitEuler>(2.73277, 1.1393, 0.1463, 0.2751);
}

TEST_CASE(
    "Variances of the differences between levels fall by 2 under Euler-Maruyama and by 4 under Milstein") {
    const double of_euler[] = {4.2500e-4, 2.2128e-4, 1.1284e-4, 5.6968e-5, 2.8621e-5},
                 of_milstein[] = {3.3290e-5, 9.1682e-6, 2.4093e-6, 6.1779e-7, 1.5643e-7};
    for (int level = 1; level <= 5; ++level) {
        CHECK_THAT(level_variance<EulerMaruyama>(0.05, 0.2, 1, 1 << level),
                   WithinRel(of_euler[level - 1], 2e-5));
        CHECK_THAT(level_variance<Milstein>(0.05, 0.2, 1, 1 << level),
                   WithinRel(of_milstein[level - 1], 3e-5));
    }
}

TEST_CASE("RI1 on geometric Brownian motion: moments, since it follows no path") {
    const auto weak = weak_errors<Ri1>(16);
    CHECK_THAT(weak.mean, WithinRel(-1.473e-4, 6e-4));
    CHECK_THAT(weak.square, WithinRel(-1.432e-2, 6e-4));
}

namespace {

/// One step of dx = -x dt + dV as x -> r x + first z + second z'.
struct OrnsteinUhlenbeckStep {
    double r, first, second;
};
template <class Scheme>
OrnsteinUhlenbeckStep ou_step(double h) {
    using Process = Discretised<LinearSdeStep<double>, Scheme>;
    const Process process{LinearSde{-1, 0, 1, 1}.per_step<double>(h)};
    const auto step = [&](double x, double z, double of_pair) {
        Draw<double, Process::noises> noise{};
        noise.z[0] = z;
        if constexpr (Scheme::in_pairs) noise.z[2] = of_pair;
        return process.step(x, 1.0, 0, noise);
    };
    return {step(1, 0, 0), step(0, 1, 0), step(0, 0, 1)};
}

template <class Scheme>
double stationary_variance(double h) {
    const auto [r, first, second] = ou_step<Scheme>(h);
    return (first * first + second * second) / (1 - r * r) / 0.5;
}

/// sqrt E(x - X)^2 at t = 1 from x = X = 1. In a step X takes W and its integral I = h^(3/2) (z + z'/sqrt 3)/2 with the
/// covariances int e^(h - s) ds, int e^(h - s) (h - s) ds (a = -1).
template <class Scheme>
double ou_strong_error(int steps) {
    const double h = 1.0 / steps, decay = std::exp(-h);
    const auto [r, first, second] = ou_step<Scheme>(h);
    const double with_w = 1 - decay, with_integral = 1 - decay - h * decay;
    const double with_z = with_w / std::sqrt(h),
                 with_second = std::sqrt(3.0) * (2 * with_integral / std::pow(h, 1.5) - with_z);
    double square = 1, mixed = 1, exact = 1;
    for (int n = 0; n < steps; ++n) {
        square = r * r * square + first * first + second * second;
        mixed = r * decay * mixed + first * with_z + second * with_second;
        exact = decay * decay * exact + (1 - decay * decay) / 2;
    }
    return std::sqrt(square - 2 * mixed + exact);
}

}  // namespace

TEST_CASE("Additive noise: stationary variances over the exact one") {
    const auto check = [](double variance(double), double half, double quarter, double eighth) {
        CHECK_THAT(variance(0.5), WithinAbs(half, 5.1e-7));
        CHECK_THAT(variance(0.25), WithinAbs(quarter, 5.1e-7));
        CHECK_THAT(variance(0.125), WithinAbs(eighth, 5.1e-7));
    };
    check(stationary_variance<EulerMaruyama>, 1.333333, 1.142857, 1.066667);
    check(stationary_variance<Heun>, 0.923077, 0.982456, 0.995851);
    check(stationary_variance<Sra1>, 0.957265, 0.989140, 0.997326);
    check(stationary_variance<Sra3>, 0.918660, 0.978934, 0.994735);
}

/// The covariance of the numbers of a state that a linear step keeps, from 0 on: `first` is that of the first.
template <class Process>
double variance_after(const Process& process, int steps) {
    constexpr int D = numbers_of<Process>;
    const auto step = [&](State<double, D> s, double z) {
        Draw<double, Process::noises> noise{};
        noise.z[0] = z;
        return process.step(s, 1.0, 0, noise);
    };
    State<double, D> column[D];
    for (int j = 0; j < D; ++j) column[j] = step(each<D>([&](int i) { return i == j ? 1.0 : 0.0; }), 0);
    const auto shaken = step(each<D>([](int) { return 0.0; }), 1);
    double covariance[D][D] = {};
    for (int n = 0; n < steps; ++n) {
        double next[D][D] = {};
        for (int i = 0; i < D; ++i)
            for (int j = 0; j < D; ++j) {
                next[i][j] = shaken.at[i] * shaken.at[j];
                for (int k = 0; k < D; ++k)
                    for (int l = 0; l < D; ++l)
                        next[i][j] += column[k].at[i] * covariance[k][l] * column[l].at[j];
            }
        std::copy(&next[0][0], &next[0][0] + D * D, &covariance[0][0]);
    }
    return covariance[0][0];
}

/// dx = v dt, dv = (-w x - g v) dt + dW, per step of length h.
struct Spring {
    using Number = double;
    static constexpr int numbers = 2, noises = 1;
    static constexpr bool has_length = false, differentiable = true;
    static constexpr std::int64_t lowest_exponent = no_lowest_exponent;
    double w, g, h;
    template <class X, class Unit>
    State<X, 2> drift(const State<X, 2>& s, Unit) const {
        return {{h * s.at[1], -(w * h) * s.at[0] - (g * h) * s.at[1]}};
    }
    template <class X, class Unit>
    State<X, 2> drifted(const State<X, 2>& s, Unit unit) const {
        return s + drift(s, unit);
    }
    template <class X, class Unit, class Noise>
    State<X, 2> diffused(const State<X, 2>& from, const State<X, 2>&, Unit, const Noise& noise) const {
        return {{from.at[0], from.at[1] + std::sqrt(h) * noise.template get<0>()}};
    }
    double other_start(int) const { return 0; }
};

TEST_CASE("Leimkuhler and Matthews' steps have the exact stationary variance at any length") {
    for (const double h : {0.5, 0.25, 0.125}) {
        const Remembering<LinearSdeStep<double>, LeimkuhlerMatthews> process{
            LinearSde{-1, 0, 1, 1}.per_step<double>(h)};
        CHECK_THAT(variance_after(process, 400), WithinAbs(0.5, 1e-12));
    }
}

TEST_CASE("Baoab has the exact variance of a spring at any length of steps") {
    for (const double h : {0.5, 0.125}) {
        using Process = DiscretisedSystem<Discretised<Spring, Baoab>, Spring>;
        Process process;
        process.sde = {2, 0.7, h};
        CHECK_THAT(variance_after(process, 2000), WithinAbs(1 / (2 * 0.7 * 2), 1e-12));
    }
}

TEST_CASE("Implicit steps of a spring solve both equations at once") {
    const double h = 0.5, w = 2, g = 0.7;
    DiscretisedSystem<Discretised<Spring, ImplicitEuler>, Spring> process;
    process.sde = {w, g, h};
    const auto y = process.step(State<double, 2>{{1, 0.5}}, 1.0, 0, Draw<double, 1>{{0.3}});
    CHECK(y.at[0] == Approx(1 + h * y.at[1]));
    CHECK(y.at[1] == Approx(0.5 - h * (w * y.at[0] + g * y.at[1]) + std::sqrt(h) * 0.3));
}

TEST_CASE("Additive noise: endpoint errors along the same Brownian path") {
    CHECK_THAT(ou_strong_error<EulerMaruyama>(8), WithinRel(4.6014e-2, 2e-5));
    CHECK_THAT(ou_strong_error<Heun>(8), WithinRel(2.3768e-2, 3e-5));
    CHECK_THAT(ou_strong_error<Heun>(64), WithinRel(2.9658e-3, 3e-5));
    const double of_sra1[] = {2.3206e-3, 5.6171e-4, 1.3816e-4, 3.4259e-5};
    for (int i = 0; i < 4; ++i) CHECK_THAT(ou_strong_error<Sra1>(8 << i), WithinRel(of_sra1[i], 1e-4));
    CHECK_THAT(ou_strong_error<Sra3>(8), WithinRel(2.3721e-3, 1e-4));
    CHECK_THAT(ou_strong_error<Sra3>(64), WithinRel(3.6046e-5, 1e-4));
}

TEST_CASE("RI1 with two noises that do not commute: moments of a step of third order") {
    const double b = 0.3, s = 1, tau = 0.5, rho = 0.4, x = 0.7;
    const double of_mean[] = {-3.8e-7, -2.4e-8}, of_square[] = {-4.071e-3, -4.843e-4};
    for (int i = 0; i < 2; ++i) {
        const double h = 0.2 / (1 << i);
        using Process = Discretised<LinearSdeStep<double>, Ri1>;
        const Process process{LinearSde{b, s, tau, rho}.per_step<double>(h)};
        double mean = 0, square = 0;
        for (const double z : {-1.5, 0.0, 1.5})
            for (const double y : {-1.5, 0.0, 1.5})
                for (const double coin : {-1.0, 1.0})
                    for (const double other : {-1.0, 1.0}) {
                        const double odds = (z == 0 ? 4 : 1) * (y == 0 ? 4 : 1) / 144.0;
                        const double end = process.step(x, 1.0, 0, Draw<double, 4>{{z, y, coin, other}});
                        mean += odds * end, square += odds * end * end;
                    }
        const auto exact = sde_moments(b, s, tau, rho, x, h);
        CHECK_THAT(mean - exact.first, WithinRel(of_mean[i], 0.02));
        CHECK_THAT(square - exact.first * exact.first - exact.variance, WithinRel(of_square[i], 2e-4));
    }
}
