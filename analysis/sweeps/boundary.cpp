#include "analysis/sweeps/boundary.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <bit>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "analysis/require.hpp"
#include "analysis/statistics/significance.hpp"

namespace noisetrap {
namespace {

using boost::math::cdf;
using boost::math::complement;

// From a place, a share in [0, 1] of the axis, to y.
double y_at(const BoundarySearch& search, double place) {
    if (place == 0) return search.from;
    if (place == 1) return search.to;
    if (!search.logarithmic) return std::lerp(search.from, search.to, place);
    return search.from * std::pow(search.to / search.from, place);
}

// dy/dplace
double slope_at(const BoundarySearch& search, double place) {
    if (!search.logarithmic) return search.to - search.from;
    return y_at(search, place) * std::log(search.to / search.from);
}

// Looks after 1, 2, 4, ... and most_batches batches.
int looks(const BoundarySearch& search) {
    return 1 + static_cast<int>(std::bit_width(search.most_batches - 1));
}

// Points of a column. A pair at the thirds of a bracket leaves two thirds of it at most: so a bracket of one
// spacing takes `pairs` pairs, and a few points more where noise ends the search.
std::size_t most_points(const BoundarySearch& search) {
    const double spacings = static_cast<double>(search.coarse - 1);
    const double pairs = std::ceil(std::max(1.0, -std::log(search.accuracy * spacings) / std::log(1.5)));
    return search.coarse + (search.coarse - 1) * 2 * static_cast<std::size_t>(pairs + 2);
}

// The odds of a wrong sign at one look, where all looks at all points together may go wrong with `error`.
double error_of_look(const BoundarySearch& search) {
    return bonferroni_level(search.error, search.columns * most_points(search)) / looks(search);
}

double rows_of(const Moments& rows) { return static_cast<double>(rows.count); }

/// The estimate where the mean is finite.
Estimate estimate_of(const BoundarySearch& search, const Moments& rows) {
    if (!search.odds || rows.count == 0) return rows.mean_estimate();
    return {rows.mean, cautious_proportion(rows.mean * rows_of(rows), rows_of(rows)).standard_error};
}

// The odds that a mean at the level would lie this far on its side of it, or farther.
double odds_of_side(const BoundarySearch& search, const Moments& rows) {
    if (search.odds) {
        const boost::math::binomial law(rows_of(rows), search.level);
        const double hits = std::round(rows.mean * rows_of(rows));
        if (rows.mean < search.level) return cdf(law, hits);
        return hits > 0 ? cdf(complement(law, hits - 1)) : 1;
    }
    return odds_by_chance(rows, search.level);
}

int sign_of(const BoundarySearch& search, const Moments& rows) {
    if (rows.count < 2 || !(odds_of_side(search, rows) <= error_of_look(search))) return 0;
    return rows.mean < search.level ? -1 : 1;
}

struct Point {
    double place;
    std::uint64_t first_look = 1;
    BatchRows all = {};
    std::uint64_t batches = 0;
    int sign = 0;
    bool minus_infinite = false;
};

struct Bracket {
    const Point *low, *high;
    double width() const { return high->place - low->place; }
    double at(double share) const { return low->place + share * width(); }
    bool encloses(const Point& p) const { return low->place < p.place && p.place < high->place; }
};

struct Root {
    double place, standard_error;
};

// The root that becomes -c0/c1 as c2 -> 0, and its error by the delta method.
Root root_of_parabola(const Eigen::Vector3d& c, const Eigen::Matrix3d& covariance) {
    const double slope = std::copysign(std::sqrt(std::max(0.0, c[1] * c[1] - 4 * c[0] * c[2])), c[1]);
    const double u = -2 * c[0] / (c[1] + slope);
    const Eigen::Vector3d powers(1, u, u * u);
    return {u, std::sqrt(powers.dot(covariance * powers)) / std::abs(slope)};
}

// One value of x: what is known along y, and what should be looked at next.
class Column {
    const BoundarySearch* search_;
    std::size_t number_;
    std::map<double, Point> points_;  // by place
    std::vector<Point*> coarse_;

    bool exhausted(const Point& p) const { return p.sign == 0 && p.batches >= search_->most_batches; }
    bool open(const Point& p) const { return p.sign == 0 && !exhausted(p); }
    Point* point_near(double place);
    Point* point_in(const Bracket& bracket, double place);
    std::vector<double> next_places(const Bracket& bracket) const;
    std::vector<Point*> open_coarse() const;
    std::vector<Point*> open_in_brackets();
    Root root(const Bracket& bracket) const;

  public:
    Column(const BoundarySearch& search, std::size_t number);
    Column(Column&&) = default;  // never copied: coarse_ points into points_
    std::vector<Point*> wanted();
    std::vector<Bracket> brackets() const;
    Crossing crossing(const Bracket& bracket) const;
    Visit visit(const Point&) const;
    const std::map<double, Point>& points() const { return points_; }
};

Column::Column(const BoundarySearch& search, std::size_t number) : search_(&search), number_(number) {
    const auto last = static_cast<double>(search.coarse - 1);
    for (std::size_t i = 0; i < search.coarse; ++i) {
        const double place = static_cast<double>(i) / last;
        coarse_.push_back(&points_.emplace(place, Point{.place = place}).first->second);
    }
}

// The first look. A lone undecided point between opposite signs need not be decided: its neighbours are the
// bracket.
std::vector<Point*> Column::open_coarse() const {
    std::vector<Point*> wanted;
    for (std::size_t i = 0; i < coarse_.size(); ++i) {
        const bool inner = i > 0 && i + 1 < coarse_.size();
        const bool lone = inner && coarse_[i - 1]->sign * coarse_[i + 1]->sign < 0;
        if (!lone && open(*coarse_[i])) wanted.push_back(coarse_[i]);
    }
    return wanted;
}

std::vector<Bracket> Column::brackets() const {
    std::vector<Bracket> found;
    const Point* before = nullptr;
    for (const auto& [place, point] : points_) {
        if (point.sign == 0) continue;
        if (before && before->sign != point.sign) found.push_back({before, &point});
        before = &point;
    }
    return found;
}

// Two points at thirds: whichever is decided first narrows the bracket. A midpoint alone could lie on the
// root, where no number of batches decides it; of the thirds one is a sixth of the bracket away at least.
// Where noise has left points undecided for good, the gaps beside them are halved while that promises much.
std::vector<double> Column::next_places(const Bracket& bracket) const {
    double first = bracket.high->place, last = bracket.low->place;
    for (const auto& [place, point] : points_)
        if (bracket.encloses(point) && exhausted(point)) first = std::min(first, place), last = place;
    if (first > last) return {bracket.at(1.0 / 3), bracket.at(2.0 / 3)};
    std::vector<double> places;
    const double worth = std::max(search_->accuracy / 2, bracket.width() / 8);
    if (first - bracket.low->place > worth) places.push_back(std::midpoint(bracket.low->place, first));
    if (bracket.high->place - last > worth) places.push_back(std::midpoint(last, bracket.high->place));
    return places;
}

// Places that differ by rounding are one point.
Point* Column::point_near(double place) {
    const double tolerance = search_->accuracy / 100;
    const auto at = points_.lower_bound(place - tolerance);
    return at != points_.end() && at->first <= place + tolerance ? &at->second : nullptr;
}

// Nearer to the root than the bracket's farther end a point is hardly decided with fewer batches than that
// end: there are no looks before. It is taken to be the end that took fewer.
Point* Column::point_in(const Bracket& bracket, double place) {
    if (Point* known = point_near(place)) return known;
    if (points_.size() >= most_points(*search_)) return nullptr;
    const auto first_look = std::min(bracket.low->batches, bracket.high->batches);
    return &points_.emplace(place, Point{.place = place, .first_look = first_look}).first->second;
}

std::vector<Point*> Column::open_in_brackets() {
    std::vector<Point*> wanted;
    for (const Bracket& bracket : brackets()) {
        if (bracket.width() <= search_->accuracy) continue;
        for (const double place : next_places(bracket))
            if (Point* point = point_in(bracket, place); point && open(*point)) wanted.push_back(point);
    }
    return wanted;
}

std::vector<Point*> Column::wanted() {
    auto first = open_coarse();
    return first.empty() ? open_in_brackets() : first;
}

// Least squares, f = c0 + c1 u + c2 u^2, u the distance from the bracket's middle in units of its width, over
// the points no farther than a width from the bracket, undecided ones too, with all their batches. A sign is
// found sooner where chance carries the mean away from the level, yet the errors of all batches that were
// ever asked for sum to 0 on average (a stopped martingale). The bend c2 has a prior: the slope changes by
// its own size over an eighth of the axis. In a narrow bracket that leaves a line, in a wide one the data
// say, and the standard error includes what they leave open. No point counts as known better than to a
// thousandth of the rise over the bracket: functions without noise are no parabolas either.
Root Column::root(const Bracket& bracket) const {
    const double width = bracket.width();
    if (bracket.low->minus_infinite || bracket.high->minus_infinite)
        return {bracket.at(0.5), width / std::sqrt(12.0)};
    const double rise = bracket.high->all.rows.mean - bracket.low->all.rows.mean;
    const Eigen::Vector4d prior = Eigen::Vector4d(0, 0, 1, 0) / (4 * width * std::abs(rise));
    Eigen::Matrix4d products = prior * prior.transpose();  // of 1, u, u^2 and f, each over the error of f
    for (const auto& [place, point] : points_) {
        const double u = (place - bracket.at(0.5)) / width;
        const bool beyond_another_root = point.sign * rise * u < 0;
        const bool unknown = point.all.rows.count < 2 || point.minus_infinite;
        if (std::abs(u) > 1.5 || unknown || beyond_another_root) continue;
        const auto [f, error] = estimate_of(*search_, point.all.rows);
        const Eigen::Vector4d row =
            Eigen::Vector4d(1, u, u * u, f - search_->level) / std::max(error, 1e-3 * std::abs(rise));
        products += row * row.transpose();
    }
    const Eigen::Matrix3d covariance = products.topLeftCorner<3, 3>().inverse();
    const auto [u, error] = root_of_parabola(covariance * products.topRightCorner<3, 1>(), covariance);
    return {std::clamp(bracket.at(0.5) + u * width, bracket.low->place, bracket.high->place), error * width};
}

Visit Column::visit(const Point& p) const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto mean = p.minus_infinite ? Estimate{-infinity} : estimate_of(*search_, p.all.rows);
    return {number_, y_at(*search_, p.place), mean, p.batches, p.sign};
}

Crossing Column::crossing(const Bracket& bracket) const {
    const auto [place, error] = root(bracket);
    return {number_,
            bracket.low->sign < 0,
            y_at(*search_, place),
            error * slope_at(*search_, place),
            y_at(*search_, bracket.low->place),
            y_at(*search_, bracket.high->place)};
}

void check(const BoundarySearch& s) {
    require(std::isfinite(s.from) && std::isfinite(s.to) && s.from < s.to,
            "an axis must rise, between finite ends");
    require(!s.logarithmic || s.from > 0, "a logarithmic axis must be positive");
    require(std::isfinite(s.level) && (!s.odds || (s.level > 0 && s.level < 1)),
            "the level must be finite, and for odds lie between 0 and 1");
    require(s.error > 0 && s.error < 1, "the odds of error must lie between 0 and 1");
    require(s.accuracy > 0 && s.accuracy < 1, "the accuracy must be a share of the axis");
    require(s.columns > 0 && s.coarse >= 2 && s.most_batches > 0,
            "a boundary needs columns, two points in each at least, and batches");
}

// What one point wants of a round.
struct Ask {
    std::size_t column;
    Point* point;
    std::uint64_t batches;
};

std::uint64_t batches_to_next_look(const BoundarySearch& search, const Point& p) {
    const auto next = p.batches == 0 ? p.first_look : 2 * p.batches;
    return std::min(next, search.most_batches) - p.batches;
}

void take(const BoundarySearch& search, const std::vector<Ask>& asks, const std::vector<BatchRows>& answers) {
    for (const auto& [rows, fallen] : answers)
        require(!search.odds || (rows.mean >= 0 && rows.mean <= 1 && fallen == 0),
                "rows must be 0 or 1 where odds are sought");
    auto answer = answers.begin();
    for (const auto& [column, point, batches] : asks) {
        for (std::uint64_t i = 0; i < batches; ++i) point->all.merge(*answer++);
        point->batches += batches;
        point->minus_infinite = point->all.fallen > 0 &&
                                !search.falls_by_chance({column, y_at(search, point->place)}, point->all);
        point->sign = point->minus_infinite ? -1 : sign_of(search, point->all.rows);
    }
}

// One round of all columns; false where nobody asks.
bool advance(const BoundarySearch& search, std::vector<Column>& columns, const BatchSampler& sample) {
    std::vector<Ask> asks;
    std::vector<BatchRequest> requests;
    for (std::size_t i = 0; i < columns.size(); ++i)
        for (Point* point : columns[i].wanted()) {
            asks.push_back({i, point, batches_to_next_look(search, *point)});
            requests.insert(requests.end(), asks.back().batches, {i, y_at(search, point->place)});
        }
    if (asks.empty()) return false;
    const auto answers = sample(requests);
    require(answers.size() == requests.size(), "a sampler must answer every request once");
    take(search, asks, answers);
    return true;
}

}  // namespace

BatchRows BatchRows::of(std::span<const double> rows) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return {Moments::of(rows), static_cast<std::uint64_t>(std::count(rows.begin(), rows.end(), -infinity))};
}

void BatchRows::merge(const BatchRows& other) {
    rows.merge(other.rows);
    fallen += other.fallen;
}

Boundary find_boundary(const BoundarySearch& search, const BatchSampler& sample) {
    check(search);
    std::vector<Column> columns;
    for (std::size_t i = 0; i < search.columns; ++i) columns.emplace_back(search, i);
    while (advance(search, columns, sample)) {
    }
    Boundary found;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        for (const Bracket& bracket : columns[i].brackets())
            found.crossings.push_back(columns[i].crossing(bracket));
        for (const auto& [place, p] : columns[i].points()) {
            found.visits.push_back(columns[i].visit(p));
            found.batches += p.batches;
        }
    }
    return found;
}

}  // namespace noisetrap
