#include "validation/many_dimensions.hpp"

#include <fmt/core.h>

#include <Eigen/Dense>
#include <cmath>
#include <functional>

#include "analysis/critical/first_order.hpp"
#include "analysis/critical/ways_out.hpp"
#include "analysis/spectra/lanczos.hpp"
#include "models/landscapes/landscapes.hpp"

namespace noisetrap {
namespace {

using Json = nlohmann::ordered_json;
using Step = std::function<Evaluations(const Landscape&, Point&)>;

const Point start = {0.1, 0.5, -0.4}, lower_start = {0.1, 0.45, -0.35};

/// Its lowest height over (x, y): along z it is 3 z^2/2 + x y z/4.
double height(const Landscape& loss, double x, double y) {
    return loss.value(std::vector{x, y, -x * y / 12});
}

Json surface(const Landscape& loss) {
    constexpr int columns = 60, rows = 40;
    Json x = Json::array(), y = Json::array(), f = Json::array();
    for (int j = 0; j <= columns; ++j) x.push_back(1.5 * (2.0 * j / columns - 1));
    for (int i = 0; i <= rows; ++i) {
        y.push_back(2.0 * i / rows - 1);
        Json& row = f.emplace_back(Json::array());
        for (const double at : x) row.push_back(height(loss, at, y.back()));
    }
    return {{"x", x}, {"y", y}, {"f", f}};
}

/// Where a run of an optimiser has been, and what it had cost when the loss was within 0.01 of the minimum.
struct Way {
    std::vector<double> x, y, f;
    std::uint64_t cost = 0;
    bool arrived = false;

    void add(const Landscape& loss, const Point& at) {
        x.push_back(at[0]), y.push_back(at[1]), f.push_back(height(loss, at[0], at[1]));
    }
};

Way followed(const Landscape& loss, const Step& step, int steps, const Point& from) {
    constexpr double minimum = -0.25, near = 0.01;
    Way way;
    Point at = from;
    way.add(loss, at);
    for (int n = 0; n < steps; ++n) {
        const auto cost = step(loss, at).total();
        if (!way.arrived) way.cost += cost;
        way.arrived |= loss.value(at) < minimum + near;
        way.add(loss, at);
    }
    return way;
}

/// A search has no single steps: each point is the end of one of so many.
Way searched(const Landscape& loss, SearchMethod method, std::uint64_t steps) {
    SearchSettings settings;
    settings.method = method;
    Way way;
    for (settings.steps = 0; settings.steps <= steps; ++settings.steps)
        way.add(loss, search(loss, start, settings).x);
    return way;
}

Json line(const char* label, const Way& way, bool into) {
    return {{"label", label}, {"x", way.x}, {"y", way.y}, {"into", into}};
}

template <class Optimiser>
Step first_order(Optimiser optimiser) {
    return [run = Descent(optimiser)](const Landscape& f, Point& x) mutable { return run.step(f, x); };
}

}  // namespace

Json ways_in_and_out() {
    const LandscapeOf loss{CoupledSaddle{}};
    auto data = surface(loss);
    const auto saddle_free = [](const Landscape& f, Point& x) {
        return saddle_free_newton_step(f, x, 1, 1e-4);
    };
    data["paths"] = {line("Newton", searched(loss, SearchMethod::newton, 6), true),
                     line("Levenberg–Marquardt on |gradient|²",
                          searched(loss, SearchMethod::levenberg_marquardt, 8), true),
                     line("saddle-free Newton", followed(loss, saddle_free, 6, start), false),
                     line("gradient descent", followed(loss, first_order(Sgd{0.1}), 60, start), false)};
    return data;
}

Json ways_out_surfaces() {
    const LandscapeOf loss{CoupledSaddle{}};
    auto data = surface(loss);
    const auto f = data["f"];
    data.erase("f");
    data["rows"] = {"Gradients alone", "Curvature or chance"};
    data["panels"] = Json::array();
    const auto add = [&](const char* title, int row, int column, const Step& step, int steps) {
        const auto way = followed(loss, step, steps, lower_start);
        const auto cost = way.arrived ? fmt::format("{} gradients to the minimum", way.cost)
                                      : fmt::format("not at the minimum after {} gradients", way.cost);
        data["panels"].push_back({{"title", title},
                                  {"row", row},
                                  {"column", column},
                                  {"f", f},
                                  {"note", cost},
                                  {"paths", {{{"x", way.x}, {"y", way.y}, {"f", way.f}}}}});
    };
    PerturbedDescent perturbed({0.1, 0.1, 0.3, 0, 10},
                               [](std::uint64_t n) { return kick_in_ball(3, 0.1, 1, 0, n); });
    add("gradient descent, l = 0.1", 0, 0, first_order(Sgd{0.1}), 60);
    add("heavy ball, l = 0.1, momentum 0.9", 0, 1, first_order(Momentum{0.1, 0.9}), 60);
    add("Adam, l = 0.1", 0, 2, first_order(Adam{{0.1, 0.9, 0.999, 1e-8}}), 60);
    add(
        "saddle-free Newton, Krylov", 1, 0,
        [](const Landscape& g, Point& x) { return krylov_saddle_free_step(g, x, 1, 0, 2); }, 6);
    add(
        "negative curvature", 1, 1,
        [](const Landscape& g, Point& x) {
            return negative_curvature_step(g, x, {0.6, 0.1, 0.1}).cost;
        },
        30);
    add(
        "perturbed descent", 1, 2, [&](const Landscape& g, Point& x) { return perturbed.step(g, x); }, 60);
    data["title"] = "Six ways out of one saddle";
    data["caption"] =
        "The same start, beside a saddle of three coordinates between two minima. Heights are those of the "
        "lowest point "
        "along the third. A Hessian–vector product counts as two gradients.";
    return data;
}

Json two_views_of_a_path() {
    constexpr Eigen::Index steps = 100, dimensions = 10;
    const LandscapeOf saddle{QuadraticSaddle{dimensions, 1, 0.5, 0.5, 0.3, 2}};
    const auto lowest =
        smallest_eigenvalue([&](std::span<const double> v,
                                std::span<double> p) { saddle.hessian_times(Point(dimensions), v, p); },
                            random_direction(dimensions), 1e-12, 100);
    const Eigen::Map<const Eigen::VectorXd> e(lowest.vector.data(), dimensions);
    Eigen::VectorXd x0 = Eigen::Map<const Eigen::VectorXd>(random_direction(dimensions).data(), dimensions);
    x0 += (0.01 - e.dot(x0)) * e;
    Point x(x0.begin(), x0.end());
    Eigen::MatrixXd path(dimensions, steps + 1);
    for (Eigen::Index n = 0; n <= steps; ++n) {
        path.col(n) = Eigen::Map<const Eigen::VectorXd>(x.data(), dimensions);
        gradient_step(saddle, x, 0.1);
    }
    const Eigen::VectorXd along = path.transpose() * e;
    const Eigen::MatrixXd centred = path.colwise() - path.rowwise().mean();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> components(centred * centred.transpose());
    Json data = {{"along", std::vector<double>(along.begin(), along.end())}};
    data["across"] = Json::array();
    for (Eigen::Index n = 0; n <= steps; ++n) data["across"].push_back((path.col(n) - along(n) * e).norm());
    const char* names[] = {"first", "second"};
    data["explained"] = Json::array(), data["cosines"] = Json::array();
    for (Eigen::Index k = 0; k < 2; ++k) {
        const Eigen::VectorXd direction = components.eigenvectors().col(dimensions - 1 - k);
        const Eigen::VectorXd scores = centred.transpose() * direction;
        data[names[k]] = std::vector<double>(scores.begin(), scores.end());
        data["explained"].push_back(components.eigenvalues()(dimensions - 1 - k) /
                                    components.eigenvalues().sum());
        data["cosines"].push_back(std::abs(direction.dot(e)));
    }
    return data;
}

}  // namespace noisetrap
