#include "models/landscapes/landscapes.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "analysis/critical/hessian.hpp"
#include "engine/noise/streams.hpp"
#include "engine/noise/variates.hpp"

using namespace noisetrap;
using Catch::Matchers::WithinAbs;

namespace {

Point random_point(std::size_t size, std::uint64_t number) {
    Point x(size);
    for (std::size_t i = 0; i < size; ++i)
        x[i] = variate_of<double>(1, Stream::user_defined, number, i, Law::gaussian);
    return x;
}

double dot(const Point& a, const Point& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

Point gradient_at(const Landscape& landscape, const Point& x) {
    Point slope(x.size());
    landscape.gradient(x, slope);
    return slope;
}

Point product(const Landscape& landscape, const Point& x, const Point& v) {
    Point p(x.size());
    landscape.hessian_times(x, v, p);
    return p;
}

/// Shapes of every landscape: square and oblong, with spare units and without, with modes of 0.
std::vector<std::unique_ptr<Landscape>> shapes() {
    std::vector<std::unique_ptr<Landscape>> all;
    const auto add = [&](const auto& model) {
        CHECK(!model.complaint());
        all.push_back(std::make_unique<LandscapeOf<std::decay_t<decltype(model)>>>(model));
    };
    add(QuadraticSaddle{5, 2, 2, 1, 0.5, 3});
    add(QuadraticSaddle{1, 0, 1, 1, 1, 1});
    add(LinearNet{3, 3, 2, {3, 2, 1}});
    add(LinearNet{5, 5, 3, {5, 3, 2, 1, 0.5}});
    add(LinearNet{2, 4, 3, {2, 0.5}});
    add(LinearNet{4, 3, 2, {1.5, 1}});
    add(LinearAutoencoder{2, {4, 2, 1, 0.5}});
    add(LinearAutoencoder{3, {2, 1}});
    add(DeepChain{2, 0.7});
    add(DeepChain{3, 1});
    add(DeepChain{5, 2.5});
    add(MatrixFactorisation{4, 2, {4, 2, 1, 0.5}});
    add(MatrixFactorisation{5, 3, {2, 1}});
    add(PhaseRetrieval{2});
    add(PhaseRetrieval{6});
    add(OrthogonalTensor{5});
    add(SoftmaxTie{2});
    add(SoftmaxTie{4});
    add(CoupledSaddle{});
    add(OctopusChain{1, 0.7, 1.3, 1.5});
    add(OctopusChain{4, 0.7, 1.3, 1.5});
    add(SphericalGlass{4, 3, {}});
    add(GaussianField{3, 50, 2, {}});
    return all;
}

}  // namespace

TEMPLATE_TEST_CASE("the gradient of a landscape is the slope of its value", "[landscapes]", QuadraticSaddle,
                   LinearNet, LinearAutoencoder, DeepChain, MatrixFactorisation, PhaseRetrieval,
                   OrthogonalTensor, SoftmaxTie, CoupledSaddle, OctopusChain, GaussianField) {
    TestType model{};
    if constexpr (requires { model.prepare(); }) model.prepare();
    const LandscapeOf<TestType> landscape(model);
    const auto x = random_point(model.size(), 0), v = random_point(model.size(), 1);
    std::vector<Dual<double>> along;
    for (std::size_t i = 0; i < x.size(); ++i) along.push_back({x[i], v[i]});
    const auto slope = model.value(std::span<const Dual<double>>(along)).slope;
    CHECK_THAT(dot(gradient_at(landscape, x), v), WithinAbs(slope, 1e-12 * (1 + std::abs(slope))));
    CHECK(landscape.value(x) == model.value(std::span<const Dual<double>>(along)).value);
}

TEST_CASE(
    "products with the Hessian of a landscape are those of a symmetric matrix, and of differences of "
    "gradients",
    "[landscapes]") {
    for (const auto& landscape : shapes()) {
        const auto n = landscape->size();
        const auto x = random_point(n, 2), u = random_point(n, 3), v = random_point(n, 4);
        const auto hv = product(*landscape, x, v);
        CHECK_THAT(dot(u, hv),
                   WithinAbs(dot(v, product(*landscape, x, u)), 1e-11 * (1 + std::abs(dot(u, hv)))));
        auto ahead = x, behind = x;
        constexpr double h = 1e-6;
        for (std::size_t i = 0; i < n; ++i) ahead[i] += h * v[i], behind[i] -= h * v[i];
        const auto up = gradient_at(*landscape, ahead), down = gradient_at(*landscape, behind);
        for (std::size_t i = 0; i < n; ++i)
            CHECK_THAT(hv[i], WithinAbs((up[i] - down[i]) / (2 * h), 1e-7 * (1 + std::abs(hv[i]))));
    }
}

TEST_CASE("a whole Hessian of a landscape has its products with the axes as columns", "[landscapes]") {
    for (const auto& landscape : shapes()) {
        const auto n = landscape->size();
        const auto x = random_point(n, 2);
        Point whole(n * n), axis(n);
        landscape->hessian(x, whole);
        for (std::size_t j = 0; j < n; ++j) {
            axis[j] = 1;
            const auto column = product(*landscape, x, axis);
            axis[j] = 0;
            for (std::size_t i = 0; i < n; ++i)
                CHECK_THAT(whole[j * n + i], WithinAbs(column[i], 1e-12 * (1 + std::abs(column[i]))));
        }
    }
}

TEST_CASE("every critical point that theory lists has its loss, its index and its whole spectrum",
          "[landscapes]") {
    std::size_t points = 0;
    for (const auto& landscape : shapes())
        for (const auto& known : landscape->points()) {
            INFO(known.name << " of " << landscape->size() << " parameters");
            ++points;
            const auto slope = gradient_at(*landscape, known.at);
            CHECK_THAT(std::sqrt(dot(slope, slope)), WithinAbs(0, 1e-13));
            CHECK_THAT(landscape->value(known.at), WithinAbs(known.loss, 1e-13));
            const auto spectrum = hessian_spectrum(*landscape, known.at);
            REQUIRE(known.spectrum.size() == landscape->size());
            for (std::size_t i = 0; i < spectrum.size(); ++i)
                CHECK_THAT(spectrum[i], WithinAbs(known.spectrum[i], 1e-12));
            CHECK(known.index == static_cast<std::size_t>(std::count_if(spectrum.begin(), spectrum.end(),
                                                                        [](double v) { return v < -1e-9; })));
        }
    CHECK(points == 104);
}

TEST_CASE("what a symmetry of a landscape moves along costs nothing", "[landscapes]") {
    for (const auto& landscape : shapes()) {
        const auto x = random_point(landscape->size(), 5);
        const auto slope = gradient_at(*landscape, x);
        const auto told = landscape->invariants(x);
        for (const auto& move : landscape->generators(x)) {
            CHECK_THAT(dot(move, slope),
                       WithinAbs(0, 1e-12 * (1 + std::sqrt(dot(move, move) * dot(slope, slope)))));
            constexpr double h = 1e-5;
            auto ahead = x;
            for (std::size_t i = 0; i < x.size(); ++i) ahead[i] += h * move[i];
            const auto there = landscape->invariants(ahead);
            for (std::size_t i = 0; i < told.size(); ++i) CHECK_THAT(there[i], WithinAbs(told[i], 1e-8));
        }
    }
}

// loss, index and zeros by an independent program, from the kept modes
TEST_CASE("a linear network of three modes has the points of the table", "[landscapes]") {
    struct Row {
        const char* name;
        double loss;
        std::size_t index, flat;
        double smallest, largest;
    };
    const Row rows[] = {{"{1,2}", 0.5, 0, 4, 0, 6},  {"{1,3}", 2, 1, 4, -1, 6}, {"{1}", 2.5, 2, 3, -2, 6},
                        {"{2,3}", 4.5, 2, 4, -2, 5}, {"{2}", 5, 3, 3, -3, 5},   {"{3}", 6.5, 4, 3, -3, 4},
                        {"{}", 7, 6, 0, -3, 3}};
    const auto known = LandscapeOf(LinearNet{3, 3, 2, {3, 2, 1}}).points();
    REQUIRE(known.size() == std::size(rows));
    for (std::size_t k = 0; k < known.size(); ++k) {
        CHECK(known[k].name == rows[k].name);
        CHECK(known[k].loss == rows[k].loss);
        CHECK(known[k].index == rows[k].index);
        CHECK(known[k].flat() == rows[k].flat);
        CHECK(known[k].spectrum.front() == rows[k].smallest);
        CHECK(known[k].spectrum.back() == rows[k].largest);
    }
}

TEST_CASE(
    "a linear network of five modes and three units has 26 points, and their indices do not rise with the "
    "loss",
    "[landscapes]") {
    const auto known = LandscapeOf(LinearNet{5, 5, 3, {5, 3, 2, 1, 0.5}}).points();
    REQUIRE(known.size() == 26);
    const auto named = [&](const char* name) {
        return *std::find_if(known.begin(), known.end(), [&](const auto& p) { return p.name == name; });
    };
    CHECK(known.front().loss == 0.625);
    CHECK(known.front().index == 0);
    CHECK(known.back().loss == 19.625);
    CHECK(known.back().index == 15);
    CHECK(named("{3,4,5}").loss == 17);
    CHECK(named("{3,4,5}").index == 6);
    CHECK(named("{3,4,5}").flat() == 9);
    CHECK(named("{1,5}").loss == 7);
    CHECK(named("{1,5}").index == 6);
    CHECK(named("{2,3,4}").loss == 12.625);
    CHECK(named("{2,3,4}").index == 3);
    CHECK(named("{4,5}").loss == 19);
    CHECK(named("{4,5}").index == 9);
}

TEST_CASE("a factorisation of four modes has the points of the table", "[landscapes]") {
    const auto known = LandscapeOf(MatrixFactorisation{4, 2, {4, 2, 1, 0.5}}).points();
    const std::vector<std::pair<double, std::size_t>> rows = {
        {0.3125, 0}, {1.0625, 1}, {1.25, 2},   {1.3125, 3}, {4.0625, 2}, {4.25, 3},
        {4.3125, 4}, {5, 4},      {5.0625, 5}, {5.25, 6},   {5.3125, 8}};
    REQUIRE(known.size() == rows.size());
    for (std::size_t k = 0; k < rows.size(); ++k) {
        CHECK(known[k].loss == rows[k].first);
        CHECK(known[k].index == rows[k].second);
    }
    CHECK(known[1].spectrum == std::vector<double>{-1, 0, 0.5, 2, 2, 3.5, 5, 8});
}

TEST_CASE("lists of points that would not fit are not made", "[landscapes]") {
    LinearNet wide{40, 40, 20, {}};
    for (int i = 40; i > 0; --i) wide.values.push_back(i);
    CHECK(LandscapeOf(wide).points().empty());
    CHECK(LandscapeOf(MatrixFactorisation{50000, 2, {2, 1}}).points().size() == 4);
}

TEST_CASE("parameters that do not fit together are named", "[landscapes]") {
    CHECK(QuadraticSaddle{2, 3, 1, 1, 1, 1}.complaint().key == "concave");
    CHECK(LinearNet{2, 2, 1, {1, 2}}.complaint().key == "values");
    CHECK(LinearNet{2, 2, 1, {3, 2, 1}}.complaint().what == "has 3 numbers, and there is room for 2");
    CHECK(LinearAutoencoder{2, {}}.complaint().what == "needs at least one number");
    CHECK(MatrixFactorisation{2, 1, {2, 2}}.complaint().what ==
          "must fall: each number less than the one before");
}

TEST_CASE("the octopus of any number of axes is that of the kernels where they overlap", "[landscapes]") {
    const OctopusChain chain{8, 0.7, 1.3, 1.5};
    const auto loss = Octopus{8, 0.7, 1.3, 1.5}.loss<double>();
    for (std::size_t stage = 0; stage <= 8; ++stage)
        for (const double lead : {0.4, -1.49, 1.51, -2.2, 2.99}) {
            State<double, 8> x;
            Point at(8), slope(8);
            for (std::size_t i = 0; i < 8; ++i) {
                at[i] = i < stage    ? 5.0 + static_cast<double>(i)
                        : i == stage ? lead
                                     : (i % 2 ? -0.3 : 0.2) * static_cast<double>(1 + i);
                x.at[7 - i] = at[i];
            }
            chain.gradient(std::span<const double>(at), std::span(slope));
            const auto kernel = loss.mean_gradient(x, 1.0);
            for (std::size_t i = 0; i < 8; ++i) CHECK_THAT(slope[i], WithinAbs(kernel.at[7 - i], 1e-13));
        }
}
