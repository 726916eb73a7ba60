#include "analysis/critical/survey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "engine/error.hpp"
#include "engine/noise/streams.hpp"
#include "engine/noise/variates.hpp"
#include "engine/statistics/workers.hpp"

namespace noisetrap {
namespace {

constexpr double same_loss = 1e-8, same_invariant = 1e-4;  // of 1 + their size

bool near(double a, double b, double share) { return std::abs(a - b) <= share * (1 + std::abs(b)); }

bool same_invariants(const std::vector<double>& a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!near(a[i], b[i], same_invariant)) return false;
    return true;
}

/// Points in the order of their first start become points in the order of their loss, and those of one loss in the order of
/// their index.
void sort_by_loss(Survey& survey) {
    std::vector<std::size_t> order(survey.points.size()), place(order.size());
    std::iota(order.begin(), order.end(), 0u);
    const auto kind = [&](std::size_t k) -> const auto& { return survey.points[k].kind; };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return kind(a).loss < kind(b).loss; });
    for (auto first = order.begin(); first != order.end();) {
        const auto end = std::find_if(first, order.end(), [&](std::size_t k) {
            return !near(kind(k).loss, kind(*first).loss, same_loss);
        });
        std::stable_sort(first, end,
                         [&](std::size_t a, std::size_t b) { return kind(a).index < kind(b).index; });
        first = end;
    }
    std::vector<FoundPoint> sorted;
    for (std::size_t k = 0; k < order.size(); ++k) {
        place[order[k]] = k;
        sorted.push_back(std::move(survey.points[order[k]]));
    }
    survey.points = std::move(sorted);
    for (auto& end : survey.ends)
        if (end.point) end.point = place[*end.point];
}

void add(const Landscape& landscape, Survey& survey, StartEnd end, FoundPoint point) {
    const auto seen = std::find_if(survey.points.begin(), survey.points.end(),
                                   [&](const auto& other) { return same_point(landscape, point, other); });
    end.point = static_cast<std::size_t>(seen - survey.points.begin());
    if (seen == survey.points.end()) {
        point.known = known_point(landscape, survey.known, point);
        survey.points.push_back(std::move(point));
    }
    ++survey.points[*end.point].found;
    survey.ends.push_back(end);
}

/// One start to its end, and what that is where it converged.
void follow(const Landscape& landscape, const SurveySettings& settings, std::size_t number, SearchEnd& end,
            PointKind& kind) try {
    settings.search.stop.check();
    end = search(landscape, start_of(settings, landscape.size(), number), settings.search);
    if (end.outcome != Outcome::converged) return;
    landscape.normalise(end.x);
    kind = classify(landscape, end.x, settings.zero);
} catch (const std::domain_error& error) {
    throw SettingError("search.spread", fmt::format("= {:g} leads start {} to where {}", settings.spread,
                                                    number, error.what()));
}

}  // namespace

bool same_point(const Landscape& landscape, const FoundPoint& a, const FoundPoint& b) {
    return near(a.kind.loss, b.kind.loss, same_loss) && a.kind.index == b.kind.index &&
           a.kind.flat == b.kind.flat &&
           same_invariants(landscape.invariants(a.at), landscape.invariants(b.at));
}

std::optional<std::size_t> known_point(const Landscape& landscape, const std::vector<KnownPoint>& known,
                                       const FoundPoint& point) {
    const auto invariants = landscape.invariants(point.at);
    std::optional<std::size_t> best;
    for (std::size_t k = 0; k < known.size(); ++k) {
        if (!near(point.kind.loss, known[k].loss, same_loss) ||
            !same_invariants(invariants, landscape.invariants(known[k].at)))
            continue;
        if (!best || known[k].index == point.kind.index) best = k;
    }
    return best;
}

std::uint64_t Survey::count(Outcome outcome) const {
    return static_cast<std::uint64_t>(
        std::count_if(ends.begin(), ends.end(), [&](const auto& end) { return end.outcome == outcome; }));
}

std::uint64_t Survey::found(std::size_t known_point) const {
    std::uint64_t sum = 0;
    for (const auto& point : points)
        if (point.known == known_point) sum += point.found;
    return sum;
}

Point start_of(const SurveySettings& settings, std::size_t size, std::uint64_t number) {
    Point start(size);
    for (std::size_t i = 0; i < size; ++i)
        start[i] =
            settings.spread * variate_of<double>(settings.seed, Stream::start, number, i, Law::gaussian);
    return start;
}

Survey survey(const Landscape& landscape, const SurveySettings& settings, Workers& workers) {
    std::vector<SearchEnd> ends(settings.starts);
    std::vector<PointKind> kinds(settings.starts);
    if (settings.deflate) {
        auto deflating = settings;
        for (std::size_t k = 0; k < ends.size(); ++k) {
            follow(landscape, deflating, k, ends[k], kinds[k]);
            if (ends[k].outcome == Outcome::converged)
                deflating.search.deflated.push_back(traits_of(landscape, ends[k].x));
        }
    } else {
        workers.for_each(static_cast<int>(settings.starts), [&](int k) {
            const auto number = static_cast<std::size_t>(k);
            follow(landscape, settings, number, ends[number], kinds[number]);
        });
    }
    Survey survey;
    survey.known = landscape.points();
    for (std::size_t k = 0; k < ends.size(); ++k) {
        survey.cost += ends[k].cost;
        const StartEnd end{ends[k].outcome, ends[k].loss, ends[k].gradient, {}};
        if (end.outcome == Outcome::converged)
            add(landscape, survey, end, {std::move(ends[k].x), std::move(kinds[k]), 0, {}});
        else
            survey.ends.push_back(end);
    }
    sort_by_loss(survey);
    return survey;
}

Survey survey_of_point(const Landscape& landscape, const SurveySettings& settings, const Point& x) {
    Survey survey;
    survey.known = landscape.points();
    auto kind = classify(landscape, x, settings.zero);
    const double size = std::max(std::abs(kind.smallest), std::abs(kind.largest));
    const double most = settings.search.tolerance * std::max(1.0, size);
    if (!(kind.gradient <= most))
        throw SettingError(
            "search.at",
            fmt::format("is not a critical point: |gradient| = {:.3g}, and at most {:.3g} counts as zero "
                        "(search.tolerance)",
                        kind.gradient, most));
    add(landscape, survey, {Outcome::converged, kind.loss, kind.gradient, {}}, {x, kind, 0, {}});
    return survey;
}

}  // namespace noisetrap
