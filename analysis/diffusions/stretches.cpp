#include "analysis/diffusions/stretches.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/growth/roots.hpp"

namespace noisetrap {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool is_noisy(const Diffusion& diffusion, double x) {
    const double variance = diffusion.variance(x);
    return std::isfinite(variance) && variance > 0 && std::isfinite(diffusion.drift(x));
}

// Where noise begins or ends between two places: the last place without it.
double border(const Diffusion& diffusion, double low, double high) {
    const bool at_low = is_noisy(diffusion, low);
    for (int i = 0; i < 2000; ++i) {
        const double middle = low + (high - low) / 2;
        if (!(low < middle && middle < high)) break;
        (is_noisy(diffusion, middle) == at_low ? low : high) = middle;
    }
    return at_low ? high : low;
}

// All amplitudes vanish, but for rounding.
bool is_quiet(const Diffusion& diffusion, double root) {
    const double away = 1e-3 * std::max(std::abs(root), 1e-12);
    const double around = std::max(diffusion.variance(root - away), diffusion.variance(root + away));
    return diffusion.variance(root) <= 1e-20 * around;
}

}  // namespace

std::vector<Stretch> noisy_stretches(const Diffusion& diffusion,
                                     const std::vector<std::function<double(double)>>& amplitudes) {
    std::vector<double> cuts;
    for (const double root : roots_on_the_line(amplitudes.front()))
        if (is_quiet(diffusion, root)) cuts.push_back(root);
    std::vector<double> places = places_on_the_line(15, 32);
    places.insert(places.end(), cuts.begin(), cuts.end());
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    const auto noisy = [&](double x) {
        return is_noisy(diffusion, x) && !std::binary_search(cuts.begin(), cuts.end(), x);
    };
    std::vector<Stretch> found;
    bool inside = noisy(places.front());
    double low = -infinity;
    for (std::size_t i = 1; i < places.size(); ++i) {
        const bool next = noisy(places[i]);
        if (next == inside) continue;
        const bool cut = std::binary_search(cuts.begin(), cuts.end(), next ? places[i - 1] : places[i]);
        const double place =
            cut ? (next ? places[i - 1] : places[i]) : border(diffusion, places[i - 1], places[i]);
        if (next) low = place;
        if (!next) found.push_back({low, place});
        inside = next;
    }
    if (inside) found.push_back({low, infinity});
    return found;
}

}  // namespace noisetrap
