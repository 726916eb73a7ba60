#include "analysis/growth/random_factor.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>

#include "analysis/growth/growth.hpp"
#include "analysis/growth/heavy_laws.hpp"
#include "analysis/require.hpp"

namespace noisetrap {
namespace {

// Noises of few values first, those with a smooth density last: the innermost mean is then as smooth as can be.
int rank(const RandomFactor::Noise& noise) {
    const Law law = noise.law.law;
    return law == Law::two_point ? 0 : law == Law::jumps ? 1 : law == Law::uniform ? 2 : 3;
}

// Over numbers of jumps, until what is left of their odds is nothing.
template <class Rest>
double mean_over_jumps(double mean, Rest rest) {
    double odds = std::exp(-mean), left = 1, sum = 0;
    for (int n = 0; left > 1e-17 && n < 200; ++n) {
        sum += odds * rest(n);
        left -= odds;
        odds *= mean / (n + 1);
        if (n > mean && odds < 1e-17) break;
    }
    return sum;
}

double mean_log_abs_from(const RandomFactor& factor, std::size_t first, double mean) {
    const auto& law = factor.noises[first].law;
    const double deviation = factor.noises[first].deviation;
    const bool last = first + 1 == factor.noises.size();
    if (last && law.law != Law::jumps) return mean_log_abs(law, mean, deviation);
    const auto rest = [&](double z) {
        const double here = mean + deviation * z;
        return last ? std::log(std::abs(here)) : mean_log_abs_from(factor, first + 1, here);
    };
    if (law.law == Law::two_point) return (rest(1) + rest(-1)) / 2;
    if (law.law == Law::jumps) return mean_over_jumps(law.shape, rest);
    if (law.law != Law::uniform)
        return mean_log_abs_of(
            {factor.noises.begin() + static_cast<std::ptrdiff_t>(first), factor.noises.end()}, mean);
    const double end = std::numbers::sqrt3;
    return boost::math::quadrature::gauss_kronrod<double, 31>::integrate(rest, -end, end, 12, 1e-10) /
           (2 * end);
}

}  // namespace

RandomFactor RandomFactor::reduced() const {
    RandomFactor factor{mean, {}};
    double square = 0;
    for (const auto& noise : noises)
        if (noise.law.law == Law::gaussian)
            square += noise.deviation * noise.deviation;
        else if (noise.deviation != 0 && noise.law.law != Law::none)
            factor.noises.push_back(noise);
    if (square > 0 || factor.noises.empty()) factor.noises.push_back({Law::gaussian, std::sqrt(square)});
    std::stable_sort(factor.noises.begin(), factor.noises.end(),
                     [](const Noise& one, const Noise& other) { return rank(one) < rank(other); });
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
                             [law](const auto& noise) { return noise.law.law == law; });
    };
    require(count(Law::two_point) <= 12 && count(Law::uniform) <= 2 && count(Law::jumps) <= 2,
            "a factor with so many noises is not integrated");
    return mean_log_abs_from(reduced, 0, reduced.mean);
}

double tail_index(const RandomFactor& factor) {
    const auto reduced = factor.reduced();
    require(reduced.noises.size() == 1, "the tail index is known of a factor with noise of one law alone");
    return tail_index(reduced.noises[0].law, reduced.mean, reduced.noises[0].deviation);
}

}  // namespace noisetrap
