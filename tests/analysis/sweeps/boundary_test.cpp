#include "analysis/sweeps/boundary.hpp"

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <boost/random/binomial_distribution.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <stdexcept>

#include "analysis/growth/growth.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;

namespace {

using Function = std::function<double(std::size_t column, double y)>;

// Batches of normal rows. `noise` is the standard deviation of a batch's mean.
struct Normal {
    Function mean, noise;
    boost::random::mt19937_64 generator;
    std::size_t rows = 8, rounds = 0;

    Normal(Function f, Function s, std::uint64_t seed)
        : mean(std::move(f)), noise(std::move(s)), generator(seed) {}
    Normal(Function f, double s, std::uint64_t seed)
        : Normal(
              std::move(f), [s](std::size_t, double) { return s; }, seed) {}

    BatchRows batch(double m, double s) {
        boost::random::normal_distribution<double> law(m, s * std::sqrt(static_cast<double>(rows)));
        std::vector<double> values(rows);
        for (double& v : values) v = law(generator);
        return BatchRows::of(values);
    }
    std::vector<BatchRows> operator()(const std::vector<BatchRequest>& requests) {
        ++rounds;
        std::vector<BatchRows> answers;
        double m = 0, s = 0;
        for (std::size_t i = 0; i < requests.size(); ++i) {
            const auto [column, y] = requests[i];
            if (i == 0 || column != requests[i - 1].column || y != requests[i - 1].y)
                m = mean(column, y), s = noise(column, y);
            answers.push_back(batch(m, s));
        }
        return answers;
    }
};

Boundary find(const BoundarySearch& search, Normal& sampler) {
    return find_boundary(search, [&](const auto& requests) { return sampler(requests); });
}

// Moved from column to column, so that roots lie anywhere between the points of a first look.
double shift(std::size_t column) {
    return 0.1 * std::fmod(0.618034 * static_cast<double>(column), 1.0) - 0.05;
}

struct Curve {
    const char* name;
    std::function<double(double)> f;
    std::vector<double> roots;
    double noise;
    bool steep = false;  // noise grows twentyfold along the axis
};

double line(double y) { return y - 0.5; }
double logarithm(double y) { return std::log((y + 0.06) / 0.34); }
double window(double y) { return 4 * (y - 0.3) * (y - 0.75); }

const Curve straight{"line", line, {0.5}, 0.01}, bent{"logarithm", logarithm, {0.28}, 0.03},
    trap{"window", window, {0.3, 0.75}, 0.03}, steep{"steep noise", line, {0.5}, 0.01, true};

Normal sampler_of(const Curve& curve, std::uint64_t seed) {
    const auto noise = [=](std::size_t, double y) {
        return curve.steep ? curve.noise * std::exp(3 * (y - 0.5)) : curve.noise;
    };
    return {[=](std::size_t column, double y) { return curve.f(y - shift(column)); }, noise, seed};
}

// How well crossings agree with the roots.
struct Score {
    std::size_t missing = 0, wrong = 0;  // columns without their roots, brackets without theirs
    double n = 0, z = 0, z2 = 0, square = 0, width = 0;

    void add(const Crossing& c, double root) {
        const double d = c.y - root, deviation = d / c.standard_error;
        wrong += root < c.low || root > c.high;
        ++n, z += deviation, z2 += deviation * deviation, square += d * d, width += c.high - c.low;
    }
    void add(const Boundary& found, const BoundarySearch& search, const Curve& curve) {
        for (std::size_t column = 0; column < search.columns; ++column) {
            std::vector<Crossing> mine;
            for (const Crossing& c : found.crossings)
                if (c.column == column) mine.push_back(c);
            missing += mine.size() != curve.roots.size();
            for (std::size_t i = 0; i < std::min(mine.size(), curve.roots.size()); ++i)
                add(mine[i], curve.roots[i] + shift(column));
        }
    }
    double rms() const { return std::sqrt(square / n); }
};

// Where straight lines between the points of a uniform grid cross 0: the mean of the crossings on each side
// of the window's middle, which only a friend of the grid would know.
double grid_square(const Curve& curve, int points, double batches, boost::random::mt19937_64& generator) {
    boost::random::normal_distribution<double> normal(0, curve.noise / std::sqrt(batches));
    const std::size_t columns = 300;
    double square = 0, last = 0;
    for (std::size_t column = 0; column < columns; ++column) {
        double sum[2] = {}, count[2] = {};
        for (int i = 0; i < points; ++i) {
            const double h = 1.0 / (points - 1), y = i * h,
                         value = curve.f(y - shift(column)) + normal(generator);
            const double root = y - h * value / (value - last);
            const bool second = curve.roots.size() == 2 && root > 0.525 + shift(column);
            if (i > 0 && (value < 0) != (last < 0)) sum[second] += root, ++count[second];
            last = value;
        }
        for (std::size_t r = 0; r < curve.roots.size(); ++r) {
            const double d = (count[r] > 0 ? sum[r] / count[r] : 0.5) - curve.roots[r] - shift(column);
            square += d * d / static_cast<double>(curve.roots.size());
        }
    }
    return square / static_cast<double>(columns);
}

// The least that a grid with so many batches in each column misses the roots by, whatever its number of
// points.
double best_grid_rms(const Curve& curve, double batches) {
    boost::random::mt19937_64 generator(5);
    double least = std::numeric_limits<double>::infinity();
    for (const int points : {3, 4, 5, 7, 9, 13, 17, 21, 26, 33, 41, 51, 67, 101})
        least = std::min(least, grid_square(curve, points, batches / points, generator));
    return std::sqrt(least);
}

bool same_bytes(const std::vector<Crossing>& a, const std::vector<Crossing>& b) {
    const auto same = [](const Crossing& p, const Crossing& q) {
        const double u[] = {p.y, p.standard_error, p.low, p.high},
                     v[] = {q.y, q.standard_error, q.low, q.high};
        return p.column == q.column && p.rising == q.rising && std::memcmp(u, v, sizeof u) == 0;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

bool same_bytes(const std::vector<Visit>& a, const std::vector<Visit>& b) {
    const auto same = [](const Visit& p, const Visit& q) {
        const double u[] = {p.y, p.estimate.value, p.estimate.standard_error},
                     v[] = {q.y, q.estimate.value, q.estimate.standard_error};
        return p.column == q.column && p.batches == q.batches && p.sign == q.sign &&
               std::memcmp(u, v, sizeof u) == 0;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

// Answers without noise: so many equal rows. Where they are as many as this a single batch decides.
constexpr std::size_t enough = 2048;
BatchSampler exactly(const std::function<double(double)>& f, std::size_t rows = enough) {
    return [f, rows](const std::vector<BatchRequest>& requests) {
        std::vector<BatchRows> answers;
        for (const auto& request : requests)
            answers.push_back(BatchRows::of(std::vector<double>(rows, f(request.y))));
        return answers;
    };
}

// Growth of x <- (1 +- sigma) x, which falls on 0 at sigma = 1. Log sigma^2 - 1 crosses 0 at sqrt 2.
BatchSampler two_point_growth(int steps, boost::random::mt19937_64& generator) {
    return [steps, &generator](const std::vector<BatchRequest>& requests) {
        boost::random::binomial_distribution<int> heads(steps);
        std::vector<BatchRows> answers;
        std::vector<double> rows(256);
        for (const auto& request : requests) {
            const double up = std::log(1 + request.y), down = std::log(std::abs(1 - request.y));
            for (double& row : rows) {
                const int k = heads(generator);
                row = (k * up + (k < steps ? (steps - k) * down : 0)) / steps;
            }
            answers.push_back(BatchRows::of(rows));
        }
        return answers;
    };
}

// Rows of mean 0, of any law.
using Rows = std::function<double(boost::random::mt19937_64&)>;
struct RowLaw {
    const char* name;
    Rows row;
};
double exponential_below(boost::random::mt19937_64& g) {
    return 1 + std::log(1 - boost::random::uniform_01<double>()(g));
}
double lognormal_below(boost::random::mt19937_64& g) {
    return std::exp(0.5) - std::exp(boost::random::normal_distribution<double>()(g));
}
// 1, but for a share of rows, which bring the mean to 0.
Rows rarely_below(double share) {
    return [share](boost::random::mt19937_64& g) {
        return boost::random::uniform_01<double>()(g) < share ? 1 - 1 / share : 1.0;
    };
}

}  // namespace

TEST_CASE("where paths fall on zero there is no crossing", "[boundary]") {
    const int steps = GENERATE(2, 4, 8, 12, 14);
    INFO(steps << " steps");
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        boost::random::mt19937_64 generator(seed);
        const BoundarySearch search{.from = 0.5, .to = 1.5};  // 1 is a point of the first look
        const auto found = find_boundary(search, two_point_growth(steps, generator));
        REQUIRE(found.crossings.size() == 1);
        CHECK(found.crossings[0].rising);
        CHECK((found.crossings[0].low <= std::sqrt(2) && std::sqrt(2) <= found.crossings[0].high));
        CHECK(found.visits[4].y == 1);
        CHECK(found.visits[4].sign == -1);
        CHECK(found.visits[4].estimate.value == -std::numeric_limits<double>::infinity());
    }
}

TEST_CASE("rows of -infinity are judged over all batches of a point", "[boundary]") {
    // Three in each batch: the search is told that four in all may be there by chance.
    const double infinity = std::numeric_limits<double>::infinity();
    const auto sample = [&](const std::vector<BatchRequest>& requests) {
        std::vector<double> rows(64, -infinity);
        for (std::size_t i = 3; i < rows.size(); ++i) rows[i] = i % 2 ? -0.9 : 1.1;
        return std::vector<BatchRows>(requests.size(), BatchRows::of(rows));
    };
    BoundarySearch search{.most_batches = 64};
    search.falls_by_chance = [](const BatchRequest&, const BatchRows& all) { return all.fallen <= 4; };
    for (const auto& v : find_boundary(search, sample).visits) CHECK((v.sign == -1 && v.batches == 2));
    search.falls_by_chance = [](const BatchRequest&, const BatchRows&) { return true; };
    for (const auto& v : find_boundary(search, sample).visits) CHECK(v.sign == 1);
}

TEST_CASE("beside -infinity a crossing is anywhere in its bracket", "[boundary]") {
    const double infinity = std::numeric_limits<double>::infinity();
    const auto found = find_boundary({}, exactly([=](double y) { return y < 0.3 ? -infinity : 1.0; }));
    REQUIRE(found.crossings.size() == 1);
    const auto& c = found.crossings[0];
    CHECK((c.low < 0.3 && 0.3 <= c.high && c.high - c.low <= 0.01));
    CHECK_THAT(c.y, WithinAbs((c.low + c.high) / 2, 1e-12));
    CHECK_THAT(c.standard_error, WithinAbs((c.high - c.low) / std::sqrt(12), 1e-12));
}

TEST_CASE("skewed and discrete rows decide nothing that is not so", "[boundary]") {
    const auto law = GENERATE(RowLaw{"exponential", exponential_below}, RowLaw{"lognormal", lognormal_below},
                              RowLaw{"one in 10", rarely_below(0.1)}, RowLaw{"one in 33", rarely_below(0.03)},
                              RowLaw{"one in 100", rarely_below(0.01)});
    INFO(law.name);
    boost::random::mt19937_64 generator(17);
    std::vector<double> rows(64);
    const auto sample = [&](const std::vector<BatchRequest>& requests) {
        std::vector<BatchRows> answers;
        for (std::size_t i = 0; i < requests.size(); ++i) {
            for (double& row : rows) row = law.row(generator);
            answers.push_back(BatchRows::of(rows));
        }
        return answers;
    };
    const auto found = find_boundary({.columns = 200, .error = 0.01, .most_batches = 16}, sample);
    CHECK(std::all_of(found.visits.begin(), found.visits.end(), [](const Visit& v) { return v.sign == 0; }));
}

TEST_CASE("equal rows are a proof once no other outcome can have hidden", "[boundary]") {
    // 0.99^n <= 0.01/(9 * 153) from n = 1178 on
    const auto found = find_boundary({}, exactly([](double) { return 1.0; }, 32));
    for (const auto& v : found.visits) CHECK((v.sign == 1 && v.batches == 64));
}

TEST_CASE("a crossing is bracketed as narrowly as asked for", "[boundary]") {
    const auto& curve = GENERATE(straight, bent, steep);
    INFO(curve.name);
    auto sampler = sampler_of(curve, 3);
    const auto found = find({}, sampler);
    REQUIRE(found.crossings.size() == 1);
    const auto& c = found.crossings[0];
    CHECK(c.rising);
    CHECK(c.high - c.low <= 0.01);
    CHECK((c.low <= c.y && c.y <= c.high));
    CHECK_THAT(c.y, WithinAbs(curve.roots[0] + shift(0), 4 * c.standard_error));
    CHECK(c.standard_error < 0.003);
    CHECK(sampler.rounds < 40);
}

TEST_CASE("a window has two edges", "[boundary]") {
    auto sampler = sampler_of(trap, 4);
    const auto found = find({}, sampler);
    REQUIRE(found.crossings.size() == 2);
    CHECK(!found.crossings[0].rising);
    CHECK(found.crossings[1].rising);
    for (int i : {0, 1}) {
        const auto& c = found.crossings[static_cast<std::size_t>(i)];
        CHECK_THAT(c.y, WithinAbs(trap.roots[static_cast<std::size_t>(i)] + shift(0), 4 * c.standard_error));
    }
}

TEST_CASE("where the level is not crossed nothing is found, cheaply", "[boundary]") {
    Normal sampler([](std::size_t, double y) { return 1 + y; }, 0.1, 1);
    const auto found = find({.columns = 3}, sampler);
    CHECK(found.crossings.empty());
    CHECK(found.visits.size() == 27);
    CHECK(found.batches <= 4 * 27);
}

TEST_CASE("a function that is the level everywhere has no crossing but what the error allows", "[boundary]") {
    Normal sampler([](std::size_t, double) { return 0.0; }, 1, 1);
    const auto found = find({.columns = 50, .error = 0.01, .most_batches = 12}, sampler);
    CHECK(found.crossings.empty());
    CHECK(found.batches == 50 * 9 * 12);
    CHECK(std::all_of(found.visits.begin(), found.visits.end(), [](const Visit& v) { return v.sign == 0; }));
}

TEST_CASE("the edges of the Gaussian recursion's trap are found on a logarithmic axis", "[boundary]") {
    // Mean log|1 + a + sigma Z| over 4000 steps; the deviation is sigma's while sigma is small.
    const auto a = [](std::size_t column) { return 0.01 * static_cast<double>(column + 2); };
    const auto growth = [&](std::size_t i, double sigma) {
        return mean_log_abs(Law::gaussian, 1 + a(i), sigma);
    };
    const auto noise = [](std::size_t, double sigma) { return std::min(sigma, 1.1) / std::sqrt(8 * 4000.0); };
    Normal sampler(growth, noise, 2);
    const BoundarySearch search{.columns = 12, .from = 0.05, .to = 3, .logarithmic = true, .coarse = 17};
    const auto found = find(search, sampler);
    REQUIRE(found.crossings.size() == 24);
    for (const auto& c : found.crossings) {
        INFO("a = " << a(c.column));
        const double middle = 0.9;  // in the trap
        const auto f = [&](double sigma) { return growth(c.column, sigma); };
        const auto root = boost::math::tools::bisect(f, c.rising ? middle : 0.05, c.rising ? 3 : middle,
                                                     boost::math::tools::eps_tolerance<double>(40));
        CHECK((c.low <= root.first && root.first <= c.high));
        CHECK_THAT(c.y, WithinAbs(root.first, 4 * c.standard_error));
        CHECK(std::log(c.high / c.low) <= 0.01 * std::log(3 / 0.05));
    }
}

TEST_CASE("odds cross one half", "[boundary]") {
    boost::random::mt19937_64 generator(8);
    boost::random::uniform_01<double> uniform;
    const auto root = [](std::size_t column) { return 0.45 + shift(column); };
    const auto sample = [&](const std::vector<BatchRequest>& requests) {
        std::vector<BatchRows> answers;
        std::vector<double> rows(64);
        for (const auto& [column, y] : requests) {
            const double p = 1 / (1 + std::exp(-20 * (y - root(column))));
            for (double& row : rows) row = uniform(generator) < p;
            answers.push_back(BatchRows::of(rows));
        }
        return answers;
    };
    const BoundarySearch search{.columns = 40, .level = 0.5, .odds = true, .accuracy = 0.03};
    const auto found = find_boundary(search, sample);
    REQUIRE(found.crossings.size() == 40);
    double z2 = 0;
    for (const auto& c : found.crossings) {
        CHECK((c.low <= root(c.column) && root(c.column) <= c.high));
        z2 += std::pow((c.y - root(c.column)) / c.standard_error, 2);
    }
    CHECK_THAT(z2 / 40, WithinAbs(1, 4 * std::sqrt(2 / 40.0)));
    for (const auto& v : found.visits) CHECK(v.estimate.standard_error > 0);
}

TEST_CASE("rows that are all 1 decide as soon as chance alone hardly gives them", "[boundary]") {
    // Bonferroni: 9 looks at 9 + 8 * 18 points; 0.5^n <= 0.01/(9 * 153) from n = 18 on, at two rows a batch
    for (const double odds : {0.0, 1.0}) {
        const auto found =
            find_boundary({.level = 0.5, .odds = true}, exactly([=](double) { return odds; }, 2));
        CHECK(found.crossings.empty());
        for (const auto& v : found.visits) CHECK((v.batches == 16 && v.sign == (odds > 0 ? 1 : -1)));
    }
}

TEST_CASE("a function without noise takes one batch a point", "[boundary]") {
    const auto found = find_boundary({}, exactly([](double y) { return y * y - 0.2; }));
    REQUIRE(found.crossings.size() == 1);
    const auto& c = found.crossings[0];
    CHECK(c.standard_error > 0);
    CHECK_THAT(c.y, WithinAbs(std::sqrt(0.2), 4 * c.standard_error));
    CHECK(c.high - c.low <= 0.01);
    CHECK(found.batches == found.visits.size());
}

TEST_CASE("a point on the level is left undecided between its neighbours", "[boundary]") {
    const auto found = find_boundary({.most_batches = 4}, exactly([](double y) { return 2 * (0.5 - y); }));
    REQUIRE(found.crossings.size() == 1);
    CHECK(!found.crossings[0].rising);
    CHECK_THAT(found.crossings[0].y, WithinAbs(0.5, 1e-12));
    CHECK(found.crossings[0].high - found.crossings[0].low <= 0.01);
}

TEST_CASE("where noise hides the level, brackets are as wide as it", "[boundary]") {
    Normal sampler([](std::size_t i, double y) { return line(y - shift(i)); }, 0.3, 6);
    const BoundarySearch search{.columns = 60, .most_batches = 64};
    const auto found = find(search, sampler);
    Score score;
    score.add(found, search, straight);
    CHECK(score.missing == 0);
    CHECK(score.wrong == 0);
    // t = 5.6 standard errors or so on either side, an undecided pair between
    const double hidden = 2 * 5.6 * 0.3 / std::sqrt(64.0);
    CHECK(score.width / score.n > 0.7 * hidden);
    CHECK(score.width / score.n < 1.6 * hidden);
    CHECK_THAT(score.z2 / score.n, WithinAbs(1, 4 * std::sqrt(2 / score.n)));
    for (const auto& v : found.visits) CHECK(v.batches <= 64);
}

TEST_CASE("rows that are not finite decide nothing", "[boundary]") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto nothing = find_boundary({.most_batches = 8}, exactly([=](double) { return nan; }));
    CHECK(nothing.crossings.empty());
    CHECK(nothing.batches == 9 * 8);
    const auto part =
        find_boundary({.most_batches = 8}, exactly([=](double y) { return y < 0.2 ? nan : y - 0.6; }));
    REQUIRE(part.crossings.size() == 1);
    CHECK_THAT(part.crossings[0].y, WithinAbs(0.6, 1e-3));
    CHECK(std::isnan(part.visits[0].estimate.value));
}

TEST_CASE("a search is resumed by giving the old answers again", "[boundary]") {
    const BoundarySearch search{.columns = 7};
    auto sampler = sampler_of(trap, 9);
    std::vector<std::vector<BatchRows>> log;
    const auto whole = find_boundary(search, [&](const auto& requests) {
        log.push_back(sampler(requests));
        return log.back();
    });
    auto again = sampler_of(trap, 9);
    std::size_t round = 0;
    const std::size_t kept = log.size() / 2;
    const auto resumed = find_boundary(search, [&](const auto& requests) {
        const auto drawn = again(requests);  // keeps the generator in step
        return round < kept ? log[round++] : drawn;
    });
    CHECK(round == kept);
    CHECK(whole.batches == resumed.batches);
    CHECK(same_bytes(whole.crossings, resumed.crossings));
    CHECK(same_bytes(whole.visits, resumed.visits));
}

TEST_CASE("brackets hold the roots, and standard errors are true", "[boundary]") {
    const auto& curve = GENERATE(straight, bent, trap, steep);
    INFO(curve.name);
    const BoundarySearch search{.columns = 200, .error = 0.2, .accuracy = 0.02, .most_batches = 64};
    Score score;
    const int runs = 4;
    for (int seed = 0; seed < runs; ++seed) {
        auto sampler = sampler_of(curve, static_cast<std::uint64_t>(40 + seed));
        const auto found = find(search, sampler);
        score.add(found, search, curve);
    }
    CHECK(score.missing == 0);
    CHECK(score.wrong == 0);  // Bonferroni is so careful that of 8000 brackets none is wrong
    CHECK_THAT(score.z / score.n, WithinAbs(0, 4 / std::sqrt(score.n)));
    CHECK_THAT(score.z2 / score.n, WithinAbs(1, 4 * std::sqrt(2 / score.n)));
}

TEST_CASE("a search takes fewer batches than a grid under the same test", "[boundary]") {
    // Points of a grid far from the root are decided soon: the search saves less than half. Measured: the grid takes 1.2
    // to 1.7 times as many batches.
    const auto& curve = GENERATE(bent, trap, straight);
    INFO(curve.name);
    const auto batches = [&](std::size_t coarse) {
        auto sampler = sampler_of(curve, 12);
        const BoundarySearch search{.columns = 200, .accuracy = 0.01, .coarse = coarse};
        return static_cast<double>(find_boundary(search, sampler).batches);
    };
    const double ratio = batches(101) / batches(9);
    INFO("the grid takes " << ratio << " times as many");
    CHECK(ratio > 1.1);
    CHECK(ratio < 2);
}

TEST_CASE("a grid whose every point has equally many batches misses bent boundaries by more", "[boundary]") {
    // Measured: with the best number of points it needs some 30 times the batches for the logarithm, 17 times for the
    // window, and twice for a straight line, where three or four points suffice.
    const auto& curve = GENERATE(bent, trap, straight);
    INFO(curve.name);
    const BoundarySearch search{.columns = 200};
    auto sampler = sampler_of(curve, 12);
    const auto found = find(search, sampler);
    Score score;
    score.add(found, search, curve);
    const double batches = static_cast<double>(found.batches) / 200;
    const double times = curve.roots[0] == 0.5 ? 1 : 5;
    CHECK(best_grid_rms(curve, times * batches) > score.rms());
}

TEST_CASE("searches that make no sense are refused", "[boundary]") {
    const auto f = exactly([](double y) { return y - 0.3; });
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(find_boundary({.columns = 0}, f), std::domain_error);
    CHECK_THROWS_AS(find_boundary({.from = 1, .to = 1}, f), std::domain_error);
    CHECK_THROWS_AS(find_boundary({.from = nan}, f), std::domain_error);
    CHECK_THROWS_AS(find_boundary({.logarithmic = true}, f), std::domain_error);
    CHECK_THROWS_AS(find_boundary({.level = nan}, f), std::domain_error);
    CHECK_THROWS_AS(find_boundary({.level = 1, .odds = true}, f), std::domain_error);
    CHECK_THROWS_AS(find_boundary({.level = 0.5, .odds = true}, f), std::domain_error);  // rows below 0
    CHECK_THROWS_AS(find_boundary({.error = 0}, f), std::domain_error);
    CHECK_THROWS_AS(find_boundary({.accuracy = 0}, f), std::domain_error);
    CHECK_THROWS_AS(find_boundary({.coarse = 1}, f), std::domain_error);
    CHECK_THROWS_AS(find_boundary({.most_batches = 0}, f), std::domain_error);
    CHECK_THROWS_AS(find_boundary({}, [](const auto&) { return std::vector<BatchRows>(1); }),
                    std::domain_error);
}
