// Noises that remember: steps by hand, then their laws.
#include "models/noise_processes.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "engine/noise/variates.hpp"

using namespace noisetrap;

namespace {

/// x <- (1 + first noise) x + second noise.
struct Map {
    static constexpr int noises = 2;
    static constexpr bool has_length = false, differentiable = true;
    static constexpr std::int64_t lowest_exponent = no_lowest_exponent;
    template <class X, class Unit, class Noise>
    X step(X x, Unit unit, unsigned long long, const Noise& noise) const {
        return x + noise.number(0) * x + noise.number(1) * unit;
    }
    bool moves_zero() const { return true; }
};

/// The values of a source along path `path` of seed 1.
template <class Source>
std::vector<double> values(const std::vector<double>& own, std::uint64_t path, unsigned long long steps,
                           NoiseLaw law) {
    std::vector<double> found;
    double kept[Source::memory + 1] = {};
    for (unsigned long long n = 0; n < steps; ++n) {
        double z[Source::draws];
        for (int i = 0; i < Source::draws; ++i)
            z[i] = static_cast<double>(variate_of<float>(1, noise_stream(i), path, n, law));
        found.push_back(Source::next(own.data(), kept, n, z));
    }
    return found;
}

}  // namespace

TEST_CASE("A driven process steps on its noises and keeps what they remember behind its lengths") {
    const Driven<Map, double, Differenced, Correlated> process{{}, {0.5, 0.5, 0.25, 0}};
    using Process = decltype(process);
    CHECK(std::remove_cvref_t<Process>::numbers == 3);
    CHECK(lengths_of<std::remove_cvref_t<Process>> == 1);
    State<double, 3> s{{2.0, 0, 0}};
    s = process.step(s, 1.0, 0, Draw<double, 2>{{0.5, 4.0}});
    CHECK(s.at[0] == 2 + 0.5 * 2 + 0.25 * 4);
    CHECK(s.at[1] == 0.5);
    CHECK(s.at[2] == 1.0);
    const double x = s.at[0];
    s = process.step(s, 1.0, 1, Draw<double, 2>{{-1.0, 2.0}});
    CHECK(s.at[0] == x + (-1.0 - 0.5) * x + (0.5 * 1.0 + 0.5 * 2.0));
    CHECK(s.at[1] == -1.0);
    CHECK(s.at[2] == 1.5);
    // Of the derivative by the start a memory knows nothing.
    const auto moved = process.step(State<Dual<double>, 3>{{{2.0, 1.0}, {0.5, 0}, {1.0, 0}}}, 1.0, 1,
                                    Draw<double, 2>{{-1.0, 2.0}});
    CHECK(moved.at[0].slope == 1 + (-1.0 - 0.5));
    CHECK(moved.at[2].slope == 0);
}

TEST_CASE("Correlated noise is stationary from its first step on, and sums up to variance 1 a step") {
    const double phi = std::exp(-1 / 3.0), in_step = (1 - phi) / (1 + phi);
    constexpr int paths = 20000, steps = 60;
    double first = 0, last = 0, neighbours = 0, squares = 0;
    for (std::uint64_t path = 0; path < paths; ++path) {
        const auto y = values<Correlated>({phi, 1 - phi, std::sqrt(in_step)}, path, steps, Law::gaussian);
        double sum = 0;
        for (const double v : y) sum += v;
        first += y[0] * y[0], last += y[steps - 1] * y[steps - 1], neighbours += y[30] * y[31],
            squares += sum * sum;
    }
    const double error = 4 * std::sqrt(2.0 / paths);
    CHECK(std::abs(first / paths / in_step - 1) < error);
    CHECK(std::abs(last / paths / in_step - 1) < error);
    CHECK(std::abs(neighbours / paths / in_step - phi) < error);
    // Var sum = n - 2 phi (1 - phi^n)/(1 - phi^2)
    const double exact = steps - 2 * phi * (1 - std::pow(phi, steps)) / (1 - phi * phi);
    CHECK(std::abs(squares / paths / exact - 1) < error);
}

TEST_CASE("Reshuffled, every sample comes once in an epoch, and all orders are equally likely") {
    for (const unsigned samples : {2u, 3u, 4u, 7u, 100u}) {
        const auto order = values<Samples>({static_cast<double>(samples), 1}, 5, 3 * samples, Law::uniform);
        for (unsigned epoch = 0; epoch < 3; ++epoch)
            CHECK(std::set<double>(order.begin() + epoch * samples, order.begin() + (epoch + 1) * samples)
                      .size() == samples);
    }
    constexpr int epochs = 240000;
    std::map<std::vector<double>, int> seen;
    for (std::uint64_t path = 0; path < epochs / 10; ++path) {
        const auto order = values<Samples>({4, 1}, path, 40, Law::uniform);
        for (int epoch = 0; epoch < 10; ++epoch)
            ++seen[{order.begin() + 4 * epoch, order.begin() + 4 * epoch + 4}];
    }
    CHECK(seen.size() == 24);
    for (const auto& [order, count] : seen)
        CHECK(std::abs(count - epochs / 24) < 4.5 * std::sqrt(epochs / 24));
}

TEST_CASE("Drawn with replacement, every sample is as likely as another") {
    std::vector<int> seen(5);
    constexpr int draws = 100000;
    for (std::uint64_t path = 0; path < draws / 100; ++path)
        for (const double i : values<Samples>({5, 0}, path, 100, Law::uniform))
            ++seen.at(static_cast<std::size_t>(i));
    for (const int count : seen) CHECK(std::abs(count - draws / 5) < 4 * std::sqrt(draws * 0.16));
}

TEST_CASE("Two states go up and down with their odds, from their stationary law") {
    const auto below = [](double p) { return sqrt_12 * (p - 0.5); };
    constexpr double up = 0.1, down = 0.3;
    int high = 0, rises = 0, lows = 0, falls = 0, highs = 0;
    constexpr int paths = 20000;
    for (std::uint64_t path = 0; path < paths; ++path) {
        const auto s =
            values<Switching>({below(up), below(down), below(up / (up + down))}, path, 12, Law::uniform);
        high += s[0] == 1;
        for (std::size_t n = 1; n < s.size(); ++n) {
            (s[n - 1] == 0 ? lows : highs) += 1;
            rises += s[n - 1] == 0 && s[n] == 1, falls += s[n - 1] == 1 && s[n] == 0;
        }
    }
    CHECK(std::abs(high - paths * 0.25) < 4 * std::sqrt(paths * 0.25 * 0.75));
    CHECK(std::abs(rises - lows * up) < 4 * std::sqrt(lows * up * (1 - up)));
    CHECK(std::abs(falls - highs * down) < 4 * std::sqrt(highs * down * (1 - down)));
}
