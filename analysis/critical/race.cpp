#include "analysis/critical/race.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "analysis/critical/eigenvectors.hpp"
#include "analysis/critical/first_order.hpp"
#include "analysis/critical/ways_out.hpp"
#include "analysis/spectra/lanczos.hpp"

namespace noisetrap {
namespace {

constexpr std::uint64_t most_steps = 20000, most_gradients = 40000;
constexpr std::size_t most_whole = 200, krylov_vectors = 10;
constexpr double momentum = 0.9, adam_rate = 0.001;

class Race {
    const Landscape& landscape_;
    const StartingLine& line_;
    Point start_;

    double distance_along(const Point& x) const {
        const auto n = static_cast<Eigen::Index>(x.size());
        const auto ways = static_cast<Eigen::Index>(line_.ways_out.size() / x.size());
        const Eigen::Map<const Eigen::MatrixXd> basis(line_.ways_out.data(), n, ways);
        return (basis.transpose() * (as_vector(x) - as_vector(line_.saddle))).norm();
    }

  public:
    Race(const Landscape& landscape, const StartingLine& line)
        : landscape_(landscape), line_(line), start_(line.saddle) {
        const auto direction = random_direction(start_.size());
        const double length = as_vector(direction).norm();
        for (std::size_t i = 0; i < start_.size(); ++i) start_[i] += line.start * direction[i] / length;
    }
    double parameters() const { return static_cast<double>(start_.size()); }

    WayOut run(const char* name, std::string settings, double memory,
               const std::function<Evaluations(const Landscape&, Point&)>& step) const {
        WayOut way{name, std::move(settings), memory, 0, 0, 0, false, true};
        Point x = start_;
        Evaluations spent;
        std::uint64_t steps = 0;
        while (!way.leaves && steps < most_steps && spent.total() < most_gradients) {
            line_.stop.check();
            spent += step(landscape_, x);
            ++steps;
            const double away = distance_along(x);
            if (!std::isfinite(away)) break;
            way.leaves = away >= line_.far;
        }
        way.steps = static_cast<double>(steps);
        way.cost = static_cast<double>(spent.total()) * line_.samples;
        way.cost_per_step = way.cost / way.steps;
        return way;
    }
};

void append_first_order(std::vector<WayOut>& ways, const Race& race, double curvature) {
    const double n = race.parameters(), rate = 1 / curvature;
    const auto add = [&](const char* name, std::string settings, double vectors, auto optimiser) {
        Descent descent(optimiser);
        ways.push_back(race.run(name, std::move(settings), vectors * n,
                                [&](const Landscape& f, Point& x) { return descent.step(f, x); }));
    };
    add("gradient descent", fmt::format("l = 1/|H| = {:.3g}", rate), 2, Sgd{rate});
    const auto with_momentum = fmt::format("l = 1/|H|, momentum {:g}", momentum);
    add("heavy ball", with_momentum, 3, Momentum{rate, momentum});
    add("Nesterov", with_momentum, 3, Nesterov{rate, momentum});
    add("Adam", fmt::format("l = {:g}", adam_rate), 4, Adam{{adam_rate, 0.9, 0.999, 1e-8}});
}

void append_second_order(std::vector<WayOut>& ways, const Race& race, double a, double far) {
    const double n = race.parameters(), damping = a / 10;
    const std::size_t vectors = std::min(krylov_vectors, static_cast<std::size_t>(n));
    ways.push_back(race.run("saddle-free Newton, Krylov", fmt::format("{} vectors, damping a/10", vectors),
                            static_cast<double>(vectors + 3) * n, [&](const Landscape& f, Point& x) {
                                return krylov_saddle_free_step(f, x, 1, damping, vectors);
                            }));
    if (n <= static_cast<double>(most_whole))
        ways.push_back(race.run(
            "saddle-free Newton", "damping a/10", 2 * n * n + 2 * n,
            [&](const Landscape& f, Point& x) { return saddle_free_newton_step(f, x, 1, damping); }));
    const CurvatureSteps along{std::numeric_limits<double>::infinity(), 2 * far, 0, a / 2};
    ways.push_back(
        race.run("negative curvature", "Lanczos to 1e-12", std::min(120.0, n) * n + 3 * n,
                 [&](const Landscape& f, Point& x) { return negative_curvature_step(f, x, along).cost; }));
}

}  // namespace

std::vector<WayOut> race(const Landscape& landscape, const StartingLine& line) {
    std::vector<WayOut> ways;
    const Race race(landscape, line);
    append_first_order(ways, race, line.curvature);
    append_second_order(ways, race, line.a, line.far);
    return ways;
}

void sort_by_cost(std::vector<WayOut>& ways) {
    std::stable_sort(ways.begin(), ways.end(), [](const WayOut& one, const WayOut& other) {
        return one.leaves != other.leaves ? one.leaves : one.leaves && one.cost < other.cost;
    });
}

std::string cheapest_sentence(const std::vector<WayOut>& ways, const char* gradients) {
    const auto& best = ways.front();
    if (!best.leaves) return "None of the optimisers that were tried leaves this point within the budget.";
    return fmt::format(
        "Take {} ({}): it leaves after about {:.3g} steps and {:.3g} {}, the fewest of all that were tried, "
        "and keeps {:.3g} numbers.",
        best.name, best.settings, best.steps, best.cost, gradients, best.memory);
}

std::string curvature_sentence(double a, double curvature) {
    const double share = a / curvature;
    const auto measured =
        fmt::format("The way out is {:.3g} times as steep as the steepest wall (a/|H|): ", share);
    if (share > 0.05) return measured + "gradient descent is fast there, and second derivatives do not pay.";
    return measured +
           fmt::format(
               "gradient descent needs about {:.3g} steps to double the distance, so that momentum or "
               "second derivatives may pay.",
               std::log(2.0) / std::log1p(share));
}

}  // namespace noisetrap
