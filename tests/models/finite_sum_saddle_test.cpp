// The saddle that is a mean over N samples: what real minibatches do to the noise.
#include "models/finite_sum_saddle.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "engine/input/config.hpp"
#include "tests/backends.hpp"

using namespace noisetrap;

static EnsembleSummary simulate(const std::vector<std::string>& settings) {
    return run(config_from_text("model.name = 'finite-sum-saddle'", "test", settings).simulation)
        .ensembles[0];
}

/// Each path's x after one step from x0, as x1 = x0 (1 + a + mean of xi) + mean of eta.
static std::vector<double> one_step(std::vector<std::string> settings, int paths) {
    settings.insert(settings.end(), {"integrator.steps=1", "ensemble.paths=" + std::to_string(paths)});
    return collect(config_from_text("model.name = 'finite-sum-saddle'", "test", settings).simulation)
        .ensembles[0]
        .value[0];
}

TEST_CASE("Over all samples the noise has exactly the moments that the parameters say") {
    FiniteSumSaddle saddle;
    saddle.sigma = 0.3, saddle.tau = 0.2, saddle.rho = 0.5, saddle.samples = 100;
    const auto loss = saddle.loss<double>();
    double xi = 0, eta = 0, xx = 0, xe = 0, ee = 0;
    for (std::uint32_t i = 0; i < 100; ++i) {
        const auto z = population_normals(loss.population, i);
        const double x = static_cast<double>(loss.xi_scale * z.first + loss.xi_shift),
                     e = loss.tau * static_cast<double>(loss.eta_along * z.first +
                                                        loss.eta_across * z.second + loss.eta_shift);
        xi += x / 100, eta += e / 100, xx += x * x / 100, xe += x * e / 100, ee += e * e / 100;
    }
    CHECK(xi == Approx(0).margin(1e-7));
    CHECK(eta == Approx(0).margin(1e-7));
    CHECK(xx == Approx(0.3 * 0.3).epsilon(1e-6));
    CHECK(xe == Approx(0.5 * 0.3 * 0.2).epsilon(1e-6));
    CHECK(ee == Approx(0.2 * 0.2).epsilon(1e-6));
}

TEST_CASE("The places of a batch are a permutation, whatever the words are") {
    for (const std::uint32_t mask : {3u, 7u, 63u, 1023u}) {
        const auto shift = static_cast<std::uint32_t>((std::bit_width(mask) + 1) / 2);
        for (std::uint32_t seed = 0; seed < 50; ++seed) {
            const auto words = philox_words({{seed, 0, 0, 0}}, {1, 2});
            std::set<std::uint32_t> places;
            for (std::uint32_t i = 0; i <= mask; ++i)
                places.insert(permuted(i, mask, shift, words.word[0], words.word[1]));
            CHECK((places.size() == mask + 1 && *places.rbegin() == mask));
        }
    }
}

TEMPLATE_TEST_CASE("A batch of all samples without replacement is gradient descent", "", Serial, Omp, Cuda) {
    if (!can_run(TestType::name)) return;
    for (const int samples : {3, 64, 100}) {
        const auto count = std::to_string(samples);
        const auto s = simulate({"model.a=0.1", "model.samples=" + count, "model.batch_size=" + count,
                                 "integrator.steps=20", "ensemble.paths=200",
                                 std::string("run.backend=") + TestType::name});
        // The samples are float32 numbers: their mean is 0 up to rounding.
        CHECK(s.times[0].value.moments.mean == Approx(std::pow(1.1, 20)).epsilon(1e-5));
        CHECK(std::sqrt(s.times[0].value.moments.m2 / 200) < 1e-5);
    }
}

TEST_CASE("Every pair of samples is as likely to be drawn as any other") {
    // Pairs are told apart by the sums of their xi. The limits are exceeded with odds of 1e-4.
    constexpr int paths = 200000;
    struct Case {
        const char* samples;
        std::size_t pairs;
        double limit;
    };
    for (const auto& [samples, pairs, limit] :
         {Case{"3", 3, 18.4}, Case{"5", 10, 33.7}, Case{"11", 55, 98.3}}) {
        std::map<double, int> seen;
        for (const double x :
             one_step({std::string("model.samples=") + samples, "model.batch_size=2", "model.tau=0"}, paths))
            ++seen[x];
        const double expected = paths / static_cast<double>(pairs);
        double chi_square = 0;
        for (const auto& [x, count] : seen) chi_square += std::pow(count - expected, 2) / expected;
        INFO(samples << " samples");
        CHECK(seen.size() == pairs);
        CHECK(chi_square < limit);
    }
}

TEST_CASE("The mean of a batch has variance sigma^2/b, times (N - b)/(N - 1) without replacement") {
    constexpr int paths = 40000;
    for (const int batch : {1, 4, 24, 48})
        for (const bool replaced : {true, false}) {
            const auto x =
                one_step({"model.sigma=0.3", "model.tau=0", "model.a=0", "model.samples=50",
                          "model.batch_size=" + std::to_string(batch),
                          replaced ? "model.draws=with-replacement" : "model.draws=without-replacement"},
                         paths);
            const auto moments = Moments::of(std::span(x).first(1024));
            Moments all;
            for (std::size_t i = 0; i < x.size(); i += 1024)
                all.merge(Moments::of(std::span(x).subspan(i, std::min<std::size_t>(1024, x.size() - i))));
            const double exact = 0.09 / batch * (replaced ? 1 : (50.0 - batch) / 49);
            const auto variance = all.variance_estimate();
            INFO("batch " << batch << (replaced ? " with" : " without") << " replacement");
            CHECK(moments.count == 1024);
            CHECK(std::abs(all.mean - 1) < 4 * std::sqrt(exact / paths));
            CHECK(std::abs(variance.value - exact) < 4 * variance.standard_error);
        }
}

TEST_CASE("The steps of a path draw independent batches") {
    // E of the product of the two factors of two steps is the product of their means, 1.
    const auto s = simulate({"model.a=0", "model.tau=0", "model.sigma=0.3", "model.batch_size=2",
                             "model.samples=20", "integrator.steps=8", "ensemble.paths=100000"});
    const auto mean = s.times[0].value.moments.mean_estimate();
    CHECK(std::abs(mean.value - 1) < 4 * mean.standard_error);
}

TEST_CASE("A batch costs as many gradients as it has samples, a full gradient all of them") {
    const auto cost = [](const char* method) {
        return find_entry("finite-sum-saddle", method)->cost({{"batch_size", 8.0}, {"samples", 100.0}}, {});
    };
    CHECK(cost("sgd").of(10) == 80);
    CHECK(cost("gradient-descent").of(10) == 1000);
    CHECK(cost("svrg").of(10) == 10 * 16 + 100);
}

TEST_CASE("Diffusive noise may be as small as lengths may be") {
    const auto s = simulate({"model.tau=1e-60", "ensemble.x0=0", "integrator.steps=3", "ensemble.paths=100"});
    CHECK(s.times[0].log_abs.moments.count == 100);
    CHECK(s.times[0].log_abs.moments.mean == Approx(std::log(1e-60)).epsilon(0.02));
}

TEST_CASE("What cannot be drawn is refused in a sentence") {
    const auto read = [](const std::vector<std::string>& settings) {
        return config_from_text("model.name = 'finite-sum-saddle'", "test", settings);
    };
    CHECK_THROWS_WITH(read({"model.samples=10", "model.batch_size=11"}),
                      Catch::Contains("model.batch_size = 11 must be no more than model.samples"));
    CHECK_NOTHROW(read({"model.samples=10", "model.batch_size=11", "model.draws='with-replacement'"}));
    CHECK_THROWS_WITH(read({"model.batch_size=1.5"}), Catch::Contains("must be a whole number"));
}
