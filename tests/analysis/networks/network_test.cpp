#include "analysis/networks/network.hpp"

#include <catch2/catch.hpp>

#include "analysis/networks/network_saddle.hpp"
#include "engine/error.hpp"

using namespace noisetrap;

static std::vector<double> some_parameters(std::size_t count) {
    std::vector<double> parameters;
    for (std::size_t k = 0; k < count; ++k)
        parameters.push_back(0.7 * std::sin(1.0 + 2.3 * static_cast<double>(k)));
    return parameters;
}

static std::vector<double> gradient_at(const Network& network, const std::vector<double>& at, const double* x,
                                       const double* y) {
    std::vector<double> gradient(at.size());
    NetworkGradient<double> of_sample(network);
    of_sample(at.data(), x, y, gradient.data());
    return gradient;
}

TEST_CASE("The gradient of a network is the slope of its loss, for every unit and loss") {
    const double x[] = {0.8, -1.3};
    for (const auto loss : {NetworkLoss::square, NetworkLoss::logistic, NetworkLoss::softmax})
        for (const auto unit : {UnitFunction::linear, UnitFunction::tanh, UnitFunction::relu,
                                UnitFunction::gelu, UnitFunction::sigmoid})
            for (const bool bias : {false, true}) {
                const std::size_t outputs = loss == NetworkLoss::logistic ? 1 : 3;
                const Network network{{2, 4, 3, outputs}, unit, bias, loss};
                const double y[] = {1.0, -0.5, 0.25};
                const auto at = some_parameters(network.parameters());
                const auto gradient = gradient_at(network, at, x, y);
                for (std::size_t k = 0; k < at.size(); ++k) {
                    auto above = at, below = at;
                    above[k] += 1e-5, below[k] -= 1e-5;
                    const double slope =
                        (loss_of(network, above, x, y) - loss_of(network, below, x, y)) / 2e-5;
                    CHECK(gradient[k] == Approx(slope).margin(1e-8));
                }
            }
}

TEST_CASE("Duals carry the Hessian along") {
    const double x[] = {0.8, -1.3}, y[] = {1.0};
    const Network network{{2, 3, 2}, UnitFunction::gelu, true, NetworkLoss::softmax};
    const auto at = some_parameters(network.parameters()),
               direction = some_parameters(network.parameters() + 5);
    std::vector<Dual<double>> dual(at.size()), gradient(at.size());
    auto above = at, below = at;
    for (std::size_t k = 0; k < at.size(); ++k) {
        dual[k] = {at[k], direction[k]};
        above[k] += 1e-5 * direction[k], below[k] -= 1e-5 * direction[k];
    }
    NetworkGradient<Dual<double>> of_sample(network);
    of_sample(dual.data(), x, y, gradient.data());
    const auto high = gradient_at(network, above, x, y), low = gradient_at(network, below, x, y);
    for (std::size_t k = 0; k < at.size(); ++k)
        CHECK(gradient[k].slope == Approx((high[k] - low[k]) / 2e-5).margin(1e-8));
}

/// y = 1.5 x + 0.7 (+-1), on four samples: a linear unit that answers 1.5 x is at its best.
static DataSet line() {
    DataSet data;
    data.inputs = data.outputs = 1;
    data.input = {1, 1, -1, -1};
    data.target = {2.2, 0.8, -0.8, -2.2};
    return data;
}

TEST_CASE("A unit without weights beside one that has learnt everything sees noise alone") {
    // The residual 0.7 (+-1) times x has mean 0: no way out.
    const Network network{{1, 2, 1}, UnitFunction::linear, false, NetworkLoss::square};
    CHECK_THROWS_WITH(saddle_at(network, line(), {1.5, 0, 1, 0}, 1e-9), Catch::Contains("has no way out"));
}

TEST_CASE("The Hessian at a saddle of a linear network has the known spectrum") {
    // f = (y - u w x)^2/2 with E x^2 = 1, E x y = 1.5, at u = w = 0: eigenvalues -1.5 and 1.5.
    const Network network{{1, 1, 1}, UnitFunction::linear, false, NetworkLoss::square};
    const auto saddle = saddle_at(network, line(), {0, 0}, 1e-9);
    REQUIRE(saddle.eigenvalues.size() == 2);
    CHECK(saddle.eigenvalues[0] == Approx(-1.5));
    CHECK(saddle.eigenvalues[1] == Approx(1.5));
    CHECK(saddle.index() == 1);
    CHECK(saddle.flat() == 0);
    // Along (1, 1)/sqrt 2 the curvature of a sample is -x y: -2.2 or -0.8.
    const auto noise = axis_noise(saddle, true);
    CHECK(noise.a == Approx(1.5));
    CHECK(noise.sigma == Approx(0.7));
    CHECK(noise.tau == 0);
    CHECK(noise.a_error == Approx(0.35));
    CHECK(noise.sigma_error ==
          Approx(0).margin(1e-9));  // two values: the variance of samples has no error at half and half
    CHECK(noise_dimension(network, line(), saddle).value() == Approx(1).epsilon(1e-5));
}

TEST_CASE("Products of matrices that commute grow as one axis does") {
    const Network network{{1, 1, 1}, UnitFunction::tanh, false, NetworkLoss::square};
    const auto saddle = saddle_at(network, line(), {0, 0}, 1e-9);
    ProductRun run;
    run.learning_rate = 0.3;
    const auto found = product_growth(network, line(), saddle, run);
    const double exact = (std::log(1 + 0.3 * 2.2) + std::log(1 + 0.3 * 0.8)) / 2;
    CHECK(std::abs(found.rate - exact) < 4 * found.error);
    CHECK(found.error < 0.001);
}

TEST_CASE("What is no saddle is refused in a sentence") {
    const Network network{{1, 1, 1}, UnitFunction::linear, false, NetworkLoss::square};
    CHECK_THROWS_WITH(saddle_at(network, line(), {0.5, 0.5}, 1e-6),
                      Catch::StartsWith("the point is no critical point"));
    CHECK_THROWS_WITH(saddle_at(network, line(), {1, 1, 1}, 1e-6),
                      "the point holds 3 parameters, where the network has 2");
    const Network relu{{1, 1, 1}, UnitFunction::relu, false, NetworkLoss::square};
    CHECK_THROWS_WITH(saddle_at(relu, line(), {0, 0}, 1e-6), Catch::Contains("stands at its kink"));
    const Network wide{{1, 600, 1}, UnitFunction::linear, false, NetworkLoss::square};
    CHECK_THROWS_WITH(saddle_at(wide, line(), std::vector<double>(1200), 1e-6),
                      Catch::Contains("1000 is the most"));
}
