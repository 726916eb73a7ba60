#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "analysis/critical/classify.hpp"
#include "analysis/critical/hessian.hpp"
#include "analysis/critical/search.hpp"
#include "analysis/critical/survey.hpp"
#include "engine/error.hpp"
#include "models/landscapes/landscapes.hpp"
#include "tests/analysis/critical/in_order.hpp"

using namespace noisetrap;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

namespace {

const Point reference_start = {0.1, 0.5, -0.4};

SearchSettings steps_of(SearchMethod method, std::uint64_t steps) {
    SearchSettings settings;
    settings.method = method;
    settings.steps = steps;
    settings.trust = 1e9;
    settings.damping = {0.01, 10, 10, true};
    return settings;
}

void check_point(const Point& found, const Point& expected) {
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK_THAT(found[i], WithinAbs(expected[i], 1e-11));
}

/// The point of A.2 that keeps modes 3, 4 and 5, displaced by 1e-3 sin(1 + i).
Point displaced(const KnownPoint& known) {
    Point x = known.at;
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += 1e-3 * std::sin(1.0 + static_cast<double>(i));
    return x;
}

KnownPoint named(const std::vector<KnownPoint>& points, const std::string& name) {
    return *std::find_if(points.begin(), points.end(), [&](const auto& p) { return p.name == name; });
}

SurveySettings survey_of(std::uint64_t starts, SearchMethod method = SearchMethod::levenberg_marquardt) {
    SurveySettings settings;
    settings.starts = starts;
    settings.search.method = method;
    return settings;
}

}  // namespace

// Figures by an independent program
TEST_CASE("search: Newton's steps go into the saddle", "[critical]") {
    const LandscapeOf landscape{CoupledSaddle{}};
    const auto after = [&](std::uint64_t n) {
        return search(landscape, reference_start, steps_of(SearchMethod::newton, n));
    };
    check_point(after(1).x, {-.034813682476, .106599035159, .004728911477});
    check_point(after(3).x, {.000000302004, .000001215915, .000000171416});
    const auto end = after(20);
    CHECK(end.outcome == Outcome::converged);
    CHECK(end.gradient < 1e-10);
}

TEST_CASE("search: so do those of Levenberg and Marquardt", "[critical]") {
    const LandscapeOf landscape{CoupledSaddle{}};
    const auto after = [&](std::uint64_t n) {
        return search(landscape, reference_start, steps_of(SearchMethod::levenberg_marquardt, n));
    };
    check_point(after(1).x, {-.033764488009, .106989408593, .004241375131});
    check_point(after(2).x, {-.005848096012, -.000258579571, -.000249176607});
    CHECK(after(2).cost.products == 9);
}

TEST_CASE("search: every method ends at a critical point, and says what it has cost", "[critical]") {
    const LandscapeOf landscape{CoupledSaddle{}};
    for (std::size_t m = 0; m < search_names.size(); ++m) {
        INFO(search_names[m]);
        SearchSettings settings;
        settings.method = static_cast<SearchMethod>(m);
        const auto end = search(landscape, reference_start, settings);
        CHECK(end.outcome == Outcome::converged);
        CHECK(end.gradient < 1e-9);
        CHECK_THAT(end.loss, WithinAbs(0, 1e-15));
        CHECK(end.cost.total() == end.cost.gradients + 2 * end.cost.products);
        CHECK(end.cost.gradients > end.steps);
    }
}

// |g| of f = (x^2 + 1)^2/2 + y: the gradient has a minimum of 1 and no zero
namespace {
struct Tilted {
    std::size_t size() const { return 2; }
    template <class X>
    X value(std::span<const X> x) const {
        return 0.25 * (x[0] * x[0] * (x[0] * x[0])) + x[1];
    }
    template <class X>
    void gradient(std::span<const X> x, std::span<X> g) const {
        g[0] = x[0] * x[0] * x[0] + x[0];
        g[1] = X{} + 1.0;
    }
    std::vector<KnownPoint> points() const { return {}; }
    std::vector<double> invariants(std::span<const double> x) const { return {x[0]}; }
};
}  // namespace

TEST_CASE("search: a gradient that has a minimum and no zero is flat, not critical", "[critical]") {
    const LandscapeOf landscape{Tilted{}};
    for (const auto method :
         {SearchMethod::levenberg_marquardt, SearchMethod::newton_mr, SearchMethod::gradient_norm}) {
        SearchSettings settings;
        settings.method = method;
        const auto end = search(landscape, {1, 0}, settings);
        INFO(search_names[static_cast<std::size_t>(method)]);
        CHECK(end.outcome == Outcome::gradient_flat);
        CHECK_THAT(end.gradient, WithinAbs(1, 1e-6));
    }
}

TEST_CASE(
    "search: a budget that is spent is an outcome of its own, and where a gradient vanishes only far away "
    "nothing converges",
    "[critical]") {
    SearchSettings settings;
    settings.budget = 8;
    CHECK(search(LandscapeOf{CoupledSaddle{}}, reference_start, settings).outcome == Outcome::budget);
    settings.budget = 20000;
    CHECK(search(LandscapeOf{SoftmaxTie{4}}, {20, 0, 0, 0}, settings).outcome != Outcome::converged);
    CHECK(search(LandscapeOf{SoftmaxTie{4}}, {28, 0, 0, 0}, settings).outcome != Outcome::converged);
}

TEST_CASE("classify: index and flat directions of every known point, with the symmetries that explain them",
          "[critical]") {
    const auto check = [](const auto& model, std::size_t unexplained = 0) {
        const LandscapeOf landscape{model};
        for (const auto& known : landscape.points()) {
            INFO(model.name << " " << known.name);
            const auto kind = classify(landscape, known.at);
            CHECK(kind.index == known.index);
            CHECK(kind.flat == known.flat());
            CHECK(kind.index_is_exact);
            CHECK(kind.unexplained() == unexplained);
        }
    };
    check(LinearNet{3, 3, 2, {3, 2, 1}});
    check(LinearNet{5, 5, 3, {5, 3, 2, 1, 0.5}});
    check(LinearAutoencoder{2, {4, 2, 1, 0.5}});
    check(MatrixFactorisation{4, 2, {4, 2, 1, 0.5}});
    check(PhaseRetrieval{6});
    check(OrthogonalTensor{5});
    check(SoftmaxTie{4});
}

TEST_CASE("classify: what no symmetry explains is called degenerate", "[critical]") {
    const LandscapeOf chain{DeepChain{3, 1}};
    const auto origin = classify(chain, Point(3));
    CHECK(origin.flat == 3);
    CHECK(origin.by_symmetry == 0);
    CHECK(std::string(word_for(origin, 3)) == "degenerate");
    const auto minimum = classify(chain, {1, 1, 1});
    CHECK(minimum.flat == 2);
    CHECK(minimum.by_symmetry == 2);
    CHECK(std::string(word_for(minimum, 3)) == "minimum");
    CHECK(std::string(word_for(classify(chain, {0, 0, 1}), 3)) == "saddle");
    // each spare unit of an oblong network may turn to an output that the target does not have
    const LandscapeOf oblong{LinearNet{4, 2, 1, {2, 1}}};
    CHECK(classify(oblong, Point(6)).unexplained() == 2);
}

TEST_CASE("classify: eigenvalues that the distance to the point explains are not counted", "[critical]") {
    const LandscapeOf landscape{LinearNet{5, 5, 3, {5, 3, 2, 1, 0.5}}};
    const auto known = named(landscape.points(), "{3,4,5}");
    const auto x = displaced(known);
    Point slope(30);
    landscape.gradient(x, slope);
    double square = 0;
    for (const double g : slope) square += g * g;
    CHECK_THAT(landscape.value(x), WithinAbs(17.0000050687, 5e-11));
    CHECK_THAT(std::sqrt(square), WithinAbs(.0110078344, 5e-11));
    const auto spectrum = hessian_spectrum(landscape, x);
    CHECK(std::count_if(spectrum.begin(), spectrum.end(), [](double v) { return v < -1e-6; }) == 9);
    const auto kind = classify(landscape, x);
    CHECK(kind.index == 6);
    CHECK(kind.flat == 9);
}

TEST_CASE("classify: of many parameters the index is a bound from below", "[critical]") {
    const LandscapeOf landscape{QuadraticSaddle{3000, 4, 2, 1, 0.5, 3}};
    const auto kind = classify(landscape, Point(3000));
    CHECK(!kind.index_is_exact);
    CHECK(kind.index >= 3);
    CHECK(kind.index <= 4);
    CHECK_THAT(kind.smallest, WithinAbs(-2, 1e-6));
    const LandscapeOf minimum{QuadraticSaddle{3000, 0, 1, 1, 0.5, 3}};
    CHECK(std::string(word_for(classify(minimum, Point(3000)), 3000)) == "not known");
}

TEST_CASE("classify: a threshold above every eigenvalue is refused", "[critical]") {
    const LandscapeOf landscape{CoupledSaddle{}};
    CHECK_THROWS_AS(classify(landscape, Point(3), 5), SettingError);
    CHECK(classify(landscape, Point(3), 1.5).flat == 1);
}

TEST_CASE("survey: all points of a linear network are found and recognised, with the indices that theory has",
          "[critical]") {
    const LandscapeOf landscape{LinearNet{3, 3, 2, {3, 2, 1}}};
    InOrder one;
    const auto found = survey(landscape, survey_of(200), one);
    CHECK(found.ends.size() == 200);
    CHECK(found.count(Outcome::converged) + found.count(Outcome::gradient_flat) +
              found.count(Outcome::budget) ==
          200);
    CHECK(found.count(Outcome::converged) > 100);
    std::uint64_t sum = 0;
    for (const auto& point : found.points) {
        sum += point.found;
        REQUIRE(point.known);
        const auto& known = found.known[*point.known];
        INFO(known.name);
        CHECK(point.kind.index == known.index);
        CHECK(point.kind.flat == known.flat());
        CHECK_THAT(point.kind.loss, WithinAbs(known.loss, 1e-10));
    }
    CHECK(sum == found.count(Outcome::converged));
    CHECK(found.points.size() == 7);
}

TEST_CASE("survey: points that differ by a symmetry are one", "[critical]") {
    InOrder one;
    const auto tensor = survey(LandscapeOf{OrthogonalTensor{4}}, survey_of(100), one);
    std::set<std::size_t> known;
    for (const auto& point : tensor.points) known.insert(point.known.value());
    CHECK(known.size() == tensor.points.size());
    for (const auto& point : tensor.points)
        CHECK_THAT(point.kind.loss, WithinAbs(-1.0 / (1.0 + static_cast<double>(point.kind.index)), 1e-10));
    auto near = survey_of(100);
    near.spread = 0.4;
    const auto retrieval = survey(LandscapeOf{PhaseRetrieval{4}}, near, one);
    CHECK(retrieval.points.size() == 3);
}

// With one score far below, the gradient is as small as one likes along a direction in which the Hessian is, too
TEST_CASE("survey: ties of fewer scores are no critical points, however flat it is there", "[critical]") {
    InOrder one;
    const auto found = survey(LandscapeOf{SoftmaxTie{4}}, survey_of(50), one);
    REQUIRE(found.points.size() == 1);
    CHECK(found.points[0].known.has_value());
    CHECK(found.count(Outcome::gradient_flat) > 10);
}

TEST_CASE("survey: nothing depends on the order in which the starts are taken", "[critical][bytes]") {
    const LandscapeOf landscape{LinearAutoencoder{2, {3, 2, 1}}};
    InOrder forwards, backwards(true);
    const auto a = survey(landscape, survey_of(50), forwards),
               b = survey(landscape, survey_of(50), backwards);
    REQUIRE(a.points.size() == b.points.size());
    for (std::size_t k = 0; k < a.points.size(); ++k) {
        CHECK(a.points[k].at == b.points[k].at);
        CHECK(a.points[k].kind.spectrum == b.points[k].kind.spectrum);
        CHECK(a.points[k].found == b.points[k].found);
    }
    for (std::size_t k = 0; k < 50; ++k) CHECK(a.ends[k].loss == b.ends[k].loss);
    auto other = survey_of(50);
    other.seed = 2;
    CHECK(survey(landscape, other, forwards).ends[0].loss != a.ends[0].loss);
}

TEST_CASE("survey: deflation leads the same start to other points", "[critical]") {
    const LandscapeOf landscape{CoupledSaddle{}};
    auto settings = steps_of(SearchMethod::newton, 200);
    settings.trust = 1;
    std::set<std::string> names;
    for (int k = 0; k < 3; ++k) {
        const auto end = search(landscape, reference_start, settings);
        REQUIRE(end.outcome == Outcome::converged);
        settings.deflated.push_back(traits_of(landscape, end.x));
        names.insert(survey_of_point(landscape, survey_of(1), end.x).points[0].known
                         ? std::to_string(std::round(end.x[0]))
                         : "none");
    }
    CHECK(names.size() == 3);
}

TEST_CASE("survey: with deflation fewer starts find all points", "[critical]") {
    const LandscapeOf landscape{LinearNet{3, 3, 2, {3, 2, 1}}};
    InOrder one;
    auto settings = survey_of(12, SearchMethod::newton);
    const auto plain = survey(landscape, settings, one);
    settings.deflate = true;
    const auto deflated = survey(landscape, settings, one);
    CHECK(deflated.points.size() > plain.points.size());
}

TEST_CASE("survey: one point by hand, and what is wrong with it", "[critical]") {
    const LandscapeOf landscape{CoupledSaddle{}};
    const auto found = survey_of_point(landscape, survey_of(1), {1, 0, 0});
    CHECK(found.known[found.points[0].known.value()].name == "minimum at x = 1");
    CHECK_THROWS_WITH(survey_of_point(landscape, survey_of(1), {1, 0.1, 0}),
                      Contains("is not a critical point"));
    auto far = survey_of(1);
    far.spread = 1e200;
    InOrder one;
    CHECK_THROWS_WITH(survey(landscape, far, one), Contains("search.spread = 1e+200 leads start 0 to where"));
}

// The mean over all couplings is 2 sqrt(7), by Kac and Rice; the points are found from enough starts for all of them
TEST_CASE("survey: a glass of two spins has as many critical points as theory says", "[critical]") {
    constexpr int glasses = 300;
    InOrder one;
    auto settings = survey_of(24);
    settings.search.tolerance = 1e-9;
    double sum = 0, square = 0;
    for (int g = 0; g < glasses; ++g) {
        const auto found = survey(LandscapeOf{SphericalGlass{2, static_cast<double>(g), {}}}, settings, one);
        const auto points = static_cast<double>(found.points.size());
        sum += points, square += points * points;
    }
    const double mean = sum / glasses, error = std::sqrt((square / glasses - mean * mean) / glasses);
    CHECK(error < 0.1);
    CHECK_THAT(mean, WithinAbs(2 * std::sqrt(7.0), 4 * error));
}
