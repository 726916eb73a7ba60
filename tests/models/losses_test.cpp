// Every loss against itself written out plainly: gradients are slopes, their means are means, lengths scale.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "models/double_well.hpp"
#include "models/least_squares.hpp"
#include "models/octopus.hpp"
#include "models/optimised.hpp"
#include "models/optimisers.hpp"
#include "models/piecewise_linear_saddle.hpp"
#include "models/random_curvature.hpp"
#include "models/relu_saddle.hpp"
#include "models/shaken_double_well.hpp"
#include "models/tanh_neuron.hpp"
#include "models/two_layer_unit.hpp"
#include "models/two_sided_saddle.hpp"

using namespace noisetrap;

template <class X, class Loss>
using Point = State<X, Loss::dimensions>;

template <class Loss>
using Drawn = Draw<double, Loss::noises>;

/// Whether a loss has one coordinate or more.
template <class Loss, class Real, class X, int N>
static Point<X, Loss> gradient(const Loss& loss, const Point<X, Loss>& x, Real unit, const Draw<Real, N>& z) {
    if constexpr (Loss::dimensions == 1) {
        return {{loss.gradient(x.at[0], unit, loss.sample(z))}};
    } else {
        return loss.gradient(x, unit, loss.sample(z));
    }
}
template <class Loss, class Real, class X>
static Point<X, Loss> mean_gradient(const Loss& loss, const Point<X, Loss>& x, Real unit) {
    if constexpr (Loss::dimensions == 1) {
        return {{loss.mean_gradient(x.at[0], unit)}};
    } else {
        return loss.mean_gradient(x, unit);
    }
}

static double variate(Law law, std::mt19937_64& random) {
    switch (law) {
        case Law::gaussian:
            return std::normal_distribution<double>{}(random);
        case Law::uniform:
            return std::uniform_real_distribution<double>{-std::sqrt(3.0), std::sqrt(3.0)}(random);
        case Law::two_point:
            return random() % 2 ? 1 : -1;
        case Law::student_t:
        case Law::stable:
        case Law::jumps:  // which no built-in loss has
        case Law::none:
            break;
    }
    return 0;
}
/// As the engine draws: variates that are not used are 0.
template <class Loss>
static Drawn<Loss> draw(const Loss& loss, std::mt19937_64& random) {
    Drawn<Loss> z{};
    for (int i = 0; i < Loss::noises; ++i)
        if (loss.uses(i)) z.z[i] = variate(loss.law(i), random);
    return z;
}

/// df/dx_i by central differences.
template <class F, int D>
static double slope(F f, State<double, D> x, int i) {
    const double at = x.at[i], h = 1e-5;
    x.at[i] = at + h;
    const double above = f(x);
    x.at[i] = at - h;
    return (above - f(x)) / (2 * h);
}

template <class Loss>
static void check_scaling(const Loss& loss, const Point<double, Loss>& x, const Drawn<Loss>& z) {
    const auto g = gradient(loss, x, 1.0, z), mean = mean_gradient(loss, x, 1.0);
    for (const double c : {0.25, 8.0, 0x1p-60, 0x1p200}) {
        const auto scaled = gradient(loss, c * x, c, z), scaled_mean = mean_gradient(loss, c * x, c);
        for (int i = 0; i < Loss::dimensions; ++i) {
            CHECK(scaled.at[i] == c * g.at[i]);
            CHECK(scaled_mean.at[i] == c * mean.at[i]);
        }
    }
}

/// Each column of the second derivatives, carried by duals.
template <class Loss>
static void check_duals(const Loss& loss, const Point<double, Loss>& x, const Drawn<Loss>& z) {
    for (int along = 0; along < Loss::dimensions; ++along) {
        const auto dual = each<Loss::dimensions>([&](int i) {
            return Dual<double>{x.at[i], i == along ? 1.0 : 0.0};
        });
        const auto g = gradient(loss, dual, 1.0, z), mean = mean_gradient(loss, dual, 1.0);
        for (int i = 0; i < Loss::dimensions; ++i) {
            CHECK(g.at[i].value == gradient(loss, x, 1.0, z).at[i]);
            CHECK(g.at[i].slope ==
                  Approx(slope([&](const auto& p) { return gradient(loss, p, 1.0, z).at[i]; }, x, along))
                      .epsilon(1e-7)
                      .margin(1e-7));
            CHECK(mean.at[i].slope ==
                  Approx(slope([&](const auto& p) { return mean_gradient(loss, p, 1.0).at[i]; }, x, along))
                      .epsilon(1e-7)
                      .margin(1e-7));
        }
    }
}

/// Within 4 standard errors of 2^17 samples.
template <class Loss>
static void check_mean(const Loss& loss, const Point<double, Loss>& x, std::mt19937_64& random) {
    constexpr int samples = 1 << 17;
    Point<double, Loss> sum{}, squares{};
    for (int n = 0; n < samples; ++n) {
        const auto g = gradient(loss, x, 1.0, draw(loss, random));
        for (int i = 0; i < Loss::dimensions; ++i) {
            sum.at[i] += g.at[i] / samples;
            squares.at[i] += g.at[i] * g.at[i] / samples;
        }
    }
    const auto mean = mean_gradient(loss, x, 1.0);
    for (int i = 0; i < Loss::dimensions; ++i) {
        const double variance = std::max(squares.at[i] - sum.at[i] * sum.at[i], 0.0);
        CHECK(std::abs(sum.at[i] - mean.at[i]) < 4 * std::sqrt(variance / samples) + 1e-10);
    }
}

template <class Model>
static void check_single_precision(const Model& model,
                                   const Point<double, typename Model::template Loss<double>>& x,
                                   const Drawn<typename Model::template Loss<double>>& z) {
    using Loss = typename Model::template Loss<double>;
    const auto exact = gradient(model.template loss<double>(), x, 1.0, z);
    const auto at = each<Loss::dimensions>([&](int i) { return static_cast<float>(x.at[i]); });
    Draw<float, Loss::noises> drawn{};
    for (int i = 0; i < Loss::noises; ++i) drawn.z[i] = static_cast<float>(z.z[i]);
    const auto single = gradient(model.template loss<float>(), at, 1.0f, drawn);
    for (int i = 0; i < Loss::dimensions; ++i)
        CHECK(single.at[i] == Approx(exact.at[i]).epsilon(1e-4).margin(1e-4));
}

/// plain(x, z) is the loss of one sample, z its variates.
template <class Model, class Plain>
static void check_loss(const Model& model, Plain plain,
                       const std::vector<Point<double, typename Model::template Loss<double>>>& points) {
    const auto loss = model.template loss<double>();
    using Loss = std::decay_t<decltype(loss)>;
    static_assert(std::is_trivially_copyable_v<Loss>);
    std::mt19937_64 random(1);
    for (const auto& x : points) {
        for (int sample = 0; sample < 3; ++sample) {
            const auto z = draw(loss, random);
            const auto g = gradient(loss, x, 1.0, z);
            for (int i = 0; i < Loss::dimensions; ++i) {
                INFO(Model::name << ", coordinate " << i << ", x[0] = " << x.at[0]);
                CHECK(g.at[i] == Approx(slope([&](const auto& p) { return plain(p.at, z.z); }, x, i))
                                     .epsilon(1e-7)
                                     .margin(1e-7));
            }
            check_scaling(loss, x, z);
            check_single_precision(model, x, z);
            if constexpr (Loss::differentiable) check_duals(loss, x, z);
        }
        check_mean(loss, x, random);
    }
    const auto rest = gradient(loss, Point<double, Loss>{}, 1.0, draw(loss, random));
    for (int i = 0; i < Loss::dimensions; ++i) CHECK((rest.at[i] == 0 || loss.moves_zero()));
}

TEST_CASE("The saddle between two linear pieces") {
    const ReluSaddle model{0.2, 0.5, 0.3, Law::uniform, Law::two_point};
    const auto plain = [](const double* x, const double* z) {
        return -(0.2 + 0.5 * z[0]) * std::abs(x[0]) - 0.3 * z[1] * x[0];
    };
    check_loss(model, plain, {{{1.5}}, {{-0.3}}, {{200.0}}});
    CHECK(model.loss<double>().gradient(0.0, 1.0, {0.7, 0.4}) == -0.4);
}

TEST_CASE("The piecewise linear saddle") {
    const PiecewiseLinearSaddle model{0.2, 0.5, 0.3, 0.1, Law::gaussian, Law::uniform};
    const auto parabola = [](double x) {
        const double k = std::floor(x / 0.1), below = k * 0.1, above = (k + 1) * 0.1;
        return below * below / 2 + (x - below) / 0.1 * (above * above - below * below) / 2;
    };
    const auto plain = [&](const double* x, const double* z) {
        return -(0.2 + 0.5 * z[0]) * parabola(x[0]) - 0.3 * z[1] * x[0];
    };
    check_loss(model, plain, {{{1.55}}, {{-0.31}}, {{0.099}}, {{0.101}}, {{-0.02}}, {{33.333}}});
}

TEST_CASE("A knot belongs to its outer side, and far out the piecewise linear saddle is the quadratic one") {
    const auto loss = PiecewiseLinearSaddle{-1, 0, 0, 0.25, Law::gaussian, Law::gaussian}.loss<double>();
    CHECK(loss.mean_gradient(0.0, 1.0) == 0);
    CHECK(loss.mean_gradient(1e-300, 1.0) == 0.125);
    CHECK(loss.mean_gradient(-1e-300, 1.0) == -0.125);
    CHECK(loss.mean_gradient(std::nextafter(0.25, 0), 1.0) == 0.125);
    CHECK(loss.mean_gradient(0.25, 1.0) == 0.375);
    CHECK(loss.mean_gradient(-0.25, 1.0) == -0.375);
    CHECK(loss.mean_gradient(0.5, 1.0) == 0.625);
    for (const double x : {1e6, 1e15, 1e16, 1e17, 1e100, 1e300})
        CHECK(loss.mean_gradient(x, 1.0) == Approx(x).epsilon(2e-7));
}

TEST_CASE("The two-sided saddle") {
    const TwoSidedSaddle model{0.2, 0.5, -0.4, 0.9, 0.3, Law::gaussian, Law::uniform};
    const auto plain = [](const double* x, const double* z) {
        const double rate = x[0] > 0 ? 0.2 + 0.5 * z[0] : -0.4 + 0.9 * z[0];
        return -rate * x[0] * x[0] / 2 - 0.3 * z[1] * x[0];
    };
    check_loss(model, plain, {{{1.5}}, {{-0.3}}, {{20.0}}, {{-20.0}}});
}

TEST_CASE("Two curvatures at random") {
    const auto plain = [](const double* x, const double* z) {
        return (z[0] > 0 ? 1 : -1.7) * x[0] * x[0] / 2;
    };
    check_loss(RandomCurvature{0.7}, plain, {{{1.5}}, {{-0.3}}, {{20.0}}});
}

TEST_CASE("At the edges of its window the random curvature neither grows nor shrinks") {
    for (const double q : {0.1, 0.5, 3.0})
        for (const double l : {q / (1 + q), (q + std::sqrt(q * q + 8 * (1 + q))) / (2 * (1 + q))}) {
            const auto loss = RandomCurvature{q}.loss<double>();
            double growth = 0;
            for (const double z : {-1.0, 1.0})
                growth += std::log(std::abs(1 - l * loss.sample(Draw<double, 1>{{z}}))) / 2;
            CHECK(growth == Approx(0).margin(1e-14));
        }
}

TEST_CASE("The double well") {
    const DoubleWell model{0.2, 0.7, 0.5, 0.3, Law::two_point, Law::gaussian};
    const auto plain = [](const double* x, const double* z) {
        return -(0.2 + 0.5 * z[0]) * x[0] * x[0] / 2 + 0.7 * std::pow(x[0], 4) / 4 - 0.3 * z[1] * x[0];
    };
    check_loss(model, plain, {{{1.5}}, {{-0.3}}, {{3.0}}});
}

TEST_CASE("The shaken double well") {
    const ShakenDoubleWell model{0.8, 0.4, 0.5, Law::uniform};
    const auto plain = [](const double* w, const double* z) {
        const double x = w[0] + 0.4 * z[0], y = w[1] + 0.4 * z[1];
        return std::pow(x * x - 0.8, 2) + y * y - 0.5 * z[2] * w[0] * w[0] / 2;
    };
    check_loss(model, plain, {{{1.5, 0.3}}, {{-0.3, -1.2}}, {{0.0, 0.0}}});
}

TEST_CASE("Shaking makes one well of two once its variance is above c/3") {
    for (const auto& [shake, wells] : {std::pair{0.57, true}, {0.58, false}}) {
        const auto loss = ShakenDoubleWell{1.0, shake, 0.0, Law::gaussian}.loss<double>();
        CHECK((loss.mean_gradient(State<double, 2>{{1e-3, 0}}, 1.0).at[0] < 0) == wells);
    }
}

TEST_CASE("The two-layer unit") {
    const auto plain = [](const double* w, const double* z) {
        return std::pow(w[0] * w[1] * z[0] - (0.6 * z[0] + 0.9 * z[1]), 2);
    };
    check_loss(TwoLayerUnit{0.6, 0.9}, plain, {{{1.5, 0.3}}, {{-0.3, -1.2}}, {{0.5, 0.0}}});
}

TEST_CASE("The tanh neuron") {
    const auto plain = [](const double* w, const double* z) {
        return std::pow(w[1] * std::tanh(w[0] * z[0]) - (0.6 * z[0] + 0.9 * z[1]), 2);
    };
    check_loss(TanhNeuron{0.6, 0.9}, plain, {{{1.5, 0.3}}, {{-0.3, -1.2}}, {{0.5, 0.0}}, {{4.0, 2.0}}});
}

/// By the trapezoidal rule, whose error vanishes faster than any power of its step.
static State<double, 2> mean_by_a_fine_rule(const TanhNeuronLoss<double>& loss, const State<double, 2>& w) {
    State<double, 2> sum{};
    const double h = 1e-3;
    for (int i = -9000; i <= 9000; ++i) {
        const double x = i * h, weight = h * std::exp(-x * x / 2) / std::sqrt(2 * M_PI);
        sum = sum + weight * loss.gradient(w, 1.0, {x, loss.signal * x});
    }
    return sum;
}

TEST_CASE("The mean over inputs of a tanh neuron is as accurate as it says") {
    const auto loss = TanhNeuron{0.5, 0.0}.loss<double>();
    for (const auto& [w, error] : {std::pair{1e-3, 2e-9},
                                   {0.05, 2e-9},
                                   {0.5, 2e-9},
                                   {2.0, 2e-9},
                                   {5.0, 2e-9},
                                   {10.0, 5e-7},
                                   {20.0, 1e-3}}) {
        const State<double, 2> at{{w, 1.0}};
        const auto mean = loss.mean_gradient(at, 1.0), exact = mean_by_a_fine_rule(loss, at);
        for (int i = 0; i < 2; ++i) CHECK(std::abs(mean.at[i] - exact.at[i]) < error);
    }
}

TEST_CASE("Least squares") {
    const auto plain = [](const double* x, const double* z) {
        double residue = -0.5 * z[8];
        for (int i = 0; i < 3; ++i) residue += 0.8 * z[i] * x[i];
        return residue * residue / 2;
    };
    check_loss(LeastSquares{3, 0.8, 0.5}, plain, {{{1.5, 0.3, -2.0}}, {{-0.3, 0.0, 0.0}}});
    CHECK(LeastSquares{2.5, 0.8, 0.5}.complaint());
    CHECK(!LeastSquares{8, 0.8, 0.5}.complaint());
}

/// The loss in the paper's order and words.
static double octopus(const std::vector<double>& x, double gamma, double L, double tau) {
    const auto g1 = [&](double s) {
        return -gamma * s * s + (-14 * L + 10 * gamma) / (3 * tau) * std::pow(s - tau, 3) +
               (5 * L - 3 * gamma) / (2 * tau * tau) * std::pow(s - tau, 4);
    };
    const auto g2 = [&](double s) {
        return -gamma - 10 * (L + gamma) / std::pow(tau, 3) * std::pow(s - 2 * tau, 3) -
               15 * (L + gamma) / std::pow(tau, 4) * std::pow(s - 2 * tau, 4) -
               6 * (L + gamma) / std::pow(tau, 5) * std::pow(s - 2 * tau, 5);
    };
    const double nu = -g1(2 * tau) + 4 * L * tau * tau;
    std::size_t i = 0;
    double f = 0;
    for (; i < x.size() && x[i] >= 2 * tau; ++i) f += L * std::pow(x[i] - 4 * tau, 2) - nu;
    if (i < x.size()) {
        const double next = i + 1 < x.size() ? x[i + 1] : 0;
        f += x[i] <= tau ? -gamma * x[i] * x[i] + L * next * next : g1(x[i]) + g2(x[i]) * next * next;
    }
    for (std::size_t j = i + 2; j < x.size(); ++j) f += L * x[j] * x[j];
    return f;
}

TEST_CASE("The octopus") {
    const auto plain = [](const double* x, const double*) {
        return octopus({std::abs(x[2]), std::abs(x[1]), std::abs(x[0])}, 0.7, 1.3, 1.5);
    };
    const Octopus model{3, 0.7, 1.3, 1.5};
    check_loss(model, plain,
               {{{0.2, 0.4, 0.9}},    // the first axis is being left
                {{0.2, 0.4, 1.49}},   // its parabola ends
                {{-0.2, 0.4, -2.1}},  // on the way to the second
                {{0.2, 0.4, 2.999}},  // nearly there
                {{0.2, 0.4, 3.001}},  // there
                {{0.7, -1.9, 5.0}},   // on the way to the third
                {{2.2, 6.1, 5.9}},    // on the way to the minimum
                {{-4.4, 6.1, 5.9}},   // there
                {{0.3, 1.8, 0.7}}});  // off the paper's domain
    const auto beyond =
        gradient(model.loss<double>(), State<double, 8>{{0.2, 0.4, 0.9, 1.0, 2.0, 9.0, 1.0, 1.0}}, 1.0,
                 Draw<double, 1>{});
    for (int i = 3; i < 8; ++i) CHECK(beyond.at[i] == 0);
    CHECK(Octopus{2.5}.complaint());
}

TEST_CASE("Gradient descent leaves the octopus's axes at steps that grow geometrically") {
    const Octopus model{6, 1.0, 1.0, M_E};
    const GradientDescent descent{0.25, 1};
    const Optimised<OctopusLoss<double>, GradientDescent, double> process{model.loss<double>(), descent};
    State<double, process.numbers> x{};
    for (int i = 0; i < process.dimensions; ++i) x.at[i] = 0.5;
    std::vector<int> left;
    for (int n = 1; left.size() < 6 && n < 2000; ++n) {
        x = process.step(x, 1.0, static_cast<unsigned>(n - 1), Draw<double, 1>{});
        while (left.size() < 6 && x.at[5 - left.size()] > 2 * M_E) left.push_back(n);
    }
    CHECK(left == std::vector{6, 21, 62, 173, 472, 1284});
    CHECK(x.at[7] == 0.5);
}
