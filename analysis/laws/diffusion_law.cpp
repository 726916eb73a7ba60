#include "analysis/laws/diffusion_law.hpp"

#include <algorithm>
#include <boost/math/special_functions/legendre.hpp>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>

#include "analysis/growth/roots.hpp"
#include "analysis/require.hpp"

namespace noisetrap {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
// Below the peak by e^-60 a density may end; by e^-1e5 nothing follows.
constexpr double negligible = 60, hopeless = 1e5;
// A law is no narrower than e^-32 of the place of its peak, and what holds less than e^-43 of that counts for nothing.
constexpr double uncounted = 75;
constexpr double resolved = 1e-11;
constexpr int decades = 30, per_decade = 8;
constexpr int few_halvings = 5, most_halvings = 40;
constexpr std::size_t most_panels = 20000;

// The last two Legendre coefficients of a function at the nodes, beside its size.
double roughness(const NodeValues& values) {
    static const auto rows = [] {
        std::array<NodeValues, 2> made{};
        const auto& [node, weight, integral] = collocation();
        for (int row = 0; row < 2; ++row)
            for (std::size_t i = 0; i < collocation_nodes; ++i) {
                const int degree = static_cast<int>(collocation_nodes) - 2 + row;
                made[static_cast<std::size_t>(row)][i] =
                    weight[i] * boost::math::legendre_p(degree, node[i]) * (degree + 0.5);
            }
        return made;
    }();
    return std::abs(dot(rows[0], values)) + std::abs(dot(rows[1], values));
}

double largest(const NodeValues& values) { return *std::max_element(values.begin(), values.end()); }

double place_in(double left, double right, double node) { return left + (right - left) / 2 * (1 + node); }

// Even in log|x|, near a finite end other than 0 in the distance from it, and with the marks.
std::vector<double> places_in(const Stretch& stretch, const std::vector<double>& marks) {
    auto places = places_on_the_line(decades, per_decade);
    for (const double end : {stretch.low, stretch.high})
        for (int k = 1; std::isfinite(end) && k <= 7 * per_decade; ++k) {
            const double distance = std::abs(end) * std::pow(10.0, -static_cast<double>(k) / per_decade);
            places.push_back(end == stretch.low ? end + distance : end - distance);
        }
    places.insert(places.end(), marks.begin(), marks.end());
    if (std::isfinite(stretch.low) && std::isfinite(stretch.high))
        places.push_back(stretch.low + (stretch.high - stretch.low) / 2);
    std::erase_if(places, [&](double x) { return !stretch.contains(x); });
    std::sort(places.begin(), places.end());
    // Neighbours that differ by rounding alone make no cell.
    const auto same = [](double x, double y) { return std::abs(y - x) <= 1e-14 * std::abs(y); };
    places.erase(std::unique(places.begin(), places.end(), same), places.end());
    return places;
}

}  // namespace

double DiffusionLaw::drift_over_variance(double x) const {
    return 2 * diffusion_.drift(x) / diffusion_.variance(x);
}

double DiffusionLaw::rise(double left, double right, int depth) const {
    const auto& [node, weight, integral] = collocation();
    NodeValues slope;
    for (std::size_t i = 0; i < collocation_nodes; ++i)
        slope[i] = drift_over_variance(place_in(left, right, node[i]));
    const double half = (right - left) / 2, all = half * dot(weight, slope);
    if (depth == 0 || !std::isfinite(all) || half * roughness(slope) <= 1e-10 * (1 + std::abs(all)))
        return all;
    const double middle = left + half;
    return rise(left, middle, depth - 1) + rise(middle, right, depth - 1);
}

// From `start` outwards, to where the density is hopelessly small beyond all marks.
void DiffusionLaw::follow(const std::vector<double>& places, std::size_t start) {
    places_ = places;
    phi_.assign(places.size(), 0);
    log_.assign(places.size(), -infinity);
    log_[start] = -std::log(diffusion_.variance(places[start]));
    peak_ = log_[start];
    std::size_t highest = start;
    for (const int direction : {-1, 1}) {
        std::size_t i = start;
        while (direction < 0 ? i > 0 : i + 1 < places.size()) {
            const std::size_t next = direction < 0 ? i - 1 : i + 1;
            const double left = std::min(places[i], places[next]), right = std::max(places[i], places[next]);
            phi_[next] = phi_[i] + direction * rise(left, right, few_halvings);
            log_[next] = phi_[next] - std::log(diffusion_.variance(places[next]));
            if (!std::isfinite(log_[next])) {
                require(log_[i] < peak_ - negligible,
                        "the drift or the noise is not finite where a stationary law would have probability");
                break;
            }
            if (log_[next] > peak_) peak_ = log_[next], highest = next;
            i = next;
            if (log_[i] < peak_ - hopeless) break;
        }
        (direction < 0 ? first_ : last_) = i;
    }
    floor_ = std::log(std::max(std::abs(places[highest]), 1e-30)) - uncounted;
}

DiffusionLaw::Panel DiffusionLaw::panel(double left, double right, double phi) const {
    const auto& [node, weight, integral] = collocation();
    const double half = (right - left) / 2;
    Panel made{left, right, phi, {}, {}, 0};
    NodeValues slope;
    for (std::size_t i = 0; i < collocation_nodes; ++i)
        slope[i] = drift_over_variance(place_in(left, right, node[i]));
    for (std::size_t i = 0; i < collocation_nodes; ++i) {
        const double variance = diffusion_.variance(place_in(left, right, node[i]));
        made.log_density[i] = phi + half * dot(integral[i], slope) - std::log(variance) - peak_;
        made.share[i] = std::exp(made.log_density[i]) * weight[i] * half;
        made.mass += made.share[i];
    }
    return made;
}

// Appends the panels between two places, and gives phi at the far one, whose density is the smaller: so that phi, which
// may be very negative there, has its digits where the law is.
double DiffusionLaw::refine(double near, double far, double phi, int depth) {
    const double left = std::min(near, far), right = std::max(near, far), sign = near < far ? 1 : -1;
    const double end = phi + sign * rise(left, right, 0);
    const auto made = panel(left, right, near < far ? phi : end);
    require(std::isfinite(made.mass), "the drift or the noise is not finite where a stationary law lies");
    require(panels_.size() < most_panels, "the density of a stationary law is not resolved");
    const double top = largest(made.log_density);
    const double at_ends =
        std::max(phi - std::log(diffusion_.variance(near)), end - std::log(diffusion_.variance(far))) - peak_;
    if (std::max(top, at_ends) + std::log(right - left) < floor_)
        return phi + sign * rise(left, right, few_halvings);
    NodeValues density;
    for (std::size_t i = 0; i < collocation_nodes; ++i) density[i] = std::exp(made.log_density[i] - top);
    const double noise = 1e-15 * (std::abs(phi) + std::abs(end)), middle = left + (right - left) / 2;
    if (depth == 0 || (roughness(density) <= resolved + noise && at_ends <= top + 6)) {
        panels_.push_back(made);
        return end;
    }
    return refine(middle, far, refine(near, middle, phi, depth - 1), depth - 1);
}

DiffusionLaw::Tail DiffusionLaw::tail(std::size_t outer, std::size_t inner, double end) const {
    const bool outermost = outer == 0 || outer + 1 == places_.size(), ends = std::isfinite(end);
    Tail made;
    made.place = places_[outer];
    made.infinite = !ends && outermost;
    made.distance = std::abs(ends ? made.place - end : made.place);
    const double farther = std::abs(ends ? places_[inner] - end : places_[inner]);
    made.power = (log_[outer] - log_[inner]) / std::log(made.distance / farther);
    made.log_density = log_[outer] - peak_;
    if (!outermost || made.log_density + std::log(made.distance) < floor_) return made;
    const double room = made.infinite ? -made.power - 1 : made.power + 1;
    if (!(room > 1e-9))
        throw std::domain_error(!ends      ? end > 0 ? "probability runs away to infinity"
                                                     : "probability runs away to -infinity"
                                : end == 0 ? "probability gathers at x = 0"
                                           : "probability gathers at an end of the stretch");
    made.mass = std::exp(made.log_density) * made.distance / room;
    return made;
}

DiffusionLaw::DiffusionLaw(Diffusion diffusion, const Stretch& stretch, const std::vector<double>& marks)
    : diffusion_(std::move(diffusion)), stretch_(stretch) {
    const auto places = places_in(stretch, marks);
    require(places.size() > 4, "the stretch is too short for a stationary law");
    const auto seed = std::find_if(marks.begin(), marks.end(), [&](double x) { return stretch.contains(x); });
    const double from = seed != marks.end() ? *seed : places[places.size() / 2];
    const auto start = std::lower_bound(places.begin(), places.end(), from) - places.begin();
    follow(places, std::min(static_cast<std::size_t>(start), places.size() - 1));
    require(last_ > first_ + 1, "the drift or the noise is not finite around a stationary law");
    low_ = tail(first_, first_ + 1, stretch.low);
    high_ = tail(last_, last_ - 1, stretch.high);
    for (std::size_t i = first_; i < last_; ++i) {
        const bool from_left = log_[i] >= log_[i + 1];
        const std::size_t near = from_left ? i : i + 1, far = from_left ? i + 1 : i;
        refine(places[near], places[far], phi_[near], most_halvings);
    }
    std::sort(panels_.begin(), panels_.end(), [](const Panel& a, const Panel& b) { return a.left < b.left; });
    total_ = low_.mass;
    for (const auto& one : panels_) {
        below_.push_back(total_);
        total_ += one.mass;
    }
    total_ += high_.mass;
}

const DiffusionLaw::Panel* DiffusionLaw::panel_at(double x) const {
    const auto next = std::upper_bound(panels_.begin(), panels_.end(), x,
                                       [](double at, const Panel& one) { return at < one.left; });
    if (next == panels_.begin() || x > std::prev(next)->right) return nullptr;
    return &*std::prev(next);
}

// Not divided by the total, and relative to the peak.
double DiffusionLaw::log_density(double x) const {
    if (const auto* found = panel_at(x))
        return found->phi + rise(found->left, x, 0) - std::log(diffusion_.variance(x)) - peak_;
    for (const auto* tail : {&low_, &high_})
        if (tail->mass > 0 && stretch_.contains(x) &&
            (tail == &low_ ? x <= places_[first_] : x >= places_[last_])) {
            const double end = tail == &low_ ? stretch_.low : stretch_.high;
            const double distance = std::abs(std::isinf(end) ? x : x - end);
            return tail->log_density + tail->power * std::log(distance / tail->distance);
        }
    return -infinity;
}

double DiffusionLaw::density(double x) const { return std::exp(log_density(x)) / total_; }

double DiffusionLaw::cdf(double x) const {
    if (!(x > stretch_.low)) return 0;
    if (!(x < stretch_.high)) return 1;
    // The share of a tail that lies beyond x.
    const auto beyond = [&](const Tail& tail, double end) {
        const double ratio = std::abs(tail.infinite ? x : x - end) / tail.distance;
        return tail.mass * std::pow(ratio, tail.power + 1) / total_;
    };
    if (x <= places_[first_]) return low_.mass > 0 ? beyond(low_, stretch_.low) : 0;
    if (x >= places_[last_]) return high_.mass > 0 ? 1 - beyond(high_, stretch_.high) : 1;
    if (const auto* found = panel_at(x)) {
        const auto number = static_cast<std::size_t>(found - panels_.data());
        return (below_[number] + (x > found->left ? panel(found->left, x, found->phi).mass : 0)) / total_;
    }
    const auto next = std::upper_bound(panels_.begin(), panels_.end(), x,
                                       [](double at, const Panel& one) { return at < one.left; });
    return next == panels_.end() ? 1 - high_.mass / total_
                                 : below_[static_cast<std::size_t>(next - panels_.begin())] / total_;
}

double DiffusionLaw::quantile(double p) const {
    require(p > 0 && p < 1, "quantile of a probability outside (0, 1)");
    const auto in_tail = [&](const Tail& tail, double end, double mass) {
        const double distance = tail.distance * std::pow(mass / tail.mass, 1 / (tail.power + 1));
        const double sign = tail.place > (tail.infinite ? 0 : end) ? 1 : -1;
        return (tail.infinite ? 0 : end) + sign * distance;
    };
    const double mass = p * total_;
    if (mass < low_.mass) return in_tail(low_, stretch_.low, mass);
    if (total_ - mass < high_.mass) return in_tail(high_, stretch_.high, total_ - mass);
    const auto next = std::upper_bound(below_.begin(), below_.end(), mass);
    const auto& found =
        panels_[static_cast<std::size_t>(std::max<std::ptrdiff_t>(next - below_.begin(), 1) - 1)];
    const double rest = mass - below_[static_cast<std::size_t>(&found - panels_.data())];
    if (rest >= found.mass) return found.right;
    const auto excess = [&](double x) {
        return (x > found.left ? panel(found.left, x, found.phi).mass : 0) - rest;
    };
    std::uintmax_t rounds = 200;
    const auto [left, right] =
        boost::math::tools::toms748_solve(excess, found.left, found.right, -rest, found.mass - rest,
                                          boost::math::tools::eps_tolerance<double>(50), rounds);
    return left + (right - left) / 2;
}

double DiffusionLaw::mode() const {
    std::size_t best = 0;
    for (std::size_t i = 0; i < panels_.size(); ++i)
        if (largest(panels_[i].log_density) > largest(panels_[best].log_density)) best = i;
    const double top = largest(panels_[best].log_density);
    // The density grows, or stays, all the way to an end.
    const auto is_highest = [top](const Tail& tail) {
        return tail.mass > 0 && !tail.infinite && tail.power < 1e-9 && tail.log_density >= top - 1e-9;
    };
    if (is_highest(low_)) return stretch_.low;
    if (is_highest(high_)) return stretch_.high;
    const double left = panels_[best > 0 ? best - 1 : best].left,
                 right = panels_[std::min(best + 1, panels_.size() - 1)].right;
    const auto fall = [this](double x) { return -log_density(x); };
    return boost::math::tools::brent_find_minima(fall, left, right, 40).first;
}

double DiffusionLaw::mean(const std::function<double(double)>& f) const {
    const auto& [node, weight, integral] = collocation();
    double sum = 0;
    for (const auto* tail : {&low_, &high_})
        if (tail->mass > 0) sum += tail->mass * f(tail->place);
    for (const auto& one : panels_)
        for (std::size_t i = 0; i < collocation_nodes; ++i)
            sum += one.share[i] * f(place_in(one.left, one.right, node[i]));
    return sum / total_;
}

// int x^k times the density over a tail; near a finite end x is the end.
double DiffusionLaw::moment_of(const Tail& tail, int k) const {
    if (tail.infinite && -tail.power - 1 <= k + 1e-6)
        return tail.place < 0 && k % 2 != 0 ? -infinity : infinity;
    if (tail.mass == 0) return 0;
    const double room = -tail.power - 1;
    return tail.mass * std::pow(tail.place, k) * (tail.infinite ? room / (room - k) : 1);
}

double DiffusionLaw::moment(int k) const {
    const auto& [node, weight, integral] = collocation();
    double sum = moment_of(low_, k) + moment_of(high_, k);
    for (const auto& one : panels_)
        for (std::size_t i = 0; i < collocation_nodes; ++i)
            sum += one.share[i] * std::pow(place_in(one.left, one.right, node[i]), k);
    return sum / total_;
}

// int log|x| over a power law: log of the place, and the mean of the logarithm of what lies beyond it.
double DiffusionLaw::mean_log_abs() const {
    const double sum = mean([](double x) { return std::log(std::abs(x)); });
    double beyond = 0;
    for (const auto* tail : {&low_, &high_}) {
        const bool at_zero = !tail->infinite && (tail == &low_ ? stretch_.low : stretch_.high) == 0;
        if (tail->mass > 0 && (tail->infinite || at_zero)) beyond -= tail->mass / (tail->power + 1);
    }
    return sum + beyond / total_;
}

double DiffusionLaw::tail_index() const {
    double index = infinity;
    for (const auto* tail : {&low_, &high_})
        if (tail->infinite && tail->power > -1000) index = std::min(index, -tail->power - 1);
    return index;
}

}  // namespace noisetrap
