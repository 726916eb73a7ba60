// The noise against its law, and against an independent generator (Boost.Random). Tolerances are 4 standard
// errors or the 10^-5 point of the test's own distribution.
#include "engine/noise/variates.hpp"

#include <algorithm>
#include <boost/math/distributions/cauchy.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <vector>

using namespace noisetrap;

template <class Variate>
static std::vector<double> draws(NoiseLaw of, std::uint64_t seed, std::size_t count) {
    const auto [law, shape] = of;
    std::vector<double> z;
    constexpr int W = slice_lanes<Variate>;
    using Block = VariateBlock<Variate, W>;
    Variate block[group_steps][W];
    for (std::uint64_t path = 0; z.size() < count; path += W) {
        const auto noise = std::make_unique<Block>(seed, Stream::user_defined);
        for (int lane = 0; lane < W; ++lane) noise->set(lane, path + static_cast<std::uint64_t>(lane));
        for (std::uint64_t group = 0; group < 64; ++group) {
            typename Block::Words words;
            noise->begin(group, 0, 1, law);
            noise->draw(0, law, words);
            Block::transform(words, law, block, shape);
            for (auto& step : block) z.insert(z.end(), step, step + W);
        }
    }
    return z;
}

static double mean_power(const std::vector<double>& z, int power) {
    double sum = 0;
    for (double x : z) sum += std::pow(x, power);
    return sum / static_cast<double>(z.size());
}

/// sup |F_n - F| sqrt n; above 2.47 with odds 10^-5 (Kolmogorov).
template <class Cdf>
static double kolmogorov(std::vector<double> z, Cdf cdf) {
    std::sort(z.begin(), z.end());
    const auto n = static_cast<double>(z.size());
    double distance = 0;
    for (std::size_t i = 0; i < z.size(); ++i) {
        const double f = cdf(z[i]);
        distance = std::max({distance, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
    }
    return distance * std::sqrt(n);
}

TEMPLATE_TEST_CASE("Normals have the moments of the normal law", "", float, double) {
    const auto z = draws<TestType>(Law::gaussian, 3, 1 << 22);
    const auto n = static_cast<double>(z.size());
    // E z^(2k) = (2k - 1)!!, Var z^k = (2k - 1)!! - (E z^k)^2
    CHECK(std::abs(mean_power(z, 1)) < 4 * std::sqrt(1 / n));
    CHECK(std::abs(mean_power(z, 2) - 1) < 4 * std::sqrt(2 / n));
    CHECK(std::abs(mean_power(z, 3)) < 4 * std::sqrt(15 / n));
    CHECK(std::abs(mean_power(z, 4) - 3) < 4 * std::sqrt(96 / n));
    CHECK(std::abs(mean_power(z, 6) - 15) < 4 * std::sqrt((10395 - 225) / n));
}

TEMPLATE_TEST_CASE("Normals have the tails of the normal law", "", float, double) {
    const auto z = draws<TestType>(Law::gaussian, 4, 1 << 22);
    for (const double at : {2.0, 3.0, 4.0}) {
        const double p = 2 * boost::math::cdf(boost::math::complement(boost::math::normal(), at));
        const auto beyond = std::count_if(z.begin(), z.end(), [at](double x) { return std::abs(x) > at; });
        const double expected = p * static_cast<double>(z.size());
        CHECK(std::abs(static_cast<double>(beyond) - expected) < 4 * std::sqrt(expected * (1 - p)));
    }
}

TEMPLATE_TEST_CASE("Normals pass Kolmogorov's test", "", float, double) {
    const auto z = draws<TestType>(Law::gaussian, 5, 1 << 21);
    CHECK(kolmogorov(z, [](double x) { return boost::math::cdf(boost::math::normal(), x); }) < 2.47);
}

TEST_CASE("Normals agree with Boost.Random's in a two-sample test") {
    auto ours = draws<float>(Law::gaussian, 6, 1 << 20);
    boost::random::mt19937_64 generator(6);
    boost::random::normal_distribution<double> normal;
    std::vector<double> theirs(ours.size());
    for (double& x : theirs) x = normal(generator);
    std::sort(theirs.begin(), theirs.end());
    const auto empirical = [&](double x) {
        return static_cast<double>(std::upper_bound(theirs.begin(), theirs.end(), x) - theirs.begin()) /
               static_cast<double>(theirs.size());
    };
    // Smirnov: the distance scales with sqrt(n m / (n + m)) = sqrt(n / 2); the staircase adds at most 1/n.
    CHECK(kolmogorov(ours, empirical) / std::sqrt(2) < 2.47 + 0.01);
}

TEMPLATE_TEST_CASE("Uniform noise is uniform with variance 1", "", float, double) {
    const auto z = draws<TestType>(Law::uniform, 7, 1 << 21);
    const double end = std::sqrt(3.0) * (1 + 1e-6);
    CHECK(std::all_of(z.begin(), z.end(), [end](double x) { return std::abs(x) <= end; }));
    CHECK(std::abs(mean_power(z, 2) - 1) < 4 * std::sqrt(0.8 / static_cast<double>(z.size())));
    CHECK(kolmogorov(z, [](double x) { return std::clamp(0.5 + x / std::sqrt(12.0), 0.0, 1.0); }) < 2.47);
}

TEMPLATE_TEST_CASE("Two-point noise is +1 or -1 with equal odds", "", float, double) {
    const auto z = draws<TestType>(Law::two_point, 8, 1 << 22);
    CHECK(std::all_of(z.begin(), z.end(), [](double x) { return std::abs(x) == 1; }));
    CHECK(std::abs(mean_power(z, 1)) < 4 / std::sqrt(static_cast<double>(z.size())));
}

TEMPLATE_TEST_CASE("Student's t is its law over its standard deviation, far into the tails", "", float,
                   double) {
    const double nu = GENERATE(3.0, 5.0, 21.0), deviation = std::sqrt(nu / (nu - 2));
    const boost::math::students_t law(nu);
    const auto z = draws<TestType>({Law::student_t, nu}, 9, 1 << 17);
    CHECK(kolmogorov(z, [&](double x) { return boost::math::cdf(law, deviation * x); }) < 2.47);
    const auto n = static_cast<double>(z.size());
    for (const double p : {1e-2, 1e-4}) {
        const double far = boost::math::quantile(boost::math::complement(law, p / 2)) / deviation;
        const auto beyond = std::count_if(z.begin(), z.end(), [&](double x) { return std::abs(x) > far; });
        CHECK(std::abs(static_cast<double>(beyond) - n * p) < 4 * std::sqrt(n * p));
    }
}

TEMPLATE_TEST_CASE(
    "A stable law is Cauchy's and the normal one at its ends, and has its characteristic function", "", float,
    double) {
    const auto cauchy = draws<TestType>({Law::stable, 1.0}, 10, 1 << 17);
    CHECK(kolmogorov(cauchy, [](double x) { return boost::math::cdf(boost::math::cauchy(), x); }) < 2.47);
    const auto normal = draws<TestType>({Law::stable, 2.0}, 11, 1 << 17);
    CHECK(kolmogorov(normal, [](double x) {
              return boost::math::cdf(boost::math::normal(0, std::sqrt(2.0)), x);
          }) < 2.47);
    for (const double alpha : {0.4, 0.8, 1.5, 1.9}) {
        const auto z = draws<TestType>({Law::stable, alpha}, 12, 1 << 18);
        const auto n = static_cast<double>(z.size());
        for (const double k : {0.1, 0.5, 1.0, 2.0}) {
            double sum = 0;
            for (const double x : z) sum += std::cos(k * x);
            const double exact = std::exp(-std::pow(k, alpha)),
                         variance = (1 + std::exp(-std::pow(2 * k, alpha))) / 2 - exact * exact;
            CHECK(std::abs(sum / n - exact) < 4 * std::sqrt(variance / n));
        }
        const auto above = std::count_if(z.begin(), z.end(), [](double x) { return x > 0; });
        CHECK(std::abs(static_cast<double>(above) - n / 2) < 2 * std::sqrt(n));
    }
}

TEMPLATE_TEST_CASE("Jumps are Poisson numbers", "", float, double) {
    for (const double rate : {0.01, 0.7, 10.0}) {
        const auto z = draws<TestType>({Law::jumps, rate}, 13, 1 << 18);
        const auto n = static_cast<double>(z.size());
        CHECK(std::abs(mean_power(z, 1) - rate) < 4 * std::sqrt(rate / n));
        for (int count = 0; count < 30; ++count) {
            const double p = boost::math::pdf(boost::math::poisson(rate), count);
            if (n * p < 20) continue;
            const auto seen = std::count(z.begin(), z.end(), count);
            CHECK(std::abs(static_cast<double>(seen) - n * p) < 4.5 * std::sqrt(n * p));
        }
    }
}

/// Correlation of z(i) and z'(i), in standard errors.
template <class First, class Second>
static double correlation(First first, Second second, std::uint64_t count) {
    double sum = 0;
    for (std::uint64_t i = 0; i < count; ++i) sum += first(i) * second(i);
    return sum / std::sqrt(static_cast<double>(count));
}

TEST_CASE("Steps, paths, streams and seeds are independent") {
    const Law law = GENERATE(Law::gaussian, Law::uniform, Law::two_point);
    constexpr std::uint64_t n = 100000;
    const auto z = [law](std::uint64_t seed, Stream stream, std::uint64_t path, std::uint64_t step) {
        return static_cast<double>(variate_of<float>(seed, stream, path, step, law));
    };
    const auto base = [&](std::uint64_t i) { return z(1, Stream::first_noise, i, 9); };
    CHECK(std::abs(correlation(
              base, [&](auto i) { return z(1, Stream::first_noise, i, 10); }, n)) < 4);
    CHECK(std::abs(correlation(
              base, [&](auto i) { return z(1, Stream::first_noise, i + 1, 9); }, n)) < 4);
    CHECK(std::abs(correlation(
              base, [&](auto i) { return z(1, Stream::second_noise, i, 9); }, n)) < 4);
    CHECK(std::abs(correlation(
              base, [&](auto i) { return z(2, Stream::first_noise, i, 9); }, n)) < 4);
    CHECK(std::abs(correlation(
              base, [&](auto i) { return z(1, Stream::first_noise, i, 8); }, n)) < 4);
}

TEMPLATE_TEST_CASE("No two steps of two neighbouring groups are correlated", "", float, double) {
    constexpr std::uint64_t paths = 20000, steps = 2 * group_steps;
    for (const NoiseLaw law : {NoiseLaw{Law::gaussian}, NoiseLaw{Law::uniform}, NoiseLaw{Law::two_point},
                               NoiseLaw{Law::student_t, 21}}) {
        std::vector<double> z[steps];
        for (std::uint64_t n = 0; n < steps; ++n)
            for (std::uint64_t path = 0; path < paths; ++path)
                z[n].push_back(static_cast<double>(
                    variate_of<TestType>(1, Stream::first_noise, path, 2 * group_steps + n, law)));
        for (std::uint64_t n = 0; n < steps; ++n)
            for (std::uint64_t other = 0; other < n; ++other)
                CHECK(std::abs(correlation([&](auto i) { return z[n][i]; },
                                           [&](auto i) { return z[other][i]; }, paths)) < 4);
    }
}

TEST_CASE("Seeds 42 and 43 are not shifted copies") {
    for (std::uint64_t shift = 0; shift < 64; ++shift) {
        int equal = 0;
        for (std::uint64_t i = 0; i < 64; ++i)
            equal += variate_of<float>(42, Stream::first_noise, i, 0, Law::gaussian) ==
                     variate_of<float>(43, Stream::first_noise, i + shift, 0, Law::gaussian);
        CHECK(equal == 0);
    }
}

TEST_CASE("Two-point noise is bit n % 128 of Philox's words at index n / 128, in every precision") {
    for (std::uint64_t step = 0; step < 300; ++step) {
        const auto words = philox_words(counter_of(77, step / 128), key_of(5, Stream::first_noise));
        const double sign = (words.word[step % 128 / 32] >> step % 32) & 1 ? 1 : -1;
        CHECK(variate_of<float>(5, Stream::first_noise, 77, step, Law::two_point) == sign);
        CHECK(variate_of<double>(5, Stream::first_noise, 77, step, Law::two_point) == sign);
    }
}

TEMPLATE_TEST_CASE("A path's noise is the same drawn alone or in a block", "", float, double) {
    constexpr int W = slice_lanes<TestType>, slices = 3;
    using Block = VariateBlock<TestType, W>;
    for (const auto& [law, shape] :
         {NoiseLaw{Law::gaussian}, NoiseLaw{Law::uniform}, NoiseLaw{Law::two_point},
          NoiseLaw{Law::student_t, 3}, NoiseLaw{Law::stable, 1.5}, NoiseLaw{Law::jumps, 0.7}}) {
        const auto noise = std::make_unique<Block>(9, Stream::first_noise);
        for (int l = 0; l < slices * W; ++l) noise->set(l, 128 + static_cast<std::uint64_t>(l));
        for (const std::uint64_t group : {0ull, 1ull, 9ull, 20ull, 31ull, 32ull, 1000000ull}) {
            noise->begin(group, 0, slices, law, group > 32);
            for (int slice = 0; slice < slices; ++slice) {
                typename Block::Words words;
                TestType block[group_steps][W];
                noise->draw(slice, law, words);
                Block::transform(words, law, block, shape);
                for (std::uint64_t n = 0; n < group_steps; ++n)
                    for (int k = 0; k < W; k += 3) {
                        const auto path = 128 + static_cast<std::uint64_t>(slice * W + k);
                        CHECK(block[n][k] == variate_of<TestType>(9, Stream::first_noise, path, 4 * group + n,
                                                                  {law, shape}));
                    }
            }
        }
    }
}
