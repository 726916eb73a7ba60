// All critical points that many starts lead to, classified, counted up to symmetry and set beside those that theory
// knows.
#pragma once

#include <optional>
#include <string>

#include "analysis/critical/classify.hpp"
#include "analysis/critical/search.hpp"

namespace noisetrap {

class Workers;

struct SurveySettings {
    SearchSettings search;
    std::uint64_t starts = 200, seed = 1;
    double spread = 1;  // standard deviation of each coordinate of a start
    double zero = 0;    // as in classify
    bool deflate =
        false;  // each search keeps away from the points of those before it, so that one follows the other
};

/// A point that `found` of the starts have led to, or to one that is the same but for a symmetry.
struct FoundPoint {
    Point at;
    PointKind kind;
    std::uint64_t found = 0;
    std::optional<std::size_t> known;  // place in the list of known points
};

/// How a start ended.
struct StartEnd {
    Outcome outcome;
    double loss, gradient;
    std::optional<std::size_t> point;  // of the found ones, where it converged
};

struct Survey {
    std::vector<StartEnd> ends;      // of the starts, in their order
    std::vector<FoundPoint> points;  // rising in loss
    std::vector<KnownPoint> known;
    Evaluations cost;

    std::uint64_t count(Outcome) const;
    /// Starts that have led to a known point.
    std::uint64_t found(std::size_t known_point) const;
};

/// Whether two points are the same but for a symmetry: by loss, index, zeros and the landscape's invariants.
bool same_point(const Landscape&, const FoundPoint&, const FoundPoint&);
/// Its place on theory's list, by loss and invariants; of several that have the same, the one whose index is right.
std::optional<std::size_t> known_point(const Landscape&, const std::vector<KnownPoint>&, const FoundPoint&);

/// Coordinate i of start k is a variate of the engine's, of path k at step i: nothing depends on threads.
Point start_of(const SurveySettings&, std::size_t size, std::uint64_t number);

/// Throws SettingError where a start leads to what is not finite, and as classify does; Interrupted.
Survey survey(const Landscape&, const SurveySettings&, Workers&);
/// Classifies one point instead. Throws SettingError where it is not critical within the tolerance.
Survey survey_of_point(const Landscape&, const SurveySettings&, const Point&);

}  // namespace noisetrap
