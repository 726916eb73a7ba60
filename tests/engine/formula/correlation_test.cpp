#include "engine/formula/correlation.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace noisetrap::formula;

static Values values_of(const std::vector<WorkedOut>& parts, Values values = {}) {
    for (const auto& [name, value] : parts) values[name] = value_of(value, values, 0);
    return values;
}

/// Each noise as a variable of its own, whose factors are then its parts.
static std::vector<std::vector<double>> parts_of(const std::vector<Correlation>& correlations) {
    auto equation = read_sdes({"dx = 1 dW", "dy = 1 dV", "dz = 1 dU"}, {});
    const auto values = values_of(make_independent(equation, correlations));
    std::vector<std::vector<double>> parts;
    for (const auto& component : equation.system) {
        parts.emplace_back();
        for (const auto& factor : component.factors) parts.back().push_back(value_of(factor, values, 0));
    }
    return parts;
}

static double covariance(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
    return sum;
}

TEST_CASE("Independent noises make up correlated ones, even where a matrix is at the edge of what can be") {
    struct Case {
        double wv, wu, vu;
    };
    for (const auto& [wv, wu, vu] :
         {Case{0.5, 0.3, -0.2}, Case{0.9, 0.9, 0.9}, Case{0, 0.6, 0.8}, Case{1, 0.6, 0.6},
          Case{1, 0.6, 0.6000001}, Case{1, 0.6, 0.5999999}, Case{-1, 0.6, -0.6000001}, Case{1, 1, 1},
          Case{1 - 5e-13, 0.6, 0.6000013}, Case{1 - 5e-13, 0.6, 0.5999987}}) {
        const std::vector<Correlation> given = {
            {"dW", "dV", number(wv)}, {"dW", "dU", number(wu)}, {"dV", "dU", number(vu)}};
        INFO(wv << " " << wu << " " << vu);
        CHECK(correlation_complaint(read_sdes({"dx = 1 dW", "dy = 1 dV", "dz = 1 dU"}, {}), given, {}) == "");
        const auto parts = parts_of(given);
        for (const auto& noise : parts) CHECK(covariance(noise, noise) == Approx(1).margin(1e-12));
        CHECK(covariance(parts[0], parts[1]) == Approx(wv).margin(1e-12));
        CHECK(covariance(parts[0], parts[2]) == Approx(wu).margin(1e-12));
        // What the tolerance lets pass is less than its root, 1e-6, of each of two noises.
        CHECK(covariance(parts[1], parts[2]) == Approx(vu).margin(2e-6));
    }
}

TEST_CASE("A correlation that rounds to another gives the variance of that other") {
    const auto variance = [](double vu) {
        auto equation = read_sde("dx = -x dt + 0.1 dW + 0.2 dV + 0.3 dU", {});
        const auto values = values_of(make_independent(
            equation, {{"dW", "dV", number(1)}, {"dW", "dU", number(0.6)}, {"dV", "dU", number(vu)}}));
        double sum = 0;
        for (const auto& noise : equation.noises) sum += std::pow(value_of(noise.factor, values, 0), 2);
        return sum;
    };
    CHECK(variance(0.6) == Approx(0.288).epsilon(1e-12));
    CHECK(variance(0.6000001) == Approx(0.288).epsilon(1e-6));
}

TEST_CASE("What ten correlated noises are made of does not hold itself over and over") {
    const std::string names = "ABCDEFGHIJ";
    std::string text = "dx = -x dt";
    std::vector<Correlation> correlations;
    const auto rho = name("rho", Role::parameter);
    for (std::size_t i = 0; i < names.size(); ++i) {
        text += std::string(" + 0.1*x d") + names[i];
        for (std::size_t j = 0; j < i; ++j)
            correlations.push_back({std::string("d") + names[j], std::string("d") + names[i], rho});
    }
    auto equation = read_sde(text, {});
    const auto parts = make_independent(equation, correlations);
    std::size_t nodes = 0;
    for (const auto& part : parts) nodes += part.value->size;
    for (const auto& noise : equation.noises) nodes += noise.factor->size;
    REQUIRE(nodes < 10 * 10 * 10 * 10);  // four times as many for each noise would be 4^10, a million
    const auto values = values_of(parts, {{"rho", 0.5}});
    double variance = 0;
    for (const auto& noise : equation.noises) variance += std::pow(value_of(noise.factor, values, 1), 2);
    CHECK(variance == Approx(0.01 * (10 + 90 * 0.5)).epsilon(1e-13));
}
