#include "validation/remedy_answers.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "analysis/growth/growth.hpp"
#include "analysis/growth/remedies.hpp"

using namespace noisetrap;

/// Over all subsets of so many of the samples.
static double growth_over_subsets(const std::vector<double>& xi, int batch, double a) {
    double sum = 0;
    int subsets = 0;
    for (std::uint32_t chosen = 0; chosen < 1u << xi.size(); ++chosen) {
        if (std::popcount(chosen) != batch) continue;
        double total = 0;
        for (std::size_t i = 0; i < xi.size(); ++i) total += chosen >> i & 1 ? xi[i] : 0;
        sum += std::log(std::abs(1 + a + total / batch));
        ++subsets;
    }
    return sum / subsets;
}

/// Over all sequences of so many of the samples.
static double growth_over_sequences(const std::vector<double>& xi, int batch, double a) {
    std::vector<double> totals = {0};
    for (int draw = 0; draw < batch; ++draw) {
        std::vector<double> longer;
        for (double total : totals)
            for (double x : xi) longer.push_back(total + x);
        totals = longer;
    }
    double sum = 0;
    for (double total : totals) sum += std::log(std::abs(1 + a + total / batch));
    return sum / static_cast<double>(totals.size());
}

TEST_CASE("The samples' attractive noise has mean 0 and deviation sigma") {
    const auto xi = attractive_noise_of_samples(100, 3, 0.7);
    CHECK(std::accumulate(xi.begin(), xi.end(), 0.0) == Approx(0).margin(1e-12));
    CHECK(std::inner_product(xi.begin(), xi.end(), xi.begin(), 0.0) / 100 == Approx(0.49));
}

TEST_CASE("Growth under minibatches is the mean over all of them") {
    const auto many = attractive_noise_of_samples(20, 1, 1.0), few = attractive_noise_of_samples(10, 2, 0.8);
    CHECK(minibatch_growth(many, 10, Drawing::without_replacement, 0.1) ==
          Approx(growth_over_subsets(many, 10, 0.1)).margin(3e-4));  // atoms are not resolved
    CHECK(minibatch_growth(many, 5, Drawing::without_replacement, 0.1) ==
          Approx(growth_over_subsets(many, 5, 0.1)).margin(3e-4));
    CHECK(minibatch_growth(few, 6, Drawing::with_replacement, 0.1) ==
          Approx(growth_over_sequences(few, 6, 0.1)).margin(1e-4));
    for (const auto how : {Drawing::with_replacement, Drawing::without_replacement})
        CHECK(minibatch_growth(few, 1, how, 0.1) == Approx(growth_over_subsets(few, 1, 0.1)));
    CHECK(minibatch_growth(few, 10, Drawing::without_replacement, 0.1) == Approx(std::log(1.1)));
}

TEST_CASE("Minibatches of very many samples have Gaussian means") {
    const auto xi = attractive_noise_of_samples(1 << 15, 1, 1.4);
    CHECK(minibatch_growth(xi, 11, Drawing::with_replacement, 0.1) ==
          Approx(step_growth(Law::gaussian, 0.1, 1.4 / std::sqrt(11))).margin(3e-4));
}

TEST_CASE("SVRG's inner loop: the first steps have closed forms") {
    for (const auto& [a, sigma] : {std::pair(0.01, 0.2), std::pair(0.2, 0.25), std::pair(0.001, 0.05)}) {
        const auto growth = svrg_loop_growth(a, sigma, 2);
        CHECK(growth[0] == 0);
        CHECK(growth[1] == Approx(std::log1p(a)));
        // z[2] = a (1 + A)
        CHECK(growth[2] == Approx(mean_log_abs(Law::gaussian, 1 + a * (2 + a), a * sigma)).epsilon(1e-6));
    }
    CHECK(svrg_loop_growth(0.01, 0.2, 0).size() == 1);
}

TEST_CASE("SVRG's inner loop: reference values for epochs of 10, 100 and 1600 steps") {
    const auto growth = svrg_loop_growth(0.01, 0.2, 1600);
    CHECK(growth[10] == Approx(0.0989).margin(0.005));
    CHECK(growth[100] == Approx(0.738).margin(0.005));
    CHECK(growth[1600] == Approx(1.703).margin(0.005));
}

TEST_CASE("SVRG's inner loop tends to the SDE's long loop with small steps") {
    constexpr double a = 0.1, sigma = 1, time = 80;
    const auto in_steps = [](int per_time) {
        const auto steps = static_cast<std::uint64_t>(time * per_time);
        return svrg_loop_growth(a / per_time, sigma / std::sqrt(per_time), steps).back();
    };
    const double coarse = in_steps(32), fine = in_steps(64), limit = svrg_epoch_growth(a, sigma);
    CHECK(fine == Approx(limit).margin(0.01));
    CHECK(2 * fine - coarse == Approx(limit).margin(0.002));
}
