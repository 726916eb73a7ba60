#include "analysis/growth/random_factor.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>

#include "analysis/growth/growth.hpp"
#include "analysis/require.hpp"

namespace noisetrap {
namespace {

// Two-point noises first, a Gaussian one last: the innermost mean is then as smooth as can be.
bool is_before(const RandomFactor::Noise& one, const RandomFactor::Noise& other) {
    const auto rank = [](Law law) { return law == Law::two_point ? 0 : law == Law::uniform ? 1 : 2; };
    return rank(one.law) < rank(other.law);
}

double mean_log_abs_from(const RandomFactor& factor, std::size_t first, double mean) {
    const auto& [law, deviation] = factor.noises[first];
    if (first + 1 == factor.noises.size()) return mean_log_abs(law, mean, deviation);
    const auto rest = [&](double z) { return mean_log_abs_from(factor, first + 1, mean + deviation * z); };
    if (law == Law::two_point) return (rest(1) + rest(-1)) / 2;
    const double end = std::numbers::sqrt3;
    return boost::math::quadrature::gauss_kronrod<double, 31>::integrate(rest, -end, end, 12, 1e-10) /
           (2 * end);
}

}  // namespace

RandomFactor RandomFactor::reduced() const {
    RandomFactor factor{mean, {}};
    double square = 0;
    for (const auto& noise : noises)
        if (noise.law == Law::gaussian)
            square += noise.deviation * noise.deviation;
        else if (noise.deviation != 0 && noise.law != Law::none)
            factor.noises.push_back(noise);
    if (square > 0 || factor.noises.empty()) factor.noises.push_back({Law::gaussian, std::sqrt(square)});
    std::stable_sort(factor.noises.begin(), factor.noises.end(), is_before);
    return factor;
}

double RandomFactor::deviation() const {
    double square = 0;
    for (const auto& noise : noises) square += noise.deviation * noise.deviation;
    return std::sqrt(square);
}

double mean_log_abs(const RandomFactor& factor) {
    const auto reduced = factor.reduced();
    const auto count = [&](Law law) {
        return std::count_if(reduced.noises.begin(), reduced.noises.end(),
                             [law](const auto& noise) { return noise.law == law; });
    };
    require(count(Law::two_point) <= 12 && count(Law::uniform) <= 2,
            "a factor with so many noises is not integrated");
    return mean_log_abs_from(reduced, 0, reduced.mean);
}

double tail_index(const RandomFactor& factor) {
    const auto reduced = factor.reduced();
    require(reduced.noises.size() == 1, "the tail index is known of a factor with noise of one law alone");
    return tail_index(reduced.noises[0].law, reduced.mean, reduced.noises[0].deviation);
}

}  // namespace noisetrap
