#include "analysis/critical/plateaus.hpp"

#include <cmath>

namespace noisetrap {
namespace {

constexpr double shortest = 1.0 / 50, slow = 1.0 / 4, settled = 1.0 / 10;

/// The fall a step between checkpoints about `width` steps apart, around the stretch from checkpoint k to the next.
double fall_around(const std::vector<double>& steps, const std::vector<double>& losses, std::size_t k,
                   double width) {
    const double middle = (steps[k] + steps[k + 1]) / 2;
    std::size_t from = k, to = k + 1;
    while (from > 0 && middle - steps[from - 1] <= width / 2) --from;
    while (to + 1 < steps.size() && steps[to + 1] - middle <= width / 2) ++to;
    return (losses[from] - losses[to]) / (steps[to] - steps[from]);
}

/// The first checkpoint from which on losses are those of the end.
std::size_t begin_of_end(const std::vector<double>& losses) {
    const double most = settled * (losses.front() - losses.back());
    std::size_t k = losses.size() - 1;
    while (k > 0 && std::abs(losses[k - 1] - losses.back()) < most) --k;
    return k;
}

}  // namespace

std::vector<Plateau> plateaus_of(const std::vector<double>& steps, const std::vector<double>& losses) {
    std::vector<Plateau> found;
    if (steps.size() < 2 || !(losses.front() > losses.back())) return found;
    const double least = shortest * (steps.back() - steps.front());
    const std::size_t end = begin_of_end(losses);
    const double mean = (losses.front() - losses[end]) / (steps[end] - steps.front());
    for (std::size_t k = 0; k < end;) {
        std::size_t last = k;
        while (last < end && fall_around(steps, losses, last, least / 2) < slow * mean) ++last;
        const bool is_above = losses[last] - losses.back() >= settled * (losses.front() - losses.back());
        if (last > k && is_above && steps[last] - steps[k] >= least) found.push_back({k, last, false});
        k = last + 1;
    }
    if (end + 1 < steps.size() && steps.back() - steps[end] >= least)
        found.push_back({end, steps.size() - 1, true});
    return found;
}

}  // namespace noisetrap
