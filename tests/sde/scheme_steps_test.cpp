// Single steps of schemes, by hand: what they do to other equations than the linear one.
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "engine/noise/variates.hpp"
#include "models/linear_sde.hpp"
#include "models/quartic_well.hpp"
#include "sde/one_noise.hpp"
#include "sde/schemes.hpp"

using namespace noisetrap;

namespace {

/// dx = t dt + t dW, per step of length h.
struct Ramp : OneNoise<Ramp, double> {
    static constexpr bool has_length = false, differentiable = true;
    static constexpr std::int64_t lowest_exponent = no_lowest_exponent;
    double h, n = 0;
    template <class X, class Unit>
    X drift(X, Unit) const {
        return X{} + n * h * h;
    }
    template <class X, class Unit>
    X amplitude(X, Unit) const {
        return X{} + n * h * std::sqrt(h);
    }
    Ramp at(unsigned long long number) const { return {{}, h, static_cast<double>(number)}; }
    Ramp later(double share) const { return {{}, h, n + share}; }
};

/// dx = v dt, dv = t dt, per step of length h.
struct Pushed {
    using Number = double;
    static constexpr int numbers = 2, noises = 1;
    static constexpr bool has_length = false, differentiable = true;
    static constexpr std::int64_t lowest_exponent = no_lowest_exponent;
    double h, n = 0;
    template <class X, class Unit>
    State<X, 2> drift(const State<X, 2>& s, Unit) const {
        return {{h * s.at[1], X{} + n * h * h}};
    }
    template <class X, class Unit, class Noise>
    State<X, 2> diffused(const State<X, 2>& from, const State<X, 2>&, Unit, const Noise&) const {
        return from;
    }
    Pushed at(unsigned long long number) const { return {h, static_cast<double>(number)}; }
    Pushed later(double share) const { return {h, n + share}; }
    double other_start(int) const { return 0; }
};

/// dx = -y dt + y dW, dy = x y dt + x dW + y dV, per step of length h.
template <class Real>
struct Plane {
    using Number = Real;
    static constexpr int numbers = 2, noises = 2;
    Real h, root;
    template <class X, class Unit>
    State<X, 2> drift(const State<X, 2>& s, Unit) const {
        return {{-h * s.at[1], h * (s.at[0] * s.at[1])}};
    }
    template <class X, class Unit>
    State<X, 2> drifted(const State<X, 2>& s, Unit unit) const {
        return s + drift(s, unit);
    }
    template <class X, class Unit, class Noise>
    State<X, 2> diffused(const State<X, 2>& from, const State<X, 2>& s, Unit, const Noise& noise) const {
        return {{noisetrap::fma(root * s.at[1], noise.template get<0>(), from.at[0]),
                 noisetrap::fma(root * s.at[0], noise.template get<0>(),
                                noisetrap::fma(root * s.at[1], noise.template get<1>(), from.at[1]))}};
    }
};

/// dx = s x dW + u x dV, per step: these noises commute.
struct TwoFactors {
    using Number = double;
    static constexpr int noises = 2;
    static constexpr bool has_length = false, differentiable = true;
    static constexpr std::int64_t lowest_exponent = no_lowest_exponent;
    double s, u;
    double drift(double, double) const { return 0; }
    double drifted(double x, double) const { return x; }
    template <class Noise>
    double diffused(double from, double x, double, const Noise& noise) const {
        return noisetrap::fma(s * x, noise.template get<0>(),
                              noisetrap::fma(u * x, noise.template get<1>(), from));
    }
};

/// dx = x^2 dt, per step of length 1.
struct Square : OneNoise<Square, double> {
    static constexpr bool has_length = true, differentiable = true;
    static constexpr std::int64_t lowest_exponent = no_lowest_exponent;
    template <class X, class Unit>
    X drift(X x, Unit unit) const {
        return x * (x * (1 / unit));
    }
    template <class X, class Unit>
    X amplitude(X, Unit) const {
        return X{};
    }
};

/// dx = -x^3 dt + x dW, per step of length 1, and a reach.
struct Far : OneNoise<Far, double> {
    static constexpr bool has_length = true, differentiable = true;
    static constexpr std::int64_t lowest_exponent = no_lowest_exponent;
    double how_far;
    double reach() const { return how_far; }
    template <class X, class Unit>
    X drift(X x, Unit) const {
        return -(x * x * x);
    }
    template <class X, class Unit>
    X amplitude(X x, Unit) const {
        return x;
    }
};

template <class Step>
struct WithReach : Step {
    double how_far;
    double reach() const { return how_far; }
};

template <class Scheme, class Step>
using OfIto = Discretised<Step, Scheme>;
template <class Scheme, class Step>
using OfStratonovich = DiscretisedStratonovich<Step, Scheme>;

}  // namespace

TEST_CASE("The drift between the calculi is half the sum of (b grad) b, whatever rho is") {
    const double sigma = 0.8, tau = 0.5, h = 0.25, x = 2;
    const double rho = GENERATE(-1.0, 0.0, 0.6);
    const auto sde = LinearSde{0.4, sigma, tau, rho}.per_step<double>(h);
    CHECK(ito_drift(sde, x, 1.0) == Approx(h * sigma * (sigma * x + rho * tau) / 2));
    const auto well = QuarticWell{1.5, 1.2}.per_step<double>(h);
    CHECK(ito_drift(well, x, 1.0) == Approx(h * 1.2 * 1.2 * x / 2));
}

TEST_CASE("Of several variables it follows each noise along itself") {
    const double h = 0.25;
    const Plane<double> plane{h, std::sqrt(h)};
    const State<double, 2> s = {{2, 3}};
    // W: b = (y, x), (b grad) b = (x, y). V: b = (0, y), (b grad) b = (0, y).
    const auto drift = ito_drift(plane, s, 1.0);
    CHECK(drift.at[0] == Approx(h * 2.0 / 2));
    CHECK(drift.at[1] == Approx(h * (3.0 + 3.0) / 2));
}

TEST_CASE("A scheme of the other calculus steps the equation with the same solutions") {
    const auto sde = LinearSde{0.4, 0.8, 0, 0}.per_step<double>(0.25);
    const Draw<double, 1> noise{{0.7}};
    const double x = 2, v = 0.64 * 0.25, w = 0.8 * 0.5 * 0.7, q = 0.4 * 0.25;
    CHECK(OfIto<EulerMaruyama, decltype(sde)>{sde}.step(x, Zero{}, 0, noise) == Approx(x * (1 + q + w)));
    CHECK(OfStratonovich<EulerMaruyama, decltype(sde)>{sde}.step(x, Zero{}, 0, noise) ==
          Approx(x * (1 + q + v / 2 + w)));
    CHECK(OfStratonovich<EulerHeun, decltype(sde)>{sde}.step(x, Zero{}, 0, noise) ==
          Approx(x * (1 + q + w + w * w / 2)));
    CHECK(OfIto<EulerHeun, decltype(sde)>{sde}.step(x, Zero{}, 0, noise) ==
          Approx(x * (1 + q - v / 2 + w + w * w / 2)));
    const double both = q - v / 2 + w;
    for (const double end : {OfIto<Heun, decltype(sde)>{sde}.step(x, Zero{}, 0, noise),
                             OfIto<Midpoint, decltype(sde)>{sde}.step(x, Zero{}, 0, noise)})
        CHECK(end == Approx(x * (1 + both + both * both / 2)));
}

TEST_CASE("Heun's step of two noises, by hand") {
    const double a = 0.4, sigma = 0.8, tau = 0.5, rho = 0.6, h = 0.25, x = 2, z = 1.2, y = -0.3;
    const auto sde = LinearSde{a, sigma, tau, rho}.per_step<double>(h);
    const auto drift = [&](double at) { return h * a * at; };
    const auto shake = [&](double at) {
        return std::sqrt(h) * ((sigma * at + rho * tau) * z + tau * std::sqrt(1 - rho * rho) * y);
    };
    const double there = x + drift(x) + shake(x);
    CHECK(OfStratonovich<Heun, decltype(sde)>{sde}.step(x, 1.0, 0, Draw<double, 2>{{z, y}}) ==
          Approx(x + (drift(x) + drift(there)) / 2 + (shake(x) + shake(there)) / 2));
}

TEST_CASE("Lengths: a step of c x with the unit c is c times the step of x") {
    const auto sde = LinearSde{0.4, 0.8, 0.5, 0.6}.per_step<double>(0.25);
    const auto well = QuarticWell{1.5, 1.2}.per_step<double>(0.25);
    const Draw<double, 4> noise{{1.5, -0.3, 1, -1}};
    const auto scales = [&](const auto& process) {
        CHECK(process.step(8 * 0.7, 8.0, 0, noise) ==
              Approx(8 * process.step(0.7, 1.0, 0, noise)).epsilon(1e-15));
    };
    scales(OfIto<SplitEuler, decltype(sde)>{sde});
    scales(OfIto<Heun, decltype(sde)>{sde});
    scales(OfIto<Ri1, decltype(sde)>{sde});
    scales(OfStratonovich<Ri1, decltype(sde)>{sde});
    scales(OfIto<Tamed, decltype(well)>{well});
    scales(OfIto<Sriw1, decltype(well)>{well});
    scales(OfIto<Pl1wm, decltype(well)>{well});
    scales(OfIto<RkMilstein, decltype(well)>{well});
    scales(OfIto<Midpoint, decltype(well)>{well});
    scales(OfIto<ImplicitEuler, decltype(well)>{well});
    scales(OfIto<Trapezoidal, decltype(sde)>{sde});
}

TEST_CASE("The slope that duals carry is that of the step") {
    const auto well = QuarticWell{1.5, 1.2}.per_step<double>(0.25);
    const Draw<double, 4> noise{{0.8, -0.3, 1, -1}};
    const auto slope = [&](const auto& process) {
        constexpr double d = 1e-6;
        const double central =
            (process.step(0.7 + d, 1.0, 0, noise) - process.step(0.7 - d, 1.0, 0, noise)) / (2 * d);
        CHECK(process.step(Dual<double>{0.7, 1}, 1.0, 0, noise).slope == Approx(central).epsilon(1e-8));
    };
    slope(OfIto<SplitEuler, decltype(well)>{well});
    slope(OfIto<RkMilstein, decltype(well)>{well});
    slope(OfIto<EulerHeun, decltype(well)>{well});
    slope(OfIto<Heun, decltype(well)>{well});
    slope(OfStratonovich<EulerMaruyama, decltype(well)>{well});
    slope(OfIto<Sriw1, decltype(well)>{well});
    slope(OfIto<Pl1wm, decltype(well)>{well});
    slope(OfIto<Ri1, decltype(well)>{well});
    slope(OfIto<Tamed, decltype(well)>{well});
    slope(OfIto<ImplicitEuler, decltype(well)>{well});
    slope(OfIto<Trapezoidal, decltype(well)>{well});
}

TEST_CASE("A tamed drift moves x by less than the unit") {
    const auto well = QuarticWell{1.5, 0}.per_step<double>(0.5);
    const double drift = 0.5 * (1.5 * 50 - 50.0 * 50 * 50);
    const double end = OfIto<Tamed, decltype(well)>{well}.step(50.0, 1.0, 0, Draw<double, 1>{{0.3}});
    CHECK(end == Approx(50 + drift / (1 + std::abs(drift))));
}

TEST_CASE("An implicit step solves for its end, and fails where it has none") {
    const auto well = QuarticWell{1.5, 0}.per_step<double>(0.4);
    const auto rate = [](double y) { return 0.4 * (1.5 * y - y * y * y); };
    const double far = OfIto<ImplicitEuler, decltype(well)>{well}.step(50.0, 1.0, 0, Draw<double, 1>{{0.3}});
    CHECK(far - rate(far) == Approx(50));
    const double near = OfIto<Trapezoidal, decltype(well)>{well}.step(0.7, 1.0, 0, Draw<double, 1>{{0.3}});
    CHECK(near - rate(near) / 2 == Approx(0.7 + rate(0.7) / 2));
    // y = 1 + y^2 has no real solution.
    CHECK(std::isnan(OfIto<ImplicitEuler, Square>{{}}.step(1.0, 1.0, 0, Draw<double, 1>{{0}})));
}

TEST_CASE("A truncated step takes the coefficients no further than its reach") {
    const Far far{{}, 2};
    CHECK(OfIto<Truncated, Far>{far}.step(5.0, 1.0, 0, Draw<double, 1>{{0.5}}) == Approx(5 - 8 + 0.5 * 2));
    CHECK(OfIto<Truncated, Far>{far}.step(-5.0, 1.0, 0, Draw<double, 1>{{0.5}}) == Approx(-5 + 8 - 0.5 * 2));
    CHECK(OfIto<Truncated, Far>{far}.step(1.5, 1.0, 0, Draw<double, 1>{{0.5}}) ==
          Approx(1.5 - 1.5 * 1.5 * 1.5 + 0.5 * 1.5));
}

// dx = (1.5 x - x^3) dt + x dW from 2 Z, at t = 8: E x^2 is 1, and that of implicit steps 0.942 at h = 0.2 by an independent
// program; a tenth of Euler's paths are lost there.
TEST_CASE("Implicit and truncated steps bring every path back from where Euler's explode") {
    constexpr double h = 0.2, time = 8;
    constexpr int paths = 20000;
    const auto well = QuarticWell{1.5, 1}.per_step<double>(h);
    const auto square = [&](const auto& step) {
        std::mt19937_64 generator(3);
        std::normal_distribution<double> normal;
        double sum = 0;
        for (int path = 0; path < paths; ++path) {
            double x = 2 * normal(generator);
            for (int n = 0; n < static_cast<int>(time / h + 0.5); ++n)
                x = step(x, Draw<double, 1>{{normal(generator)}});
            sum += x * x;
        }
        return sum / paths;
    };
    const auto implicit = [&](double x, const Draw<double, 1>& z) {
        return OfIto<ImplicitEuler, decltype(well)>{well}.step(x, 1.0, 0, z);
    };
    const WithReach<QuarticWellStep<double>> reaching{well, 1 / std::sqrt(h)};
    const auto truncated = [&](double x, const Draw<double, 1>& z) {
        return OfIto<Truncated, WithReach<QuarticWellStep<double>>>{reaching}.step(x, 1.0, 0, z);
    };
    const double error = 0.009;  // standard error of 20000 paths, and as much for the other program
    CHECK(std::abs(square(implicit) - 0.942) < 4.7 * error);
    CHECK(std::abs(square(truncated) - 0.829) < 4.7 * error);
}

// The integral of t dt over a step that begins at t is t h + h^2/2, and that of t dW is t W + h W - I, I that of W.
TEST_CASE("Schemes look at later times of the step") {
    const double h = 0.25, t = 3 * h, end = 1 + t * h + h * h / 2;
    const Draw<double, 2> still{{0, 0}};
    const Ramp ramp{{}, h};
    CHECK(OfStratonovich<Heun, Ramp>{ramp}.step(1.0, 1.0, 3, still) == Approx(end));
    CHECK(OfStratonovich<Midpoint, Ramp>{ramp}.step(1.0, 1.0, 3, still) == Approx(end));
    CHECK(OfIto<Heun, Ramp>{ramp}.step(1.0, 1.0, 3, still) == Approx(end));
    CHECK(OfIto<Sra1, Ramp>{ramp}.step(1.0, 1.0, 3, still) == Approx(end));
    CHECK(OfIto<Sra3, Ramp>{ramp}.step(1.0, 1.0, 3, still) == Approx(end));
    CHECK(OfIto<Sriw1, Ramp>{ramp}.step(1.0, 1.0, 3, still) == Approx(end));
    CHECK(OfIto<Pl1wm, Ramp>{ramp}.step(1.0, 1.0, 3, still) == Approx(end));
    CHECK(OfIto<Ri1, Ramp>{ramp}.step(1.0, 1.0, 3, still) == Approx(end));
}

TEST_CASE("Baoab kicks with the force of the start and with that of the end") {
    const double h = 0.25, t = 3 * h, v = 2;
    DiscretisedSystem<Discretised<Pushed, Baoab>, Pushed> process;
    process.sde = {h};
    const auto end = process.step(State<double, 2>{{1, v}}, 1.0, 3, Draw<double, 1>{{0}});
    CHECK(end.at[1] == Approx(v + t * h + h * h / 2));
    CHECK(end.at[0] == Approx(1 + h * (v + t * h / 2)));
}

TEST_CASE("Schemes with areas are exact where noise depends on time alone") {
    const double h = 0.25, z = 0.9, of_pair = -1.1, t = 3 * h;
    const double w = std::sqrt(h) * z, integral = h * std::sqrt(h) * (z + of_pair / std::sqrt(3.0)) / 2;
    const double drifted = 1 + t * h + h * h / 2, end = drifted + t * w + h * w - integral;
    const Draw<double, 2> noise{{z, of_pair}};
    const Ramp ramp{{}, h};
    CHECK(OfIto<Sra1, Ramp>{ramp}.step(1.0, 1.0, 3, noise) == Approx(end));
    CHECK(OfIto<Sra3, Ramp>{ramp}.step(1.0, 1.0, 3, noise) == Approx(end));
    CHECK(OfIto<Sriw1, Ramp>{ramp}.step(1.0, 1.0, 3, noise) == Approx(end));
    CHECK(OfStratonovich<Heun, Ramp>{ramp}.step(1.0, 1.0, 3, noise) == Approx(drifted + (t + h / 2) * w));
}

// With S = s i + u j of the variates i and j of three values: x (1 + S + [S^2 - s^2 - u^2]/2).
TEST_CASE("Where noises commute the coins of RI1 cancel") {
    const double s = 0.4, u = 0.7, x = 2, sum = std::sqrt(3.0) * (s - u);
    for (const double coin : {-1.0, 1.0})
        for (const double other : {-1.0, 1.0})
            CHECK(OfIto<Ri1, TwoFactors>{{s, u}}.step(x, 1.0, 0, Draw<double, 4>{{1.5, -1.5, coin, other}}) ==
                  Approx(x * (1 + sum + (sum * sum - s * s - u * u) / 2)));
}

TEST_CASE("A uniform variate becomes one of three values with odds 1/6, 2/3 and 1/6") {
    const double edge = 2 / std::sqrt(3.0);
    for (const double side : {-1.0, 1.0}) {
        CHECK(Ri1::three_point(side * edge * (1 - 1e-12)) == 0);
        CHECK(Ri1::three_point(side * edge * (1 + 1e-12)) == side * std::sqrt(3.0));
    }
    double square = 0, fourth = 0;
    constexpr std::uint64_t steps = 60000;
    for (std::uint64_t n = 0; n < steps; ++n) {
        const double jump = Ri1::three_point(variate_of<double>(3, Stream::user_defined, 0, n, Law::uniform));
        square += jump * jump / steps, fourth += jump * jump * jump * jump / steps;
    }
    const double error = 4.7 * std::sqrt(2.0 / steps);
    CHECK(std::abs(square - 1) < error);
    CHECK(std::abs(fourth - 3) < 3 * error);
}

TEST_CASE("Which variates a step takes follows from the noises that are needed") {
    const auto two = LinearSde{0.4, 0.8, 0.5, 0.6}.per_step<double>(0.25),
               one = LinearSde{0.4, 0.8, 0.5, 1}.per_step<double>(0.25);
    const auto laws = [](const auto& process) {
        std::vector<Law> all;
        for (int i = 0; i < process.active_noises(); ++i) all.push_back(process.law(i));
        return all;
    };
    using Step = LinearSdeStep<double>;
    const auto normal = Law::gaussian;
    CHECK(laws(OfIto<Heun, Step>{two}) == std::vector{normal, normal});
    CHECK(laws(OfIto<Heun, Step>{one}) == std::vector{normal});
    CHECK(laws(OfIto<Sriw1, Step>{one}) == std::vector{normal, Law::none, normal});
    CHECK(laws(OfIto<Sra1, Step>{two}) == std::vector{normal, normal, normal, normal});
    CHECK(laws(OfIto<Ri1, Step>{two}) ==
          std::vector{Law::uniform, Law::uniform, Law::two_point, Law::two_point});
}
