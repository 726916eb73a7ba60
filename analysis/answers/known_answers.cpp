#include "analysis/answers/known_answers.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace noisetrap {
namespace {

/// What a quantity is asked at.
enum class Argument { nothing, probability, place, time, radius };

/// How a quantity is listed; others are not. {} stands for the argument in a name, and for "time" or "step" in a unit.
struct Listing {
    Quantity quantity;
    const char *name, *unit;
    Argument argument = Argument::nothing;
};
constexpr Listing listings[] = {
    {Quantity::growth, "growth rate", "1/{}"},
    {Quantity::long_run_growth, "growth rate", "1/{}"},
    {Quantity::growth_at_origin, "growth rate at the origin", "1/{}"},
    {Quantity::mean_square_factor, "mean-square factor", "1/step"},
    {Quantity::window_lower, "trap window in sigma, lower edge", "1/step"},
    {Quantity::window_upper, "trap window in sigma, upper edge", "1/step"},
    {Quantity::threshold, "threshold of zeta", "1/sqrt(time)"},
    {Quantity::tail_index, "tail exponent", "-"},
    {Quantity::mode, "stationary mode", "length"},
    {Quantity::mean_square_size, "stationary E x^2", "length^2"},
    {Quantity::mean_log_abs, "stationary E log|x|", "log length"},
    {Quantity::quantile, "stationary {} quantile", "length", Argument::probability},
    {Quantity::cdf, "stationary P(X <= {})", "-", Argument::place},
    {Quantity::density, "stationary density at {}", "1/length", Argument::place},
    {Quantity::size_quantile, "stationary {} quantile of |X|", "length", Argument::probability},
    {Quantity::size_cdf, "stationary P(|X| <= {})", "-", Argument::place},
    {Quantity::mean, "E x{}", "length", Argument::time},
    {Quantity::variance, "Var x{}", "length^2", Argument::time},
    {Quantity::exit_time, "mean exit time from |x| < {}", "time", Argument::radius}};

struct Listed {
    const Answer* answer;
    const Listing* how;
};

std::vector<Listed> listed_answers(const CatalogueEntry& entry) {
    std::vector<Listed> listed;
    for (const auto* answer : answers_of(entry))
        for (const auto& how : listings)
            if (answer->listed && how.quantity == answer->quantity) listed.push_back({answer, &how});
    return listed;
}

std::vector<double> places_of(Argument argument, const Config& config) {
    const auto& observe = config.simulation.observe;
    const bool watched = observe.exit != ExitWatch::none;
    switch (argument) {
        case Argument::nothing:
            return {0};
        case Argument::probability:
            return config.quantiles;
        case Argument::place:
            return config.cdf_at;
        case Argument::time:
            return config.times;
        case Argument::radius:
            break;
    }
    return watched ? std::vector{observe.exit_radius} : std::vector<double>{};
}

bool is_sde(const Simulation& s) { return s.entry->formulation == Formulation::sde; }

std::string text_of(Argument argument, double place, bool sde) {
    if (argument != Argument::time) return fmt::format("{}", place);
    return fmt::format(fmt::runtime(sde ? " at t = {}" : "[{}]"), place);
}

/// An SDE is run by a scheme, and a recursion has an SDE.
std::string suffix_of(Of of, const Simulation& s) {
    if (of == Of::gaussian_batch) return ", Gaussian batch";
    if (of == Of::scheme && is_sde(s)) return fmt::format(" of {} at dt = {}", s.entry->method, s.dt);
    return of == Of::scheme || is_sde(s) ? "" : ", small-step limit";
}

KnownAnswer known_answer(const Listed& listed, const Simulation& s, double place) {
    const auto& [answer, how] = listed;
    const Question question{s, 0, how->argument == Argument::time ? place : 0, place};
    const auto name = fmt::format(fmt::runtime(how->name), text_of(how->argument, place, is_sde(s)));
    const double value = value_of(*answer, question);
    return {name + suffix_of(answer->of, s), value,
            fmt::format(fmt::runtime(how->unit), is_sde(s) ? "time" : "step"),
            std::isnan(value) ? "" : answer->formula.text(question)};
}

}  // namespace

/// Neighbouring answers that are asked at the same places go through these together.
std::vector<KnownAnswer> known_answers(const Config& config) {
    std::vector<KnownAnswer> known;
    const auto listed = listed_answers(*config.simulation.entry);
    for (auto first = listed.begin(), next = first; first != listed.end(); first = next) {
        const auto argument = first->how->argument;
        next =
            std::find_if(first, listed.end(), [&](const Listed& l) { return l.how->argument != argument; });
        for (const double place : places_of(argument, config))
            for (auto one = first; one != next; ++one)
                known.push_back(known_answer(*one, config.simulation, place));
    }
    std::erase_if(known, [](const KnownAnswer& answer) { return std::isnan(answer.value); });
    return known;
}

}  // namespace noisetrap
