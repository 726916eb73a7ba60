#include "analysis/critical/training_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "analysis/critical/eigenvectors.hpp"
#include "analysis/critical/hessian.hpp"
#include "analysis/spectra/lanczos.hpp"
#include "engine/error.hpp"
#include "engine/statistics/workers.hpp"

namespace noisetrap {
namespace {

using Vector = Eigen::VectorXd;

double distance(const Point& a, const Point& b) { return (as_vector(a) - as_vector(b)).norm(); }

/// Eigenvalues or Ritz values, and the vector of the smallest.
struct Bends {
    std::vector<double> values;
    double bound;
    Vector lowest;
    bool whole;
};

Bends whole_bends(const Landscape& landscape, const Point& x) {
    const auto hessian = dense_hessian(landscape, x);
    const auto solver = eigenvectors_of(as_matrix(hessian, x.size()));
    return {
        {solver.eigenvalues().begin(), solver.eigenvalues().end()}, 0, solver.eigenvectors().col(0), true};
}

Bends partial_bends(const Landscape& landscape, const Point& x, std::size_t steps) {
    const Product product = [&](std::span<const double> v, std::span<double> p) {
        landscape.hessian_times(x, v, p);
    };
    const auto krylov = lanczos(product, random_direction(x.size()), steps);
    const auto ritz = ritz_values(krylov);
    return {ritz.values, ritz.bounds.front(), as_vector(lowest_ritz_vector(krylov)), false};
}

/// Along a symmetry the loss stays and the slope turns, so that away from critical points H is of the size of g/|x|.
double threshold_of(const Landscape& landscape, const Point& x, double gradient, double size, double zero) {
    refuse_a_high_threshold("analyse.zero", zero, size, "at a checkpoint");
    if (zero > 0) return zero;
    const bool has_symmetries = !landscape.generators(x).empty();
    return std::max(rounding_of_zero * size, has_symmetries ? gradient / (1 + as_vector(x).norm()) : 0);
}

/// Ritz values are those of H within a space, so that H has at least as many eigenvalues below any number (Cauchy).
RunPlace place_at(const Landscape& landscape, const Point& x, const RunQuestions& ask) {
    RunPlace place;
    Point slope(x.size());
    landscape.gradient(x, slope);
    place.loss = landscape.value(x);
    place.gradient = as_vector(slope).norm();
    if (!std::isfinite(place.loss) || !std::isfinite(place.gradient))
        throw std::domain_error("the loss or its gradient is not finite");
    auto bends = x.size() <= ask.whole ? whole_bends(landscape, x) : partial_bends(landscape, x, ask.lanczos);
    place.smallest = bends.values.front(), place.largest = bends.values.back();
    place.bound = bends.bound;
    const double size = std::max(std::abs(place.smallest), std::abs(place.largest));
    place.threshold = threshold_of(landscape, x, place.gradient, size, ask.zero);
    place.index = static_cast<std::size_t>(std::count_if(
        bends.values.begin(), bends.values.end(), [&](double value) { return value < -place.threshold; }));
    place.index_is_exact = bends.whole;
    double along = bends.lowest.dot(as_vector(slope));
    if (along > 0) bends.lowest = -bends.lowest;
    place.downhill = place.gradient > 0 ? std::abs(along) / place.gradient : 0;
    place.escape.assign(bends.lowest.begin(), bends.lowest.end());
    return place;
}

/// What lies between a checkpoint and the next, along the way out of the first.
void look_ahead(RunPlace& place, const Point& here, const Point& next) {
    const Vector move = as_vector(next) - as_vector(here);
    if (move.norm() > 0) place.ahead = move.dot(as_vector(place.escape)) / move.norm();
}

/// Critical points near checkpoints, each with all places of its family that searches have ended at.
class Neighbourhood {
    const Landscape& landscape_;
    const TrainingRun& run_;
    const RunQuestions& ask_;
    RunAnalysis& found_;
    std::vector<std::pair<Point, std::size_t>> ends_;  // and the visit that each belongs to

    double reach(const Point& x) const { return ask_.near * (1 + as_vector(x).norm()); }

    /// The nearest end of a search that the checkpoint is near to.
    void settle(std::size_t k) {
        auto& place = found_.places[k];
        place.visit.reset();
        for (const auto& [end, visit] : ends_) {
            const double away = distance(run_.points[k], end);
            if (away > reach(end) || (place.visit && away >= place.distance)) continue;
            place.visit = visit, place.distance = away;
        }
    }
    void search_from(std::size_t k) {
        ++found_.searches;
        auto end = search(landscape_, run_.points[k], ask_.search);
        if (end.outcome != Outcome::converged || distance(end.x, run_.points[k]) > reach(end.x)) {
            ++found_.elsewhere;
            return;
        }
        FoundPoint point{std::move(end.x), {}, 0, {}};
        point.kind = classify(landscape_, point.at);
        const auto seen = std::find_if(found_.visits.begin(), found_.visits.end(), [&](const Stay& visit) {
            return same_point(landscape_, point, visit.point);
        });
        ends_.emplace_back(point.at, static_cast<std::size_t>(seen - found_.visits.begin()));
        if (seen != found_.visits.end()) return;
        point.known = known_point(landscape_, found_.known, point);
        found_.visits.push_back({std::move(point), 0, 0, 0, 0});
    }
    /// Steps that a checkpoint stands for.
    double share(std::size_t k) const {
        const auto& steps = run_.steps;
        return (steps[std::min(k + 1, steps.size() - 1)] - steps[k > 0 ? k - 1 : 0]) / 2;
    }
    void count() {
        for (std::size_t k = 0; k < run_.points.size(); ++k) {
            const auto& place = found_.places[k];
            if (!place.visit) continue;
            auto& visit = found_.visits[*place.visit];
            if (visit.point.found == 0) visit.from = run_.steps[k], visit.closest = place.distance;
            ++visit.point.found;
            visit.steps += share(k);
            visit.to = run_.steps[k];
            visit.closest = std::min(visit.closest, place.distance);
        }
    }
    /// A search may end at a point to which others have proved nearer.
    void sort_by_time() {
        std::vector<std::size_t> order(found_.visits.size()), place(order.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::erase_if(order, [&](std::size_t v) { return found_.visits[v].point.found == 0; });
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return found_.visits[a].from < found_.visits[b].from;
        });
        std::vector<Stay> sorted;
        for (const auto v : order) {
            place[v] = sorted.size();
            sorted.push_back(std::move(found_.visits[v]));
        }
        found_.visits = std::move(sorted);
        for (auto& at : found_.places)
            if (at.visit) at.visit = place[*at.visit];
    }

  public:
    Neighbourhood(const Landscape& landscape, const TrainingRun& run, const RunQuestions& ask,
                  RunAnalysis& found)
        : landscape_(landscape), run_(run), ask_(ask), found_(found) {}

    void find() {
        std::vector<std::size_t> order(run_.points.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return found_.places[a].gradient < found_.places[b].gradient;
        });
        for (const auto k : order) {
            if (found_.searches == ask_.searches) break;
            ask_.search.stop.check();
            settle(k);
            if (!found_.places[k].visit) search_from(k);
        }
        for (std::size_t k = 0; k < run_.points.size(); ++k) settle(k);
        count();
        sort_by_time();
    }
};

}  // namespace

RunAnalysis analyse(const Landscape& landscape, const TrainingRun& run, const RunQuestions& ask,
                    Workers& workers) {
    RunAnalysis found;
    found.known = landscape.points();
    found.places.resize(run.points.size());
    workers.for_each(static_cast<int>(run.points.size()), [&](int number) {
        const auto k = static_cast<std::size_t>(number);
        ask.search.stop.check();
        try {
            found.places[k] = place_at(landscape, run.points[k], ask);
        } catch (const std::domain_error& error) {
            throw SettingError("analyse.run", fmt::format("holds a checkpoint, of step {:g}, at which {}",
                                                          run.steps[k], error.what()));
        }
        if (k + 1 < run.points.size()) look_ahead(found.places[k], run.points[k], run.points[k + 1]);
    });
    Neighbourhood(landscape, run, ask, found).find();
    return found;
}

}  // namespace noisetrap
