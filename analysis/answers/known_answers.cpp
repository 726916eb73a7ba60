#include "analysis/answers/known_answers.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace noisetrap {
namespace {

/// What a quantity is asked at. A law on its way is asked at a time too.
enum class Argument { nothing, probability, place, time, radius, probability_then, place_then, radius_then };

/// Which rows of a quantity a name is for.
enum class Rows { all, stationary, others };

/// How a quantity is listed; others are not. {} stands for the argument in a name, and for "time" or "step" in a unit.
struct Listing {
    Quantity quantity;
    const char *name, *unit;
    Argument argument = Argument::nothing;
    Rows rows = Rows::all;
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
    {Quantity::relaxation, "rate of relaxation", "1/{}"},
    {Quantity::mode, "stationary mode", "length"},
    {Quantity::mean_square_size, "stationary E x^2", "length^2"},
    {Quantity::mean_log_abs, "stationary E log|x|", "log length"},
    {Quantity::mean, "stationary mean", "length", Argument::nothing, Rows::stationary},
    {Quantity::variance, "stationary variance", "length^2", Argument::nothing, Rows::stationary},
    {Quantity::quantile, "stationary {} quantile", "length", Argument::probability, Rows::stationary},
    {Quantity::cdf, "stationary P(X <= {})", "-", Argument::place, Rows::stationary},
    {Quantity::density, "stationary density at {}", "1/length", Argument::place},
    {Quantity::size_quantile, "stationary {} quantile of |X|", "length", Argument::probability},
    {Quantity::size_cdf, "stationary P(|X| <= {})", "-", Argument::place},
    {Quantity::mean, "E x{}", "length", Argument::time, Rows::others},
    {Quantity::variance, "Var x{}", "length^2", Argument::time, Rows::others},
    {Quantity::quantile, "{} quantile", "length", Argument::probability_then, Rows::others},
    {Quantity::cdf, "P(X <= {})", "-", Argument::place_then, Rows::others},
    {Quantity::exit_time, "mean exit time from |x| < {}", "time", Argument::radius},
    {Quantity::exit_variance, "variance of the exit time from |x| < {}", "time^2", Argument::radius},
    {Quantity::exit_upper, "odds to leave |x| < {} upwards", "-", Argument::radius},
    {Quantity::exit_rate, "rate of late exits from |x| < {}", "1/{}", Argument::radius},
    {Quantity::survival, "P(no exit from |x| < {})", "-", Argument::radius_then}};

struct Listed {
    const Answer* answer;
    const Listing* how;
};

bool is_for(const Listing& how, const Answer& answer) {
    return how.quantity == answer.quantity &&
           (how.rows == Rows::all || (how.rows == Rows::stationary) == (answer.of == Of::stationary));
}

std::vector<Listed> listed_answers(const CatalogueEntry& entry) {
    std::vector<Listed> listed;
    for (const auto* answer : answers_of(entry))
        for (const auto& how : listings)
            if (answer->listed && is_for(how, *answer)) listed.push_back({answer, &how});
    return listed;
}

bool is_timed(Argument argument) {
    return argument == Argument::time || argument == Argument::probability_then ||
           argument == Argument::place_then || argument == Argument::radius_then;
}

struct Place {
    double t = 0, at = 0;
};

std::vector<Place> places_of(Argument argument, const Config& config) {
    const auto& observe = config.simulation.observe;
    std::vector<double> at = {0};
    if (argument == Argument::probability || argument == Argument::probability_then) at = config.quantiles;
    if (argument == Argument::place || argument == Argument::place_then) at = config.cdf_at;
    if (argument == Argument::radius || argument == Argument::radius_then)
        at = observe.exit != ExitWatch::none ? std::vector{observe.exit_radius} : std::vector<double>{};
    std::vector<Place> places;
    for (const double t : is_timed(argument) ? config.times : std::vector<double>{0})
        for (const double x : at) places.push_back({t, x});
    return places;
}

bool is_sde(const Simulation& s) { return s.entry->formulation == Formulation::sde; }

std::string name_of(const Listing& how, const Place& place, bool sde) {
    const auto then = fmt::format(fmt::runtime(sde ? " at t = {}" : "[{}]"), place.t);
    if (how.argument == Argument::time) return fmt::format(fmt::runtime(how.name), then);
    return fmt::format(fmt::runtime(how.name), place.at) + (is_timed(how.argument) ? then : "");
}

/// An SDE is run by a scheme, and a recursion has an SDE.
std::string suffix_of(Of of, const Simulation& s) {
    if (of == Of::gaussian_batch) return ", Gaussian batch";
    if (of == Of::scheme && is_sde(s)) return fmt::format(" of {} at dt = {}", s.entry->method, s.dt);
    return of == Of::scheme || is_sde(s) ? "" : ", small-step limit";
}

KnownAnswer known_answer(const Listed& listed, const Simulation& s, const Place& place) {
    const auto& [answer, how] = listed;
    const Question question{s, 0, place.t, place.at};
    const auto name = name_of(*how, place, is_sde(s));
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
        for (const auto& place : places_of(argument, config))
            for (auto one = first; one != next; ++one)
                known.push_back(known_answer(*one, config.simulation, place));
    }
    std::erase_if(known, [](const KnownAnswer& answer) { return std::isnan(answer.value); });
    return known;
}

}  // namespace noisetrap
