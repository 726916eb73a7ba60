// The stationary law of an SDE on the stretch of the line where its paths are in the end.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/answers/equations/functions.hpp"
#include "analysis/answers/equations/rows.hpp"
#include "analysis/answers/kept.hpp"
#include "analysis/growth/roots.hpp"

namespace noisetrap::equations {
namespace {

/// Where the noise vanishes the drift carries paths over into the next stretch, or back.
std::optional<Stretch> home_of(const Diffusion& diffusion, const std::vector<Stretch>& stretches, double x0) {
    auto here = std::find_if(stretches.begin(), stretches.end(), [&](auto& s) { return s.contains(x0); });
    for (std::size_t moves = 0; here != stretches.end() && moves < stretches.size(); ++moves) {
        const bool down = std::isfinite(here->low) && diffusion.drift(here->low) < 0,
                   up = std::isfinite(here->high) && diffusion.drift(here->high) > 0;
        if (!down && !up) return *here;
        if (down && up) return std::nullopt;
        const double end = down ? here->low : here->high;
        here = std::find_if(stretches.begin(), stretches.end(),
                            [&](auto& s) { return (down ? s.high : s.low) == end; });
    }
    return std::nullopt;
}

Home found_home(const Question& q) {
    const auto functions = functions_of(q);
    const auto diffusion = diffusion_of(functions);
    const auto stretches = stretches_of(functions, diffusion);
    if (!q.starts_at_a_point() && stretches.size() != 1)
        return {std::nullopt, nullptr, "paths start on several stretches between places without noise"};
    const auto stretch =
        q.starts_at_a_point() ? home_of(diffusion, stretches, q.run.x0) : std::optional(stretches.front());
    if (!stretch)
        return {std::nullopt, nullptr, fmt::format("paths from {} find no stretch with noise", q.run.x0)};
    try {
        return {stretch, std::make_shared<const DiffusionLaw>(diffusion, *stretch,
                                                              roots_on_the_line(diffusion.drift))};
    } catch (const std::domain_error& error) {
        return {stretch, nullptr, error.what()};
    }
}

const DiffusionLaw& stationary(const Question& q) {
    const auto& found = home(q);
    if (!found.law) throw std::domain_error(found.why);
    return *found.law;
}
using OfLaw = double (*)(const DiffusionLaw&, const Question&);
Value on_law(OfLaw value) {
    return [=](const Question& q) { return value(stationary(q), q); };
}

double stationary_variance(const DiffusionLaw& law, const Question&) {
    const double mean = law.moment(1), square = law.moment(2);
    return std::isfinite(mean) ? square - mean * mean : std::isinf(square) ? square : unknown;
}
double finite_tail(const DiffusionLaw& law, const Question&) {
    const double index = law.tail_index();
    return std::isfinite(index) ? index : unknown;
}
/// E(f' - sum g'^2/2), the mean rate of log|dx(t)/dx(0)| (Ito).
double flow_growth(const DiffusionLaw& law, const Question& q) {
    const auto functions = functions_of(q);
    return law.mean([&](double x) {
        double rate = functions.drift(x).slope;
        for (const auto& amplitude : functions.amplitudes) {
            const double slope = amplitude(x).slope;
            rate -= slope * slope / 2;
        }
        return rate;
    });
}

}  // namespace

const Home& home(const Question& q) {
    return kept<Home>(key_of(q), [&] { return found_home(q); });
}

Answers stationary_rows() {
    using enum Quantity;
    constexpr const char* law = "density exp(int 2 f/g^2)/g^2 (Karlin and Taylor 1981)";
    const auto from_law = [=](Quantity quantity, OfLaw value) {
        return Answer{every_method, quantity, Of::stationary, law, on_law(value), true, For::runs};
    };
    return {from_law(tail_index, finite_tail),
            from_law(mode, [](const DiffusionLaw& l, const Question&) { return l.mode(); }),
            from_law(mean, [](const DiffusionLaw& l, const Question&) { return l.moment(1); }),
            from_law(variance, stationary_variance),
            from_law(mean_log_abs, [](const DiffusionLaw& l, const Question&) { return l.mean_log_abs(); }),
            from_law(quantile, [](const DiffusionLaw& l, const Question& q) { return l.quantile(q.at); }),
            from_law(cdf, [](const DiffusionLaw& l, const Question& q) { return l.cdf(q.at); }),
            from_law(density, [](const DiffusionLaw& l, const Question& q) { return l.density(q.at); })};
}

Answers flow_rows() {
    return {{every_method, Quantity::long_run_growth, Of::sde, "E(f' - sum g'^2/2), of dx(t)/dx(0)",
             on_law(flow_growth), true, For::runs}};
}

}  // namespace noisetrap::equations
